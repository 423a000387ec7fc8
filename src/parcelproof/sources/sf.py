"""SF Express (顺丰): route pushes and answers of EXP_RECE_SEARCH_ROUTES. Times are Beijing wall-clock time (UTC+8) without a zone.

Pushes tell each route once, so a file of them holds a waybill's trace in pieces; pieces of one payload are put together.
Source: https://qiao.sf-express.com/Api (route query and route push)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, fold, payloads, words
from parcelproof.sources.traces import Event, Trace, add_trace

if TYPE_CHECKING:
    from datetime import tzinfo


def read(data: bytes, context: Context) -> Reading:
    """The scans of every payload in a file."""
    reading = Reading()
    zone = context.zone or ZoneInfo(CHINA)
    for where, payload in payloads(data, reading):
        _read_one(reading, where, fold(as_object(payload)), zone)
    return reading


def _read_one(reading: Reading, where: str, payload: dict[str, Any], zone: tzinfo) -> None:
    answer = fold(as_object(payload.get("apiresultdata"))) or payload
    routes = _pushed(answer) or _queried(answer)
    if not routes:
        reading.refuse(where, _why_empty(payload, answer))
        return
    waybills = dict.fromkeys(words(route.get("mailno")) for route in routes)
    for number in waybills:
        events = tuple(_event(route) for route in routes if words(route.get("mailno")) == number)
        add_trace(reading, where, "sf", Trace("SF", number, events, "kdniao"), zone)


def _pushed(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The routes of a push: Body.WaybillRoute, one or a list."""
    listed = as_object(fold(as_object(answer.get("body"))).get("waybillroute"))
    return [folded for route in (listed if isinstance(listed, list) else [listed]) if (folded := fold(route))]


def _queried(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The routes of a query answer: msgData.routeResps[].routes[], each with its waybill."""
    listed = as_object(fold(as_object(answer.get("msgdata"))).get("routeresps"))
    found = []
    for response in listed if isinstance(listed, list) else []:
        folded = fold(response)
        routes = as_object(folded.get("routes"))
        found += [fold(route) | {"mailno": folded.get("mailno")} for route in routes if fold(route)] if isinstance(routes, list) else []
    return found


def _event(route: dict[str, Any]) -> Event:
    remark, reason = words(route.get("remark")), words(route.get("reasonname"))
    return Event(
        time=route.get("accepttime"),
        text=f"{remark} ({reason})" if reason and reason not in remark else remark,
        code=route.get("opcode"),
        place=route.get("acceptaddress"),
    )


def _why_empty(payload: dict[str, Any], answer: dict[str, Any]) -> str:
    """Why a payload gives no route, in its own words where it has some."""
    if not {"apiresultdata", "apiresultcode", "msgdata", "body", "success"} & payload.keys():
        return "it is no SF answer or push: it has neither apiResultData nor Body"
    code = words(answer.get("errorcode")) or words(payload.get("apiresultcode"))
    message = words(answer.get("errormsg")) or words(payload.get("apierrormsg"))
    failed = code not in ("", "S0000", "A1000")
    return f"it is an error answer: {code} {message}".strip() if failed else f"it lists no route{f' ({message})' if message else ''}"


READER = Reader("sf", "SF Express (顺丰): route pushes and route queries", read, CHINA)
