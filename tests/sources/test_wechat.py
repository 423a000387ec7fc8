from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from parcelproof.sources import reader, xmltree
from parcelproof.sources.common import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]
    Fixture = Callable[[str], bytes]

PAID = "4200001234202301010000000001"


def test_a_trace_message_reads_alike_in_json_and_xml(read: Read, fixture_bytes: Fixture) -> None:
    pushed = read("wechat", fixture_bytes("wechat/add_express_path.json"))
    assert [row["stage"] for row in pushed.rows["scans"]] == ["collected", "outlet_in", "out_for_delivery", "delivered"]
    assert pushed.rows["scans"][0]["event_time"] == datetime(2023, 1, 1, 7, tzinfo=UTC)
    assert pushed.rows["scans"][0]["received_at"] == datetime(2023, 1, 5, 4, 0, 4, tzinfo=UTC)
    assert "13800000000" not in str(pushed.rows)
    assert read("wechat", fixture_bytes("wechat/add_express_path.xml")).rows == pushed.rows


def test_one_action_in_xml_and_many_messages_in_a_file(read: Read, fixture_bytes: Fixture) -> None:
    text = fixture_bytes("wechat/add_express_path.xml").decode()
    head, *actions = text.replace("</xml>\n", "").split("<Actions>")
    each = "".join(f"{head}<Actions>{action}</xml>\n" for action in actions)
    assert read("wechat", each).rows == read("wechat", text).rows
    cut = read("wechat", text[: len(text) // 2] + "\n" + text)
    assert cut.rows == read("wechat", text).rows
    assert len(cut.refused) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><Event>&a;</Event></xml>', "damaged XML"),
        ('<xml><!DOCTYPE xml SYSTEM "file:///etc/passwd"></xml>', "damaged XML"),
        ("<xml>" + "<a>" * 100 + "</xml>", "nested too deeply"),
        ("<xml><a></b></xml>", "damaged XML"),
        ("<xml>words</xml>", "no WeChat payload"),
    ],
)
def test_xml_that_is_no_message_is_told(read: Read, text: str, says: str) -> None:
    reading = read("wechat", text)
    assert reading.rows == {}
    assert any(says in why for _, why in reading.refused)


def test_a_document_type_is_refused_before_it_defines_anything() -> None:
    with pytest.raises(xmltree.NotReadable, match="document type"):
        xmltree.parse('<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><Event>&a;</Event></xml>')


def test_a_state_of_the_waybill_service_is_a_scan_and_an_unknown_one_stays_other(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("wechat", fixture_bytes("wechat/ewaybill_push_path.jsonl"))
    assert [row["stage"] for row in reading.rows["scans"]] == ["collected", "pickup_ready", "delivered", "other", "other"]
    assert reading.rows["scans"][-1]["description"] == "[code 55]"
    assert reading.rows["scans"][0]["carrier"] == "SF"
    assert "by their prefix alone" in reading.notes[0]


def test_a_waybill_that_names_no_carrier_takes_it_from_its_declaration_or_the_option(read: Read, fixture_bytes: Fixture) -> None:
    push = json.loads(fixture_bytes("wechat/ewaybill_push_path.jsonl").splitlines()[0])
    push["waybill_info"]["waybill_id"] = "73190553102532"
    assert "name it with --carrier" in read("wechat", push).refused[0][1]
    uploads = json.loads(fixture_bytes("wechat/upload_shipping_info.json"))
    assert read("wechat", [push, *uploads]).rows["scans"][0]["carrier"] == "ZTO"
    named = reader("wechat").read(json.dumps(push).encode(), Context("x", None, b"salt" * 8, {"carrier": "zhongtong"}))
    assert named.rows["scans"][0]["carrier"] == "ZTO"


def test_a_second_upload_takes_back_the_numbers_that_it_lacks(read: Read, fixture_bytes: Fixture) -> None:
    rows = read("wechat", fixture_bytes("wechat/upload_shipping_info.json")).rows["declarations"]
    assert {row["order_id"] for row in rows} == {PAID}
    versions = {(row["waybill_no"], row["withdrawn_at"]) for row in rows}
    assert versions == {("YT7199652228745", None), ("73190553102532", None), ("73190553102532", datetime(2023, 1, 1, 10, tzinfo=UTC))}
    assert {row["declared_at"] for row in rows} == {datetime(2023, 1, 1, 7, 0, 0, 120000, tzinfo=UTC)}


def test_parcels_that_follow_one_another_all_stand(read: Read, fixture_bytes: Fixture) -> None:
    first, second = json.loads(fixture_bytes("wechat/upload_shipping_info.json"))
    first |= {"is_all_delivered": False, "shipping_list": first["shipping_list"][1:]}
    rows = read("wechat", [second | {"delivery_mode": 2, "is_all_delivered": True}, first]).rows["declarations"]
    assert [(row["carrier"], row["withdrawn_at"]) for row in rows] == [("ZTO", None), ("YTO", None)]


def test_combined_uploads_declare_for_each_of_their_orders(read: Read) -> None:
    def part(number: str, carrier: str, waybill: str) -> dict[str, Any]:
        key = {"order_number_type": 1, "mchid": "1900000109", "out_trade_no": number}
        return {"order_key": key, "logistics_type": 1, "delivery_mode": 1, "shipping_list": [{"tracking_no": waybill, "express_company": carrier}]}

    upload = {"order_key": {"order_number_type": 1, "out_trade_no": "M0"}, "sub_orders": [part("M1", "YD", "3832890717253"), part("M2", "JTSD", "JT1")]}
    rows = read("wechat", upload | {"upload_time": "2022-12-15T13:29:35.120+08:00"}).rows["declarations"]
    assert [(row["order_id"], row["carrier"]) for row in rows] == [("M1", "YD"), ("M2", "JT")]


def test_a_payment_order_gives_its_id_to_the_uploads_by_its_other_number(read: Read, fixture_bytes: Fixture) -> None:
    order = json.loads(fixture_bytes("wechat/get_order.json"))
    upload = json.loads(fixture_bytes("wechat/upload_shipping_info.json"))[1]
    upload["order_key"] = {"order_number_type": 1, "mchid": "1900000109", "out_trade_no": "M20230101000001"}
    reading = read("wechat", [upload, order])
    (row,) = reading.rows["orders"]
    assert (row["order_id"], row["amount_paid"], row["merchant_id"], row["status"]) == (PAID, Decimal("99.16"), "1900000109", "paid")
    assert {row["order_id"] for row in reading.rows["declarations"]} == {PAID}


def test_an_order_of_a_shop_is_read_with_place_and_receipt(read: Read, fixture_bytes: Fixture) -> None:
    reading = read("wechat", fixture_bytes("wechat/shop_order_get.json"))
    (row,), (declaration,), (receipt,) = (reading.rows[table] for table in ("orders", "declarations", "receipts"))
    assert (row["amount_paid"], row["unit_price"], row["quantity"], row["district"]) == (Decimal("35.00"), Decimal("20.00"), 2, "西湖区")
    assert (row["phone_key"], row["recipient_key"], row["status"]) == (None, None, "completed")
    assert (declaration["carrier"], receipt["confirmed_at"]) == ("SF", datetime(2023, 1, 5, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("message", "by"),
    [
        ({"Event": "trade_manage_order_settlement", "transaction_id": PAID, "confirm_receive_method": 2, "confirm_receive_time": 1672911000}, "auto"),
        ({"Event": "channels_ec_order_confirm", "CreateTime": 1672911000, "order_info": {"order_id": "1", "confirm_type": "1"}}, "buyer"),
    ],
)
def test_a_confirmation_tells_who_confirmed(read: Read, message: dict[str, Any], by: str) -> None:
    (row,) = read("wechat", message).rows["receipts"]
    assert (row["confirmed_by"], row["confirmed_at"]) == (by, datetime(2023, 1, 5, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({"errcode": 10060001, "errmsg": "支付单不存在"}, "it is an error answer: 10060001 支付单不存在"),
        ({"ToUserName": "gh_1", "Encrypt": "x"}, "decrypt it"),
        ({"Event": "trade_manage_remind_access_api"}, "carries no whole order"),
        ({"order_id": "1", "delivery_list": [{"delivery_id": "SF", "waybill_id": "SF1"}]}, "without a time"),
        ({"order_key": {"order_number_type": 2, "transaction_id": "1"}, "logistics_type": 3, "shipping_list": [{"item_desc": "话费"}]}, "no waybill (virtual)"),
        ({"errcode": 0, "order": {}}, "it lists nothing"),
        ({"errcode": 0, "order": {"transaction_id": "1", "pay_time": 0}}, "it is not paid"),
        ({"errcode": 0, "order": {"x": 1}}, "neither transaction_id nor order_detail"),
        ({"Event": "trade_manage_order_settlement", "transaction_id": "1"}, "no time of confirmation"),
        ({"x": 1}, "it is no WeChat payload"),
    ],
)
def test_what_gives_nothing_is_told(read: Read, payload: object, says: str) -> None:
    reading = read("wechat", payload)
    assert reading.rows == {}
    assert says in reading.refused[0][1]
