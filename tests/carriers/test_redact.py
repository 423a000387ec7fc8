import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcelproof.carriers.redact import hashed, redact

FIXTURES = Path(__file__).parent / "fixtures"
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}-{1,2}\d{7,8}")


def texts() -> list[str]:
    with (FIXTURES / "sentences.csv").open(encoding="utf-8", newline="") as file:
        sentences = [row["text"] for row in csv.DictReader(file)]
    with (FIXTURES / "cn_scan_phrases/phrases.csv").open(encoding="utf-8", newline="") as file:
        return sentences + [row["text"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("text", texts(), ids=lambda text: text[:30])
def test_no_phone_and_no_placeholder_name_is_left(text: str) -> None:
    kept = redact(text)
    assert not PHONE.search(kept)
    assert not re.search("张三|李四|王五", kept)
    assert redact(kept) == kept


@pytest.mark.parametrize(
    "phone",
    [
        "13800000000", "138 0000 0000", "138-0000-0000", "+86 13800000000", "１３８００００００００", "138****0000", "07**-55**234",
        "0311-85340000", "0530--17360000", "0311-85340000-843", "(0571)88880000", "057188880000", "138&nbsp;0000&nbsp;0000",
        "1380000000013900000000", "(555) 123-0000", "+1 555 123 0000", "13800000000转8039",
    ],
)  # fmt: skip
def test_a_phone_in_any_writing_is_taken_out(phone: str) -> None:
    kept = redact(f"【杭州】正在派件,电话:{phone},请保持畅通")
    assert kept == "【杭州】正在派件,电话:***,请保持畅通"


@pytest.mark.parametrize("number", ["95311", "95720", "400-888-1234", "4008111111", "11183"])
def test_a_hotline_stays(number: str) -> None:
    assert number in redact(f"如有疑问请致电{number}")


@pytest.mark.parametrize("number", ["YT7199652228745", "773014136444784", "805741929402797742", "SF1343865432107", "557020683421114"])
def test_a_waybill_number_stays(number: str) -> None:
    assert redact(f"运单{number}已揽收") == f"运单{number}已揽收"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("【长沙东站】（13800000000） 的 赵钱孙（13800000000） 已接单", "【长沙东站】（***） 的 *** （***） 已接单"),
        ("【余杭】的派件员【赵钱】正在派件", "【余杭】的派件员【***】正在派件"),
        ("快件交给赵钱，正在派送途中", "快件交给***，正在派送途中"),
        ("余杭-赵钱(13800000000)-派件中", "余杭-***(***)-派件中"),
        ("揽收任务已分配给赵钱孙", "揽收任务已分配给***"),
        ("已签收,签收人是:【赵钱】", "已签收,签收人是:【***】"),
        ("客户签收人: 赵钱 已签收", "客户签收人: *** 已签收"),
        ("快递员：孙师傅，电话：13800000000", "快递员：***，电话：***"),
        ("Delivered. Signed by: J SMITH", "Delivered. Signed by: ***"),
        ("请凭取件码8-2-1045到翠苑四区3号楼取件", "请凭取件码***到翠苑四区*号楼取件"),
        ("联系 someone@example.com", "联系 ***"),
    ],
)
def test_names_codes_and_houses_are_taken_out(text: str, kept: str) -> None:
    assert redact(text).replace(" ", "") == kept.replace(" ", "")


@pytest.mark.parametrize("signer", ["本人", "门卫", "前台", "家人", "菜鸟驿站", "邮件收发章", "他人代签", "物业"])
def test_the_kind_of_signer_stays(signer: str) -> None:
    assert redact(f"已签收,签收人是:【{signer}】") == f"已签收,签收人是:【{signer}】"


@pytest.mark.parametrize("site", ["苏州园区公司", "广州中心", "南村营业部", "深圳宝安区二部"])
def test_a_site_with_a_phone_keeps_its_name(site: str) -> None:
    assert site in redact(f"【{site}/网点电话18100000000】正在派件")
    assert site in redact(f"快件由{site}(0577-50000000)发往温州分拨中心")


def test_the_same_value_and_salt_give_the_same_hash_and_no_other() -> None:
    assert hashed("13800000000", b"a" * 32) == hashed("13800000000", b"a" * 32)
    assert len({hashed(value, salt) for value in ("13800000000", "13800000001", "\ud800") for salt in (b"a" * 32, b"b" * 32)}) == 6
    assert re.fullmatch("[0-9a-f]{32}", hashed("", b""))


@given(st.text(st.sampled_from("1380-*（）()【】的已派件员：:签收人张三正在/ 0Ａ１&;<>@\u200b\ud800")))
def test_reading_a_redacted_text_again_changes_nothing(text: str) -> None:
    kept = redact(text)
    assert not PHONE.search(kept)
    assert "\ud800" not in kept
