"""One check on one row of facts: what it says, and which excuse held."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from parcelproof.engines.duckdb import Engine
from parcelproof.errors import UsageError, unknown_name
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import expressions
from parcelproof.policy.cases import answers
from parcelproof.policy.model import Policy
from parcelproof.policy.packs import fits


def facts_of(text: str) -> dict[str, Any]:
    """Facts from a JSON object, or from a file that holds one.

    Raises:
        UsageError: It is neither, or it names what is no fact or gives it a value of another type.
    """
    written = text
    if not text.lstrip().startswith("{"):
        try:
            written = Path(text).read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise UsageError(f"{text!r} is no JSON object and no file: write facts like '{{\"hours_without_pickup\": 30}}'") from None
    try:
        facts = json.loads(written)
    except (ValueError, RecursionError):
        facts = None
    if not isinstance(facts, dict):
        raise UsageError("the facts are no JSON object: write them like '{\"hours_without_pickup\": 30}'")
    types = fact_types()
    for name, value in facts.items():
        if name not in types:
            raise UsageError(unknown_name("fact", name, types))
        if isinstance(value, (dict, list)) or not fits(value, types[name]):
            raise UsageError(f"{name} is a {types[name]}, and {value!r} is none: write one")
    return facts


def tried(policy: Policy, name: str, facts: dict[str, Any], day: date) -> dict[str, Any]:
    """What a check of a pack says of one row of facts on a day.

    Raises:
        UsageError: The pack has no such check.
    """
    if name not in policy.checks:
        raise UsageError(unknown_name("check", name, policy.checks))
    check = policy.checks[name]
    with Engine(threads=1) as engine:
        (got,) = answers(engine, check, [facts], check.params, day.isoformat(), policy.exemptions)
    spoken = sorted(set().union(*map(expressions.names, (check.met_when, *([check.asked_when] if check.asked_when else []), *check.excuses.values()))))
    return {
        "check": name, "policy": policy.id, "day": day.isoformat(), "answer": got, "met_when": expressions.told(check.met_when), "params": check.params,
        "facts": {fact: facts.get(fact) for fact in spoken}, "clause": check.clause,
    }  # fmt: skip
