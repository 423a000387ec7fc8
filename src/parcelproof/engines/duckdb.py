"""DuckDB behind the few verbs that the rooms use. Optional engines stand beside this file with the same verbs."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb

from parcelproof.errors import InputError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

MACROS = Path(__file__).parent / "duckdb_macros.sql"
"""The words of the fact models and policies that each engine has to say in its own way."""
EVENTS = {tick: Path(__file__).parent / f"duckdb_events_{tick}.sql" for tick in ("s", "us")}
"""What an event is, by the finest tick of the feed's clock: whole seconds or microseconds."""
SESSION = "set TimeZone = 'UTC'; set enable_progress_bar = false"
"""What every connection is told: it takes nothing over from the one beside it."""
MOST_THREADS = 1024
MEMORY = re.compile(r"\d+(\.\d+)?\s*([KMGT]i?B|%)", re.IGNORECASE)
"""How memory is written; the database would read a negative number as "no limit"."""


def quoted(text: object) -> str:
    """A SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def out_of_memory(error: duckdb.Error) -> UsageError:
    """Say how a run that the memory does not suffice for is mended."""
    return UsageError(f"the memory does not suffice ({first_line(error)}): give more with --memory, or fewer --threads")


class Engine:
    """One in-process database whose zone is UTC; spills to its own scratch folder, and leaves nothing behind."""

    name = "duckdb"
    stores_facts = False

    def __init__(self, *, threads: int | None = None, memory: str | None = None) -> None:
        if threads is not None and not 1 <= threads <= MOST_THREADS:
            raise UsageError(f"--threads {threads} is not usable: give a number from 1 to {MOST_THREADS}")
        if memory is not None and not MEMORY.fullmatch(memory.strip()):
            raise UsageError(f"--memory {memory!r} is not usable: write it like 6GB or 512MB")
        self._scratch = tempfile.TemporaryDirectory(prefix="parcelproof-")
        self.scratch = Path(self._scratch.name)
        config: dict[str, Any] = {"temp_directory": str(self.scratch / "spill"), "preserve_insertion_order": False}
        if threads:
            config["threads"] = threads
        if memory:
            config["memory_limit"] = memory
        try:
            self.db = duckdb.connect(config=config)
        except duckdb.Error as error:
            self._scratch.cleanup()
            message = f"--threads or --memory is not usable: {first_line(error)}; write them like --threads 2 --memory 6GB"
            raise InputError(message) from None
        try:
            # A join for each list of a condition costs more than the comparisons that it saves.
            # A checkpoint of a database in memory saves nothing, and comes in the middle of a step.
            self.db.execute("set disabled_optimizers = 'in_clause'; set checkpoint_threshold = '1TB'")
            self.db.execute(SESSION)
            self.db.execute(MACROS.read_text(encoding="utf-8"))
        except duckdb.OutOfMemoryException as error:
            self.close()
            raise out_of_memory(error) from None

    def run(self, sql: str) -> None:
        """Carry out one or more statements."""
        self.db.execute(sql)

    def define(self, macros: str, apart: Mapping[str, int] | None = None) -> None:
        """Learn macros.

        Args:
            macros: Definitions, each ended by a semicolon and a line's end.
            apart: Word -> how many texts it takes, of those whose answer is a text and that are too long to be written out at each use.
                An engine that cannot but write them out lets DuckDB answer them.
        """
        del apart
        self.db.execute(macros)

    def table(self, name: str, select: str) -> None:
        """Materialise a SELECT under a name."""
        self.db.execute(f"create or replace table {named(name)} as {select}")

    def append(self, name: str, select: str) -> None:
        """Add the rows of a SELECT to a table."""
        self.db.execute(f"insert into {named(name)} {select}")

    def view(self, name: str, select: str) -> None:
        """Give a SELECT a name without computing it."""
        self.db.execute(f"create or replace view {named(name)} as {select}")

    def lay(self, name: str, select: str) -> None:
        """Give a short list a name: a SELECT over literals and the package's own files alone."""
        self.view(name, select)

    def spread(self, into: str, select: str, make: Callable[[Engine, str, str], None]) -> None:
        """Make a table by work that may be done on any share of some rows by itself.

        Args:
            into: The table to make.
            select: The rows.
            make: Makes the table that its third argument names from the relation that its second one names.
        """
        given = f"{into}_given"
        self.table(given, select)
        make(self, given, into)
        self.drop(given)

    def drop(self, *names: str) -> None:
        """Forget tables that no later step reads."""
        for name in names:
            self.db.execute(f"drop table if exists {named(name)}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, for small answers."""
        return self.db.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query."""
        found = self.rows(sql)
        return found[0] if found else ()

    def arrow(self, sql: str) -> pa.Table:
        """The answer of a query as an Arrow table."""
        return self.db.sql(sql).to_arrow_table()

    def batches(self, sql: str, rows: int) -> Iterator[pa.RecordBatch]:
        """The answer of a query in its own order, in Arrow batches of about so many rows; none where it is empty."""
        with self.in_order():
            for batch in self.db.sql(sql).to_arrow_reader(rows):
                if batch.num_rows:
                    yield batch

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """Keep the order of a scanned table through filters and projections; a join keeps no order at all."""
        self.db.execute("set session preserve_insertion_order = true")
        try:
            yield
        finally:
            self.db.execute("set session preserve_insertion_order = false")

    def columns(self, relation: str) -> dict[str, str]:
        """Column name -> type of a table, view or parenthesised query."""
        return {name: kind for name, kind, *_ in self.rows(f"describe select * from {relation}")}

    def empty_tables(self, among: Iterable[str]) -> dict[str, dict[str, str]]:
        """Table -> column -> type, of the tables of some names that hold no row."""
        empty = self.rows(f"select table_name from duckdb_tables() where estimated_size = 0 and table_name in ({literals(among)})")
        return {table: self.columns(named(table)) for (table,) in empty}

    def tick(self, *, whole_seconds: bool) -> None:
        """Say what an event is: half as wide where all scans fall on whole seconds."""
        self.db.execute(EVENTS["s" if whole_seconds else "us"].read_text(encoding="utf-8"))

    def interrupt(self) -> None:
        """Stop what another thread runs here."""
        self.db.interrupt()

    @contextmanager
    def beside(self) -> Iterator[Engine]:
        """The same database for another thread, to read from."""
        other = copy(self)
        other.db = self.db.cursor()
        other.db.execute(SESSION)
        try:
            yield other
        finally:
            other.db.close()

    def close(self) -> None:
        """Free memory and scratch space."""
        self.db.close()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def first_line(error: BaseException) -> str:
    """The first line of a database error: the rest repeats the statement."""
    return str(error).partition("\n")[0].strip()


def enum(values: Iterable[str]) -> str:
    """The type of a column that holds few texts: such a column is kept, and written, as numbers."""
    return f"enum({literals(dict.fromkeys(values))})"


def literals(values: Iterable[object]) -> str:
    """A SQL list of string literals, for IN."""
    return ", ".join(quoted(value) for value in values)
