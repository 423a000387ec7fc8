"""Parquet files as the engine sees them. What it refuses as a whole for a few values is read through a mended copy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from parcelproof.dataset.files import Part
from parcelproof.dataset.raw import Raw, RawColumn, by_name
from parcelproof.engines.duckdb import Engine, first_line, named, quoted
from parcelproof.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

BROKEN = "\ufdd0"
"""A noncharacter that stands at the end of a text whose bytes were no UTF-8."""
MENDABLE = ("string encoding", "Could not convert Timestamp")
"""What the engine says of such files."""
_MOST_MS = 200 * 366 * 86_400_000
"""Two hundred years on either side of 1970, in milliseconds: no canonical time lies beyond, and every engine knows these."""
_ROWS_AT_ONCE = 65536


def raw(engine: Engine, part: Part, path: Path | None = None) -> Raw:
    """A Parquet file, or the mended copy of it at `path`.

    Raises:
        duckdb.Error: The file is damaged.
    """
    relation = f"read_parquet({quoted(path or part.path)}, file_row_number = true, hive_partitioning = false)"
    physical = engine.columns(f"(select * exclude (file_row_number) from {relation})")
    columns = by_name(part, ((name, RawColumn(named(name), kind)) for name, kind in physical.items()))
    text = f"cast(to_json(struct_pack({', '.join(f'{named(name)} := {named(name)}' for name in physical)})) as varchar)"
    if path is None:
        return Raw(relation, columns, "file_row_number + 1", text)
    marks = [f"coalesce(contains({column.sql}, {quoted(BROKEN)}), false)" for column in columns.values() if column.physical == "VARCHAR"]
    text = f"replace({text}, {quoted(BROKEN)}, '')"
    return Raw(relation, columns, "file_row_number + 1", text, " or ".join(marks) or "false", "'it is not valid UTF-8'")


def mended(part: Part, scratch: Path) -> Path:
    """A copy of a file, with a mark in texts that are no UTF-8, and times in reach where they overflow.

    Hardly ever needed; memory holds a few rows at a time.

    Raises:
        InputError: The file is damaged otherwise.
    """
    import pyarrow as pa  # noqa: PLC0415  only for damaged files

    path = scratch / f"mended-{part.name.replace('/', '-')}"
    try:
        _mend(part.path, path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{part.name} cannot be read ({first_line(error)}): write the file again") from None
    return path


def _mend(damaged: Path, path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415  only for damaged files
    import pyarrow.parquet as pq  # noqa: PLC0415

    with pq.ParquetFile(damaged) as file, pq.ParquetWriter(path, pa.schema([_mended_field(field) for field in file.schema_arrow])) as writer:
        for batch in file.iter_batches(_ROWS_AT_ONCE):
            columns = [_mended_column(column, field.type) for column, field in zip(batch.columns, writer.schema, strict=True)]
            writer.write_batch(pa.record_batch(columns, schema=writer.schema))


def _mended_field(field: pa.Field) -> pa.Field:
    import pyarrow as pa  # noqa: PLC0415  only for damaged files

    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        kind = pa.string()
    if pa.types.is_timestamp(kind) and kind.unit == "ms":
        kind = pa.timestamp("us", kind.tz)
    return pa.field(field.name, kind)


def _mended_column(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """A column as the copy holds it; what is sound stays as it is."""
    import pyarrow as pa  # noqa: PLC0415  only for damaged files
    import pyarrow.compute as pc  # noqa: PLC0415

    plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    if pa.types.is_string(kind):
        return pa.array([None if value is None else _text(value) for value in plain.cast(pa.large_binary()).to_pylist()], kind)
    if plain.type == kind:
        return plain
    bounded = pc.min_element_wise(pc.max_element_wise(plain.cast(pa.int64()), -_MOST_MS, skip_nulls=False), _MOST_MS, skip_nulls=False)
    return bounded.cast(plain.type).cast(kind)


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8", "replace") + BROKEN
