"""Which carriers a number may belong to, and whether its shape and check digit hold.

Sources: UPU S10-12 for postal numbers; the carriers' guides, as the head of shapes.yaml names them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from parcelproof.carriers.numbers import HERE, LONGEST, carriers, normalise, shapes

S10 = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})")
S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
POSTS = {
    "CN": "EMS", "US": "USPS", "GB": "ROYALMAIL", "CA": "CANADAPOST", "DE": "DEUTSCHEPOST", "FR": "LAPOSTE", "JP": "JAPANPOST",
    "KR": "KOREAPOST", "AU": "AUSPOST", "HK": "HONGKONGPOST", "SG": "SINGPOST", "TW": "CHUNGHWAPOST", "NL": "POSTNL", "CH": "SWISSPOST",
}  # fmt: skip
COUNTRIES = frozenset((HERE / "countries.txt").read_text(encoding="ascii").split())
"""ISO 3166 codes that may end a postal number."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A carrier that a number may belong to. `check` is "none" where the carrier publishes no check digit."""

    carrier: str
    name: str
    name_zh: str
    shape: str
    check: str
    service: str = ""

    def as_json(self) -> dict[str, str]:
        """The candidate as the contract lays it out."""
        return {"carrier": self.carrier, "name": self.name, "name_zh": self.name_zh, "shape": self.shape, "check": self.check,
                "service": self.service}  # fmt: skip


def identify(number: str) -> list[Candidate]:
    """The carriers whose shapes a number fits, the likeliest first; empty where no carrier is known to use its shape."""
    text = normalise(number)
    if not text or len(text) > LONGEST:
        return []
    found = [*_postal(text), *(candidate for shape in shapes() if (candidate := _fits(shape, text)))]
    best: dict[str, Candidate] = {}
    for candidate in sorted(found, key=_rank):
        best.setdefault(candidate.carrier, candidate)
    return list(best.values())


def _rank(candidate: Candidate) -> tuple[int, int]:
    checks = {("valid", "valid"): 0, ("valid", "none"): 1, ("valid", "invalid"): 2}
    return checks.get((candidate.shape, candidate.check), 3), 0


def _candidate(code: str, shape: str, check: str, service: str = "") -> Candidate:
    carrier = carriers().get(code)
    return Candidate(code, carrier.en if carrier else code, carrier.zh if carrier else code, shape, check, service)


def _postal(text: str) -> list[Candidate]:
    matched = S10.fullmatch(text)
    if matched is None:
        return []
    _, serial, digit, country = matched.groups()
    if country not in COUNTRIES:
        return [_candidate("POST", "invalid", _said(s10_digit(serial) == int(digit)), "S10")]
    return [_candidate(POSTS.get(country, f"POST-{country}"), "valid", _said(s10_digit(serial) == int(digit)), "S10")]


def s10_digit(serial: str) -> int:
    """The check digit of the eight digits of a postal number (UPU S10-12, 4.3)."""
    rest = sum(weight * int(digit) for weight, digit in zip(S10_WEIGHTS, serial, strict=True)) % 11
    return {0: 5, 1: 0}.get(rest, 11 - rest)


def _fits(shape: dict[str, Any], text: str) -> Candidate | None:
    code, service = str(shape["carrier"]), str(shape.get("service", ""))
    if re.fullmatch(shape["pattern"], text) and re.fullmatch(shape.get("needs", ".*"), text):
        rule = shape.get("check")
        return _candidate(code, "valid", _said(holds(rule, text)) if rule else "none", service)
    if "frame" in shape and re.fullmatch(shape["frame"], text):
        return _candidate(code, "invalid", "none", service)
    return None


def _said(held: bool) -> str:  # noqa: FBT001  one bit, turned into the contract's word
    return "valid" if held else "invalid"


def holds(rule: dict[str, Any], text: str) -> bool:
    """Whether the check digit after `rule["digits"]` is the one that the rule gives."""
    start, end = rule["digits"]
    end = end if end > 0 else len(text) + end
    return DIGITS[rule["kind"]](rule, text[start:end]) == int(text[end])


def _mod10(rule: dict[str, Any], serial: str) -> int:
    """Digits weighted by turns; a letter counts as its place in ASCII less three, modulo ten (UPS)."""
    values = [int(sign) if sign.isdigit() else (ord(sign) - 3) % 10 for sign in serial]
    odds, evens = int(rule["odds"]), int(rule["evens"])
    return -sum(value * (odds if place % 2 else evens) for place, value in enumerate(values)) % 10


def _weighted(rule: dict[str, Any], serial: str) -> int:
    weights: list[int] = rule["weights"]
    return sum(weight * int(digit) for weight, digit in zip(weights, serial, strict=True)) % 11 % 10


def _mod7(_: dict[str, Any], serial: str) -> int:
    return int(serial) % 7


DIGITS: dict[str, Callable[[dict[str, Any], str], int]] = {"mod10": _mod10, "weighted": _weighted, "mod7": _mod7}


def identify_lines(numbers: Sequence[str], *, as_json: bool = False) -> str:
    """The answer for several numbers: a JSON list in the order given, or lines for people."""
    answers = [(number, identify(number)) for number in numbers]
    if as_json:
        return json.dumps([{"number": number, "candidates": [c.as_json() for c in found]} for number, found in answers], ensure_ascii=False, indent=2)
    lines = []
    for number, found in answers:
        lines.append(number[:LONGEST])
        lines += [f"  {c.carrier:<12} shape {c.shape:<8} check {c.check:<8} {c.name} {c.name_zh} {c.service}".rstrip() for c in found]
        if not found:
            lines.append("  unknown: no carrier is known to use this shape")
    return "\n".join(lines)
