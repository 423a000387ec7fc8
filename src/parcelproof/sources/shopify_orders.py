"""A Shopify order -> one row of `orders`."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from parcelproof.carriers.redact import hashed
from parcelproof.sources.common import Context, Reading, Row, as_object, as_utc, fold, words
from parcelproof.sources.divisions import postal

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

_PAID = frozenset({"paid", "partially_paid", "authorized", "partially_refunded", "refunded"})
_LARGEST = Decimal(10) ** 12
_MASKED = re.compile(r"[*•]|x{3,}", re.IGNORECASE)


def order_row(reading: Reading, where: str, order: dict[str, Any], context: Context) -> Row | None:
    """The canonical columns of an order; None, with the reason in `reading`, where it is a test, not paid, or lacks what a row needs.

    Args:
        reading: Takes the refusal and what was assumed.
        where: The payload, for messages.
        order: The order, folded.
        context: Zone of times without one, salt of the hashes, and the shop in its options.
    """
    number = words(order.get("id")) or words(order.get("ordernumber"))
    paid_at = _paid_at(order, context.zone)
    why = _why_not(order, number, paid_at)
    if why:
        left_out = "; its fulfilments are left out with it" if _objects(order.get("fulfillments")) else ""
        reading.refuse(where, f"{why}{left_out}")
        return None
    lines = _objects(order.get("lineitems"))
    address = fold(as_object(order.get("shippingaddress")))
    state = words(order.get("financialstatus")).lower()
    if state in ("authorized", "partially_paid"):
        reading.note(f"{where}: order {number} is {state}; it counts as paid since processed_at")
    return {
        "order_id": number,
        "merchant_id": _merchant(reading, order, context),
        "buyer_id": _buyer(order, number, context.salt),
        "kind": _kind(order, lines, address),
        "placed_at": as_utc(order.get("createdat"), context.zone),
        "paid_at": paid_at,
        "amount_paid": _paid_amount(order),
        "currency": _currency(order.get("currency")),
        "status": _status(order, state),
        "updated_at": as_utc(order.get("updatedat"), context.zone),
        **_goods(order, lines),
        **_destination(address, context.salt),
    }


def _why_not(order: dict[str, Any], number: str, paid_at: datetime | None) -> str:
    """Why an order gives no row; empty where it gives one."""
    state = words(order.get("financialstatus")).lower()
    if not number:
        return "the order has no id"
    if words(order.get("test")).lower() == "true":
        return f"order {number} is a test: no money moved"
    if state not in _PAID:
        return f"order {number} is not known to be paid (financial_status {state[:40] or 'missing'}), so nothing is due yet"
    if paid_at is None:
        return f"order {number} has no readable processed_at or created_at, so nobody knows when it was paid"
    return ""


def _objects(value: object) -> list[dict[str, Any]]:
    listed = as_object(value)
    return [folded for entry in (listed if isinstance(listed, list) else []) if (folded := fold(as_object(entry)))]


def _paid_at(order: dict[str, Any], zone: tzinfo | None) -> datetime | None:
    """The earliest successful payment, else when the order was processed, else when it was placed."""
    moments = [
        as_utc(words(entry.get("processedat")) or words(entry.get("createdat")), zone)
        for entry in _objects(order.get("transactions"))
        if words(entry.get("kind")).lower() in ("sale", "capture", "authorization") and words(entry.get("status")).lower() == "success"
    ]
    known = [moment for moment in moments if moment]
    return min(known) if known else as_utc(order.get("processedat"), zone) or as_utc(order.get("createdat"), zone)


def _merchant(reading: Reading, order: dict[str, Any], context: Context) -> str:
    """The shop: `--merchant`, else the number or the host in the order's own link, else the name of the source."""
    given = context.options.get("merchant", "").strip()
    try:
        link = urlsplit(words(order.get("orderstatusurl")))
        host = link.hostname or ""
    except ValueError:
        return given or "shopify"
    shop = re.match(r"/(\d{3,20})/orders/", link.path)
    found = given or (shop[1] if shop else host)
    if not found:
        reading.note("an order names no shop: merchant_id is 'shopify'; name the shop with --merchant")
    return found or "shopify"


def _buyer(order: dict[str, Any], number: str, salt: bytes) -> str:
    """The buyer's account, else a keyed hash of the e-mail address or phone, else a guest of this order alone."""
    customer = fold(as_object(order.get("customer")))
    if words(customer.get("id")):
        return words(customer["id"])
    contacts = (words(part.get(name)).lower() for part in (order, customer) for name in ("email", "contactemail", "phone"))
    contact = next((text for text in contacts if text and not _MASKED.search(text)), "")
    return hashed(contact, salt) if contact else f"guest-{number}"


def _kind(order: dict[str, Any], lines: list[dict[str, Any]], address: dict[str, Any]) -> str:
    """`virtual` where nothing is sent: no line needs shipping, or the goods were handed over at the till."""
    needs = [words(line.get("requiresshipping")).lower() for line in lines]
    over_the_counter = words(order.get("sourcename")).lower() == "pos" and not address
    return "virtual" if over_the_counter or (needs and all(need == "false" for need in needs)) else "standard"


def _number(value: object) -> Decimal | None:
    """A finite number of ordinary size; None where it is none."""
    text = words(value)
    try:
        number = Decimal(text) if len(text) <= 40 else None  # noqa: PLR2004  no amount is longer
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number) < _LARGEST else None


def _whole(value: object) -> int | None:
    number = _number(value)
    return int(number) if number is not None and number >= 0 else None


def _paid_amount(order: dict[str, Any]) -> Decimal | None:
    total, due = _number(order.get("totalprice")), _number(order.get("totaloutstanding"))
    open_part = due if due and words(order.get("financialstatus")).lower() == "partially_paid" else Decimal(0)
    return total - open_part if total is not None else None


def _currency(value: object) -> str | None:
    text = words(value).upper()
    return text if re.fullmatch(r"[A-Z]{3}", text) else None


def _status(order: dict[str, Any], state: str) -> str:
    if words(order.get("cancelledat")):
        return "cancelled"
    return "refunded" if state == "refunded" else "paid"


def _goods(order: dict[str, Any], lines: list[dict[str, Any]]) -> Row:
    """What was sold. Product and price of one piece are told only where all lines agree: two products have no one price."""
    pieces = [_whole(line.get("quantity")) for line in lines]
    products = {words(line.get("productid")) for line in lines}
    prices = {_number(line.get("price")) for line in lines}
    weights = [_whole(line.get("grams")) for line in lines]
    known = all(weights) and None not in pieces
    total = _whole(order.get("totalweight")) or (sum(w * p for w, p in zip(weights, pieces, strict=True) if w and p) if known else 0)
    return {
        "product_id": next(iter(products)) or None if len(products) == 1 else None,
        "unit_price": next(iter(prices)) if len(prices) == 1 else None,
        "quantity": sum(count for count in pieces if count) if pieces and None not in pieces else None,
        "goods_weight_g": total or None,
    }


def _destination(address: dict[str, Any], salt: bytes) -> Row:
    """Where it goes: places in the clear, the person as keyed hashes. Masked names and phones are not hashed: they would link strangers."""
    country = words(address.get("countrycode"))
    name = words(address.get("name")) or f"{words(address.get('firstname'))} {words(address.get('lastname'))}".strip()
    parts = [name, *(words(address.get(part)) for part in ("address1", "address2", "city", "zip", "countrycode"))]
    whole = _plain("\x1f".join(parts)) if name and words(address.get("address1")) and not _MASKED.search(" ".join(parts[:3])) else ""
    phone = _phone(words(address.get("phone")), country)
    return {
        "province": words(address.get("province")) or None,
        "city": words(address.get("city")) or None,
        "adcode": postal(country, address.get("zip")),
        "recipient_key": hashed(whole, salt) if whole else None,
        "phone_key": hashed(phone, salt) if phone else None,
    }


def _plain(text: str) -> str:
    """Text as two spellings of one address share it: half-width, without case, blanks and punctuation."""
    return re.sub(r"[^\w\x1f]+", "", unicodedata.normalize("NFKC", text).casefold())


def _phone(text: str, country: str) -> str:
    """The digits of a phone number without its country's prefix; empty where it is masked or too short to tell people apart."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    if _MASKED.search(text) or len(digits) < 7:  # noqa: PLR2004  no subscriber number with its area is shorter
        return ""
    digits = re.sub(r"^00", "", digits)
    prefix = {"US": "1", "CA": "1", "CN": "86"}.get(country.upper(), "")
    whole = {"1": 11, "86": 13}.get(prefix, 0)
    return digits.removeprefix(prefix) if len(digits) == whole else digits
