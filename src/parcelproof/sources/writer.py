"""Adds canonical rows to a dataset folder as Parquet parts, so that adding the same rows again changes nothing.

A part is named after its content, written beside its place and then renamed: a reader never sees half a part, and a run that was
killed leaves at most a hidden file that the next run replaces.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from parcelproof.dataset.files import SUFFIXES
from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pyarrow as pa

    from parcelproof.dataset.tables import Table
    from parcelproof.sources.casting import Value

SALT_VARIABLE = "PARCELPROOF_SALT"
_SALT_FILE = ".salt"
_FEWEST_BYTES = 16


def add_rows(dataset: Path, table: Table, rows: Iterable[dict[str, Value]]) -> int:
    """Write rows into `dataset/<table>/part-<hash>.parquet`; exact repetitions once.

    A table that is one file so far (`orders.csv`) is moved into its folder as a part first.

    Args:
        dataset: The folder; made where it is missing.
        table: The canonical table.
        rows: Rows in canonical kinds (see `casting.cast_row`); times aware.

    Returns:
        How many rows the part holds; 0 writes nothing.

    Raises:
        InputError: The folder cannot be written, or the table stands there both as a file and as a folder.
    """
    unique = list({tuple(row.get(column.name) for column in table.columns): row for row in rows}.values())
    if not unique:
        return 0
    try:
        folder = _folder(dataset, table.name)
        _write(folder / f"part-{_fingerprint(table, unique)}.parquet", table, unique)
    except OSError as error:
        raise InputError(f"{dataset} cannot be written ({error.strerror or error}): name a folder of yours with --out") from None
    return len(unique)


def _folder(dataset: Path, name: str) -> Path:
    """The folder of a table's parts, with a single file that was the table moved into it."""
    folder = dataset / name
    single = [path for suffix in SUFFIXES if (path := dataset / f"{name}{suffix}").is_file()]
    if single and (folder.is_dir() or len(single) > 1):
        both = " and ".join(path.name for path in [*single, folder][:2])
        raise InputError(f"{dataset}: {both} both claim to be the table {name}: keep one, or put all parts into the folder {name}/")
    folder.mkdir(parents=True, exist_ok=True)
    for path in single:
        path.replace(folder / path.name)
    return folder


def _fingerprint(table: Table, rows: Sequence[dict[str, Value]]) -> str:
    """SHA-256 over the rows' values, cut to 64 bits: the same rows in the same order have one name."""
    total = hashlib.sha256("\x1f".join(column.name for column in table.columns).encode())
    for row in rows:
        cells = (row.get(column.name) for column in table.columns)
        total.update(("\x1e" + "\x1f".join("\0" if cell is None else str(cell) for cell in cells)).encode())
    return total.hexdigest()[:16]


def _write(path: Path, table: Table, rows: Sequence[dict[str, Value]]) -> None:
    """Write a part that is not there yet."""
    if path.exists():
        return
    import pyarrow as pa  # noqa: PLC0415  heavy: only when something is written
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = _schema(table.name, with_versions=any(row.get("updated_at") is not None for row in rows))
    arrays = [pa.array([_plain(row.get(field.name)) for row in rows], field.type) for field in schema]
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), waiting, compression="zstd")
    waiting.replace(path)


def _plain(value: Value) -> Any:  # noqa: ANN401  what pyarrow takes for the column's type
    """A cell as Parquet holds it: times as UTC without a zone."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


@cache
def _schema(name: str, *, with_versions: bool) -> pa.Schema:
    """The Parquet schema of a table. A column `updated_at` without any value is left out: nothing has versions then."""
    import pyarrow as pa  # noqa: PLC0415  heavy: only when something is written

    kinds = {
        "text": pa.string(), "time": pa.timestamp("us"), "money": pa.decimal128(18, 2), "integer": pa.int64(), "boolean": pa.bool_(),
    }  # fmt: skip
    columns = [column for column in TABLES[name].columns if with_versions or column.name != "updated_at"]
    return pa.schema([pa.field(column.name, kinds[column.kind], nullable=not column.required) for column in columns])


def salt_of(dataset: Path) -> bytes:
    """The key of a dataset's hashes: of the environment, else of the dataset's own file, else a new random one (see `keep_salt`).

    Keys that are to be compared must be hashed with one salt, so whoever has several datasets of one marketplace names it in
    PARCELPROOF_SALT.

    Raises:
        InputError: The salt is too short, or its file cannot be read.
    """
    named = os.environ.get(SALT_VARIABLE, "")
    if named and len(named.encode()) < _FEWEST_BYTES:
        raise InputError(f"{SALT_VARIABLE} is shorter than {_FEWEST_BYTES} bytes: take a long random text, such as 32 random bytes in hex")
    if named:
        return named.encode()
    path = dataset / _SALT_FILE
    try:
        salt = path.read_bytes().strip() if path.exists() else secrets.token_hex(32).encode()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): make it readable, or name the salt in {SALT_VARIABLE}") from None
    if len(salt) < _FEWEST_BYTES:
        raise InputError(f"{path} is shorter than {_FEWEST_BYTES} bytes: put the dataset's salt back, or name it in {SALT_VARIABLE}")
    return salt


def keep_salt(dataset: Path, salt: bytes) -> None:
    """Keep a new salt in the dataset, readable by its owner alone; it must not be passed on with data or results.

    Raises:
        InputError: The folder cannot be written, or another run has made a salt in the meantime.
    """
    path = dataset / _SALT_FILE
    if os.environ.get(SALT_VARIABLE) or path.exists():
        return
    waiting = path.with_name(f"{_SALT_FILE}.{os.getpid()}")
    try:
        dataset.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(waiting, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write(salt)
        os.link(waiting, path)
    except FileExistsError:
        raise InputError(f"{dataset}: another import has just made {_SALT_FILE}: run this one again") from None
    except OSError as error:
        raise InputError(f"{dataset} cannot be written ({error.strerror or error}): name a folder of yours with --out") from None
    finally:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
