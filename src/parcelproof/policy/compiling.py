"""A pack becomes SQL: one status for each check, and boolean conditions over the statuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp

from parcelproof.engines.duckdb import quoted
from parcelproof.policy import expressions, money
from parcelproof.policy.dates import dated_sql, held_on
from parcelproof.policy.declaration import BETWEEN
from parcelproof.policy.model import Check, Exemption, Offence, Policy
from parcelproof.policy.packs import list_policies, load_policy
from parcelproof.policy.ringterms import RingTerms
from parcelproof.policy.strikes import CompiledFollow, CompiledRule, compile_follows, compile_rules


@dataclass(frozen=True, slots=True)
class CompiledCheck:
    """One check as SQL over facts with alias `f`. `status`: 0 not met, 1 met, 2 unknown, 3 excused, 4 met but an excuse unknown."""

    id: str
    title: dict[str, str]
    excuse_titles: dict[str, dict[str, str]]
    offences: tuple[str, ...]
    facts: tuple[str, ...]
    """The facts that its condition speaks of: where it is unknown, some of these are."""
    met: str
    """True, false, or null where it is unknown; false on days and shipments that the text does not ask about."""
    excused: str
    """The same of its excuses together."""
    excuse: str | None
    since: str
    evidence: tuple[str, ...]
    constants: dict[str, str]
    clause: str

    @property
    def status(self) -> str:
        """Its answer in one expression: 0 not met, 1 met, 2 unknown, 3 excused, 4 met but an excuse unknown."""
        return answer(f"({self.met})", self.excused)


def answer(met: str, excused: str) -> str:
    """The answer of a check from whether it is met and whether it is excused; either may be unknown."""
    return f"case when {met} then coalesce(1 + 2 * ({excused})::bigint, 4) when not {met} then 0 else 2 end"


@dataclass(frozen=True, slots=True)
class CompiledOffence:
    """One offence: SQL over the columns s_<check>, and its money over facts with alias `f` and `act_day`.

    `observed` is a number with one bit for each fact that its met checks rest on, so that one fact is charged once.
    """

    id: str
    proved: str
    suspected: str
    amount: str
    basis: str
    observed: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A whole pack as SQL. `version` is null before the pack's first day."""

    policy_id: str
    title: dict[str, str]
    zone: str
    calendar: str | None
    currency: str
    version: str
    act_day: str
    applies: str
    essential: str
    checks: tuple[CompiledCheck, ...]
    offences: tuple[CompiledOffence, ...]
    rules: tuple[CompiledRule, ...]
    follows: tuple[CompiledFollow, ...]
    charging: dict[str, Any]
    appeal: dict[str, Any]
    accuracy: dict[str, Any] | None
    rings: RingTerms | None
    content_hash: str

    def local_day(self, moment: datetime) -> date:
        """The day of a moment (naive UTC) in the pack's zone."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).date()

    def appeal_terms(self, moment: datetime) -> dict[str, Any]:
        """The terms of appeal that hold on the day of a moment; empty where the pack states none."""
        return held_on(self.appeal, self.local_day(moment).isoformat()) or {}


def compiled(name_or_path: str) -> Compiled:
    """The pack of that name, or in that folder or file, compiled; what comes with Parcelproof is read once.

    Raises:
        UsageError: There is no such pack.
        PolicyError: The pack or a check has faults; all of them are told.
    """
    return _bundled(name_or_path) if name_or_path in list_policies() else compile_policy(load_policy(name_or_path))


@cache
def _bundled(name: str) -> Compiled:
    return compile_policy(load_policy(name))


def compile_policy(policy: Policy) -> Compiled:
    """Compile a checked pack."""
    offences_of: dict[str, list[str]] = {name: [] for name in policy.checks}
    for offence in policy.offences:
        for tree in (*offence.proved_when.values(), *offence.suspected_when.values()):
            for name in expressions.names(tree) if tree is not None else ():
                if offence.id not in offences_of[name]:
                    offences_of[name].append(offence.id)
    facts, spoken = _observable(policy), _spoken(policy)
    return Compiled(
        policy_id=policy.id,
        title=policy.title,
        zone=policy.zone,
        calendar=policy.raw.get("calendar"),
        currency=policy.currency,
        version=dated_sql({day: day for day in policy.dates()}, quoted),
        act_day=f"cast(timezone({quoted(policy.zone)}, timezone('UTC', f.act_time)) as date)",
        applies=expressions.render(policy.applies_when, {}),
        essential=dated_sql(policy.essential, lambda names: " or ".join(f"s_{name} in (2, 4)" for name in names) or "false", otherwise="false"),
        checks=tuple(
            compile_check(check, check.params, tuple(offences_of[check.id]), _in_force(check.id, spoken), policy.exemptions) for check in policy.checks.values()
        ),
        offences=tuple(_offence(offence, policy, facts) for offence in policy.offences),
        rules=tuple(compile_rules(policy)),
        follows=tuple(compile_follows(policy)),
        charging={day: {**(block or {}), "sources": policy.sources} for day, block in policy.charging.items()},
        appeal=policy.appeal,
        accuracy=policy.raw.get("accuracy"),
        rings=policy.rings,
        content_hash=policy.content_hash,
    )


def _spoken(policy: Policy) -> dict[str, set[str]]:
    """Day on which something changes -> the checks that the text of the day speaks of."""
    found = {}
    for day in policy.dates():
        trees = [held_on(values, day) for offence in policy.offences for values in (offence.proved_when, offence.suspected_when)]
        found[day] = set(held_on(policy.essential, day) or []).union(*(expressions.names(tree) for tree in trees if tree is not None))
    return found


def _in_force(check: str, spoken: dict[str, set[str]]) -> str:
    """SQL: whether the text of the day speaks of a check at all. A check that no offence needs yet says nothing."""
    held = {day: check in names for day, names in spoken.items()}
    changes = {day: value for (_, before), (day, value) in pairwise([("", None), *held.items()]) if value != before}
    return dated_sql(changes, lambda value: str(value).lower(), otherwise="false")


def compile_check(
    check: Check, params: dict[str, Any], offences: tuple[str, ...] = (), in_force: str = "true", exemptions: tuple[Exemption, ...] = ()
) -> CompiledCheck:
    """One check as SQL; `offences` are those of the pack that speak of it, `in_force` says on which days."""
    own = [exemption for exemption in exemptions if check.id in exemption.of]
    met = expressions.render(check.met_when, params)
    excuses = {name: expressions.render(tree, params) for name, tree in check.excuses.items()}
    excuses |= {exemption.name: dated_sql(exemption.when, lambda tree: expressions.render(tree, {}), otherwise="false") for exemption in own}
    any_excuse = " or ".join(f"({sql})" for sql in excuses.values()) or "false"
    asked = f"coalesce({expressions.render(check.asked_when, params)}, false) and " if check.asked_when is not None else ""
    held = f"({in_force}) and {asked}({met})"
    chosen = " ".join(f"when {sql} then {quoted(name)}" for name, sql in excuses.items())
    titles = check.excuse_titles | {exemption.name: exemption.title for exemption in own}
    constants = {name: _literal(value) for name, value in params.items()}
    return CompiledCheck(
        check.id, check.title, titles, offences, tuple(sorted(expressions.names(check.met_when))),
        held, any_excuse, f"case {chosen} end" if chosen else None, expressions.render(check.since, params), check.evidence, constants,
        quoted(both(check.clause)),
    )  # fmt: skip


def both(text: dict[str, str]) -> str:
    """A text as the outputs carry it: Chinese, then English."""
    return BETWEEN.join(text[language] for language in ("zh-CN", "en"))


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, dict):
        return dated_sql(value, _literal)
    return quoted(value) if isinstance(value, str) else str(value)


def _observable(policy: Policy) -> dict[str, int]:
    """Fact -> its bit, of the facts that conditions of checks speak of. Few packs speak of more than 62; later ones share the last."""
    names = sorted({name for check in policy.checks.values() for name in expressions.names(check.met_when)})
    return {name: 1 << min(place, 61) for place, name in enumerate(names)}


def _offence(offence: Offence, policy: Policy, facts: dict[str, int]) -> CompiledOffence:
    proved = dated_sql(offence.proved_when, lambda tree: money.holds(tree, certain=True), otherwise="false")
    maybe = dated_sql(offence.proved_when, lambda tree: money.holds(tree, certain=False), otherwise="false")
    suspected = dated_sql(offence.suspected_when, lambda tree: money.holds(tree, certain=False), otherwise="false")
    observed = dated_sql(offence.proved_when, lambda tree: _observed(tree, policy, facts), otherwise="0")
    return CompiledOffence(
        offence.id, proved, f"(({suspected}) or ({maybe}))", money.charge_amount(offence, policy), money.charge_basis(offence, policy), observed
    )  # fmt: skip


def _observed(tree: exp.Expr, policy: Policy, facts: dict[str, int]) -> str:
    masks = []
    for name in sorted(expressions.names(tree)):
        mask = 0
        for fact in expressions.names(policy.checks[name].met_when):
            mask |= facts[fact]
        masks.append(f"case when s_{name} = 1 then {mask} else 0 end")
    return "cast(" + (" | ".join(masks) or "0") + " as bigint)"
