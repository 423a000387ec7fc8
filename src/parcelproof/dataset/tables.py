"""The canonical tables, declared once: validation, the reference page and empty defaults all come from here.

A `Column.kind` is one of the canonical kinds of `SQL_TYPES`. `known` on a time column says that the time cannot
lie after the moment of judging, so it counts when "the latest time in the data" is looked for; promised and
announced times may lie in the future and do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

SQL_TYPES = {
    "text": "VARCHAR",
    "time": "TIMESTAMP",
    "money": "DECIMAL(18,2)",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}
"""Canonical kind -> engine type. Times are UTC with microseconds and carry no zone of their own."""

STAGES = (
    "created", "collected", "hub_in", "hub_out", "outlet_in", "out_for_delivery", "pickup_ready", "delivered",
    "attempt_failed", "recalled", "returning", "returned", "exception", "customs", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a canonical table."""

    name: str
    kind: str = "text"
    required: bool = False
    codes: tuple[str, ...] = ()
    default: str | None = None
    known: bool = False
    doc: str = ""

    @property
    def sql_type(self) -> str:
        """The engine's type of this column."""
        return SQL_TYPES[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table: its grain, its columns and its unique key (empty where rows have none)."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _text(name: str, doc: str = "", *, required: bool = False, codes: tuple[str, ...] = (), default: str | None = None) -> Column:
    return Column(name, "text", required=required, codes=codes, default=default, doc=doc)


def _time(name: str, doc: str = "", *, required: bool = False, known: bool = True) -> Column:
    return Column(name, "time", required=required, known=known, doc=doc)


def _integer(name: str, doc: str = "") -> Column:
    return Column(name, "integer", doc=doc)


_UPDATED_AT = _time("updated_at", "when this version of the row was written; of several versions of a key the newest known at T counts")
_CARRIER = _text("carrier", "carrier code, as the platform writes it", required=True)
_WAYBILL = _text("waybill_no", "the carrier's number for the parcel", required=True)
_ORDER = _text("order_id", "the order", required=True)
_ADCODE = "GB/T 2260 code of 6 digits, or ISO 3166 country and postal code as US-10001"

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "orders",
            "one order",
            (
                _ORDER,
                _text("merchant_id", "the shop", required=True),
                _text("buyer_id", "the buyer's account", required=True),
                _text("product_id", "the product"),
                _text(
                    "kind",
                    "what sort of order it is",
                    codes=("standard", "presale", "made_to_order", "virtual", "self_delivery", "exchange", "gift"),
                    default="standard",
                ),
                _text("mode", "standard delivery or instant retail", codes=("standard", "instant"), default="standard"),
                _time("placed_at", "when it was placed"),
                _time("paid_at", "when it was paid", required=True),
                Column("amount_paid", "money", doc="what the buyer paid for the order, after coupons"),
                Column("unit_price", "money", doc="price of one piece"),
                _integer("quantity", "pieces"),
                _text("currency", "ISO 4217; the policy's currency where missing"),
                _integer("goods_weight_g", "expected weight of the goods, grams"),
                _time("promised_ship_at", "the latest time to ship that was promised", known=False),
                _text("province", "delivery province, as text"),
                _text("city", "delivery city, as text"),
                _text("district", "delivery district, as text"),
                _text("adcode", f"delivery place: {_ADCODE}"),
                _text("recipient_key", "salted hash of name and address"),
                _text("phone_key", "salted hash of the recipient's phone"),
                _text("status", "state of the order", codes=("paid", "cancelled", "refunded", "completed")),
                _UPDATED_AT,
            ),
            key=("order_id",),
            required=True,
        ),
        Table(
            "declarations",
            "one waybill declared for one order",
            (_ORDER, _CARRIER, _WAYBILL, _time("declared_at", "when the merchant uploaded the number", required=True),
             _time("withdrawn_at", "when the merchant took the number back"), _UPDATED_AT),
            key=("order_id", "carrier", "waybill_no"),
            required=True,
        ),
        Table(
            "parcels",
            "the carrier's own record of a waybill",
            (_CARRIER, _WAYBILL, _time("created_at", "when the label was made"), _text("sender_key", "salted hash of the sender"),
             _text("sender_adcode", f"where it was sent from: {_ADCODE}"), _text("sender_outlet", "the outlet that took it in"),
             _text("recipient_key", "salted hash of name and address on the label"), _text("phone_key", "salted hash of the phone on the label"),
             _text("adcode", f"destination on the label: {_ADCODE}"), _integer("weight_g", "weight that the carrier measured, grams"),
             _time("weighed_at", "when it was weighed"), _UPDATED_AT),
            key=("carrier", "waybill_no"),
        ),
        Table(
            "scans",
            "one tracking event",
            (_CARRIER, _WAYBILL, _time("event_time", "when it happened", required=True),
             _time("received_at", "when it became known; missing means event_time"),
             _text("stage", "what happened", required=True, codes=STAGES), _text("place", "where, as free text"),
             _text("adcode", f"where: {_ADCODE}"), _text("facility_id", "the carrier's site"), _integer("weight_g", "weight measured there, grams"),
             _text("description", "the carrier's words, phone numbers removed"), _UPDATED_AT),
        ),
        Table(
            "receipts",
            "one order's confirmation and review",
            (_ORDER, _time("confirmed_at", "when receipt was confirmed"),
             _text("confirmed_by", "who confirmed", codes=("buyer", "auto", "merchant")), _integer("rating", "stars"),
             _time("reviewed_at", "when it was reviewed"), _text("review_key", "salted hash of the review's text"), _UPDATED_AT),
            key=("order_id",),
        ),
        Table(
            "order_events",
            "what buyer and merchant agreed",
            (_ORDER, _text("kind", "what was agreed or asked", required=True,
                           codes=("address_changed", "merge_agreed", "ship_time_agreed", "refund_requested", "cancel_requested")),
             _time("happened_at", "when", required=True), _text("recipient_key", "the new recipient"), _text("adcode", f"the new place: {_ADCODE}"),
             _time("until", "the new latest time to ship", known=False), _UPDATED_AT),
        ),
        Table(
            "complaints",
            "one buyer complaint",
            (_ORDER, _text("kind", "what the buyer says", required=True, codes=("not_received", "empty_parcel", "wrong_item", "short", "other")),
             _time("opened_at", "when", required=True), Column("upheld", "boolean", doc="true, false, or empty while open"),
             _time("decided_at", "when it was decided"), _UPDATED_AT),
        ),
        Table(
            "links",
            "what ties a buyer account to others",
            (_text("buyer_id", "the buyer's account", required=True),
             _text("kind", "what is shared", required=True, codes=("device", "ip", "payer", "address", "phone", "referrer")),
             _text("key", "salted hash of the shared thing", required=True), _time("seen_at", "when it was seen"), _UPDATED_AT),
        ),
        Table(
            "disruptions",
            "announced force majeure; an empty scope column means all",
            (_text("carrier", "carrier code"), _text("adcode", "any prefix of a place code"), _text("facility_id", "the carrier's site"),
             _time("starts_at", "first moment", required=True, known=False), _time("ends_at", "last moment", required=True, known=False),
             _integer("extra_hours", "hours added to the windows"), Column("waive", "boolean", doc="windows do not count at all"),
             _text("reason", "why", required=True), _text("source", "who announced it"),
             _time("announced_at", "known from then; missing means starts_at"), _UPDATED_AT),
        ),
        Table(
            "merchants",
            "one shop",
            (_text("merchant_id", "the shop", required=True), _time("opened_at", "when it opened"), _text("adcode", f"where it is: {_ADCODE}"),
             _text("category", "what it sells"), _UPDATED_AT),
            key=("merchant_id",),
        ),
        Table(
            "warehouses",
            "registered shared warehouses",
            (_text("sender_key", "salted hash of the sender", required=True), _text("operator", "who runs it"),
             _time("registered_at", "since when it is registered"), _UPDATED_AT),
            key=("sender_key",),
        ),
    )
}  # fmt: skip
"""Every canonical table by name (the contract, section 1)."""
