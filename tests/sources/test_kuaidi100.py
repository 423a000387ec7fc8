from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]

YTO = "kuaidi100/query_yuantongkuaiyun_2023_resultv2_4.json"
SF = "kuaidi100/query_shunfeng_2017_ascending.json"
ANSWER: dict[str, Any] = {
    "message": "ok", "nu": "78109356970791", "com": "zhongtong", "status": "200", "state": "0", "ischeck": "0",
    "data": [
        {"time": "2023-05-02 08:00:00", "ftime": "2023-05-02 08:00:00", "context": "【杭州市】 快件已经到达 【杭州中转部】",
         "areaCode": "CN330100000000", "areaName": "浙江,杭州市", "status": "在途", "statusCode": "0"},
        {"time": "2023-05-01 20:00:00", "ftime": "2023-05-01 20:00:00",
         "context": "【芜湖市】 【芜湖】（0553-1230000） 的 王五（13800000000） 已揽收",
         "areaCode": None, "areaName": None, "status": "揽收", "statusCode": "1"},
    ],
}  # fmt: skip


def answer(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(ANSWER) | changes


def scan(context: str, code: str | None = None, time: str = "2023-05-01 20:00:00") -> dict[str, Any]:
    return {"time": time, "ftime": time, "context": context, "statusCode": code}


def stages(reading: Reading) -> list[str]:
    return [row["stage"] for row in reading.rows.get("scans", [])]


def test_the_real_yto_answer_is_read_oldest_first_in_utc(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("kuaidi100", fixture_bytes(YTO))
    scans = reading.rows["scans"]
    assert reading.refused == []
    assert stages(reading) == [
        "collected", "outlet_in", "hub_out", "hub_in", "hub_out", "hub_in", "hub_out", "outlet_in", "out_for_delivery", "pickup_ready",
        "attempt_failed", "out_for_delivery", "delivered",
    ]  # fmt: skip
    assert scans[0]["event_time"] == datetime(2023, 4, 27, 7, 8, 18, tzinfo=UTC)
    assert scans[-1]["event_time"] == datetime(2023, 5, 4, 11, 50, 7, tzinfo=UTC)
    assert {row["waybill_no"] for row in scans} == {"YT7199652228745"}
    assert [row["adcode"] for row in scans if row["adcode"]] == ["440113", "440113", "440600", "110106", "110106"]
    assert all(row["received_at"] is None for row in scans)
    assert not any("13300000000" in row["description"] for row in scans)


def test_the_real_answer_of_the_free_interface_is_read(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    scans = read("kuaidi100", fixture_bytes(SF)).rows["scans"]
    assert len(scans) == 9
    assert (scans[-1]["carrier"], scans[-1]["stage"]) == ("SF", "delivered")
    assert scans[-1]["event_time"] == datetime(2017, 7, 27, 9, 35, 16, tzinfo=UTC)


def test_the_real_answer_without_a_trace_is_refused(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("kuaidi100", fixture_bytes("kuaidi100/query_error_no_result.json"))
    assert reading.rows == {}
    assert reading.refused == [("payload 1", "it lists no scan")]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"result": False, "returnCode": "500", "message": "查询无结果，请隔段时间再查"}, "error answer: 500 查询无结果，请隔段时间再查"),
        ({"message": "验证码错误", "status": "408"}, "error answer: 408 验证码错误"),
        ({"message": "参数错误", "nu": "", "com": "", "status": "400", "data": [], "state": "0"}, "error answer: 400 参数错误"),
        (answer(data=[]), "it lists no scan for waybill 78109356970791"),
        (answer(data=None), "it lists no scan"),
        (answer(data=[scan("查无结果")]), "it lists no scan"),
        (answer(nu=""), "names no waybill"),
        (answer(com=""), "names no carrier"),
        (answer(data=[scan("已揽收", time="yesterday")]), "'yesterday' cannot be read"),
        ({"status": "abort", "message": "3天查询无记录", "lastResult": answer(data=[])}, "nobody scanned the parcel within 3 days"),
        ({"hello": "world"}, "no Kuaidi100 answer"),
        ("a word", "no Kuaidi100 answer"),
        (17, "no JSON object"),
    ],
)
def test_what_has_no_trace_is_refused_in_its_own_words(read: Read, payload: object, why: str) -> None:
    reading = read("kuaidi100", json.dumps(payload))
    assert reading.rows == {}
    assert why in reading.refused[0][1]


@pytest.mark.parametrize(
    "payload",
    [
        {"status": "polling", "billstatus": "sending", "message": "", "lastResult": ANSWER},
        {"sign": "ABC", "param": {"status": "polling", "lastResult": ANSWER}},
        {"sign": "ABC", "param": json.dumps({"status": "polling", "lastResult": ANSWER})},
        urlencode({"sign": "ABC", "param": json.dumps({"status": "polling", "lastResult": ANSWER})}),
        [ANSWER],
        json.dumps(ANSWER),
        {"errno": 200, "errmsg": "ok", "data": ANSWER},
    ],
    ids=["push", "parsed form", "form with text", "form body", "array", "text", "envelope"],
)
def test_a_push_in_any_wrapping_reads_like_the_answer_in_it(read: Read, payload: object) -> None:
    assert read("kuaidi100", payload).rows == read("kuaidi100", ANSWER).rows


def test_the_managers_snake_case_push_tells_when_it_was_sent(read: Read) -> None:
    scans = [
        {"context": one["context"], "time": one["time"], "f_time": one["ftime"], "status": one["status"], "area_code": one["areaCode"]}
        for one in ANSWER["data"]
    ]
    info = {"status": "polling", "last_result": {"state": "0", "company_code": "zhongtong", "kuaidi_num": ANSWER["nu"], "data": scans}}
    rows = read("kuaidi100", {"timestamp": 1683201007, "sign": "x", "data": {"express_info": info}}).rows["scans"]
    assert [row["stage"] for row in rows] == ["collected", "hub_in"]
    assert {row["received_at"] for row in rows} == {datetime(2023, 5, 4, 11, 50, 7, tzinfo=UTC)}


def test_an_order_that_was_only_accepted_is_not_collected(read: Read) -> None:
    assert stages(read("kuaidi100", answer(state="1", data=[scan("【长沙东站】 的 张三 已接单", "1")]))) == ["created"]
    assert stages(read("kuaidi100", answer(data=[scan("", "101"), scan("", "102", "2023-05-01 21:00:00")]))) == ["created", "created"]


def test_a_corrected_carrier_counts(read: Read) -> None:
    push = {"status": "polling", "autoCheck": "1", "comOld": "yuantong", "comNew": "ems", "lastResult": answer(com="")}
    assert read("kuaidi100", push).rows["scans"][0]["carrier"] == "EMS"


def test_an_unknown_carrier_keeps_its_own_code(read: Read) -> None:
    assert read("kuaidi100", answer(com="nobodysexpress")).rows["scans"][0]["carrier"] == "NOBODYSEXPRESS"


def test_an_unknown_code_without_words_is_other_with_the_original(read: Read) -> None:
    reading = read("kuaidi100", answer(data=[scan("谢谢惠顾", "9876")]))
    row = reading.rows["scans"][0]
    assert (row["stage"], row["description"]) == ("other", "[code 9876] 谢谢惠顾")
    assert "9876" in reading.notes[0]


def test_the_summary_stands_in_only_where_the_newest_scan_says_nothing(read: Read) -> None:
    silent = [scan("谢谢惠顾", time="2023-05-03 08:00:00"), scan("已揽收")]
    assert stages(read("kuaidi100", answer(state="3", data=silent))) == ["collected", "delivered"]
    contradicted = read("kuaidi100", answer(state="3", data=[scan("【杭州】已揽收", "1")]))
    assert stages(contradicted) == ["collected"]
    assert "says delivered" in contradicted.notes[0]


def test_repeated_scans_count_once_and_the_repetition_is_told(read: Read) -> None:
    reading = read("kuaidi100", answer(data=[*ANSWER["data"], *ANSWER["data"]]))
    assert len(reading.rows["scans"]) == 2
    assert any("2 repeated scans" in note for note in reading.notes)


@pytest.mark.parametrize("backwards", [True, False])
def test_scans_of_one_second_keep_the_order_of_the_list(read: Read, *, backwards: bool) -> None:
    listed = [
        scan("【甲公司】已揽收"),
        scan("【甲公司】已打包", time="2023-05-02 08:00:00"),
        scan("离开【甲公司】", time="2023-05-02 08:00:00"),
    ]
    given = listed[::-1] if backwards else listed
    assert stages(read("kuaidi100", answer(data=given))) == ["collected", "other", "hub_out"]


def test_another_zone_may_be_named(read: Read) -> None:
    row = read("kuaidi100", ANSWER, "UTC").rows["scans"][0]
    assert row["event_time"] == datetime(2023, 5, 1, 20, tzinfo=UTC)


def test_scans_abroad_are_part_of_the_trace(read: Read) -> None:
    abroad = {"nu": ANSWER["nu"], "com": "usps", "data": [scan("Delivered, Front Door", time="2023-05-09 08:00:00")]}
    assert stages(read("kuaidi100", {"lastResult": ANSWER, "destResult": abroad})) == ["collected", "hub_in", "delivered"]


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("CN440113102000", "440113"),
        ("440113102000", "440113"),
        ("CN440600000000", "440600"),
        ("440113", "440113"),
        ("CN4401", None),
        ("x", None),
        (None, None),
        (7, None),
    ],
)
def test_the_area_code_gives_six_digits_or_nothing(read: Read, area: object, code: str | None) -> None:
    payload = answer(data=[scan("已揽收") | {"areaCode": area}])
    assert read("kuaidi100", payload).rows["scans"][0]["adcode"] == code
