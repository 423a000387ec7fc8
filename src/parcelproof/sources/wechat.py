"""WeChat (微信): shipping info of mini programs, orders of WeChat shops, and trace messages, in JSON or XML.

Read are what upload_shipping_info and upload_combined_shipping_info send; answers of get_order, get_order_list, a shop's order/get, a waybill's
path/get and ewaybill order/get; and the messages add_express_path, ewaybill_push_path, trade_manage_order_settlement and
channels_ec_order_confirm. Times are seconds since 1970 or RFC 3339; money is in fen. Contacts and addresses are not read but for province,
city and district.
Source: https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html,
https://developers.weixin.qq.com/doc/store/API/order/get.html, https://developers.weixin.qq.com/doc/store/API/ewaybill/push_path.html
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.carriers.numbers import normalise
from parcelproof.sources import xmltree
from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, as_utc, fold, payloads, text_of, words
from parcelproof.sources.payloads import NotReadable
from parcelproof.sources.platforms import Desk, Parcel, add_order, add_parcels, agreed, amount, objects, pieces
from parcelproof.sources.traces import Event, Trace, add_trace

if TYPE_CHECKING:
    from parcelproof.sources.common import Row

_CONFIRMED_BY = {"1": "buyer", "2": "auto"}


@dataclass(slots=True)
class _File:
    """What a file has told so far."""

    desk: Desk
    order_ids: dict[str, str] = field(default_factory=dict)
    """The merchant's own number of an order -> its transaction id, where an order carries both."""
    uploads: dict[str, list[tuple[str, list[Parcel], bool]]] = field(default_factory=dict)
    """Order -> its uploads as (where, waybills, whether they are all that the order has)."""
    traces: dict[str, tuple[str, object, list[Event]]] = field(default_factory=dict)
    """Waybill -> (where first seen, carrier if any payload names it, events)."""


def read(data: bytes, context: Context) -> Reading:
    """The orders, declarations, receipts and scans of every payload in a file."""
    reading = Reading()
    told = _File(Desk("wechat", reading, context, context.zone or ZoneInfo(CHINA)))
    for where, payload in _payloads(data, reading):
        body = fold(as_object(payload))
        if not any(part(told, where, body) for part in (_trace, _upload, _orders, _receipt)):
            reading.refuse(where, _why_empty(body))
    _declare(told)
    carriers = {row["waybill_no"]: row["carrier"] for row in reading.rows.get("declarations", [])}
    for number, (where, carrier, events) in told.traces.items():
        code = told.desk.carrier(carrier or carriers.get(number), number)
        if not code:
            reading.refuse(where, f"it names no carrier for waybill {number}, and the number's shape fits several or none: name it with --carrier")
            continue
        add_trace(reading, where, "wechat", Trace(code, number, tuple(events), "platform"), told.desk.zone)
    return reading


def _payloads(data: bytes, reading: Reading) -> list[tuple[str, Any]]:
    """The payloads of a file: its XML messages, then everything else."""
    try:
        written, rest = xmltree.messages(text_of(data))
    except NotReadable as error:
        reading.refuse("file", str(error))
        return []
    found: list[tuple[str, Any]] = []
    for number, text in enumerate(written, 1):
        try:
            found.append((f"message {number}", xmltree.parse(text)))
        except xmltree.NotReadable as error:
            reading.refuse(f"message {number}", str(error))
    return found + (payloads(rest.encode("utf-8", "replace"), reading) if rest.strip() or not written else [])


def _trace(told: _File, where: str, body: dict[str, Any]) -> bool:
    """Keep the events of a message or answer about one waybill; they are put together at the end of the file."""
    pushed, label = fold(as_object(body.get("waybillinfo"))), fold(as_object(body.get("orderinfo")))
    parcel = next((part for part in (pushed, label, body) if words(part.get("waybillid"))), {})
    nodes = objects(body.get("actions")) + objects(body.get("pathitemlist")) + objects(label.get("pathinfo"))
    nodes = nodes or ([parcel] if {"desc", "updatetime"} & parcel.keys() or {"actiontype"} & parcel.keys() else [])
    number = normalise(words(parcel.get("waybillid")))
    if not nodes or not number:
        return False
    sent = as_utc(body.get("createtime"), None) if words(body.get("event")) else None
    first, carrier, events = told.traces.get(number, (where, None, []))
    carrier = carrier or words(parcel.get("deliveryid")) or words(body.get("deliveryid"))
    told.traces[number] = (first, carrier, events + [_event(node, sent) for node in nodes])
    return True


def _event(node: dict[str, Any], sent: datetime | None) -> Event:
    return Event(
        time=(node.get("actiontime"), node.get("updatetime")),
        text=words(node.get("actionmsg")) or node.get("desc"),
        code=words(node.get("actiontype")) or node.get("status"),
        received_at=sent,
    )


def _upload(told: _File, where: str, body: dict[str, Any]) -> bool:
    """Keep what a merchant uploads about the shipping of an order, or of the orders in one combined upload."""
    if "orderkey" not in body:
        return False
    parts = objects(body.get("suborders")) or [body]
    moment = told.desk.moment(body.get("uploadtime"))
    for part in parts:
        key = fold(as_object(part.get("orderkey")))
        merchants, paid = words(key.get("outtradeno")), words(key.get("transactionid"))
        order_id = (paid or merchants) if words(key.get("ordernumbertype")) == "2" else (merchants or paid)
        parcels = [Parcel(entry.get("expresscompany"), entry.get("trackingno"), moment) for entry in objects(part.get("shippinglist"))]
        parcels = [parcel for parcel in parcels if normalise(words(parcel.number))]
        if not order_id or not parcels:
            kind = told.desk.code("kind", part)
            missing = "order" if not order_id else f"waybill{f' ({kind})' if kind else ''}"
            told.desk.reading.refuse(where, f"it names no {missing}")
            continue
        whole = words(part.get("deliverymode")) != "2" or words(part.get("isalldelivered")) == "true"
        told.uploads.setdefault(order_id, []).append((where, parcels, whole))
    return True


def _declare(told: _File) -> None:
    """Declare what was uploaded. An order shipped in full is replaced by its next upload, which takes the numbers back that it lacks."""
    for written, uploads in told.uploads.items():
        order_id = told.order_ids.get(written, written)
        uploads.sort(key=lambda upload: str(upload[1][0].declared_at))
        standing: dict[str, Parcel] = {}
        complete = False
        for where, parcels, whole in uploads:
            numbers = {normalise(words(parcel.number)): parcel for parcel in parcels}
            new = [parcel for number, parcel in numbers.items() if number not in standing]
            lost = [replace(parcel, withdrawn_at=parcels[0].declared_at) for number, parcel in standing.items() if complete and number not in numbers]
            add_parcels(told.desk, f"{where}, order {order_id[:64]}", order_id, [*new, *lost])
            standing = ({} if complete else standing) | {number: standing.get(number, parcel) for number, parcel in numbers.items()}
            complete = whole


def _orders(told: _File, where: str, body: dict[str, Any]) -> bool:
    """Read payment orders with their shipping (mini programs), or orders of a WeChat shop."""
    orders = objects(body.get("order")) + objects(body.get("orderlist")) + objects(body.get("orders"))
    orders = orders or ([body] if "orderdetail" in body else [])
    for order in orders:
        if "orderdetail" in order:
            _shop_order(told.desk, where, order)
        elif "transactionid" in order or "merchanttradeno" in order:
            _payment_order(told, where, order)
        else:
            told.desk.reading.refuse(where, "an order in it has neither transaction_id nor order_detail")
    return bool(orders)


def _unpaid(desk: Desk, where: str, order_id: str, moment: object) -> bool:
    if moment is None:
        desk.reading.refuse(f"{where}, order {order_id[:64]}", "it is not paid: nobody has to ship it")
    return moment is None


def _payment_order(told: _File, where: str, order: dict[str, Any]) -> None:
    """An order of get_order: its id is the transaction's, which is unique everywhere; the merchant's own number is so only at one merchant."""
    desk = told.desk
    merchants, paid = words(order.get("merchanttradeno")), words(order.get("transactionid"))
    order_id = paid or merchants
    if paid and merchants:
        told.order_ids[merchants] = paid
    if _unpaid(desk, where, order_id, desk.moment(order.get("paytime"))):
        return
    shipping = fold(as_object(order.get("shipping")))
    parcels = [
        Parcel(entry.get("expresscompany"), entry.get("trackingno"), desk.moment(entry.get("uploadtime"))) for entry in objects(shipping.get("shippinglist"))
    ]
    known = [desk.moment(order.get("paytime")), *(parcel.declared_at for parcel in parcels)]
    row: Row = {
        "order_id": order_id,
        "merchant_id": desk.shop(order.get("submerchantid"), order.get("merchantid")),
        "buyer_id": desk.buyer(order_id, order.get("openid")),
        "kind": desk.code("kind", shipping),
        "placed_at": desk.moment(order.get("tradecreatetime")),
        "paid_at": desk.moment(order.get("paytime")),
        "amount_paid": amount(order.get("paidamount"), per_yuan=100),
        "status": desk.status(order, "orderstate"),
        "updated_at": max((moment for moment in known if isinstance(moment, datetime)), default=None),
    }
    add_order(desk, where, row, parcels)


def _shop_order(desk: Desk, where: str, order: dict[str, Any]) -> None:
    order_id = words(order.get("orderid"))
    detail = fold(as_object(order.get("orderdetail")))
    paid, price, delivery, more = (fold(as_object(detail.get(name))) for name in ("payinfo", "priceinfo", "deliveryinfo", "extinfo"))
    if _unpaid(desk, where, order_id, desk.moment(paid.get("paytime"))):
        return
    goods, address = objects(detail.get("productinfos")), fold(as_object(delivery.get("addressinfo")))
    row: Row = {
        "order_id": order_id,
        "merchant_id": desk.shop(order.get("shopid"), order.get("appid")),
        "buyer_id": desk.buyer(order_id, order.get("openid")),
        "product_id": agreed(words(entry.get("productid")) for entry in goods) or None,
        "kind": desk.code("kind", delivery),
        "placed_at": desk.moment(order.get("createtime")),
        "paid_at": desk.moment(paid.get("paytime")),
        "amount_paid": amount(price.get("orderprice"), per_yuan=100),
        "unit_price": amount(agreed(entry.get("saleprice") for entry in goods), per_yuan=100),
        "quantity": pieces(entry.get("skucnt") for entry in goods),
        "province": address.get("provincename"),
        "city": address.get("cityname"),
        "district": address.get("countyname"),
        "phone_key": None if words(address.get("usetelnumber")) == "0" else desk.phone_key(address.get("telnumber")),
        "recipient_key": desk.recipient_key(address.get("username"), *(address.get(name) for name in ("provincename", "cityname", "countyname", "detailinfo"))),
        "status": desk.status(order, "status"),
        "updated_at": desk.moment(order.get("updatetime")),
    }
    parcels = [
        Parcel(entry.get("deliveryid"), entry.get("waybillid"), desk.moment(entry.get("deliverytime")))
        for entry in objects(delivery.get("deliveryproductinfo"))
    ]
    add_order(desk, where, row, parcels, desk.moment(more.get("confirmreceipttime")))


def _receipt(told: _File, where: str, body: dict[str, Any]) -> bool:
    """A message that the buyer, or time, has confirmed the receipt of an order."""
    event, info = words(body.get("event")).lower(), fold(as_object(body.get("orderinfo")))
    if event == "trade_manage_order_settlement":
        order_id, moment, by = body.get("transactionid"), body.get("confirmreceivetime"), body.get("confirmreceivemethod")
    elif event == "channels_ec_order_confirm":
        order_id, moment, by = info.get("orderid"), body.get("createtime"), info.get("confirmtype")
    else:
        return False
    confirmed = told.desk.moment(moment)
    row: Row = {"order_id": order_id, "confirmed_at": confirmed, "confirmed_by": _CONFIRMED_BY.get(words(by)), "updated_at": confirmed}
    if confirmed is None:
        told.desk.reading.refuse(where, "it tells no time of confirmation: the order is shipped, but not confirmed")
    else:
        told.desk.add(where, "receipts", row)
    return True


def _why_empty(body: dict[str, Any]) -> str:
    """Why a payload gives nothing, in its own words where it has some."""
    code = words(body.get("errcode"))
    if code not in ("", "0"):
        return f"it is an error answer: {code} {words(body.get('errmsg'))}".strip()
    if "encrypt" in body:
        return "it is an encrypted message: decrypt it with the key of your account first"
    if words(body.get("event")):
        return f"the message {words(body['event'])[:60]!r} carries no whole order, no waybill and no scan"
    if "deliverylist" in body:
        return "it declares waybills without a time: fetch the order (order/get) after sending it"
    if {"order", "orderlist", "pathitemlist"} & body.keys():
        return "it lists nothing"
    return "it is no WeChat payload: it has neither order_key, order, order_list, Actions nor waybill_info"


READER = Reader("wechat", "WeChat (微信): shipping info, shop orders and trace messages, in JSON or XML", read, CHINA)
