from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]

ROUTE = {"id": "1", "mailno": "SF1234567890123", "acceptTime": "2023-05-01 10:00:00", "acceptAddress": "广州市", "opCode": "50"}
TRACE: dict[str, Any] = {
    "billCode": "73111111111111", "action": "ARRIVAL", "actionTime": "2025-01-01 10:00:00", "facilityCode": "57103",
    "facilityName": "杭州中转部", "city": "杭州市", "courier": "赵钱", "courierPhone": "13800000000、13900000000",
}  # fmt: skip


def stages(reading: Reading) -> list[str]:
    return [row["stage"] for row in reading.rows["scans"]]


def test_a_push_of_sf_is_put_together_by_waybill(read: Read) -> None:
    routes = [ROUTE | {"opCode": "80", "acceptTime": "2023-05-03 10:00:00"}, ROUTE, ROUTE | {"mailno": "SF1234567890124", "opCode": "777"}]
    reading = read("sf", {"Body": {"WaybillRoute": routes}})
    assert stages(reading) == ["collected", "delivered", "other"]
    assert reading.rows["scans"][0]["event_time"] == datetime(2023, 5, 1, 2, tzinfo=UTC)
    assert reading.rows["scans"][0]["place"] == "广州市"


def test_an_answer_of_sf_is_read_from_its_text(read: Read) -> None:
    found = {"mailNo": "SF1234567890123", "routes": [{"acceptTime": "2023-05-01 10:00:00", "remark": "快件已发车", "opCode": "36"}]}
    data = json.dumps({"success": True, "errorCode": "S0000", "msgData": {"routeResps": [found]}})
    assert stages(read("sf", {"apiResultCode": "A1000", "apiResultData": data})) == ["hub_out"]


def test_a_refusal_of_sf_carries_its_reason(read: Read) -> None:
    data = json.dumps({"success": False, "errorCode": "8059", "errorMsg": "手机号错误"})
    assert read("sf", {"apiResultCode": "A1000", "apiResultData": data}).refused[0][1] == "it is an error answer: 8059 手机号错误"
    assert "lists no route" in read("sf", {"apiResultCode": "A1000", "apiResultData": '{"msgData": {"routeResps": []}}'}).refused[0][1]
    assert "no SF answer" in read("sf", {"x": 1}).refused[0][1]


def test_an_undelivered_route_keeps_its_reason(read: Read) -> None:
    row = read("sf", {"Body": {"WaybillRoute": ROUTE | {"opCode": "33", "remark": "派送不成功", "reasonName": "无人接听"}}}).rows["scans"][0]
    assert (row["stage"], row["description"]) == ("attempt_failed", "派送不成功 (无人接听)")


def test_pushes_of_zto_are_put_in_order_whatever_their_arrival(read: Read) -> None:
    got = TRACE | {"action": "GOT", "actionTime": "2024-12-31 20:00:00", "facilityName": "义乌", "city": "金华市"}
    body = "\n".join(urlencode({"data": json.dumps(event), "msg_type": "Traces", "company_id": "1"}) for event in (TRACE, got))
    reading = read("zto", body)
    assert [(row["stage"], row["place"], row["facility_id"]) for row in reading.rows["scans"]] == [
        ("collected", "金华市 义乌", "57103"), ("hub_in", "杭州市 杭州中转部", "57103"),
    ]  # fmt: skip
    assert "赵钱" not in str(reading.rows)


@pytest.mark.parametrize(
    ("action", "stage"),
    [("INBOUND", "pickup_ready"), ("HANDOVERSCAN_SIGNED", "pickup_ready"), ("DEPARTURE_SIGNED", "delivered"), ("DISPATCH", "out_for_delivery")],
)
def test_what_a_station_signs_is_not_with_the_buyer(read: Read, action: str, stage: str) -> None:
    assert stages(read("zto", {"data": [TRACE | {"action": action}]})) == [stage]


def test_the_words_of_zto_beat_its_contradicting_city(read: Read) -> None:
    assert read("zto", {"data": TRACE | {"desc": "【武汉市】 快件已经到达 【武汉中转部】"}}).rows["scans"][0]["place"] == "武汉市 武汉中转部"


def test_a_push_without_a_number_is_refused(read: Read) -> None:
    assert "no billCode" in read("zto", {"data": {"action": "GOT"}}).refused[0][1]


def test_an_answer_of_yunda_and_its_pushes_read_alike(read: Read) -> None:
    step = {"time": "2023-01-01 10:00:00", "station": "215000", "station_name": "江苏苏州公司", "city": "苏州市", "action": "GOT", "description": ""}
    answer = read("yunda", {"data": {"mailno": 4333913730123, "status": "GOT", "steps": [step]}})
    assert read("yunda", {"mailno": "4333913730123"} | step).rows == answer.rows
    row = answer.rows["scans"][0]
    assert (row["carrier"], row["waybill_no"], row["stage"], row["place"]) == ("YD", "4333913730123", "collected", "苏州市 江苏苏州公司")


def test_yunda_without_steps_is_refused(read: Read) -> None:
    assert "no scan for waybill 1 (无物流信息)" in read("yunda", {"message": "无物流信息", "data": {"mailno": 1, "steps": []}}).refused[0][1]
    assert "no Yunda answer" in read("yunda", {"x": 1}).refused[0][1]
