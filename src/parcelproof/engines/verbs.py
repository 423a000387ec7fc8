"""The few verbs that every engine has. Statements are in DuckDB's dialect; an engine that speaks another translates them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from parcelproof.engines.duckdb import Engine


class Verbs(Protocol):
    """An engine. What its methods do is told where DuckDB's are (`engines.duckdb.Engine`)."""

    name: str
    stores_facts: bool
    """Whether all facts are written down whatever their number, for another engine reads them."""

    def define(self, macros: str, apart: Mapping[str, int] | None = None) -> None:
        """Learn macros."""

    def tick(self, *, whole_seconds: bool) -> None:
        """Say what an event is."""

    def table(self, name: str, select: str) -> None:
        """Materialise a SELECT under a name."""

    def append(self, name: str, select: str) -> None:
        """Add the rows of a SELECT to a table."""

    def view(self, name: str, select: str) -> None:
        """Give a SELECT a name without computing it."""

    def lay(self, name: str, select: str) -> None:
        """Give a short list a name."""

    def spread(self, into: str, select: str, make: Callable[[Engine, str, str], None]) -> None:
        """Make a table by work that may be done on any share of some rows by itself."""

    def drop(self, *names: str) -> None:
        """Forget tables that no later step reads."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query, for small answers."""

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a query."""

    def columns(self, relation: str) -> dict[str, str]:
        """Column name -> type of a relation."""

    def empty_tables(self, among: Iterable[str]) -> dict[str, dict[str, str]]:
        """Table -> column -> type, of the tables of some names that are known to hold no row."""
