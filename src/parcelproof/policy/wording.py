"""The values of a pack as a lawyer reads them, in Chinese and English."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, NamedTuple

from parcelproof.facts.catalogue import catalogue
from parcelproof.policy.declaration import measures
from parcelproof.policy.model import Policy
from parcelproof.policy.strikes import rung_text

_NAME = re.compile(r"(?<![\w'$])[a-z][a-z0-9_]*(?![\w'])", re.IGNORECASE)
_OPERATORS = {"and": ("且", "and"), "or": ("或", "or"), "not": ("非", "not"), "in": ("属于", "in"), "between": ("介于", "between"), "is": ("为", "is"),
              "null": ("未知", "unknown"), "true": ("真", "true"), "false": ("假", "false")}  # fmt: skip
_FIGURES = {
    "violations": ("违规单数", "violations"), "shipments": ("发货单数", "shipments"), "rate": ("违规率", "the rate"),
    "amount": ("违规实付金额", "the amount paid"),
    "share": ("占该违规比例", "the share of the offence"), "ordinal": ("次数", "the number of the strike"),
}  # fmt: skip
_BASES = {"violating_amount": ("违规订单实付金额", "the amount paid for the violating orders"), "daily_shipments": ("日均单量", "the daily mean of shipments")}
_ROUNDED = {
    "cent_half_up": ("四舍五入到分", "rounded to the cent, half up"), "cent_down": ("舍去分以下", "rounded down to the cent"),
    "yuan_half_up": ("四舍五入到元", "rounded to the whole unit, half up"), "yuan_down": ("舍去元以下", "rounded down to the whole unit"),
    "thousand_down": ("舍去千元以下", "rounded down to whole thousands"),
}  # fmt: skip
_WINDOWS = {
    "calendar_month": ("自然月", "a calendar month"),
    "calendar_quarter": ("自然季度", "a calendar quarter"),
    "calendar_year": ("自然年", "a calendar year"),
}


class Words(NamedTuple):
    """One text in both languages."""

    zh: str
    en: str


def joined(parts: list[Words], zh: str = "，", en: str = ", ") -> Words:
    """Several texts as one."""
    return Words(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def share(rate: object) -> str:
    """A rate as a percentage, exactly."""
    return f"{(Decimal(str(rate)) * 100).normalize():f} %"


def condition(text: object, policy: Policy) -> Words:
    """A condition with checks, facts and figures by their titles."""
    facts = catalogue()

    def named(language: int) -> str:
        def name(found: re.Match[str]) -> str:
            word = found[0]
            if word.lower() in _OPERATORS:
                return _OPERATORS[word.lower()][language]
            if word in policy.checks:
                title = policy.checks[word].title
                return f"「{title['zh-CN']}」" if language == 0 else f"“{title['en']}”"
            if word in _FIGURES:
                return _FIGURES[word][language]
            return (facts[word].zh, facts[word].en)[language] if word in facts else word

        return _NAME.sub(name, str(text))

    return Words(named(0), named(1))


def charge(block: dict[str, Any], policy: Policy) -> Words:
    """An offence's order money."""
    tiers = block.get("tiers") or [block]
    return joined([_tier(tier, policy) for tier in tiers], "；", "; ")


def _tier(tier: dict[str, Any], policy: Policy) -> Words:
    fact = catalogue()[tier.get("base", "amount_paid")]
    parts = [Words(f"{fact.zh}的 {share(tier['rate'])}", f"{share(tier['rate'])} of the {fact.en}") if "rate" in tier else _plain(tier["amount"])]
    parts += [Words(f"另加 {tier['plus']}", f"plus {tier['plus']}")] if "plus" in tier else []
    parts += _bounds(tier)
    for key in ("proved_by", "when", "only_if"):
        if key in tier:
            told = condition(tier[key], policy)
            parts.append(Words(f"仅当 {told.zh}", f"only where {told.en}"))
    return joined(parts)


def _bounds(block: dict[str, Any]) -> list[Words]:
    low = [Words(f"至少 {block['min']}", f"at least {block['min']}")] if "min" in block else []
    return low + ([Words(f"至多 {block['max']}", f"at most {block['max']}")] if "max" in block else [])


def _plain(value: object) -> Words:
    return Words(str(value), str(value))


def sum_of(block: dict[str, Any] | int) -> Words:
    """The sum or limit of a measure."""
    if not isinstance(block, dict):
        return _plain(block)
    if "amount" in block:
        return _plain(block["amount"])
    zh, en = _BASES[block["base"]]
    days = block.get("days", 1)
    parts = [Words(f"{days} 天{zh}的 {share(block['rate'])}", f"{share(block['rate'])} of {en} in {days} day{'s' * (days != 1)}"), *_bounds(block)]
    return joined(parts + ([Words(*_ROUNDED[block["rounding"]])] if "rounding" in block else []))


def measure(entry: dict[str, Any], policy: Policy) -> Words:
    """One measure with its length, sum, limit and conditions."""
    known = measures()[entry["measure"]]
    parts = [Words(known["title"]["zh-CN"], known["title"]["en"])]
    if "days" in entry:
        parts.append(Words(f"{entry['days']} 天", f"for {entry['days']} day{'s' * (entry['days'] != 1)}"))
    for key, zh, en in (("amount", "金额", "of"), ("limit", "上限", "limit")):
        if key in entry:
            told = sum_of(entry[key])
            parts.append(Words(f"{zh} {told.zh}", f"{en} {told.en}"))
    if "points" in entry:
        parts.append(Words(f"{entry['points']} 分", f"{entry['points']} points"))
    if "when" in entry:
        told = condition(entry["when"], policy)
        parts.append(Words(f"仅当 {told.zh}", f"only where {told.en}"))
    if "cure" in entry:
        parts.append(Words(entry["cure"]["zh-CN"], entry["cure"]["en"]))
    if known["heavy"] or entry.get("needs_human"):
        parts.append(Words("须人工签批", "a person must sign"))
    if entry.get("public"):
        parts.append(Words("对外公示", "made public"))
    return joined(parts)


def rung(block: dict[str, Any], policy: Policy) -> Words:
    """One rung of a ladder: when it holds, and what falls."""
    when = condition(rung_text(block), policy)
    what = joined([measure(entry, policy) for entry in block["measures"]], "；", "; ")
    return Words(f"{when.zh}：{what.zh}", f"{when.en}: {what.en}")


def strike(block: dict[str, Any], policy: Policy) -> Words:
    """What makes a strike: the test, its days and the window in which strikes are counted."""
    test = condition(block["when"], policy)
    per = ("每个商品每天", "a product's day") if block.get("per") == "product" else ("每店每天", "a shop's day")
    parts = [Words(f"{per[0]}：{test.zh}", f"{per[1]} with {test.en}")]
    if block.get("days", 1) > 1:
        parts.append(Words(f"合并 {block['days']} 天", f"over {block['days']} days together"))
    if "times" in block:
        parts.append(Words(f"{block['times']['of']} 天内 {block['times']['days']} 天", f"on {block['times']['days']} of {block['times']['of']} days"))
    for key, zh, en in (("among", "仅计", "only of shipments where"), ("of", "仅计违规", "counting only")):
        if key in block:
            told = condition(block[key], policy)
            parts.append(Words(f"{zh} {told.zh}", f"{en} {told.en}"))
    window = block["window"]
    zh, en = (f"滚动 {window['rolling_days']} 天", f"{window['rolling_days']} rolling days") if isinstance(window, dict) else _WINDOWS[window]
    return joined([*parts, Words(f"按{zh}累计", f"counted in {en}")])
