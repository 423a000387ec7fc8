"""The answers of `parcelproof policy`."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from parcelproof.errors import UsageError
from parcelproof.policy import advising, comparing, declaration, locking, trying
from parcelproof.policy.cases import failures
from parcelproof.policy.held import held
from parcelproof.policy.packs import list_policies, load_policy, read_policy


def _json(value: Any) -> str:  # noqa: ANN401  any plain value
    return json.dumps(value, ensure_ascii=False, indent=2)


def day_of(text: str | None) -> date:
    """A day that was asked for, or today.

    Raises:
        UsageError: It is none.
    """
    try:
        return date.fromisoformat(text) if text else datetime.now(UTC).date()
    except ValueError:
        raise UsageError(f"{text!r} is not a day: write it like 2026-07-09") from None


def list_text(*, as_json: bool = False) -> str:
    """The packs, one a line."""
    packs = [{"id": policy.id, "title": policy.title, "since": policy.dates()[0], "newest": policy.dates()[-1]}
             for policy in map(load_policy, list_policies())]  # fmt: skip
    if as_json:
        return _json(packs)
    return "\n".join(f"{p['id']:<16} {p['since']} to {p['newest']}  {p['title']['en']} {p['title']['zh-CN']}" for p in packs)  # type: ignore[index]


def show_text(name: str, day: str | None, *, as_json: bool = False) -> str:
    """What holds on a day, as data or as sentences in both languages.

    Raises:
        UsageError: The day is none.
    """
    when, policy = day_of(day).isoformat(), load_policy(name)
    if as_json:
        return _json({"policy": policy.id, "day": when, **held(policy, when)})
    part: tuple[str, ...] = ()
    lines = [f"{policy.id} {policy.title['en']} {policy.title['zh-CN']} on {when}"]
    clauses = comparing.clauses(policy, when)
    for path, clause in clauses.items():
        lines += ["", " ".join(path[:2])] if path[:2] != part else []
        part = path[:2]
        lines += [f"  {' '.join(path[2:]) or path[-1]}: {clause.words.en}", f"    {clause.words.zh}"]
    return "\n".join(lines if clauses else [*lines, "nothing holds yet"])


def check_text(name: str, on: str | None = None, *, as_json: bool = False) -> tuple[str, bool]:
    """(the faults and the oddities of a pack, the cases of its checks that fail, whether it is sound)."""
    today = day_of(on)
    policy, checks, faults = read_policy(name)
    faults, warnings = faults + failures(checks), []
    if policy is not None:
        changed, unlocked = locking.lock_faults(policy)
        faults += advising.faults(policy) + changed
        warnings = advising.warnings(policy, today) + unlocked
    if as_json:
        return _json({"policy": name, "faults": faults, "warnings": warnings}), not faults
    return "\n".join([*faults, *(f"{warning} (warning)" for warning in warnings)]) or f"{name}: no fault", not faults


def schema_text(kind: str) -> str:
    """The JSON Schema of a pack or a check."""
    return _json(declaration.schema(kind))


def diff_text(first: str, second: str, policy: str | None, on: str | None, *, as_json: bool = False) -> str:
    """What differs between two packs on a day, or between two days of one pack."""
    if policy is not None or (_is_day(first) and _is_day(second)):
        old = new = load_policy(policy or "douyin-shop")
        day_old, day_new = day_of(first).isoformat(), day_of(second).isoformat()
    else:
        old, new = load_policy(first), load_policy(second)
        day_old = day_new = day_of(on).isoformat()
    found = comparing.changes(old, day_old, new, day_new)
    told = [comparing.sentences(change, new) for change in found]
    if as_json:
        return _json([
            {"path": list(change.path), "before": change.before and change.before.value, "after": change.after and change.after.value,
             "came": list(change.came), "went": list(change.went), "zh-CN": words.zh, "en": words.en}
            for change, words in zip(found, told, strict=True)
        ])  # fmt: skip
    return "\n".join(line for words in told for line in (words.en, f"  {words.zh}")) or "no difference"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


def lock_text(name: str, *, as_json: bool = False) -> tuple[str, bool]:
    """(what was locked, or what stands otherwise than it was locked, whether the lock holds)."""
    added, faults = locking.lock(load_policy(name))
    if as_json:
        return _json({"policy": name, "added": added, "faults": faults}), not faults
    return "\n".join(faults) or f"{name}: {added} added to the lock", not faults


def try_text(check: str, facts: str, policy: str, day: str | None, *, as_json: bool = False) -> str:
    """What a check says of one row of facts."""
    found = trying.tried(load_policy(policy), check, trying.facts_of(facts), day_of(day))
    if as_json:
        return _json(found)
    values = ", ".join(f"{name} = {'unknown' if value is None else value}" for name, value in found["facts"].items())
    params = ", ".join(f"${name} = {value}" for name, value in found["params"].items())
    return "\n".join([f"{check}: {found['answer']}", f"  met when {found['met_when']}", f"  {values}", *([f"  {params}"] if params else [])])
