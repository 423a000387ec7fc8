"""What DuckDB does inside Spark's tasks: words whose answers must be DuckDB's own, and work on a share of the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from parcelproof.engines.duckdb import Engine

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

NATIVE: dict[str, tuple[int, str]] = {"site_bits": (1, "bigint"), "place_level": (2, "string"), "place_city": (1, "string")}
"""Word -> how many texts it takes, and the type of its answer in Spark."""


@cache
def _engine() -> Engine:
    """The engine of a worker's process; it lives as long as that."""
    from parcelproof.places.compare import define  # noqa: PLC0415  the words live there

    engine = Engine(threads=1)
    define(engine)
    return engine


def evaluated(word: str, parameters: int, kind: str) -> Any:  # noqa: ANN401  PySpark's functions have no type of their own
    """A function of Spark that asks DuckDB, a batch of rows at a time and each pair of texts once."""
    from pyspark.sql.functions import arrow_udf  # noqa: PLC0415  an extra

    if parameters == 1:

        @arrow_udf(kind)
        def one(a: pa.Array) -> pa.Array:
            return _answers(word, a)

        return one

    @arrow_udf(kind)
    def two(a: pa.Array, b: pa.Array) -> pa.Array:
        return _answers(word, a, b)

    return two


def _answers(word: str, *texts: pa.Array) -> pa.Array:
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only here

    names = "ab"[: len(texts)]
    asked = pa.table({"n": pa.array(range(len(texts[0])))} | dict(zip(names, texts, strict=True)))
    db = _engine().db
    db.register("asked", asked)
    try:
        given = ", ".join(names)
        return db.sql(f"select {word}({given}) as answer from asked order by n").to_arrow_table().column("answer").combine_chunks()
    finally:
        db.unregister("asked")


@dataclass(frozen=True, slots=True)
class Share:
    """Work on a share of the rows: what makes the table, and the columns that it reads."""

    make: Callable[[Engine, str, str], None]
    columns: tuple[str, ...]

    def schema(self, rows: DataFrame) -> StructType:
        """The type of what is made, found by making it from no row."""
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415  an extra

        return from_arrow_schema(self.made(rows.limit(0).toArrow()).schema)

    def made(self, rows: pa.Table) -> pa.Table:
        """What is made from some rows."""
        with Engine(threads=1) as engine:
            engine.db.register("_arrow_share", rows)
            engine.table("_share", "select * from _arrow_share")
            engine.db.unregister("_arrow_share")
            self.make(engine, "_share", "_made")
            return engine.arrow("select * from _made")


def shares(share: Share) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function of a task's batches."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only here

        held = list(batches)
        if held:
            yield from share.made(pa.Table.from_batches(held)).to_batches()

    return work
