"""Reads carriers' scan sentences: what happened, whether anybody handled the parcel, where, and who signed.

The words and their order of trial stand in `phrases.yaml`. Chinese and English are read.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from parcelproof.carriers.sites import Sites, find_sites, is_city

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 1000
"""Characters of a sentence that are read; real ones stay under 300."""


@dataclass(frozen=True, slots=True)
class TextReading:
    """What one sentence says."""

    stage: str | None
    """A stage of the contract; `other` for handling that no stage names (weighing, bagging); None where the words say nothing."""
    physical: bool
    """Whether somebody handled the parcel: false for orders, labels and announcements, and where nothing was understood."""
    place: str | None = None
    """Site or city of the operation, as the carrier writes it."""
    next_place: str | None = None
    """Site that the parcel goes to next."""
    signer_kind: str | None = None
    """self, family, doorstep, code, station, guard, front_desk, neighbour, other or unknown; None where nobody signed."""


@dataclass(frozen=True, slots=True)
class _Rule:
    stage: str
    physical: bool
    full: bool
    any: re.Pattern[str]
    unless: re.Pattern[str] | None


@lru_cache(maxsize=50_000)
def read_text(description: str) -> TextReading:
    """Read one scan sentence. Never raises; an empty or unknown sentence gives a reading with nothing in it."""
    text = normal(description)
    if not text:
        return TextReading(None, physical=False)
    if not re.search(r"[\u3400-\u9fff]", text):
        return _english(text)
    sites = find_sites(text)
    masked = _masked(text, sites)
    plain = _without(masked, "drop")
    rule = _first(_rules("rules"), _without(plain, "pending"), plain)
    return _reading(rule, text, sites)


def normal(text: str) -> str:
    """The sentence as the rules see it: no markup, NFKC, single blanks, at most `LONGEST` characters."""
    plain = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", " ", html.unescape(text[: 2 * LONGEST]))
    folded = unicodedata.normalize("NFKC", plain)
    kept = "".join(mark for mark in folded if unicodedata.category(mark) not in ("Cf", "Cs"))
    return re.sub(r"[\s\0-\x1f]+", " ", kept).strip()[:LONGEST]


@cache
def _book() -> dict[str, Any]:
    with (Path(__file__).parent / "phrases.yaml").open(encoding="utf-8") as file:
        book: dict[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe
    return book


def _pattern(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{text})" for text in texts), re.IGNORECASE)


@cache
def _words(group: str) -> re.Pattern[str]:
    return _pattern(_book()[group])


@cache
def _rules(group: str) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            entry["stage"], entry.get("physical", True), entry.get("full", False), _pattern(entry["any"]),
            _pattern(entry["unless"]) if "unless" in entry else None,
        )
        for entry in _book()[group]
    )  # fmt: skip


def _masked(text: str, sites: Sites) -> str:
    """The sentence with its bracketed sites replaced by 〔H〕, 〔S〕 or 〔O〕, so that a site's name cannot say what happened."""
    for group in reversed(sites.groups):
        kind = "S" if _words("station").search(group.words) else "H" if _words("hub").search(group.words) else "O"
        text = f"{text[: group.start]}〔{kind}〕{text[group.end :]}"
    return text


def _without(text: str, group: str) -> str:
    return _words(group).sub(" ", text).strip()


def _first(rules: tuple[_Rule, ...], core: str, full: str) -> _Rule | None:
    """The first rule that fits; `full` still holds what is only announced."""
    for rule in rules:
        text = full if rule.full else core
        if rule.any.search(text) and not (rule.unless and rule.unless.search(text)):
            return rule
    return None


def _reading(rule: _Rule | None, text: str, sites: Sites) -> TextReading:
    if rule is None:
        return TextReading(None, physical=False, place=sites.place, next_place=sites.next_place)
    stage = rule.stage
    signer = _signer(text) if stage == "delivered" else None
    if stage == "arrived":
        stage = _arrival(text, sites.place)
    if signer == "station":
        stage = "pickup_ready"
    place = None if stage == "delivered" and sites.groups == () else sites.place
    return TextReading(stage, rule.physical, place, sites.next_place if stage in ("hub_out", "other") else None, signer)


def _arrival(text: str, place: str | None) -> str:
    """hub_in or outlet_in. A station's intake is told by its own rule; a bare city is where the hub stands."""
    if place and place.endswith("海关"):
        return "customs"
    if place and _words("station").search(place):
        return "pickup_ready"
    bracketed = place is not None and re.search(r"[【\[]", text) is not None
    site = place if place is not None and bracketed else re.split(r"上一站|下一站|发往", text)[0].strip()
    if re.search(r"网点|营业[部点厅所]", site):
        return "outlet_in"
    return "hub_in" if _words("hub").search(site) or is_city(site) or "城市" in site else "outlet_in"


_SIGNER = re.compile(
    r"签收人\s*(?:[是为]?\s*:|[是为]|(?=[在凭 【(\[]))\s*[【\[(]?(?!已签收|感谢)(?P<who>[^\s,。;】\])]{1,30}?)(?=感谢|已签收|[\s,。;】\])]|$)"
    r"|签收方式\s*:?(?P<way>[^,。;]{1,20})|已?[由被](?P<by>[^,。;]{1,20}?)签收|妥投\s*[【(\[](?P<in>[^】)\]]{1,20})"
)
_TAKEN = re.compile(r"签收人[^,。;]{0,40}(?:领取|取走|取出|自提|取[件货]码|提[件货]码)")


def _signer(text: str) -> str:
    """Who signed, from the words behind 签收人, else from the whole sentence; unknown where neither says it."""
    kinds: dict[str, str] = _book()["signers"]
    if _TAKEN.search(text):
        return "code"
    named = _SIGNER.search(text)
    if named:
        who = next(part for part in named.groups() if part)
        return next(kind for kind, pattern in kinds.items() if re.search(pattern, who, re.IGNORECASE))
    if re.search(r"本人签收|[至到]本人", text):
        return "self"
    if re.search(r"[达至到在][【\[ ]{0,2}家?门口", text):
        return "doorstep"
    return "code" if re.search(rf"(?:{kinds['code']})", text) else "unknown"


def _english(text: str) -> TextReading:
    rule = _first(_rules("english"), text, text)
    if rule is None:
        return TextReading(None, physical=False)
    signer = None
    stage = rule.stage
    if stage == "arrived":
        outlet = _words("outlet_english").search(text) and not re.search(r"\b(?:hub|sort|distribution)", text, re.IGNORECASE)
        stage = "outlet_in" if outlet else "hub_in"
    if stage == "delivered":
        kinds: dict[str, str] = _book()["signers"]
        signer = next((kind for kind, pattern in kinds.items() if kind != "other" and re.search(pattern, text, re.IGNORECASE)), "unknown")
    return TextReading(stage, rule.physical, signer_kind=signer)
