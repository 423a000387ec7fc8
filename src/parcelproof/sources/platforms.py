"""What the readers of marketplaces share: an order with its waybills, and its money, times, keys, carriers and codes.

The words of each platform for a state or a kind of order stand in `order_codes.csv`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcelproof.carriers.identify import identify
from parcelproof.carriers.numbers import carrier_code, normalise
from parcelproof.carriers.redact import hashed
from parcelproof.dataset.tables import TABLES
from parcelproof.sources.casting import Unusable, cast_row
from parcelproof.sources.common import as_object, as_utc, fold, words
from parcelproof.sources.traces import carrier_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from parcelproof.sources.common import Context, Reading, Row

_UNSET = re.compile(r"0*|0{4}-0{1,2}-0{1,2}.*|null|none", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,8})?")
_PHONE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_MASK = re.compile(r"[*＊•●]")
_HIDDEN = re.compile(r"[*＊•●×#~$]|x{3}", re.IGNORECASE)
"""Masks, and the marks of the platforms' ciphers: what holds them is no name and no address."""
_LEFT_OUT = "an order none of whose waybills can be used is left out: it would look as if nobody had declared anything"


@dataclass(slots=True)
class Desk:
    """One file of a platform on its way into rows."""

    source: str
    reading: Reading
    context: Context
    zone: tzinfo
    companies: dict[str, str] = field(default_factory=dict)
    """The platform's own number of a carrier -> its code or name."""

    def add(self, where: str, table: str, row: Row) -> bool:
        """Add a row, or refuse it; whether it was added."""
        try:
            self.reading.add(table, cast_row(TABLES[table], row))
        except Unusable as error:
            self.reading.refuse(where, str(error))
            return False
        return True

    def shop(self, *written: object) -> str:
        """The shop's id: the first that the payload names, else `--merchant`, else the platform's name."""
        named = next((text for value in written if (text := words(value)) not in ("", "0")), None) or self.context.options.get("merchant")
        if not named:
            self.reading.note(f"the payload names no shop, so merchant_id is {self.source!r}: name the shop with --merchant")
        return named or self.source

    def buyer(self, order_id: str, *accounts: object) -> str:
        """The buyer's account: the first that is no mask, else one of its own for each order."""
        named = next((text for value in accounts if (text := words(value)) and not _MASK.search(text)), None)
        if not named:
            self.reading.note("the payload names no buyer in some orders: each of them stands for a buyer of its own, and links to nobody")
        return named or f"order-{order_id}"

    def phone_key(self, value: object) -> str | None:
        """The key of a mobile number in the clear; a masked one, a cipher or a number with an extension gives none: it would link strangers."""
        found = _PHONE.fullmatch(re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", words(value)[:40])))
        return hashed(found[1], self.context.salt) if found else None

    def recipient_key(self, name: object, *address: object) -> str | None:
        """The key of a name and an address that both stand in the clear, in Chinese; otherwise none."""
        parts = [re.sub(r"\s", "", unicodedata.normalize("NFKC", words(part)[:400])) for part in (name, "".join(map(words, address)))]
        clear = all(parts) and not any(_HIDDEN.search(part) for part in parts) and re.search(r"[\u3400-\u9fff]", parts[1])
        return hashed("|".join(parts), self.context.salt) if clear and len(parts[0]) <= 40 else None  # noqa: PLR2004  no name is longer, ciphers are

    def code(self, column: str, *objects: dict[str, Any]) -> str | None:
        """What the objects say about a column, by the platform's codes; the first line of `order_codes.csv` that holds wins."""
        return next((value for name, code, value in _codes(self.source, column) if any(words(said.get(name)).upper() == code for said in objects)), None)

    def status(self, order: dict[str, Any], *fields: str) -> str | None:
        """The order's status; an unknown code of these fields is noted, and counts as nothing said."""
        found = self.code("status", order)
        said = next((words(order.get(name)) for name in fields if words(order.get(name))), "")
        if found is None and said:
            self.reading.note(f"the status {said[:40]!r} of an order is unknown and left empty")
        return found

    def kind(self, order: dict[str, Any], goods: list[dict[str, Any]]) -> str | None:
        """The order's kind: what any of its goods makes it (a presale), or what all of them are (virtual, a gift)."""
        own = self.code("kind", order)
        kinds = [self.code("kind", entry) for entry in goods]
        return own or next((kind for kind in kinds if kind in ("presale", "made_to_order")), None) or agreed(kinds)

    def carrier(self, written: object, number: str) -> str:
        """Our code of a waybill's carrier; the platform's own code where nobody knows it; empty where none is named.

        Some payloads name no carrier, or by a number that only the platform knows. There a prefix that one carrier alone uses tells it; bare
        digits tell nothing.
        """
        text = words(written)
        text = self.companies.get(text, text) if text != "0" else ""
        known = carrier_code(text, "platform")
        if known:
            return known
        if text and not text.isdigit():
            return carrier_of(text, None)
        if not text and self.context.options.get("carrier"):
            return carrier_of(self.context.options["carrier"], None)
        fitting = {found.carrier for found in identify(number) if found.shape == "valid"}
        if len(fitting) == 1 and number[:2].isalpha():
            self.reading.note(f"the carrier of some waybills is told by their prefix alone ({number[:2]} is {min(fitting)}'s)")
            return fitting.pop()
        if text:
            self.reading.note(f"carrier {text[:20]} is {self.source}'s own number, which is unknown: add the platform's list of carriers to the file")
        return f"{self.source}-{text}".upper() if text else ""

    def moment(self, value: object) -> object:
        """A moment in UTC, None where it is not set (see `moment`)."""
        return moment(value, self.zone)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One waybill declared for an order, as the platform writes it."""

    carrier: object
    number: object
    declared_at: object
    withdrawn_at: object = None


def moment(value: object, zone: tzinfo | None) -> object:
    """A moment in UTC; None for the ways to write that it is not set; what is none stays as it is, so that its row is refused."""
    if not isinstance(value, (dict, list)) and _UNSET.fullmatch(words(value)):
        return None
    return as_utc(value, zone) or value


def amount(value: object, *, per_yuan: int = 1) -> object:
    """An amount in yuan, exactly; what is no number stays as it is, so that its row is refused."""
    text = words(value)
    return Decimal(text) / per_yuan if _NUMBER.fullmatch(text) else value


@cache
def _codes(source: str, column: str) -> tuple[tuple[str, str, str], ...]:
    """(field as `fold` writes it, code in upper case, value) of a platform and a column, in the order of the file."""
    with (Path(__file__).parent / "order_codes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            (row["field"].replace("_", ""), row["code"].upper(), row["value"])
            for row in csv.DictReader(file)
            if (row["source"], row["column"]) == (source, column)
        )


def objects(value: object, *inside: str) -> list[dict[str, Any]]:
    """The objects of a list, folded: a list, one object, or a list wrapped once more under one of the names `inside`."""
    opened = as_object(value)
    if isinstance(opened, list):
        return [folded for entry in opened if (folded := fold(as_object(entry)))]
    wrapped = fold(opened)
    name = next((name for name in inside if name in wrapped), None)
    return objects(wrapped[name]) if name else [wrapped] if wrapped else []


def agreed(values: Iterable[object]) -> Any:  # noqa: ANN401  what is in the list
    """The one value that all have; None where they differ or one has none."""
    listed = list(values)
    return listed[0] if listed and all(value == listed[0] for value in listed) else None


def pieces(values: Iterable[object]) -> int | None:
    """The sum of the counts of an order's goods; None where one is no count."""
    counts = [words(value) for value in values]
    return sum(map(int, counts)) if counts and all(re.fullmatch(r"\d{1,9}", count) for count in counts) else None


def add_order(desk: Desk, where: str, order: Row, parcels: Iterable[Parcel], confirmed_at: object = None) -> bool:
    """Add an order, its declarations and its confirmation, or refuse it; a bad waybill costs only itself while another stands.

    Returns:
        Whether the order was added.
    """
    where = f"{where}, order {words(order.get('order_id'))[:64]}"
    try:
        row = cast_row(TABLES["orders"], {"currency": "CNY", **order})
        receipt = cast_row(TABLES["receipts"], {"order_id": order.get("order_id"), "confirmed_at": confirmed_at, "updated_at": confirmed_at})
    except Unusable as error:
        desk.reading.refuse(where, str(error))
        return False
    listed = [parcel for parcel in parcels if normalise(words(parcel.number))]
    if listed and not add_parcels(desk, where, order.get("order_id"), listed):
        desk.reading.note(_LEFT_OUT)
        return False
    desk.reading.add("orders", row)
    if receipt["confirmed_at"] is not None:
        desk.reading.add("receipts", receipt)
    return True


def add_parcels(desk: Desk, where: str, order_id: object, parcels: Iterable[Parcel]) -> int:
    """Add the declarations of an order's waybills, each number once, and say how many; each is refused for itself.

    A declaration counts from its own time, and its withdrawal from the time of that: another answer that tells of the same number later is
    another version of it.
    """
    good: dict[tuple[object, object], Row] = {}
    for parcel in parcels:
        for number in filter(None, map(normalise, re.split(r"[,，;；、|]", words(parcel.number)))):
            declared = {
                "order_id": order_id, "carrier": desk.carrier(parcel.carrier, number), "waybill_no": number, "declared_at": parcel.declared_at,
                "updated_at": parcel.declared_at,
            }  # fmt: skip
            try:
                row = cast_row(TABLES["declarations"], declared)
                withdrawn = cast_row(TABLES["declarations"], declared | {"withdrawn_at": parcel.withdrawn_at, "updated_at": parcel.withdrawn_at})
            except Unusable as error:
                desk.reading.refuse(f"{where}, declaration of waybill {number}", str(error))
                continue
            first = good.setdefault((row["carrier"], number), row)
            if row["declared_at"] < first["declared_at"]:
                good[row["carrier"], number] = row
            if parcel.withdrawn_at is not None:
                desk.reading.add("declarations", withdrawn)
    for row in good.values():
        desk.reading.add("declarations", row)
    return len(good)
