"""Runs a judgement's SQL step by step: statuses, outcomes, findings, charges, verdicts, strikes, measures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import Compiled
from parcelproof.verdicts import charging, compose, enforcement, grounds
from parcelproof.verdicts.result import OUTPUTS


def decide(engine: Engine, policy: Compiled, as_of: datetime, stands: Callable[[str], None] = lambda _: None) -> None:
    """Make the output tables from `facts` under a policy. The tables hold a `shipment` number for sorting.

    Args:
        engine: Holds the facts.
        policy: The compiled pack.
        as_of: The moment of judging, naive UTC.
        stands: Called with the name of each large output when it stands.
    """
    engine.table("moment", f"select timestamp {quoted(as_of.isoformat(sep=' '))} as as_of, {quoted(policy.policy_id)} as policy")
    engine.table("outcomes", compose.outcomes(policy))
    proved = compose.offences_proved(engine, policy)
    engine.view("answered", compose.answered(policy))
    engine.table("patterns", compose.patterns(policy))
    engine.table("pattern_findings", grounds.query("pattern_findings"))
    engine.table("check_words", grounds.check_words(policy))
    engine.table("unknown_texts", grounds.unknown_texts(policy))
    engine.table("spoken_facts", compose.spoken_facts(policy))
    engine.table("told", grounds.told(policy, compose.checks_speaking(engine), fact_types()))
    engine.view("findings", grounds.FINDINGS)
    stands("findings")
    engine.table("finding_counts", grounds.FINDING_COUNTS)
    engine.table("missing_facts", grounds.query("missing_facts"))
    engine.table("charges", charging.charges(policy, proved))
    engine.table("excused", grounds.query("excused"))
    engine.table("paid", grounds.query("paid"))
    engine.view("verdicts", grounds.query("verdicts"))
    stands("verdicts")
    enforcement.enforce(engine, policy, proved)
    engine.drop("offence_days", "spoken_facts")


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each output table has."""
    found = {name: engine.row(f"select count(*) from {name}")[0] for name in OUTPUTS if name != "findings"}
    return found | {"findings": int(engine.row("select coalesce(sum(shipments), 0) from finding_counts")[0])}


def titles(policy: Compiled) -> dict[str, dict[str, str]]:
    """Check id, `check:excuse` or `ring:flag` -> its title in both languages, so that pages need no pack."""
    excuses = {f"{check.id}:{name}": dict(title) for check in policy.checks for name, title in check.excuse_titles.items()}
    flags = {f"ring:{flag.id}": dict(flag.title) for flag in policy.rings.flags} if policy.rings is not None else {}
    return {check.id: dict(check.title) for check in policy.checks} | excuses | flags
