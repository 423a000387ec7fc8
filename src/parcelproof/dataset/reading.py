"""Brings a dataset folder into the engine: one relation a table, canonical columns, bad rows set aside.

Clean Parquet stays where it is and is read when it is needed; text files are materialised once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from parcelproof.dataset import framing, parquet, records, validating, versions
from parcelproof.dataset.files import Part, find, fingerprint
from parcelproof.dataset.framing import TEXT_LIMIT
from parcelproof.dataset.raw import Raw, RawColumn
from parcelproof.dataset.tables import TABLES, Table
from parcelproof.dataset.validating import Reading
from parcelproof.engines.duckdb import Engine, first_line, named, out_of_memory, quoted
from parcelproof.errors import InputError, ParcelproofError, unknown_name


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


@dataclass(slots=True)
class Source:
    """The rows of one part that can be used, as SQL, with and without where they come from."""

    plain: str
    placed: str
    rows: int
    bad: int
    latest: datetime | None


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
        engine.table("quarantine", 'select null::varchar as "table", null::varchar as file, null::bigint as row, null::varchar as reason,'
                     " null::varchar as text where false")  # fmt: skip
        sources = {name: [_source(engine, TABLES[name], part, number) for number, part in enumerate(parts.get(name, []))] for name in TABLES}
        moment = as_of or max((source.latest for group in sources.values() for source in group if source.latest), default=None)
        if moment is None:
            raise InputError(f"{folder} holds no row with a time: there is no moment to judge at; give one with --as-of")
        counts = {name: _settle(engine, TABLES[name], sources[name], moment) for name in TABLES if name in parts}
        for name in TABLES:
            if name not in parts:
                engine.table(name, _empty(TABLES[name]))
        return Loaded(counts, frozenset(parts), moment, printing.result())


def _empty(table: Table) -> str:
    return "select " + ", ".join(f"cast(null as {c.sql_type}) as {named(c.name)}" for c in table.columns) + " where false"


def _source(engine: Engine, table: Table, part: Part, number: int) -> Source:
    """Read one part and set its bad rows aside."""
    try:
        if part.suffix == ".parquet":
            return _parquet(engine, table, part)
        return _text(engine, table, part, f"_{table.name}_{number}")
    except duckdb.Error as error:
        raise InputError(f"{part.name} cannot be read ({first_line(error)}): write the file again") from None
    except OSError as error:
        raise InputError(f"{part.name} cannot be read ({error.strerror or error})") from None


def _parquet(engine: Engine, table: Table, part: Part) -> Source:
    try:
        return _in_place(engine, table, part, parquet.raw(engine, part))
    except duckdb.Error as error:
        if not any(sign in str(error) for sign in parquet.MENDABLE):
            raise
    return _in_place(engine, table, part, parquet.raw(engine, part, parquet.mended(part, engine.scratch)))


def _in_place(engine: Engine, table: Table, part: Part, raw: Raw) -> Source:
    """Prove in one pass over the columns that no row is bad; look at the rows one by one only where that fails."""
    survey = validating.survey(engine, _readings(table, part, raw), raw.relation)
    wrong, values = _wrong(survey.readings, raw), _values(survey.readings)
    bad, latest, good = 0, survey.latest, ""
    if wrong != "false":
        good = f"where not ({wrong})"
        bad, latest = engine.row(f"select count(*) filter (where {wrong}), {validating.newest(survey.readings, f'filter ({good})')} from {raw.relation}")
        engine.run(f"""
            insert into quarantine
            select {quoted(table.name)}, {quoted(part.name)}, {raw.row}, {_reasons(survey.readings, raw)}, left({raw.text}, {TEXT_LIMIT})
            from {raw.relation} where {wrong}
        """)
    placed = f"select {values}, {quoted(part.name)} as _file, {raw.row} as _row, {raw.text} as _text from {raw.relation} {good}"
    return Source(f"select {values} from {raw.relation} {good}", placed, survey.rows, bad, latest)


def _text(engine: Engine, table: Table, part: Part, name: str) -> Source:
    """Materialise a text part; the rows' own words stay in the framed copy."""
    path = engine.scratch / f"{name}.txt"
    framed = framing.frame_csv(part, path) if part.suffix.startswith(".csv") else framing.frame_jsonl(part, path)
    raw = records.csv(framed) if part.suffix.startswith(".csv") else records.jsonl(engine, framed)
    readings = _readings(table, part, raw)
    wrong = _wrong(readings, raw)
    columns = ", ".join(named(c.name) for c in table.columns)
    engine.table(
        name,
        f"""
        select {columns}, _number as _row, _wrong,
            case when _wrong then {_reasons(readings, raw)} end as _reason, case when _wrong then left({raw.text}, {TEXT_LIMIT}) end as _text
        from (select *, {_values(readings)}, {raw.row} as _number, {wrong} as _wrong from {raw.relation})
        """,
    )
    engine.run(f"insert into quarantine select {quoted(table.name)}, {quoted(part.name)}, _row, _reason, _text from {named(name)} where _wrong")
    records.set_aside(engine, framed)
    times = ", ".join(f"max({named(c.name)}) filter (where not _wrong)" for c in table.columns if c.known)
    bad, latest = engine.row(f"select count(*) filter (where _wrong), {f'greatest({times})' if times else 'null'} from {named(name)}")
    good = f"from {named(name)} where not _wrong"
    words = f"(select {raw.row} as _row, {raw.text} as _text from {raw.relation})"
    placed = f"select good.*, words._text from (select {columns}, {quoted(part.name)} as _file, _row {good}) as good join {words} as words using (_row)"
    return Source(f"select {columns} {good}", placed, framed.rows, bad + framed.bad, latest)


def _values(readings: list[Reading]) -> str:
    return ", ".join(f"{reading.value} as {named(reading.column.name)}" for reading in readings)


def _wrong(readings: list[Reading], raw: Raw) -> str:
    """SQL that is true for rows that cannot be used, and never NULL."""
    return " or ".join(wrong for wrong in (raw.broken, *(reading.wrong for reading in readings)) if wrong != "false") or "false"


def _reasons(readings: list[Reading], raw: Raw) -> str:
    """SQL of all that is wrong with a row; of one that is broken as a whole only that."""
    told = [reading.reason for reading in readings if reading.faults]
    each = f"concat_ws('; ', {', '.join(told)})" if told else "''"
    return f"case when {raw.broken} then {raw.reason} else {each} end"


def _readings(table: Table, part: Part, raw: Raw) -> list[Reading]:
    """How each canonical column is read; what the file lacks may stand in the names of its folders.

    Raises:
        InputError: A required column is nowhere.
    """
    known = {key: RawColumn("cast(null as varchar)" if value is None else quoted(value), "VARCHAR") for key, value in part.partition} | raw.columns
    for column in () if raw.bare else table.columns:
        if column.required and column.name not in known:
            hint = unknown_name("column", column.name, known).partition(": ")[2] if known else "it has no columns"
            raise InputError(f"{part.name} lacks the column {column.name} of the table {table.name}: {hint}")
    return [validating.read(c, known[c.name], raw.relation) if c.name in known else validating.absent(c) for c in table.columns]


def _settle(engine: Engine, table: Table, sources: list[Source], moment: datetime) -> TableCount:
    """Give the table its name, after the versions and repetitions of its rows are settled."""
    rows, bad = sum(source.rows for source in sources), sum(source.bad for source in sources)
    settled = versions.settle(engine, table, [source.plain for source in sources], [source.placed for source in sources], moment)
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
