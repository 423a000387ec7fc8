"""GS1 EPCIS 2.0 in JSON: documents, query documents, lists of events and single events.

A parcel is a serial shipping container code (SSCC), written as a URN, as a Digital Link, or as its 18 digits; no other key of GS1 names a
parcel. Times carry an offset; where one does not, the event's `eventTimeZoneOffset` holds. What befalls a load unit befalls the parcels
that an aggregation put on it, until another takes them off.
Source: GS1 EPCIS 2.0 and Core Business Vocabulary 2.0, https://ref.gs1.org/standards/epcis/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from parcelproof.carriers.stages import stage_of
from parcelproof.sources.common import Context, Reader, Reading, as_object, as_utc, fold, payloads, words
from parcelproof.sources.traces import Event, Trace, add_trace, carrier_of, grams, moment_of

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

NAME = "epcis"
NO_CARRIER = "GS1"
"""Stands in for the carrier: an SSCC's company prefix names who made the label, not who carries the parcel."""
MOST_CARRIED = 1_000_000
"""Scans of a file that are passed on from load units: a small file can name many events of many parcels."""
_SHELLS = ("epcisbody", "queryresults", "resultsbody", "data", "body", "epcisdocument", "epcisquerydocument")
_URN = re.compile(r"urn:epc:(?:id:sscc:|tag:sscc-96:\d\.)(\d{6,12})\.(\d)(\d{4,10})", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://[^?#]*/00/|\(00\)|00)?(\d{18})(?:[/?#].*)?", re.IGNORECASE)
_GLN = re.compile(r"urn:epc:id:sgln:(\d{6,12})\.(\d{0,6})\.[^/?#]*", re.IGNORECASE)
_GLN_LINK = re.compile(r"https?://[^?#]*/414/(\d{13})(?:[/?#].*)?", re.IGNORECASE)
_LISTS = ("epclist", "childepcs", "inputepclist", "outputepclist")
_MASSES = re.compile(r"(?:mass|weight)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One event as the file holds it."""

    where: str
    event: dict[str, Any]
    moment: datetime | None
    parcels: tuple[str, ...]
    """SSCCs that the event itself names."""


def read(data: bytes, context: Context) -> Reading:
    """The scans of every event in a file, put together by parcel."""
    reading = Reading()
    seen: list[_Seen] = []
    for where, payload in payloads(data, reading):
        events = _events(payload)
        if not events:
            reading.refuse(where, _why_nothing(fold(as_object(payload))))
        seen += [_look(reading, f"{where}, event {place}", event, context.zone) for place, event in enumerate(events, 1)]
    carrier = carrier_of(context.options.get("carrier"), None)
    if any(one.parcels for one in seen) and not carrier:
        reading.note(f"an EPCIS event names no carrier: the scans are under {NO_CARRIER}; name the carrier with --carrier, as declarations write it")
    _add(reading, _standing(reading, seen), carrier or NO_CARRIER, context.zone)
    return reading


def _events(payload: object) -> list[dict[str, Any]]:
    """The events of a document, a query document or a list, or the payload itself where it is one event."""
    node = fold(as_object(payload))
    for _ in range(len(_SHELLS)):
        listed = as_object(node.get("eventlist"))
        if "eventlist" in node:
            return [folded for entry in (listed if isinstance(listed, list) else [listed]) if (folded := fold(as_object(entry)))]
        inner = next((found for name in _SHELLS if (found := fold(as_object(node.get(name))))), None)
        if inner is None:
            break
        node = inner
    return [node] if "eventtime" in node or _kind(node).endswith("event") else []


def _kind(node: dict[str, Any]) -> str:
    return (words(node.get("type")) or words(node.get("@type")) or words(node.get("isa"))).lower()


def _why_nothing(payload: dict[str, Any]) -> str:
    """Why a payload gives no event; errors come as problem details (RFC 9457)."""
    said = [text for name in ("status", "title", "detail") if (text := words(payload.get(name)))]
    if "exception" in _kind(payload) or {"title", "detail"} & payload.keys():
        return f"it is an error answer: {' '.join(said) or _kind(payload)}"
    if _kind(payload).endswith("document") or "epcisbody" in payload:
        return "it lists no event"
    return "it is no EPCIS document or event: it has neither eventList nor eventTime"


def _look(reading: Reading, where: str, event: dict[str, Any], zone: tzinfo | None) -> _Seen:
    parcels = dict.fromkeys(number for epc in _epcs(event) if (number := sscc(epc)))
    for number in parcels:
        if check_digit(number[:-1]) != int(number[-1]):
            reading.note(f"{where}: SSCC {number} has a wrong check digit; it is kept as written")
    return _Seen(where, event, moment_of(Event(_times(event)), zone), tuple(parcels))


def _epcs(event: dict[str, Any]) -> list[str]:
    """Every identifier that an event names as its object."""
    lists = [as_object(event.get(name)) for name in _LISTS]
    found = [event.get("parentid"), *(entry for listed in lists for entry in (listed if isinstance(listed, list) else [listed]))]
    return [text for value in found if (text := words(value) or words(fold(value).get("id")))]


def sscc(epc: str) -> str | None:
    """The 18 digits of an SSCC from its URN (GS1 Tag Data Standard: prefix, extension digit, serial), Digital Link or digits; else None."""
    urn = _URN.fullmatch(epc.strip())
    if urn:
        digits = f"{urn[2]}{urn[1]}{urn[3]}"
        return f"{digits}{check_digit(digits)}" if len(digits) == 17 else None  # noqa: PLR2004  an SSCC without its check digit
    link = _LINK.fullmatch(epc.strip())
    return link[1] if link else None


def check_digit(digits: str) -> int:
    """The check digit of a GS1 key (General Specifications, 7.9.1): weights 3 and 1 by turns from the right, up to the next ten."""
    return -sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits))) % 10


def _times(event: dict[str, Any]) -> tuple[object, ...]:
    """The time of an event as written, and with the zone that the event names beside it; what tells a moment alone comes first."""
    written = event.get("eventtime")
    return tuple(sorted((written, f"{words(written)}{words(event.get('eventtimezoneoffset'))}"), key=lambda text: as_utc(text, None) is None))


def _standing(reading: Reading, seen: list[_Seen]) -> list[_Seen]:
    """The events that no error declaration voids; a declaration repeats the event that it voids, with the same eventID if there was one."""
    wrong = {_identity(one.event): one for one in seen if one.event.get("errordeclaration")}
    standing = []
    for one in seen:
        voided = wrong.get(_identity(one.event))
        if voided is None:
            standing.append(one)
        else:
            declared = fold(as_object(voided.event["errordeclaration"]))
            reason = words(declared.get("reason")) or "without a reason"
            reading.refuse(one.where, f"the event is void: it was declared wrong ({_word(reason)}) {words(declared.get('declarationtime'))}".strip())
    return standing


def _identity(event: dict[str, Any]) -> str:
    same = [_kind(event), *(words(event.get(name)) for name in ("eventtime", "bizstep", "action")), *_epcs(event)]
    return words(event.get("eventid")) or "\x1f".join(same)


def _add(reading: Reading, seen: list[_Seen], carrier: str, zone: tzinfo | None) -> None:
    traces: dict[str, tuple[str, list[Event]]] = {}
    for one, carried in zip(seen, _carried(reading, seen), strict=True):
        if not one.parcels:
            reading.refuse(one.where, _no_parcel(one.event))
            continue
        for number in (*one.parcels, *carried):
            traces.setdefault(number, (one.where, []))[1].append(_event(one, alone=len(one.parcels) == 1 and not carried))
    for number, (where, events) in traces.items():
        add_trace(reading, where, NAME, Trace(carrier, number, tuple(events), "platform"), zone)


def _no_parcel(event: dict[str, Any]) -> str:
    kinds = sorted({found[1].upper() for epc in _epcs(event) if (found := re.match(r"urn:epc:id:(\w{2,8}):", epc))})
    said = f" ({', '.join(kinds)})" if kinds else ""
    return f"it concerns no parcel: none of its identifiers{said} is an SSCC"


def _carried(reading: Reading, seen: list[_Seen]) -> list[tuple[str, ...]]:
    """For each event, the parcels that were on its load units by then and that it does not name; load units are SSCCs, too.

    An aggregation that names parcels is about those alone.
    """
    left = MOST_CARRIED
    load: dict[str, dict[str, None]] = {}
    carried: list[tuple[str, ...]] = [()] * len(seen)
    timed = sorted((one.moment, place) for place, one in enumerate(seen) if one.moment)
    for _, place in timed:
        one = seen[place]
        unit = sscc(words(one.event.get("parentid"))) if _kind(one.event).endswith("aggregationevent") else None
        named = [number for number in one.parcels if number != unit]
        carried[place] = () if unit and named else _riding(load, one.parcels)[:left]
        left -= len(carried[place])
        if unit:
            _move(load, unit, named, words(one.event.get("action")).upper())
    if left <= 0:
        reading.note(f"only {MOST_CARRIED:,} scans were passed on from load units to their parcels: split the file by load unit")
    return carried


def _riding(load: dict[str, dict[str, None]], units: tuple[str, ...]) -> tuple[str, ...]:
    """What is on load units, at any depth, without the units themselves."""
    found = dict.fromkeys(units)
    waiting = list(units)
    while waiting:
        inner = [number for number in load.get(waiting.pop(), {}) if number not in found]
        found.update(dict.fromkeys(inner))
        waiting += inner
    return tuple(found)[len(dict.fromkeys(units)) :]


def _move(load: dict[str, dict[str, None]], unit: str, children: list[str], action: str) -> None:
    """Put parcels on a load unit, or take them off; a deletion that names none takes off all."""
    if action != "DELETE":
        load.setdefault(unit, {}).update(dict.fromkeys(children))
        return
    for number in children or list(load.get(unit, {})):
        load.get(unit, {}).pop(number, None)


def _event(one: _Seen, *, alone: bool) -> Event:
    point, business = _place(one.event.get("readpoint")), _place(one.event.get("bizlocation"))
    return Event(
        time=_times(one.event),
        code=_code(words(one.event.get("bizstep")), words(one.event.get("disposition"))),
        place=point or business,
        facility_id=_gln(point) or _gln(business) or point or business,
        weight_g=_weight(one.event) if alone else None,
        received_at=as_utc(one.event.get("recordtime"), UTC),
    )


def _place(value: object) -> str:
    return words(value) or words(fold(as_object(value)).get("id"))


def _gln(place: str) -> str:
    """The 13 digits of a location's GLN from its URN or Digital Link, without the part that names a door within it."""
    urn, link = _GLN.fullmatch(place), _GLN_LINK.fullmatch(place)
    digits = f"{urn[1]}{urn[2]}" if urn else ""
    if len(digits) == 12:  # noqa: PLR2004  a GLN without its check digit
        return f"{digits}{check_digit(digits)}"
    return link[1] if link else ""


def _word(term: str) -> str:
    """The word of a term that is written bare, as CURIE, as URN or as URI."""
    last = re.split(r"[:/#]", term.rstrip("/#"))[-1]
    return re.sub(r"^(?:BizStep|Disp|ER)-", "", last, flags=re.IGNORECASE).replace("-", "_").lower()


def _code(step: str, disposition: str) -> str | None:
    """The key of the code table that tells most: step and disposition, a disposition for any step, the step, a disposition alone."""
    known = (f"{_word(step)}/{_word(disposition)}", f"*/{_word(disposition)}", _word(step), f"?/{_word(disposition)}")
    return next((key for key in known if stage_of(NAME, key)), step or disposition or None)


def _weight(event: dict[str, Any]) -> int | None:
    """The mass that a sensor measured of the one parcel of an event."""
    elements = as_object(event.get("sensorelementlist"))
    for element in elements if isinstance(elements, list) else [elements]:
        reports = as_object(fold(as_object(element)).get("sensorreport"))
        for report in map(fold, reports if isinstance(reports, list) else [reports]):
            weight = grams(report.get("value"), words(report.get("uom"))) if _MASSES.search(words(report.get("type"))) else None
            if weight:
                return weight
    return None


READER = Reader(NAME, "GS1 EPCIS 2.0: documents, query documents and events", read)
