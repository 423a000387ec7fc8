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

ANSWER: dict[str, Any] = {
    "EBusinessID": "1", "ShipperCode": "YTO", "LogisticCode": "YT1234567890123", "Success": True, "State": "2", "StateEx": "211",
    "Location": "杭州市", "DeliveryMan": "赵钱", "DeliveryManTel": "13800000000",
    "Traces": [
        {"AcceptTime": "2023/05/01 20:00:00", "AcceptStation": "【杭州转运中心】 已收入", "Location": "杭州市", "Action": "204"},
        {"AcceptTime": "2023-05-02 08:00:00", "AcceptStation": "谢谢", "Location": "杭州市", "Action": "211", "Remark": "丰巢"},
    ],
}  # fmt: skip
PUSH = {"PushTime": "2023-05-02 08:30:00", "EBusinessID": "1", "Count": "1", "Data": [ANSWER]}


def test_the_real_answer_with_doubled_keys_gives_each_scan_once(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("kdniao", fixture_bytes("kdniao/query_htky_2020_duplicated_keys.json"))
    scans = reading.rows["scans"]
    assert [row["stage"] for row in scans] == [
        "collected", "hub_in", "hub_out", "hub_in", "hub_out", "hub_in", "hub_out", "outlet_in", "out_for_delivery", "delivered",
    ]  # fmt: skip
    assert scans[-1]["event_time"] == datetime(2020, 8, 24, 8, 12, 43, tzinfo=UTC)
    assert scans[2]["place"] == "青岛转运中心"
    assert not any("15200000000" in row["description"] for row in scans)


def test_the_real_fragment_ends_where_its_scans_end(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("kdniao", fixture_bytes("kdniao/query_yto_2019_fragment.json"))
    assert [row["stage"] for row in reading.rows["scans"]] == ["collected", "collected", "hub_in"]
    assert "says delivered" in reading.notes[0]


@pytest.mark.parametrize(
    "payload",
    [
        PUSH,
        {"RequestData": PUSH, "RequestType": "102", "DataSign": "x"},
        urlencode({"RequestData": json.dumps(PUSH), "EBusinessID": "1", "RequestType": "102", "DataSign": "x"}),
        {key.lower(): value for key, value in PUSH.items()},
    ],
    ids=["push", "parsed form", "form body", "lower case"],
)
def test_a_push_in_any_wrapping_is_read_with_its_time(read: Read, payload: object) -> None:
    scans = read("kdniao", payload).rows["scans"]
    assert [(row["stage"], row["place"]) for row in scans] == [("hub_in", "杭州转运中心"), ("pickup_ready", "杭州市")]
    assert {row["received_at"] for row in scans} == {datetime(2023, 5, 2, 0, 30, tzinfo=UTC)}
    assert scans[0]["event_time"] == datetime(2023, 5, 1, 12, tzinfo=UTC)


def test_people_of_the_payload_are_not_stored(read: Read) -> None:
    assert "赵钱" not in str(read("kdniao", ANSWER).rows)


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"EBusinessID": "1", "Success": False, "Reason": "非法参数", "Traces": None}, "error answer: 非法参数"),
        (
            {"LogisticCode": "1", "ShipperCode": "YTO", "Success": True, "State": "0", "Traces": [], "Reason": "暂无轨迹信息"},
            "no scan for waybill 1 (暂无轨迹信息)",
        ),
        ({"LogisticCode": "1", "ShipperCode": "YTO", "Success": False, "Reason": "三天无轨迹", "Traces": []}, "within 3 days"),
        ({**ANSWER, "ShipperCode": None}, "names no carrier"),
        ({**ANSWER, "LogisticCode": {}}, "names no waybill"),
        ({**ANSWER, "Traces": "soon"}, "lists no scan"),
        ({"PushTime": "x", "Count": "0", "Data": []}, "lists no waybill"),
        ({"UpdateTime": "2023-05-02 08:30:00"}, "no Kdniao answer"),
        ([[]], "no Kdniao answer"),
    ],
)
def test_what_has_no_trace_is_refused_in_its_own_words(read: Read, payload: object, why: str) -> None:
    reading = read("kdniao", payload)
    assert reading.rows == {}
    assert why in reading.refused[0][1]


def test_one_waybill_without_a_trace_costs_no_other_of_the_push(read: Read) -> None:
    silent = {"LogisticCode": "2", "ShipperCode": "YTO", "Success": False, "Reason": "三天无轨迹", "Traces": []}
    reading = read("kdniao", {**PUSH, "Data": [silent, ANSWER]})
    assert len(reading.rows["scans"]) == 2
    assert reading.refused[0][0] == "payload 1, Data 1"


@pytest.mark.parametrize(
    ("code", "stage"),
    [
        ("304", "pickup_ready"),
        ("311", "pickup_ready"),
        ("10", "created"),
        ("401", "created"),
        ("413", "recalled"),
        ("406", "returned"),
        ("404", "returning"),
        ("601", "customs"),
        ("205", "outlet_in"),
        ("0815", "other"),
    ],
)
def test_a_code_without_words_has_its_stage(read: Read, code: str, stage: str) -> None:
    answer = {**ANSWER, "Traces": [{"AcceptTime": "2023-05-01 20:00:00", "AcceptStation": "", "Action": code}]}
    assert read("kdniao", answer).rows["scans"][0]["stage"] == stage


def test_the_sandbox_is_named(read: Read) -> None:
    assert any("sandbox" in note for note in read("kdniao", {**ANSWER, "LogisticCode": "12345678"}).notes)


def test_a_push_older_than_its_scan_is_not_believed(read: Read) -> None:
    reading = read("kdniao", {**PUSH, "PushTime": "2023-05-02 01:00:00"})
    assert [row["received_at"] is None for row in reading.rows["scans"]] == [False, True]
    assert any("after the time of the payload" in note for note in reading.notes)
