"""Brings a dataset folder into the engine: one relation a table, canonical columns, bad rows set aside.

Clean Parquet stays where it is and is read when it is needed; text files are materialised once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from parcelproof.dataset import versions
from parcelproof.dataset.files import find, fingerprint
from parcelproof.dataset.parts import QUARANTINE, Source, read
from parcelproof.dataset.tables import TABLES, Table
from parcelproof.engines.duckdb import Engine, first_line, named, out_of_memory
from parcelproof.engines.verbs import Verbs
from parcelproof.errors import InputError, ParcelproofError


@dataclass(frozen=True, slots=True)
class TableCount:
    """What became of a table's rows: rows = kept + quarantined + duplicates + superseded."""

    rows: int
    kept: int
    quarantined: int
    duplicates: int
    superseded: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A dataset in the engine. `as_of` is naive UTC; `fingerprint` covers names and contents of all its files."""

    counts: dict[str, TableCount]
    present: frozenset[str]
    as_of: datetime
    fingerprint: str


def load(engine: Engine, folder: Path, as_of: datetime | None = None) -> Loaded:
    """Bring the tables of `folder` into the engine under their contract names, and bad rows into `quarantine`.

    Args:
        engine: Where the tables go.
        folder: The dataset.
        as_of: The moment of judging, naive UTC; the latest known time in the data unless given. Versions of a row that
            were written later are not yet known.

    Raises:
        InputError: The folder or a file cannot be used; one line says which, why, and how to mend it.
    """
    parts = find(folder)
    with ThreadPoolExecutor(1) as pool:
        printing = pool.submit(fingerprint, parts)
        engine.table("quarantine", QUARANTINE)
        sources = {name: [read(engine, TABLES[name], part, number) for number, part in enumerate(group)] for name, group in parts.items()}
        return settled(engine, folder, sources, as_of, printing.result)


def settled(
    engine: Verbs,
    folder: Path,
    sources: Mapping[str, list[Source]],
    as_of: datetime | None,
    fingerprint_of: Callable[[], str],
    tell: Callable[[], None] = lambda: None,
) -> Loaded:
    """Give the tables their names, after the versions and repetitions of their rows are settled.

    Args:
        engine: Where the sources are.
        folder: The dataset, for messages.
        sources: The usable rows of each table that is there.
        as_of: The moment of judging, if one is given.
        fingerprint_of: The fingerprint of all parts, when it is known.
        tell: Called before rows of the table `_repeated` go to quarantine: fills in their `_text`, where the sources do not tell it.

    Raises:
        InputError: No row has a time.
    """
    moment = as_of or max((source.latest for group in sources.values() for source in group if source.latest), default=None)
    if moment is None:
        raise InputError(f"{folder} holds no row with a time: there is no moment to judge at; give one with --as-of")
    counts = {name: _settle(engine, TABLES[name], sources[name], moment, tell) for name in TABLES if name in sources}
    for name in TABLES:
        if name not in sources:
            engine.table(name, _empty(TABLES[name]))
    return Loaded(counts, frozenset(sources), moment, fingerprint_of())


def _empty(table: Table) -> str:
    return "select " + ", ".join(f"cast(null as {c.sql_type}) as {named(c.name)}" for c in table.columns) + " where false"


def _settle(engine: Verbs, table: Table, sources: list[Source], moment: datetime, tell: Callable[[], None]) -> TableCount:
    """Give the table its name, after the versions and repetitions of its rows are settled."""
    rows, bad = sum(source.rows for source in sources), sum(source.bad for source in sources)
    settled = versions.settle(engine, table, [source.plain for source in sources], [source.placed for source in sources], moment, tell)
    kept = rows - bad - settled.quarantined - settled.duplicates - settled.superseded
    return TableCount(rows, kept, bad + settled.quarantined, settled.duplicates, settled.superseded)


def explained(error: BaseException, folder: Path) -> BaseException:
    """An engine's error as one that the caller can mend; any other error unchanged."""
    if isinstance(error, ParcelproofError) or not isinstance(error, duckdb.Error):
        return error
    if isinstance(error, duckdb.OutOfMemoryException):
        return out_of_memory(error)
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException)):
        return InputError(f"{folder} cannot be read to the end ({first_line(error)}): write the damaged file again")
    return error
