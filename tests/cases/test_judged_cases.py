"""Small datasets, one honest or fraudulent case each, and what the judge must say of every shipment.

A case file is a list of cases. Times are hours after the payment of the case's `day` at 10:00 in Beijing (02:00 UTC), as a number or as
`"h:mm:ss"`, or a full time in UTC.

    name:          a sentence; `source` names the row of the rules that it stands for
    alone:         true where parcels of other cases would change what is known here: cases are judged together, as one marketplace's parcels,
                   where policy, moment, tables and feeds allow it
    day, as_of:    the day of payment; the moment of judging (an hour as above), the latest time in the data unless given
    orders:        order -> what differs from the order of `defaults.yaml`
    declarations:  [order, waybill, hour, what differs]
    traces:        waybill -> events [stage, hour, place] or `usual`, a journey from Hangzhou to Guangzhou begun at hour 5; `usual+30` begins later
    feed:          carrier -> [first, last] hour of a feed that tells of other parcels every hour
    other tables:  rows as they are, with hours in their time columns
    expect:        order, or order and waybill -> the columns of the verdict that matter; `unknown_has` for a part of the list of unknown checks
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from parcelproof.dataset.tables import TABLES
from parcelproof.verdicts.result import JudgeResult

HERE = Path(__file__).parent
PLAIN = re.compile(r"SF\d")
"""A waybill number that says nothing by its shape."""
OWN = {"order_id", "buyer_id", "recipient_key", "phone_key", "sender_key"}
"""The columns whose values belong to one case."""
DEFAULTS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "defaults.yaml").read_text(encoding="utf-8"))
TIMES = {name: {column.name for column in table.columns if column.kind == "time"} for name, table in TABLES.items()}

Case = dict[str, Any]
Rows = list[dict[str, Any]]


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


def hours(value: Any) -> float:
    if isinstance(value, str):
        sign = -1 if value.startswith("-") else 1
        h, m, s = (int(part) for part in value.lstrip("-").split(":"))
        return sign * (h + m / 60 + s / 3600)
    return float(value)


def moment(case: Case, value: Any) -> str:
    if value is None or (isinstance(value, str) and "T" in value):
        return str(value or "")
    paid = datetime.fromisoformat(f"{case.get('day', DEFAULTS['case']['day'])}T02:00:00")
    return (paid + timedelta(microseconds=round(hours(value) * 3_600_000_000))).isoformat() + "Z"


def timed(case: Case, table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: moment(case, value) if name in TIMES[table] else value for name, value in row.items()}


def orders(case: Case) -> Rows:
    found = []
    for number, differs in case["orders"].items():
        base = DEFAULTS["order"] | {"buyer_id": f"B{number}", "recipient_key": f"R{number}", "phone_key": f"P{number}"}
        found.append({"order_id": number} | base | (differs or {}))
    return found


def declarations(case: Case) -> Rows:
    rows = []
    for number, waybill, hour, *differs in case.get("declarations", []):
        rows.append({"order_id": number, "waybill_no": waybill, "declared_at": hour} | DEFAULTS["declaration"] | (differs[0] if differs else {}))
    return rows


def events(trace: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(trace, str):
        _, _, later = trace.partition("+")
        for stage, hour, place in DEFAULTS["case"]["usual"]:
            yield stage, hour + float(later or 0), place
    else:
        for stage, hour, *place in trace:
            yield stage, hour, place[0] if place else None


def scans(case: Case) -> Rows | None:
    if "traces" not in case and "feed" not in case:
        return None
    rows: Rows = [
        {"carrier": differs.get("carrier", "SF"), "waybill_no": waybill, "event_time": hour, "stage": stage, "adcode": place}
        for waybill, trace in case.get("traces", {}).items()
        for differs in [trace if isinstance(trace, dict) else {}]
        for stage, hour, place in events(differs.get("events", trace))
    ]
    for carrier, (first, last) in case.get("feed", {}).items():
        rows += [{"carrier": carrier, "waybill_no": f"FEED{n}", "event_time": n, "stage": "hub_in", "adcode": "420106"} for n in range(first, last + 1)]
    return rows


def tables(case: Case) -> dict[str, Rows]:
    found: dict[str, Rows | None] = {name: case[name] for name in TABLES if name in case}
    found |= {"orders": orders(case), "declarations": declarations(case)}
    found["scans"] = (scans(case) or []) + case["scans"] if "scans" in case else scans(case)
    return {name: [timed(case, name, row) for row in rows] for name, rows in found.items() if rows is not None}


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
    found = []
    for number, case in enumerate(world):
        end = f"C{number}"
        mine = [row for row in verdicts if row["order_id"].endswith(end)]
        found += misfits(case, [row | {name: row[name] and row[name].removesuffix(end) for name in ("order_id", "waybill_no")} for row in mine])
    assert found == []
