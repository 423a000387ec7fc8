"""Kuaidi100 (快递100): query answers, subscription pushes and the snake_case pushes of its manager edition.

Times are Beijing wall-clock time (UTC+8) without a zone. The summary `state` is used only for the newest scan and only where that
scan's own words say nothing; `routeInfo` is a guess from the trace and is not taken as the label's destination.
Source: https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc (query), https://api.kuaidi100.com/document/5f0ff7042977d50a94e1029a
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, as_utc, fold, payloads, words
from parcelproof.sources.divisions import division
from parcelproof.sources.traces import Event, Trace, add_trace, said_nothing

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_GOOD = {"", "0", "1", "200", "ok", "polling", "shutdown", "abort", "updateall"}


def read(data: bytes, context: Context) -> Reading:
    """The scans of every payload in a file."""
    reading = Reading()
    zone = context.zone or ZoneInfo(CHINA)
    for where, payload in payloads(data, reading):
        _read_one(reading, where, payload, zone)
    return reading


def _read_one(reading: Reading, where: str, payload: object, zone: tzinfo) -> None:
    push, result, sent = _opened(payload, zone)
    if not result and not push:
        reading.refuse(where, "it is no Kuaidi100 answer or push: it has neither data, lastResult nor param")
        return
    scans = [fold(scan) for scan in _list(result.get("data"))]
    scans = [scan for scan in scans if scan and not said_nothing(scan.get("context"))]
    if not scans:
        reading.refuse(where, _why_empty(push, result))
        return
    abroad = [fold(scan) for scan in _list(fold(as_object(push.get("destresult"))).get("data"))]
    carrier = words(result.get("com")) or words(result.get("companycode")) or words(push.get("comnew")) or words(push.get("comold"))
    number = words(result.get("nu")) or words(result.get("kuaidinum"))
    events = _events(scans) + _events([scan for scan in abroad if scan])
    add_trace(reading, where, "kuaidi100", Trace(carrier, number, tuple(events), "kuaidi100", sent, result.get("state")), zone)


def _opened(payload: object, zone: tzinfo) -> tuple[dict[str, Any], dict[str, Any], datetime | None]:
    """The push (empty for a query answer), the query answer, and when the push was sent; every key folded."""
    outer = fold(as_object(payload))
    sent = as_utc(outer.get("timestamp"), zone)
    inner = fold(as_object(outer.get("param"))) or outer
    manager = fold(as_object(fold(as_object(inner.get("data"))).get("expressinfo"))) or fold(as_object(inner.get("expressinfo")))
    sent = sent or as_utc(inner.get("timestamp"), zone)
    inner = manager or _stored(inner) or inner
    if "lastresult" in inner:
        return inner, fold(as_object(inner["lastresult"])), sent
    if "billstatus" in inner or "destresult" in inner:
        return inner, {}, sent
    known = {"data", "nu", "state", "returncode", "result"} & inner.keys() or {"message", "status"} <= inner.keys()
    return {}, inner if known else {}, sent


def _stored(inner: dict[str, Any]) -> dict[str, Any]:
    """The answer within the envelope of a shop's own back-end, such as {errno, errmsg, data: {nu, com, data}}."""
    answer = fold(as_object(inner.get("data")))
    return answer if {"data", "nu"} <= answer.keys() else {}


def _list(value: object) -> list[object]:
    opened = as_object(value)
    return opened if isinstance(opened, list) else []


def _events(scans: list[dict[str, Any]]) -> list[Event]:
    return [
        Event(
            time=(scan.get("ftime"), scan.get("time")),
            text=scan.get("context"),
            code=_first(scan.get("statuscode"), scan.get("status")),
            place="".join(dict.fromkeys(words(scan.get("areaname")).split(","))) or words(scan.get("location")),
            adcode=division(scan.get("areacode")),
        )
        for scan in scans
    ]


def _first(code: object, name: object) -> object:
    """The code of a scan, else its Chinese name: the table knows both."""
    return code if words(code) else words(name) or None


def _why_empty(push: dict[str, Any], result: dict[str, Any]) -> str:
    """Why a payload gives no scan, in its own words where it has some."""
    said = [words(part.get("message")) for part in (push, result)]
    message = next((text for text in said if text and text.lower() != "ok"), "")
    number = words(result.get("nu")) or words(result.get("kuaidinum"))
    about = f" for waybill {number}" if number else ""
    if "3天" in message or "三天" in message:
        return f"nobody scanned the parcel within 3 days of the subscription{about} ({message})"
    code = words(result.get("returncode")) or words(result.get("status"))
    failed = words(result.get("result")) == "false" or code.lower() not in _GOOD
    if failed:
        return f"it is an error answer{about}: {' '.join(part for part in (code, message) if part) or 'without a reason'}"
    return f"it lists no scan{about}{f' ({message})' if message else ''}"


READER = Reader("kuaidi100", "Kuaidi100 (快递100): query answers and subscription pushes", read, CHINA)
