"""What every reader of a real format shares: the shape of a reader, what it gives back, and how it reads times and fields.

A reader is one module with a `READER`: a function from one file's bytes and its `Context` to canonical rows, with a
name and a line of help. It never raises on odd content: what it cannot use it refuses, with the reason.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from parcelproof.errors import UsageError
from parcelproof.sources.payloads import as_object, parse_json, payloads, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CHINA",
    "Context",
    "Reader",
    "Reading",
    "Row",
    "as_object",
    "as_utc",
    "fold",
    "parse_json",
    "parse_offset",
    "parse_zone",
    "payloads",
    "text_of",
    "words",
]

Row = dict[str, Any]
"""One canonical row: column name -> str, int, bool, Decimal or an aware datetime; None or absent for unknown."""

CHINA = "Asia/Shanghai"
"""Zone of every Chinese source's zone-less times: UTC+8, without daylight saving time since 1991."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know besides the file's bytes."""

    name: str
    """File name, for messages."""
    zone: tzinfo | None
    """Zone of times that carry none; None means the source's documented default."""
    salt: bytes
    """Key of the hashes that stand in for personal data."""
    options: dict[str, str] = field(default_factory=dict)
    """Options of single readers, such as the mapping file of `csv`."""


@dataclass(slots=True)
class Reading:
    """What one file gave: canonical rows by table, and what was refused and why."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """(where in the file, why) - one entry a payload, waybill or row that gave nothing."""
    notes: list[str] = field(default_factory=list)
    """What was assumed or odd but used: a zone, an unknown code, a state that contradicts the scans."""
    _noted: set[str] = field(default_factory=set, repr=False)

    def add(self, table: str, row: Row) -> None:
        """Put one canonical row into `table`."""
        self.rows.setdefault(table, []).append(row)

    def refuse(self, where: str, why: str) -> None:
        """Note that what stands at `where` gave nothing, and why."""
        self.refused.append((where, why))

    def note(self, text: str) -> None:
        """Note once what was assumed or odd but used."""
        if text not in self._noted:
            self._noted.add(text)
            self.notes.append(text)


@dataclass(frozen=True, slots=True)
class Reader:
    """One real format."""

    name: str
    title: str
    """One line for help and docs: what it reads."""
    read: Callable[[bytes, Context], Reading]
    default_zone: str | None = None
    """Zone that the source documents for times without one; None where all its times carry an offset."""


_TIME = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*[-/.年]?\s*(?P<month>\d{1,2})\s*[-/.月]?\s*(?P<day>\d{1,2})\s*日?"
    r"[T\s]*(?P<hour>\d{1,2})\s*[:时点]?\s*(?P<minute>\d{2})分?(?:\s*:?\s*(?P<second>\d{2})秒?(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?(?::\d{2})?)?",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"\d{4}\D|\d{14}")
_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_LAST = datetime(2100, 1, 1, tzinfo=UTC)


def as_utc(value: object, zone: tzinfo | None) -> datetime | None:
    """A moment from what a source wrote, as an aware UTC datetime; None where it tells none.

    Args:
        value: Text (ISO 8601 and its relatives: `/`, `.`, 年月日, a missing blank, missing seconds, an offset or none) or a
            number of seconds, milliseconds or microseconds since 1970, as number or as digits. A day without a time of day
            is no moment.
        zone: Zone of a text without one; without it such a text tells no moment.

    Returns:
        A moment between 1990 and 2100; zero and anything outside mean "not set" in the sources.
    """
    if isinstance(value, bool) or value is None:
        return None
    try:
        moment = _epoch(Decimal(value)) if isinstance(value, (int, float, Decimal)) else _written(str(value), zone)
    except (ValueError, OverflowError, ArithmeticError):
        return None
    return moment if moment is not None and _FIRST <= moment < _LAST else None


def _epoch(number: Decimal) -> datetime | None:
    """Seconds, milliseconds or microseconds since 1970, told apart by their size."""
    for limit, scale in ((10**11, 1_000_000), (10**14, 1_000), (10**17, 1)):
        if 0 < number < limit:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(number * scale))
    return None


def _written(text: str, zone: tzinfo | None) -> datetime | None:
    text = unicodedata.normalize("NFKC", text[:80]).strip()
    if re.fullmatch(r"\d{10}|\d{13}|\d{16}|\d{10}\.\d{1,6}", text):
        return _epoch(Decimal(text))
    found = _TIME.fullmatch(text)
    if not found or not _SEPARATED.match(text):
        return None
    offset = parse_offset(found["zone"]) if found["zone"] else zone
    if offset is None:
        return None
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    year, month, day, hour, minute = (int(found[name]) for name in ("year", "month", "day", "hour", "minute"))
    return datetime(year, month, day, hour, minute, int(found["second"] or 0), micro, tzinfo=offset).astimezone(UTC)


def parse_offset(text: str) -> tzinfo | None:
    """`Z`, `+08:00`, `+0800`, `+8`, `UTC+8` as a zone; None where it is none."""
    found = re.fullmatch(r"(?:UTC|GMT|Z)?(?:([+-])(\d{1,2})(?::?(\d{2}))?(?::\d{2})?)?", text.strip(), re.IGNORECASE)
    if not found or not text.strip():
        return None
    sign, hours, minutes = found.groups()
    total = int(hours or 0) * 60 + int(minutes or 0)
    return timezone(timedelta(minutes=-total if sign == "-" else total)) if total <= 14 * 60 else None


def parse_zone(name: str) -> tzinfo:
    """The zone of `--timezone`: an IANA name such as Asia/Shanghai, or an offset such as +08:00.

    Raises:
        UsageError: No zone has that name.
    """
    offset = parse_offset(name)
    if offset is not None:
        return offset
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"--timezone {name!r} is no zone: {hint}write a name such as Asia/Shanghai or an offset such as +08:00") from None


def fold(value: object) -> dict[str, Any]:
    """One level of an object with its keys in lower case and without underscores.

    Of two spellings of one key the first that holds something counts. What is no object gives an empty dictionary.
    """
    folded: dict[str, Any] = {}
    if not isinstance(value, dict):
        return folded
    for key, content in value.items():
        name = str(key).replace("_", "").replace("-", "").lower()
        if folded.get(name) in (None, "", [], {}):
            folded[name] = content
    return folded


def words(value: object) -> str:
    """A scalar as text without blanks around it; empty for null, objects and lists."""
    if value is None or isinstance(value, (bool, dict, list, float)):
        return str(value).lower() if isinstance(value, (bool, float)) else ""
    return str(value).strip()
