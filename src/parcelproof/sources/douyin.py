"""Douyin shop (抖店): answers of order.searchList and order.orderDetail, answers about traces, and pushes.

Times are seconds since 1970, 0 where not set; money is in fen; ids exceed 2^53. Names, phones and streets come masked or enciphered and
are not read then. A push is an array of {tag, msg_id, data}, whose data is JSON in a string.
Source: the official SDK of 2023-02 (https://op.jinritemai.com/docs/api-docs/15/1343, .../16/1971, https://op.jinritemai.com/docs/guide-docs/217/1979)
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.carriers.redact import hashed
from parcelproof.carriers.stages import stage_of
from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, fold, payloads, words
from parcelproof.sources.divisions import division
from parcelproof.sources.platforms import Desk, Parcel, add_order, add_parcels, agreed, amount, objects, pieces
from parcelproof.sources.traces import Event, Trace, add_trace

if TYPE_CHECKING:
    from parcelproof.sources.common import Row

_GOOD = ("", "0", "10000")
_SHIPPED = ("102", "104", "108")
"""Tags of a push that declares a waybill: shipped, waybill changed, partly shipped."""


def read(data: bytes, context: Context) -> Reading:
    """The orders, declarations, receipts and scans of every payload in a file."""
    reading = Reading()
    found = payloads(data, reading)
    desk = Desk("douyin", reading, context, context.zone or ZoneInfo(CHINA), _companies([payload for _, payload in found]))
    for where, payload in found:
        outer = fold(as_object(payload))
        body = fold(as_object(outer.get("data"))) or outer
        if "tag" in outer:
            _push(desk, where, words(outer["tag"]), body)
        elif not _answer(desk, where, body):
            reading.refuse(where, _why_empty(outer, body))
    return reading


def _companies(found: list[object]) -> dict[str, str]:
    """Douyin's numbers of carriers, where a file holds the answer of order.logisticsCompanyList."""
    listed = [entry for payload in found for entry in objects(fold(as_object(payload)).get("data"))]
    return {words(entry.get("id")): words(entry.get("code")) for entry in listed if {"id", "code", "name"} <= entry.keys() and words(entry.get("code"))}


def _answer(desk: Desk, where: str, body: dict[str, Any]) -> bool:
    """Read an answer's orders or trace; False where it has neither."""
    orders = objects(body.get("shoporderlist")) or objects(body.get("shoporderdetail"))
    orders = orders or ([body] if {"orderid", "skuorderlist"} <= body.keys() else [])
    for order in orders:
        _order(desk, where, order)
    inner = fold(as_object(body.get("data"))) or body
    steps = objects(inner.get("routenodelist")) + objects(inner.get("trackroutes"))
    if steps:
        _trace(desk, where, fold(as_object(inner.get("trackinfo"))) or inner, steps)
    return bool(orders or steps)


def _order(desk: Desk, where: str, order: dict[str, Any]) -> None:
    order_id = words(order.get("orderid"))
    goods = objects(order.get("skuorderlist"))
    if desk.moment(order.get("paytime")) is None:
        state = words(order.get("orderstatusdesc")) or f"order_status {words(order.get('orderstatus'))}"
        desk.reading.refuse(f"{where}, order {order_id[:64]}", f"it is not paid ({state[:40]}): nobody has to ship it")
        return
    phone, name = desk.phone_key(order.get("posttel")), order.get("postreceiver")
    row: Row = {
        "order_id": order_id,
        "merchant_id": desk.shop(order.get("shopid")),
        "buyer_id": desk.buyer(order_id, order.get("doudianopenid"), order.get("openid")),
        "product_id": agreed(words(entry.get("productidstr")) or words(entry.get("productid")) for entry in goods),
        "kind": desk.kind(order, goods),
        "mode": desk.code("mode", order, *goods),
        "placed_at": desk.moment(order.get("createtime")),
        "paid_at": desk.moment(order.get("paytime")),
        "amount_paid": amount(order.get("payamount"), per_yuan=100),
        "unit_price": amount(agreed(entry.get("originamount") for entry in goods), per_yuan=100),
        "quantity": pieces(entry.get("itemnum") for entry in goods),
        "promised_ship_at": desk.moment(order.get("expshiptime")),
        **_place(order.get("postaddr") or order.get("maskpostaddr")),
        "recipient_key": desk.recipient_key(name, *_street(order.get("postaddr"))),
        "phone_key": phone,
        "status": desk.status(order, "mainstatus", "orderstatus"),
        "updated_at": desk.moment(order.get("updatetime")),
    }
    if add_order(desk, where, row, _parcels(desk, order), _confirmed_at(desk, goods)):
        _links(desk, where, row, goods)


def _parcels(desk: Desk, order: dict[str, Any]) -> list[Parcel]:
    """The waybills of an order; one without a time of its own was declared when the order was shipped."""
    listed = objects(order.get("logisticsinfo"))
    shipped = desk.moment(order.get("shiptime"))
    return [
        Parcel(words(entry.get("company")) or entry.get("companyname"), entry.get("trackingno"), desk.moment(entry.get("shiptime")) or shipped)
        for entry in listed
    ]


def _confirmed_at(desk: Desk, goods: list[dict[str, Any]]) -> object:
    """When the buyer confirmed the last of the goods that are confirmed; the carrier's logistics_receipt_time is not that."""
    moments = [desk.moment(entry.get("confirmreceipttime")) for entry in goods]
    return max((moment for moment in moments if isinstance(moment, datetime)), default=None)


def _links(desk: Desk, where: str, row: Row, goods: list[dict[str, Any]]) -> None:
    """What led the buyer to the order: a live room, a video, or a host."""
    sources = (("room", "roomidstr"), ("room", "roomid"), ("video", "videoid"), ("author", "authorid"))
    led = {next((f"{kind} {words(entry.get(name))}" for kind, name in sources if words(entry.get(name)) not in ("", "0")), "") for entry in goods} - {""}
    for source in sorted(led):
        key = hashed(f"douyin {source}", desk.context.salt)
        desk.add(where, "links", {"buyer_id": row["buyer_id"], "kind": "referrer", "key": key, "seen_at": row["placed_at"] or row["paid_at"]})


def _level(address: object, name: str) -> dict[str, Any]:
    return fold(as_object(fold(as_object(address)).get(name)))


def _street(address: object) -> tuple[object, ...]:
    return (*(_level(address, name).get("name") for name in ("province", "city", "town", "street")), fold(as_object(address)).get("detail"))


def _place(address: object) -> Row:
    """Names and code of the delivery place. A district that GB/T 2260 never had gives no code, so that the judge reads the names instead."""
    town = words(_level(address, "town").get("id"))
    code = division(town)
    return {
        "province": _level(address, "province").get("name"),
        "city": _level(address, "city").get("name"),
        "district": _level(address, "town").get("name"),
        "adcode": code if code and code == town[:6] else None,
    }


def _push(desk: Desk, where: str, tag: str, body: dict[str, Any]) -> None:
    """Read one message; ids stand in `p_id` (the order) and times in `update_time` and the like."""
    order_id = words(body.get("pid"))
    about = f"{where}, order {order_id[:64]}"
    told = desk.moment(body.get("updatetime"))
    if tag in _SHIPPED and order_id:
        sent = fold(as_object(body.get("logisticsmsg")))
        if not add_parcels(desk, about, order_id, [Parcel(sent.get("expresscompanyid"), sent.get("logisticscode"), told)]):
            desk.reading.refuse(about, "it declares no usable waybill")
    elif tag == "103" and order_id and (done := desk.moment(body.get("completetime"))):
        desk.add(about, "receipts", {"order_id": order_id, "confirmed_at": done, "updated_at": done})
    elif tag == "105" and order_id:
        address = fold(as_object(body.get("receivermsg"))).get("addr")
        desk.add(about, "order_events", {"order_id": order_id, "kind": "address_changed", "happened_at": told, "adcode": _place(address)["adcode"]})
    elif tag == "200" and order_id:
        desk.add(about, "order_events", {"order_id": order_id, "kind": "refund_requested", "happened_at": desk.moment(body.get("applytime"))})
    elif not _answer(desk, where, body):
        desk.reading.refuse(where, f"a push with tag {tag[:20]!r} carries no whole order, no waybill and no scan: fetch order.orderDetail instead")


def _trace(desk: Desk, where: str, parcel: dict[str, Any], steps: list[dict[str, Any]]) -> None:
    number = words(parcel.get("trackno"))
    events = tuple(
        Event(
            time=(step.get("statetime"), step.get("timestamp")),
            text=step.get("content"),
            code=_code(step.get("opcode"), step.get("statedescription"), step.get("state")),
            place=step.get("sitename"),
        )
        for step in steps
    )
    add_trace(desk.reading, where, "douyin", Trace(desk.carrier(parcel.get("express"), number), number, events, "platform"), desk.zone)


def _code(*written: object) -> object:
    """The first code that the table knows, else the first that is written."""
    said = [value for value in written if words(value)]
    return next((value for value in said if stage_of("douyin", value)), said[0] if said else None)


def _why_empty(outer: dict[str, Any], body: dict[str, Any]) -> str:
    """Why an answer gives nothing, in its own words where it has some."""
    code = words(outer.get("code")) or words(outer.get("errno"))
    message = " ".join(filter(None, (words(outer.get(name)) for name in ("msg", "message", "subcode", "submsg"))))
    if code not in _GOOD:
        return f"it is an error answer: {code} {message}".strip()
    if {"shoporderlist", "shoporderdetail"} & body.keys():
        return "it lists no order"
    if {"routenodelist", "trackroutes", "trackinfo"} & (body.keys() | fold(as_object(body.get("data"))).keys()):
        return "it lists no scan"
    return "it is no Douyin answer or push: it has neither shop_order_list, shop_order_detail, route__node_list, track_routes nor tag"


READER = Reader("douyin", "Douyin shop (抖店): orders, traces and pushes", read, CHINA)
