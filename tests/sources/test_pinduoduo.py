from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from parcelproof.carriers.numbers import carriers
from parcelproof.sources.pinduoduo import _companies

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]
    Fixture = Callable[[str], bytes]


@pytest.fixture
def order(fixture_bytes: Fixture) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(fixture_bytes("pinduoduo/order_list_get.json"))["order_list_get_response"]["order_list"][0]
    return listed


def info(order: dict[str, Any]) -> dict[str, Any]:
    return {"order_info_get_response": {"order_info": order}}


def test_orders_with_text_times_and_with_seconds_read_alike(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("pinduoduo", fixture_bytes("pinduoduo/order_list_get.json"))
    first, waiting, _ = reading.rows["orders"]
    assert (first["order_id"], first["paid_at"]) == ("230101-123456789012345", datetime(2023, 1, 1, 2, tzinfo=UTC))
    assert waiting["paid_at"] == first["paid_at"]
    assert (first["promised_ship_at"], first["status"]) == (datetime(2023, 1, 3, 2, 1, tzinfo=UTC), "completed")
    assert (waiting["kind"], waiting["status"]) == ("presale", "paid")
    assert reading.rows["receipts"][0]["confirmed_at"] == datetime(2023, 1, 5, 9, 30, tzinfo=UTC)
    assert reading.refused == [("payload 1, order 230101-323456789012345", "its group is not complete (confirm_status 0): nobody has to ship it yet")]


def test_fractions_are_exact_to_the_cent(read: Read, fixture_bytes: Fixture) -> None:
    rows = read("pinduoduo", fixture_bytes("pinduoduo/order_list_get.json")).rows["orders"]
    assert [row["amount_paid"] for row in rows] == [Decimal("29.90"), Decimal("0.10"), Decimal("29.90")]
    assert rows[0]["unit_price"] == Decimal("17.90")


def test_every_parcel_of_an_order_is_declared_with_its_carrier(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("pinduoduo", fixture_bytes("pinduoduo/order_list_get.json"))
    assert [(row["carrier"], row["waybill_no"]) for row in reading.rows["declarations"]] == [
        ("YTO", "YT7199652228745"), ("ZTO", "73190553102532"), ("PINDUODUO-9999", "123456789012"),
    ]  # fmt: skip
    assert any("carrier 9999" in note for note in reading.notes)
    assert any("extra_delivery_list" in note for note in reading.notes)


def test_pinduoduos_own_list_of_carriers_counts_before_ours(read: Read, order: dict[str, Any]) -> None:
    listed = {"logistics_companies_get_response": {"logistics_companies": [{"id": 9999, "logistics_company": "顺丰快递", "code": "SF", "available": 1}]}}
    reading = read("pinduoduo", [listed, info(order | {"logistics_id": 9999, "extra_delivery_list": []})])
    assert reading.rows["declarations"][0]["carrier"] == "SF"


def test_our_list_of_carriers_names_only_known_ones() -> None:
    assert set(_companies().values()) <= carriers().keys()


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        ({"refund_status": 4}, "status", "refunded"), ({"after_sales_status": 10}, "status", "refunded"), ({"confirm_status": 2}, "status", "cancelled"),
        ({"order_status": 2}, "status", "paid"), ({"order_status": 42}, "status", None), ({"self_contained": 1}, "kind", "self_delivery"),
        ({"card_info_list": [{"card_no": "***"}]}, "kind", "virtual"), ({"shipping_type": 2}, "mode", "instant"),
        ({"pay_time": ""}, "paid_at", datetime(2023, 1, 1, 2, 1, tzinfo=UTC)), ({"receiver_phone": "1387677****"}, "phone_key", None),
        ({"receiver_phone": "~AgAAAAB~cipher~"}, "phone_key", None), ({"mall_id": 77}, "merchant_id", "77"),
    ],
)  # fmt: skip
def test_states_kinds_and_masks(read: Read, order: dict[str, Any], change: dict[str, Any], column: str, expected: object) -> None:
    assert read("pinduoduo", info(order | change)).rows["orders"][0][column] == expected


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"error_response": {"error_code": 10019, "error_msg": "access_token已过期", "sub_code": "10019"}}, "it is an error answer: 10019 access_token已过期"),
        ({"order_list_get_response": {"order_list": [], "total_count": 0}}, "it lists no order"),
        ({"x": 1}, "it is no Pinduoduo answer"),
        ({"order_info_get_response": {"order_info": {"order_sn": "1"}}}, "it is not paid"),
    ],
)
def test_what_gives_nothing_is_told(read: Read, payload: object, says: str) -> None:
    reading = read("pinduoduo", payload)
    assert says in reading.refused[0][1]
    assert reading.rows == {}
