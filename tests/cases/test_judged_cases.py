"""Small datasets, one honest or fraudulent case each, and what the judge must say of every shipment.

Cases of one policy, moment, set of tables and feeds are judged together, as parcels of one marketplace. A case file is a list of
cases: a dataset as in `building.py`, and

    name:          a sentence; `source` names the row of the rules that it stands for
    alone:         true where the parcels of other cases would change what is known here
    as_of:         the moment of judging, an hour; the latest time in the data unless given
    expect:        order, or order and waybill -> the columns of the verdict that matter; `unknown_has` for a part of the list of unknown checks
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import Case, Rows, moment, tables

from parcelproof.verdicts.result import JudgeResult

HERE = Path(__file__).parent
PLAIN = re.compile(r"SF\d")
"""A waybill number that says nothing by its shape."""
OWN = {"order_id", "buyer_id", "recipient_key", "phone_key", "sender_key"}
"""The columns whose values belong to one case."""


def cases() -> Iterator[Case]:
    for path in sorted(HERE.glob("*.yaml")):
        if path.name != "defaults.yaml":
            for case in yaml.safe_load(path.read_text(encoding="utf-8")):
                yield case | {"name": f"{path.stem}: {case['name']}"}


def worlds() -> list[Any]:
    """The cases that are judged together, by the first one's name."""
    together: dict[str, list[Case]] = {}
    for case in cases():
        shaped = [waybill for _, waybill, *_ in case.get("declarations", []) if not PLAIN.fullmatch(str(waybill))]
        key = (case.get("policy"), str(moment(case, case.get("as_of"))), sorted(tables(case)), shaped, case.get("feed"), case.get("alone") and case["name"])
        together.setdefault(repr(key), []).append(case)
    return [pytest.param(world, id=f"{world[0]['name']} +{len(world) - 1}" if len(world) > 1 else world[0]["name"]) for world in together.values()]


def own(number: int, rows: Rows) -> Rows:
    """The rows of a case, whose orders, people and numbers are no other case's."""
    return [{name: f"{value}C{number}" if (value and name in OWN) or PLAIN.fullmatch(str(value)) else value for name, value in row.items()} for row in rows]


def said(value: Any) -> Any:
    return None if value is None else Decimal(str(value)) if isinstance(value, (int, float)) else value


def misfits(case: Case, verdicts: Rows) -> Iterator[str]:
    """Where the verdicts of a case's own shipments are not those that it expects."""
    told = {f"{row['order_id']} {row['waybill_no'] or ''}".strip(): row for row in verdicts}
    told |= {row["order_id"]: row for row in verdicts if sum(other["order_id"] == row["order_id"] for other in verdicts) == 1}
    for shipment, expected in case["expect"].items():
        row = told.get(str(shipment))
        if expected is None or row is None:
            if expected is not None or row is not None:
                yield f"{case['name']}: {shipment} is {row}"
            continue
        wanted = {name: said(value) for name, value in expected.items() if name != "unknown_has"}
        if {name: row[name] for name in wanted} != wanted or not set(expected.get("unknown_has", [])) <= set(row["unknown"]):
            yield f"{case['name']}: {shipment} is { {name: row[name] for name in ('outcome', 'offence', 'met', 'unknown', 'excused', 'charge')} }"


@pytest.mark.parametrize("world", worlds())
def test_the_judge_says_what_the_rule_says(world: list[Case], judged: Callable[..., JudgeResult]) -> None:
    laid: dict[str, Rows] = {}
    for number, case in enumerate(world):
        for name, rows in tables(case).items():
            laid[name] = laid.get(name, []) + [row for row in own(number, rows) if row not in laid.get(name, [])]
    as_of = moment(world[0], world[0]["as_of"]) if "as_of" in world[0] else None
    verdicts = judged(as_of, world[0].get("policy", "douyin-shop"), **laid).table("verdicts").to_pylist()
    found: list[str] = []
    for number, case in enumerate(world):
        end = f"C{number}"
        mine = [row for row in verdicts if row["order_id"].endswith(end)]
        found += misfits(case, [row | {name: row[name] and row[name].removesuffix(end) for name in ("order_id", "waybill_no")} for row in mine])
    assert found == []
