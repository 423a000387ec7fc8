"""Place codes that sources write -> GB/T 2260 codes that exist, or ISO 3166 countries with a postal code."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache

from parcelproof.places.lists import HERE
from parcelproof.sources.common import words

_CODE = re.compile(r"(?:CN)?(?P<six>[1-8]\d{5})\d{0,6}")


_POSTAL = re.compile(r"(?=[A-Z]*\d)[0-9A-Z]{3,10}")
_OWN_CODES = frozenset({"CN", "HK", "MO", "TW"})
"""Countries and regions whose places have codes of GB/T 2260: a postal code would not compare with them."""


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


def postal(country: object, code: object) -> str | None:
    """A place abroad as `US-10001`: its country and postal code; None where one is missing or the country has codes of GB/T 2260.

    Args:
        country: ISO 3166-1 code of two or three letters.
        code: The postal code; of an American one the first five digits count, which name the place.
    """
    letters = words(country).upper()
    alpha2 = letters if letters in _countries().values() else _countries().get(letters, "")
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", words(code)).upper())
    if alpha2 in _OWN_CODES or not alpha2 or not _POSTAL.fullmatch(plain):
        return None
    return f"{alpha2}-{plain[:5] if alpha2 == 'US' else plain}"


@cache
def _countries() -> dict[str, str]:
    """Countries' codes of three letters -> of two."""
    with (HERE / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["alpha3"]: row["alpha2"] for row in csv.DictReader(file)}


@cache
def _known() -> frozenset[str]:
    """Every code that is or was in force, from the gazetteer; the cities and provinces around them, too."""
    codes: set[str] = set()
    for name in ("gazetteer.csv", "successors.csv", "ended.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            codes.update(row["code"] for row in csv.DictReader(file) if re.fullmatch(r"\d{6}", row["code"]))
    return frozenset(codes | {f"{code[:2]}0000" for code in codes} | {f"{code[:4]}00" for code in codes if code[2:4] != "00"})
