"""What is odd about a pack that can be read: parts that nothing uses or reaches, ladders that overlap, gaps, sources grown old."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product

from sqlglot import exp

from parcelproof.engines.duckdb import Engine
from parcelproof.policy import expressions
from parcelproof.policy.dates import held_on
from parcelproof.policy.declaration import RUNG_FIGURES
from parcelproof.policy.model import Offence, Policy, Strike
from parcelproof.policy.strikes import rung_condition, rung_text

OLD_DAYS = 180
"""After so many days without anybody having looked, a source is told."""
_MOST_NAMES = 16
_MOST_POINTS = 4000
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def faults(policy: Policy) -> list[str]:
    """What cannot be meant: checks that no condition speaks of or depends on, rungs that overlap or that nothing reaches."""
    return [*_unused(policy), *_unreached(policy), *_ladders(policy)]


def warnings(policy: Policy, today: date) -> list[str]:
    """What may be meant: gaps between days, and sources that nobody has looked at for long."""
    return [*_gaps(policy), *_old_sources(policy, today)]


def _unused(policy: Policy) -> Iterator[str]:
    trees = [tree for offence in policy.offences for values in (offence.proved_when, offence.suspected_when) for tree in values.values()]
    used = {name for tree in trees if tree is not None for name in expressions.names(tree)}
    used |= {name for names in policy.essential.values() for name in names or []}
    for name in policy.checks:
        if name not in used:
            yield f"{policy.where('checks', name)}: no offence speaks of the check {name}; use it or take it out"
    for exemption in policy.exemptions:
        for name in exemption.of:
            if name not in used:
                yield f"{policy.where('exemptions', exemption.name)}: it exempts {name}, of which no offence speaks; take it out"
    cited = {key for offence in policy.offences for key in offence.source.values()}
    cited |= {entry["source"] for part in ("exemptions", "by_hand") for entry in (policy.raw.get(part) or {}).values()}
    cited |= {block["source"] for block in policy.appeal.values() if block}
    cited |= {cap["source"] for block in policy.charging.values() if block for cap in block.get("caps") or []}
    for name in policy.sources:
        if name not in cited:
            yield f"{policy.where('sources', name)}: nothing rests on the source {name}; cite it or take it out"


def _unreached(policy: Policy) -> Iterator[str]:
    for offence in policy.offences:
        for key in ("proved_when", "suspected_when"):
            for day, tree in getattr(offence, key).items():
                names = sorted(expressions.names(tree)) if tree is not None else []
                if 0 < len(names) <= _MOST_NAMES and tree is not None:
                    for name in _idle(tree, names):
                        yield f"{policy.where('offences', offence.id, key, day)}: {name} can never make a difference there; take it out"


def _idle(tree: exp.Expr, names: list[str]) -> list[str]:
    """The names on which a condition does not depend. A truth table is one number: its bit r is the answer in row r."""
    rows = 1 << len(names)
    full = (1 << rows) - 1
    columns = {name: sum(1 << row for row in range(rows) if row >> place & 1) for place, name in enumerate(names)}

    def table(node: exp.Expr) -> int:
        if isinstance(node, exp.Column):
            return columns[node.name]
        if isinstance(node, exp.Boolean):
            return full if node.this else 0
        if isinstance(node, exp.Not):
            return full & ~table(node.this)
        if isinstance(node, exp.And):
            return table(node.left) & table(node.right)
        return table(node.left) | table(node.right) if isinstance(node, exp.Or) else table(node.this)

    whole = table(tree)
    return [name for place, name in enumerate(names) if (whole & ~columns[name]) << (1 << place) == whole & columns[name]]


def _ladders(policy: Policy) -> Iterator[str]:
    with Engine(threads=1) as engine:
        for offence in policy.offences:
            for strike in offence.strikes:
                for day, rungs in strike.ladder.items():
                    place = ("offences", offence.id, "strikes", strike.name, "ladder", day)
                    yield from _ladder(engine, policy, place, rungs or [])


def _ladder(engine: Engine, policy: Policy, place: tuple[str, ...], rungs: list[dict[str, object]]) -> Iterator[str]:
    """Rungs held against a grid of figures around the numbers that they name."""
    if not rungs:
        return
    grid = _grid(rungs)
    columns = ", ".join(f"({rung_condition(rung)}) is true" for rung in rungs)
    held = engine.rows(f"select {columns} from ({grid}) as s")
    for number, rung in enumerate(rungs):
        if not any(row[number] for row in held):
            yield f"{policy.where(*place, str(number))}: nothing reaches the rung {rung_text(rung)!r}; mend its condition"
        own = {entry["measure"] for entry in rung["measures"]}  # type: ignore[attr-defined]
        for other in range(number):
            both = own & {entry["measure"] for entry in rungs[other]["measures"]}  # type: ignore[attr-defined]
            if both and any(row[number] and row[other] for row in held):
                yield f"{policy.where(*place, str(number))}: two rungs give {', '.join(sorted(both))} for one strike; part their conditions"
    if not all(any(row) for row in held):
        yield f"{policy.where(*place)}: some strikes have no rung; add one, a warning if nothing else"


def _grid(rungs: list[dict[str, object]]) -> str:
    """SQL of figures: ordinals up to beyond the last that is named, and of the others that are spoken of, values around the named ones."""
    texts = [str(rung_text(rung)) for rung in rungs]
    spoken = {figure for figure in RUNG_FIGURES if any(re.search(rf"\b{figure}\b", text) for text in texts)}
    numbers = sorted({float(number) for text in texts for number in _NUMBER.findall(text)})
    points: dict[str, list[float]] = {}
    for figure in RUNG_FIGURES:
        if figure == "ordinal":
            points[figure] = [float(n) for n in range(1, int(min(max([n for n in numbers if n <= 60] or [1]) + 4, 64)))]  # noqa: PLR2004  no ladder is longer
        elif figure in spoken:
            step = 0.001 if figure in ("rate", "share") else 1
            points[figure] = sorted({value for number in numbers for value in (number - step, number, number + step) if value >= 0}) or [1.0]
        else:
            points[figure] = [1.0]
    rows = [row for row, _ in zip(product(*points.values()), range(_MOST_POINTS), strict=False)]
    values = ", ".join("(" + ", ".join(f"{value:.3f}" for value in row) + ")" for row in rows)
    return f"select * from (values {values}) as grid({', '.join(points)})"


def _gaps(policy: Policy) -> Iterator[str]:
    for offence in policy.offences:
        first = min(offence.proved_when, default=None)
        for name, values in (("charge", offence.charge), ("follows", offence.follows)):
            start = min(values, default=None)
            if first is not None and start is not None and start > first:
                place = policy.where("offences", offence.id, name)
                yield f"{place}: {offence.id} holds from {first}, its {name} only from {start}; write {first}: none if so meant"
        for strike in offence.strikes:
            yield from _strike_gaps(policy, offence, strike)
    for day, names in policy.essential.items():
        for name in names or []:
            if not any(_speaks(offence, name, day) for offence in policy.offences):
                yield f"{policy.where('essential', day)}: {name} is essential on {day}, and no offence speaks of it that day"


def _strike_gaps(policy: Policy, offence: Offence, strike: Strike) -> Iterator[str]:
    first = min((day for day, test in strike.tests.items() if test is not None), default=None)
    start = min(strike.ladder, default=None)
    if first is not None and (start is None or start > first):
        place = policy.where("offences", offence.id, "strikes", strike.name)
        yield f"{place}: strikes count from {first}, and their ladder holds {f'only from {start}' if start else 'never'}; write one, or none"


def _speaks(offence: Offence, name: str, day: str) -> bool:
    trees = [held_on(values, day) for values in (offence.proved_when, offence.suspected_when)]
    return any(tree is not None and name in expressions.names(tree) for tree in trees)


def _old_sources(policy: Policy, today: date) -> Iterator[str]:
    day = today.isoformat()
    in_force = {key for offence in policy.offences if (key := held_on(offence.source, day)) is not None}
    for name in sorted(in_force):
        age = (today - date.fromisoformat(policy.sources[name]["seen"])).days
        if age > OLD_DAYS:
            yield f"{policy.where('sources', name)}: {name} was last seen to stand {age} days ago; look again and write the day"
