"""Brings a dataset folder into the engine: one relation a table, canonical columns, bad rows set aside.

Clean Parquet stays where it is and is read when it is needed; what has to be cleaned is materialised once.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from parcelproof.dataset import framing, validating, versions
from parcelproof.dataset.files import Part, find, fingerprint
from parcelproof.dataset.tables import TABLES, Table
from parcelproof.engines.duckdb import Engine, first_line, named, quoted
from parcelproof.errors import InputError, ParcelproofError, UsageError

TEXT_LIMIT = 2000


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
                engine.view(name, _empty(TABLES[name]))
        return Loaded(counts, frozenset(parts), moment, printing.result())


def _empty(table: Table) -> str:
    return "select " + ", ".join(f"cast(null as {c.sql_type}) as {named(c.name)}" for c in table.columns) + " where false"


def _source(engine: Engine, table: Table, part: Part, number: int) -> Source:
    """Read one part: validate it in one pass and set bad rows aside."""
    try:
        if part.suffix == ".parquet":
            return _parquet(engine, table, part)
        return _framed(engine, table, part, f"_{table.name}_{number}")
    except duckdb.Error as error:
        raise InputError(f"{part.name} cannot be read ({first_line(error)}): write the file again") from None


def _parquet(engine: Engine, table: Table, part: Part, path: Path | None = None) -> Source:
    relation = f"read_parquet({quoted(path or part.path)}, file_row_number = true, hive_partitioning = false)"
    columns = engine.columns(f"(select * exclude (file_row_number) from {relation})")
    raws = {name.strip().lower(): (named(name), physical) for name, physical in columns.items()}
    text = f"to_json(struct_pack({', '.join(f'{named(name)} := {named(name)}' for name in columns)}))"
    try:
        return _validated(engine, table, part, relation, raws, "file_row_number + 1", text, materialise=False)
    except duckdb.Error as error:
        if path is None and "string encoding" in str(error):
            return _parquet(engine, table, part, _mended(part, engine.scratch))
        raise


def _mended(part: Part, scratch: Path) -> Path:
    """A copy of a Parquet file whose texts hold a mark where their bytes are no UTF-8. Slow, and hardly ever needed."""
    import pyarrow as pa  # noqa: PLC0415  only for damaged files
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(part.path)
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            raw = table.column(place).cast(pa.binary())
            texts = [
                None if value is None else _marked(value)
                for value in raw.to_pylist()
            ]  # fmt: skip
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    path = scratch / f"mended-{abs(hash(part.name))}.parquet"
    pq.write_table(table, path)
    return path


def _marked(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8", "replace") + validating.BROKEN


def _framed(engine: Engine, table: Table, part: Part, name: str) -> Source:
    """Read a text part through its framed copy."""
    scratch = engine.scratch / f"{name}.txt"
    if part.suffix.startswith(".csv"):
        framed = framing.frame_csv(part, scratch)
        columns = {f"c{place}": column for place, column in enumerate(framed.columns)}
        raws = {column: (named(key), "VARCHAR") for key, column in columns.items()}
        shown = ", ".join(f"coalesce({named(key)}, '')" for key in columns)
        text = f"concat_ws({quoted(framed.delimiter)}, {shown})"
        wanted = {"_row": "BIGINT"} | dict.fromkeys(columns, "VARCHAR")
        _copy_in(engine, name, scratch, wanted, framed, framed.delimiter)
    else:
        framed = framing.frame_jsonl(part, scratch)
        _copy_in(engine, name, scratch, {"_row": "BIGINT", "_text": "VARCHAR"}, framed, "\x1f")
        raws, text = _objects(engine, name, framed), "_text"
    source = _validated(engine, table, part, name, raws, "_row", text, materialise=True)
    _set_aside(engine, table, part, framed.bad)
    source.rows += len(framed.bad)
    source.bad += len(framed.bad)
    return source


def _copy_in(engine: Engine, name: str, path: Path, columns: dict[str, str], framed: framing.Framed, delimiter: str) -> None:
    """Read a framed file; records of another width are told apart by the engine."""
    first, *rest = columns
    types = ", ".join(f"{quoted(key)}: 'VARCHAR'" for key in columns)
    quote = "quote = '\"', escape = '\"'" if delimiter != "\x1f" else "quote = '', escape = ''"
    engine.run(f"""
        create or replace temp table {named(name)} as
        select cast({first} as bigint) as {first}, {", ".join(rest)}
        from read_csv({quoted(path)}, columns = {{{types}}}, auto_detect = false, header = false, delim = {quoted(delimiter)}, {quote},
            new_line = '\\n', strict_mode = true, null_padding = false, store_rejects = true, max_line_size = 67108864,
            rejects_table = '_rejects', rejects_scan = '_reject_scans', rejects_limit = 0)
    """)
    width = len(columns) - 1
    for text, kind in engine.rows("select csv_line, error_type from _rejects qualify row_number() over (partition by line order by column_idx) = 1"):
        number, _, record = (text or "").partition(delimiter)
        found = record.count(delimiter) + 1
        reason = f"{found} columns where {width} are expected" if "COLUMNS" in kind else f"it is not readable as a record ({kind.lower()})"
        framed.bad.append((int(number) if number.isdigit() else -1, reason, record.rstrip("\n")))
    engine.run("drop table if exists _rejects; drop table if exists _reject_scans")
    path.unlink()


def _objects(engine: Engine, name: str, framed: framing.Framed) -> dict[str, tuple[str, str]]:
    """Split the JSON texts of a framed table into raw columns; lines that are no object are told apart."""
    engine.run(f"create or replace temp table _bad_lines as select _row, _text from {named(name)}"
               " where not json_valid(_text) or json_type(case when json_valid(_text) then _text end) <> 'OBJECT'")  # fmt: skip
    framed.bad.extend((row, "it is not a JSON object", text) for row, text in engine.rows("select _row, _text from _bad_lines"))
    engine.run(f"delete from {named(name)} where _row in (select _row from _bad_lines)")
    keys = [key for (key,) in engine.rows(f"select distinct unnest(json_keys(_text)) as key from {named(name)} order by 1")]
    spellings: dict[str, list[str]] = {}
    for key in keys:
        spellings.setdefault(key.strip().lower(), []).append(key)
    return {column: (_json_value(found), "VARCHAR") for column, found in spellings.items()}


def _json_value(keys: list[str]) -> str:
    """The text of a JSON member; a nested value keeps its brackets, which no canonical type but text takes."""
    pointers = [quoted("/" + key.replace("~", "~0").replace("/", "~1")) for key in keys]
    values = [f"json_extract_string(_text, {pointer})" for pointer in pointers]
    return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _validated(engine: Engine, table: Table, part: Part, relation: str, raws: dict[str, tuple[str, str]], row: str, text: str, *, materialise: bool) -> Source:
    """Count and set aside bad rows, and give the SELECT of the good ones."""
    known = raws | {key: (quoted(value), "VARCHAR") for key, value in part.partition if key not in raws}
    _require_columns(table, part, known)
    readings = [validating.read(c, *known[c.name]) if c.name in known else validating.absent(c) for c in table.columns]
    marked = [raw for raw, physical in raws.values() if physical == "VARCHAR"] if "mended-" in relation else []
    broken = " or ".join(f"coalesce(contains({raw}, {quoted(validating.BROKEN)}), false)" for raw in marked)
    wrong = " or ".join([f"({reading.wrong})" for reading in readings if reading.wrong != "false"] + ([broken] if broken else [])) or "false"
    values = ", ".join(f"{reading.value} as {named(reading.name)}" for reading in readings)
    times = [named(c.name) for c in table.columns if c.known and c.name in known]
    latest = f"greatest({', '.join(f'max({time})' for time in times)})" if times else "null::timestamp"
    if materialise:
        fresh = f"{relation.removeprefix('_')}_read"
        engine.table(
            fresh,
            f"select {values}, {row} as _row, {wrong} as _wrong, {text} as _text, {_reasons(readings, broken)} as _reason from {named(relation)}",
        )
        rows, bad = engine.row(f"select count(*), count(*) filter (where _wrong) from {named(fresh)}")
        engine.run(f"insert into quarantine select {quoted(table.name)}, {quoted(part.name)}, _row, _reason, left(_text, {TEXT_LIMIT})"
                   f" from {named(fresh)} where _wrong")  # fmt: skip
        engine.drop(relation)
        top = engine.row(f"select {latest} from {named(fresh)} where not _wrong")[0]
        columns = ", ".join(named(c.name) for c in table.columns)
        base = f"from {named(fresh)} where not _wrong"
        return Source(f"select {columns} {base}", f"select {columns}, {quoted(part.name)} as _file, _row, _text {base}", rows, bad, top)
    newest = f"select {latest} from (select {values} from {relation} where not ({wrong}))"
    rows, bad, top = engine.row(f"select count(*), count(*) filter (where {wrong}), ({newest}) from {relation}")
    if bad:
        engine.run(f"insert into quarantine select {quoted(table.name)}, {quoted(part.name)}, {row}, {_reasons(readings, broken)},"
                   f" left(cast({text} as varchar), {TEXT_LIMIT}) from {relation} where {wrong}")  # fmt: skip
    base = f"from {relation}" + (f" where not ({wrong})" if bad else "")
    placed = f"select {values}, {quoted(part.name)} as _file, {row} as _row, cast({text} as varchar) as _text {base}"
    return Source(f"select {values} {base}", placed, rows, bad, top)


def _reasons(readings: list[validating.Reading], broken: str) -> str:
    parts = [f"case when {reading.wrong} then {reading.reason} end" for reading in readings if reading.wrong != "false"]
    if broken:
        parts.append(f"case when {broken} then 'it is not valid UTF-8' end")
    return f"concat_ws('; ', {', '.join(parts)})" if parts else "''"


def _require_columns(table: Table, part: Part, known: dict[str, tuple[str, str]]) -> None:
    for column in table.columns:
        if column.required and column.name not in known:
            from parcelproof.errors import unknown_name  # noqa: PLC0415  only to tell a fault

            hint = unknown_name("column", column.name, known).partition(": ")[2] if known else "it has no columns"
            raise InputError(f"{part.name} lacks the column {column.name} of the table {table.name}: {hint}")


def _set_aside(engine: Engine, table: Table, part: Part, bad: list[tuple[int, str, str]]) -> None:
    for row, reason, text in bad:
        engine.db.execute("insert into quarantine values (?, ?, ?, ?, ?)", [table.name, part.name, row if row > 0 else None, reason, text[:TEXT_LIMIT]])


def _settle(engine: Engine, table: Table, sources: list[Source], moment: datetime) -> TableCount:
    """Give the table its name, after the versions and repetitions of its rows are settled."""
    return_rows, bad = sum(source.rows for source in sources), sum(source.bad for source in sources)
    settled = versions.settle(engine, table, [source.plain for source in sources], [source.placed for source in sources], moment)
    kept = return_rows - bad - settled.quarantined - settled.duplicates - settled.superseded
    return TableCount(return_rows, kept, bad + settled.quarantined, settled.duplicates, settled.superseded)


def explained(error: BaseException, folder: Path) -> BaseException:
    """An engine's error as one that the caller can mend; any other error unchanged."""
    if isinstance(error, ParcelproofError) or not isinstance(error, duckdb.Error):
        return error
    if isinstance(error, duckdb.OutOfMemoryException):
        return UsageError(f"the memory does not suffice ({first_line(error)}): give more with --memory, or fewer --threads")
    if isinstance(error, (duckdb.IOException, duckdb.InvalidInputException, duckdb.SerializationException)):
        return InputError(f"{folder} cannot be read to the end ({first_line(error)}): write the damaged file again")
    return error
