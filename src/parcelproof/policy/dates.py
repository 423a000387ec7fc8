"""Values keyed by the first local day they hold: the newest that is not later counts, and none ends what held."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from parcelproof.engines.duckdb import quoted

Value = TypeVar("Value")


def is_day(text: object) -> bool:
    """Whether a text is a day as packs write it: 2026-07-09."""
    try:
        return date.fromisoformat(str(text)).isoformat() == text
    except ValueError:
        return False


def held_on(values: Mapping[str, Value], day: str) -> Value | None:
    """The value that holds on a day; None where none does."""
    since = max((since for since in values if since <= day), default=None)
    return None if since is None else values[since]


def spans(values: Mapping[str, Value]) -> Iterator[tuple[str, str | None, Value]]:
    """(first day, day after the last or None, value) of each dated value, in order."""
    days = sorted(values)
    for day, until in zip(days, [*days[1:], None], strict=False):
        yield day, until, values[day]


def span_sql(day: str, until: str | None, column: str = "act_day") -> str:
    """SQL: whether a day lies from `day` on and before `until`."""
    return f"{column} >= date {quoted(day)}" + (f" and {column} < date {quoted(until)}" if until else "")


def dated_sql(values: Mapping[str, Any], render: Callable[[Any], str], day: str = "act_day", otherwise: str = "null") -> str:
    """SQL of the newest value whose day is not after `day`; a value of None ends what held."""
    if not values:
        return otherwise
    newest_first = sorted(values.items(), reverse=True)
    cases = " ".join(f"when {day} >= date {quoted(since)} then {otherwise if value is None else render(value)}" for since, value in newest_first)
    return f"case {cases} else {otherwise} end"
