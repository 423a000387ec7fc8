"""Spark behind the same verbs as DuckDB: statements are translated, tables are Parquet in a folder that all machines see.

What is not SQL over whole tables, and what only DuckDB says, is done by DuckDB in Spark's tasks, each on its own share of the rows.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from parcelproof.engines.duckdb import EVENTS, MACROS, first_line, quoted
from parcelproof.engines.duckdb import Engine as Local
from parcelproof.engines.sharing import answered, made
from parcelproof.engines.translation import Translator
from parcelproof.errors import UsageError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType
    from sqlglot.expressions import Expr

HERE = Path(__file__).parent
SETTINGS = {
    "spark.sql.ansi.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.legacy.sizeOfNull": "false",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
"""What the answers rest on; all else is the cluster's own configuration."""
SCRATCH = "spark.parcelproof.scratch"
"""The setting that names a folder all machines see, for tables on the way."""


class Engine:
    """One Spark session; tables on the way lie in a folder of its own, which goes with it.

    Args:
        threads: Threads of a master on this machine; a cluster has its own.
        memory: Memory of the driver, such as "6GB".
        session: A session that runs already. It goes on after `close`, as one does that was active before.

    Raises:
        UsageError: Spark is not installed, or does not start.
    """

    name = "spark"
    stores_facts = True

    def __init__(self, *, threads: int | None = None, memory: str | None = None, session: SparkSession | None = None) -> None:
        self.spark, self._own = (session, False) if session is not None else started(threads, memory)
        for key, value in SETTINGS.items():
            self.spark.conf.set(key, value)
        self._scratch = tempfile.TemporaryDirectory(prefix="parcelproof-", dir=self.spark.conf.get(SCRATCH, None))
        self.scratch = Path(self._scratch.name)
        self._paths: dict[str, Path] = {}
        self._views: dict[str, str] = {}
        self._number = count()
        self._translator = Translator()
        self.define_own((HERE / "spark_macros.sql").read_text(encoding="utf-8"))
        self.spark.udf.register("site_bits", answered("site_bits", 1, "bigint", ""))
        self._translator.define(MACROS.read_text(encoding="utf-8"), ("site_bits",))

    def define(self, macros: str, apart: Mapping[str, int] | None = None) -> None:
        """Learn macros in DuckDB's dialect; those that Spark says in its own way stay, and those that stand apart are answered by DuckDB."""
        for word, parameters in (apart or {}).items():
            self.spark.udf.register(word, answered(word, parameters, "string", macros))
        self._translator.define(macros, apart or ())

    def define_own(self, macros: str) -> None:
        """Learn macros in Spark's own dialect, over what is known."""
        self._translator.define_own(macros)

    def tick(self, *, whole_seconds: bool) -> None:
        """Say what an event is: 64 bits where all scans fall on whole seconds, else 26 decimal digits."""
        self._translator.define((EVENTS["s"] if whole_seconds else HERE / "spark_events_us.sql").read_text(encoding="utf-8"))

    def table(self, name: str, select: str) -> None:
        """Materialise a SELECT under a name."""
        self._store(name, self._query(select))

    def append(self, name: str, select: str) -> None:
        """Add the rows of a SELECT to a table."""
        schema, path = self.spark.table(name).schema, self._paths[name]
        self._query(select).toDF(*schema.names).to(schema).write.mode("append").parquet(str(path))
        self.spark.read.schema(schema).parquet(str(path)).createOrReplaceTempView(name)

    def view(self, name: str, select: str) -> None:
        """Give a SELECT a name without computing it."""
        self._query(select).createOrReplaceTempView(name)
        self._views[name] = select

    def lay(self, name: str, select: str) -> None:
        """Lay down a short list: a SELECT in DuckDB's words over literals and the package's own files."""
        path = self.place(name)
        with Local(threads=1) as local:
            local.run(f"copy ({select}) to {quoted(path / 'list.parquet')} (format parquet)")
        self.adopt(name, path)

    def spread(self, into: str, select: str, make: Callable[[Local, str, str], None]) -> None:
        """Make a table by work that DuckDB does in Spark's tasks, each on a share of some rows.

        Args:
            into: The table to make.
            select: The rows.
            make: Makes the table that its third argument names from the relation that its second one names; a function of a module.
        """
        self.table(f"{into}_given", select)
        given, path = self._paths[f"{into}_given"], self.place(into)
        shares = sorted(given.glob("*.parquet"))
        # The share of no row is there always: it tells the types where all are empty.
        none = f"select * from read_parquet({quoted(shares[0])}) where false"
        made(make, none, path / "none.parquet")
        texts = [(f"select * from read_parquet({quoted(share)})", path / share.name) for share in shares]
        self.each(texts, partial(_made, make))
        self.adopt(into, path)
        self.drop(f"{into}_given")

    def each(self, given: list[Any], work: Callable[[Any], Any]) -> list[Any]:
        """Do work in tasks of their own; what comes back is small."""
        return self.spark.sparkContext.parallelize(given, max(len(given), 1)).map(work).collect()

    def drop(self, *names: str) -> None:
        """Forget tables that no later step reads."""
        for name in names:
            self.spark.catalog.dropTempView(name)
            if (path := self._paths.pop(name, None)) is not None:
                shutil.rmtree(path, ignore_errors=True)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, for small answers."""
        return [tuple(row) for row in self._query(sql).collect()]

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query."""
        found = self.rows(sql)
        return found[0] if found else ()

    def columns(self, relation: str) -> dict[str, str]:
        """Column name -> type of a table, view or parenthesised query."""
        return dict(self._query(f"select * from {relation}").dtypes)

    def empty_tables(self, among: Iterable[str]) -> dict[str, dict[str, str]]:
        """None: Spark sees by itself, while a statement runs, that a table holds no row."""
        del among
        return {}

    def viewed(self) -> list[tuple[str, str]]:
        """The views, and their SELECTs in DuckDB's dialect."""
        return list(self._views.items())

    def stored(self) -> list[tuple[str, Path]]:
        """The tables, and the folders of their Parquet files."""
        return list(self._paths.items())

    def place(self, name: str) -> Path:
        """A new folder for the Parquet files of a table."""
        path = self.scratch / f"{name}-{next(self._number)}"
        path.mkdir()
        return path

    def ask(self, tree: Expr) -> list[tuple[Any, ...]]:
        """The rows of a parsed query (`translation.parsed`)."""
        return [tuple(row) for row in self.spark.sql(self._translator.said(tree)).collect()]

    def _query(self, sql: str) -> DataFrame:
        return self.spark.sql(self._translator.select(sql))

    def _store(self, name: str, rows: DataFrame) -> None:
        path = self.place(name)
        rows.write.mode("append").parquet(str(path))
        self.adopt(name, path, rows)

    def adopt(self, name: str, path: Path, rows: DataFrame | None = None) -> None:
        """Give the Parquet files of a folder the name of a table; `rows` were written there."""
        schema = rows.schema if rows is not None else _schema(next(path.glob("*.parquet")))
        self.spark.read.schema(schema).parquet(str(path)).createOrReplaceTempView(name)
        if (old := self._paths.get(name)) is not None:
            shutil.rmtree(old, ignore_errors=True)
        self._paths[name] = path

    def interrupt(self) -> None:
        """Stop what another thread runs here."""
        self.spark.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """Forget the tables, and end the session where it is the engine's own."""
        for name in list(self._paths):
            self.spark.catalog.dropTempView(name)
        if self._own:
            self.spark.stop()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _schema(path: Path) -> StructType:
    """The columns of a Parquet file, without a job to look for them."""
    import pyarrow.parquet as pq  # noqa: PLC0415  heavy, and needed only here
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415  an extra

    return from_arrow_schema(pq.read_schema(path))


def explained(error: BaseException) -> BaseException:
    """Spark's error as one that the caller can mend; any other error unchanged."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]  # noqa: PLC0415  an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415  the same

    if isinstance(error, Py4JError | PySparkException):
        return UsageError(f"Spark could not finish ({first_line(error)}): its log says more")
    return error


def started(threads: int | None, memory: str | None) -> tuple[SparkSession, bool]:
    """A session, and whether it is new: the active one, else one under the usual configuration (spark-defaults.conf, PYSPARK_SUBMIT_ARGS).

    Where that names no master, it is this machine.

    Raises:
        UsageError: Spark is not installed, or does not start.
    """
    try:
        from pyspark import SparkConf  # noqa: PLC0415  an extra
        from pyspark.sql import SparkSession  # noqa: PLC0415  the same
    except ImportError:
        raise UsageError("--engine spark needs PySpark: pip install 'parcelproof[spark]'") from None
    if (active := SparkSession.getActiveSession()) is not None:
        return active, False
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    config = SparkConf()
    config.setIfMissing("spark.master", f"local[{threads or '*'}]").setIfMissing("spark.app.name", "parcelproof")
    if memory is not None:
        config.set("spark.driver.memory", memory.strip().lower().removesuffix("b").replace("i", "").replace(" ", ""))
    try:
        return SparkSession.builder.config(conf=config).getOrCreate(), True
    except Exception as error:
        raise UsageError(f"Spark does not start ({first_line(error)}): look at JAVA_HOME, which needs Java 17 or newer, and at spark.master") from error


def _made(make: Callable[[Local, str, str], None], share: tuple[str, Path]) -> None:
    made(make, *share)
