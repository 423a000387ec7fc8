"""Place codes that sources write -> GB/T 2260 codes that exist."""

from __future__ import annotations

import csv
import re
from functools import cache

from parcelproof.places.lists import HERE
from parcelproof.sources.common import words

_CODE = re.compile(r"(?:CN)?(?P<six>[1-8]\d{5})\d{0,6}")


def division(code: object) -> str | None:
    """The six-digit code within a longer statistical code, with or without `CN` before it; None where there is none.

    Sources also write districts of their own making (`CN111400000000` for a district of Beijing). What GB/T 2260 never had becomes the
    city or the province around it.
    """
    found = _CODE.fullmatch(words(code).upper())
    if not found:
        return None
    six = found["six"]
    return next((known for known in (six, f"{six[:4]}00", f"{six[:2]}0000") if known in _known()), None)


@cache
def _known() -> frozenset[str]:
    """Every code that is or was in force, from the gazetteer; the cities and provinces around them, too."""
    codes: set[str] = set()
    for name in ("gazetteer.csv", "successors.csv", "ended.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            codes.update(row["code"] for row in csv.DictReader(file) if re.fullmatch(r"\d{6}", row["code"]))
    return frozenset(codes | {f"{code[:2]}0000" for code in codes} | {f"{code[:4]}00" for code in codes if code[2:4] != "00"})
