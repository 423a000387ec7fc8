"""Taobao and Tmall (淘宝, 天猫; TOP): answers of trades.sold.get, trade.fullinfo.get, logistics.orders.get and logistics.trace.search.

Times are Beijing wall-clock time (UTC+8) without a zone, money is text in yuan, and JSON wraps each list once more (`trades.trade`). The
status of a parcel is never read: for a number that the seller typed in (offline.send) it says 对方已签收 at once.
Source: TOP's own metadata of these interfaces (https://open.taobao.com/api.htm?docId=46&docType=2, 54, 235 and 10463)
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.carriers.redact import hashed
from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, as_utc, fold, payloads, words
from parcelproof.sources.platforms import Desk, Parcel, add_order, add_parcels, agreed, amount, objects, pieces
from parcelproof.sources.traces import Event, Trace, add_trace, said_nothing

if TYPE_CHECKING:
    from parcelproof.sources.common import Row

_NO_TRACE = ("isv.order-no-trace", "isp.order-no-trace")


def read(data: bytes, context: Context) -> Reading:
    """The orders, declarations, receipts and scans of every payload in a file."""
    reading = Reading()
    desk = Desk("taobao", reading, context, context.zone or ZoneInfo(CHINA))
    for where, payload in payloads(data, reading):
        outer = fold(as_object(payload))
        if "errorresponse" in outer or ("code" in outer and "msg" in outer):
            reading.refuse(where, _why_refused(fold(as_object(outer.get("errorresponse"))) or outer))
            continue
        inner = next((fold(as_object(value)) for name, value in outer.items() if name.endswith("response")), outer)
        _read_one(desk, where, inner)
    return reading


def _read_one(desk: Desk, where: str, answer: dict[str, Any]) -> None:
    trades = objects(answer.get("trades"), "trade") or objects(answer.get("trade"), "trade")
    trades = trades or ([answer] if {"tid", "paytime"} <= answer.keys() or {"tid", "orders"} <= answer.keys() else [])
    for trade in trades:
        _trade(desk, where, trade)
    parcels = objects(answer.get("shippings"), "shipping")
    for parcel in parcels:
        _shipping(desk, where, parcel)
    if "outsid" in answer or "tracelist" in answer:
        _trace(desk, where, answer)
    elif not trades and not parcels:
        desk.reading.refuse(where, _why_empty(answer))


def _trade(desk: Desk, where: str, trade: dict[str, Any]) -> None:
    order_id = words(trade.get("tidstr")) or words(trade.get("tid"))
    goods = objects(trade.get("orders"), "order")
    if desk.moment(trade.get("paytime")) is None:
        state = words(trade.get("status"))[:40] or "without a status"
        desk.reading.refuse(f"{where}, order {order_id[:64]}", f"it is not paid ({state}): nobody has to ship it")
        return
    street = [trade.get(name) for name in ("receiverstate", "receivercity", "receiverdistrict", "receivertown", "receiveraddress")]
    row: Row = {
        "order_id": order_id,
        "merchant_id": desk.shop(trade.get("sellernick")),
        "buyer_id": _buyer(desk, order_id, trade),
        "product_id": agreed(words(entry.get("numiid")) for entry in goods) or words(trade.get("numiid")) or None,
        "kind": desk.kind(trade, goods),
        "placed_at": desk.moment(trade.get("created")),
        "paid_at": desk.moment(trade.get("paytime")),
        "amount_paid": amount(trade.get("payment")),
        "unit_price": amount(agreed(words(entry.get("price")) for entry in goods) or trade.get("price")),
        "quantity": pieces(entry.get("num") for entry in goods) or pieces([trade.get("num")]) or None,
        "promised_ship_at": _promised(desk, trade, goods),
        "province": trade.get("receiverstate"),
        "city": trade.get("receivercity"),
        "district": trade.get("receiverdistrict"),
        "recipient_key": desk.recipient_key(trade.get("receivername"), *street),
        "phone_key": desk.phone_key(trade.get("receivermobile")),
        "status": desk.status(trade, "status"),
        "updated_at": desk.moment(trade.get("modified")),
    }
    confirmed = desk.moment(trade.get("endtime")) if row["status"] == "completed" else None
    if add_order(desk, where, row, _parcels(desk, trade, goods), confirmed):
        _address_changes(desk, where, order_id, [trade, *goods])


def _buyer(desk: Desk, order_id: str, trade: dict[str, Any]) -> str:
    """The buyer's open id; else a key of a nick in the clear, for a nick is a name."""
    nick = words(trade.get("buyernick"))
    masked = not nick or "*" in nick or nick.startswith("~")
    return desk.buyer(order_id, trade.get("buyeropenuid"), trade.get("ouid"), "" if masked else hashed(nick, desk.context.salt))


def _promised(desk: Desk, trade: dict[str, Any], goods: list[dict[str, Any]]) -> datetime | None:
    """The latest time to ship that was promised; the texts among these fields that are no moment tell none."""
    written = [trade.get(name) for name in ("deliverytime", "sendtime", "estcontime")] + [entry.get("estimatecontime") for entry in goods]
    return next((moment for value in written if (moment := as_utc(value, desk.zone)) is not None), None)


def _parcels(desk: Desk, trade: dict[str, Any], goods: list[dict[str, Any]]) -> list[Parcel]:
    """The waybills of a trade, each with the goods it carries; one without a time of its own was declared with the trade's."""
    shipped = desk.moment(trade.get("consigntime"))
    listed = [*goods, *objects(trade.get("combinelogisticsdetails"), "combinelogisticsdetail")]
    return [Parcel(entry.get("logisticscompany"), entry.get("invoiceno"), desk.moment(entry.get("consigntime")) or shipped) for entry in listed]


def _address_changes(desk: Desk, where: str, order_id: str, written: list[dict[str, Any]]) -> None:
    """The buyer's changes of the address after payment (modify_address 1), each once."""
    moments = {desk.moment(entry.get("timodifyaddresstime")) for entry in written if words(entry.get("modifyaddress")) == "1"}
    for moment in sorted(moment for moment in moments if isinstance(moment, datetime)):
        desk.add(where, "order_events", {"order_id": order_id, "kind": "address_changed", "happened_at": moment})


def _shipping(desk: Desk, where: str, parcel: dict[str, Any]) -> None:
    """A logistics order declares its waybill; a cancelled one has taken it back."""
    order_id = words(parcel.get("tidstr")) or words(parcel.get("tid"))
    cancelled = words(parcel.get("status")).upper() == "CANCELLED"
    withdrawn = desk.moment(parcel.get("modified")) if cancelled else None
    declared = Parcel(parcel.get("companyname"), parcel.get("outsid"), desk.moment(parcel.get("created")), withdrawn)
    if not words(parcel.get("outsid")):
        desk.reading.refuse(f"{where}, order {order_id[:64]}", "its logistics order has no waybill yet (out_sid)")
        return
    add_parcels(desk, f"{where}, order {order_id[:64]}", order_id, [declared])
    if words(parcel.get("status")).upper() == "ACCEPTED_BY_RECEIVER":
        desk.reading.note("ACCEPTED_BY_RECEIVER proves nothing, since it is set at once for numbers typed in by hand: only steps of a trace are read")


def _trace(desk: Desk, where: str, answer: dict[str, Any]) -> None:
    number = words(answer.get("outsid"))
    steps = [step for step in objects(answer.get("tracelist"), "transitstepinfo") if not said_nothing(step.get("statusdesc"))]
    if not steps:
        said = words(answer.get("status"))[:40]
        empty = f": its status {said!r} alone proves nothing, since it is set at once for numbers typed in by hand" if said else ""
        desk.reading.refuse(where, f"it lists no step{f' of waybill {number}' if number else ''}{empty}")
        return
    events = tuple(Event(time=step.get("statustime"), text=step.get("statusdesc"), code=step.get("action")) for step in steps)
    add_trace(desk.reading, where, "taobao", Trace(desk.carrier(answer.get("companyname"), number), number, events, "platform"), desk.zone)


def _why_refused(error: dict[str, Any]) -> str:
    """What an error answer says, in its own words."""
    said = " ".join(filter(None, (words(error.get(name)) for name in ("code", "msg", "subcode", "submsg"))))
    if words(error.get("subcode")) in _NO_TRACE:
        return f"nobody has a record of this parcel ({said})"
    return f"it is an error answer: {said or 'without a reason'}"


def _why_empty(answer: dict[str, Any]) -> str:
    if {"trades", "totalresults", "hasnext"} & answer.keys():
        return "it lists no trade"
    if "shippings" in answer:
        return "it lists no logistics order"
    return "it is no TOP answer: it has neither trades, trade, shippings nor trace_list"


READER = Reader("taobao", "Taobao and Tmall (淘宝, 天猫; TOP): trades, logistics orders and traces", read, CHINA)
