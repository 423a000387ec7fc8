"""Small nasty marketplaces drawn from a seed: few orders and numbers, so that everything meets everything, and many gaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from laying import Given, Row

from parcelproof.dataset.tables import STAGES

START = datetime(2026, 3, 1)  # noqa: DTZ001  canonical times are naive UTC
DAYS = 120
BUSY = START + timedelta(days=60)
"""A morning of many declarations, so that shops have others beside them."""
CARRIERS = ("ZTO", "ZTO", "中通快递", "SF", "LOCALEX")
NUMBERS = ("N1", "n-1", "N2", "N3", "N4", "N5", "N6", "73123456789012")
PLACES = (None, "330106", "330108", "440106", "510107", "330103", "US-10001", "DE-10115", "440000")
SITES = (None, "F1", "F2", "F3")
WAY = ("created", "collected", "hub_in", "hub_out", "hub_in", "outlet_in", "out_for_delivery", "delivered")

EVENT: Row = {"carrier": "ZTO", "starts_at": START, "ends_at": START + timedelta(days=6), "waive": True, "reason": "event"}
"""One waiver is long enough to reach some wait for a pickup."""


def world(seed: int, size: int = 8) -> Given:
    """Every canonical table that the facts read, with up to `size` orders and rows in proportion."""
    draw = Random(seed)  # noqa: S311  nothing is kept secret
    orders = [_order(draw, number) for number in range(draw.randint(size // 2, size))]
    ids = [row["order_id"] for row in orders] + ["unheard of"]
    declarations = _unique([_declaration(draw, order) for order in ids for _ in range(draw.randint(0, 3))], "order_id", "carrier", "waybill_no")

    def several(make: Callable[[], Row]) -> list[Row]:
        return [make() for _ in range(draw.randint(0, size))]

    return {
        "orders": orders,
        "declarations": declarations,
        "scans": [scan for _ in range(size) for scan in _trace(draw, draw.choice([None, *declarations]))],
        "parcels": _unique(several(lambda: _parcel(draw, draw.choice([None, *declarations]))), "carrier", "waybill_no"),
        "receipts": _unique(several(lambda: _receipt(draw, ids)), "order_id"),
        "order_events": several(lambda: _event(draw, ids)),
        "complaints": several(lambda: _complaint(draw, ids)),
        "disruptions": [*(_disruption(draw) for _ in range(draw.randint(0, size // 2))), EVENT],
        "merchants": [{"merchant_id": "M1", "adcode": "350503"}, {"merchant_id": "M2"}],
        "warehouses": [{"sender_key": key, "registered_at": _moment(draw)} for key in ("S1", "S2")],
    }


def _unique(rows: list[Row], *key: str) -> list[Row]:
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def _moment(draw: Random, after: datetime = START, hours: int = 24 * DAYS) -> datetime:
    return after + timedelta(hours=draw.randint(0, hours), minutes=draw.choice((0, 0, 1, 30)))


def _later(draw: Random, moment: datetime, hours: int) -> datetime | None:
    return draw.choice((None, _moment(draw, moment, hours)))


def _key(draw: Random, letter: str) -> str | None:
    return draw.choice((None, f"{letter}1", f"{letter}2"))


def _order(draw: Random, number: int) -> Row:
    paid_at = _moment(draw)
    return {
        "order_id": f"O{number}", "merchant_id": draw.choice(("M1", "M2")), "buyer_id": "B",
        "kind": draw.choice(("standard", "standard", "presale", "virtual")),
        "placed_at": paid_at - timedelta(minutes=3), "paid_at": paid_at, "amount_paid": draw.choice((None, "12.34")),
        "product_id": draw.choice((None, "P1")), "unit_price": draw.choice((None, "6.17")), "quantity": draw.choice((None, 2)),
        "currency": draw.choice((None, "CNY")), "goods_weight_g": draw.choice((None, 0, 400)),
        "promised_ship_at": _later(draw, paid_at, 96), "adcode": draw.choice(PLACES), "city": draw.choice((None, "杭州市", "成都")),
        "recipient_key": _key(draw, "R"), "phone_key": _key(draw, "T"), "status": draw.choice((None, "paid", "completed", "cancelled", "refunded")),
    }  # fmt: skip


def _declaration(draw: Random, order: str) -> Row:
    declared_at = draw.choice((_moment(draw), _moment(draw, BUSY, 10)))
    return {
        "order_id": order, "carrier": draw.choice(CARRIERS), "waybill_no": draw.choice(NUMBERS), "declared_at": declared_at,
        "withdrawn_at": _later(draw, declared_at, 300),
    }  # fmt: skip


def _trace(draw: Random, declared: Row | None) -> Sequence[Row]:
    """The way of a declared parcel, or of any, at any pace and received when it pleases; or any stages at all."""
    carrier, number, moment = draw.choice(CARRIERS), draw.choice(NUMBERS), _moment(draw)
    if declared:
        carrier, number, moment = declared["carrier"], declared["waybill_no"], _moment(draw, declared["declared_at"], 48)
    rows = []
    wild = draw.choice((0.0, 0.0, 0.3, 1.0))
    for stage in WAY[draw.choice((0, 1)) : draw.choice((2, 4, 8, 8))]:
        moment += timedelta(hours=draw.choice((0, 1, 5, 30, 100, 800 * wild)), minutes=draw.choice((0, 0, 7)))
        rows.append({
            "carrier": carrier, "waybill_no": number, "event_time": moment, "received_at": _later(draw, moment, 200),
            "stage": draw.choice(STAGES) if draw.random() < wild else stage, "adcode": draw.choice(PLACES),
            "place": draw.choice((None, "浙江省杭州市", "某地")), "facility_id": draw.choice(SITES), "weight_g": draw.choice((None, None, 380, 1000)),
        })  # fmt: skip
    return rows + rows[: draw.choice((0, 0, 1, 8))]


def _parcel(draw: Random, declared: Row | None) -> Row:
    created_at = _later(draw, declared["declared_at"], 48) if declared else draw.choice((None, _moment(draw)))
    return {
        "carrier": declared["carrier"] if declared else draw.choice(CARRIERS), "waybill_no": declared["waybill_no"] if declared else draw.choice(NUMBERS),
        "created_at": created_at, "sender_key": _key(draw, "S"), "sender_adcode": draw.choice(PLACES), "recipient_key": _key(draw, "R"),
        "sender_outlet": draw.choice((None, "W1")),
        "phone_key": _key(draw, "T"), "adcode": draw.choice(PLACES), "weight_g": draw.choice((None, 40, 500)),
        "weighed_at": _later(draw, created_at or START, 300),
    }  # fmt: skip


def _receipt(draw: Random, ids: list[str]) -> Row:
    confirmed_at, reviewed_at = draw.choice((None, _moment(draw))), draw.choice((None, _moment(draw)))
    return {
        "order_id": draw.choice(ids), "confirmed_at": confirmed_at, "confirmed_by": confirmed_at and "buyer", "reviewed_at": reviewed_at,
        "review_key": reviewed_at and "K",
    }  # fmt: skip


def _event(draw: Random, ids: list[str]) -> Row:
    kind = draw.choice(("address_changed", "merge_agreed", "ship_time_agreed", "refund_requested", "cancel_requested"))
    moment = _moment(draw)
    more: dict[str, Row] = {
        "address_changed": {"recipient_key": _key(draw, "R"), "adcode": draw.choice(PLACES)},
        "ship_time_agreed": {"until": _moment(draw, moment, 200)},
    }
    return {"order_id": draw.choice(ids), "kind": kind, "happened_at": moment, **more.get(kind, {})}


def _complaint(draw: Random, ids: list[str]) -> Row:
    opened_at = _moment(draw)
    decided_at = _later(draw, opened_at, 1500)
    kind = draw.choice(("not_received", "empty_parcel", "wrong_item", "short", "other"))
    return {"order_id": draw.choice(ids), "kind": kind, "opened_at": opened_at, "upheld": decided_at and draw.choice((True, False)), "decided_at": decided_at}


def _disruption(draw: Random) -> Row:
    starts_at = _moment(draw)
    return {
        "carrier": draw.choice((None, "ZTO", "SF")), "adcode": draw.choice((None, None, "33", "4401", "510107")),
        "facility_id": draw.choice((None, None, "F1")),
        "starts_at": starts_at, "ends_at": _moment(draw, starts_at, 400), "extra_hours": draw.choice((None, None, 48)), "waive": draw.choice((None, True)),
        "reason": "storm", "announced_at": draw.choice((None, starts_at - timedelta(hours=10), _moment(draw, starts_at, 2000))),
    }  # fmt: skip
