"""The mix of a marketplace: which stories there are, what is true of each, and how often it happens."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from parcelproof.errors import InputError

LISTS = Path(__file__).parent / "lists"
PLAIN = "honest"
"""The pattern that takes what the others leave."""
SHIPMENTS = "shipments"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One story: what is true of it, its share of its unit, and whose doing it is."""

    pattern: str
    truth: str
    share: float
    who: str
    unit: str


def shares(mix: Path | None) -> tuple[Pattern, ...]:
    """The patterns with the shares of `mix` in place of the listed ones; plain orders take the rest.

    Raises:
        InputError: The file cannot be read, names an unknown pattern, holds no share, or leaves less than nothing.
    """
    listed = {row["pattern"]: Pattern(row["pattern"], row["truth"], float(row["share"]), row["who"], row["unit"]) for row in _rows(LISTS / "patterns.csv")}
    for row in _rows(mix) if mix is not None else []:
        name, share = row.get("pattern") or "", row.get("share") or ""
        if name not in listed or name == PLAIN:
            raise InputError(f"--shares {mix}: unknown pattern {name!r}: known are {', '.join(sorted(set(listed) - {PLAIN}))}")
        listed[name] = replace(listed[name], share=_share(mix, name, share, listed[name].unit))
    rest = 1 - sum(row.share for row in listed.values() if row.unit == SHIPMENTS and row.pattern != PLAIN)
    if rest < 0:
        raise InputError(f"--shares {mix}: the shares of shipments add up to {1 - rest:.3f}: leave them at most 1")
    return tuple(replace(row, share=rest) if row.pattern == PLAIN else row for row in listed.values())


def _share(mix: Path | None, name: str, text: str, unit: str) -> float:
    most = 100.0 if unit == "outages" else 1.0
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= most:
        raise InputError(f"--shares {mix}: {name} has the share {text!r}: write a number from 0 to {most:g}")
    return share


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names, rows = reader.fieldnames or (), list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"--shares {path} cannot be read ({error}): write a CSV file with the columns pattern and share") from None
    if not {"pattern", "share"} <= set(names):
        raise InputError(f"--shares {path} has no columns pattern and share: write them as its first line")
    return rows
