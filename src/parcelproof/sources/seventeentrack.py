"""17TRACK: answers of gettrackinfo and webhooks, of interface v2 to v2.4 and of v1.

Events carry their moment as `time_utc`, as `time_iso` with the carrier's offset, and as the carrier wrote it. Events of v1 are wall-clock
time of the place without a zone. A number may have several providers, such as China Post and then USPS: their events are one trace, and
a hand-over that both tell counts once.
Source: https://asset.17track.net/api/document/v2.2_en/index.html
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from parcelproof.carriers.numbers import carrier_code
from parcelproof.carriers.text import read_text
from parcelproof.sources.common import Context, Reader, Reading, as_object, as_utc, fold, payloads, words
from parcelproof.sources.divisions import postal
from parcelproof.sources.traces import Event, Trace, add_trace, grams, moment_of

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

NAME = "17track"
_GROUPS = frozenset({"accepted", "rejected", "errors"})
_NO_TRACE = {
    "quotatotal": "it tells the quota and no trace",
    "registertime": "it is an entry of the list of numbers (gettracklist), which tells a state and no trace: ask gettrackinfo",
    "origin": "it confirms the registration of waybill {number} and tells no trace: ask gettrackinfo",
}
"""A key that only one kind of reply has -> why that reply gives nothing."""


def read(data: bytes, context: Context) -> Reading:
    """The scans and weights of every payload in a file."""
    reading = Reading()
    for where, payload in payloads(data, reading):
        _read_one(reading, where, fold(as_object(payload)), context.zone)
    return reading


def _read_one(reading: Reading, where: str, answer: dict[str, Any], zone: tzinfo | None) -> None:
    data = as_object(answer.get("data"))
    inner = fold(data) or ({"accepted": data} if isinstance(data, list) else {})
    if not _GROUPS & inner.keys() and not _is_item(inner):
        inner = fold(as_object(inner.get("data"))) or inner
    if _GROUPS & inner.keys():
        _read_answer(reading, where, inner, zone)
    elif _is_item(inner) or _is_item(answer):
        _read_item(reading, where, inner if _is_item(inner) else answer, words(answer.get("event")), zone)
    else:
        reading.refuse(where, _why_nothing(answer, inner))


def _is_item(entry: dict[str, Any]) -> bool:
    return bool({"number", "trackinfo", "track"} & entry.keys())


def _read_answer(reading: Reading, where: str, data: dict[str, Any], zone: tzinfo | None) -> None:
    """The numbers of an answer; those that 17TRACK itself rejected are refused in its words."""
    accepted = _objects(data.get("accepted"))
    for place, item in enumerate(accepted, 1):
        _read_item(reading, f"{where}, number {place}" if len(accepted) > 1 else where, item, "", zone)
    rejected = _objects(data.get("rejected"))
    for item in rejected:
        reading.refuse(where, f"17TRACK rejected waybill {words(item.get('number')) or 'without a number'}: {_error(fold(as_object(item.get('error'))))}")
    errors = _objects(data.get("errors"))
    for error in errors:
        reading.refuse(where, f"it is an error answer: {_error(error)}")
    if not accepted and not rejected and not errors:
        reading.refuse(where, "it lists no number")


def _error(error: dict[str, Any]) -> str:
    return " ".join(part for part in (words(error.get("code")), words(error.get("message"))) if part) or "without a reason"


def _why_nothing(answer: dict[str, Any], inner: dict[str, Any]) -> str:
    code = words(answer.get("code"))
    known = next((why for key, why in _NO_TRACE.items() if key in inner), None)
    if known:
        return known.format(number="")
    if code not in ("", "0"):
        return f"it is an error answer: {_error(answer)}"
    return "it is no 17TRACK answer or webhook: it has neither data.accepted nor a number"


def _objects(value: object) -> list[dict[str, Any]]:
    listed = as_object(value)
    return [folded for entry in (listed if isinstance(listed, list) else [listed]) if (folded := fold(as_object(entry)))]


def _read_item(reading: Reading, where: str, item: dict[str, Any], event: str, zone: tzinfo | None) -> None:
    info, old = fold(as_object(item.get("trackinfo"))), fold(as_object(item.get("track")))
    number = words(item.get("number"))
    providers = _providers(info) if info else _providers_v1(old)
    lists = [events for _, events in providers if events] or ([events] if (events := _landmarks(info)) else [])
    status = _status(info) if info else words(old.get("e"))
    if not lists:
        reading.refuse(where, _why_empty(item, number, event, status))
        return
    events, repeated = _merged(lists, zone)
    if repeated:
        reading.note(f"{where}, waybill {number}: {repeated} events that two providers tell count once")
    carrier = _carrier(item, old, [provider for provider, _ in providers])
    rows = add_trace(reading, where, NAME, Trace(carrier, number, tuple(events), NAME, summary=status), zone)
    if rows:
        _add_weight(reading, info, rows)


def _why_empty(item: dict[str, Any], number: str, event: str, status: str) -> str:
    """Why a number gives no scan, in the payload's own words where it has some."""
    if "trackinfo" in item or "track" in item:
        return f"it lists no scan of waybill {number}{f' (status {status})' if status else ''}"
    if event.upper() == "TRACKING_STOPPED":
        return f"17TRACK stopped tracking waybill {number}; the message holds no trace"
    known = next((why for key, why in _NO_TRACE.items() if key in item), "it holds no trace of waybill {number}: it has no track_info")
    return known.format(number=number)


def _status(info: dict[str, Any]) -> str:
    latest = fold(as_object(info.get("lateststatus")))
    return words(latest.get("substatus")) or words(latest.get("status"))


def _providers(info: dict[str, Any]) -> list[tuple[dict[str, Any], list[Event]]]:
    """Each provider with its events, as listed."""
    tracking = fold(as_object(info.get("tracking")))
    return [
        (fold(as_object(entry.get("provider"))) | {"synced": entry.get("latestsynctime")}, [_event(event) for event in _objects(entry.get("events"))])
        for entry in _objects(tracking.get("providers"))
    ]


def _providers_v1(track: dict[str, Any]) -> list[tuple[dict[str, Any], list[Event]]]:
    """The lists of v1: z1 of the first carrier, z2 of the second, z9 of both; z0 is the latest event, used where it stands alone."""
    lists = [
        [Event(entry.get("a"), entry.get("z"), place=_joined(entry.get("c"), entry.get("d"))) for entry in _objects(track.get(name))]
        for name in ("z1", "z2", "z9", "z0")
    ]
    latest = lists.pop()
    return [({}, events) for events in (lists if any(lists) else [latest])]


def _landmarks(info: dict[str, Any]) -> list[Event]:
    """The latest event and the stages reached, for an answer that lists no event."""
    reached = [_event(entry) for entry in _objects(info.get("milestone")) if any(words(entry.get(name)) for name in ("timeutc", "timeiso"))]
    latest = _event(fold(as_object(info.get("latestevent"))))
    told = any(words(value) for value in (latest.text, latest.code))
    return [*([latest] if told else []), *(event for event in reached if not told or moment_of(event, UTC) != moment_of(latest, UTC))]


def _event(event: dict[str, Any]) -> Event:
    raw, address = fold(as_object(event.get("timeraw"))), fold(as_object(event.get("address")))
    utc = as_utc(event.get("timeutc"), UTC)
    written = (event.get("timeiso"), f"{words(raw.get('date'))} {words(raw.get('time'))} {words(raw.get('timezone'))}".strip())
    return Event(
        time=(utc, *sorted(written, key=lambda text: as_utc(text, None) is None)),
        text=_text(event),
        code=words(event.get("substatus")) or words(event.get("stage")) or words(event.get("keystage")) or None,
        place=words(event.get("location")) or _joined(address.get("city"), address.get("state"), address.get("country")),
        adcode=postal(address.get("country"), address.get("postalcode")),
    )


def _text(event: dict[str, Any]) -> str:
    """The carrier's words; their translation where only that says what happened."""
    said = words(event.get("description"))
    translated = words(fold(as_object(event.get("descriptiontranslation"))).get("description"))
    return translated if translated and read_text(said).stage is None and read_text(translated).stage is not None else said


def _joined(*parts: object) -> str:
    return ", ".join(dict.fromkeys(text for part in parts if (text := words(part))))


def _merged(lists: list[list[Event]], zone: tzinfo | None) -> tuple[list[Event], int]:
    """The events of all providers; what two of them tell of one moment stays once. Also how many were left out."""
    kept: list[Event] = []
    told: dict[datetime, list[tuple[int, int]]] = {}
    repeated = 0
    for provider, events in enumerate(lists):
        for event in events:
            moment = moment_of(event, zone)
            others = [place for teller, place in told.get(moment, []) if teller != provider] if moment else []
            twin = next((place for place in others if _same(kept[place], event)), None)
            if twin is not None:
                repeated += 1
                kept[twin] = replace(kept[twin], place=words(kept[twin].place) or event.place, adcode=kept[twin].adcode or event.adcode)
                continue
            if moment:
                told.setdefault(moment, []).append((provider, len(kept)))
            kept.append(event)
    return kept, repeated


def _same(one: Event, other: Event) -> bool:
    """Whether two providers' events of one moment are one event: same words or same code, and no two places."""
    places = {_letters(one.place), _letters(other.place)} - {""}
    words_agree = _letters(one.text) == _letters(other.text)
    return len(places) < 2 and (words_agree or bool(words(one.code) and one.code == other.code))  # noqa: PLR2004  two places differ


def _letters(value: object) -> str:
    return re.sub(r"\W+", "", words(value)).casefold()


def _carrier(item: dict[str, Any], old: dict[str, Any], providers: list[dict[str, Any]]) -> str:
    """The carrier's number where our table knows it, else the name of the provider with that number, else the number itself."""
    number = next((text for value in (item.get("carrier"), old.get("w1")) if (text := words(value)) not in ("", "0")), "")
    if carrier_code(number, NAME):
        return number
    named = [provider for provider in providers if words(provider.get("key")) == number or not number]
    names = [words(provider.get(field)) for provider in named for field in ("name", "alias", "key")]
    return next((name for name in names if carrier_code(name)), next(filter(None, names), number))


def _add_weight(reading: Reading, info: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """The weight that the carrier tells of the parcel, known since the last look at it."""
    misc = fold(as_object(info.get("miscinfo")))
    weight = grams(words(misc.get("weightkg")), "kg") or grams(words(misc.get("weightraw")), "")
    looked = [moment for provider, _ in _providers(info) if (moment := as_utc(provider.get("synced"), UTC))]
    if weight:
        known = max(looked, default=rows[-1]["event_time"])
        reading.add("parcels", {"carrier": rows[0]["carrier"], "waybill_no": rows[0]["waybill_no"], "weight_g": weight, "updated_at": known})


READER = Reader(NAME, "17TRACK: gettrackinfo answers and webhooks", read)
