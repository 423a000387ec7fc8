"""A condition of three values said in two holds where SQL says true, and its other side where SQL says false."""

from __future__ import annotations

from datetime import date
from itertools import product

import duckdb
import pytest

from two_valued import Untranslatable, sides

DAY = date(2026, 6, 25)
NUMBERS, TRUTHS, TEXTS = (None, 1, 2, 3), (None, True, False), (None, "a", "b")
CONDITIONS = (
    "x > y and p",
    "x > y or p",
    "not (x >= 2 and (p or q))",
    "x is null or not y is null",
    "t in ('a', 'c') and not t in ('b')",
    "x between 2 and y",
    "coalesce(p, q)",
    "coalesce(x > y, false) and not coalesce(p, true)",
    "case when p then x > 2 when q then y > 2 end",
    "case when p then q else not q end",
    "x <= case when act_day >= date '2026-06-25' then 2 when act_day >= date '2024-01-01' then 1 else null end",
    "x + 1 < 2 * y - (x / 2)",
    "-x < abs(y) and t <> 'a'",
    "x = null",
    "case when act_day >= date '2026-07-01' then p when act_day < date '2026-06-01' then q else not p end",
    "x + 3600 <= y + hours(1) and minutes(2) > 100 * x",
)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_both_sides_are_those_of_sql(condition: str) -> None:
    said = sides(condition, DAY)
    asked = []
    for x, y, p, q, t in product(NUMBERS, NUMBERS, TRUTHS, TRUTHS, TEXTS):
        names = {"x": x, "y": y, "p": p, "q": q, "t": t, "null": None, "true": True, "false": False, "abs": abs}
        asked.append((x, y, p, q, t, *(bool(eval(side, {}, names)) for side in (said.true, said.false))))  # noqa: S307  what is under test
    with duckdb.connect() as db:
        db.execute("create macro hours(n) as n * 3600; create macro minutes(n) as n * 60")
        db.execute("create table asked (x double, y double, p boolean, q boolean, t varchar, said_true boolean, said_false boolean)")
        db.executemany("insert into asked values (?, ?, ?, ?, ?, ?, ?)", asked)
        held = f"select *, ({condition}) as held from (select *, date '{DAY}' as act_day from asked)"
        wrong = db.execute(f"select * from ({held}) where said_true <> coalesce(held, false) or said_false <> coalesce(not held, false)").fetchall()
        answers = db.execute(f"select count(distinct coalesce(held::varchar, 'unknown')) from ({held})").fetchone()
    assert wrong == []
    assert answers is not None
    assert answers[0] > 1 or condition == "x = null"


@pytest.mark.parametrize("condition", ["length(t) > 1", "paid_at >= '2026-02-09 16:00:00'", "p = (x > 1)", "t like 'a%'"])
def test_what_cannot_be_said_is_not_said(condition: str) -> None:
    with pytest.raises(Untranslatable):
        sides(condition, DAY, {"paid_at": "time"})
