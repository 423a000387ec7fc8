"""Pinduoduo (拼多多): answers of pdd.order.list.get, pdd.order.information.get and pdd.order.number.list.increment.get.

Times are Beijing wall-clock time (UTC+8) without a zone, or seconds since 1970; money is in yuan, as a fraction. Carriers are numbers of
Pinduoduo's own (see `pinduoduo_carriers.csv`). Names, phones and streets come masked or enciphered and are not read then.
Source: the public client libraries that quote the documentation (https://open.pinduoduo.com/application/document/api?id=pdd.order.list.get)
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcelproof.sources.common import CHINA, Context, Reader, Reading, as_object, fold, payloads, words
from parcelproof.sources.platforms import Desk, Parcel, add_order, agreed, amount, objects, pieces

if TYPE_CHECKING:
    from parcelproof.sources.common import Row

_LISTS = ("orderlist", "ordersnlist", "orderinfo", "orderinfolist")


def read(data: bytes, context: Context) -> Reading:
    """The orders, declarations and receipts of every payload in a file."""
    reading = Reading()
    found = [(where, fold(as_object(payload))) for where, payload in payloads(data, reading)]
    answers = [(where, outer, _inner(outer)) for where, outer in found]
    companies = _companies() | {
        words(entry.get("id")): words(entry.get("logisticscompany"))
        for _, _, answer in answers
        for entry in objects(answer.get("logisticscompanies"))
        if words(entry.get("logisticscompany"))
    }
    desk = Desk("pinduoduo", reading, context, context.zone or ZoneInfo(CHINA), companies)
    for where, outer, answer in answers:
        orders = [order for name in _LISTS for order in objects(answer.get(name))] or ([answer] if "ordersn" in answer else [])
        for order in orders:
            _order(desk, where, order)
        if not orders:
            reading.refuse(where, _why_empty(outer, answer))
    return reading


def _inner(outer: dict[str, Any]) -> dict[str, Any]:
    """The answer within its envelope, such as order_list_get_response."""
    return next((fold(as_object(value)) for name, value in outer.items() if name.endswith("response")), outer)


@cache
def _companies() -> dict[str, str]:
    """Pinduoduo's number of a carrier -> our code."""
    with (Path(__file__).parent / "pinduoduo_carriers.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["carrier"] for row in csv.DictReader(file)}


def _order(desk: Desk, where: str, order: dict[str, Any]) -> None:
    order_id = words(order.get("ordersn"))
    waits = _waits(desk, order)
    if waits:
        desk.reading.refuse(f"{where}, order {order_id[:64]}", f"{waits}: nobody has to ship it yet")
        return
    goods = objects(order.get("itemlist"))
    street = [order.get(name) for name in ("province", "city", "town", "receiveraddress")]
    row: Row = {
        "order_id": order_id,
        "merchant_id": desk.shop(order.get("mallid")),
        "buyer_id": desk.buyer(order_id),
        "product_id": agreed(words(entry.get("goodsid")) for entry in goods) or None,
        "kind": "virtual" if objects(order.get("cardinfolist")) else desk.kind(order, goods),
        "mode": desk.code("mode", order),
        "placed_at": desk.moment(order.get("createdtime")),
        "paid_at": desk.moment(order.get("paytime")) or desk.moment(order.get("confirmtime")),
        "amount_paid": amount(order.get("payamount")),
        "unit_price": amount(agreed(entry.get("goodsprice") for entry in goods)),
        "quantity": pieces(entry.get("goodscount") for entry in goods),
        "promised_ship_at": desk.moment(order.get("lastshiptime")),
        "province": order.get("province"),
        "city": order.get("city"),
        "district": order.get("town"),
        "recipient_key": desk.recipient_key(order.get("receivername"), *street),
        "phone_key": desk.phone_key(order.get("receiverphone")),
        "status": desk.status(order, "orderstatus"),
        "updated_at": desk.moment(order.get("updatedat")),
    }
    add_order(desk, where, row, _parcels(desk, order), desk.moment(order.get("receivetime")))


def _waits(desk: Desk, order: dict[str, Any]) -> str:
    """Why an order is not to be shipped yet; empty where it is."""
    if desk.moment(order.get("paytime")) is None and desk.moment(order.get("confirmtime")) is None:
        return "it is not paid"
    if words(order.get("confirmstatus")) == "0":
        return "its group is not complete (confirm_status 0)"
    return ""


def _parcels(desk: Desk, order: dict[str, Any]) -> list[Parcel]:
    """The waybill of an order and those of its further parcels, which carry no time of their own: the order's stands for them."""
    shipped = desk.moment(order.get("shippingtime"))
    extra = objects(order.get("extradeliverylist"))
    if extra:
        desk.reading.note("the further parcels of an order (extra_delivery_list) carry no time: its shipping_time counts as theirs")
    return [Parcel(entry.get("logisticsid"), entry.get("trackingnumber"), shipped) for entry in (order, *extra)]


def _why_empty(outer: dict[str, Any], answer: dict[str, Any]) -> str:
    """Why an answer gives nothing, in its own words where it has some."""
    error = answer if "errorresponse" in outer else fold(as_object(outer.get("errorresponse")))
    if error or "errorcode" in answer:
        said = " ".join(filter(None, (words((error or answer).get(name)) for name in ("errorcode", "errormsg", "subcode", "submsg"))))
        return f"it is an error answer: {said or 'without a reason'}"
    if "logisticscompanies" in answer:
        return "it lists carriers, which are used for the orders of the same file"
    if set(_LISTS) & answer.keys():
        return "it lists no order"
    return "it is no Pinduoduo answer: it has neither order_list, order_info nor order_sn_list"


READER = Reader("pinduoduo", "Pinduoduo (拼多多): orders and declared waybills", read, CHINA)
