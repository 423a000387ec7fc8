"""Numbers, shares, money and times as people read them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from parcelproof.report.words import Text, same

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

NOTHING = "–"
_LONGEST = 120


def count(number: object) -> str:
    """A whole number with thousands separators: 1234567 -> `1,234,567`; what is no number stays as it is."""
    return f"{number:,}" if isinstance(number, int) else shown(number)


def share(part: float, whole: float) -> str:
    """A part of a whole in percent; a trace that rounds to nothing or to all still shows: `<0.01%`, `>99.99%`."""
    if not whole:
        return NOTHING
    percent = 100 * part / whole
    if 0 < percent < 0.01:  # noqa: PLR2004  the last digit shown
        return "<0.01%"
    if 99.99 < percent < 100:  # noqa: PLR2004  the last digit shown
        return ">99.99%"
    return f"{percent:.2f}".rstrip("0").rstrip(".") + "%"


def money(amount: Decimal | float | None, currency: str | None) -> Text:
    """An amount with its currency: `1,234.50 元`, `CNY 1,234.50`; a missing currency shows as none."""
    if amount is None:
        return same(NOTHING)
    figure = f"{amount:,.2f}"
    if not currency:
        return same(figure)
    code = shown(currency, 8)
    return Text(f"{figure} 元" if code == "CNY" else f"{code} {figure}", f"{code} {figure}")


def several(amounts: Mapping[str | None, Decimal]) -> Text:
    """Amounts of several currencies side by side: they are never added up."""
    texts = [money(amount, currency) for currency, amount in amounts.items()] or [same(NOTHING)]
    return Text("，".join(text.zh for text in texts), ", ".join(text.en for text in texts))


def shown(value: object, longest: int = _LONGEST) -> str:
    """A value of the data as safe text: control and direction characters made visible, cut at `longest` characters."""
    text = NOTHING if value is None else str(value)
    cut = text[: longest - 1] + "…" if len(text) > longest else text
    return "".join("\ufffd" if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and char != "\u200d" else char for char in cut)


def zone_of(name: object) -> tzinfo:
    """A time zone by its IANA name; UTC where there is no such zone."""
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        return UTC


def moment(value: object) -> datetime | None:
    """A time of the data or of `run.json` in UTC (naive times are UTC); None where it is none."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def local(value: datetime, zone: tzinfo) -> datetime:
    """A time in a zone; the first and last days of the calendar, which no zone can shift, stay in UTC."""
    try:
        return value.astimezone(zone)
    except OverflowError:
        return value


def clock(value: object, zone: tzinfo) -> str:
    """A time in a zone to the second: `2026-08-31 23:59:59`."""
    found = moment(value)
    return shown(value) if found is None else f"{local(found, zone):%Y-%m-%d %H:%M:%S}"
