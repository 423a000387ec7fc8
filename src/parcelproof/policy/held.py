"""What a pack says on one day, as plain values: the text that is shown, compared and locked."""

from __future__ import annotations

from typing import Any

from parcelproof.policy import expressions
from parcelproof.policy.dates import held_on
from parcelproof.policy.model import Check, Offence, Policy

Plain = dict[str, Any]


def held(policy: Policy, day: str) -> Plain:
    """Everything that holds on a local day. Parts that nothing speaks of that day are left out, and so are notes and titles."""
    offences = {offence.id: text for offence in policy.offences if (text := _offence(offence, day))}
    spoken = set(held_on(policy.essential, day) or [])
    for offence in policy.offences:
        for values in (offence.proved_when, offence.suspected_when):
            tree = held_on(values, day)
            spoken |= expressions.names(tree) if tree is not None else set()
    by_hand = policy.raw.get("by_hand") or {}
    found = {
        "applies_when": policy.raw["applies_when"], "currency": policy.currency, "zone": policy.zone, "rounding": held_on(policy.rounding, day),
        "essential": held_on(policy.essential, day), "charging": held_on(policy.charging, day), "offences": offences,
        "checks": {name: _check(policy, check, day) for name, check in policy.checks.items() if name in spoken},
        "exemptions": {
            exemption.name: {"of": list(exemption.of), "when": expressions.told(tree)}
            for exemption in policy.exemptions if (tree := held_on(exemption.when, day)) is not None
        },
        "appeal": _without_notes(held_on(policy.appeal, day)),
        "rings": _rings(policy),
        "by_hand": {name: entry["text"] for name, entry in by_hand.items() if entry["since"] <= day < entry.get("until", "9999-12-31")},
    }  # fmt: skip
    return {key: value for key, value in found.items() if value not in (None, {}, [])} if offences else {}


def _offence(offence: Offence, day: str) -> Plain:
    found: Plain = {}
    for key in ("proved_when", "suspected_when"):
        tree = held_on(getattr(offence, key), day)
        if tree is not None:
            found[key] = expressions.told(tree)
    for key in ("charge", "follows"):
        value = held_on(getattr(offence, key), day)
        if value is not None:
            found[key] = _without_notes(value)
    strikes = {}
    for strike in offence.strikes:
        test = held_on(strike.tests, day)
        if test is not None:
            plain = {key: value for key, value in strike.raw.items() if key not in ("when", "ladder", "note")}
            strikes[strike.name] = plain | {"when": expressions.told(test), "ladder": _without_notes(held_on(strike.ladder, day) or [])}
    found |= {"strikes": strikes} if strikes else {}
    return found | {"clause": offence.clause, "source": held_on(offence.source, day)} if found else {}


def _check(policy: Policy, check: Check, day: str) -> Plain:
    params = {name: held_on(value, day) if isinstance(value, dict) else value for name, value in check.params.items()}
    return {
        "met_when": expressions.told(check.met_when), "excuses": {name: expressions.told(tree) for name, tree in check.excuses.items()},
        "params": params, "clause": check.clause,
        **({"asked_when": expressions.told(check.asked_when)} if check.asked_when is not None else {}),
    } | ({"exempt": names} if (names := [e.name for e in policy.exemptions if check.id in e.of and held_on(e.when, day) is not None]) else {})  # fmt: skip


def _rings(policy: Policy) -> Plain | None:
    rings = policy.raw.get("rings")
    flags = {name: {key: value for key, value in flag.items() if key not in ("title", "note")} for name, flag in rings["flags"].items()} if rings else {}
    return {**_without_notes(rings), "flags": flags} if rings else None


def _without_notes(value: Any) -> Any:  # noqa: ANN401  any plain value
    if isinstance(value, dict):
        return {key: _without_notes(item) for key, item in value.items() if key != "note"}
    return [_without_notes(item) for item in value] if isinstance(value, list) else value
