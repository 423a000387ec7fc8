"""What DuckDB does inside Spark's tasks: words whose answers must be DuckDB's own, and work on a share of the rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from parcelproof.engines.duckdb import Engine, quoted


@cache
def _engine(macros: str) -> Engine:
    """An engine that knows some macros; it lives as long as the worker's process."""
    engine = Engine(threads=1)
    if macros:
        engine.define(macros)
    return engine


def answered(word: str, parameters: int, kind: str, macros: str) -> Any:  # noqa: ANN401  PySpark's functions have no type of their own
    """A function of Spark that asks DuckDB, a batch of rows at a time.

    Args:
        word: A macro of one or two texts.
        parameters: How many it takes.
        kind: The type of its answer, in Spark's words.
        macros: The definitions that it needs beside the engine's own.
    """
    from pyspark.sql.functions import arrow_udf  # type: ignore[attr-defined]  # noqa: PLC0415  an extra, whose stubs lack it

    if parameters == 1:

        def one(a: pa.Array) -> pa.Array:
            return _answers(word, macros, a)

        return arrow_udf(one, kind)

    def two(a: pa.Array, b: pa.Array) -> pa.Array:
        return _answers(word, macros, a, b)

    return arrow_udf(two, kind)


def _answers(word: str, macros: str, *texts: pa.Array) -> pa.Array:
    names = "ab"[: len(texts)]
    asked = pa.table({"n": pa.array(range(len(texts[0])))} | dict(zip(names, texts, strict=True)))
    db = _engine(macros).db
    db.register("asked", asked)
    try:
        given = ", ".join(names)
        return db.sql(f"select {word}({given}) as answer from asked order by n").to_arrow_table().column("answer").combine_chunks()
    finally:
        db.unregister("asked")


def made(make: Callable[[Engine, str, str], None], given: str, into: Path) -> None:
    """Make a Parquet file from another one, in a task.

    Args:
        make: Makes the table that its third argument names from the relation that its second one names.
        given: A SELECT of the rows.
        into: The file to write.
    """
    with Engine(threads=1) as engine:
        engine.view("_share", given)
        make(engine, "_share", "_made")
        engine.run(f"copy _made to {quoted(into)} (format parquet)")
