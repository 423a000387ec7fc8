"""Runs a judgement's SQL step by step: statuses, outcomes, findings, charges, verdicts, strikes, measures."""

from __future__ import annotations

from datetime import datetime

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import Compiled
from parcelproof.verdicts import charging, compose, enforcement


def decide(engine: Engine, policy: Compiled, as_of: datetime, keep: tuple[str, ...] = ()) -> None:
    """Make the output tables from `facts` under a policy. The tables hold a `shipment` number for sorting. `keep` names what a next policy needs."""
    engine.table("moment", f"select timestamp {quoted(as_of.isoformat(sep=' '))} as as_of")
    engine.table("statuses", compose.statuses(policy))
    engine.table("outcomes", compose.outcomes(policy))
    engine.drop("statuses")
    engine.table("findings", compose.findings(policy, fact_types()))
    engine.table("charges", charging.charges(policy))
    for column in ("met", "unknown"):
        engine.table(f"{column}_lists", compose.indicator_lists(policy, f"{column}_mask"))
    engine.table("verdicts", compose.verdicts(policy))
    enforcement.enforce(engine, policy)
    engine.drop(*(name for name in ("outcomes", "facts", "offence_days", "met_lists", "unknown_lists") if name not in keep))


def titles(policy: Compiled) -> dict[str, dict[str, str]]:
    """Check id, or `check:excuse` -> its title in both languages, so that pages need no pack."""
    excuses = {f"{check.id}:{name}": dict(title) for check in policy.checks for name, title in check.excuse_titles.items()}
    return {check.id: dict(check.title) for check in policy.checks} | excuses
