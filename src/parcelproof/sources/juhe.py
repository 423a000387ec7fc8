"""Juhe (聚合数据): express query answers. Times are Beijing wall-clock time (UTC+8) without a zone; no scan has a code.

Source: https://www.juhe.cn/docs/api/id/43
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.carriers.numbers import carrier_code
from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, fold, payloads, words
from parcelproof.sources.traces import Event, Trace, add_trace, said_nothing

if TYPE_CHECKING:
    from datetime import tzinfo


def read(data: bytes, context: Context) -> Reading:
    """The scans of every payload in a file."""
    reading = Reading()
    zone = context.zone or ZoneInfo(CHINA)
    for where, payload in payloads(data, reading):
        _read_one(reading, where, fold(as_object(payload)), zone)
    return reading


def _read_one(reading: Reading, where: str, answer: dict[str, Any], zone: tzinfo) -> None:
    result = fold(as_object(answer.get("result"))) or answer
    listed = as_object(result.get("list"))
    scans = [fold(scan) for scan in listed] if isinstance(listed, list) else []
    scans = [scan for scan in scans if scan and not said_nothing(scan.get("remark"))]
    if not scans:
        reading.refuse(where, _why_empty(answer, result))
        return
    events = tuple(Event(scan.get("datetime"), scan.get("remark"), place=scan.get("zone")) for scan in scans)
    summary = words(result.get("statusdetail")) or words(result.get("status"))
    carrier = result.get("com") if carrier_code(words(result.get("com")), "juhe") or not words(result.get("company")) else result.get("company")
    add_trace(reading, where, "juhe", Trace(carrier, result.get("no"), events, "juhe", summary=summary), zone)


def _why_empty(answer: dict[str, Any], result: dict[str, Any]) -> str:
    """Why an answer gives no scan, in its own words where it has some."""
    code, reason = words(answer.get("errorcode")), words(answer.get("reason"))
    if not {"resultcode", "errorcode", "reason", "list"} & (answer.keys() | result.keys()):
        return "it is no Juhe answer: it has neither result nor error_code"
    number = words(result.get("no"))
    about = f" for waybill {number}" if number else ""
    if code not in ("", "0"):
        return f"it is an error answer{about}: {' '.join(part for part in (code, reason) if part)}"
    return f"it lists no scan{about}"


READER = Reader("juhe", "Juhe (聚合数据): express query answers", read, CHINA)
