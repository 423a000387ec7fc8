"""What happened to one shipment, from the raw rows of its dataset: each event with when it happened and when it was known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from parcelproof.engines.duckdb import Engine, named, quoted
from parcelproof.report import figures
from parcelproof.report.outputs import normalised, same_name
from parcelproof.report.words import Text, tell, title

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]
MOST_SCANS = 120
_ELSEWHERE = 5


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: times are naive UTC; `known` equals `happened` where the data name no other time."""

    happened: datetime
    known: datetime
    text: Text
    table: str


@dataclass(frozen=True, slots=True)
class Raw:
    """The loaded dataset, and the moment beyond which nothing counts."""

    engine: Engine
    as_of: datetime
    zone: tzinfo

    def rows(self, table: str, where: str) -> list[Row]:
        """The rows of a canonical table that match, as dictionaries."""
        columns = list(self.engine.columns(named(table)))
        return [dict(zip(columns, row, strict=True)) for row in self.engine.rows(f"select * from {named(table)} where {where} order by all")]

    def clock(self, value: datetime | None) -> str:
        """A time in the policy's zone."""
        return figures.NOTHING if value is None else figures.clock(value, self.zone)


def events(raw: Raw, order_id: str, carrier: str | None, waybill_no: str | None) -> list[Event]:
    """Everything known by the moment of judging about one shipment, in the order in which it happened.

    Raises:
        duckdb.Error: a file of the dataset is damaged.
    """
    own = f"order_id = {quoted(order_id)}"
    found = [
        *_orders(raw, own),
        *_declarations(raw, own, carrier, waybill_no),
        *_agreements(raw, own),
        *_complaints(raw, own),
        *_receipts(raw, own),
    ]
    scans: list[Row] = []
    if waybill_no is not None:
        of_number, of_carrier = same_name("waybill_no", waybill_no), same_name("carrier", carrier or "")
        scans = raw.rows("scans", f"{of_number} and {of_carrier}") or raw.rows("scans", of_number)
        found += [*_labels(raw, of_number), *_elsewhere(raw, of_number, order_id), *_scans(raw, scans)]
    found += _disruptions(raw, own, carrier, scans, [event.happened for event in found])
    seen = [event for event in found if event.known <= raw.as_of]
    return sorted(seen, key=lambda event: (event.happened, event.known, event.table))


def _event(table: str, happened: datetime | None, text: Text, known: datetime | None = None) -> list[Event]:
    return [] if happened is None else [Event(happened, known or happened, text, table)]


def _orders(raw: Raw, own: str) -> Iterator[Event]:
    for row in raw.rows("orders", own):
        paid = tell("event", "paid_plain")
        if row["amount_paid"] is not None:
            paid = tell("event", "paid", amount=figures.money(row["amount_paid"], row["currency"]))
        yield from _event("orders", row["placed_at"], tell("event", "placed"))
        yield from _event("orders", row["paid_at"], paid)
        if row["promised_ship_at"] is not None:
            yield Event(row["promised_ship_at"], row["placed_at"] or row["paid_at"], tell("event", "promised"), "orders")


def _declarations(raw: Raw, own: str, carrier: str | None, waybill_no: str | None) -> Iterator[Event]:
    for row in raw.rows("declarations", own):
        names = {"carrier": figures.shown(row["carrier"]), "waybill": figures.shown(row["waybill_no"])}
        this = (row["carrier"], row["waybill_no"]) == (carrier, waybill_no)
        yield from _event("declarations", row["declared_at"], tell("event", "declared" if this else "declared_too", **names))
        yield from _event("declarations", row["withdrawn_at"], tell("event", "withdrawn", **names))


def _elsewhere(raw: Raw, of_number: str, order_id: str) -> Iterator[Event]:
    others = raw.rows("declarations", f"{of_number} and order_id <> {quoted(order_id)} and declared_at <= {quoted(raw.as_of)}::timestamp")
    others.sort(key=lambda row: row["declared_at"])
    for row in others[:_ELSEWHERE]:
        yield from _event("declarations", row["declared_at"], tell("event", "declared_elsewhere", order=figures.shown(row["order_id"])))
    if more := others[_ELSEWHERE:]:
        yield from _event("declarations", more[0]["declared_at"], tell("event", "more_elsewhere", n=figures.count(len(more))))


def _labels(raw: Raw, of_number: str) -> Iterator[Event]:
    for row in raw.rows("parcels", of_number):
        yield from _event("parcels", row["created_at"], tell("event", "label"))
        if row["weight_g"] is not None:
            grams = tell("unit", "grams", n=figures.count(row["weight_g"]))
            yield from _event("parcels", row["weighed_at"] or row["created_at"], tell("event", "weighed", grams=grams))


def _scans(raw: Raw, scans: list[Row]) -> Iterator[Event]:
    known = [row for row in scans if (row["received_at"] or row["event_time"]) <= raw.as_of]
    known.sort(key=lambda row: row["event_time"])
    half = MOST_SCANS // 2
    told = known if len(known) <= MOST_SCANS else [*known[:half], *known[-half:]]
    if len(known) > MOST_SCANS:
        yield from _event("scans", known[half]["event_time"], tell("event", "scan_more", n=figures.count(len(known) - MOST_SCANS)))
    for row in told:
        stage = tell("event", "scan", stage=title("stage", row["stage"], book="story"))
        words = [figures.shown(word) for word in (row["place"], row["description"]) if word]
        if len(words) > 1 and words[0] in words[1]:
            words = words[1:]
        tail = f" {' '.join(words)}" if words else ""
        yield from _event("scans", row["event_time"], Text(stage.zh + tail, stage.en + tail), row["received_at"])


def _agreements(raw: Raw, own: str) -> Iterator[Event]:
    for row in raw.rows("order_events", own):
        text = tell("event", row["kind"], until=raw.clock(row["until"])) if row["kind"] == "ship_time_agreed" else tell("event", row["kind"])
        yield from _event("order_events", row["happened_at"], text)


def _complaints(raw: Raw, own: str) -> Iterator[Event]:
    for row in raw.rows("complaints", own):
        kind = title("complaint", row["kind"], book="story")
        yield from _event("complaints", row["opened_at"], tell("event", "complaint", kind=kind))
        if row["upheld"] is not None:
            decided = "complaint_upheld" if row["upheld"] else "complaint_rejected"
            yield from _event("complaints", row["decided_at"], tell("event", decided, kind=kind))


def _receipts(raw: Raw, own: str) -> Iterator[Event]:
    for row in raw.rows("receipts", own):
        by = row["confirmed_by"]
        text = tell("event", "confirmed", by=title("value", by, book="story")) if by else tell("event", "confirmed_plain")
        yield from _event("receipts", row["confirmed_at"], text)
        yield from _event("receipts", row["reviewed_at"], tell("event", "reviewed"))


def _disruptions(raw: Raw, own: str, carrier: str | None, scans: list[Row], times: list[datetime]) -> Iterator[Event]:
    """Announcements that touch a place, a site or the carrier of this shipment while it was under way."""
    if not times:
        return
    places = {row["adcode"] for row in [*raw.rows("orders", own), *scans] if row["adcode"]}
    sites = {row["facility_id"] for row in scans if row["facility_id"]}
    first, last = min(times), min(max(times) + timedelta(days=7), raw.as_of)
    during = f"starts_at <= {quoted(last)}::timestamp and ends_at >= {quoted(first)}::timestamp"
    for row in raw.rows("disruptions", during):
        if _touches(row, carrier, places, sites):
            text = tell("event", "disruption", reason=figures.shown(row["reason"]), until=raw.clock(row["ends_at"]))
            yield Event(row["starts_at"], row["announced_at"] or row["starts_at"], text, "disruptions")


def _touches(row: Row, carrier: str | None, places: set[str], sites: set[str]) -> bool:
    """Whether an announcement's scope holds the shipment; an empty column means all."""
    if row["carrier"] is not None and normalised(row["carrier"]) != normalised(carrier or ""):
        return False
    if row["adcode"] is not None and not any(place.startswith(row["adcode"]) for place in places):
        return False
    return row["facility_id"] is None or row["facility_id"] in sites
