from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]

POINT: dict[str, Any] = {
    "slug": "usps", "created_at": "2026-07-01T12:05:00+00:00", "checkpoint_time": "2026-07-01T08:00:00-04:00", "message": "Delivered, Front Door/Porch",
    "tag": "Delivered", "subtag": "Delivered_001", "city": "NEW YORK", "state": "NY", "zip": "10001", "country_iso3": "USA", "country_name": "USA",
}  # fmt: skip


def webhook(*points: dict[str, Any], **more: Any) -> dict[str, Any]:
    tracking = {"tracking_number": "9400111899223197428490", "slug": "usps", "tag": "Delivered", "checkpoints": list(points), **more}
    return {"ts": 1782907800, "event": "tracking_update", "event_id": "a", "msg": tracking}


def stages(reading: Reading) -> list[str]:
    return [row["stage"] for row in reading.rows.get("scans", [])]


def test_the_real_tracking_is_read_in_utc_with_its_weight(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("aftership", fixture_bytes("aftership/GetTrackingResult.json"))
    scans = reading.rows["scans"]
    assert reading.refused == []
    assert len(scans) == 14
    assert (stages(reading)[0], stages(reading)[1], stages(reading)[-1]) == ("created", "collected", "delivered")
    assert scans[-1]["event_time"] == datetime(2018, 7, 25, 1, 10, tzinfo=UTC)
    assert {row["received_at"] for row in scans} == {datetime(2018, 8, 17, 5, 10, 41, tzinfo=UTC)}
    assert {row["carrier"] for row in scans} == {"FEDEX"}
    assert reading.rows["parcels"] == [
        {"carrier": "FEDEX", "waybill_no": "111111111111", "weight_g": 4000, "updated_at": datetime(2018, 8, 17, 5, 10, 46, tzinfo=UTC)}
    ]


def test_the_real_list_is_read_and_its_silent_trackings_told(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("aftership", fixture_bytes("aftership/GetTrackingsResult.json"))
    assert len(stages(reading)) == 11
    assert stages(reading)[-2:] == ["out_for_delivery", "delivered"]
    assert [why for _, why in reading.refused] == [
        "it lists no checkpoint of waybill 2222222222222 (tag Expired_001)",
        "it lists no checkpoint of waybill 1231231231231 (tag Expired_001)",
    ]


def test_the_real_last_checkpoint_is_one_scan(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("aftership", fixture_bytes("aftership/GetLastCheckpointResult.json"))
    row = reading.rows["scans"][0]
    assert (row["stage"], row["place"], row["event_time"]) == ("delivered", "Deal, NJ", datetime(2018, 8, 1, 17, 19, 47, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Error", "it is an error answer: 401 Unauthorized Invalid API Key."),
        ("ListAllCouriersResult", "it lists couriers and no tracking"),
        ("CreateTrackingResult", "it lists no checkpoint of waybill 1111111111111 (tag Pending_001)"),
    ],
)
def test_a_real_answer_without_a_trace_is_refused(read: Read, fixture_bytes: Callable[[str], bytes], name: str, reason: str) -> None:
    reading = read("aftership", fixture_bytes(f"aftership/{name}.json"))
    assert reading.rows == {}
    assert reading.refused == [("payload 1", reason)]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"meta": {"code": 200}, "data": {"trackings": []}}, "it lists no tracking"),
        ({"meta": {"code": 200}, "data": {"tracking": "junk"}}, "it is no AfterShip answer"),
        ({"x": 1}, "it is no AfterShip answer"),
        (webhook(), "it lists no checkpoint of waybill 9400111899223197428490 (tag Delivered)"),
        (webhook(POINT, tracking_number=None), "it names no waybill"),
        (webhook(POINT | {"slug": None}, slug=None), "it names no carrier for waybill"),
    ],
)
def test_what_gives_nothing_is_refused_with_its_reason(read: Read, payload: object, reason: str) -> None:
    reading = read("aftership", payload)
    assert reading.rows == {}
    assert reading.refused[0][1].startswith(reason)


def test_a_webhook_is_read_with_place_and_receipt(read: Read) -> None:
    row = read("aftership", webhook(POINT)).rows["scans"][0]
    assert (row["carrier"], row["place"], row["adcode"]) == ("USPS", "NEW YORK, NY, USA", "US-10001")
    assert row["received_at"] == datetime(2026, 7, 1, 12, 5, tzinfo=UTC)
    sent = read("aftership", webhook(POINT | {"created_at": None})).rows["scans"][0]
    assert sent["received_at"] == datetime(2026, 7, 1, 12, 10, tzinfo=UTC)


def test_a_webhook_that_comes_twice_counts_once(read: Read) -> None:
    reading = read("aftership", [webhook(POINT), webhook(POINT)])
    assert stages(reading) == ["delivered"]
    assert any("delivers event a again" in note for note in reading.notes)


def test_a_checkpoint_without_an_offset_is_refused_unless_a_zone_is_given(read: Read) -> None:
    payload = webhook(POINT | {"checkpoint_time": "2026-07-01T08:00:00"}, POINT)
    reading = read("aftership", payload)
    assert len(stages(reading)) == 1
    assert "has no zone: name one with --timezone" in reading.refused[0][1]
    assert read("aftership", payload, timezone="America/New_York").rows["scans"][0]["event_time"] == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("subtag", "message", "stage"),
    [
        ("InTransit_002", "", "collected"),
        ("Exception_011", "", "returned"),
        ("Exception_010", "Arrived at hub", "returning"),
        ("Exception_011", "Delivered", "returned"),
        ("Delivered_001", "Could not be delivered", "attempt_failed"),
        ("AvailableForPickup_001", "Ready for collection", "pickup_ready"),
        ("InTransit_010", "Mystery", "other"),
        (None, "Delivered", "delivered"),
    ],
)
def test_a_subtag_and_its_words_give_the_stage(read: Read, subtag: str | None, message: str, stage: str) -> None:
    row = read("aftership", webhook(POINT | {"subtag": subtag, "tag": None, "message": message}, tag=None)).rows["scans"][0]
    assert row["stage"] == stage
    if subtag == "InTransit_010":
        assert row["description"] == "[code InTransit_010] Mystery"


@pytest.mark.parametrize(
    ("weight", "unit", "expected"),
    [(2, "lb", 907), ("1.5", None, 1500), ({"value": 8, "unit": "oz"}, None, 227), (None, "kg", None), (0, "kg", None), ("heavy", "kg", None)],
)
def test_a_weight_is_read_in_its_unit(read: Read, weight: object, unit: str | None, expected: int | None) -> None:
    rows = read("aftership", webhook(POINT, shipment_weight=weight, shipment_weight_unit=unit)).rows.get("parcels", [])
    assert [row["weight_g"] for row in rows] == ([expected] if expected else [])


def test_a_tracking_that_is_the_answer_itself_is_read(read: Read) -> None:
    assert stages(read("aftership", {"meta": {"code": 200}, "data": webhook(POINT)["msg"]})) == ["delivered"]
    assert stages(read("aftership", webhook(POINT)["msg"])) == ["delivered"]
