"""Reads a judged folder: its run.json, and of its tables the few rows that a story needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from parcelproof.engines.duckdb import Engine, first_line, literals, named, quoted
from parcelproof.errors import InputError, UsageError
from parcelproof.report.figures import shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TYPES = {
    "act_time": "TIMESTAMP",
    "since": "TIMESTAMP",
    "starts_at": "TIMESTAMP",
    "ends_at": "TIMESTAMP",
    "charge": "DECIMAL(18,2)",
    "amount": "DECIMAL(18,2)",
    "needs_human": "BOOLEAN",
}
_READ = {
    "verdicts": "order_id merchant_id carrier waybill_no outcome offence act_time policy policy_version charge currency",
    "findings": "order_id carrier waybill_no indicator offence status excuse since evidence clause",
    "charges": "order_id carrier waybill_no offence amount currency basis",
    "measures": "merchant_id target_kind target_id offence measure amount currency starts_at ends_at needs_human basis clause",
}
COLUMNS = {table: {name: _TYPES.get(name, "VARCHAR") for name in names.split()} for table, names in _READ.items()}
"""What a story reads of each output table, and as which type."""

_SUFFIXES = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
_LONGEST_NAME = 300
Row = dict[str, Any]


@dataclass(slots=True)
class Judged:
    """A judged folder whose tables stand in the engine under their names, as views of the files."""

    folder: Path
    engine: Engine
    run: dict[str, Any]

    def rows(self, table: str, where: str, order: str, limit: int = 1000) -> list[Row]:
        """Rows of an output table as dictionaries."""
        found = guarded(self.engine, f"select * from {table} where {where} order by {order} limit {limit}", self.folder / table)
        return [dict(zip(COLUMNS[table], row, strict=True)) for row in found]


def opened(engine: Engine, folder: Path) -> Judged:
    """Open a judged folder.

    Raises:
        InputError: it is no folder that `parcelproof judge` wrote, or one of its files is damaged.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder; name the folder that `parcelproof judge --out` wrote")
    run = _run(folder / "run.json")
    for table, columns in COLUMNS.items():
        source = _source(folder, table)
        if source is None:
            raise InputError(f"{folder}: {table} is missing (.parquet, .csv or .jsonl); judge the dataset again into this folder")
        try:
            found = engine.columns(source)
            absent = next(iter(columns))
            if absent not in found:
                raise InputError(f"{folder}: {table} has no column {absent}; judge the dataset again into this folder")
            picked = [f"try_cast({named(name)} as {kind}) as {name}" if name in found else f"null::{kind} as {name}" for name, kind in columns.items()]
            engine.view(table, f"select {', '.join(picked)} from {source}")
        except duckdb.Error as error:
            raise InputError(f"{folder}: {table} cannot be read: {shown(first_line(error))}; judge the dataset again into this folder") from None
    return Judged(folder, engine, run)


def _run(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputError(f"{path.parent}: run.json is missing; name the folder that `parcelproof judge --out` wrote") from None
    except (OSError, ValueError, RecursionError):
        raise InputError(f"{path}: not readable as JSON; judge the dataset again into this folder") from None
    if not isinstance(found, dict):
        raise InputError(f"{path}: not a JSON object; judge the dataset again into this folder")
    return found


def _source(folder: Path, table: str) -> str | None:
    """SQL that reads a table wherever it stands: one file, or a folder of parts of one format."""
    for suffix in _SUFFIXES:
        path = folder / f"{table}{suffix}"
        if path.is_file():
            return _reader([path], suffix, table)
        if path.is_dir():
            return _parts(path, table)
    return _parts(folder / table, table) if (folder / table).is_dir() else None


def _parts(folder: Path, table: str) -> str | None:
    for suffix in _SUFFIXES:
        parts = sorted(path for path in folder.rglob(f"*{suffix}") if not path.name.startswith((".", "_")))
        if parts:
            return _reader(parts, suffix, table)
    return None


def _reader(paths: Iterable[Path], suffix: str, table: str) -> str:
    files = f"[{literals(_literal_glob(str(path)) for path in paths)}]"
    if suffix == ".parquet":
        return f"read_parquet({files}, union_by_name = true, hive_partitioning = false)"
    if suffix.startswith(".csv"):
        written = "header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"'"
        return f"read_csv({files}, {written}, union_by_name = true, hive_partitioning = false)"
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in COLUMNS[table])
    return f"read_json({files}, format = 'newline_delimited', columns = {{{columns}}}, hive_partitioning = false)"


def _literal_glob(path: str) -> str:
    """A path in which the engine's wildcards stand for themselves."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in path)


def guarded(engine: Engine, sql: str, what: Path) -> list[tuple[Any, ...]]:
    """The rows of a query over files, which may turn out to be damaged only now.

    Raises:
        InputError: a file is damaged.
    """
    try:
        return engine.rows(sql)
    except duckdb.Error as error:
        raise InputError(f"{what}: cannot be read: {shown(first_line(error))}; judge the dataset again into this folder") from None


def normal(column: str) -> str:
    """SQL of an identifier as it is compared: without blanks and hyphens, in capitals."""
    return f"upper(replace(replace(trim({column}), '-', ''), ' ', ''))"


def same_name(column: str, name: str) -> str:
    """SQL that is true where an identifier is compared equal to `name`; only what is longer is normalised, for speed."""
    key = normalised(name)
    plain = f"{column} = {quoted(key)}" if key == key.lower() else f"upper({column}) = {quoted(key)}"
    return f"({plain} or (strlen({column}) > {len(key.encode())} and {normal(column)} = {quoted(key)}))"


def normalised(text: str) -> str:
    """The same in Python."""
    return text.strip(" ").replace("-", "").replace(" ", "").upper()


def matching(judged: Judged, what: str, limit: int) -> list[Row]:
    """The shipments that `what` names: an order, a waybill, or order/carrier/waybill; an exact name before a normalised one.

    Raises:
        UsageError: none matches; the nearest names are told.
    """
    name = " ".join(what.replace("\x00", " ").split())[:_LONGEST_NAME].encode("utf-8", "replace").decode()
    triple = "concat_ws('/', order_id, carrier, waybill_no)"
    tries = (
        f"order_id = {quoted(name)} or waybill_no = {quoted(name)}",
        f"{triple} = {quoted(name)}",
        f"{same_name('order_id', name)} or {same_name('waybill_no', name)}",
        f"{normal(triple)} = {quoted(normalised(name))}",
    )
    for where in tries if normalised(name) else ():
        found = judged.rows("verdicts", where, "order_id, carrier, waybill_no", limit)
        if found:
            return found
    raise UsageError(_not_found(judged, name))


def _not_found(judged: Judged, name: str) -> str:
    told, key = shown(name, 80) or "an empty name", quoted(normalised(name)[:80])
    near = guarded(
        judged.engine,
        f"""
        with named as (
            select order_id as name from verdicts
            union select waybill_no from verdicts where waybill_no is not null
        ),
        alike as (select name from named order by jaro_winkler_similarity({normal("name")}, {key}) desc, name limit 500)
        select name from alike order by damerau_levenshtein(left({normal("name")}, 80), {key}), name limit 3
        """,
        judged.folder / "verdicts",
    )
    hint = f"the nearest are {', '.join(shown(row[0], 80) for row in near)}" if near else "nothing was judged there"
    return f"no shipment of {judged.folder} is named {told!r}: {hint}; give an order id, a waybill number, or order/carrier/waybill"
