"""Small datasets from a few words: what a case does not say is as in `defaults.yaml`.

Times are hours after the payment of the case's `day` at 10:00 in Beijing (02:00 UTC), as a number or as `"h:mm:ss"`, or a full time in UTC.

    day:           the day of payment
    orders:        order -> what differs from the order of `defaults.yaml`
    declarations:  [order, waybill, hour, what differs]
    traces:        waybill -> events [stage, hour, place] or `usual`, from Hangzhou to Guangzhou begun at hour 5; `usual+30` is later, `usual-30` earlier
    feed:          carrier -> [first, last] hour of a feed that tells of other parcels every hour
    other tables:  rows as they are, with hours in their time columns
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from parcelproof.dataset.tables import TABLES

HERE = Path(__file__).parent
DEFAULTS: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "defaults.yaml").read_text(encoding="utf-8"))
TIMES = {name: {column.name for column in table.columns if column.kind == "time"} for name, table in TABLES.items()}

Case = dict[str, Any]
Rows = list[dict[str, Any]]


def hours(value: Any) -> float:
    if isinstance(value, str):
        sign = -1 if value.startswith("-") else 1
        h, m, s = (int(part) for part in value.lstrip("-").split(":"))
        return sign * (h + m / 60 + s / 3600)
    return float(value)


def moment(case: Case, value: Any) -> str:
    if value is None or (isinstance(value, str) and "T" in value):
        return str(value or "")
    paid = case.get("paid_at") or datetime.fromisoformat(f"{case.get('day', DEFAULTS['case']['day'])}T02:00:00")
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
        later = float(trace.removeprefix("usual") or 0)
        for stage, hour, place in DEFAULTS["case"]["usual"]:
            yield stage, hour + later, place
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
