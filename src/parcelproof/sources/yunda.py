"""Yunda Express (韵达): trace pushes (one event each) and query answers. Times are Beijing wall-clock time (UTC+8) without a zone.

Source: https://yundaex.apifox.cn/api-7039554
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, fold, payloads, words
from parcelproof.sources.traces import Event, Trace, add_trace

if TYPE_CHECKING:
    from datetime import tzinfo


def read(data: bytes, context: Context) -> Reading:
    """The scans of every payload in a file, put together by waybill."""
    reading = Reading()
    zone = context.zone or ZoneInfo(CHINA)
    traces: dict[str, tuple[str, list[Event], str]] = {}
    for where, payload in payloads(data, reading):
        answer = fold(as_object(payload))
        body = fold(as_object(answer.get("data"))) or answer
        number = words(body.get("mailno"))
        events = _events(body)
        if not events or not number:
            reading.refuse(where, _why_empty(answer, body, number))
            continue
        known = traces.setdefault(number, (where, [], ""))
        traces[number] = (known[0], known[1] + events, words(body.get("status")) or known[2])
    _add(reading, traces, zone)
    return reading


def _add(reading: Reading, traces: dict[str, tuple[str, list[Event], str]], zone: tzinfo) -> None:
    for number, (where, events, summary) in traces.items():
        add_trace(reading, where, "yunda", Trace("YD", number, tuple(events), "kdniao", summary=summary), zone)


def _events(body: dict[str, Any]) -> list[Event]:
    """The steps of a query answer, or the one event of a push."""
    steps = as_object(body.get("steps"))
    listed = [fold(step) for step in steps] if isinstance(steps, list) else [body] if words(body.get("time")) else []
    return [
        Event(
            time=step.get("time"),
            text=step.get("description"),
            code=step.get("action"),
            place=f"{words(step.get('city'))} {words(step.get('stationname'))}".strip(),
            facility_id=step.get("station"),
        )
        for step in listed
        if step
    ]


def _why_empty(answer: dict[str, Any], body: dict[str, Any], number: str) -> str:
    """Why a payload gives no scan, in its own words where it has some."""
    if not {"mailno", "steps", "result", "code", "message"} & (answer.keys() | body.keys()):
        return "it is no Yunda answer or push: it has no mailno"
    message = words(answer.get("message")) or words(answer.get("remark"))
    about = f" for waybill {number}" if number else ""
    return f"it lists no scan{about}{f' ({message})' if message else ''}"


READER = Reader("yunda", "Yunda Express (韵达): trace pushes and queries", read, CHINA)
