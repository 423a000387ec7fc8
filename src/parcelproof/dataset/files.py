"""Which files of a folder hold which table, and the refusal of those that are not what their names say."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError

SUFFIXES = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
_NEAR_MISSES = frozenset(
    {suffix[1:] for suffix in SUFFIXES}
    | {"", "json", "json.gz", "ndjson", "ndjson.gz", "tsv", "txt", "xlsx", "xls", "pq", "avro", "orc", "arrow", "feather", "zip"}
    | {f"{text}.{packed}" for text in ("csv", "jsonl", "json") for packed in ("zip", "zst", "bz2", "xz")}
)
"""Endings of files that hold data, but are not read."""
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_HINT = "a table is one file such as orders.parquet, orders.csv or orders.jsonl.gz, or a folder orders/ of such files"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a table; `partition` holds the values that its hive folders name."""

    table: str
    path: Path
    name: str
    """Path relative to the dataset, for messages."""
    suffix: str
    partition: tuple[tuple[str, str | None], ...] = ()


def find(folder: Path) -> dict[str, list[Part]]:
    """The parts of every table in a dataset folder.

    Raises:
        InputError: The folder, a required table or a part is missing or ambiguous, or a file is not what its name says.
    """
    try:
        return _found(folder)
    except OSError as error:
        raise InputError(f"{error.filename or folder} cannot be read: {error.strerror or error}") from None


def _found(folder: Path) -> dict[str, list[Part]]:
    if not folder.exists():
        raise InputError(f"{folder} does not exist: name the folder that holds orders and declarations")
    if not folder.is_dir():
        raise InputError(f"{folder} is a file: name the folder that holds orders and declarations")
    found = {name: parts for name in TABLES if (parts := _parts(folder, name))}
    if not found:
        raise InputError(f"{folder} holds no table: {_HINT}")
    for table in TABLES.values():
        if table.required and table.name not in found:
            raise InputError(f"{folder} lacks the table {table.name}: {_HINT}")
    for parts in found.values():
        for part in parts:
            _refuse_impostor(part)
    return found


def _parts(folder: Path, table: str) -> list[Part]:
    inside = folder / table
    paths = [path for path in (*(folder / f"{table}{suffix}" for suffix in SUFFIXES), inside) if path.exists() or path.is_symlink()]
    if len(paths) > 1:
        names = " and ".join(path.name for path in paths)
        raise InputError(f"{folder}: {names} both claim to be the table {table}: keep one, or put all parts into the folder {table}/")
    if not paths:
        return _refuse_near_miss(folder, table)
    if paths[0] == inside and inside.is_dir():
        return _parts_inside(folder, inside)
    if paths[0] == inside or not paths[0].is_file():
        raise InputError(f"{paths[0]} is no {'folder of parts' if paths[0] == inside else 'file'}: {_HINT}")
    return [Part(table, paths[0], paths[0].name, _suffix(paths[0]))]


def _parts_inside(folder: Path, inside: Path) -> list[Part]:
    paths = sorted(path for path in _walk(inside) if not _hidden(path.relative_to(inside)))
    if not paths:
        raise InputError(f"{inside} holds no part: {_HINT}")
    for path in paths:
        if not _suffix(path) or not path.is_file():
            raise InputError(f"{path} is no part of a table: a part is a file that ends in {', '.join(SUFFIXES)}; take others out, or name them _like_this")
    return [Part(inside.name, path, str(path.relative_to(folder)), _suffix(path), _partition(path.relative_to(inside))) for path in paths]


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below a folder, and every link to a folder, which is not followed.

    Raises:
        OSError: A folder cannot be read.
    """

    def fail(error: OSError) -> None:
        raise error

    for root, folders, names in os.walk(folder, onerror=fail):
        links = [name for name in folders if Path(root, name).is_symlink()]
        yield from (Path(root, name) for name in (*names, *links))


def _refuse_near_miss(folder: Path, table: str) -> list[Part]:
    """No part; a file that is named after the table but in no known format would be missed in silence."""
    for path in sorted(folder.iterdir()):
        stem, _, ending = path.name.partition(".")
        if stem.lower() == table and ending.lower() in _NEAR_MISSES:
            raise InputError(f"{path} is not read under this name: {_HINT}")
    return []


def _suffix(path: Path) -> str:
    """The known ending of a file's name; the longest one wins; empty where there is none."""
    return next((suffix for suffix in sorted(SUFFIXES, key=len, reverse=True) if path.name.endswith(suffix)), "")


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _partition(path: Path) -> tuple[tuple[str, str | None], ...]:
    pairs = (part.partition("=") for part in path.parts[:-1] if "=" in part)
    return tuple((unquote(key).strip().lower(), None if value == _NO_VALUE else unquote(value)) for key, _, value in pairs)


def _refuse_impostor(part: Part) -> None:
    """Refuse a file whose first and last bytes contradict its name."""
    with part.path.open("rb") as file:
        head = file.read(4)
        size = file.seek(0, 2)
        file.seek(max(size - 4, 0))
        tail = file.read(4)
    if part.suffix == ".parquet" and (head != b"PAR1" or tail != b"PAR1" or size < 12):  # noqa: PLR2004  magic, footer length, magic
        cut = "is cut short" if head == b"PAR1" else "is not Parquet"
        raise InputError(f"{part.name} {cut}: write it again, or name it after what it is")
    if part.suffix.endswith(".gz") and head[:2] != b"\x1f\x8b":
        raise InputError(f"{part.name} is not gzip: compress it again, or drop .gz from its name")
    if not part.suffix.endswith((".gz", ".parquet")) and (head == b"PAR1" or head[:2] == b"\x1f\x8b" or head == b"PK\x03\x04"):
        raise InputError(f"{part.name} is not text: name it after what it is (.parquet, or .gz at the end)")


def fingerprint(parts: dict[str, list[Part]]) -> str:
    """SHA-256 over the names and whole contents of all parts, in the order of their names.

    Raises:
        InputError: A part cannot be read.
    """
    return whole({part.name: digest(part) for group in parts.values() for part in group})


def whole(digests: Mapping[str, str]) -> str:
    """The fingerprint of a dataset from those of its parts, by name."""
    total = hashlib.sha256()
    for name in sorted(digests):
        total.update(f"{name}\0{digests[name]}\n".encode())
    return total.hexdigest()


def digest(part: Part) -> str:
    """SHA-256 of a part's contents.

    Raises:
        InputError: It cannot be read.
    """
    try:
        with part.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{part.name} cannot be read: {error.strerror or error}") from None
