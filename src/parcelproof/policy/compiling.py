"""A pack becomes SQL: one status for each check, and boolean conditions over the statuses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlglot import exp

from parcelproof.engines.duckdb import quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import expressions
from parcelproof.policy.dates import dated_sql as dated
from parcelproof.policy.dates import held_on
from parcelproof.policy.packs import BETWEEN, Check, Offence, Policy

ROUNDED = {"cent_half_up": "round({0}, 2)", "yuan_half_up": "round({0}, 0)"}
"""Rounding by name; amounts are decimals and never below zero, so the engine's rounding away from zero is half up."""


@dataclass(frozen=True, slots=True)
class CompiledCheck:
    """One check as SQL over facts with alias `f`. `status`: 0 not met, 1 met, 2 unknown, 3 excused, 4 met but an excuse unknown."""

    id: str
    title: dict[str, str]
    excuse_titles: dict[str, dict[str, str]]
    offences: tuple[str, ...]
    facts: tuple[str, ...]
    """The facts that its condition speaks of: where it is unknown, some of these are."""
    status: str
    excuse: str | None
    since: str
    evidence: tuple[str, ...]
    constants: dict[str, str]
    clause: str


@dataclass(frozen=True, slots=True)
class CompiledOffence:
    """One offence: SQL over the columns s_<check>, and its money over facts with alias `f` and `act_day`."""

    id: str
    proved: str
    suspected: str
    amount: str
    basis: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A whole pack as SQL. `version` is null before the pack's first day."""

    policy_id: str
    title: dict[str, str]
    zone: str
    currency: str
    version: str
    act_day: str
    applies: str
    essential: str
    checks: tuple[CompiledCheck, ...]
    offences: tuple[CompiledOffence, ...]
    strikes: tuple[dict[str, Any], ...]
    ladder: tuple[dict[str, Any], ...]
    content_hash: str


def compile_policy(policy: Policy) -> Compiled:
    """Compile a checked pack."""
    offences_of: dict[str, list[str]] = {name: [] for name in policy.checks}
    for offence in policy.offences:
        for tree in (*offence.proved_when.values(), *offence.suspected_when.values()):
            for name in expressions.names(tree) if tree is not None else ():
                if offence.id not in offences_of[name]:
                    offences_of[name].append(offence.id)
    dates = policy.dates()
    return Compiled(
        policy_id=policy.id,
        title=policy.title,
        zone=policy.zone,
        currency=policy.currency,
        version=dated({day: day for day in dates}, quoted, "act_day"),
        act_day=f"cast(timezone({quoted(policy.zone)}, timezone('UTC', f.act_time)) as date)",
        applies=expressions.render(policy.applies_when, {}),
        essential=dated(policy.essential, lambda names: " or ".join(f"s_{name} in (2, 4)" for name in names) or "false", "act_day", "false"),
        checks=tuple(compile_check(check, tuple(offences_of[check.id]), _in_force(check.id, policy)) for check in policy.checks.values()),
        offences=tuple(_offence(offence, policy) for offence in policy.offences),
        strikes=tuple({"offence": o.id, "day": day, **block} for o in policy.offences for day, block in o.strike.items() if block),
        ladder=tuple(
            {"offence": o.id, "day": day, "clause": both(o.clause), **rung}
            for o in policy.offences for day, rungs in o.ladder.items() for rung in rungs or []
        ),
        content_hash=policy.content_hash,
    )  # fmt: skip


def _in_force(check: str, policy: Policy) -> str:
    """SQL: whether the text of the day speaks of a check at all. A check that no offence needs yet says nothing."""
    spoken: dict[str, bool | None] = {}
    for day in policy.dates():
        trees = [held_on(values, day) for offence in policy.offences for values in (offence.proved_when, offence.suspected_when)]
        spoken[day] = any(tree is not None and check in expressions.names(tree) for tree in trees) or check in (held_on(policy.essential, day) or [])
    changes = {day: value for (_, before), (day, value) in pairwise([("", None), *spoken.items()]) if value != before}
    return dated(changes, lambda value: str(value).lower(), "act_day", "false")


def compile_check(check: Check, offences: tuple[str, ...] = (), in_force: str = "true") -> CompiledCheck:
    """One check as SQL; `offences` are those of the pack that speak of it, `in_force` says on which days."""
    met = expressions.render(check.met_when, check.params)
    excuses = {name: expressions.render(tree, check.params) for name, tree in check.excuses.items()}
    any_excuse = " or ".join(f"({sql})" for sql in excuses.values()) or "false"
    answers = f"when ({met}) is null then 2 when not ({met}) then 0 when ({any_excuse}) then 3 when ({any_excuse}) is null then 4"
    status = f"case when not ({in_force}) then 0 {answers} else 1 end"
    chosen = " ".join(f"when {sql} then {quoted(name)}" for name, sql in excuses.items())
    constants = {name: _literal(value) for name, value in check.params.items()}
    return CompiledCheck(
        check.id, check.title, check.raw.get("excuse_titles") or {}, offences, tuple(sorted(expressions.names(check.met_when))),
        f"cast({status} as tinyint)", f"case {chosen} end" if chosen else None, expressions.render(check.since, check.params), check.evidence, constants,
        quoted(both(check.clause)),
    )  # fmt: skip


def both(text: dict[str, str]) -> str:
    """A clause as the outputs carry it: Chinese, then English."""
    return BETWEEN.join(text[language] for language in ("zh-CN", "en"))


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return dated(value, _literal)
    return quoted(value) if isinstance(value, str) else str(value)


def _offence(offence: Offence, policy: Policy) -> CompiledOffence:
    proved = dated(offence.proved_when, lambda tree: _over_statuses(tree, certain=True), "act_day", "false")
    maybe = dated(offence.proved_when, lambda tree: _over_statuses(tree, certain=False), "act_day", "false")
    suspected = dated(offence.suspected_when, lambda tree: _over_statuses(tree, certain=False), "act_day", "false")
    amount = dated(offence.charge, lambda block: _amount(block, policy), "act_day")
    basis = dated(offence.charge, lambda block: _basis(block, policy, offence), "act_day")
    return CompiledOffence(offence.id, proved, f"(({suspected}) or ({maybe}))", amount, basis)


def _over_statuses(tree: exp.Expr, *, certain: bool) -> str:
    """A condition over checks as SQL. Certain: a doubtful check is unknown; otherwise it is taken as met."""
    doubtful = "null" if certain else "true"

    def place(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            column = exp.column(f"s_{node.name}")
            text = f"case {column.sql()} when 1 then true when 2 then null when 4 then {doubtful} else false end"
            return exp.paren(exp.maybe_parse(text, dialect="duckdb"))
        return node

    return tree.copy().transform(place).sql(dialect="duckdb")


def _tiers(block: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = block.get("tiers") or [block]
    return found


def _when(tier: dict[str, Any]) -> str:
    texts = [tier[key] for key in ("when", "only_if") if key in tier]
    trees = [expressions.read(text, "", [], expressions.Words(fact_types())) for text in texts]
    return " and ".join(f"({expressions.render(tree, {})})" for tree in trees if tree is not None) or "true"


def _raw(tier: dict[str, Any]) -> str:
    return f"least(greatest(f.amount_paid * {tier['rate']}::decimal(9,6), {tier['min']}::decimal(18,2)), {tier['max']}::decimal(18,2))"


def _amount(block: dict[str, Any], policy: Policy) -> str:
    cases = []
    for tier in _tiers(block):
        rounded = dated(policy.rounding, lambda name, tier=tier: f"cast({ROUNDED[name].format(_raw(tier))} as decimal(18,2))", "act_day")  # type: ignore[misc]
        cases.append(f"when f.amount_paid is not null and {_when(tier)} then {rounded}")
    return f"case {' '.join(cases)} end"


def _basis(block: dict[str, Any], policy: Policy, offence: Offence) -> str:
    sources = policy.raw["sources"]
    cases = []
    for tier in _tiers(block):
        pairs = {
            "rate": quoted(tier["rate"]), "base": "'amount_paid'", "base_amount": "cast(f.amount_paid as varchar)", "min": quoted(tier["min"]),
            "max": quoted(tier["max"]), "rounding": dated(policy.rounding, quoted, "act_day"),
            "unrounded": f"cast({_raw(tier)} as varchar)",
            "only_if": quoted(" and ".join(str(tier[key]) for key in ("when", "only_if") if key in tier)),
            "source": dated(offence.source, lambda key: quoted(sources[key]["url"])),
            "source_seen": dated(offence.source, lambda key: quoted(sources[key]["seen"])),
        }  # fmt: skip
        fields = ", ".join(f"{quoted(name)}, {value}" for name, value in pairs.items())
        cases.append(f"when {_when(tier)} then cast(json_object({fields}) as varchar)")
    return f"case {' '.join(cases)} end"
