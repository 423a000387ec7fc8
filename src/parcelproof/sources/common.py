"""What every reader of a real format shares: the shape of a reader, and what it gives back.

A reader is one module with a `READER`: a function from one file's bytes and its `Context` to canonical rows, with a
name and a line of help. It never raises on odd content: what it cannot use it refuses, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""One canonical row: column name -> str, int, bool, Decimal or an aware datetime; None or absent for unknown."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know besides the file's bytes."""

    name: str
    """File name, for messages."""
    zone: ZoneInfo | None
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

    def add(self, table: str, row: Row) -> None:
        """Put one canonical row into `table`."""
        self.rows.setdefault(table, []).append(row)

    def refuse(self, where: str, why: str) -> None:
        """Note that what stands at `where` gave nothing, and why."""
        self.refused.append((where, why))


@dataclass(frozen=True, slots=True)
class Reader:
    """One real format."""

    name: str
    title: str
    """One line for help and docs: what it reads."""
    read: Callable[[bytes, Context], Reading]
    default_zone: str | None = None
    """Zone that the source documents for times without one; None where all its times carry an offset."""
