"""The cases of the fact models on Spark: each model from the tables that DuckDB made before it, all cases of a model in one statement."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import sqlglot
from laying import judge_at
from sqlglot import exp
from test_cases import Case

from parcelproof.engines.duckdb import Engine, named, quoted
from parcelproof.engines.translation import parsed
from parcelproof.facts import graph

if TYPE_CHECKING:
    from parcelproof.engines.spark import Engine as Spark

KEYS = """
create or replace temp macro key_of(text) as ('0x' || substr(md5(text), 1, 15))::bigint;
create or replace temp macro trace_key(carrier, number) as ('0x' || substr(md5(carrier || '|' || number), 1, 15))::bigint;
"""
SPARK_KEYS = """
create or replace temp macro key_of(text) as cast(conv(substr(md5(text), 1, 15), 16, 10) as bigint);
create or replace temp macro trace_key(carrier, number) as cast(conv(substr(md5(concat(carrier, '|', number)), 1, 15), 16, 10) as bigint);
"""
"""Keys that are numbers of one meaning on both engines: each has a hash of its own otherwise."""
UNLIKE = {"trace_hash"}
"""Columns that hold an engine's own hash."""
CHANGED = {"HUGEINT": "bigint", "UBIGINT": "decimal(20,0)", "HUGEINT[]": "decimal(26,0)[]"}


def inputs(model: str) -> set[str]:
    """The relations that a model reads."""
    tree = sqlglot.parse_one(graph.render(graph.models()[model], _values("2026-01-01", frozenset())), dialect="duckdb")
    steps = {step.alias for step in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - steps


def _values(as_of: str, present: frozenset[str]) -> dict[str, str]:
    has = {f"has_{table}": str(table in present).lower() for table in ("scans", "order_events", "receipts", "complaints")}
    return {"as_of": f"timestamp {quoted(datetime.fromisoformat(as_of).isoformat(sep=' '))}"} | has


def expected(engine: Engine, case: Case, folder: Path, number: int) -> list[tuple[Any, ...]]:
    """Judge a case with DuckDB; write down what its model reads, and give what it makes."""
    engine.define(KEYS)
    read = inputs(case.model)
    wanted = None if case.model == graph.WHOLE else ("order_id",)
    judge_at(engine, case.given, case.as_of, wanted=wanted, keep=(case.model, *(read & graph.models().keys())))
    for name in read:
        (folder / name / f"world={number}").mkdir(parents=True)
        columns = ", ".join(f"cast({named(column)} as {CHANGED.get(kind, kind)}) as {named(column)}" for column, kind in engine.columns(name).items())
        engine.run(f"copy (select {columns} from {name}) to {quoted(folder / name / f'world={number}' / 'rows.parquet')} (format parquet)")
    kept = ", ".join(named(column) for column in engine.columns(case.model) if column not in UNLIKE)
    return comparable(engine.rows(f"select {kept} from {case.model}"))


def answered(spark: Spark, model: str, cases: list[Case], folder: Path, columns: list[str]) -> dict[int, list[tuple[Any, ...]]]:
    """What Spark makes of each case's tables."""
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415  only where Spark runs
    from pyspark.sql.types import IntegerType  # noqa: PLC0415  the same

    for name in inputs(model):
        schema = from_arrow_schema(pq.read_schema(folder / name / "world=0" / "rows.parquet")).add("world", IntegerType())
        spark.spark.read.schema(schema).parquet(str(folder / name)).createOrReplaceTempView(f"in_{name}")
    text = graph.models()[model]
    statements = [_statement(text, case, number, columns) for number, case in enumerate(cases)]
    found: dict[int, list[tuple[Any, ...]]] = {number: [] for number in range(len(cases))}
    whole = statements[0]
    for statement in statements[1:]:
        whole = exp.union(whole, statement, distinct=False, copy=False)
    for world, *row in spark.ask(whole):
        found[world].append(tuple(row))
    return {world: comparable(rows) for world, rows in found.items()}


def _statement(text: str, case: Case, number: int, columns: list[str]) -> exp.Query:
    """A model's SELECT over the rows of one case."""
    rendered = graph.render(text, _values(case.as_of, frozenset(case.given)))
    tree = _query(rendered)
    steps = {step.alias for step in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        if table.name not in steps:
            table.replace(_query(f"select * exclude (world) from in_{table.name} where world = {number}").subquery(table.alias_or_name))
    made = _query(f"select {number} as world, {', '.join(map(named, columns))} from made")
    (source,) = made.find_all(exp.Table)
    source.replace(tree.subquery("made"))
    return made


def _query(sql: str) -> exp.Query:
    tree = parsed(sql)
    assert isinstance(tree, exp.Query)
    return tree


def comparable(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows in an order of their own, floats to nine digits, lists of texts as sets."""
    return sorted((tuple(_plain(value) for value in row) for row in rows), key=repr)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return tuple(_plain(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        inner = [_plain(one) for one in value]
        return tuple(sorted(inner)) if inner and all(isinstance(one, str) for one in inner) else tuple(inner)
    return value
