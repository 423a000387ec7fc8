"""Which files of a folder hold which table, and the refusal of those that are not what their names say."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError

SUFFIXES = (".parquet", ".csv", ".csv.gz", ".jsonl", ".jsonl.gz")
_HINT = "a table is one file such as orders.parquet, orders.csv or orders.jsonl.gz, or a folder orders/ of such files"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a table; `partition` holds the values that its hive folders name."""

    table: str
    path: Path
    name: str
    """Path relative to the dataset, for messages."""
    suffix: str
    partition: tuple[tuple[str, str], ...] = ()


def find(folder: Path) -> dict[str, list[Part]]:
    """The parts of every table in a dataset folder.

    Raises:
        InputError: The folder, a required table or a part is missing or ambiguous, or a file is not what its name says.
    """
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
    paths = [folder / f"{table}{suffix}" for suffix in SUFFIXES if (folder / f"{table}{suffix}").is_file()]
    inside = folder / table
    if inside.is_dir():
        paths.append(inside)
    if len(paths) > 1:
        names = " and ".join(path.name for path in paths)
        raise InputError(f"{folder}: {names} both claim to be the table {table}: keep one, or put all parts into the folder {table}/")
    if not paths:
        return []
    if paths[0] != inside:
        return [Part(table, paths[0], paths[0].name, _suffix(paths[0]))]
    files = [path for path in sorted(inside.rglob("*")) if path.is_file() and _suffix(path) and not _hidden(path.relative_to(inside))]
    if not files:
        raise InputError(f"{inside} holds no readable part: {_HINT}")
    return [Part(table, path, str(path.relative_to(folder)), _suffix(path), _partition(path.relative_to(inside))) for path in files]


def _suffix(path: Path) -> str:
    """The known ending of a file's name; the longest one wins; empty where there is none."""
    return next((suffix for suffix in sorted(SUFFIXES, key=len, reverse=True) if path.name.endswith(suffix)), "")


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)


def _partition(path: Path) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in path.parts[:-1] if "=" in part)
    return tuple((key.strip().lower(), value) for key, _, value in pairs)


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
    """SHA-256 over the names and whole contents of all parts, in the order of their names."""
    total = hashlib.sha256()
    for part in sorted((part for group in parts.values() for part in group), key=lambda part: part.name):
        with part.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        total.update(f"{part.name}\0{digest.hexdigest()}\n".encode())
    return total.hexdigest()
