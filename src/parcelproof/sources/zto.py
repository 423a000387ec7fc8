"""ZTO Express (中通): trace pushes, one event each. Times are Beijing wall-clock time (UTC+8) without a zone.

A push is a form body whose field `data` holds one event or a list. Sandbox pushes contradict themselves (city, site and words name
different towns): the words' place counts, and the structured city only where they name none.
Source: https://open.zto.com/ (trace push)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, fold, payloads, words
from parcelproof.sources.traces import Event, Trace, add_trace

if TYPE_CHECKING:
    from datetime import tzinfo


def read(data: bytes, context: Context) -> Reading:
    """The scans of every push in a file, put together by waybill."""
    reading = Reading()
    zone = context.zone or ZoneInfo(CHINA)
    pushed: dict[str, list[Event]] = {}
    first: dict[str, str] = {}
    for where, payload in payloads(data, reading):
        for event in _events_of(payload):
            number = words(event.get("billcode"))
            if not number:
                reading.refuse(where, "it is no ZTO trace push: it has no billCode")
                continue
            pushed.setdefault(number, []).append(_event(event))
            first.setdefault(number, where)
    _add(reading, pushed, first, zone)
    return reading


def _add(reading: Reading, pushed: dict[str, list[Event]], first: dict[str, str], zone: tzinfo) -> None:
    for number, events in pushed.items():
        add_trace(reading, first[number], "zto", Trace("ZTO", number, tuple(events), "kdniao"), zone)


def _events_of(payload: object) -> list[dict[str, Any]]:
    """The events of a push; an empty object where it holds none, so that it is refused."""
    outer = fold(as_object(payload))
    inner = as_object(outer.get("data", outer))
    return [fold(event) for event in inner] if isinstance(inner, list) and inner else [fold(inner)]


def _event(event: dict[str, Any]) -> Event:
    city, site = words(event.get("city")), words(event.get("facilityname"))
    return Event(
        time=event.get("actiontime"),
        text=event.get("desc"),
        code=event.get("action"),
        place=f"{city} {site}".strip(),
        facility_id=event.get("facilitycode"),
    )


READER = Reader("zto", "ZTO Express (中通): trace pushes", read, CHINA)
