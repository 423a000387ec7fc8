from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]


def answer(*remarks: str, **changes: Any) -> dict[str, Any]:
    listed = [{"datetime": f"2023-05-0{day} 08:00:00", "remark": remark, "zone": "杭州市"} for day, remark in enumerate(remarks, 1)]
    result = {"company": "圆通", "com": "yt", "no": "YT1234567890123", "status": "0", "list": listed} | changes
    return {"resultcode": "200", "reason": "查询成功", "result": result, "error_code": 0}


def test_the_real_answer_is_read(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("juhe", fixture_bytes("juhe/query_yuantong_2019.json"))
    scans = reading.rows["scans"]
    assert reading.refused == []
    assert [(row["carrier"], row["waybill_no"], row["stage"]) for row in scans] == [
        ("YTO", "805741929402797742", "collected"), ("YTO", "805741929402797742", "delivered"),
    ]  # fmt: skip
    assert scans[1]["event_time"] == datetime(2019, 5, 9, 4, 44, 40, tzinfo=UTC)
    assert scans[0]["place"] == "山东省淄博市淄川区三部公司"


def test_the_zone_is_the_place_where_the_words_name_none(read: Read) -> None:
    assert read("juhe", answer("已揽收")).rows["scans"][0]["place"] == "杭州市"


def test_a_carrier_known_only_by_name_is_found(read: Read) -> None:
    assert read("juhe", answer("已揽收", com="??")).rows["scans"][0]["carrier"] == "YTO"


def test_the_status_detail_stands_in_for_silent_words(read: Read) -> None:
    assert [row["stage"] for row in read("juhe", answer("已揽收", "谢谢", status_detail="DELIVERING")).rows["scans"]] == [
        "collected",
        "out_for_delivery",
    ]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"resultcode": "204", "reason": "没有查询到信息", "result": None, "error_code": 204304}, "error answer: 204304 没有查询到信息"),
        ({"resultcode": "101", "reason": "错误的请求KEY", "result": None, "error_code": 10001}, "error answer: 10001"),
        (answer(), "lists no scan for waybill YT1234567890123"),
        (answer("暂无物流信息"), "lists no scan"),
        (answer("已揽收", no=None), "names no waybill"),
        ({"x": 1}, "no Juhe answer"),
    ],
)
def test_what_has_no_trace_is_refused_in_its_own_words(read: Read, payload: object, why: str) -> None:
    reading = read("juhe", payload)
    assert reading.rows == {}
    assert why in reading.refused[0][1]
