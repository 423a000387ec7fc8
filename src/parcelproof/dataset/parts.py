"""Reads one part of a table: its rows as canonical columns, the bad ones set aside.

Clean Parquet stays where it is and is read when it is needed; a text file is materialised once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb

from parcelproof.dataset import framing, parquet, records, validating
from parcelproof.dataset.files import Part
from parcelproof.dataset.framing import TEXT_LIMIT
from parcelproof.dataset.raw import Raw, RawColumn
from parcelproof.dataset.tables import Table
from parcelproof.dataset.validating import Reading
from parcelproof.engines.duckdb import Engine, first_line, named, quoted
from parcelproof.errors import InputError, unknown_name

QUARANTINE = 'select null::varchar as "table", null::varchar as file, null::bigint as row, null::varchar as reason, null::varchar as text where false'
"""The quarantine before anything is in it."""


@dataclass(slots=True)
class Source:
    """The rows of one part that can be used, as SQL, with and without where they come from."""

    plain: str
    placed: str
    rows: int
    bad: int
    latest: datetime | None


def read(engine: Engine, table: Table, part: Part, number: int) -> Source:
    """Read one part and set its bad rows aside.

    Raises:
        InputError: The part cannot be used.
    """
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
        engine.append(
            "quarantine",
            f"""
            select {quoted(table.name)}, {quoted(part.name)}, {raw.row}, {_reasons(survey.readings, raw)}, left({raw.text}, {TEXT_LIMIT})
            from {raw.relation} where {wrong}
        """,
        )
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
    engine.append("quarantine", f"select {quoted(table.name)}, {quoted(part.name)}, _row, _reason, _text from {named(name)} where _wrong")
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
