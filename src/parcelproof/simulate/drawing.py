"""What a seed decides before the first row: the first day, and the value of each number between its bounds."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from string import Template

from parcelproof.simulate.shares import LISTS, Pattern

FIRST_DAY = date(2026, 8, 24)
"""From this Monday on; the texts of the packs are known up to 2026-08-22."""
WEEKS = 9
"""A marketplace opens in one of so many weeks, so that holidays and promotions fall on other days of it."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The values of one seed, and the mix."""

    values: dict[str, str]
    patterns: tuple[Pattern, ...]

    def filled(self, path: Path) -> str:
        """The SQL of a file with the values in place of their names."""
        return Template(path.read_text(encoding="utf-8")).substitute(self.values)


def draw(shipments: int, seed: int, patterns: tuple[Pattern, ...]) -> Draw:
    """Draw the numbers of a marketplace."""
    values: dict[str, float] = {}
    with (LISTS / "numbers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            low, high = float(row["low"]), float(row["high"])
            values[row["name"]] = low if low == high else Random(f"{seed} {row['name']}").uniform(low, high)  # noqa: S311  a game, no secret
    ring = next(row.share for row in patterns if row.pattern == "brushing_ring")
    gifts = next(row.share for row in patterns if row.pattern == "gift_parcel_network")
    salt = int.from_bytes(hashlib.sha256(f"marketplace {seed}".encode()).digest()[:8])
    return Draw(
        {
            **{name: _double(value) for name, value in values.items()},
            **{f"share_{row.pattern}": _double(row.share) for row in patterns},
            "shipments": str(shipments),
            "salt": str(salt),
            "start": (FIRST_DAY + timedelta(weeks=Random(f"{seed} week").randrange(WEEKS))).isoformat(),  # noqa: S311  the same
            "shops": str(max(12, round(shipments * values["shops_per_order"]))),
            "buyers": str(max(50, round(shipments * values["buyers_per_order"]))),
            "gift_senders": str(max(1, round(shipments * gifts / 1000))),
            "rings": str(max(1, round(shipments * ring / 600))),
        },
        patterns,
    )


def _double(value: float) -> str:
    """A number as SQL. Without an exponent the engine reads a decimal, whose products overflow."""
    written = repr(value)
    return written if "e" in written else written + "e0"
