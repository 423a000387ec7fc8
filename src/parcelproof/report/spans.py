"""Days of the calendar put into columns that fit a page: days, weeks, months or years."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_COLUMNS = 100


class Span(NamedTuple):
    """A run of columns: the unit (`day`, `week`, `month`, `year`), their first days in order, their labels on the axis, their full names."""

    unit: str
    starts: list[date]
    labels: list[str]
    names: list[str]

    def column_of(self, day: date) -> int:
        """The column in which a day falls."""
        return self.starts.index(_FLOORS[self.unit](day))


def span(days: Iterable[date]) -> Span:
    """The finest columns, without gaps, that hold all days in at most `MOST_COLUMNS`."""
    found = sorted(set(days))
    if not found:
        return Span("day", [], [], [])
    for unit in _FLOORS:
        starts = _starts(unit, found[0], found[-1])
        if starts is not None:
            break
    names = [str(start)[: _LENGTHS.get(unit, len("2026-08-31"))] for start in starts or []]
    return Span(unit, starts or [], [name if unit in _LENGTHS else name[len("2026-") :] for name in names], names)


def _starts(unit: str, first: date, last: date) -> list[date] | None:
    floor, starts = _FLOORS[unit], [_FLOORS[unit](first)]
    while (following := _after(starts[-1], floor, _STEPS[unit])) <= last and following > starts[-1]:
        starts.append(following)
        if len(starts) > MOST_COLUMNS and unit != "year":
            return None
    return starts


def _after(start: date, floor: Callable[[date], date], step: timedelta) -> date:
    try:
        return floor(start + step)
    except OverflowError:
        return start


_FLOORS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
_LENGTHS = {"month": len("2026-08"), "year": len("2026")}
"""How much of its first day names a column of whole months or years."""
_STEPS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=32), "year": timedelta(days=367)}
