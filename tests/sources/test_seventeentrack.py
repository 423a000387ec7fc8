from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]


def event(utc: str | None, words: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    return {"time_utc": utc, "description": words, "sub_status": code, **more}


def info(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    provider = {"provider": {"key": 3011, "name": "China Post"}, "latest_sync_time": "2026-07-02T00:00:00Z", "events": list(events)}
    return {"tracking": {"providers": [provider]}, **more}


def webhook(track_info: object, **more: Any) -> dict[str, Any]:
    return {"event": "TRACKING_UPDATED", "data": {"number": "RB123456789CN", "carrier": 3011, "track_info": track_info, **more}}


def stages(reading: Reading) -> list[str]:
    return [row["stage"] for row in reading.rows.get("scans", [])]


def test_the_real_answer_is_read_and_its_rejected_number_told(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("17track", fixture_bytes("17track/gettrackinfo_yanwen_190012.json"))
    scans = reading.rows["scans"]
    assert [(row["carrier"], row["stage"], row["event_time"].isoformat()) for row in scans] == [
        ("YANWEN", "collected", "2026-06-24T01:00:00+00:00"),
        ("YANWEN", "other", "2026-06-26T08:30:00+00:00"),
        ("YANWEN", "hub_in", "2026-06-29T13:05:00+00:00"),
    ]
    assert scans[1]["description"].startswith("[code InTransit_QuantumTunnelling] Hypothetical")
    assert scans[0]["place"] == "SHENZHEN, CN"
    assert "parcels" not in reading.rows
    assert reading.refused[0][1].startswith("17TRACK rejected waybill 21213123123230: -18019902 The tracking number")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("getquota", "it tells the quota and no trace"),
        ("gettracklist_page", "an entry of the list of numbers"),
        ("register_mixed", "it confirms the registration of waybill AA123456789BR"),
        ("webhook_tracking_stopped", "17TRACK stopped tracking waybill AA123456789BR"),
    ],
)
def test_a_real_reply_without_a_trace_is_refused(read: Read, fixture_bytes: Callable[[str], bytes], name: str, reason: str) -> None:
    reading = read("17track", fixture_bytes(f"17track/{name}.json"))
    assert reading.rows == {}
    assert reason in reading.refused[0][1]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"code": -18010002, "data": {"errors": [{"code": -18010002, "message": "Invalid API key."}]}}, "it is an error answer: -18010002 Invalid API key."),
        ({"code": -18010010, "message": "down"}, "it is an error answer: -18010010 down"),
        ({"code": 0, "data": {"accepted": [], "rejected": []}}, "it lists no number"),
        (webhook({"latest_status": {"status": "NotFound"}}), "it lists no scan of waybill RB123456789CN (status NotFound)"),
        (webhook(None), "it lists no scan of waybill RB123456789CN"),
        ({"x": 1}, "it is no 17TRACK answer"),
    ],
)
def test_what_holds_no_scan_is_refused_with_its_reason(read: Read, payload: object, reason: str) -> None:
    reading = read("17track", payload)
    assert reading.rows == {}
    assert reading.refused[0][1].startswith(reason)


def test_a_webhook_is_read_oldest_first_with_its_weight(read: Read) -> None:
    events = (event("2026-07-01T10:00:00Z", "Delivered", "Delivered_Other"), event("2026-06-28T10:00:00Z", "Posting", "InTransit_PickedUp"))
    reading = read("17track", webhook(info(*events, misc_info={"weight_raw": "49.20LBS", "weight_kg": "22.32"})))
    assert stages(reading) == ["collected", "delivered"]
    assert reading.rows["parcels"] == [
        {"carrier": "CHINAPOST", "waybill_no": "RB123456789CN", "weight_g": 22320, "updated_at": datetime(2026, 7, 2, tzinfo=UTC)}
    ]
    pounds = read("17track", webhook(info(*events, misc_info={"weight_raw": "2LBS"})))
    assert pounds.rows["parcels"][0]["weight_g"] == 907


def test_a_hand_over_that_two_providers_tell_counts_once(read: Read) -> None:
    first = [event("2026-06-28T10:00:00Z", "Arrived at destination country.", "InTransit_Arrival", location="")]
    second = [
        event("2026-06-30T10:00:00Z", "Delivered, In/At Mailbox", "Delivered_Other", location="NEW YORK, NY"),
        event("2026-06-28T10:00:00Z", "Arrived at destination country", "InTransit_Arrival", location="ISC NEW YORK"),
        event("2026-06-28T10:00:00Z", "Customs clearance completed", "InTransit_CustomsReleased", location="ISC NEW YORK"),
    ]
    providers = [{"provider": {"key": 3011}, "events": first}, {"provider": {"key": 21051, "name": "USPS"}, "events": second}]
    reading = read("17track", webhook({"tracking": {"providers": providers}}))
    assert sorted(stages(reading)) == ["customs", "delivered", "hub_in"]
    assert next(row for row in reading.rows["scans"] if row["stage"] == "hub_in")["place"] == "ISC NEW YORK"
    assert any("1 events that two providers tell count once" in note for note in reading.notes)


def test_events_of_one_second_at_two_places_are_two(read: Read) -> None:
    providers = [
        {"provider": {"key": key}, "events": [event("2026-06-28T10:00:00Z", "Arrived", "InTransit_Arrival", location=place)]}
        for key, place in ((3011, "SHANGHAI"), (21051, "CHICAGO"))
    ]
    assert len(stages(read("17track", webhook({"tracking": {"providers": providers}})))) == 2


def test_a_time_is_read_from_what_tells_its_offset(read: Read) -> None:
    local = {"time_iso": "2026-06-28T18:00:00", "time_raw": {"date": "2026-06-28", "time": "18:00:00", "timezone": "+08:00"}}
    for times in ({"time_utc": "2026-06-28T10:00:00"}, {"time_utc": None, "time_iso": "2026-06-28T18:00:00+08:00"}, {"time_utc": "", **local}):
        reading = read("17track", webhook(info({"description": "Posting", **times})))
        assert reading.rows["scans"][0]["event_time"] == datetime(2026, 6, 28, 10, tzinfo=UTC)


def test_a_time_without_an_offset_is_refused_unless_a_zone_is_given(read: Read) -> None:
    payload = webhook(info(event(None, "Posting", time_iso="2026-06-28T18:00:00"), event("2026-06-29T10:00:00Z", "Departed")))
    reading = read("17track", payload)
    assert len(stages(reading)) == 1
    assert "has no zone: name one with --timezone" in reading.refused[0][1]
    assert read("17track", payload, timezone="Asia/Shanghai").rows["scans"][0]["event_time"] == datetime(2026, 6, 28, 10, tzinfo=UTC)


def test_the_stage_stands_in_for_a_missing_sub_status_and_a_translation_for_words_nobody_reads(read: Read) -> None:
    delivered = event("2026-06-28T10:00:00Z", "Objeto entregue ao destinatário", stage="Delivered")
    assert stages(read("17track", webhook(info(delivered)))) == ["delivered"]
    translated = event("2026-06-28T10:00:00Z", "Entrega não efetuada", description_translation={"lang": "en", "description": "Could not be delivered"})
    assert stages(read("17track", webhook(info(translated)))) == ["attempt_failed"]


def test_words_that_deny_a_delivery_beat_the_code(read: Read) -> None:
    assert stages(read("17track", webhook(info(event("2026-06-28T10:00:00Z", "Could not be delivered", "Delivered_Other"))))) == ["attempt_failed"]


def test_without_events_the_latest_event_and_the_milestones_are_read(read: Read) -> None:
    milestones = [{"key_stage": "PickedUp", "time_utc": "2026-06-28T10:00:00Z"}, {"key_stage": "Delivered", "time_utc": None}]
    latest = event("2026-06-30T10:00:00Z", "Out for delivery", "OutForDelivery_Other")
    assert stages(read("17track", webhook({"latest_event": latest, "milestone": milestones}))) == ["collected", "out_for_delivery"]


def test_a_payload_of_v1_is_read(read: Read) -> None:
    track = {
        "e": 40, "w1": 21051, "z0": {"a": "2021-07-20 10:00", "c": "ANN ARBOR", "z": "Delivered"},
        "z1": [{"a": "2021-07-20 10:00", "c": "", "d": "ANN ARBOR, MI 48104", "z": "Delivered, In/At Mailbox"},
               {"a": "2021-07-17 14:35", "c": "", "d": "ANN ARBOR, MI 48104", "z": "Shipping Label Created, USPS Awaiting Item"}],
        "z2": [], "z9": [],
    }  # fmt: skip
    payload = {"event": "TRACKING_UPDATED", "sign": "0", "data": {"number": "9214490221582737950192", "track": track}}
    reading = read("17track", payload, timezone="America/Detroit")
    assert stages(reading) == ["created", "delivered"]
    assert (reading.rows["scans"][0]["carrier"], reading.rows["scans"][0]["place"]) == ("USPS", "ANN ARBOR, MI 48104")
    assert reading.rows["scans"][1]["event_time"] == datetime(2021, 7, 20, 14, tzinfo=UTC)
    assert stages(read("17track", {"data": {"number": "1", "track": {"w1": 3011, "z0": track["z0"]}}}, timezone="UTC")) == ["delivered"]


@pytest.mark.parametrize(
    ("carrier", "provider", "expected"),
    [
        (21051, {}, "USPS"),
        ("21051", {}, "USPS"),
        (190271, {"key": 190271, "name": "YunExpress"}, "YUNEXPRESS"),
        (190999, {"key": 190999, "name": "Cainiao", "alias": "CAINIAO"}, "CAINIAO"),
        (190999, {}, "190999"),
        (0, {"key": 21051, "name": "USPS"}, "USPS"),
        (None, {"key": 21051}, "USPS"),
    ],
)
def test_a_carrier_is_ours_else_its_name_else_its_number(read: Read, carrier: object, provider: dict[str, Any], expected: str) -> None:
    providers = [{"provider": provider, "events": [event("2026-06-28T10:00:00Z", "Posting")]}]
    payload = {"code": 0, "data": {"accepted": [{"number": "1", "carrier": carrier, "track_info": {"tracking": {"providers": providers}}}]}}
    assert read("17track", payload).rows["scans"][0]["carrier"] == expected


def test_a_place_abroad_is_its_country_and_postal_code(read: Read) -> None:
    address = {"country": "US", "state": "NY", "city": "NEW YORK", "postal_code": "10001-1234"}
    row = read("17track", webhook(info(event("2026-06-28T10:00:00Z", "Delivered", address=address)))).rows["scans"][0]
    assert (row["place"], row["adcode"]) == ("NEW YORK, NY, US", "US-10001")


def test_one_number_of_an_answer_costs_no_other(read: Read) -> None:
    good = webhook(info(event("2026-06-28T10:00:00Z", "Posting")))["data"]
    reading = read("17track", {"code": 0, "data": {"accepted": [{"number": None, "track_info": 7}, "junk", good], "rejected": "junk"}})
    assert stages(reading) == ["collected"]
    assert len(reading.refused) == 1
