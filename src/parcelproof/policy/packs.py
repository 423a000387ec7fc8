"""Packs and checks as they are written: read, checked whole, every fault told at once."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlglot import exp

from parcelproof import yamlmarks
from parcelproof.errors import PolicyError, UsageError, unknown_name
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import expressions
from parcelproof.policy.dates import held_on

LIBRARY = Path(__file__).parents[1] / "policies"
OFFENCES = ("late_shipping", "stalled_trace", "false_shipping", "fraudulent_parcel", "brushing")
LANGUAGES = ("zh-CN", "en")
ROUNDINGS = ("cent_half_up", "yuan_half_up")
ANSWERS = ("met", "not met", "unknown", "doubtful")
BETWEEN = " / "
"""What stands between the two languages of a clause in the outputs."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case at the foot of a check: its facts, the answer it expects, and where it stands."""

    name: str
    facts: dict[str, Any]
    expect: str
    where: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the library: a condition, its excuses, and what it rests on."""

    id: str
    title: dict[str, str]
    met_when: exp.Expr
    excuses: dict[str, exp.Expr]
    since: exp.Expr
    evidence: tuple[str, ...]
    params: dict[str, Any]
    clause: dict[str, str]
    raw: dict[str, Any]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Offence:
    """One offence of a pack. Everything is keyed by the first local day it holds; None ends it."""

    id: str
    proved_when: dict[str, exp.Expr | None]
    suspected_when: dict[str, exp.Expr | None]
    charge: dict[str, Any]
    strike: dict[str, Any]
    ladder: dict[str, Any]
    clause: dict[str, str]
    source: dict[str, str]
    """Which source each dated value rests on: the newest that is not later than the value's day."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A pack ready to be compiled."""

    id: str
    title: dict[str, str]
    zone: str
    currency: str
    applies_when: exp.Expr
    rounding: dict[str, str]
    essential: dict[str, list[str]]
    checks: dict[str, Check]
    offences: tuple[Offence, ...]
    raw: dict[str, Any]
    content_hash: str

    def dates(self) -> list[str]:
        """Every day on which something changes, in order."""
        keyed: list[Mapping[str, Any]] = [self.rounding, self.essential]
        for offence in self.offences:
            keyed += [offence.proved_when, offence.suspected_when, offence.charge, offence.strike, offence.ladder]
        return sorted({day for mapping in keyed for day in mapping})


@dataclass(slots=True)
class _Reading:
    """What is known while a pack is read."""

    faults: list[str] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=fact_types)


def list_policies() -> list[str]:
    """Names of the packs that come with Parcelproof."""
    return sorted(path.parent.name for path in LIBRARY.glob("*/pack.yaml"))


def load_policy(name_or_path: str) -> Policy:
    """The pack of that name, or in that folder or file.

    Raises:
        UsageError: There is no such pack.
        PolicyError: The pack or a check has faults; all of them are told.
    """
    policy, _, faults = read_policy(name_or_path)
    if faults or policy is None:
        raise PolicyError(faults)
    return policy


def read_policy(name_or_path: str) -> tuple[Policy | None, dict[str, Check], list[str]]:
    """(the pack, its checks that can be read, every fault): what is sound can be looked at beside what is not.

    Raises:
        UsageError: There is no such pack.
    """
    path = _locate(name_or_path)
    reading = _Reading()
    raw, lines = yamlmarks.read(path, reading.faults)
    written = raw.get("checks")
    wanted = written if isinstance(written, dict) else {}
    checks = {name: found for name, entry in wanted.items() if (found := _check(reading, path, name, entry or {}, lines))}
    policy = None if reading.faults and not raw else _pack(reading, path, raw, lines, checks)
    return policy, checks, reading.faults


def _locate(name_or_path: str) -> Path:
    if "/" not in name_or_path and (LIBRARY / name_or_path / "pack.yaml").is_file():
        return LIBRARY / name_or_path / "pack.yaml"
    path = Path(name_or_path)
    path = path / "pack.yaml" if path.is_dir() else path
    if not path.is_file():
        raise UsageError(unknown_name("policy", name_or_path, list_policies()) + "; or give the path of a pack's folder")
    return path


def _texts(reading: _Reading, where: str, value: object) -> dict[str, str]:
    """A text in every language."""
    found = value if isinstance(value, dict) else {}
    for language in LANGUAGES:
        if not isinstance(found.get(language), str) or not found[language].strip():
            reading.faults.append(f"{where}: the text in {language} is missing; add it")
    return {language: str(found.get(language, "")) for language in LANGUAGES}


def _check(reading: _Reading, pack: Path, name: str, entry: Mapping[str, Any], pack_lines: dict[tuple[str, ...], int]) -> Check | None:
    """One check of the library, or of a `checks` folder beside the pack."""
    own = pack.parent / "checks" / f"{name}.yaml"
    path = own if own.is_file() else LIBRARY / "checks" / f"{name}.yaml"
    written = f"{pack.name}:{pack_lines.get(('checks', name), 1)}"
    if not path.is_file():
        known = [file.stem for file in (LIBRARY / "checks").glob("*.yaml")]
        reading.faults.append(f"{written}: {unknown_name('check', name, known)}")
        return None
    raw, lines = yamlmarks.read(path, reading.faults)
    params = {**(raw.get("params") or {}), **(entry.get("params") or {})}

    def at(*place: str) -> str:
        return f"{path.name}:{lines.get(place, 1)}"

    met = _condition(reading, at("met_when"), raw.get("met_when"), params)
    since = _condition(reading, at("since"), raw.get("since"), params, wanted="time")
    excuses = {
        key: tree for key, text in (raw.get("excuses") or {}).items() if (tree := _condition(reading, at("excuses", key), text, params, nulls=True)) is not None
    }
    for key in excuses:
        _texts(reading, at("excuses", key), (raw.get("excuse_titles") or {}).get(key))
    for fact in raw.get("evidence") or []:
        if fact not in reading.types:
            reading.faults.append(f"{at('evidence')}: {unknown_name('fact', str(fact), reading.types)}")
    title = _texts(reading, at("title"), raw.get("title"))
    for key in ("why", "mend"):
        _texts(reading, at(key), raw.get(key))
    clause = _texts(reading, written, entry.get("clause"))
    reading.faults += [f"{written}: the clause has {BETWEEN!r} in it, which parts its two languages; write it otherwise"] * any(
        BETWEEN in text for text in clause.values()
    )
    written_cases = ((at("tests", str(number)), case) for number, case in enumerate(raw.get("tests") or []))
    cases = tuple(case for place, text in written_cases if (case := _case(reading, place, text, excuses)))
    if met is None or since is None:
        return None
    return Check(name, title, met, excuses, since, tuple(raw.get("evidence") or ()), params, clause, raw, cases)


def _case(reading: _Reading, where: str, case: Any, excuses: Mapping[str, Any]) -> Case | None:  # noqa: ANN401  any YAML value
    """One case, its facts held against their types and its answer against the known ones; None with a fault."""
    if not isinstance(case, dict) or not isinstance(case.get("facts"), dict):
        reading.faults.append(f"{where}: a case has a name, facts and expect; write {{name: ..., facts: {{...}}, expect: met}}")
        return None
    before = len(reading.faults)
    for name, value in case["facts"].items():
        if name not in reading.types:
            reading.faults.append(f"{where}: {unknown_name('fact', name, reading.types)}")
        elif not fits(value, reading.types[name]):
            reading.faults.append(f"{where}: {name} is a {reading.types[name]}, and {value!r} is none; write one")
    answers = [*ANSWERS, *(f"excused:{excuse}" for excuse in excuses)]
    if case.get("expect") not in answers:
        reading.faults.append(f"{where}: {unknown_name('answer', str(case.get('expect')), answers)}")
    return None if len(reading.faults) > before else Case(str(case.get("name", "")), case["facts"], str(case.get("expect")), where)


def fits(value: object, kind: str) -> bool:
    """Whether a value written in a pack can be a fact of that type; nothing at all can be any fact."""
    if value is None:
        return True
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind == "time":
        try:
            return datetime.fromisoformat(str(value)) is not None
        except ValueError:
            return False
    if kind == "text":
        return isinstance(value, str)
    return isinstance(value, int) or (kind != "integer" and isinstance(value, float) and math.isfinite(value))


def _condition(reading: _Reading, where: str, text: object, params: Mapping[str, Any], *, nulls: bool = False, wanted: str = "boolean") -> exp.Expr | None:
    if text is None:
        reading.faults.append(f"{where}: a condition is missing; write one")
        return None
    return expressions.read(text, where, reading.faults, expressions.Words(reading.types, params=params, nulls=nulls), wanted)


def _pack(reading: _Reading, path: Path, raw: dict[str, Any], lines: dict[tuple[str, ...], int], checks: dict[str, Check]) -> Policy | None:
    def at(*place: str) -> str:
        return f"{path.name}:{lines.get(place, 1)}"

    for key in ("id", "zone", "currency", "offences", "checks", "applies_when"):
        if not raw.get(key):
            reading.faults.append(f"{path.name}:1: {key} is missing; add it")
    offences = tuple(_offence(reading, at, name, entry or {}, raw, checks) for name, entry in (raw.get("offences") or {}).items())
    essential = _dated(reading, at, ("essential",), raw.get("essential") or {})
    for names in essential.values():
        for name in names or []:
            if name not in checks:
                reading.faults.append(f"{at('essential')}: {unknown_name('check', str(name), checks)}")
    rounding = _dated(reading, at, ("rounding",), raw.get("rounding") or {"1970-01-01": "cent_half_up"})
    reading.faults.extend(f"{at('rounding')}: {unknown_name('rounding', str(name), ROUNDINGS)}" for name in rounding.values() if name not in ROUNDINGS)
    applies = _condition(reading, at("applies_when"), raw.get("applies_when") or "needs_delivery", {})
    if applies is None:
        return None
    content = path.read_bytes() + b"".join(repr(sorted(check.raw.items())).encode() for check in checks.values())
    return Policy(
        str(raw.get("id")), _texts(reading, at("title"), raw.get("title")), str(raw.get("zone")), str(raw.get("currency")), applies,
        rounding, essential, checks, offences, raw, hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def _dated(reading: _Reading, at: Callable[..., str], place: tuple[str, ...], value: object) -> dict[str, Any]:
    """A mapping from days to values; the word none ends what held."""
    if not isinstance(value, dict):
        reading.faults.append(f"{at(*place)}: {'.'.join(place)} must map days to values, like 2026-07-09: ...")
        return {}
    found: dict[str, Any] = {}
    for day, held in sorted(value.items()):
        try:
            found[date.fromisoformat(day).isoformat()] = None if held in ("none", None) else held
        except ValueError:
            reading.faults.append(f"{at(*place, day)}: {day!r} is not a day; write it like 2026-07-09")
    return found


def _offence(
    reading: _Reading,
    at: Callable[..., str],
    name: str,
    entry: dict[str, Any],
    raw: dict[str, Any],
    checks: dict[str, Check],
) -> Offence:
    place = ("offences", name)
    if name not in OFFENCES:
        reading.faults.append(f"{at(*place)}: {unknown_name('offence', name, OFFENCES)}")
    dated = {key: _dated(reading, at, (*place, key), entry.get(key) or {}) for key in ("proved_when", "suspected_when", "charge", "strike", "ladder")}
    trees: dict[str, dict[str, exp.Expr | None]] = {}
    for key in ("proved_when", "suspected_when"):
        trees[key] = {day: _over_checks(reading, at(*place, key, day), text, checks) for day, text in dated[key].items()}
    for day, block in dated["charge"].items():
        _charge(reading, at(*place, "charge", day), block)
    source = _dated(reading, at, (*place, "source"), entry.get("source") or {})
    for key in source.values():
        if key not in (raw.get("sources") or {}):
            reading.faults.append(f"{at(*place, 'source')}: {unknown_name('source', str(key), raw.get('sources') or {})}")
    for key, values in dated.items():
        for day in values:
            if held_on(source, day) is None:
                reading.faults.append(f"{at(*place, key, day)}: no source holds on {day}; give the offence a source from that day on")
    clause = _texts(reading, at(*place), entry.get("clause"))
    return Offence(name, trees["proved_when"], trees["suspected_when"], dated["charge"], dated["strike"], dated["ladder"], clause, source)


def _over_checks(reading: _Reading, where: str, text: object, checks: dict[str, Check]) -> exp.Expr | None:
    if text is None:
        return None
    return expressions.read(text, where, reading.faults, expressions.Words(dict.fromkeys(checks, "boolean"), "check"))


def _charge(reading: _Reading, where: str, block: object) -> None:
    """Check the numbers and conditions of one charge."""
    if block is None:
        return
    if not isinstance(block, dict):
        reading.faults.append(f"{where}: a charge is `none` or has rate, min and max; write {{rate: 0.01, min: 3, max: 30}}")
        return
    for tier in block.get("tiers") or [block]:
        for key in ("rate", "min", "max"):
            if not isinstance(tier.get(key), (int, float)) or isinstance(tier.get(key), bool) or tier[key] < 0:
                reading.faults.append(f"{where}: {key} must be a number from 0 on, got {tier.get(key)!r}")
        for key in ("when", "only_if"):
            if key in tier:
                _condition(reading, where, tier[key], {})
