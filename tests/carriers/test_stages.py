import csv
from pathlib import Path

import pytest

from parcelproof.carriers import stages
from parcelproof.carriers.stages import judge, stage_of
from parcelproof.dataset.tables import STAGES

TABLES = sorted(stages.ROOM.glob("*.csv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_code_table_names_each_code_once_and_only_known_stages(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert found
    assert {row["stage"] for row in found} <= set(STAGES)
    assert len({row["code"].upper() for row in found}) == len(found)


def test_a_code_is_found_by_number_text_and_name() -> None:
    assert stage_of("kuaidi100", 101) == stage_of("kuaidi100", " 101 ") == stage_of("kuaidi100", "已下单") == "created"
    assert stage_of("kuaidi100", "0") == "other"
    assert stage_of("zto", "got") == "collected"


@pytest.mark.parametrize("code", [None, True, {}, [], "", "nonsense"])
def test_an_unknown_code_and_an_unknown_source_have_no_stage(code: object) -> None:
    assert stage_of("kuaidi100", code) is None
    assert stage_of("no such source", code) is None


@pytest.mark.parametrize(
    ("code", "text", "stage"),
    [
        ("1", "【长沙东站】 的 张三 已接单", "created"),
        ("103", "", "collected"),
        ("0", "您的快件正在派送中，请您准备签收", "out_for_delivery"),
        ("3", "快件未能签收", "attempt_failed"),
        ("3", "快件已由【菜鸟的翠苑店】代收", "pickup_ready"),
        ("304", "快件已签收", "pickup_ready"),
        ("304", "已签收,签收人凭取货码签收", "delivered"),
        ("304", "包裹已完成签收，签收方式：家门口", "delivered"),
        ("6", "快件到达【杭州转运中心】", "returning"),
        ("6", "已签收,签收人是:本人", "returned"),
        ("4", "", "returned"),
        ("1002", "谢谢", "hub_out"),
        ("999", "谢谢", "other"),
    ],
)
def test_words_settle_what_a_code_leaves_open(code: str, text: str, stage: str) -> None:
    assert judge("kuaidi100", code, text).stage == stage


def test_a_contradiction_is_told_and_a_finer_word_is_none() -> None:
    assert judge("kuaidi100", "3", "快件未能签收").disagree
    assert not judge("kdniao", "204", "快件到达【南村营业部】").disagree
    assert not judge("kuaidi100", "0", "快件已签收").disagree


def test_a_missing_code_is_not_an_unknown_one() -> None:
    assert judge("kuaidi100", None, "已签收").known_code
    assert not judge("kuaidi100", "999", "已签收").known_code
