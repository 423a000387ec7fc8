"""Two texts of a pack side by side: what is new, gone or changed, in words and as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from parcelproof.policy import expressions, wording
from parcelproof.policy.held import Plain, held
from parcelproof.policy.model import Policy
from parcelproof.policy.wording import Words

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One leaf of a text: its value, and the same in words."""

    value: Any
    words: Words


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` or `after` is None where nothing stood; `parts` are the alternatives of a condition that came or went."""

    path: Path
    before: Clause | None
    after: Clause | None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()


def clauses(policy: Policy, day: str) -> dict[Path, Clause]:
    """Every leaf of what holds on a day, by its path."""
    return dict(_clauses(policy, held(policy, day)))


def _clauses(policy: Policy, text: Plain) -> Iterator[tuple[Path, Clause]]:
    for name, offence in text.get("offences", {}).items():
        yield from _of_offence(policy, ("offences", name), offence)
    for name, check in text.get("checks", {}).items():
        yield from _of_check(policy, ("checks", name), check)
    for name, exemption in text.get("exemptions", {}).items():
        yield ("exemptions", name), Clause(exemption, wording.condition(exemption["when"], policy))
    for name, entry in text.get("by_hand", {}).items():
        yield ("by_hand", name), Clause(entry, _both(entry))
    for key in ("applies_when", "rounding", "currency", "zone", "essential", "charging"):
        if key in text:
            yield ("general", key), Clause(text[key], wording.condition(text[key], policy))
    for key, value in text.get("appeal", {}).items():
        yield ("appeal", key), Clause(value, Words(str(value), str(value)))


def _of_offence(policy: Policy, at: Path, offence: Plain) -> Iterator[tuple[Path, Clause]]:
    for key in ("proved_when", "suspected_when"):
        if key in offence:
            yield (*at, key), Clause(offence[key], wording.condition(offence[key], policy))
    if "charge" in offence:
        yield (*at, "charge"), Clause(offence["charge"], wording.charge(offence["charge"], policy))
    for entry in offence.get("follows", []):
        yield (*at, "follows", entry["measure"]), Clause(entry, wording.measure(entry, policy))
    for key, strike in offence.get("strikes", {}).items():
        plain = {part: value for part, value in strike.items() if part != "ladder"}
        yield (*at, "strikes", key), Clause(plain, wording.strike(strike, policy))
        for number, rung in enumerate(strike["ladder"], 1):
            yield (*at, "strikes", key, f"rung {number}"), Clause(rung, wording.rung(rung, policy))
    yield (*at, "clause"), Clause(offence["clause"], _both(offence["clause"]))


def _of_check(policy: Policy, at: Path, check: Plain) -> Iterator[tuple[Path, Clause]]:
    yield (*at, "met_when"), Clause(check["met_when"], wording.condition(check["met_when"], policy))
    if "asked_when" in check:
        yield (*at, "asked_when"), Clause(check["asked_when"], wording.condition(check["asked_when"], policy))
    for part in ("excuses", "params"):
        for key, value in check[part].items():
            yield (*at, part, key), Clause(value, wording.condition(value, policy))
    yield (*at, "clause"), Clause(check["clause"], _both(check["clause"]))


def _both(text: dict[str, str]) -> Words:
    return Words(text["zh-CN"], text["en"])


def changes(before: Policy, day_before: str, after: Policy, day_after: str) -> list[Change]:
    """What differs between two texts, in the order of their paths."""
    old, new = clauses(before, day_before), clauses(after, day_after)
    found = []
    for path in [*old, *(path for path in new if path not in old)]:
        was, now = old.get(path), new.get(path)
        if was is None or now is None or was.value != now.value:
            came, went = _alternatives(path, was, now)
            found.append(Change(path, was, now, came, went))
    return found


def _alternatives(path: Path, was: Clause | None, now: Clause | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The alternatives of a condition over checks that only one side has."""
    if was is None or now is None or path[-1] not in ("proved_when", "suspected_when"):
        return (), ()
    old, new = _ors(was.value), _ors(now.value)
    return tuple(part for part in new if part not in old), tuple(part for part in old if part not in new)


def _ors(text: str) -> list[str]:
    tree = expressions.parsed(text)
    parts = list(tree.flatten()) if isinstance(tree, exp.Or) else [tree]
    return [expressions.told(part) for part in parts if part is not None]


def sentences(change: Change, policy: Policy) -> Words:
    """One difference as a sentence in each language."""
    at = " · ".join(change.path)
    if change.before is None and change.after is not None:
        return Words(f"{at}：新增 {change.after.words.zh}", f"{at}: new, {change.after.words.en}")
    if change.after is None and change.before is not None:
        return Words(f"{at}：删除（原为 {change.before.words.zh}）", f"{at}: gone (was {change.before.words.en})")
    if change.came or change.went:
        came = [wording.condition(part, policy) for part in change.came]
        went = [wording.condition(part, policy) for part in change.went]
        parts = [Words("新增 " + "、".join(w.zh for w in came), "now also " + " or ".join(w.en for w in came))] if came else []
        parts += [Words("不再包括 " + "、".join(w.zh for w in went), "no longer " + " or ".join(w.en for w in went))] if went else []
        told = wording.joined(parts, "；", "; ")
        return Words(f"{at}：{told.zh}", f"{at}: {told.en}")
    was, now = (clause.words if clause is not None else Words("", "") for clause in (change.before, change.after))
    return Words(f"{at}：由 {was.zh} 改为 {now.zh}", f"{at}: was {was.en}; now {now.en}")
