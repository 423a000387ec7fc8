"""What a pack and a check may hold, declared once: reading, the JSON Schema for editors and the documentation come from here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from parcelproof.policy.ringterms import LINKS, MAKERS
from parcelproof.policy.shapes import (
    Both,
    Choice,
    Condition,
    Dated,
    Day,
    Either,
    Faults,
    Flag,
    ListOf,
    MapOf,
    Number,
    Place,
    Record,
    Scalar,
    Shape,
    Text,
)

LIBRARY = Path(__file__).parents[1] / "policies"
OFFENCES = ("late_shipping", "stalled_trace", "false_shipping", "fraudulent_parcel", "brushing")
"""The ids that all packs share. An offence of another id brings its own title."""
ROUNDINGS = ("cent_half_up", "cent_down", "yuan_half_up", "yuan_down", "thousand_down")
WINDOWS = ("calendar_month", "calendar_quarter", "calendar_year")
BASES = ("violating_amount", "daily_shipments")
FIGURES = {"violations": "integer", "shipments": "integer", "rate": "number", "amount": "money", "share": "number"}
"""What a strike's test may speak of: violations and shipments of its days, their rate, the amount paid for the violating
ones, and their share of all violations of the offence."""
RUNG_FIGURES = {**FIGURES, "ordinal": "integer"}
BETWEEN = " / "
"""What stands between the two languages of a text in the outputs."""
ANSWERS = ("met", "not met", "unknown", "doubtful")

MOST_PARAMETER = 1_000_000
"""No window is longer than so many hours, which is more than a century."""

_NAME = Text(r"[a-z][a-z0-9_]*", "no_pickup")
_MONEY = Number(most=1e9)


@cache
def measures() -> dict[str, dict[str, Any]]:
    """Every measure by id: title, on what it may fall, whether it is heavy, and what undoes it."""
    text = (LIBRARY / "measures.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders
    return found


class Parameter(Shape):
    """A value of a check: one, a list of like ones, or dated ones."""

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if isinstance(value, dict):
            Dated(Scalar(), ends=False).hold(value, place, faults)
        members = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
        kinds = {bool if isinstance(member, bool) else float if isinstance(member, (int, float)) else type(member) for member in members}
        if not all(abs(member) <= MOST_PARAMETER for member in members if isinstance(member, (int, float))):
            faults.add(place, f"{place[-1]} must lie between {-MOST_PARAMETER} and {MOST_PARAMETER}, got {value!r}")
        elif len(kinds) != 1 or not kinds <= {bool, float, str}:
            faults.add(place, f"{place[-1]} must be one text, number or truth, or several of one type, got {value!r}")

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        one: dict[str, Any] = {"type": ["string", "number", "boolean"]}
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}, Dated(Scalar(), ends=False).schema()]}


def _tier(tier: Mapping[str, Any]) -> str | None:
    if ("amount" in tier) == ("rate" in tier):
        return "a charge has either a rate or a fixed amount; write {rate: 0.01, min: 3, max: 30} or {amount: 20}"
    if "plus" in tier and "rate" not in tier:
        return "plus is added to a rate of a base; write {rate: 1, plus: 100}, or the whole as amount"
    return _floor(tier)


def _sum(block: Mapping[str, Any]) -> str | None:
    if ("amount" in block) == ("rate" in block) or ("rate" in block) != ("base" in block):
        return f"a sum has a rate of a base or a fixed amount; write {{rate: 0.01, base: {BASES[0]}}} or {{amount: 5000}}"
    return _floor(block)


def _floor(tier: Mapping[str, Any]) -> str | None:
    low, high = tier.get("min"), tier.get("max")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        return f"min {low} is above max {high}; exchange them"
    return None


def _rung(rung: Mapping[str, Any]) -> str | None:
    given = [key for key in ("ordinal", "ordinal_from", "every", "at") if key in rung]
    if not given:
        return "a rung says when it holds; write ordinal: 1, ordinal: [2, 3], ordinal_from: 4, every: 3 or at: a condition"
    pair = rung.get("ordinal")
    if isinstance(pair, list) and all(isinstance(end, int) for end in pair) and pair != sorted(pair):
        return f"ordinal {pair} runs backwards; exchange the two"
    return None


def _offence(offence: Mapping[str, Any]) -> str | None:
    if not offence.get("proved_when") and not offence.get("suspected_when"):
        return "an offence needs proved_when or suspected_when; add one"
    return None


def _cap(cap: Mapping[str, Any]) -> str | None:
    if "rate" not in cap and "max" not in cap:
        return "a cap has a rate, a max, or both; write {per: order, rate: 0.20, max: 100}"
    if "rate" in cap and cap.get("per") != "order":
        return "a cap by rate is per order; write per: order, or leave the rate out"
    return None


def _ordinals() -> Shape:
    return Either(Number(1, whole=True), ListOf(Number(1, whole=True), length=2), tells=lambda value: not isinstance(value, list))


TIER = Record("one charge", {"rate": Number(most=100), "base": _NAME, "plus": _MONEY, "amount": _MONEY, "min": _MONEY, "max": _MONEY, "when": Condition(),
                             "only_if": Condition(), "proved_by": Condition(), "note": Text()}, _tier)  # fmt: skip
CHARGE = Either(Record("tiers", {"tiers*": ListOf(TIER, least=1), "note": Text()}), TIER, tells=lambda value: isinstance(value, dict) and "tiers" in value)
SUM = Record("a sum", {"rate": Number(most=1000), "base": Choice("base", BASES), "amount": _MONEY, "days": Number(1, whole=True, most=3660),
                       "min": _MONEY, "max": _MONEY, "rounding": Choice("rounding", ROUNDINGS)}, _sum)  # fmt: skip
MEASURE = Record("a measure", {
    "measure*": Choice("measure", tuple(measures())), "days": Number(1, whole=True, most=3660), "amount": SUM,
    "limit": Either(SUM, Number(0, whole=True)), "points": Number(-1000, most=1000), "needs_human": Flag(), "public": Flag(),
    "cure": Both(BETWEEN), "when": Condition(), "note": Text(),
})  # fmt: skip
RUNG = Record("a rung", {"ordinal": _ordinals(), "ordinal_from": Number(1, whole=True), "every": Number(1, whole=True), "at": Condition(),
                         "measures*": ListOf(MEASURE, least=1), "note": Text()}, _rung)  # fmt: skip
STRIKE = Record("a strike", {
    "per": Choice("target", ("merchant", "product")), "among": Condition(), "of": Condition(), "days": Number(1, whole=True, most=366),
    "times": Record("days out of days", {"days*": Number(1, whole=True, most=366), "of*": Number(1, whole=True, most=366)}),
    "window*": Either(Record("a rolling window", {"rolling_days*": Number(1, whole=True, most=3660)}), Choice("window", WINDOWS)),
    "when*": Dated(Condition()), "ladder": Dated(ListOf(RUNG, least=1)), "note": Text(),
})  # fmt: skip
OFFENCE = Record("an offence", {
    "title": Both(), "source*": Dated(_NAME, ends=False), "clause*": Both(BETWEEN), "note": Text(), "proved_when": Dated(Condition()),
    "suspected_when": Dated(Condition()), "charge": Dated(CHARGE), "strikes": MapOf(STRIKE), "follows": Dated(ListOf(MEASURE, least=1)),
}, _offence)  # fmt: skip
CAP = Record("a cap", {"of": ListOf(_NAME, least=1), "per*": Choice("grain", ("order", "buyer_shop_day")), "rate": Number(most=100), "max": _MONEY,
                       "source*": _NAME}, _cap)  # fmt: skip
RINGS = Record("rings", {
    "source*": _NAME, "window_days*": Number(1, whole=True, most=366), "permutations*": Number(19, whole=True, most=999),
    "ratio*": Number(1, most=1000), "p_value*": Number(1e-6, most=0.01), "least_buyers*": Number(2, whole=True, most=1000),
    "least_shops*": Number(1, whole=True, most=1000), "links": ListOf(Choice("link", LINKS)),
    "flags*": MapOf(Record("a flag", {"title*": Both(), "when*": Condition(), "made_by*": Choice("maker", MAKERS), "note": Text()}), least=1),
    "sent_when": Condition(), "note": Text(),
})  # fmt: skip
PACK = Record("a pack", {
    "id*": Text(r"[a-z][a-z0-9-]{0,60}", "my-shop"), "title*": Both(), "zone*": Text(example="Asia/Shanghai"), "currency*": Text(r"[A-Z]{3}", "CNY"),
    "calendar": Choice("calendar", tuple(sorted(path.stem for path in (LIBRARY / "calendars").glob("*.csv")))),
    "applies_when*": Condition(), "rounding": Dated(Choice("rounding", ROUNDINGS), ends=False),
    "sources*": MapOf(Record("a source", {"url*": Text(r"https?://\S+", "https://example.org/rule"), "seen*": Day(), "note": Text()}), least=1),
    "essential": Dated(ListOf(_NAME)), "checks*": MapOf(Record("a check", {"use": _NAME, "clause*": Both(BETWEEN), "params": MapOf(Parameter()),
                                                                         "note": Text()}), least=1),
    "offences*": MapOf(OFFENCE, least=1), "rings": RINGS,
    "exemptions": MapOf(Record("an exemption", {"title*": Both(), "of*": ListOf(_NAME, least=1), "when*": Dated(Condition()), "source*": _NAME,
                                                "note": Text()})),
    "charging": Dated(Record("how charges meet", {"together": ListOf(_NAME, least=2), "caps": ListOf(CAP)})),
    "appeal": Dated(Record("appeal terms", {
        "source*": _NAME, "window_days*": Number(1, whole=True, most=3660), "decide_workdays": Number(1, whole=True, most=365),
        "supplement_hours": Number(1, whole=True), "suspends*": Flag(), "human_on_request*": Flag(), "note": Text()})),
    "accuracy": Record("a promise of accuracy", {"false_accusations*": Number(0.000001, most=0.5), "confidence*": Number(0.5, most=0.999999),
                                                 "note": Text()}),
    "by_hand": MapOf(Record("a text that people apply", {"since*": Day(), "until": Day(), "source*": _NAME, "text*": Both()})), "note": Text(),
})  # fmt: skip
CHECK = Record("a check", {
    "id*": _NAME, "title*": Both(), "met_when*": Condition(), "asked_when": Condition(), "excuses": MapOf(Condition()), "excuse_titles": MapOf(Both()),
    "since*": Condition(),
    "evidence*": ListOf(_NAME, least=1), "params": MapOf(Parameter()), "assumes*": Text(), "honest_look_alikes*": ListOf(Text(), least=1), "why*": Both(),
    "mend*": Both(), "deprecated": Text(),
    "tests*": ListOf(Record("a case", {"name*": Text(), "facts*": MapOf(Scalar()), "expect*": Text(), "source": Text()}), least=1),
})  # fmt: skip


def schema(kind: str = "pack") -> dict[str, Any]:
    """JSON Schema of a pack's or a check's file, for editors."""
    shape = PACK if kind == "pack" else CHECK
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"Parcelproof {kind}", **shape.schema()}
