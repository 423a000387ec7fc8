"""Packs and checks as they are written: read, checked whole, every fault told at once with its file, line and mend."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlglot import exp

from parcelproof import yamlmarks
from parcelproof.errors import PolicyError, UsageError, unknown_name
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import expressions
from parcelproof.policy.dates import held_on
from parcelproof.policy.declaration import ANSWERS, CHECK, FIGURES, LIBRARY, OFFENCES, PACK, RUNG_FIGURES, measures
from parcelproof.policy.expressions import Words
from parcelproof.policy.model import Case, Check, Dated, Exemption, Offence, Policy, Strike
from parcelproof.policy.ringterms import RingTerms, ring_terms
from parcelproof.policy.shapes import Faults, is_none


@dataclass(slots=True)
class Reading:
    """What is known while a pack is read."""

    path: Path
    raw: dict[str, Any]
    faults: Faults
    types: dict[str, str] = field(default_factory=fact_types)
    others: list[str] = field(default_factory=list)
    """Faults of the files of checks."""

    def tree(self, place: tuple[str, ...], text: object, words: Words, wanted: str = "boolean") -> exp.Expr | None:
        """A condition at a place of the pack; None, and told, where it is wrong."""
        found: list[str] = []
        tree = expressions.read(text, self.faults.where(place), found, words, wanted)
        if found:
            self.faults.told += found
            self.faults.places.append(place)
        return tree

    def known(self, place: tuple[str, ...], noun: str, name: object, names: Mapping[str, Any] | tuple[str, ...]) -> None:
        """Tell a name that is not among the known ones."""
        if not isinstance(name, str) or name not in names:
            self.faults.add(place, unknown_name(noun, str(name), names))


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
    path = locate(name_or_path)
    told: list[str] = []
    raw, lines = yamlmarks.read(path, told)
    if not raw:
        return None, {}, told or [f"{path.name}:1: it is empty; write a pack"]
    faults = Faults(path.name, lines, told)
    PACK.hold(raw, (), faults)
    reading = Reading(path, raw, faults)
    checks = {name: found for name in _entries(reading, "checks") if (found := _check(reading, name)) is not None}
    policy = _policy(reading, checks)
    return (None if faults.told or reading.others else policy), checks, faults.told + reading.others


def locate(name_or_path: str) -> Path:
    """The file of a pack.

    Raises:
        UsageError: There is none.
    """
    if "/" not in name_or_path and (LIBRARY / name_or_path / "pack.yaml").is_file():
        return LIBRARY / name_or_path / "pack.yaml"
    path = Path(name_or_path)
    try:
        path = path / "pack.yaml" if path.is_dir() else path
        found = path.is_file()
    except (OSError, ValueError):
        found = False
    if not found:
        raise UsageError(unknown_name("policy", name_or_path, list_policies()) + "; or give the path of a pack's folder")
    return path


def dated(value: object) -> Dated:
    """A mapping from days to values in order; the word none ends what held."""
    return {day: None if is_none(held) else held for day, held in sorted(value.items())} if isinstance(value, dict) else {}


def _entries(reading: Reading, *place: str) -> dict[str, Any]:
    """The entries of a mapping in the pack that are mappings themselves."""
    found: Any = reading.raw
    for part in place:
        found = found.get(part) if isinstance(found, dict) else None
    return {name: entry for name, entry in found.items() if isinstance(entry, dict)} if isinstance(found, dict) else {}


def _check(reading: Reading, name: str) -> Check | None:
    """One check of the library, or of a `checks` folder beside the pack."""
    place = ("checks", name)
    entry = reading.raw["checks"][name]
    stem = entry.get("use", name)
    own = reading.path.parent / "checks" / f"{stem}.yaml"
    path = own if isinstance(stem, str) and stem.isidentifier() and own.is_file() else LIBRARY / "checks" / f"{stem}.yaml"
    if not isinstance(stem, str) or not stem.isidentifier() or not path.is_file():
        reading.faults.add(place, unknown_name("check", str(stem), [file.stem for file in (LIBRARY / "checks").glob("*.yaml")]))
        return None
    told: list[str] = []
    raw, lines = yamlmarks.read(path, told)
    faults = Faults(path.name, lines, told)
    CHECK.hold(raw, (), faults)
    found = _read_check(reading, name, raw, faults) if faults.sound("params") and reading.faults.sound(*place) else None
    reading.others += [fault for fault in faults.told if fault not in reading.others]
    return found


def _read_check(reading: Reading, name: str, raw: dict[str, Any], faults: Faults) -> Check | None:
    entry, defaults = reading.raw["checks"][name], raw.get("params") or {}
    params = {**defaults, **(entry.get("params") or {})}
    for key in entry.get("params") or {}:
        reading.known(("checks", name, "params", key), "parameter", key, defaults)
    own = Reading(reading.path, raw, faults)
    words, excusing = Words(own.types, params=params), Words(own.types, params=params, nulls=True)
    met = own.tree(("met_when",), raw["met_when"], words) if faults.sound("met_when") else None
    asked = own.tree(("asked_when",), raw["asked_when"], words) if "asked_when" in raw and faults.sound("asked_when") else None
    since = own.tree(("since",), raw["since"], words, "time") if faults.sound("since") else None
    excuses = {key: own.tree(("excuses", key), text, excusing) for key, text in (raw.get("excuses") or {}).items() if faults.sound("excuses", key)}
    _about_check(own, raw, excuses, [tree for tree in (met, asked, since, *excuses.values()) if tree is not None])
    cases = tuple(_cases(own, raw, excuses))
    if met is None or since is None or None in excuses.values() or (asked is None and "asked_when" in raw):
        return None
    return Check(
        name, faults.file, raw.get("title") or {}, met, asked, {key: tree for key, tree in excuses.items() if tree is not None}, raw.get("excuse_titles") or {},
        since, tuple(raw.get("evidence") or ()), params, defaults, entry["clause"], raw, cases,
    )  # fmt: skip


def _about_check(own: Reading, raw: dict[str, Any], excuses: Mapping[str, Any], trees: list[exp.Expr]) -> None:
    """What a check's parts say of one another."""
    for key in excuses:
        if key not in (raw.get("excuse_titles") or {}):
            own.faults.add(("excuses", key), f"the excuse {key} has no title; add it under excuse_titles in both languages")
    for number, fact in enumerate(raw.get("evidence") or () if own.faults.sound("evidence") else ()):
        own.known(("evidence", str(number)), "fact", fact, own.types)
    used = set().union(*map(expressions.parameters, trees))
    for key in set(raw.get("params") or {}) - used if own.faults.sound("met_when") and own.faults.sound("excuses") and own.faults.sound("since") else ():
        own.faults.add(("params", key), f"no condition speaks of the parameter {key}; use it or take it out")


def _cases(own: Reading, raw: dict[str, Any], excuses: Mapping[str, Any]) -> Iterator[Case]:
    """The cases, their facts held against their types and their answers against the known ones."""
    answers = (*ANSWERS, *(f"excused:{excuse}" for excuse in excuses))
    for number, case in enumerate(raw.get("tests") or () if isinstance(raw.get("tests"), list) else ()):
        place = ("tests", str(number))
        if not own.faults.sound(*place):
            continue
        for name, value in case["facts"].items():
            own.known((*place, "facts", name), "fact", name, own.types)
            if name in own.types and not fits(value, own.types[name]):
                own.faults.add((*place, "facts", name), f"{name} is a {own.types[name]}, and {value!r} is none; write one")
        own.known((*place, "expect"), "answer", case["expect"], answers)
        if own.faults.sound(*place):
            yield Case(case["name"], case["facts"], case["expect"], own.faults.where(place))


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
    whole = isinstance(value, int) and abs(value) < 1 << 62
    return whole or (kind != "integer" and isinstance(value, float) and abs(value) < float("1e15"))


def _policy(reading: Reading, checks: dict[str, Check]) -> Policy | None:
    raw, faults = reading.raw, reading.faults
    if faults.sound("zone") and not _is_zone(raw["zone"]):
        faults.add(("zone",), f"{raw['zone']!r} is not a zone; write one like Asia/Shanghai")
    applies = reading.tree(("applies_when",), raw["applies_when"], Words(reading.types)) if faults.sound("applies_when") else None
    for day, names in dated(raw.get("essential")).items() if faults.sound("essential") else ():
        for name in names or ():
            reading.known(("essential", day), "check", name, _written(reading))
    exemptions = tuple(_exemption(reading, name, entry) for name, entry in _entries(reading, "exemptions").items())
    offences = tuple(_offence(reading, name, entry) for name, entry in _entries(reading, "offences").items())
    _named(reading)
    rings = _rings(reading) if isinstance(raw.get("rings"), dict) and faults.sound("rings") else None
    if applies is None or faults.told or reading.others:
        return None
    return Policy(
        raw["id"], reading.path, raw["title"], raw["zone"], raw["currency"], applies, dated(raw.get("rounding")),
        dated(raw.get("essential")), dated(raw.get("charging")), dated(raw.get("appeal")), checks, exemptions, offences, raw["sources"], rings, raw,
        _hash(raw, checks), faults.lines,
    )  # fmt: skip


def _written(reading: Reading) -> dict[str, str]:
    """Every check that the pack lists, readable or not, as a truth."""
    return dict.fromkeys(_entries(reading, "checks"), "boolean")


def _is_zone(name: str) -> bool:
    try:
        return ZoneInfo(name) is not None
    except (KeyError, OSError, ValueError):
        return False


def _hash(raw: dict[str, Any], checks: dict[str, Check]) -> str:
    content = [raw, {name: check.raw for name, check in sorted(checks.items())}]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _named(reading: Reading) -> None:
    """Names of sources, checks and offences outside the offences."""
    raw, faults = reading.raw, reading.faults
    sources, offences = _entries(reading, "sources"), _entries(reading, "offences")
    for part in ("exemptions", "by_hand"):
        for name, entry in _entries(reading, part).items():
            reading.known((part, name, "source"), "source", entry.get("source"), sources)
    for name, entry in _entries(reading, "exemptions").items():
        for check in entry.get("of") or () if faults.sound("exemptions", name, "of") else ():
            reading.known(("exemptions", name, "of"), "check", check, _written(reading))
    for part in ("appeal", "charging"):
        for day, entry in dated(raw.get(part)).items() if faults.sound(part) else ():
            if entry is not None and part == "appeal":
                reading.known((part, day), "source", entry["source"], sources)
            for cap in (entry or {}).get("caps") or ():
                reading.known((part, day, "caps"), "source", cap["source"], sources)
            for name in (*((entry or {}).get("together") or ()), *(n for cap in (entry or {}).get("caps") or () for n in cap.get("of") or ())):
                reading.known((part, day), "offence", name, offences)


def _rings(reading: Reading) -> RingTerms | None:
    """What the pack says of rings; None, and told, where a flag or the source is wrong."""
    raw = reading.raw["rings"]
    reading.known(("rings", "source"), "source", raw["source"], _entries(reading, "sources"))
    types = {name: kind for name, kind in reading.types.items() if not name.startswith("ring_")}
    trees = {name: reading.tree(("rings", "flags", name, "when"), flag["when"], Words(types)) for name, flag in raw["flags"].items()}
    sent = reading.tree(("rings", "sent_when"), raw["sent_when"], Words(types)) if "sent_when" in raw else None
    sound = {name: tree for name, tree in trees.items() if tree is not None}
    return ring_terms(raw, sound, sent) if sound.keys() == trees.keys() and (sent is None) == ("sent_when" not in raw) else None


def _exemption(reading: Reading, name: str, entry: dict[str, Any]) -> Exemption:
    place = ("exemptions", name, "when")
    when = {
        day: None if text is None else reading.tree((*place, day), text, Words(reading.types, nulls=True))
        for day, text in dated(entry.get("when")).items()
        if reading.faults.sound(*place, day)
    }
    of = tuple(entry.get("of") or ()) if reading.faults.sound("exemptions", name, "of") else ()
    return Exemption(name, entry.get("title") or {}, of, when, entry)


def _offence(reading: Reading, name: str, entry: dict[str, Any]) -> Offence:
    place, faults = ("offences", name), reading.faults
    if name not in OFFENCES and not entry.get("title"):
        faults.add(place, unknown_name("offence", name, OFFENCES) + "; or give the new one a title")
    words = Words(_written(reading), "check")
    trees = {key: _trees(reading, (*place, key), entry.get(key), words) for key in ("proved_when", "suspected_when")}
    charge, follows = dated(entry.get("charge")), dated(entry.get("follows"))
    for day, block in charge.items():
        if block is not None and faults.sound(*place, "charge", day):
            _charge(reading, (*place, "charge", day), block)
    for day, listed in follows.items():
        if faults.sound(*place, "follows", day):
            _measures(reading, (*place, "follows", day), listed or [], "order")
    strikes = tuple(_strike(reading, (*place, "strikes"), key, block) for key, block in _entries(reading, *place, "strikes").items())
    source = dated(entry.get("source"))
    offence = Offence(name, entry, entry.get("clause") or {}, source, trees["proved_when"], trees["suspected_when"], charge, follows, strikes)
    if faults.sound(*place, "source"):
        _sourced(reading, offence)
    return offence


def _sourced(reading: Reading, offence: Offence) -> None:
    """Every dated value rests on a source of its day."""
    place = ("offences", offence.id)
    for day, key in offence.source.items():
        reading.known((*place, "source", day), "source", key, _entries(reading, "sources"))
    for part, values in offence.dated():
        for day in values:
            if held_on(offence.source, day) is None:
                reading.faults.add((*place, *part, day), f"no source holds on {day}; give the offence a source from that day on")


def _trees(reading: Reading, place: tuple[str, ...], value: object, words: Words) -> dict[str, exp.Expr | None]:
    return {day: None if text is None else reading.tree((*place, day), text, words) for day, text in dated(value).items() if reading.faults.sound(*place, day)}


def _charge(reading: Reading, place: tuple[str, ...], block: dict[str, Any]) -> None:
    """The conditions and the base of a charge's tiers."""
    money = {name: kind for name, kind in reading.types.items() if kind == "money"}
    for number, tier in enumerate(block.get("tiers") or [block]):
        at = (*place, "tiers", str(number)) if "tiers" in block else place
        reading.known((*at, "base"), "base", tier.get("base", "amount_paid"), money)
        for key in ("when", "only_if"):
            if key in tier:
                reading.tree((*at, key), tier[key], Words(reading.types))
        if "proved_by" in tier:
            reading.tree((*at, "proved_by"), tier["proved_by"], Words(_written(reading), "check"))


def _measures(reading: Reading, place: tuple[str, ...], listed: list[dict[str, Any]], target: str) -> None:
    """What measures may fall on, and that heavy ones need a person."""
    for number, entry in enumerate(listed):
        at, known = (*place, str(number)), measures()[entry["measure"]]
        if target not in known["falls_on"]:
            reading.faults.add(at, f"{entry['measure']} falls on a {' or '.join(known['falls_on'])}, not on a {target}; choose another measure")
        if known["heavy"] and entry.get("needs_human") is False:
            reading.faults.add(at, f"{entry['measure']} is heavy and always needs a person; take needs_human out")
        if "when" in entry and target != "order":
            reading.faults.add((*at, "when"), "a measure of a ladder has its condition in its rung; write at: there")
        elif "when" in entry:
            reading.tree((*at, "when"), entry["when"], Words(reading.types))
        if target == "order" and ("amount" in entry or "limit" in entry):
            reading.faults.add(at, "a measure on an order has no sum; write a charge")


def _strike(reading: Reading, place: tuple[str, ...], name: str, block: dict[str, Any]) -> Strike:
    here, faults = (*place, name), reading.faults
    if "among" in block and faults.sound(*here, "among"):
        reading.tree((*here, "among"), block["among"], Words(reading.types))
    if "of" in block and faults.sound(*here, "of"):
        reading.tree((*here, "of"), block["of"], Words(_written(reading), "check"))
    tests = _trees(reading, (*here, "when"), block.get("when"), Words(FIGURES, "figure"))
    ladder = dated(block.get("ladder"))
    for day, rungs in ladder.items():
        for number, rung in enumerate(rungs or []) if faults.sound(*here, "ladder", day) else ():
            at = (*here, "ladder", day, str(number))
            if "at" in rung:
                reading.tree((*at, "at"), rung["at"], Words(RUNG_FIGURES, "figure"))
            _measures(reading, (*at, "measures"), rung["measures"], block.get("per", "merchant"))
    return Strike(name, block, tests, ladder)
