from datetime import UTC, datetime
from decimal import Decimal

import pytest

from parcelproof.sources.common import Reading, as_utc
from parcelproof.sources.divisions import division
from parcelproof.sources.traces import Event, Trace, add_trace, grams, said_nothing


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        ("1.25", "kg", 1250),
        (0.5, "kg", 500),
        ("800", "g", 800),
        ("1.2kg", "g", 1200),
        ("300克", "kg", 300),
        ("49.20LBS", "kg", 22317),
        ("2", "lb", 907),
        (Decimal(8), "oz", 227),
        (Decimal("3.5"), "KGM", 3500),
        ("2", "stone", None),
        (0, "kg", None),
        ("heavy", "kg", None),
        (None, "kg", None),
        (True, "kg", None),
        ("99999999", "kg", None),
    ],
)
def test_a_weight_is_grams_or_nothing(value: object, unit: str, expected: int | None) -> None:
    assert grams(value, unit) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("CN110106000000", "110106"), (440113, "440113"), ("440113102000", "440113"), ("CN440600000000", "440600"), ("330103", "330103"),
        ("CN111400000000", "110000"), ("440199", "440100"), ("449901", "440000"), ("990000", None), ("000000", None), ("9", None), (None, None),
    ],
)  # fmt: skip
def test_a_division_is_one_that_exists_or_the_one_around_it(code: object, expected: str | None) -> None:
    assert division(code) == expected


@pytest.mark.parametrize("text", ["查无结果", "暂无轨迹信息", "暂无物流信息", "没有查询到该单号的物流信息", "抱歉，没有找到相关信息"])
def test_a_text_that_only_says_there_is_no_trace_is_none(text: str) -> None:
    assert said_nothing(text)
    assert not said_nothing("【杭州】已揽收")


def test_a_time_without_a_zone_is_refused_where_the_source_documents_none() -> None:
    reading = Reading()
    events = (Event("2026-08-01 10:00:00", "Picked up"), Event("2026-08-01T10:00:00+08:00", "Picked up"))
    rows = add_trace(reading, "payload 1", "example", Trace("UPS", "1Z", events, "kdniao"), None)
    assert [row["event_time"] for row in rows] == [datetime(2026, 8, 1, 2, tzinfo=UTC)]
    assert "name one with --timezone" in reading.refused[0][1]


def test_an_event_of_its_own_receipt_keeps_it() -> None:
    received = as_utc("2026-08-01T11:00:00Z", None)
    event = Event("2026-08-01T10:00:00Z", "Picked up", received_at=received, weight_g=800, facility_id=17)
    (row,) = add_trace(Reading(), "payload 1", "example", Trace("UPS", "1Z", (event, event), "kdniao"), None)
    assert (row["received_at"], row["weight_g"], row["facility_id"]) == (received, 800, "17")


def test_of_two_receipts_of_one_scan_the_earlier_counts() -> None:
    times = [as_utc(f"2026-08-01T1{hour}:00:00Z", None) for hour in (2, 1)]
    events = tuple(Event("2026-08-01T10:00:00Z", "Picked up", received_at=time) for time in times)
    (row,) = add_trace(Reading(), "payload 1", "example", Trace("UPS", "1Z", events, "kdniao"), None)
    assert row["received_at"] == times[1]
