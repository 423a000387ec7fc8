"""Runs a judgement's SQL step by step: statuses, outcomes, findings, charges, verdicts, strikes, measures."""

from __future__ import annotations

from datetime import datetime

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import Compiled
from parcelproof.verdicts import charging, compose, enforcement
from parcelproof.verdicts.result import OUTPUTS


def decide(engine: Engine, policy: Compiled, as_of: datetime) -> None:
    """Make the output tables from `facts` under a policy. The tables hold a `shipment` number for sorting."""
    engine.table("moment", f"select timestamp {quoted(as_of.isoformat(sep=' '))} as as_of")
    engine.table("outcomes", compose.outcomes(policy, fact_types()))
    engine.table("check_words", compose.check_words(policy))
    engine.table("patterns", compose.patterns(policy))
    engine.table("unknown_texts", compose.unknown_texts(policy))
    engine.view("coded_findings", compose.coded_findings(policy))
    engine.view("findings", compose.FINDINGS)
    engine.table("finding_counts", compose.FINDING_COUNTS)
    engine.table("missing_facts", compose.missing_facts(policy))
    proves = engine.row(f"select count(*) from outcomes where {compose.any_proved(policy)}")[0] > 0
    engine.table("proved_facts", compose.proved_facts(policy) + ("" if proves else " where false"))
    engine.table("charges", charging.charges(policy))
    engine.view("verdicts", compose.verdicts(policy))
    enforcement.enforce(engine, policy)
    engine.drop("offence_days", "proved_facts", "patterns")


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each output table has."""
    found = {name: engine.row(f"select count(*) from {name}")[0] for name in OUTPUTS if name != "findings"}
    return found | {"findings": int(engine.row("select coalesce(sum(shipments), 0) from finding_counts")[0])}


def titles(policy: Compiled) -> dict[str, dict[str, str]]:
    """Check id, or `check:excuse` -> its title in both languages, so that pages need no pack."""
    excuses = {f"{check.id}:{name}": dict(title) for check in policy.checks for name, title in check.excuse_titles.items()}
    return {check.id: dict(check.title) for check in policy.checks} | excuses
