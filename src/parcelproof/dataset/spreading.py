"""Reads a dataset in Spark's tasks: each reads one part of a table with DuckDB, as one machine would, and writes down what can be used.

So what is set aside, and why, is the same by construction. A part is a task: a large table should come in many parts.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from parcelproof.dataset.files import Part, digest, find, whole
from parcelproof.dataset.framing import TEXT_LIMIT
from parcelproof.dataset.parts import QUARANTINE, Source, read
from parcelproof.dataset.reading import Loaded, explained, settled
from parcelproof.dataset.tables import TABLES, Table
from parcelproof.engines.duckdb import Engine, named, quoted
from parcelproof.errors import InputError

if TYPE_CHECKING:
    from parcelproof.engines.spark import Engine as Spark


class Job(NamedTuple):
    """A part to read, and the files to write: its rows, and what is set aside."""

    part: Part
    rows: Path
    aside: Path


class Answer(NamedTuple):
    """What a task tells of its part."""

    part: Part
    rows: int = 0
    bad: int = 0
    latest: datetime | None = None
    digest: str = ""
    error: str = ""
    """Why the part cannot be used, in one line."""


def load(engine: Spark, folder: Path, as_of: datetime | None = None) -> Loaded:
    """Bring the tables of `folder` into Spark, as `reading.load` brings them into DuckDB.

    Raises:
        InputError: The folder or a file cannot be used; one line says which, why, and how to mend it.
    """
    parts = find(folder)
    places = {name: engine.place(f"read_{name}") for name in parts}
    aside = engine.place("quarantine")
    with Engine(threads=1) as local:
        local.run(f"copy ({QUARANTINE}) to {quoted(aside / 'none.parquet')} (format parquet)")
    jobs = [
        Job(part, places[name] / f"{number}.parquet", aside / f"{name}-{number}.parquet") for name, group in parts.items() for number, part in enumerate(group)
    ]
    answers: list[Answer] = engine.each(jobs, partial(_read, folder))
    for answer in answers:
        if answer.error:
            raise InputError(answer.error)
    engine.adopt("quarantine", aside)
    for name, path in places.items():
        engine.adopt(f"_read_{name}", path)
    sources = {name: [_source(TABLES[name], [answer for answer in answers if answer.part.table == name])] for name in parts}
    digests = {answer.part.name: answer.digest for answer in answers}
    return settled(engine, folder, sources, as_of, lambda: whole(digests), partial(_tell, engine, {job.part.name: job.part for job in jobs}))


def _source(table: Table, answers: list[Answer]) -> Source:
    """The rows of all parts of a table. They do not tell their own words: hardly any row is asked for them."""
    columns = ", ".join(named(column.name) for column in table.columns)
    times = [answer.latest for answer in answers if answer.latest]
    return Source(
        f"select {columns} from _read_{table.name}",
        f"select {columns}, _file, _row, cast(null as varchar) as _text from _read_{table.name}",
        sum(answer.rows for answer in answers),
        sum(answer.bad for answer in answers),
        max(times, default=None),
    )


def _read(folder: Path, job: Job) -> Answer:
    """Read a part, in a task."""
    table = TABLES[job.part.table]
    columns = ", ".join(f"cast({named(column.name)} as {column.sql_type}) as {named(column.name)}" for column in table.columns)
    try:
        with Engine(threads=1) as engine:
            engine.table("quarantine", QUARANTINE)
            source = read(engine, table, job.part, 0)
            engine.run(f"copy (select {columns}, _file, _row from ({source.placed})) to {quoted(job.rows)} (format parquet)")
            engine.run(f"copy quarantine to {quoted(job.aside)} (format parquet)")
            return Answer(job.part, source.rows, source.bad, source.latest, digest(job.part))
    except Exception as error:  # noqa: BLE001  a task's error reaches the user as its text
        return Answer(job.part, error=str(explained(error, folder)))


def _tell(engine: Spark, parts: dict[str, Part]) -> None:
    """Fill in the words of the rows that are in `_repeated`, from the parts that hold them."""
    path, repeated = engine.place("words"), dict(engine.stored())["_repeated"]
    files = engine.rows("select distinct _file from _repeated order by _file")
    jobs = [(parts[file], repeated, path / f"{number}.parquet") for number, (file,) in enumerate(files)]
    engine.each(jobs, _words)
    engine.adopt("_words", path)
    engine.table("_repeated", "select _repeated.* exclude (_text), _words._text from _repeated inner join _words using (_file, _row)")
    engine.drop("_words")


def _words(job: tuple[Part, Path, Path]) -> None:
    """The words of a part's repeated rows, in a task."""
    part, repeated, into = job
    with Engine(threads=1) as engine:
        engine.table("quarantine", QUARANTINE)
        source = read(engine, TABLES[part.table], part, 0)
        asked = f"select _row from read_parquet({quoted(repeated / '*.parquet')}) where _file = {quoted(part.name)}"
        words = f"select _file, _row, left(_text, {TEXT_LIMIT}) as _text from ({source.placed}) where _row in ({asked})"
        engine.run(f"copy ({words}) to {quoted(into)} (format parquet)")
