"""AfterShip: answers about trackings and checkpoints, and webhooks. A checkpoint's time carries its offset, unless the carrier gave none.

`created_at` of a checkpoint is when AfterShip took it in. A webhook's `ts` stands in for it where a checkpoint has none.
Source: https://www.aftership.com/docs/tracking/webhook/webhook-specifications
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from parcelproof.sources.common import Context, Reader, Reading, as_object, as_utc, fold, payloads, words
from parcelproof.sources.divisions import postal
from parcelproof.sources.traces import Event, Trace, add_trace, grams

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime, tzinfo

NAME = "aftership"
_NO_TRACE = {
    "couriers": "it lists couriers and no tracking",
    "edd": "it tells an estimated day of delivery and no checkpoint",
    "estimateddeliverydates": "it tells estimated days of delivery and no checkpoint",
    "notification": "it tells who is notified and no checkpoint",
    "emails": "it tells who is notified and no checkpoint",
}
"""A key that only one kind of answer has -> why that answer gives nothing."""


def read(data: bytes, context: Context) -> Reading:
    """The scans and weights of every payload in a file; of repeated deliveries of one webhook the first counts."""
    reading = Reading()
    delivered: set[str] = set()
    for where, payload in payloads(data, reading):
        answer = fold(as_object(payload))
        event = words(answer.get("eventid"))
        if event and event in delivered:
            reading.note(f"{where}: it delivers event {event[:64]} again; the first delivery counts")
            continue
        delivered.add(event)
        _read_one(reading, where, answer, context.zone)
    return reading


def _read_one(reading: Reading, where: str, answer: dict[str, Any], zone: tzinfo | None) -> None:
    trackings = list(_trackings(answer))
    if not trackings:
        reading.refuse(where, _why_nothing(answer))
    sent = as_utc(answer.get("ts"), UTC)
    for place, tracking in enumerate(trackings, 1):
        _read_tracking(reading, f"{where}, tracking {place}" if len(trackings) > 1 else where, tracking, sent, zone)


def _trackings(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The trackings of a webhook (`msg`), of an answer (`data`), or of a payload that is one itself."""
    for name in ("msg", "data"):
        answer = fold(as_object(answer.get(name))) or answer
    listed = as_object(answer.get("trackings"))
    for entry in listed if isinstance(listed, list) else [answer.get("tracking") or answer]:
        tracking = fold(as_object(entry))
        if "trackingnumber" in tracking or "checkpoints" in tracking or "checkpoint" in tracking:
            yield tracking


def _why_nothing(answer: dict[str, Any]) -> str:
    meta, data = fold(as_object(answer.get("meta"))), fold(as_object(answer.get("data")))
    code = words(meta.get("code"))
    if code and not code.startswith("2"):
        return f"it is an error answer: {' '.join(text for part in (code, meta.get('type'), meta.get('message')) if (text := words(part)))}"
    known = next((why for key, why in _NO_TRACE.items() if key in data), None)
    if known:
        return known
    if "trackings" in data:
        return "it lists no tracking"
    return "it is no AfterShip answer or webhook: it has neither data.tracking nor msg"


def _read_tracking(reading: Reading, where: str, tracking: dict[str, Any], sent: datetime | None, zone: tzinfo | None) -> None:
    checkpoints = _checkpoints(tracking)
    number = words(tracking.get("trackingnumber"))
    state = words(tracking.get("subtag")) or words(tracking.get("tag"))
    if not checkpoints:
        reading.refuse(where, f"it lists no checkpoint of waybill {number or 'without a number'}{f' (tag {state})' if state else ''}")
        return
    slug = words(tracking.get("slug")) or next((text for entry in checkpoints if (text := words(entry.get("slug")))), "")
    events = tuple(_event(entry, sent) for entry in checkpoints)
    rows = add_trace(reading, where, NAME, Trace(slug, number, events, NAME, summary=state), zone)
    unit = words(tracking.get("shipmentweightunit")) or "kg"
    weighed = fold(as_object(tracking.get("shipmentweight")))
    weight = grams(weighed.get("value"), words(weighed.get("unit")) or unit) if weighed else grams(tracking.get("shipmentweight"), unit)
    if rows and weight:
        known = as_utc(tracking.get("lastupdatedat"), UTC) or as_utc(tracking.get("updatedat"), UTC) or sent or rows[-1]["event_time"]
        reading.add("parcels", {"carrier": rows[0]["carrier"], "waybill_no": rows[0]["waybill_no"], "weight_g": weight, "updated_at": known})


def _checkpoints(tracking: dict[str, Any]) -> list[dict[str, Any]]:
    """The checkpoints of a tracking, or the one of an answer about the last checkpoint."""
    listed = as_object(tracking.get("checkpoints") or tracking.get("checkpoint"))
    return [folded for entry in (listed if isinstance(listed, list) else [listed]) if (folded := fold(as_object(entry)))]


def _event(checkpoint: dict[str, Any], sent: datetime | None) -> Event:
    named = [words(checkpoint.get(part)) for part in ("city", "state", "countryname")]
    country = next((checkpoint[name] for name in ("countryiso3", "countryregion") if words(checkpoint.get(name))), None)
    return Event(
        time=checkpoint.get("checkpointtime"),
        text=words(checkpoint.get("message")) or words(checkpoint.get("subtagmessage")),
        code=words(checkpoint.get("subtag")) or words(checkpoint.get("tag")) or None,
        place=words(checkpoint.get("location")) or ", ".join(dict.fromkeys(filter(None, named))),
        adcode=postal(country, words(checkpoint.get("zip")) or checkpoint.get("postalcode")),
        received_at=as_utc(checkpoint.get("createdat"), UTC) or sent,
    )


READER = Reader(NAME, "AfterShip: answers about trackings and checkpoints, and webhooks", read)
