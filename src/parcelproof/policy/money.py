"""Sums of money as SQL: rate, base, floor, ceiling and rounding, decimal to the end, each with its arithmetic as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from parcelproof.engines.duckdb import quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import expressions
from parcelproof.policy.dates import dated_sql
from parcelproof.policy.model import Dated, Offence, Policy

ROUNDED = {
    "cent_half_up": "round({0}, 2)",
    "cent_down": "({0}) - ({0}) % 0.01",
    "yuan_half_up": "round({0}, 0)",
    "yuan_down": "({0}) - ({0}) % 1",
    "thousand_down": "({0}) - ({0}) % 1000",
}
"""Rounding by name; amounts are decimals and never below zero, so the engine's rounding away from zero is half up."""
MONEY = "decimal(18,2)"
WORDS = expressions.Words(fact_types())


def condition(text: object, prefix: str = "f.", words: expressions.Words = WORDS) -> str:
    """The SQL of a condition that has been checked before."""
    tree = expressions.read(text, "", [], words)
    return expressions.render(tree, words.params, prefix) if tree is not None else "false"


def raw_sum(block: Mapping[str, Any], base: str) -> str:
    """SQL of a sum before rounding, over a base that is not null."""
    if "amount" in block:
        return f"{block['amount']}::{MONEY}"
    found = f"({base}::decimal(28,2) * {block['rate']}::decimal(10,6))"
    found = f"({found} + {block['plus']}::{MONEY})" if "plus" in block else found
    found = f"greatest({found}, {block['min']}::{MONEY})" if "min" in block else found
    return f"least({found}, {block['max']}::{MONEY})" if "max" in block else found


def rounded(rounding: str, text: str) -> str:
    """SQL of a sum rounded by name."""
    return f"cast({ROUNDED[rounding].format(text)} as {MONEY})"


def json_of(pairs: Mapping[str, str]) -> str:
    """SQL of a JSON object as text, from names to SQL."""
    return "cast(json_object(" + ", ".join(f"{quoted(name)}, {value}" for name, value in pairs.items()) + ") as varchar)"


def stated(block: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a sum as its author wrote them, for a basis."""
    return {key: quoted(block[key]) for key in ("rate", "plus", "min", "max") if key in block}


def tiers(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tiers of a charge; a charge without is its own."""
    found: list[dict[str, Any]] = block.get("tiers") or [block]
    return found


def _when(tier: Mapping[str, Any]) -> str:
    parts = [f"({condition(tier[key])})" for key in ("when", "only_if") if key in tier]
    parts += [f"({holds(proved_by(tier), certain=True, prefix='f.')})"] if "proved_by" in tier else []
    return " and ".join(parts) or "true"


def proved_by(tier: Mapping[str, Any]) -> exp.Expr:
    """The condition over checks of a tier that has one."""
    tree = expressions.parsed(tier.get("proved_by", True))
    return tree if tree is not None else exp.true()


def holds(tree: exp.Expr, *, certain: bool, prefix: str = "") -> str:
    """SQL, true or false and never unknown: whether a condition over checks is true. Certain: a doubtful check is unknown; otherwise it counts as met."""
    return _answers(tree, prefix, met="= 1" if certain else "in (1, 4)", truth=True)


def _answers(tree: exp.Expr, prefix: str, *, met: str, truth: bool) -> str:
    """Whether a condition is true, or whether it is false: unknown is neither, so a `not` turns the question and not the answer."""
    if isinstance(tree, exp.Column):
        return f"{prefix}s_{tree.name} {met if truth else 'in (0, 3)'}"
    if isinstance(tree, exp.Boolean):
        return str(bool(tree.this) is truth).lower()
    if isinstance(tree, exp.Connector):
        joined = " or " if isinstance(tree, exp.Or) is truth else " and "
        return f"({joined.join(_answers(part, prefix, met=met, truth=truth) for part in tree.flatten())})"
    return _answers(tree.this, prefix, met=met, truth=truth is not isinstance(tree, exp.Not))


def _base(tier: Mapping[str, Any]) -> str:
    return f"f.{tier.get('base', 'amount_paid')}"


def charge_amount(offence: Offence, policy: Policy) -> str:
    """SQL of an offence's order money over facts with alias `f` and `act_day`; null where none is due or the currency is another."""

    def block_sum(block: Mapping[str, Any]) -> str:
        cases = []
        for tier in tiers(block):
            text = raw_sum(tier, _base(tier))
            amount = dated_sql(policy.rounding, lambda name, text=text: rounded(name, text), otherwise=rounded("cent_half_up", text))  # type: ignore[misc]
            known = "true" if "amount" in tier else f"{_base(tier)} is not null"
            cases.append(f"when {known} and {_when(tier)} then {amount}")
        return f"case when coalesce(f.currency, {quoted(policy.currency)}) <> {quoted(policy.currency)} then null {' '.join(cases)} end"

    return dated_sql(offence.charge, block_sum)


def charge_basis(offence: Offence, policy: Policy) -> str:
    """SQL of the arithmetic behind `charge_amount`, as JSON text."""

    def block_basis(block: Mapping[str, Any]) -> str:
        return f"case {' '.join(f'when {_when(tier)} then {json_of(_tier_basis(tier, offence, policy))}' for tier in tiers(block))} end"

    return dated_sql(offence.charge, block_basis)


def _tier_basis(tier: Mapping[str, Any], offence: Offence, policy: Policy) -> dict[str, str]:
    pairs = stated(tier) | {"rounding": dated_sql(policy.rounding, quoted, otherwise="'cent_half_up'")}
    if "rate" in tier:
        pairs |= {"base": quoted(tier.get("base", "amount_paid")), "base_amount": f"cast({_base(tier)} as varchar)"}
        pairs |= {"unrounded": f"cast({raw_sum(tier, _base(tier))} as varchar)"}
    else:
        pairs |= {"fixed": quoted(tier["amount"])}
    conditions = [str(tier[key]) for key in ("proved_by", "when", "only_if") if key in tier]
    pairs |= {"only_if": quoted(" and ".join(conditions))} if conditions else {}
    return pairs | source_of(offence.source, policy)


def source_of(source: Dated, policy: Policy, day: str = "act_day") -> dict[str, str]:
    """Where a dated value stands and when somebody last saw it stand, for a basis."""
    return {
        "source": dated_sql(source, lambda key: quoted(policy.sources[key]["url"]), day),
        "source_seen": dated_sql(source, lambda key: quoted(policy.sources[key]["seen"]), day),
    }
