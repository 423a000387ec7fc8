"""Carriers and their codes, and numbers in their normal form."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
LONGEST = 64
"""No carrier's number is longer; what is longer is no number."""
_NOISE = re.compile(r"[^0-9A-Z]")
_PACKAGE = re.compile(r"^(JD[0-9A-Z]{10,})-\d{1,3}-\d{1,3}-?$")
_SUFFIX = re.compile(r"(速递|快递|物流|速运|EXPRESS|公司)+$")

_PLAIN = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in _PLAIN)
NORMALISE_SQL = (
    "case when regexp_full_match({0}, '[0-9A-Z]+') then {0} else nullif("
    f"regexp_replace(regexp_replace(translate(upper(trim({{0}})), '{_WIDE}', '{_PLAIN}'), "
    "'^(JD[0-9A-Z]{{10,}})-[0-9]{{1,3}}-[0-9]{{1,3}}-?$', '\\1'), '[^0-9A-Z]', '', 'g'), '') end"
)
"""The normal form of a number as SQL over one column: `normalise` for numbers in ASCII or full-width signs; null where nothing is left."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier: our code, its names, and other systems' codes for it."""

    code: str
    zh: str
    en: str
    codes: dict[str, tuple[str, ...]]


def normalise(number: str) -> str:
    """A number in its normal form: half-width, upper case, letters and digits alone; a JD package gives its waybill."""
    text = unicodedata.normalize("NFKC", number[: LONGEST * 4]).strip().upper()
    package = _PACKAGE.match(text)
    return _NOISE.sub("", package[1] if package else text)


@cache
def carriers() -> dict[str, Carrier]:
    """Every carrier by code."""
    found = {}
    with (HERE / "carriers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, zh, en = row.pop("code"), row.pop("zh"), row.pop("en")
            found[code] = Carrier(code, zh, en, {system: tuple(text.split()) for system, text in row.items() if text})
    return found


@cache
def _aliases() -> dict[str, str]:
    """Every unambiguous text that means a carrier, in upper case -> its code."""
    meanings: dict[str, set[str]] = {}
    for carrier in carriers().values():
        texts = {carrier.code, carrier.zh, carrier.en, *(code for codes in carrier.codes.values() for code in codes)}
        for text in texts | {_SUFFIX.sub("", text.upper()) for text in texts}:
            meanings.setdefault(text.strip().upper(), set()).add(carrier.code)
    own = {code: {code} for code in carriers()}
    return {text: next(iter(codes)) for text, codes in (meanings | own).items() if text and len(codes) == 1}


def carrier_code(text: str | None, system: str | None = None) -> str | None:
    """The carrier that a code or name means; a system's own codes are looked at first. None where it is unknown."""
    if not text:
        return None
    wanted = unicodedata.normalize("NFKC", str(text)).strip().upper()
    if system:
        for carrier in carriers().values():
            if wanted in (code.upper() for code in carrier.codes.get(system, ())):
                return carrier.code
    return _aliases().get(wanted) or _aliases().get(_SUFFIX.sub("", wanted))


def alias_rows() -> list[tuple[str, str]]:
    """(text in upper case, carrier code) of every text that is not the code itself."""
    return sorted((text, code) for text, code in _aliases().items() if text != code)


@cache
def shapes() -> list[dict[str, object]]:
    """The shapes of numbers, most telling first within a carrier."""
    loaded: list[dict[str, object]] = yaml.safe_load((HERE / "shapes.yaml").read_text(encoding="utf-8"))
    return loaded


def shape_rows() -> list[tuple[str, str]]:
    """(carrier code, pattern over the whole normal number), for SQL."""
    return [(str(shape["carrier"]), str(shape["pattern"])) for shape in shapes()] + [
        (code, "[A-Z]{2}[0-9]{9}[A-Z]{2}") for code in ("EMS", "CHINAPOST", "USPS", "ROYALMAIL", "CANADAPOST")
    ]
