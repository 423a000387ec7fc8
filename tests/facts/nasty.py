"""A small dataset of all that is unpleasant: gaps, empty tables, equal moments, repeated and contradicting rows, foreign letters, edges of time."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from model_worlds import world

from parcelproof.dataset.tables import TABLES

Rows = list[dict[str, Any]]
ORDER = {"merchant_id": "店铺·Ünïcode", "buyer_id": "买家\u200b", "paid_at": "2026-04-01T00:00:00.000001Z"}
FIRST, LAST = "2000-01-01T00:00:00Z", "2099-12-31T23:59:59.999999Z"
MORE: dict[str, Rows] = {
    "orders": [
        ORDER | {"order_id": "订单-1", "city": "杭州市", "recipient_key": "收件人"},
        ORDER | {"order_id": "O'; drop table orders --", "adcode": "ﾋﾝ", "promised_ship_at": LAST, "recipient_key": "ß"},
        ORDER | {"order_id": "oldest", "paid_at": FIRST, "adcode": "990000", "amount_paid": "9999999999999999.99"},
        ORDER | {"order_id": "twice", "quantity": 1},
        ORDER | {"order_id": "twice", "quantity": 1},
        ORDER | {"order_id": "contradicting", "quantity": 1},
        ORDER | {"order_id": "contradicting", "quantity": 2},
        ORDER | {"order_id": "versions", "quantity": 1, "updated_at": "2026-04-01T01:00:00Z"},
        ORDER | {"order_id": "versions", "quantity": 2, "updated_at": "2026-04-01T02:00:00Z"},
        ORDER | {"order_id": "bad", "paid_at": "yesterday"},
        ORDER | {"order_id": None},
    ],
    "declarations": [
        {"order_id": "订单-1", "carrier": "中通快递", "waybill_no": "ｎ-１ß", "declared_at": "2026-04-01T02:00:00Z"},
        {"order_id": "O'; drop table orders --", "carrier": "zto", "waybill_no": "N1SS", "declared_at": "2026-04-01T02:00:00Z"},
        {"order_id": "oldest", "carrier": "ﬁrst", "waybill_no": "--", "declared_at": FIRST},
        {"order_id": "oldest", "carrier": "ZTO", "waybill_no": "LAST", "declared_at": "2026-05-30T00:00:00Z", "withdrawn_at": LAST},
        {"order_id": "twice", "carrier": "ZTO", "waybill_no": "TIES", "declared_at": "2026-04-01T02:00:00Z"},
        {"order_id": "versions", "carrier": "ZTO", "waybill_no": "TIES", "declared_at": "2026-04-01T02:00:00Z"},
    ],
    "scans": [
        *({"carrier": "ZTO", "waybill_no": "ties", "event_time": "2026-04-02T00:00:00.25Z", "stage": stage, "facility_id": site, "adcode": code}
          for stage in ("hub_in", "collected", "hub_out") for site in ("F1", "场地二", None)
          for code in ("330106", "440106", None, "1234.5", "1e5   ", "-33010")),
        *({"carrier": "zto", "waybill_no": "N1", "event_time": "2026-04-03T00:00:00Z", "stage": "delivered", "place": "浙江省杭州市西湖区"} for _ in range(3)),
        {"carrier": "ZTO", "waybill_no": "LAST", "event_time": FIRST, "stage": "created"},
        {"carrier": "ZTO", "waybill_no": "LAST", "event_time": "2026-05-31T23:59:59.999999Z", "stage": "collected", "place": "不知道哪里\U0001f4e6"},
        {"carrier": "ZTO", "waybill_no": "LAST", "event_time": "1999-12-31T23:59:59Z", "stage": "collected"},
        {"carrier": "ZTO", "waybill_no": "LAST", "event_time": "2026-05-01T00:00:00Z", "stage": "teleported"},
    ],
}  # fmt: skip
EMPTY = ("receipts", "links")


def dataset(folder: Path, *, seed: int = 1, size: int = 24) -> Path:
    """Write a drawn world and the rows above as JSONL, scans in parts."""
    given = world(seed, size=size)
    for name in TABLES:
        rows = [] if name in EMPTY else [*map(dict, given.get(name, ())), *MORE.get(name, [])]
        if not rows and name not in EMPTY:
            continue
        parts = [rows[start::3] for start in range(3)] if name == "scans" else [rows]
        for number, part in enumerate(parts):
            path = folder / (f"scans/day=2026-04-0{number + 1}/part.jsonl" if name == "scans" else f"{name}.jsonl")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("".join(json.dumps(_told(row), ensure_ascii=False) + "\n" for row in part), encoding="utf-8")
    return folder


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() + "Z" if isinstance(value, datetime) else value for name, value in row.items() if value is not None}
