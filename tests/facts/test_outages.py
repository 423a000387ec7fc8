"""Outages of a busy feed: when there is one, and what a wait that an outage fell into still proves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from laying import Row, each_engine, found, judge_at  # noqa: F401  each_engine is the fixture `engine`

from parcelproof.engines.duckdb import Engine

FIRST, AS_OF, DAYS = datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None), "2026-06-13 00:00", 12
OWN: Row = {"carrier": "ZTO", "waybill_no": "N1", "adcode": "330784"}


def day(number: int, hour: int = 0) -> datetime:
    return FIRST + timedelta(days=number - 1, hours=hour)


def feed(hole: tuple[datetime, datetime], strays: int = 0, each_hour: int = 8) -> list[Row]:
    """A feed that tells something each hour of all days but those of the hole, where it tells of so many strays."""
    hours = [FIRST + timedelta(hours=hour) for hour in range(24 * DAYS)]
    told = [(hour, each_hour) for hour in hours if not hole[0] <= hour < hole[1]] + [(hole[0] + timedelta(hours=n), 1) for n in range(strays)]
    return [
        {"carrier": "ZTO", "waybill_no": f"F{place}-{n}", "event_time": (hour + timedelta(minutes=n)).isoformat(), "stage": "hub_in"}
        for place, (hour, many) in enumerate(told)
        for n in range(many)
    ]


def laid(engine: Engine, scans: Sequence[Row], hole: tuple[datetime, datetime], **more: int) -> None:
    order = {"order_id": "O1", "merchant_id": "M1", "buyer_id": "B1", "paid_at": str(day(3)), "promised_ship_at": str(day(5)), "adcode": "440106"}
    declaration = {"order_id": "O1", "carrier": "ZTO", "waybill_no": "N1", "declared_at": str(day(3, 2))}
    judge_at(engine, {"orders": [order], "declarations": [declaration], "scans": [*feed(hole, **more), *scans]}, AS_OF, keep=("outages",))


@pytest.mark.parametrize(
    ("hours", "more", "seen"),
    [
        (26, {"each_hour": 1}, True),
        (10, {}, True),
        (10, {"strays": 6, "each_hour": 40}, True),
        (10, {"strays": 9}, False),
        (5, {}, False),
        (10, {"each_hour": 4}, False),
        (72, {}, True),
    ],
    ids=[
        "a day of a small feed",
        "half a day",
        "a few events come all the same",
        "one event in eight is no outage",
        "five hours are no outage",
        "forty events may miss",
        "three days",
    ],
)
def test_an_outage_is_a_time_in_which_a_busy_feed_told_next_to_nothing(engine: Engine, hours: int, more: dict[str, int], *, seen: bool) -> None:
    hole = (day(6, 5), day(6, 5) + timedelta(hours=hours))
    laid(engine, [], hole, **more)
    assert found(engine, "outages", ("carrier", "starts_at", "ends_at")) == (
        [("ZTO", f"{hole[0]:%Y-%m-%d %H:%M}", f"{hole[1]:%Y-%m-%d %H:%M}")] if seen else []
    )


def scan(when: datetime, stage: str, adcode: str = "330784") -> Row:
    return {**OWN, "event_time": str(when), "stage": stage, "adcode": adcode}


SENT = [scan(day(3, 20), "collected"), scan(day(4, 0), "hub_in")]


@pytest.mark.parametrize(
    ("hole", "scans", "fact", "expected"),
    [
        ((day(3, 12), day(3, 22)), [scan(day(4, 14), "hub_in")], "hours_without_pickup", None),
        ((day(3, 12), day(4, 8)), [scan(day(4, 12), "collected")], "hours_without_pickup", 14.0),
        ((day(6, 12), day(7, 8)), [scan(day(7, 12), "hub_in")], "hours_without_pickup", 82.0),
        ((day(3, 12), day(3, 22)), [scan(day(4, 1), "hub_in")], "hours_without_pickup", 10.0),
        ((day(4, 12), day(4, 22)), [scan(day(5, 16), "hub_in")], "hours_late", None),
        ((day(4, 0), day(4, 10)), [scan(day(3, 20), "collected"), scan(day(5, 8), "hub_in", "440106")], "hours_without_hub", None),
        ((day(6, 0), day(6, 20)), [scan(day(3, 20), "collected"), scan(day(7, 0), "hub_in", "440106")], "hours_without_hub", 52.0),
        (
            (day(5, 0), day(5, 10)),
            [*SENT, scan(day(6, 12), "delivered", "440106")],
            "longest_stall_hours",
            None,
        ),
        (
            (day(7, 0), day(7, 20)),
            [*SENT, scan(day(8, 0), "delivered", "440106")],
            "longest_stall_hours",
            72.0,
        ),
    ],
    ids=[
        "the pickup may be lost",
        "a pickup that was scanned afterwards was not lost",
        "two days of silence before it are proved",
        "a wait of less than a day is none, however it went",
        "a pickup in time may be lost",
        "the sorting centre may be lost",
        "a day without one before it counts as far as it is sure",
        "a scan may have parted the silence",
        "three days of silence before it are proved",
    ],
)
def test_what_an_outage_may_have_hidden_proves_nothing(
    engine: Engine, hole: tuple[datetime, datetime], scans: Sequence[Row], fact: str, expected: float | None
) -> None:
    laid(engine, scans, hole)
    assert found(engine, "facts", (fact,)) == [(expected,)]
