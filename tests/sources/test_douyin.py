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
def order(fixture_bytes: Fixture) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(fixture_bytes("douyin/order_search_list.json"))["data"]["shop_order_list"][0]
    return listed


def detail(order: dict[str, Any]) -> dict[str, Any]:
    return {"code": 10000, "data": {"shop_order_detail": order}}


def test_an_order_keeps_its_ids_its_moments_and_its_money_exactly(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("douyin", fixture_bytes("douyin/order_search_list.json"))
    first, waiting = reading.rows["orders"]
    assert (first["order_id"], first["product_id"], first["merchant_id"], first["buyer_id"]) == (
        "6496679971677798670", "3473196049974326153", "4463798", "1@#OPENID4xQ==",
    )  # fmt: skip
    assert (first["paid_at"], first["promised_ship_at"]) == (datetime(2023, 1, 1, 2, tzinfo=UTC), datetime(2023, 1, 3, 2, tzinfo=UTC))
    assert (first["amount_paid"], first["unit_price"], first["quantity"], first["currency"]) == (Decimal("94.80"), Decimal("49.95"), 2, "CNY")
    assert (first["province"], first["district"], first["adcode"], first["status"]) == ("浙江省", "西湖区", "330106", "completed")
    assert (waiting["status"], waiting["kind"]) == ("paid", "presale")
    assert reading.refused == [("payload 1, order 6496679971677798672", "it is not paid (待支付): nobody has to ship it")]


def test_a_waybill_a_receipt_and_the_live_room_come_with_the_order(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("douyin", fixture_bytes("douyin/order_search_list.json"))
    (declaration,), (receipt,), (link,) = (reading.rows[table] for table in ("declarations", "receipts", "links"))
    assert (declaration["carrier"], declaration["waybill_no"], declaration["declared_at"]) == ("YTO", "YT7199652228745", datetime(2023, 1, 1, 4, tzinfo=UTC))
    assert receipt["confirmed_at"] == datetime(2023, 1, 5, 9, 30, tzinfo=UTC)
    assert (link["kind"], len(link["key"])) == ("referrer", 32)


def test_masks_and_ciphers_give_no_key_and_a_number_in_the_clear_gives_one(read: Read, order: dict[str, Any]) -> None:
    row = read("douyin", detail(order)).rows["orders"][0]
    assert (row["phone_key"], row["recipient_key"]) == (None, None)
    clear = {"post_tel": "138 0000 0000", "post_receiver": "某某", "post_addr": order["post_addr"] | {"detail": "某路某号"}}
    row = read("douyin", detail(order | clear)).rows["orders"][0]
    assert len(row["phone_key"]) == len(row["recipient_key"]) == 32
    for hidden in ("1*******000", "13800000000-1234", "##cipher", "１３８＊＊＊＊００００"):
        assert read("douyin", detail(order | {"post_tel": hidden})).rows["orders"][0]["phone_key"] is None


@pytest.mark.parametrize(
    ("change", "goods", "column", "expected"),
    [
        ({"main_status": 22}, {}, "status", "refunded"),
        ({"main_status": 4, "order_status": 4}, {}, "status", "cancelled"),
        ({"main_status": 77, "order_status": 77}, {}, "status", None),
        ({"order_type": 2}, {}, "kind", "virtual"),
        ({}, {"trade_type": 2}, "kind", "presale"),
        ({}, {"given_product_type": "FREE"}, "kind", "gift"),
        ({}, {"trade_type": 18}, "mode", "instant"),
    ],
)
def test_codes_of_an_order_become_ours(
    read: Read, order: dict[str, Any], change: dict[str, Any], goods: dict[str, Any], column: str, expected: str | None
) -> None:
    changed = order | change | {"sku_order_list": [entry | goods for entry in order["sku_order_list"]]}
    assert read("douyin", detail(changed)).rows["orders"][0][column] == expected


def test_a_district_that_never_existed_leaves_the_place_to_its_names(read: Read, order: dict[str, Any]) -> None:
    address = order["post_addr"] | {"town": {"name": "某区", "id": "330199"}}
    row = read("douyin", detail(order | {"post_addr": address})).rows["orders"][0]
    assert (row["adcode"], row["district"]) == (None, "某区")


def test_goods_of_two_kinds_have_no_one_price(read: Read, order: dict[str, Any]) -> None:
    goods = [*order["sku_order_list"], order["sku_order_list"][0] | {"product_id_str": "2", "origin_amount": 100, "item_num": 1}]
    row = read("douyin", detail(order | {"sku_order_list": goods})).rows["orders"][0]
    assert (row["product_id"], row["unit_price"], row["quantity"]) == (None, None, 3)


def test_a_bad_order_and_a_bad_waybill_cost_only_themselves(read: Read, order: dict[str, Any]) -> None:
    bad_money = order | {"order_id": "2", "pay_amount": "free"}
    bad_waybill = order | {"order_id": "3", "ship_time": 0, "logistics_info": [order["logistics_info"][0] | {"ship_time": 0}]}
    half = order | {"order_id": "4", "logistics_info": [*bad_waybill["logistics_info"], order["logistics_info"][0] | {"tracking_no": "YT2"}]}
    half["ship_time"] = 0
    reading = read("douyin", {"code": 10000, "data": {"shop_order_list": [bad_money, bad_waybill, half, order, None, 5]}})
    assert [row["order_id"] for row in reading.rows["orders"]] == ["4", order["order_id"]]
    assert [why for _, why in reading.refused] == ["amount_paid 'free' is no amount: write it like 12.30", "it lacks declared_at", "it lacks declared_at"]


def test_pushes_declare_confirm_and_tell_what_the_buyer_asked(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("douyin", fixture_bytes("douyin/pushes.json"))
    assert reading.rows["declarations"][0]["waybill_no"] == "SF1345778775768"
    assert [(row["kind"], row["adcode"]) for row in reading.rows["order_events"]] == [("address_changed", "330106"), ("refund_requested", None)]
    assert reading.rows["receipts"][0]["order_id"] == "6496679971677798673"
    assert "tag '101'" in reading.refused[0][1]


@pytest.mark.parametrize(
    ("push", "says"),
    [
        ({"tag": "200", "data": '{"p_id": 1, "apply_time": "soon"}'}, "happened_at 'soon' is no time"),
        ({"tag": "105", "data": '{"p_id": 1}'}, "it lacks happened_at"),
        ({"tag": "102", "data": '{"p_id": 1, "update_time": 1672545600}'}, "declares no usable waybill"),
        ({"tag": "102", "data": "{}"}, "carries no whole order"),
        ({"tag": "102", "data": "cut {"}, "carries no whole order"),
    ],
)
def test_a_push_that_cannot_be_used_is_told(read: Read, push: dict[str, Any], says: str) -> None:
    reading = read("douyin", [push])
    assert reading.rows == {}
    assert says in reading.refused[0][1]


def test_a_carrier_of_douyins_own_number_is_known_from_its_list(read: Read, fixture_bytes: Fixture) -> None:
    push = json.loads(fixture_bytes("douyin/pushes.json"))[0]
    push["data"] = push["data"].replace("SF1345778775768", "123456789012")
    reading = read("douyin", [push])
    assert reading.rows["declarations"][0]["carrier"] == "DOUYIN-7"
    assert "own number, which is unknown" in reading.notes[0]
    companies = {"code": 10000, "data": [{"id": 7, "name": "中通快递", "code": "zhongtong"}]}
    assert read("douyin", [push, companies]).rows["declarations"][0]["carrier"] == "ZTO"


def test_a_trace_is_read_from_its_words_with_names_and_phones_gone(read: Read, fixture_bytes: Fixture) -> None:
    scans = read("douyin", fixture_bytes("douyin/track_no_route_detail.json")).rows["scans"]
    assert [row["stage"] for row in scans] == ["collected", "hub_in", "out_for_delivery", "delivered"]
    assert (scans[0]["carrier"], scans[0]["event_time"]) == ("YTO", datetime(2023, 1, 1, 7, tzinfo=UTC))
    assert "13800000000" not in str(scans)


def test_an_unknown_code_without_words_stays_other_with_the_code(read: Read, fixture_bytes: Fixture) -> None:
    scans = read("douyin", fixture_bytes("douyin/query_package_route.json")).rows["scans"]
    assert [(row["stage"], row["description"]) for row in scans][1] == ("other", "[code NEW_CODE]")
    assert scans[0]["stage"] == "hub_out"


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"code": 40004, "msg": "业务处理失败", "sub_code": "isv.invalid-parameter", "data": None}, "it is an error answer: 40004 业务处理失败"),
        ({"code": 10000, "data": {"shop_order_list": []}}, "it lists no order"),
        ({"code": 10000, "data": {"track_info": {"track_no": "1"}, "route__node_list": None}}, "it lists no scan"),
        ({"x": 1}, "it is no Douyin answer"),
    ],
)
def test_what_gives_nothing_is_told(read: Read, payload: object, says: str) -> None:
    assert says in read("douyin", payload).refused[0][1]
