"""A pack that has been read: checks, offences, strikes and exemptions, every dated value keyed by its first local day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlglot import exp

from parcelproof.policy.ringterms import RingTerms

Dated = dict[str, Any]
"""Values by the first local day they hold; None ends what held."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case at the foot of a check: its facts, the answer it expects, and where it stands."""

    name: str
    facts: dict[str, Any]
    expect: str
    where: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check as a pack uses it: a condition, its excuses, and what it rests on. `params` are the pack's, `defaults` the file's."""

    id: str
    file: str
    title: dict[str, str]
    met_when: exp.Expr
    asked_when: exp.Expr | None
    """Where this is not true the check says nothing at all: for soft signs that need a table that few have."""
    excuses: dict[str, exp.Expr]
    excuse_titles: dict[str, dict[str, str]]
    since: exp.Expr
    evidence: tuple[str, ...]
    params: dict[str, Any]
    defaults: dict[str, Any]
    clause: dict[str, str]
    raw: dict[str, Any]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Strike:
    """What makes a day of violations a strike, and what follows by how many there were. `tests` and `ladder` are dated."""

    name: str
    raw: dict[str, Any]
    tests: Dated
    ladder: Dated


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence of a pack. Everything is keyed by the first local day it holds."""

    id: str
    raw: dict[str, Any]
    clause: dict[str, str]
    source: Dated
    """Which source each dated value rests on: the newest that is not later than the value's day."""
    proved_when: dict[str, exp.Expr | None]
    suspected_when: dict[str, exp.Expr | None]
    charge: Dated
    follows: Dated
    strikes: tuple[Strike, ...]

    def dated(self) -> Iterator[tuple[tuple[str, ...], Dated]]:
        """Every dated part with its place under the offence, the sources left out."""
        for key in ("proved_when", "suspected_when", "charge", "follows"):
            yield (key,), getattr(self, key)
        for strike in self.strikes:
            yield ("strikes", strike.name, "when"), strike.tests
            yield ("strikes", strike.name, "ladder"), strike.ladder


@dataclass(frozen=True, slots=True)
class Exemption:
    """An excuse that the pack adds to checks from a day on."""

    name: str
    title: dict[str, str]
    of: tuple[str, ...]
    when: dict[str, exp.Expr | None]
    raw: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Policy:
    """A pack ready to be compiled. `path` is its file."""

    id: str
    path: Path
    title: dict[str, str]
    zone: str
    currency: str
    applies_when: exp.Expr
    rounding: Dated
    essential: Dated
    charging: Dated
    appeal: Dated
    checks: dict[str, Check]
    exemptions: tuple[Exemption, ...]
    offences: tuple[Offence, ...]
    sources: dict[str, dict[str, Any]]
    rings: RingTerms | None
    raw: dict[str, Any]
    content_hash: str
    lines: Mapping[tuple[str, ...], int]

    def where(self, *place: str) -> str:
        """File and line of a place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.path.name}:{self.lines.get(place, 1)}"

    def dates(self) -> list[str]:
        """Every day on which something changes, in order."""
        keyed: list[Mapping[str, Any]] = [self.rounding, self.essential, self.charging, self.appeal, *(exemption.when for exemption in self.exemptions)]
        for offence in self.offences:
            keyed += [values for _, values in offence.dated()]
        for check in self.checks.values():
            keyed += [value for value in check.params.values() if isinstance(value, dict)]
        return sorted({day for mapping in keyed for day in mapping})
