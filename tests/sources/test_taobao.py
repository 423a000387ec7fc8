from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]
    Fixture = Callable[[str], bytes]


@pytest.fixture
def trade(fixture_bytes: Fixture) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(fixture_bytes("taobao/trades_sold_get.json"))
    listed: dict[str, Any] = answer["trades_sold_get_response"]["trades"]["trade"][0]
    return listed


def full(trade: dict[str, Any]) -> dict[str, Any]:
    return {"trade_fullinfo_get_response": {"trade": trade}}


def test_trades_in_their_double_wrapping_are_read(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("taobao", fixture_bytes("taobao/trades_sold_get.json"))
    first, virtual = reading.rows["orders"]
    assert (first["order_id"], first["merchant_id"], first["buyer_id"]) == ("3230145674561234567", "示例旗舰店", "AAHOPENUID1234")
    assert (first["paid_at"], first["amount_paid"], first["unit_price"], first["quantity"]) == (
        datetime(2023, 1, 1, 2, tzinfo=UTC), Decimal("200.07"), Decimal("70.00"), 3,
    )  # fmt: skip
    assert (first["status"], first["kind"], first["city"]) == ("completed", None, "杭州市")
    assert (virtual["kind"], virtual["status"]) == ("virtual", "paid")
    assert [(row["carrier"], row["waybill_no"], row["declared_at"].day) for row in reading.rows["declarations"]] == [
        ("ZTO", "73190553102532", 1), ("YTO", "YT7199652228745", 2),
    ]  # fmt: skip
    assert [row["order_id"] for row in reading.rows["receipts"]] == [first["order_id"]]
    assert "WAIT_BUYER_PAY" in reading.refused[0][1]


def test_the_simplified_answer_reads_alike(read: Read, trade: dict[str, Any]) -> None:
    plain = trade | {"orders": trade["orders"]["order"]}
    assert read("taobao", {"trades": [plain], "request_id": "x"}).rows == read("taobao", full(trade)).rows


def test_the_buyers_change_of_address_after_payment_is_an_event(read: Read, fixture_bytes: Fixture) -> None:
    (event,) = read("taobao", fixture_bytes("taobao/trade_fullinfo_get.json")).rows["order_events"]
    assert (event["kind"], event["happened_at"]) == ("address_changed", datetime(2023, 1, 1, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("change", "column", "expected"),
    [
        ({"status": "TRADE_CLOSED"}, "status", "refunded"), ({"status": "TRADE_CLOSED_BY_TAOBAO"}, "status", "cancelled"),
        ({"status": "BRAND_NEW"}, "status", None), ({"type": "step"}, "kind", "presale"), ({"new_presell": True}, "kind", "presale"),
        ({"send_time": "2023-01-08 23:59:59"}, "promised_ship_at", datetime(2023, 1, 8, 15, 59, 59, tzinfo=UTC)),
        ({"est_con_time": "付款后7天内"}, "promised_ship_at", None),
    ],
)  # fmt: skip
def test_states_kinds_and_promises(read: Read, trade: dict[str, Any], change: dict[str, Any], column: str, expected: object) -> None:
    assert read("taobao", full(trade | change)).rows["orders"][0][column] == expected


def test_a_nick_in_the_clear_is_hashed_and_a_masked_one_links_nobody(read: Read, trade: dict[str, Any]) -> None:
    trade.pop("buyer_open_uid")
    assert read("taobao", full(trade)).rows["orders"][0]["buyer_id"] == "order-3230145674561234567"
    assert len(read("taobao", full(trade | {"buyer_nick": "某买家"})).rows["orders"][0]["buyer_id"]) == 32


def test_a_shop_that_the_payload_does_not_name_is_named_in_the_report(read: Read, trade: dict[str, Any]) -> None:
    trade.pop("seller_nick")
    reading = read("taobao", full(trade))
    assert reading.rows["orders"][0]["merchant_id"] == "taobao"
    assert "--merchant" in reading.notes[0]


def test_a_cancelled_logistics_order_takes_its_waybill_back_and_no_status_is_believed(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("taobao", fixture_bytes("taobao/logistics_orders_get.json"))
    assert [(row["waybill_no"][-1], row["withdrawn_at"]) for row in reading.rows["declarations"]] == [
        ("2", None), ("3", datetime(2023, 1, 1, 3, 30, tzinfo=UTC)), ("3", None),
    ]  # fmt: skip
    assert "scans" not in reading.rows
    assert "proves nothing" in reading.notes[0]


def test_a_trace_is_read_from_its_steps(read: Read, fixture_bytes: Fixture) -> None:
    scans = read("taobao", fixture_bytes("taobao/logistics_trace_search.json")).rows["scans"]
    assert [row["stage"] for row in scans] == ["collected", "hub_out", "out_for_delivery", "delivered"]
    assert scans[0]["event_time"] == datetime(2023, 1, 1, 12, 10, tzinfo=UTC)
    assert "13800000000" not in str(scans)


@pytest.mark.parametrize("steps", [{}, {"transit_step_info": []}, [], None, {"transit_step_info": [{"status_desc": "暂无物流信息"}]}])
def test_signed_without_steps_proves_nothing(read: Read, fixture_bytes: Fixture, steps: object) -> None:
    answer = json.loads(fixture_bytes("taobao/logistics_trace_search_signed_without_steps.json"))
    answer["logistics_trace_search_response"]["trace_list"] = steps
    reading = read("taobao", answer)
    assert reading.rows == {}
    assert "'对方已签收' alone proves nothing" in reading.refused[0][1]


def test_signed_is_not_taken_from_the_status_for_a_step_without_words(read: Read) -> None:
    steps = {"transit_step_info": [{"status_time": "2023-01-01 12:00:00", "status_desc": ""}]}
    answer = {"out_sid": "73190553102532", "company_name": "中通快递", "status": "对方已签收", "trace_list": steps}
    assert [row["stage"] for row in read("taobao", {"logistics_trace_search_response": answer}).rows["scans"]] == ["other"]


def test_a_trace_that_nobody_has_is_told_in_the_answers_words(read: Read, fixture_bytes: Fixture) -> None:
    assert "nobody has a record of this parcel" in read("taobao", fixture_bytes("taobao/error_no_trace.json")).refused[0][1]
    error = {"error_response": {"code": 27, "msg": "Invalid session", "sub_code": "invalid-sessionkey"}}
    assert read("taobao", error).refused[0][1] == "it is an error answer: 27 Invalid session invalid-sessionkey"
    assert "it lists no trade" in read("taobao", {"trades_sold_get_response": {"total_results": 0}}).refused[0][1]
    assert "it lists no logistics order" in read("taobao", {"logistics_orders_get_response": {"shippings": {}}}).refused[0][1]
    assert "no TOP answer" in read("taobao", {"x": 1}).refused[0][1]


def test_several_numbers_in_one_field_are_several_waybills(read: Read, trade: dict[str, Any]) -> None:
    trade["orders"]["order"] = [trade["orders"]["order"][0] | {"invoice_no": "73190553102532,73190553102533"}]
    assert [row["waybill_no"] for row in read("taobao", full(trade)).rows["declarations"]] == ["73190553102532", "73190553102533"]
