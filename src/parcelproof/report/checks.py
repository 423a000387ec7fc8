"""The words of the checks behind findings: titles, excuses, what a merchant should do. From the pack where it can be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcelproof.report.words import Text, readable, same, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parcelproof.report.view import Run


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What can be said of one check in both languages."""

    title: Text
    excuses: Mapping[str, Text] = field(default_factory=dict)
    mend: Text | None = None
    why: Text | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    """Titles of its parameters, {zh-CN, en} each."""

    @classmethod
    def bare(cls, name: str) -> CheckWords:
        """A check of which only the id is known."""
        return cls(same(readable(name)))

    def excuse(self, name: str) -> Text:
        """An excuse's title; its id in words where it has none."""
        return self.excuses.get(name, same(readable(name)))


def words_of(run: Run) -> dict[str, CheckWords]:
    """Check id -> its words, from the titles that the run recorded: of `check` and of `check:excuse`."""
    excuses: dict[str, dict[str, Text]] = {}
    for name, entry in run.titles.items():
        check, mark, excuse = str(name).partition(":")
        if mark:
            excuses.setdefault(check, {})[excuse] = text_of(entry, readable(excuse))
    checks = [str(name) for name in run.titles if ":" not in str(name)]
    return {name: CheckWords(text_of(run.titles[name], readable(name)), excuses.get(name, {})) for name in checks}
