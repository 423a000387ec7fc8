"""The words of the checks and the pack behind a judgement: titles, excuses, clauses, what a merchant should do.

A run records its checks' titles; everything else is read from the shared library of checks, whose files carry the
check's id as their name, and from the pack. What none of them knows shows as it stands in the data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from parcelproof import policies
from parcelproof.report.words import Text, read_yaml, readable, same, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_PACKS = Path(policies.__file__).parent
_LIBRARY = _PACKS / "checks"
_ID = re.compile(r"[a-z][a-z0-9_-]{0,80}")


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What can be said of one check in both languages."""

    title: Text
    excuses: Mapping[str, Text] = field(default_factory=dict)
    why: Text | None = None
    """Why it matters, one sentence; {facts} stand for values of the evidence."""
    mend: Text | None = None
    """What the merchant should do."""

    def excuse(self, name: str) -> Text:
        """An excuse's title; its id in words where it has none."""
        return self.excuses.get(name, same(readable(name)))


def check_words(name: str, titles: Mapping[str, Any]) -> CheckWords:
    """The words of a check.

    Args:
        name: its id.
        titles: what the run recorded: `check` or `check:excuse` -> {zh-CN, en}.
    """
    written = _file(_LIBRARY / f"{name}.yaml") if _ID.fullmatch(name) else {}
    excuses = {excuse: text_of(_part(written, "excuse_titles").get(excuse), readable(excuse)) for excuse in map(str, _part(written, "excuses"))}
    for key, entry in titles.items():
        check, mark, excuse = str(key).partition(":")
        if mark and check == name:
            excuses[excuse] = text_of(entry, readable(excuse))
    why, mend = (text_of(written[key], "") if written.get(key) else None for key in ("why", "mend"))
    return CheckWords(text_of(titles.get(name) or written.get("title"), readable(name)), excuses, why, mend)


def pack_title(policy_id: str) -> object:
    """The {zh-CN, en} title of a pack that comes with the program; None for any other."""
    return _pack(policy_id).get("title")


def pack_text(policy_id: str, text: str) -> Text:
    """A text of a pack, such as a clause, in both languages: found by its Chinese; the same in both where it is not found."""
    return _texts(policy_id).get(text, same(text))


@cache
def _texts(policy_id: str) -> dict[str, Text]:
    found: dict[str, Text] = {}
    waiting: list[object] = [_pack(policy_id)]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and isinstance(part.get("zh-CN"), str):
            found[part["zh-CN"]] = text_of(part, part["zh-CN"])
        elif isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found


def _pack(policy_id: str) -> Mapping[str, Any]:
    return _file(_PACKS / policy_id / "pack.yaml") if _ID.fullmatch(policy_id) else {}


@cache
def _file(path: Path) -> Mapping[str, Any]:
    """A data file; nothing where there is none, or where it cannot be read."""
    try:
        found = read_yaml(path)
    except (OSError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}


def _part(written: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = written.get(key)
    return found if isinstance(found, dict) else {}
