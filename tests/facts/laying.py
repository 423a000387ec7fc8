"""Small tables for the fact models: rows as mappings are laid down as canonical tables, and the facts derived from them.

Test modules import the fixture `engine` from here: a conftest would share its name, and so its types, with the other rooms'.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from parcelproof.dataset.tables import TABLES, Table
from parcelproof.engines.duckdb import Engine, named, quoted
from parcelproof.facts.prepare import derive

Row = Mapping[str, Any]
Given = Mapping[str, Sequence[Row]]
KEY = ("order_id", "carrier", "waybill_no")
ENGINES: dict[str, Callable[[], Engine]] = {"duckdb": lambda: Engine(threads=1)}


@pytest.fixture(scope="module", params=sorted(ENGINES), name="engine")
def each_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with ENGINES[request.param]() as made:
        yield made


def lay(engine: Engine, given: Given) -> None:
    """Make every canonical table: what is not named in a row is its column's default, or null."""
    unknown = given.keys() - TABLES.keys()
    assert not unknown, f"there are no tables {sorted(unknown)}"
    for table in TABLES.values():
        engine.table(table.name, _select(table, given.get(table.name, ())))


def _select(table: Table, rows: Sequence[Row]) -> str:
    names = [column.name for column in table.columns]
    stray = {name for row in rows for name in row} - set(names)
    assert not stray, f"{table.name} has no columns {sorted(stray)}"
    empty = {column.name: column.default for column in table.columns}
    values = ", ".join(f"({', '.join(_literal(value) for value in (empty | dict(row)).values())})" for row in rows or [{}])
    typed = ", ".join(f"cast({named(column.name)} as {column.sql_type}) as {named(column.name)}" for column in table.columns)
    return f"select {typed} from (values {values}) as given({', '.join(map(named, names))}) where {'true' if rows else 'false'}"


def _literal(value: object) -> str:
    return "null" if value is None else quoted(value)


def judge_at(engine: Engine, given: Given, as_of: str, *, wanted: Collection[str] | None = None, keep: Collection[str] = ()) -> None:
    """Make `facts` and the models of `keep` from the given tables. A table that is given without rows is there, and empty."""
    lay(engine, given)
    for _ in derive(engine, as_of=datetime.fromisoformat(as_of), present=frozenset(given), wanted=wanted, keep=keep):
        pass


def found(engine: Engine, relation: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The rows of a relation, in any order, as values that compare with those of a case."""
    return [tuple(plain(value) for value in row) for row in engine.rows(f"select {', '.join(map(named, columns))} from {relation}")]


def plain(value: Any) -> Any:
    """A value as a case writes it: a moment as text to the minute where it falls on one, a number to six decimals."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes" if value == value.replace(second=0, microsecond=0) else "auto")
    return round(float(value), 6) if isinstance(value, float | Decimal) else value
