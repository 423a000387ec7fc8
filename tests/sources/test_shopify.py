from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from parcelproof.sources import reader
from parcelproof.sources.common import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]

LINE = {"product_id": 7, "price": "12.50", "grams": 200, "quantity": 2, "requires_shipping": True}
SHIPPED = {
    "id": 5, "order_id": 1, "status": "success", "created_at": "2026-07-02T10:00:00-04:00", "updated_at": "2026-07-02T10:00:00-04:00",
    "tracking_company": "DHL Express", "tracking_number": "1234567891", "tracking_numbers": ["1234567891"], "shipment_status": None,
}  # fmt: skip
ORDER: dict[str, Any] = {
    "id": 1, "order_number": 1001, "test": False, "created_at": "2026-07-01T10:00:00-04:00", "processed_at": "2026-07-01T10:01:00-04:00",
    "updated_at": "2026-07-02T10:00:00-04:00", "financial_status": "paid", "currency": "USD", "total_price": "25.00", "total_weight": 400,
    "customer": {"id": 77}, "line_items": [LINE], "fulfillments": [SHIPPED],
    "order_status_url": "https://shop.myshopify.com/548380009/orders/abc/authenticate?key=x",
    "shipping_address": {"name": "Buyer One", "address1": "Street 1", "city": "New York", "province": "New York", "zip": "10001-1234",
                         "country_code": "US", "phone": "+1 (555) 000-0000"},
}  # fmt: skip
EVENT = {"id": 9, "fulfillment_id": 5, "order_id": 1, "status": "delivered", "happened_at": "2026-07-05T10:00:00-04:00",
         "created_at": "2026-07-05T11:00:00-04:00", "city": "New York", "province": "NY", "country": "US", "message": None}  # fmt: skip


def order(reading: Reading) -> dict[str, Any]:
    (row,) = reading.rows["orders"]
    return row


def declarations(reading: Reading) -> list[dict[str, Any]]:
    return reading.rows.get("declarations", [])


def test_the_real_order_gives_an_order_and_its_failed_declaration(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("shopify", fixture_bytes("shopify/order.json"))
    row = order(reading)
    assert (row["order_id"], row["merchant_id"], row["buyer_id"], row["kind"]) == ("450789469", "shopify", "207119551", "standard")
    assert row["paid_at"] == row["placed_at"] == datetime(2008, 1, 10, 16, tzinfo=UTC)
    assert (row["amount_paid"], row["currency"], row["quantity"], row["goods_weight_g"]) == (Decimal("409.94"), "USD", 3, 600)
    assert (row["city"], row["adcode"], row["status"]) == ("Louisville", "US-40202", "paid")
    assert "Buyer" not in str(reading.rows)
    (declared,) = declarations(reading)
    assert (declared["carrier"], declared["waybill_no"]) == ("UPS", "1Z2345")
    assert declared["declared_at"] == declared["withdrawn_at"] == datetime(2014, 1, 22, 20, 58, 27, tzinfo=UTC)
    assert any("is authorized; it counts as paid" in note for note in reading.notes)
    assert any("names no carrier; UPS is taken" in note for note in reading.notes)


def test_a_real_fulfilment_is_a_declaration(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    (declared,) = declarations(read("shopify", fixture_bytes("shopify/fulfillment.json")))
    assert (declared["order_id"], declared["waybill_no"], declared["withdrawn_at"]) == ("450789469", "1Z2345", None)
    assert declared["declared_at"] == datetime(2013, 11, 1, 20, 6, 8, tzinfo=UTC)
    assert len(declarations(read("shopify", fixture_bytes("shopify/webhook_2024-01_fulfillments_1.json")))) == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("draft_order", "a draft order is no order yet"),
        ("location", "a location is neither an order nor a fulfilment"),
        ("order_risk", "a risk assessment is neither"),
        ("refund", "a refund alone names neither buyer nor payment"),
        ("fulfillment_event", "fulfilment 2608403447971 is not in this file"),
        ("webhook_2024-01_orders_1", "order 123 is not known to be paid (financial_status example string)"),
    ],
)
@pytest.mark.parametrize("bare", [False, True])
def test_a_real_payload_that_tells_no_sale_is_refused(read: Read, fixture_bytes: Callable[[str], bytes], name: str, reason: str, *, bare: bool) -> None:
    payload = json.loads(fixture_bytes(f"shopify/{name}.json"))
    inner = next(iter(payload.values())) if bare and len(payload) == 1 else payload
    reading = read("shopify", inner)
    assert reading.rows == {}
    assert reading.refused[0][1].startswith(reason)


@pytest.mark.parametrize("wrap", [lambda o: o, lambda o: {"order": o}, lambda o: {"orders": [o]}, lambda o: {"detail": {"payload": o, "metadata": {}}}])
def test_an_order_is_read_in_every_envelope(read: Read, wrap: Callable[[object], object]) -> None:
    reading = read("shopify", wrap(ORDER))
    row = order(reading)
    assert reading.refused == []
    assert (row["merchant_id"], row["buyer_id"], row["adcode"]) == ("548380009", "77", "US-10001")
    assert (row["product_id"], row["unit_price"], row["quantity"], row["goods_weight_g"]) == ("7", Decimal("12.50"), 2, 400)
    assert row["paid_at"] == datetime(2026, 7, 1, 14, 1, tzinfo=UTC)
    (declared,) = declarations(reading)
    assert (declared["order_id"], declared["carrier"], declared["waybill_no"]) == ("1", "DHL", "1234567891")
    assert "scans" not in reading.rows


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        ({"line_items": [LINE | {"requires_shipping": False}]}, "kind", "virtual"),
        ({"line_items": [LINE, LINE | {"requires_shipping": False}]}, "kind", "standard"),
        ({"line_items": []}, "kind", "standard"),
        ({"source_name": "pos", "shipping_address": None}, "kind", "virtual"),
        ({"cancelled_at": "2026-07-03T00:00:00Z", "financial_status": "refunded"}, "status", "cancelled"),
        ({"financial_status": "refunded"}, "status", "refunded"),
        ({"financial_status": "partially_refunded"}, "status", "paid"),
        ({"financial_status": "partially_paid", "total_outstanding": "5.00"}, "amount_paid", Decimal("20.00")),
        ({"line_items": [LINE, LINE | {"product_id": 8, "price": "1"}]}, "product_id", None),
        ({"line_items": [LINE, LINE | {"product_id": 8, "price": "1"}]}, "unit_price", None),
        ({"total_weight": 0}, "goods_weight_g", 400),
        ({"total_weight": 0, "line_items": [LINE | {"grams": 0}]}, "goods_weight_g", None),
        ({"total_price": "much"}, "amount_paid", None),
        ({"total_price": 10**30}, "amount_paid", None),
        ({"currency": "example string"}, "currency", None),
        ({"customer": None}, "buyer_id", "guest-1"),
        ({"processed_at": None}, "paid_at", datetime(2026, 7, 1, 14, tzinfo=UTC)),
        ({"transactions": [{"kind": "sale", "status": "failure", "processed_at": "2026-07-01T13:00:00Z"},
                           {"kind": "sale", "status": "success", "processed_at": "2026-07-01T13:30:00Z"}]},
         "paid_at", datetime(2026, 7, 1, 13, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_column_is_what_the_order_says(read: Read, change: dict[str, Any], column: str, expected: object) -> None:
    assert order(read("shopify", ORDER | change))[column] == expected


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"test": True}, "order 1 is a test: no money moved; its fulfilments are left out with it"),
        ({"financial_status": "pending"}, "order 1 is not known to be paid (financial_status pending)"),
        ({"financial_status": None}, "order 1 is not known to be paid (financial_status missing)"),
        ({"financial_status": "voided"}, "order 1 is not known to be paid (financial_status voided)"),
        ({"id": None, "order_number": None}, "the order has no id"),
        ({"processed_at": None, "created_at": "soon"}, "order 1 has no readable processed_at or created_at"),
        ({"fulfillments": [SHIPPED | {"created_at": None, "updated_at": None}]}, "fulfilment 5 has no readable created_at; the order is left out"),
    ],
)
def test_an_order_that_owes_nothing_is_refused_with_its_fulfilments(read: Read, change: dict[str, Any], reason: str) -> None:
    reading = read("shopify", ORDER | change)
    assert reading.rows == {}
    assert reading.refused[0][1].startswith(reason)


def test_people_are_keyed_hashes_that_agree_over_spellings(read: Read) -> None:
    first = order(read("shopify", ORDER))
    again = ORDER["shipping_address"] | {"name": "BUYER  one", "address1": "street 1.", "phone": "555 000 0000"}
    second = order(read("shopify", ORDER | {"shipping_address": again}))
    assert first["recipient_key"] == second["recipient_key"]
    assert first["phone_key"] == second["phone_key"]
    masked = order(read("shopify", ORDER | {"shipping_address": again | {"name": "B**", "phone": "555****000"}}))
    assert masked["recipient_key"] is None
    assert masked["phone_key"] is None
    guest = order(read("shopify", ORDER | {"customer": None, "email": "Buyer@example.com"}))
    assert guest["buyer_id"] == order(read("shopify", ORDER | {"customer": {}, "email": "buyer@example.com"}))["buyer_id"]
    assert "@" not in guest["buyer_id"]


def test_the_shop_is_the_one_that_the_import_names() -> None:
    found = reader("shopify").read(json.dumps(ORDER).encode(), Context("x", None, b"", {"merchant": "mine"}))
    assert found.rows["orders"][0]["merchant_id"] == "mine"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"tracking_company": "Canada Post"}, "CANADAPOST"),
        ({"tracking_company": "4PX"}, "D4PX"),
        ({"tracking_company": "SF Express"}, "SF"),
        ({"tracking_company": "Some Carrier"}, "SOME_CARRIER"),
        ({"tracking_company": None, "tracking_url": "https://tools.usps.com/go/x"}, "USPS"),
        ({"tracking_company": None, "tracking_url": "http://[bad", "tracking_number": "X", "tracking_numbers": []}, "OTHER"),
        ({"tracking_company": None, "tracking_number": "1Z5R89390357567127", "tracking_numbers": []}, "UPS"),
    ],
)
def test_a_carrier_is_told_by_name_link_or_number(read: Read, change: dict[str, Any], expected: str) -> None:
    assert {row["carrier"] for row in declarations(read("shopify", SHIPPED | change))} == {expected}


def test_a_number_that_a_later_version_lacks_was_withdrawn_then(read: Read) -> None:
    later = SHIPPED | {"tracking_number": "9999999999", "tracking_numbers": ["9999999999"], "updated_at": "2026-07-03T10:00:00-04:00"}
    rows = {row["waybill_no"]: row for row in declarations(read("shopify", [later, ORDER]))}
    changed = datetime(2026, 7, 3, 14, tzinfo=UTC)
    assert (rows["1234567891"]["declared_at"].day, rows["1234567891"]["withdrawn_at"]) == (2, changed)
    assert (rows["9999999999"]["declared_at"], rows["9999999999"]["withdrawn_at"]) == (changed, None)
    assert {row["updated_at"] for row in rows.values()} == {changed}


def test_a_cancelled_fulfilment_is_withdrawn_and_several_numbers_are_several_declarations(read: Read) -> None:
    reading = read("shopify", SHIPPED | {"status": "cancelled", "tracking_numbers": ["1234567891", "2222222222", "1234567891"]})
    assert [(row["waybill_no"], row["withdrawn_at"] is not None) for row in declarations(reading)] == [("1234567891", True), ("2222222222", True)]


def test_events_beside_their_fulfilment_are_scans(read: Read) -> None:
    reading = read("shopify", [EVENT, ORDER, EVENT | {"status": "in_transit", "happened_at": "2026-07-03T10:00:00-04:00"}])
    scans = reading.rows["scans"]
    assert [(row["carrier"], row["stage"]) for row in scans] == [("DHL", "hub_out"), ("DHL", "delivered")]
    assert (scans[1]["event_time"], scans[1]["received_at"]) == (datetime(2026, 7, 5, 14, tzinfo=UTC), datetime(2026, 7, 5, 15, tzinfo=UTC))
    assert scans[1]["place"] == "New York, NY, US"


@pytest.mark.parametrize(
    ("status", "message", "stage"),
    [
        ("label_printed", None, "created"),
        ("carrier_picked_up", None, "collected"),
        ("attempted_delivery", None, "attempt_failed"),
        ("ready_for_pickup", None, "pickup_ready"),
        ("DELIVERED", "Could not be delivered", "attempt_failed"),
        ("teleported", None, "other"),
    ],
)
def test_an_event_is_the_stage_of_its_status_and_words(read: Read, status: str, message: str | None, stage: str) -> None:
    reading = read("shopify", {"fulfillment": SHIPPED, "fulfillment_events": [EVENT | {"status": status, "message": message}]})
    assert [row["stage"] for row in reading.rows["scans"]] == [stage]


def test_a_shipment_status_is_a_scan_at_the_last_change_unless_an_event_tells_it(read: Read) -> None:
    arrived = SHIPPED | {"shipment_status": "delivered", "updated_at": "2026-07-05T14:00:00-04:00"}
    (row,) = read("shopify", arrived).rows["scans"]
    assert (row["stage"], row["event_time"]) == ("delivered", datetime(2026, 7, 5, 18, tzinfo=UTC))
    (row,) = read("shopify", [arrived, EVENT]).rows["scans"]
    assert row["event_time"] == datetime(2026, 7, 5, 14, tzinfo=UTC)


def test_events_that_fit_several_waybills_are_refused(read: Read) -> None:
    reading = read("shopify", [SHIPPED | {"tracking_numbers": ["1234567891", "2222222222"]}, EVENT])
    assert "scans" not in reading.rows
    assert "has 2 waybills" in reading.refused[0][1]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"errors": "[API] Invalid API key"}, "it is an error answer: [API] Invalid API key"),
        ({"errors": {"order": ["not found"]}}, "it is an error answer: order"),
        ({"orders": []}, "it lists no order and no fulfilment"),
        (SHIPPED | {"tracking_number": None, "tracking_numbers": []}, "fulfilment 5 names no waybill"),
        (SHIPPED | {"order_id": None}, "fulfilment 5 names no order"),
        (SHIPPED | {"created_at": "2026-07-02 10:00:00", "updated_at": None}, "fulfilment 5 has no readable created_at"),
        ({"transaction": {"id": 1}}, "it is no order, fulfilment or fulfilment event"),
    ],
)
def test_what_gives_nothing_is_refused_with_its_reason(read: Read, payload: object, reason: str) -> None:
    reading = read("shopify", payload)
    assert reading.rows == {}
    assert reading.refused[0][1].startswith(reason)
