"""Small datasets, one honest or fraudulent case each, and what the judge must say of every shipment.

A case file is a list of cases: a dataset as in `building.py`, and

    name:          a sentence; `source` names the row of the rules that it stands for
    as_of:         the moment of judging, an hour; the latest time in the data unless given
    expect:        order, or order and waybill -> the columns of the verdict that matter; `unknown_has` for a part of the list of unknown checks
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import Case, moment, tables

from parcelproof.verdicts.result import JudgeResult

HERE = Path(__file__).parent


def cases() -> list[Any]:
    files = [path for path in sorted(HERE.glob("*.yaml")) if path.name != "defaults.yaml"]
    return [pytest.param(case, id=f"{path.stem}: {case['name']}") for path in files for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


def said(value: Any) -> Any:
    return None if value is None else Decimal(str(value)) if isinstance(value, (int, float)) else value


@pytest.mark.parametrize("case", cases())
def test_the_judge_says_what_the_rule_says(case: Case, judged: Callable[..., JudgeResult]) -> None:
    as_of = moment(case, case["as_of"]) if "as_of" in case else None
    verdicts = judged(as_of, case.get("policy", "douyin-shop"), **tables(case)).table("verdicts").to_pylist()
    told = {f"{row['order_id']} {row['waybill_no'] or ''}".strip(): row for row in verdicts}
    told |= {row["order_id"]: row for row in verdicts if sum(other["order_id"] == row["order_id"] for other in verdicts) == 1}
    for shipment, expected in case["expect"].items():
        if expected is None:
            assert str(shipment) not in told
            continue
        row = told[str(shipment)]
        wanted = {name: said(value) for name, value in expected.items() if name != "unknown_has"}
        assert {name: row[name] for name in wanted} == wanted, {name: row[name] for name in ("outcome", "offence", "met", "unknown", "excused", "charge")}
        assert set(expected.get("unknown_has", [])) <= set(row["unknown"])
