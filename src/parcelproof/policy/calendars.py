"""Working days: weekends and statutory holidays are none, make-up workdays are. Lists are data files, a country each."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache

from parcelproof.policy.declaration import LIBRARY

_WEEKEND = 5


@cache
def special_days(calendar: str) -> dict[date, str]:
    """Day -> holiday or make_up_workday, of the years that the list covers."""
    with (LIBRARY / "calendars" / f"{calendar}.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]): row["kind"] for row in csv.DictReader(file)}


def is_working_day(day: date, calendar: str | None) -> bool:
    """Whether a day is worked. Without a calendar, or beyond its years, every day but the weekend is."""
    kind = special_days(calendar).get(day) if calendar else None
    return kind == "make_up_workday" or (kind is None and day.weekday() < _WEEKEND)


def after_working_days(day: date, number: int, calendar: str | None) -> date:
    """The last of so many working days after a day."""
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day, calendar)
    return day
