"""Values of a file or payload -> the canonical kinds of `dataset.tables`, each with the reason why one cannot be used."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from parcelproof.sources.common import as_utc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from parcelproof.dataset.tables import Column, Table

Value = str | int | bool | Decimal | datetime | None
_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 16
"""What decimal(18,2) holds."""
_TRUE = frozenset({"true", "t", "1", "yes", "y", "是"})
_FALSE = frozenset({"false", "f", "0", "no", "n", "否"})
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


class Unusable(ValueError):  # noqa: N818  the caller turns it into a refusal
    """A value that its column cannot take; the message says which and why."""


def cast_row(table: Table, row: Mapping[str, object], zone: tzinfo | None = None) -> dict[str, Value]:
    """A row with every column of `table` in its canonical kind; columns that the table lacks are left out.

    Args:
        table: The canonical table.
        row: Column name -> text or typed value.
        zone: Zone of times without one.

    Raises:
        Unusable: A required value is missing, or a value is not of its column's kind or codes.
    """
    cast = {column.name: cast_value(column, row.get(column.name), zone) for column in table.columns}
    missing = [column.name for column in table.columns if column.required and cast[column.name] is None]
    if missing:
        raise Unusable(f"it lacks {' and '.join(missing)}")
    return cast


def cast_value(column: Column, value: object, zone: tzinfo | None = None) -> Value:
    """One value in its column's kind; None for null and blank text.

    Raises:
        Unusable: It is not of that kind, or not one of the column's codes.
    """
    if isinstance(value, str):
        value = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value).strip()
    if value is None or value == "":
        return None
    match column.kind:
        case "time":
            return _time(column, value, zone)
        case "money":
            return _money(column, value)
        case "integer":
            return _integer(column, value)
        case "boolean":
            return _boolean(column, value)
        case _:
            return _text(column, value)


def _shown(value: object) -> str:
    return repr(str(value)[:60])


def _time(column: Column, value: object, zone: tzinfo | None) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return value.astimezone(UTC)
        value = value.isoformat()
    moment = as_utc(value, zone)
    if moment is None and zone is None and as_utc(value, UTC) is not None:
        raise Unusable(f"{column.name} {_shown(value)} has no zone: name one with --timezone, such as --timezone Asia/Shanghai")
    if moment is None:
        raise Unusable(f"{column.name} {_shown(value)} is no time: write it like 2026-08-31T12:00:00+08:00")
    return moment


def _decimal(text: str) -> Decimal | None:
    """A finite number below 10^16 from its digits; None where it is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and -_LARGEST < number < _LARGEST else None


def _money(column: Column, value: object) -> Decimal:
    amount = None if isinstance(value, bool) else _decimal(re.sub(r"[¥￥$元,，\s]", "", str(value)))
    if amount is None:
        raise Unusable(f"{column.name} {_shown(value)} is no amount: write it like 12.30")
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _integer(column: Column, value: object) -> int:
    number = None if isinstance(value, bool) else _decimal(str(value).replace(",", ""))
    if number is None or number != int(number):
        raise Unusable(f"{column.name} {_shown(value)} is no whole number below 10^16")
    return int(number)


def _boolean(column: Column, value: object) -> bool:
    text = str(value).lower()
    if text not in _TRUE | _FALSE:
        raise Unusable(f"{column.name} {_shown(value)} is neither true nor false")
    return text in _TRUE


def _text(column: Column, value: object) -> str:
    if isinstance(value, (dict, list, tuple)):
        raise Unusable(f"{column.name} holds an object where text belongs")
    text = str(value)
    if column.codes:
        text = text.lower()
        if text not in column.codes:
            raise Unusable(f"{column.name} {_shown(value)} is not one of {', '.join(column.codes)}")
    return text
