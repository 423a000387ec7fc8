"""A small language for the shape of a file: what stands where, of which type. One declaration checks it and makes its JSON Schema.

A shape tells every fault it finds, each with its place, and never raises: what is written is hostile until it has passed.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parcelproof.errors import unknown_name
from parcelproof.policy.dates import is_day

Place = tuple[str, ...]
LANGUAGES = ("zh-CN", "en")
MOST_DECIMALS = 6


@dataclass(slots=True)
class Faults:
    """Sentences about one file, each with the line of its place."""

    file: str
    lines: Mapping[Place, int]
    told: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def where(self, place: Place) -> str:
        """File and line of a place, or of the nearest place around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.file}:{self.lines.get(place, 1)}"

    def add(self, place: Place, what: str) -> None:
        """Tell a fault: what is wrong, and how to mend it."""
        self.told.append(f"{self.where(place)}: {what}")
        self.places.append(place)

    def sound(self, *place: str) -> bool:
        """Whether nothing at a place or inside it, nor a whole around it, was found faulty: only then may it be read further."""
        return not any(place[: len(bad)] == bad or bad[: len(place)] == place for bad in self.places)


class Shape(ABC):
    """What may stand at a place."""

    @abstractmethod
    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """Tell what does not fit."""

    @abstractmethod
    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """A text; `pattern` says of what form."""

    pattern: str = r"(?s).*\S.*"
    example: str = "some text"

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            faults.add(place, f"{_name(place)} must be a text like {self.example}, got {value!r}")

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"type": "string"} if self.pattern.startswith("(?s)") else {"type": "string", "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    """One of a few words."""

    noun: str
    words: tuple[str, ...]

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if value not in self.words:
            faults.add(place, unknown_name(self.noun, str(value), self.words))

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A finite number from `least` on, of at most six decimals, or a whole one."""

    least: float = 0
    whole: bool = False
    most: float = 1e12

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        kind = "a whole number" if self.whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)) or not math.isfinite(value):
            faults.add(place, f"{_name(place)} must be {kind} from {self.least:g} on, got {value!r}")
        elif not self.least <= value <= self.most:
            faults.add(place, f"{_name(place)} must be {kind} from {self.least:g} to {self.most:g}, got {value!r}")
        elif round(value, MOST_DECIMALS) != value:
            faults.add(place, f"{_name(place)} has more than {MOST_DECIMALS} decimals; round it")

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"type": "integer" if self.whole else "number", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag(Shape):
    """True or false."""

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not isinstance(value, bool):
            faults.add(place, f"{_name(place)} must be true or false, got {value!r}")

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Day(Shape):
    """A day of the calendar."""

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not is_day(value):
            faults.add(place, f"{value!r} is not a day; write it like 2026-07-09")

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Condition(Shape):
    """A predicate; what it may speak of is checked where it is read."""

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not isinstance(value, (str, bool)):
            faults.add(place, f"{_name(place)} must be a condition, got {value!r}; write comparisons joined by and, or, not")

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"type": ["string", "boolean"], "description": "a predicate: comparisons joined by and, or, not"}


@dataclass(frozen=True, slots=True)
class Scalar(Shape):
    """Any single value, such as a fact of a case."""

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if isinstance(value, (dict, list)):
            faults.add(place, f"{_name(place)} must be one value, got {value!r}")

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"type": ["string", "number", "boolean", "null"]}


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list of like things."""

    item: Shape
    least: int = 0
    length: int | None = None

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not isinstance(value, list):
            faults.add(place, f"{_name(place)} must be a list, got {value!r}; write [a, b]")
            return
        if len(value) < self.least or (self.length is not None and len(value) != self.length):
            faults.add(place, f"{_name(place)} must have {self.length or f'at least {self.least}'} entries, got {len(value)}")
        for number, item in enumerate(value):
            self.item.hold(item, (*place, str(number)), faults)

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        found = {"type": "array", "items": self.item.schema(), "minItems": self.length or self.least}
        return found if self.length is None else found | {"maxItems": self.length}


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """A mapping from names to like things."""

    item: Shape
    key: str = r"[a-z][a-z0-9_]*"
    least: int = 0

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not isinstance(value, dict):
            faults.add(place, f"{_name(place)} must map names to values, got {value!r}; write `name: value` lines")
            return
        if len(value) < self.least:
            faults.add(place, f"{_name(place)} is empty; add an entry")
        for name, item in value.items():
            if not re.fullmatch(self.key, name):
                faults.add((*place, name), f"{name!r} is not a name; write it in small letters, digits and _")
            self.item.hold(item, (*place, name), faults)

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"type": "object", "additionalProperties": False, "minProperties": self.least, "patternProperties": {f"^{self.key}$": self.item.schema()}}


@dataclass(frozen=True, slots=True)
class Dated(Shape):
    """Values keyed by the first local day they hold; `none` ends what held."""

    item: Shape
    ends: bool = True

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not isinstance(value, dict) or not value:
            faults.add(place, f"{_name(place)} must map days to values, like 2026-07-09: ...; got {value!r}")
            return
        for day, item in value.items():
            if not is_day(day):
                faults.add((*place, day), f"{day!r} is not a day; write it like 2026-07-09")
            if not (self.ends and is_none(item)):
                self.item.hold(item, (*place, day), faults)

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        item = {"anyOf": [self.item.schema(), {"enum": ["none", None]}]} if self.ends else self.item.schema()
        return {"type": "object", "minProperties": 1, "propertyNames": {"format": "date"}, "additionalProperties": item}


@dataclass(frozen=True, slots=True)
class Either(Shape):
    """The first shape, or the other."""

    first: Shape
    other: Shape
    tells: Callable[[object], bool] = lambda value: isinstance(value, dict)
    """Whether a value is meant to be of the first shape."""

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        (self.first if self.tells(value) else self.other).hold(value, place, faults)

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        return {"anyOf": [self.first.schema(), self.other.schema()]}


@dataclass(frozen=True, slots=True)
class Record(Shape):
    """A mapping with known keys. A key that ends in `*` in the declaration must be there; `lacks` tells what else does not go together."""

    doc: str
    keys: Mapping[str, Shape]
    lacks: Callable[[Mapping[str, Any]], str | None] = lambda _: None

    def shapes(self) -> dict[str, Shape]:
        """Key -> its shape."""
        return {key.rstrip("*"): shape for key, shape in self.keys.items()}

    def required(self) -> list[str]:
        """Keys that must be there."""
        return [key.rstrip("*") for key in self.keys if key.endswith("*")]

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        if not isinstance(value, dict):
            faults.add(place, f"{_name(place)} must be {self.doc} with {', '.join(self.required() or self.shapes())}, got {value!r}")
            return
        shapes = self.shapes()
        for key in self.required():
            if value.get(key) is None:
                faults.add((*place, key), f"{key} is missing; add it")
        for key, item in value.items():
            if key not in shapes:
                faults.add((*place, key), unknown_name("key", key, shapes))
            elif item is not None:
                shapes[key].hold(item, (*place, key), faults)
            elif key not in self.required():
                faults.add((*place, key), f"{key} has no value; write one, or take the key out")
        if (told := self.lacks(value)) is not None:
            faults.add((*place, ""), told)

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        keys = {key: shape.schema() for key, shape in self.shapes().items()}
        return {"type": "object", "description": self.doc, "properties": keys, "required": self.required(), "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class Both(Shape):
    """A text in every language."""

    forbidden: str | None = None
    """What may not stand in it, because the outputs put it between the languages."""

    def hold(self, value: object, place: Place, faults: Faults) -> None:
        """See Shape."""
        found = value if isinstance(value, dict) else {}
        for language in LANGUAGES:
            text = found.get(language)
            if not isinstance(text, str) or not text.strip():
                faults.add(place, f"the text in {language} is missing; add it")
            elif self.forbidden and self.forbidden in text:
                faults.add(place, f"the text has {self.forbidden!r} in it, which parts its two languages; write it otherwise")
        for key in found.keys() - set(LANGUAGES):
            faults.add((*place, key), unknown_name("language", key, LANGUAGES))

    def schema(self) -> dict[str, Any]:
        """See Shape."""
        texts = {language: {"type": "string", "minLength": 1} for language in LANGUAGES}
        return {"type": "object", "properties": texts, "required": list(LANGUAGES), "additionalProperties": False}


def is_none(value: object) -> bool:
    """Whether a dated value ends what held."""
    return value is None or value == "none"


def _name(place: Place) -> str:
    """The key that a complaint is about; an entry of a list is named by the list."""
    named = [part for part in place if not part.isdigit() and not is_day(part)]
    return named[-1] if named else "the file"
