"""Strikes, ladders and measures of a pack as SQL over days of violations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from parcelproof.engines.duckdb import quoted
from parcelproof.policy import expressions, money
from parcelproof.policy.dates import dated_sql, span_sql, spans
from parcelproof.policy.declaration import BETWEEN, RUNG_FIGURES, measures
from parcelproof.policy.model import Offence, Policy, Strike


@dataclass(frozen=True, slots=True)
class CompiledMeasure:
    """One measure of a ladder: where it holds over a strike's figures with alias `s`, and what it is."""

    holds: str
    measure: str
    days: int | None
    needs_human: bool
    public: bool
    inverse: str
    cure: str | None
    amount: dict[str, Any] | None
    limit: dict[str, Any] | int | None
    stated: dict[str, str]
    """What the basis says of it as SQL: the rung's condition, points."""


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """What makes a strike. `test` is SQL over the figures of a day with alias `d`; `among` over facts, `of` over statuses."""

    offence: str
    name: str
    per: str
    among: str | None
    of: str | None
    days: int
    times: tuple[int, int]
    window: str | int
    test: str
    measures: tuple[CompiledMeasure, ...]
    clause: str
    source: dict[str, str]


@dataclass(frozen=True, slots=True)
class CompiledFollow:
    """A measure on one order of a proved offence: `holds` is SQL over facts with alias `f` and `act_day`."""

    offence: str
    holds: str
    measure: CompiledMeasure
    clause: str
    source: dict[str, str]


def compile_rules(policy: Policy) -> Iterator[CompiledRule]:
    """Every strike of every offence, in the pack's order."""
    for offence in policy.offences:
        for strike in offence.strikes:
            yield _rule(offence, strike, policy)


def _rule(offence: Offence, strike: Strike, policy: Policy) -> CompiledRule:
    raw = strike.raw
    of = expressions.parsed(raw["of"]) if "of" in raw else None
    times, window = raw.get("times") or {"days": 1, "of": 1}, raw["window"]
    return CompiledRule(
        offence.id, strike.name, raw.get("per", "merchant"), money.condition(raw["among"]) if "among" in raw else None,
        money.holds(of, certain=True) if of is not None else None, raw.get("days", 1), (times["days"], max(times["of"], times["days"])),
        window["rolling_days"] if isinstance(window, dict) else window,
        dated_sql(strike.tests, lambda tree: expressions.render(tree, {}, "d."), "d.day", "false"),
        tuple(_ladder(strike)), _clause(offence), money.source_of(offence.source, policy, "s.day"),
    )  # fmt: skip


def _ladder(strike: Strike) -> Iterator[CompiledMeasure]:
    for day, until, rungs in spans(strike.ladder):
        for rung in rungs or []:
            holds = f"{span_sql(day, until, 's.day')} and ({rung_condition(rung)})"
            for entry in rung["measures"]:
                yield _measure(entry, holds, {"rung": quoted(rung_text(rung))})


def rung_text(rung: dict[str, Any]) -> str:
    """When a rung holds, as a condition over the figures of a strike."""
    parts = []
    if "ordinal" in rung:
        low, high = rung["ordinal"] if isinstance(rung["ordinal"], list) else (rung["ordinal"], rung["ordinal"])
        parts.append(f"ordinal = {low}" if low == high else f"ordinal between {low} and {high}")
    if "ordinal_from" in rung:
        parts.append(f"ordinal >= {rung['ordinal_from']}")
    if "every" in rung:
        parts.append(f"ordinal % {rung['every']} = 0")
    if "at" in rung:
        parts.append(f"({rung['at']})" if parts else str(rung["at"]).lower() if isinstance(rung["at"], bool) else str(rung["at"]))
    return " and ".join(parts)


def rung_condition(rung: dict[str, Any], prefix: str = "s.") -> str:
    """The same as SQL."""
    plain = {key: value for key, value in rung.items() if key != "at"}
    parts = [rung_text(plain).replace("ordinal", f"{prefix}ordinal")] if rung_text(plain) else []
    parts += [f"({money.condition(rung['at'], prefix, expressions.Words(RUNG_FIGURES, 'figure'))})"] if "at" in rung else []
    return " and ".join(parts)


def _measure(entry: dict[str, Any], holds: str, stated: dict[str, str]) -> CompiledMeasure:
    known = measures()[entry["measure"]]
    cure = entry.get("cure")
    points = {"points": quoted(entry["points"])} if "points" in entry else {}
    return CompiledMeasure(
        holds, entry["measure"], entry.get("days"), known["heavy"] or entry.get("needs_human", False), entry.get("public", False), known["inverse"],
        BETWEEN.join(cure[language] for language in ("zh-CN", "en")) if cure else None, entry.get("amount"), entry.get("limit"), stated | points,
    )  # fmt: skip


def compile_follows(policy: Policy) -> Iterator[CompiledFollow]:
    """Every measure on single orders."""
    for offence in policy.offences:
        for day, until, listed in spans(offence.follows):
            for entry in listed or []:
                span = span_sql(day, until)
                holds = f"{span} and coalesce({money.condition(entry['when'])}, false)" if "when" in entry else span
                stated = {"only_if": quoted(entry["when"])} if "when" in entry else {}
                yield CompiledFollow(offence.id, holds, _measure(entry, "true", stated), _clause(offence), money.source_of(offence.source, policy))


def _clause(offence: Offence) -> str:
    return BETWEEN.join(offence.clause[language] for language in ("zh-CN", "en"))
