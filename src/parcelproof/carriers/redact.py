"""Takes personal data out of carriers' texts, and turns keys that link people into keyed hashes.

Mobile and fixed-line numbers (plain, masked, spaced, full-width, with extensions), e-mail addresses, identity numbers,
pick-up codes, house numbers, and names of couriers and signers become `***`. Hotlines (95xxx, 400-, 800-) stay, and so do
words that say what kind of signer it was (本人, 门卫, 驿站). Personal Information Protection Law of the PRC, articles 6 and 19:
no more than the purpose needs.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

MARK = "***"
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF0D, 0xFF0A, 0xFF0B)}
"""Full-width digits, letters, `-`, `*` and `+` -> their plain forms; Chinese punctuation stays as the carrier wrote it."""
_CONTROL = dict.fromkeys((*range(32), 127), " ")
_INVISIBLE = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff0-\uffff\ud800-\uf8ff\U000e0000-\U0010ffff]"
)
"""Format characters, surrogates, private use: they hide digits from the patterns, or cannot be stored."""
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_BLANKS = re.compile(r"\s+")
_LETTER = re.compile(r"[^\W\d_]")
_BESIDE = re.compile(r"\d[-*]*\*{3}|\*{3}[-*]*\d")
"""Digits beside what was taken out: with it they may look like a masked number."""
_REPEATED = re.compile(r"\*{3}(?:[-*]*\*{3})+(?:\d{5,12}(?!\d))?|\*{3}\d{5,12}(?!\d)")


def hashed(value: str, salt: bytes) -> str:
    """A keyed hash that stands in for personal data: HMAC-SHA256 (RFC 2104) cut to 128 bits, as 32 hex digits."""
    return hmac.new(salt, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def tidy(text: str) -> str:
    """The text without markup, invisible characters and double blanks; full-width digits and letters made plain."""
    plain = _TAGS.sub(" ", html.unescape(text)).translate(_WIDE)
    return _BLANKS.sub(" ", _INVISIBLE.sub("", plain).translate(_CONTROL)).strip()


@lru_cache(maxsize=20_000)
def redact(text: str) -> str:
    """The carrier's words without phone numbers, names and house numbers. Never raises; reading it again changes nothing."""
    result = _once(tidy(text))
    return _once(result) if _BESIDE.search(result) else result


def _once(text: str) -> str:
    for pattern, replacement in _patterns():
        text = pattern.sub(replacement, text)
    return _without_names(text)


@cache
def _rules() -> dict[str, Any]:
    with (Path(__file__).parent / "private.yaml").open(encoding="utf-8") as file:
        rules: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    return rules


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in _rules()["numbers"].items())


@cache
def _kinds() -> re.Pattern[str]:
    return re.compile("|".join(_rules()["not_names"]))


@cache
def _names() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in _rules()["names"])


def _without_names(text: str) -> str:
    for pattern in _names():
        text = pattern.sub(_hidden, text)
    return _REPEATED.sub(MARK, text)


def _hidden(found: re.Match[str]) -> str:
    """The match with its group `name` replaced, unless that is no person's name."""
    name = found["name"]
    if not _LETTER.search(name) or _kinds().search(name):
        return found[0]
    start, end = found.start("name") - found.start(), found.end("name") - found.start()
    return f"{found[0][:start]}{MARK}{found[0][end:]}"
