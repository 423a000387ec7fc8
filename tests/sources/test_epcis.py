from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from parcelproof.sources import reader
from parcelproof.sources.common import Context
from parcelproof.sources.epcis import sscc

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcelproof.sources.common import Reading

    Read = Callable[..., Reading]

SSCC = "106141412345678908"
OTHER = "urn:epc:id:sscc:0614141.1234567891"
PARCEL: dict[str, Any] = {
    "type": "ObjectEvent", "eventID": "urn:uuid:1", "eventTime": "2026-07-01T10:00:00+02:00", "eventTimeZoneOffset": "+02:00",
    "recordTime": "2026-07-01T10:05:00+02:00", "epcList": ["urn:epc:id:sscc:0614141.1234567890"], "action": "OBSERVE", "bizStep": "arriving",
    "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234"}, "bizLocation": {"id": "urn:epc:id:sgln:0614141.00888.0"},
}  # fmt: skip


def stages(reading: Reading) -> list[str]:
    return [row["stage"] for row in reading.rows.get("scans", [])]


@pytest.mark.parametrize(
    ("name", "stage", "moment", "site"),
    [
        ("AggregationEvent", "hub_in", datetime(2013, 6, 8, 14, 58, 56, 591000, tzinfo=UTC), "0614141007776"),
        ("JumbledFieldsOrder", "hub_out", datetime(2005, 4, 4, 2, 33, 31, 116000, tzinfo=UTC), "0614141073467"),
    ],
)
def test_a_real_event_of_a_parcel_is_one_scan(read: Read, fixture_bytes: Callable[[str], bytes], name: str, stage: str, moment: datetime, site: str) -> None:
    reading = read("epcis", fixture_bytes(f"epcis/{name}.json"))
    (row,) = reading.rows["scans"]
    assert (row["carrier"], row["waybill_no"], row["stage"], row["event_time"], row["facility_id"]) == ("GS1", SSCC, stage, moment, site)
    assert "name the carrier with --carrier" in reading.notes[0]


def test_the_real_events_of_goods_are_refused_one_by_one(read: Read, fixture_bytes: Callable[[str], bytes]) -> None:
    reading = read("epcis", fixture_bytes("epcis/Combination_of_different_event.json"))
    assert (reading.rows, reading.notes, len(reading.refused)) == ({}, [], 6)
    assert ("payload 1, event 2", "it concerns no parcel: none of its identifiers (SGTIN) is an SSCC") in reading.refused
    voided = read("epcis", fixture_bytes("epcis/ObjectEvent_with_error_declaration.json"))
    assert voided.refused[0][1] == "the event is void: it was declared wrong (incorrect_data) 2021-02-01T22:46:31.117000+00:00"


@pytest.mark.parametrize(
    ("epc", "expected"),
    [
        ("urn:epc:id:sscc:0614141.1234567890", SSCC),
        ("urn:epc:tag:sscc-96:3.0614141.1234567890", SSCC),
        (f"https://id.gs1.org/00/{SSCC}", SSCC),
        (f"https://example.com/some/path/00/{SSCC}?linkType=all", SSCC),
        (f"(00){SSCC}", SSCC),
        (SSCC, SSCC),
        ("urn:epc:id:sscc:0614141.12345", None),
        ("urn:epc:id:sgtin:0614141.107346.2017", None),
        ("https://id.gs1.org/01/04012345999990/21/XYZ-1234", None),
        ("", None),
    ],
)
def test_one_parcel_in_many_writings(epc: str, expected: str | None) -> None:
    assert sscc(epc) == expected


@pytest.mark.parametrize(
    ("step", "disposition", "stage"),
    [
        ("shipping", "in_transit", "hub_out"),
        ("https://ref.gs1.org/cbv/BizStep-departing", None, "hub_out"),
        ("urn:epcglobal:cbv:bizstep:receiving", "urn:epcglobal:cbv:disp:in_progress", "hub_in"),
        ("cbv:BizStep-arriving", None, "hub_in"),
        ("Accepting", None, "collected"),
        ("shipping", "returned", "returning"),
        ("receiving", "cbv:Disp-returned", "returned"),
        ("inspecting", "damaged", "exception"),
        ("void_shipping", None, "recalled"),
        (None, "in_transit", "hub_out"),
        ("https://example.com/bizStep/out-for-delivery", None, "out_for_delivery"),
        (None, None, "other"),
    ],
)
def test_step_and_disposition_give_the_stage(read: Read, step: str | None, disposition: str | None, stage: str) -> None:
    assert stages(read("epcis", PARCEL | {"bizStep": step, "disposition": disposition})) == [stage]


def test_an_unknown_step_is_kept_as_written(read: Read) -> None:
    row = read("epcis", PARCEL | {"bizStep": "https://example.com/bizStep/dancing"}).rows["scans"][0]
    assert (row["stage"], row["description"]) == ("other", "[code https://example.com/bizStep/dancing]")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda event: event,
        lambda event: [event],
        lambda event: {"type": "EPCISDocument", "epcisBody": {"eventList": [event]}},
        lambda event: {"type": "EPCISQueryDocument", "epcisBody": {"queryResults": {"queryName": "x", "resultsBody": {"eventList": [event]}}}},
        lambda event: {"eventList": event},
    ],
)
def test_an_event_is_found_wherever_it_stands(read: Read, wrap: Callable[[object], object]) -> None:
    row = read("epcis", wrap(PARCEL)).rows["scans"][0]
    assert (row["event_time"], row["received_at"]) == (datetime(2026, 7, 1, 8, tzinfo=UTC), datetime(2026, 7, 1, 8, 5, tzinfo=UTC))
    assert (row["facility_id"], row["place"]) == ("0614141073467", "urn:epc:id:sgln:0614141.07346.1234")


def test_the_offset_beside_a_time_holds_where_the_time_has_none(read: Read) -> None:
    local = PARCEL | {"eventTime": "2026-07-01T10:00:00"}
    assert read("epcis", local).rows["scans"][0]["event_time"] == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert "has no zone" in read("epcis", local | {"eventTimeZoneOffset": None}).refused[0][1]
    assert read("epcis", local | {"eventTimeZoneOffset": None}, timezone="+01:00").rows["scans"][0]["event_time"].hour == 9


def test_an_error_declaration_voids_the_event_of_its_id_and_no_other(read: Read) -> None:
    right = PARCEL | {"eventID": "urn:uuid:2", "bizStep": "departing"}
    wrong = PARCEL | {"errorDeclaration": {"declarationTime": "2026-07-02T00:00:00Z", "reason": "did_not_occur"}}
    reading = read("epcis", [PARCEL, right, wrong])
    assert stages(reading) == ["hub_out"]
    assert len(reading.refused) == 2
    nameless = {key: value for key, value in PARCEL.items() if key != "eventID"}
    assert stages(read("epcis", [nameless, nameless | {"errorDeclaration": {"reason": "did_not_occur"}}, right])) == ["hub_out"]


def test_what_befalls_a_load_unit_befalls_the_parcels_on_it_until_they_are_taken_off(read: Read) -> None:
    unit = "urn:epc:id:sscc:0614141.2000000000"
    put, taken = (
        {"type": "AggregationEvent", "eventTime": time, "parentID": unit, "childEPCs": children, "action": action, "bizStep": "packing"}
        for time, children, action in (("2026-07-01T09:00:00Z", [PARCEL["epcList"][0], OTHER], "ADD"), ("2026-07-01T12:00:00Z", [], "DELETE"))
    )
    moved = [PARCEL | {"eventID": str(hour), "eventTime": f"2026-07-01T{hour}:00:00Z", "epcList": [unit]} for hour in (10, 13)]
    reading = read("epcis", [*moved, taken, put])
    trace = [(row["event_time"].hour, row["stage"]) for row in reading.rows["scans"] if row["waybill_no"] == SSCC]
    assert trace == [(9, "created"), (10, "hub_in"), (12, "created")]


def test_packing_one_parcel_is_no_event_of_the_others_and_passing_on_has_an_end(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = "urn:epc:id:sscc:0614141.2000000000"
    packed = [
        {"type": "AggregationEvent", "eventTime": f"2026-07-01T0{hour}:00:00Z", "parentID": unit, "childEPCs": [child], "action": "ADD"}
        for hour, child in enumerate((PARCEL["epcList"][0], OTHER), 1)
    ]
    trace = [row["event_time"].hour for row in read("epcis", packed).rows["scans"] if row["waybill_no"] == SSCC]
    assert trace == [1]
    monkeypatch.setattr("parcelproof.sources.epcis.MOST_CARRIED", 1)
    reading = read("epcis", [*packed, PARCEL | {"epcList": [unit]}])
    assert len([row for row in reading.rows["scans"] if row["event_time"].hour == 8]) == 2
    assert any("only 1 scans were passed on" in note for note in reading.notes)


def test_a_weight_counts_only_for_a_single_parcel(read: Read) -> None:
    sensor = [{"sensorReport": [{"type": "Temperature", "value": 26.0, "uom": "CEL"}, {"type": "gs1:Mass", "value": 3.5, "uom": "KGM"}]}]
    assert read("epcis", PARCEL | {"sensorElementList": sensor}).rows["scans"][0]["weight_g"] == 3500
    both = read("epcis", PARCEL | {"sensorElementList": sensor, "epcList": [*PARCEL["epcList"], OTHER]})
    assert [row["weight_g"] for row in both.rows["scans"]] == [None, None]


def test_a_wrong_check_digit_is_told_and_kept(read: Read) -> None:
    reading = read("epcis", PARCEL | {"epcList": [f"https://id.gs1.org/00/{SSCC[:-1]}0"]})
    assert reading.rows["scans"][0]["waybill_no"] == f"{SSCC[:-1]}0"
    assert any("wrong check digit" in note for note in reading.notes)


def test_the_carrier_is_the_one_that_the_import_names() -> None:
    found = reader("epcis").read(json.dumps(PARCEL).encode(), Context("x", None, b"", {"carrier": "dhl-express"}))
    assert (found.rows["scans"][0]["carrier"], found.notes) == ("DHL", [])


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"type": "epcisException:ValidationException", "title": "Bad", "status": 400, "detail": "no"}, "it is an error answer: 400 Bad no"),
        ({"type": "EPCISDocument", "epcisBody": {"eventList": []}}, "it lists no event"),
        ({"type": "EPCISDocument"}, "it lists no event"),
        ({"x": 1}, "it is no EPCIS document"),
        ({"type": "ObjectEvent"}, "it concerns no parcel: none of its identifiers is an SSCC"),
        (PARCEL | {"eventTime": None, "eventTimeZoneOffset": None}, "it carries no time"),
    ],
)
def test_what_gives_nothing_is_refused_with_its_reason(read: Read, payload: object, reason: str) -> None:
    reading = read("epcis", payload)
    assert reading.rows == {}
    assert reading.refused[0][1].startswith(reason)
