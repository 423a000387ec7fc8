import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcelproof.carriers.text import LONGEST, read_text
from parcelproof.dataset.tables import STAGES

FIXTURES = Path(__file__).parent / "fixtures"
LABELS = {
    "collected": {"collected"},
    "arrived": {"hub_in", "outlet_in"},
    "departed": {"hub_out"},
    "out_for_delivery": {"out_for_delivery"},
    "signed": {"delivered"},
    "at_station": {"pickup_ready"},
    "taken_back": {"attempt_failed"},
}
"""The labels of the public phrases, and the stages that say the same."""


def rows(path: str) -> list[dict[str, str]]:
    with (FIXTURES / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("cn_scan_phrases/phrases.csv"), ids=lambda row: row["text"][:30])
def test_a_public_phrase_reads_as_it_is_labelled(row: dict[str, str]) -> None:
    reading = read_text(row["text"])
    assert reading.stage in LABELS[row["stage"]]
    assert (reading.place or "", reading.next_place or "") == (row["site"], row["next_site"])
    assert (reading.physical, reading.signer_kind or "") == (row["physical"] == "1", row["signed_by"])


@pytest.mark.parametrize("row", rows("sentences.csv"), ids=lambda row: row["text"][:30])
def test_a_carriers_sentence_reads_as_a_person_reads_it(row: dict[str, str]) -> None:
    reading = read_text(row["text"])
    found = (reading.stage, reading.place, reading.next_place, "1" if reading.physical else "0", reading.signer_kind)
    assert tuple(cell or "" for cell in found) == (row["stage"], row["place"], row["next_place"], row["physical"], row["signer"])


@pytest.mark.parametrize("row", rows("english.csv"), ids=lambda row: row["text"][:30])
def test_an_english_sentence_reads_as_a_person_reads_it(row: dict[str, str]) -> None:
    assert (read_text(row["text"]).stage or "") == row["stage"]


@pytest.mark.parametrize(
    "words",
    ["could not be {}", "was not {}", "wasn't {}", "has not yet been {}", "unable to be {}", "not {}", "will be {} tomorrow", "is to be {}", "cannot be {}"],
)
def test_what_was_not_delivered_in_english_is_never_delivered(words: str) -> None:
    assert read_text(f"Your parcel {words.format('delivered')}").stage != "delivered"


NEVER_SIGNED = [
    "无法签收",
    "未能签收",
    "不能签收",
    "签收失败",
    "拒签",
    "拒绝签收",
    "派送不成功",
    "未妥投",
    "签收异常",
    "暂未签收",
    "没有签收",
    "尚未签收",
]


@pytest.mark.parametrize("words", NEVER_SIGNED)
@pytest.mark.parametrize("frame", ["{}", "快件{}，原因：客户不在家", "【杭州市】收件人{}，请联系快递员（13800000000）", "您的快件{}。感谢使用圆通速递"])
def test_what_was_not_signed_is_never_delivered(words: str, frame: str) -> None:
    assert read_text(frame.format(words)).stage in ("attempt_failed", "returning")


@pytest.mark.parametrize("words", ["已签收", "快件已签收", "客户签收人: 本人 已签收", "已妥投", "投递并签收，签收人：本人"])
@pytest.mark.parametrize("frame", ["{}", "【杭州市】{}", "{}，如未签收请联系我们", "{}。若无法签收请致电95720", "{}，如需退回请联系网点"])
def test_advice_behind_a_signature_does_not_undo_it(words: str, frame: str) -> None:
    assert read_text(frame.format(words)).stage == "delivered"


@pytest.mark.parametrize("words", ["请您准备签收", "请准备签收", "等待签收", "预计今天签收"])
def test_a_signature_that_is_only_asked_for_is_on_the_round(words: str) -> None:
    assert read_text(f"正在派送途中,{words}(派件人:张三,电话:13800000000)").stage == "out_for_delivery"


def test_the_site_of_a_departure_is_the_first_one() -> None:
    reading = read_text("【苏州市】 快件离开 【苏州中转部】 已发往 【广州中心】")
    assert (reading.place, reading.next_place) == ("苏州市 苏州中转部", "广州中心")


def test_a_name_of_a_place_that_looks_like_advice_stays() -> None:
    assert read_text("如皋转运中心 已发出").place == "如皋转运中心"


def test_nested_and_open_brackets_are_read() -> None:
    assert read_text("快件已被【菜鸟的翠苑店【自提柜】】代收").place == "菜鸟的翠苑店【自提柜】"
    assert read_text("快件到达【杭州转运中心").stage == "hub_in"


def test_markup_and_full_width_digits_do_not_hide_the_words() -> None:
    assert read_text("快件&nbsp;到达<br>【杭州转运中心】").stage == "hub_in"
    assert read_text("【杭州】的张三（１３８００００００００）正在派件").stage == "out_for_delivery"


def test_what_says_nothing_gives_nothing() -> None:
    assert read_text("").stage is None
    assert read_text("谢谢惠顾").physical is False
    assert read_text("x" * (LONGEST * 50)).stage is None


@given(st.text(st.sampled_from("【】[]（）()已未签收派件到达离开发往代退回拦截:：，。、/-1３8 的市站公司&;<>\u200b\ud800")))
def test_no_text_brings_the_reader_down(text: str) -> None:
    reading = read_text(text)
    assert reading.stage is None or reading.stage in STAGES
    assert reading.place is None or 1 < len(reading.place.strip()) <= 90
