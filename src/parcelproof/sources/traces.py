"""From a source's tracking events to canonical scans: the one place where times, codes, texts and places become rows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from parcelproof.carriers.numbers import carrier_code, normalise
from parcelproof.carriers.redact import redact
from parcelproof.carriers.stages import judge, stage_of
from parcelproof.carriers.text import read_text
from parcelproof.sources.common import as_utc, words

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from parcelproof.carriers.stages import Judged
    from parcelproof.sources.common import Reading, Row

_NO_TRACE = re.compile(
    r"(?:抱歉)?[,， ]?(?:查询?无结果|暂?无(?:物流|轨迹|跟踪|查询)?(?:轨迹|信息|记录|结果)|没有(?:查到|查询到|找到)[^,，。]{0,12}"
    r"|单号不存在[^。]{0,20})[^。]{0,30}。?"
)
_WEIGHT = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,12})?)\s*(?P<unit>[a-z]+|公斤|千克|克)?", re.IGNORECASE)
_GRAMS = {
    **dict.fromkeys(("kg", "kgs", "kgm", "kilogram", "kilograms", "公斤", "千克"), Decimal(1000)),
    **dict.fromkeys(("g", "gr", "gram", "grams", "grm", "克"), Decimal(1)),
    **dict.fromkeys(("lb", "lbs", "lbr", "pound", "pounds"), Decimal("453.59237")),
    **dict.fromkeys(("oz", "onz", "ounce", "ounces"), Decimal("28.349523125")),
}
"""Units of weight as people, aggregators and UN/CEFACT recommendation 20 (KGM, GRM, LBR, ONZ) write them -> grams."""
_LONGEST = 2000
_HEAVIEST_G = 10_000_000
_ENDS = frozenset({"delivered", "pickup_ready", "returned"})


@dataclass(frozen=True, slots=True)
class Event:
    """One tracking event as its source wrote it; every field may be missing or odd."""

    time: object
    """The source's time; the first readable of several where it is a tuple."""
    text: object = None
    code: object = None
    place: object = None
    """The source's own field for the place; used where the text names none."""
    adcode: str | None = None
    facility_id: object = None
    weight_g: int | None = None
    received_at: datetime | None = None
    """When the source took this event in, where it says so for each event; otherwise the trace's."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A waybill's tracking events as one payload lists them."""

    carrier: object
    """Carrier, as the source writes it."""
    waybill_no: object
    events: tuple[Event, ...]
    system: str
    """Whose carrier codes these are, a column of `carriers.csv`."""
    received_at: datetime | None = None
    """When the payload was sent, where it says so."""
    summary: object = None
    """The payload's summary state: it stands in for the newest event's code where that has none and its words say nothing."""


Timed = tuple["datetime | None", Event]
"""An event with its moment in UTC, None where that cannot be read."""


def add_trace(reading: Reading, where: str, source: str, trace: Trace, zone: tzinfo | None) -> list[Row]:
    """Add a waybill's scans, oldest first; scans of one second keep the order of the list.

    Exact repetitions count once, which is noted. An event without a readable time is refused alone; a waybill without
    carrier, number or any usable event is refused whole.

    Args:
        reading: Takes the rows, refusals and notes.
        where: The payload, for messages.
        source: Name of the source, for its code table.
        trace: What the payload says.
        zone: Zone of times without one; None means that such times cannot be read.

    Returns:
        The rows added; none where the waybill was refused.
    """
    carrier, number = carrier_of(trace.carrier, trace.system), normalise(words(trace.waybill_no))
    if not number:
        reading.refuse(where, "it names no waybill")
        return []
    if not carrier:
        reading.refuse(where, f"it names no carrier for waybill {number}")
        return []
    judged: Counter[str] = Counter()
    rows: list[Row] = []
    for place, (moment, event) in enumerate(_with_summary(source, _oldest_first(trace.events, zone), trace.summary), 1):
        if moment is None:
            reading.refuse(f"{where}, scan {place}", _no_time(event, zone))
        else:
            rows.append({"carrier": carrier, "waybill_no": number, **_scan(source, event, moment, trace.received_at, judged)})
    kept = _once(rows)
    for row in kept:
        reading.add("scans", row)
    if not kept:
        reading.refuse(where, f"it lists no usable scan of waybill {number}")
    judged["repeated"] = len(rows) - len(kept)
    _tell(reading, f"{where}, waybill {number}", source, judged)
    _compare(reading, f"{where}, waybill {number}", source, trace.summary, kept)
    return kept


def carrier_of(written: object, system: str | None) -> str:
    """Our code of a carrier; an unknown carrier keeps its own in upper case; empty where none is named."""
    text = words(written)
    return carrier_code(text, system) or re.sub(r"\s+", "_", text).upper()[:64]


def grams(value: object, unit: str = "kg") -> int | None:
    """A weight in grams from a number or text in `unit` (kilograms unless told) or with a unit of its own; None for zero and nonsense."""
    found = _WEIGHT.fullmatch(str(value).strip()) if isinstance(value, (str, int, float)) or hasattr(value, "quantize") else None
    scale = _GRAMS.get((found["unit"] or unit).lower()) if found else None
    if not found or scale is None or isinstance(value, bool):
        return None
    weight = round(Decimal(found["number"]) * scale)
    return weight if 0 < weight <= _HEAVIEST_G else None


def said_nothing(text: object) -> bool:
    """Whether a scan's text only says that there is no trace."""
    return bool(_NO_TRACE.fullmatch(words(text)))


def _oldest_first(events: tuple[Event, ...], zone: tzinfo | None) -> list[Timed]:
    """The events with their times in the order they happened; a list that runs backwards is turned round, so that ties keep their order."""
    ordered = [(moment_of(event, zone), event) for event in events]
    known = [moment for moment, _ in ordered if moment is not None]
    falling = sum(later < earlier for earlier, later in pairwise(known))
    rising = sum(later > earlier for earlier, later in pairwise(known))
    if falling > rising:
        ordered.reverse()
    return sorted(ordered, key=lambda pair: (pair[0] is None, pair[0] or 0))


def _with_summary(source: str, timed: list[Timed], summary: object) -> list[Timed]:
    """The events, with the summary as the code of the newest one where nothing else tells its stage."""
    newest = next((place for place in range(len(timed) - 1, -1, -1) if timed[place][0] is not None), None)
    if newest is None or not stage_of(source, summary):
        return timed
    moment, event = timed[newest]
    if words(event.code) or read_text(words(event.text)).stage is not None:
        return timed
    return [*timed[:newest], (moment, replace(event, code=summary)), *timed[newest + 1 :]]


def moment_of(event: Event, zone: tzinfo | None) -> datetime | None:
    """When an event happened: the first of its times that can be read; None where none can."""
    written = event.time if isinstance(event.time, tuple) else (event.time,)
    return next((moment for value in written if (moment := as_utc(value, zone)) is not None), None)


def _scan(source: str, event: Event, moment: datetime, sent: datetime | None, judged: Counter[str]) -> Row:
    """The canonical columns of one event, without its waybill; what was odd is counted in `judged`."""
    text = words(event.text)
    verdict = judge(source, event.code, text)
    judged["disagree"] += verdict.disagree
    judged[f"unknown {words(event.code)[:40]}"] += not verdict.known_code
    place = verdict.reading.place or words(event.place) or None
    received = event.received_at or sent
    if received is not None and received < moment:
        judged["early"] += 1
        received = None
    return {
        "event_time": moment, "received_at": received, "stage": verdict.stage, "place": redact(place)[:200] if place else None,
        "adcode": event.adcode, "facility_id": words(event.facility_id)[:64] or None, "weight_g": event.weight_g,
        "description": _description(text, event.code, verdict),
    }  # fmt: skip


def _description(text: str, code: object, verdict: Judged) -> str | None:
    """The carrier's words without personal data; a code that the table lacks stands before them."""
    kept = redact(text[:_LONGEST])
    return (kept if verdict.known_code else f"[code {redact(words(code))[:40]}] {kept}".strip())[:1000] or None


def _no_time(event: Event, zone: tzinfo | None) -> str:
    written = event.time if isinstance(event.time, tuple) else (event.time,)
    shown = next((words(value)[:40] for value in written if words(value)), "")
    if not shown:
        return "it carries no time"
    if zone is None and any(as_utc(value, UTC) is not None for value in written):
        return f"its time {shown!r} has no zone: name one with --timezone, such as --timezone Asia/Shanghai"
    return f"its time {shown!r} cannot be read"


def _once(rows: list[Row]) -> list[Row]:
    """The rows without repetitions of the same moment, stage, place and words; the earliest `received_at` stays."""
    kept: dict[tuple[object, ...], Row] = {}
    for row in rows:
        key = tuple(row[name] for name in row if name != "received_at")
        first = kept.setdefault(key, row)
        if first is not row and row["received_at"] and (first["received_at"] is None or row["received_at"] < first["received_at"]):
            first["received_at"] = row["received_at"]
    return list(kept.values())


def _tell(reading: Reading, where: str, source: str, judged: Counter[str]) -> None:
    """Note what was assumed or put right in a waybill's scans."""
    if judged["repeated"]:
        reading.note(f"{where}: {judged['repeated']} repeated scans count once")
    if judged["disagree"]:
        reading.note(f"{where}: code and words differ in {judged['disagree']} scans; the words count")
    if judged["early"]:
        reading.note(f"{where}: {judged['early']} scans lie after the time of the payload itself, which is not used for them")
    for key, count in judged.items():
        if key.startswith("unknown ") and count:
            reading.note(f"{where}: {source} code {redact(key[8:])!r} is unknown; kept before the words of {count} scans")


def _compare(reading: Reading, where: str, source: str, summary: object, rows: list[Row]) -> None:
    """Note a summary of an ended journey that the scans do not bear out."""
    ended = stage_of(source, summary)
    if rows and ended in ("delivered", "returned") and not any(row["stage"] in _ENDS for row in rows):
        reading.note(f"{where}: the summary {words(summary)!r} says {ended}, but the scans end with {rows[-1]['stage']}; the scans count")
