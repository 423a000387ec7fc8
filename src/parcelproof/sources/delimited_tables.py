"""CSV files of any shape: a mapping says which column means what; without one, canonical column names are taken.

Times without a zone need one, from the mapping or `--timezone`. Keys in the clear are hashed, and texts of carriers are redacted.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcelproof.carriers.numbers import normalise
from parcelproof.carriers.redact import redact
from parcelproof.carriers.text import read_text
from parcelproof.dataset.tables import STAGES, TABLES
from parcelproof.errors import InputError, UsageError, unknown_name
from parcelproof.sources.casting import Unusable, cast_row
from parcelproof.sources.common import Context, Reader, Reading, words
from parcelproof.sources.delimited import read_records
from parcelproof.sources.mapping import Mapping, Origin, check_columns, load_mapping
from parcelproof.sources.orders import hash_keys, key_of
from parcelproof.sources.payloads import NotReadable, text_of
from parcelproof.sources.platforms import amount, moment
from parcelproof.sources.traces import carrier_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from parcelproof.sources.common import Row

_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_DECLARED = ("carrier", "waybill_no", "declared_at")


def read(data: bytes, context: Context) -> Reading:
    """The rows of a file.

    Raises:
        UsageError: `--table` names no table.
        InputError: The file has no usable header.
        MappingError: The mapping has faults, or names columns that the file lacks.
    """
    reading = Reading()
    try:
        header, records = read_records(text_of(data), context.name, reading)
    except NotReadable as error:
        reading.refuse("file", str(error))
        return reading
    named = context.options.get("mapping")
    mapping = load_mapping(Path(named)) if named else _canonical(header, context, reading)
    check_columns(mapping, header, context.name)
    for where, record in records:
        _take(reading, where, record, mapping, context)
    _tell_versions(reading)
    if mapping.tables and not reading.rows and not reading.refused:
        reading.refuse("file", "it holds no row")
    return reading


def _canonical(header: list[str], context: Context, reading: Reading) -> Mapping:
    """A mapping of the columns that already have canonical names, to the table that they are of."""
    columns = {column.strip().lower(): column for column in header}
    table = context.options.get("table") or _recognised(columns, context.name)
    if not table:
        shown = ", ".join(header[:8])
        reading.refuse("file", f"its columns ({shown}) are those of no table, or of several: name it with --table, or write a --mapping")
        return Mapping(context.name)
    if table not in TABLES:
        raise UsageError(unknown_name("table", table, TABLES))
    missing = [column.name for column in TABLES[table].columns if column.required and column.name not in columns]
    if missing:
        why = f"lacks the column {missing[0]} of {table}: rename its column, or write a --mapping"
        if context.options.get("table"):
            raise InputError(f"{context.name} {why}")
        reading.refuse("file", f"it {why}")
        return Mapping(context.name)
    tables = [table, *(["declarations"] if table == "orders" and columns.keys() >= set(_DECLARED) else [])]
    return Mapping(
        context.name,
        {name: {column.name: Origin((columns[column.name],)) for column in TABLES[name].columns if column.name in columns} for name in tables},
    )


def _recognised(columns: dict[str, str], file: str) -> str | None:
    """The table that has most of the columns; of equals one whose required columns are all there, or the one that the file is named after."""
    known = {name: sum(column.name in columns for column in table.columns) for name, table in TABLES.items()}
    best = [name for name, count in known.items() if count == max(known.values()) > 0]
    whole = [name for name in best if all(column.name in columns for column in TABLES[name].columns if column.required)]
    named = [name for name in whole or best if file.lower().startswith(name)]
    told = named or (whole if max(known.values()) > 1 else [])
    return told[0] if len(told) == 1 else best[0] if len(best) == 1 else None


def _take(reading: Reading, where: str, record: dict[str, str], mapping: Mapping, context: Context) -> None:
    """Add a record's row of each table; an order and its declaration both or neither."""
    rows: dict[str, Row] = {}
    for table, origins in mapping.tables.items():
        raw = {name: _value(origin, table, name, record, context) for name, origin in origins.items()}
        if table == "declarations" and len(mapping.tables) > 1 and not normalise(words(raw.get("waybill_no"))):
            continue
        try:
            rows[table] = _cast(reading, table, raw, context)
        except Unusable as error:
            reading.refuse(f"{where}, {table}" if len(mapping.tables) > 1 else where, str(error))
            if table in ("orders", "declarations"):
                reading.note("an order whose declaration is refused is left out, and so is a declaration whose order is refused")
                rows.pop("orders", None)
                break
    for table, row in rows.items():
        reading.add(table, row)


def _value(origin: Origin, table: str, name: str, record: dict[str, str], context: Context) -> Any:  # noqa: ANN401  a text or what it means
    """One value, read as its column's kind; what cannot be read stays as it is, so that its row is refused."""
    column = TABLES[table].column(name)
    text = origin.constant if origin.constant is not None else " ".join(filter(None, (record[part].strip() for part in origin.columns)))
    if origin.values is not None:
        text = origin.values.get(text, origin.otherwise if origin.otherwise is not None else text)
    if not text:
        return None
    if column.kind == "time":
        zone = origin.zone or context.zone
        return _formatted(text, origin.format, zone) if origin.format else moment(text, zone)
    if column.kind == "money" and origin.per_yuan != 1:
        return amount(re.sub(r"[¥￥元,\s]", "", text), per_yuan=origin.per_yuan)
    if origin.hash:
        return key_of(name, text, context.salt)
    return text


def _formatted(text: str, form: str, zone: tzinfo | None) -> object:
    """A time in the mapping's own format; the text where it does not fit."""
    try:
        found = datetime.strptime(text, form)  # noqa: DTZ007  the zone follows
        if found.tzinfo is None and zone is None:
            return text
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return f"{text} (format {form})"


def _cast(reading: Reading, table: str, raw: Row, context: Context) -> Row:
    """A row in canonical kinds, with keys hashed, carriers and numbers in their normal form, and texts redacted.

    Raises:
        Unusable: A value does not fit its column, or a required one is missing.
    """
    for name in raw:
        if (name.endswith("_id") or name == "waybill_no") and _ROUNDED.fullmatch(words(raw[name])):
            raise Unusable(f"{name} {raw[name]!r} was rounded by a spreadsheet: export the column as text")
    hash_keys(reading, raw, context.salt)
    if words(raw.get("carrier")):
        raw["carrier"] = carrier_of(raw["carrier"], None)
    if words(raw.get("waybill_no")):
        raw["waybill_no"] = normalise(words(raw["waybill_no"]))
    if table == "scans":
        _stage(reading, raw)
    return cast_row(TABLES[table], raw, context.zone)


def _stage(reading: Reading, raw: Row) -> None:
    """The stage of a scan from its code, else from its words; an unknown code is kept before them."""
    code, text = words(raw.get("stage")), words(raw.get("description"))
    if code.lower() not in STAGES:
        raw["stage"] = read_text(text).stage or "other"
        if code:
            reading.note(f"stage {redact(code)[:40]!r} is unknown; it is kept before the words of its scans: add it to the mapping's values")
            text = f"[code {code[:40]}] {text}"
    raw["description"] = redact(text)[:1000] or None
    raw["place"] = redact(words(raw.get("place")))[:200] or None


def _tell_versions(reading: Reading) -> None:
    """Note rows of one key that differ, such as one row for each of an order's goods: the judge cannot choose among them."""
    for table, rows in reading.rows.items():
        key = TABLES[table].key
        distinct = {tuple(row.items()) for row in rows if row.get("updated_at") is None}
        keys = {tuple(dict(row).get(name) for name in key) for row in distinct}
        if key and len(distinct) > len(keys):
            reading.note(
                f"{len(distinct) - len(keys)} rows of {table} repeat a key with other values: the judge sets them aside; merge them, or map updated_at"
            )


READER = Reader("csv", "CSV and other delimited text: canonical columns, or any with a mapping", read)
