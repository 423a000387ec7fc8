"""Texts in two languages, read from `words.yaml` and `story.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOM = Path(__file__).parent
CATALOGUE = ROOM.parent / "facts" / "catalogue.yaml"


class Text(NamedTuple):
    """One text in Chinese (`zh`, simplified) and English (`en`)."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """The text in `zh` or `en`."""
        return self.zh if lang == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """The text with its {names} replaced; a value may be a `Text` of its own."""
        return Text(
            self.zh.format(**{name: side(value, "zh") for name, value in values.items()}),
            self.en.format(**{name: side(value, "en") for name, value in values.items()}),
        )


def same(text: object) -> Text:
    """A text that reads the same in both languages: a number, an identifier."""
    return Text(str(text), str(text))


def side(value: object, lang: str) -> str:
    """One language of a value that may or may not be a `Text`."""
    return value.of(lang) if isinstance(value, Text) else str(value)


def text_of(entry: object, fallback: str) -> Text:
    """A {zh-CN, en} mapping of a data file or of `run.json` as a `Text`; whatever is missing falls back."""
    if isinstance(entry, dict):
        zh, en = entry.get("zh-CN"), entry.get("en")
        return Text(str(zh or en or fallback), str(en or zh or fallback))
    return same(entry) if isinstance(entry, str) and entry else same(fallback)


def read_yaml(path: Path) -> Any:  # noqa: ANN401  whatever the file holds
    """A data file's content, by the fast loader where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  both loaders are safe ones


@cache
def _words(name: str) -> dict[str, dict[str, Text]]:
    groups: dict[str, dict[str, dict[str, str]]] = read_yaml(ROOM / f"{name}.yaml")
    return {group: {key: text_of(entry, key) for key, entry in entries.items()} for group, entries in groups.items()}


def word(group: str, key: str, /, **values: object) -> Text:
    """The text `key` of `group`, its {names} filled; KeyError where the book lacks it, which is a programming fault."""
    text = _words("words")[group][key]
    return text.filled(**values) if values else text


def tell(group: str, key: str, /, **values: object) -> Text:
    """The same as `word`, of the book of stories."""
    text = _words("story")[group][key]
    return text.filled(**values) if values else text


def title(group: str, key: str | None, *, book: str = "words") -> Text:
    """The title of a code found in data: its words where the book knows it, else the code itself."""
    return _words(book)[group].get(key or "", same(readable(key)))


def known(group: str, *, book: str = "words") -> tuple[str, ...]:
    """The codes of a group, in the book's order."""
    return tuple(_words(book)[group])


def readable(code: str | None) -> str:
    """An identifier as words: `peak_memory` -> `peak memory`."""
    return (code or "-").replace("_", " ")


@cache
def facts() -> dict[str, dict[str, Any]]:
    """The catalogue of facts: name -> type, zh-CN, en."""
    found: dict[str, dict[str, Any]] = read_yaml(CATALOGUE)
    return found


def fact_title(name: str) -> Text:
    """What a fact says, in both languages; the name in words where the catalogue lacks it."""
    return text_of(facts().get(name), readable(name))
