"""Sources' codes -> the contract's stages, from one small table a source: `codes/<source>.csv` (code, stage, meaning).

A code is compared without blanks and case; the meaning is a second spelling of the code, for sources that write names.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parcelproof.carriers.text import TextReading, read_text

ROOM = Path(__file__).parent / "codes"

RETURN = frozenset({"returning", "returned", "recalled"})
"""Stages of the way back: a scan between two sites does not undo them."""
_ON_THE_WAY = frozenset({"collected", "hub_in", "hub_out", "outlet_in", "out_for_delivery"})
_SITES = frozenset({"hub_in", "hub_out", "outlet_in"})
"""Words tell sites apart more finely than codes do, which is no contradiction."""
_TAKEN_BY_RECIPIENT = frozenset({"self", "family", "doorstep", "code"})


@dataclass(frozen=True, slots=True)
class Judged:
    """The stage that code and text give together, with the reading of the text."""

    stage: str
    known_code: bool
    disagree: bool
    reading: TextReading


def stage_of(source: str, code: object) -> str | None:
    """The stage of a source's code or of its Chinese name; None where the source's table lacks it."""
    return _table(source).get(_key(code))


@cache
def _table(source: str) -> dict[str, str]:
    """Code and meaning -> stage; empty for a source without a table. The first row of a meaning wins."""
    path = ROOM / f"{source}.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = {_key(row["meaning"]): row["stage"] for row in reversed(rows) if row["meaning"]}
    return names | {_key(row["code"]): row["stage"] for row in rows}


def _key(code: object) -> str:
    return "" if code is None or isinstance(code, (bool, dict, list)) else str(code).strip().upper()


def judge(source: str, code: object, text: str | None) -> Judged:
    """The stage of one scan.

    The carrier's words beat an aggregator's code, which was guessed from them, with three limits: an unclear code
    (`other`) never beats words, words between two sites do not turn a return round, and a parcel that the code puts into a
    locker or station is with its buyer only when the words say who took it.

    Args:
        source: Name of the source, for its code table.
        code: The source's code of the scan, or None.
        text: The source's words, with personal data still in them, or None.
    """
    reading = read_text(text or "")
    coded = stage_of(source, code)
    stage = _settled(coded, reading)
    said = reading.stage
    finer = coded in _SITES and said in _SITES
    disagree = coded not in (None, "other", said) and said not in (None, "other") and not finer
    return Judged(stage, coded is not None or not _key(code), disagree, reading)


def _settled(coded: str | None, reading: TextReading) -> str:
    said = reading.stage
    if said in (None, "other"):
        return coded or "other"
    if coded in RETURN and said in _ON_THE_WAY:
        return str(coded)
    if coded in ("returning", "returned") and said == "delivered":
        return "returned"
    if coded == "pickup_ready" and said == "delivered" and reading.signer_kind not in _TAKEN_BY_RECIPIENT:
        return "pickup_ready"
    return str(said)
