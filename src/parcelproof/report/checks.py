"""The words of the checks behind a judgement: titles, excuses, what a merchant should do.

A run records the titles of its checks and their excuses; why a check matters and what mends it is read from the shared
library of checks, whose files carry the check's id as their name. What neither knows shows as it stands in the data.
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

_LIBRARY = Path(policies.__file__).parent / "checks"
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
