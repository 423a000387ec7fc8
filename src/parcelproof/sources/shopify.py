"""Shopify: orders, fulfilments and fulfilment events of the REST Admin API and of webhooks. Times carry their offset.

An order's `paid_at` is its earliest successful payment where its transactions stand beside it, else `processed_at`. A payment that is only
authorised counts: the buyer has done their part. A fulfilment event names its fulfilment and no waybill, so both must be in one file.
Source: https://shopify.dev/docs/api/admin-rest/latest/resources/order, .../fulfillment, .../fulfillmentevent
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from parcelproof.carriers.identify import identify
from parcelproof.carriers.numbers import carrier_code, normalise
from parcelproof.sources.common import Context, Reader, Reading, as_object, as_utc, fold, payloads, words
from parcelproof.sources.shopify_orders import order_row
from parcelproof.sources.traces import Event, Trace, add_trace, carrier_of

if TYPE_CHECKING:
    from datetime import tzinfo

NAME = "shopify"
_KINDS = {
    "order": "order", "orders": "order", "fulfillment": "fulfillment", "fulfillments": "fulfillment",
    "fulfillmentevent": "event", "fulfillmentevents": "event",
}  # fmt: skip
_SHELLS = ("data", "detail", "payload", "body")
_UNUSED = {
    "draftorder": "a draft order is no order yet: nothing is sold or sent",
    "draftorders": "draft orders are no orders yet: nothing is sold or sent",
    "refund": "a refund alone names neither buyer nor payment: import its order, which carries its refunds",
    "refunds": "refunds alone name neither buyer nor payment: import their order, which carries its refunds",
    "risk": "a risk assessment is neither an order nor a fulfilment",
    "risks": "risk assessments are neither orders nor fulfilments",
    "location": "a location is neither an order nor a fulfilment",
    "locations": "locations are neither orders nor fulfilments",
}
"""What stands in a payload that is not used -> why. Bare payloads of these kinds are told by `_TELLS`."""
_TELLS = (
    ("lineitems", "invoiceurl", "draftorder"), ("refundlineitems", "", "refund"), ("recommendation", "score", "risk"),
    ("legacy", "", "location"), ("deletedat", "countryname", "location"),
)  # fmt: skip
_OFF = frozenset({"cancelled", "canceled", "failure", "error"})
"""States of a fulfilment that no longer declares its numbers."""


_UNKNOWN = datetime.min.replace(tzinfo=UTC)
"""Stands for a version's missing time: it sorts first."""


@dataclass(slots=True)
class _Sale:
    """What the payloads of a file tell, before it becomes rows."""

    fulfilments: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    """Fulfilment -> its versions, each with the place in the file."""
    events: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)


def read(data: bytes, context: Context) -> Reading:
    """The orders, declarations and scans of every payload in a file."""
    reading = Reading()
    sale = _Sale()
    for where, payload in payloads(data, reading):
        found = _opened(payload)
        if not found:
            reading.refuse(where, _why_nothing(fold(as_object(payload))))
        for place, (kind, entry) in enumerate(found, 1):
            at = f"{where}, {kind} {place}" if len(found) > 1 else where
            if kind == "order":
                _take_order(reading, at, entry, sale, context)
            else:
                _keep(sale.fulfilments if kind == "fulfillment" else sale.events, at, entry, kind)
    _add_fulfilments(reading, sale, context)
    return reading


def _opened(payload: object) -> list[tuple[str, dict[str, Any]]]:
    """The orders, fulfilments and events of a payload, each with its kind."""
    node = fold(as_object(payload))
    for _ in range(len(_SHELLS)):
        named = [(kind, node[name]) for name, kind in _KINDS.items() if name in node and not _bare(node)]
        if named:
            lists = [(kind, as_object(value)) for kind, value in named]
            return [(kind, folded) for kind, value in lists for entry in (value if isinstance(value, list) else [value]) if (folded := fold(as_object(entry)))]
        if kind := _bare(node):
            return [(kind, node)]
        inner = next((found for name in _SHELLS if (found := fold(as_object(node.get(name))))), None)
        if inner is None:
            break
        node = inner
    return []


def _bare(node: dict[str, Any]) -> str:
    """The kind of a payload without a name around it; empty where it is none that is used."""
    if any(first in node and (not second or second in node) for first, second, _ in _TELLS):
        return ""
    if "fulfillmentid" in node:
        return "event"
    if {"trackingnumber", "trackingnumbers", "trackingcompany", "shipmentstatus"} & node.keys():
        return "fulfillment"
    return "order" if {"financialstatus", "lineitems", "processedat", "ordernumber"} & node.keys() else ""


def _why_nothing(payload: dict[str, Any]) -> str:
    errors = payload.get("errors", payload.get("error"))
    if errors:
        said = words(errors) or ", ".join(f"{key} {words(value) or words(fold({'x': value}).get('x'))}".strip() for key, value in fold(errors).items())
        return f"it is an error answer: {said[:200] or 'without a reason'}"
    bare = next((name for first, second, name in _TELLS if first in payload and (not second or second in payload)), "")
    known = next((why for name, why in _UNUSED.items() if name in payload or name == bare), None)
    if known:
        return known
    if _KINDS.keys() & payload.keys():
        return "it lists no order and no fulfilment"
    return "it is no order, fulfilment or fulfilment event of Shopify's REST interface"


def _keep(kept: dict[str, list[tuple[str, dict[str, Any]]]], where: str, entry: dict[str, Any], kind: str) -> None:
    key = words(entry.get("fulfillmentid" if kind == "event" else "id")) or f"({where})"
    kept.setdefault(key, []).append((where, entry))


def _take_order(reading: Reading, where: str, order: dict[str, Any], sale: _Sale, context: Context) -> None:
    """Add an order and keep its fulfilments; a fulfilment of an order that is refused is refused with it."""
    row = order_row(reading, where, order, context)
    if row is None:
        return
    listed = as_object(order.get("fulfillments"))
    fulfilments = [fold(as_object(entry)) for entry in listed] if isinstance(listed, list) else []
    undated = next((entry for entry in fulfilments if _numbers(entry) and _declared_at(entry, context.zone) is None), None)
    if undated is not None:
        why = "has no readable created_at; the order is left out: it would look as if nobody had declared anything"
        reading.refuse(where, f"fulfilment {words(undated.get('id'))} {why}")
        return
    reading.add("orders", row)
    for entry in filter(None, fulfilments):
        _keep(sale.fulfilments, where, {**entry, "orderid": words(entry.get("orderid")) or row["order_id"]}, "fulfillment")


def _numbers(fulfilment: dict[str, Any]) -> list[str]:
    """The waybill numbers of a fulfilment, each once."""
    listed = as_object(fulfilment.get("trackingnumbers"))
    written = [fulfilment.get("trackingnumber"), *(listed if isinstance(listed, list) else [listed])]
    return list(dict.fromkeys(number for value in written if (number := normalise(words(value)))))


def _declared_at(fulfilment: dict[str, Any], zone: tzinfo | None) -> datetime | None:
    return as_utc(fulfilment.get("createdat"), zone) or as_utc(fulfilment.get("updatedat"), zone)


def _changed_at(fulfilment: dict[str, Any], zone: tzinfo | None) -> datetime | None:
    return as_utc(fulfilment.get("updatedat"), zone) or as_utc(fulfilment.get("createdat"), zone)


def _add_fulfilments(reading: Reading, sale: _Sale, context: Context) -> None:
    for key, versions in sale.fulfilments.items():
        versions.sort(key=lambda version: _changed_at(version[1], context.zone) or _UNKNOWN)
        where, newest = versions[-1]
        why = _why_no_declaration([version for _, version in versions], context.zone)
        if why:
            reading.refuse(where, f"fulfilment {key} {why}")
            continue
        numbers = _declare(reading, [version for _, version in versions], context)
        _add_scans(reading, where, newest, numbers, sale.events.pop(key, []), context)
    for key, events in sale.events.items():
        why = f"fulfilment {key} is not in this file, so its waybill is unknown: put its order or fulfilment into one file with its events"
        reading.refuse(events[0][0], f"{why} ({len(events)} events)" if len(events) > 1 else why)


def _why_no_declaration(versions: list[dict[str, Any]], zone: tzinfo | None) -> str:
    """Why a fulfilment declares nothing; empty where it does."""
    if not any(_numbers(version) for version in versions):
        return "names no waybill"
    if not all(words(version.get("orderid")) for version in versions):
        return "names no order"
    undated = any(_declared_at(version, zone) is None for version in versions)
    return "has no readable created_at (name a zone with --timezone if it carries none)" if undated else ""


def _declare(reading: Reading, versions: list[dict[str, Any]], context: Context) -> list[tuple[str, str]]:
    """Add the declarations of a fulfilment from its versions, oldest first; the (carrier, number) pairs of the newest one.

    A number of the first version was declared when the fulfilment was made, a later one when its version was; a number that
    a later version lacks was withdrawn then, and so was every number of a fulfilment that was cancelled or failed.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    standing: list[tuple[str, str]] = []
    for place, version in enumerate(versions):
        changed = _changed_at(version, context.zone)
        standing = [(_carrier(reading, version, number), number) for number in _numbers(version)]
        for pair in standing:
            made = changed if place else _declared_at(version, context.zone)
            fresh = {"order_id": words(version.get("orderid")), "carrier": pair[0], "waybill_no": pair[1], "declared_at": made}
            rows.setdefault(pair, fresh)["updated_at"] = changed
        off = words(version.get("status")).lower() in _OFF
        for pair, row in rows.items():
            gone = off or pair not in standing
            row["withdrawn_at"] = (row.get("withdrawn_at") or changed) if gone else None
            row["updated_at"] = changed if row["withdrawn_at"] == changed else row["updated_at"]
    for row in rows.values():
        reading.add("declarations", row)
    return standing


def _carrier(reading: Reading, fulfilment: dict[str, Any], number: str) -> str:
    """Our code of a fulfilment's carrier: from its name, else from the tracking link, else from the number alone; OTHER where none tells."""
    name = words(fulfilment.get("trackingcompany"))
    slug = re.sub(r"[\W_]+", "-", name).strip("-").lower()
    known = carrier_code(name) or carrier_code(slug, "aftership")
    if known or name:
        return known or carrier_of(name, None)
    listed = as_object(fulfilment.get("trackingurls"))
    links = [fulfilment.get("trackingurl"), *(listed if isinstance(listed, list) else [])]
    guessed = next((code for link in links if (code := _carrier_of_link(words(link)))), None)
    sure = [found.carrier for found in identify(number) if (found.shape, found.check) == ("valid", "valid")]
    guessed = guessed or (sure[0] if len(sure) == 1 else "OTHER")
    reading.note(f"waybill {number}: its fulfilment names no carrier; {guessed} is taken")
    return guessed


def _carrier_of_link(link: str) -> str | None:
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return None
    return next((code for label in host.split(".") if (code := carrier_code(label))), None)


def _add_scans(
    reading: Reading, where: str, newest: dict[str, Any], numbers: list[tuple[str, str]], events: list[tuple[str, dict[str, Any]]], context: Context
) -> None:
    """The scans of a fulfilment: its events, and its `shipment_status` at its last change where no event tells that state.

    Events of a fulfilment of several numbers do not say which parcel they are of, so they are refused.
    """
    told = {words(event.get("status")).lower() for _, event in events}
    state = words(newest.get("shipmentstatus")).lower()
    scans = [_event(event, context.zone) for _, event in events]
    if state and state not in told:
        changed = _changed_at(newest, context.zone)
        scans.append(Event(changed, None, code=state, received_at=changed))
        reading.note(f"{where}: shipment_status {state[:40]!r} carries no time; the fulfilment's last change stands for it")
    if scans and len(numbers) != 1:
        reading.refuse(where, f"fulfilment {words(newest.get('id'))} has {len(numbers)} waybills, and its events do not say which one they are of")
    elif scans:
        add_trace(reading, where, NAME, Trace(numbers[0][0], numbers[0][1], tuple(scans), "platform"), context.zone)


def _event(event: dict[str, Any], zone: tzinfo | None) -> Event:
    place = ", ".join(dict.fromkeys(text for name in ("city", "province", "country") if (text := words(event.get(name)))))
    return Event(
        time=event.get("happenedat"),
        text=event.get("message"),
        code=event.get("status"),
        place=place,
        received_at=as_utc(event.get("createdat"), zone),
    )


READER = Reader(NAME, "Shopify: orders, fulfilments and fulfilment events", read)
