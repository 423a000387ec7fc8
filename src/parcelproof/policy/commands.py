"""The answers of `parcelproof policy`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlglot import exp

from parcelproof.errors import UsageError
from parcelproof.policy.cases import failures
from parcelproof.policy.model import Policy
from parcelproof.policy.packs import list_policies, load_policy, read_policy


def list_text(*, as_json: bool = False) -> str:
    """The packs, one a line."""
    packs = [{"id": policy.id, "title": policy.title, "since": policy.dates()[0], "newest": policy.dates()[-1]}
             for policy in map(load_policy, list_policies())]  # fmt: skip
    if as_json:
        return json.dumps(packs, ensure_ascii=False, indent=2)
    return "\n".join(f"{p['id']:<16} {p['since']} to {p['newest']}  {p['title']['en']} {p['title']['zh-CN']}" for p in packs)  # type: ignore[index]


def show_text(name: str, day: str | None, *, as_json: bool = False) -> str:
    """What holds on a day.

    Raises:
        UsageError: The day is none.
    """
    try:
        when = date.fromisoformat(day) if day else datetime.now(UTC).date()
    except ValueError:
        raise UsageError(f"{day!r} is not a day: write it like 2026-07-09") from None
    policy = load_policy(name)
    shown = {
        "policy": policy.id,
        "day": when.isoformat(),
        "offences": [_held(policy, number, when.isoformat()) for number in range(len(policy.offences))],
    }
    if as_json:
        return json.dumps(shown, ensure_ascii=False, indent=2)
    lines = [f"{policy.id} {policy.title['en']} {policy.title['zh-CN']} on {when}"]
    for offence in shown["offences"]:
        lines += ["", f"{offence['id']}  {offence['clause']['en']} {offence['clause']['zh-CN']}"]  # type: ignore[index]
        lines += [f"  {key:<14} {offence[key]}" for key in ("proved_when", "suspected_when", "charge", "source") if offence[key]]  # type: ignore[index]
    return "\n".join(lines)


def _held(policy: Policy, number: int, day: str) -> dict[str, Any]:
    offence = policy.offences[number]

    def at(values: dict[str, Any]) -> Any:  # noqa: ANN401  any dated value
        days = [since for since in values if since <= day]
        value = values[max(days)] if days else None
        return value.sql() if isinstance(value, exp.Expr) else value

    return {
        "id": offence.id, "clause": offence.clause, "proved_when": at(offence.proved_when), "suspected_when": at(offence.suspected_when),
        "charge": at(offence.charge), "source": (policy.raw["sources"].get(at(offence.source)) or {}).get("url"),
    }  # fmt: skip


def check_text(name: str, *, as_json: bool = False) -> tuple[str, bool]:
    """(the faults of a pack and the cases of its checks that fail, whether it is sound)."""
    _, checks, faults = read_policy(name)
    faults += failures(checks)
    if as_json:
        return json.dumps({"policy": name, "faults": faults}, ensure_ascii=False, indent=2), not faults
    return "\n".join(faults) or f"{name}: no fault", not faults
