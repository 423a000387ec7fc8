"""Kdniao (快递鸟): query answers (1002, 8001, 8002) and pushes (1008 subscriptions, types 101 and 102), in either letter case.

Times are Beijing wall-clock time (UTC+8) without a zone. `State` is used only for the newest scan and only where no scan has an `Action`
and its words say nothing. Couriers, pickers and senders in the payload are not read.
Source: https://apifox.com/apidoc/docs-site/2538027/doc-2283185, https://www.kdniao.com/api-track
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, as_utc, fold, payloads, words
from parcelproof.sources.traces import Event, Trace, add_trace, said_nothing

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

SANDBOX = "12345678"
"""The waybill that the sandbox answers with an invented trace."""


def read(data: bytes, context: Context) -> Reading:
    """The scans of every payload in a file."""
    reading = Reading()
    zone = context.zone or ZoneInfo(CHINA)
    for where, payload in payloads(data, reading):
        outer = fold(as_object(payload))
        inner = fold(as_object(outer.get("requestdata"))) or outer
        sent = as_utc(inner.get("pushtime"), zone)
        answers = as_object(inner.get("data"))
        if isinstance(answers, list):
            if not answers:
                reading.refuse(where, "the push lists no waybill")
            for number, answer in enumerate(answers, 1):
                _read_one(reading, f"{where}, Data {number}", fold(as_object(answer)), zone, sent)
        else:
            _read_one(reading, where, fold(answers) or inner, zone, sent)
    return reading


def _read_one(reading: Reading, where: str, answer: dict[str, Any], zone: tzinfo, sent: datetime | None) -> None:
    if not {"traces", "logisticcode", "success", "reason"} & answer.keys():
        reading.refuse(where, "it is no Kdniao answer or push: it has neither Traces nor LogisticCode")
        return
    listed = as_object(answer.get("traces"))
    traces = [fold(trace) for trace in listed] if isinstance(listed, list) else []
    traces = [trace for trace in traces if trace and not said_nothing(trace.get("acceptstation"))]
    number = words(answer.get("logisticcode"))
    if not traces:
        reading.refuse(where, _why_empty(answer, number))
        return
    events = tuple(_event(trace) for trace in traces)
    summary = words(answer.get("stateex")) or words(answer.get("state"))
    add_trace(reading, where, "kdniao", Trace(answer.get("shippercode"), number, events, "kdniao", sent, summary), zone)
    if number == SANDBOX:
        reading.note(f"{where}: waybill {SANDBOX} is the sandbox's, and its trace is invented")


def _event(trace: dict[str, Any]) -> Event:
    remark = words(trace.get("remark"))
    text = words(trace.get("acceptstation")) or words(trace.get("acceptaddress"))
    return Event(
        time=trace.get("accepttime"),
        text=f"{text} ({remark})" if remark and remark not in text else text,
        code=trace.get("action"),
        place=trace.get("location"),
    )


def _why_empty(answer: dict[str, Any], number: str) -> str:
    """Why an answer gives no scan, in its own words where it has some."""
    reason = words(answer.get("reason"))
    about = f" for waybill {number}" if number else ""
    if "三天" in reason or "3天" in reason:
        return f"nobody scanned the parcel within 3 days of the subscription{about} ({reason})"
    if words(answer.get("success")).lower() == "false":
        return f"it is an error answer{about}: {reason or 'without a reason'}"
    return f"it lists no scan{about}{f' ({reason})' if reason else ''}"


READER = Reader("kdniao", "Kdniao (快递鸟): query answers and 1008/101/102 pushes", read, CHINA)
