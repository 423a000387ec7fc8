"""The import command: reads files of a source into a dataset, and reports what was read and what was refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError, ParcelproofError
from parcelproof.sources import reader
from parcelproof.sources.casting import Unusable, cast_row
from parcelproof.sources.common import Context, Reading, parse_zone
from parcelproof.sources.orders import read_orders
from parcelproof.sources.writer import add_rows, keep_salt, salt_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from parcelproof.sources.common import Reader

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file."""

    file: str
    read: dict[str, int]
    """Rows by table, exact repetitions within the file once."""
    refused: list[tuple[str, str]]
    """(where in the file, why)"""
    notes: list[str]


@dataclass(slots=True)
class ImportReport:
    """What an import read, refused and assumed."""

    source: str
    dataset: str
    files: list[FileReport] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def read(self) -> dict[str, int]:
        """Rows by table over all files."""
        total: dict[str, int] = {}
        for file in self.files:
            for table, rows in file.read.items():
                total[table] = total.get(table, 0) + rows
        return total

    @property
    def refused(self) -> list[tuple[str, str, str]]:
        """(file, where, why) over all files."""
        return [(file.file, where, why) for file in self.files for where, why in file.refused]

    def as_json(self) -> dict[str, Any]:
        """The report as an object of plain JSON values."""
        return {
            "source": self.source,
            "dataset": self.dataset,
            "read": self.read,
            "refused": [{"file": file, "where": where, "reason": why} for file, where, why in self.refused],
            "notes": [*self.notes, *(f"{file.file}: {note}" for file in self.files for note in file.notes)],
            "files": [{"file": file.file, "read": file.read, "refused": len(file.refused)} for file in self.files],
        }

    def lines(self, lang: str = "en") -> list[str]:
        """The report for a terminal, in English or Chinese (`zh`); long lists are cut, the JSON has them whole."""
        said = _ZH if lang == "zh" else _EN
        report = [said["read"].format(source=self.source, files=len(self.files), dataset=self.dataset)] if self.read else [said["nothing"]]
        report += [f"  {table:<14}{rows:>10,}" for table, rows in self.read.items()]
        refused = [f"{file}, {where}: {why}" for file, where, why in self.refused]
        for heading, entries in ((said["refused"], refused), (said["notes"], self.as_json()["notes"])):
            if entries:
                report += [heading.format(count=len(entries)), *(f"  {entry}" for entry in entries[:_SHOWN])]
            if len(entries) > _SHOWN:
                report.append(said["more"].format(count=len(entries) - _SHOWN))
        return report


_EN = {
    "read": "Read {source}, {files} files, into {dataset}:",
    "nothing": "Nothing was read.",
    "refused": "Refused, {count}:",
    "notes": "Assumed or odd, {count}:",
    "more": "  ... and {count} more; --json lists them all",
}
_ZH = {
    "read": "已读取 {source} 的 {files} 个文件，写入 {dataset}：",
    "nothing": "没有读到任何内容。",
    "refused": "拒收 {count} 项：",
    "notes": "假定或异常 {count} 项：",
    "more": "  …… 另有 {count} 项，--json 列出全部",
}


def import_files(
    source: str,
    files: Sequence[Path],
    out: Path,
    *,
    orders: Path | None = None,
    timezone: str | None = None,
    salt: bytes | None = None,
    options: dict[str, str] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Read files of one source into the dataset `out`, adding to what is there; the same files again change nothing.

    Args:
        source: Name of a source, such as `kuaidi100`.
        files: Files with payloads; each becomes one part of each table that it has rows of.
        out: The dataset's folder; made where it is missing.
        orders: A file of orders in canonical columns, with their waybills.
        timezone: Zone of times without one; each source's documented zone unless given.
        salt: Key of the hashes that stand in for personal data; the dataset's own unless given.
        options: Options of single readers.
        progress: Hears the name of each file as it is read and written.

    Raises:
        UsageError: No such source or zone.
        InputError: A file cannot be opened, the orders lack a required column, or the dataset cannot be written.
    """
    chosen = reader(source)
    zone = parse_zone(timezone) if timezone is not None else None
    contents = [(path, _bytes_of(path)) for path in dict.fromkeys(files)]
    order_bytes = _bytes_of(orders) if orders is not None else b""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file: name a folder with --out")
    key = salt if salt is not None else salt_of(out)
    report = ImportReport(chosen.name, str(out), notes=_zones(chosen, timezone))
    readings = []
    for path, data in contents:
        progress(f"reading {path.name}")
        readings.append((path, _guarded(chosen.read, data, Context(path.name, zone, key, dict(options or {})))))
    if orders is not None:
        readings.append((orders, read_orders(order_bytes, Context(orders.name, zone, key))))
    if salt is None and any(rows for _, reading in readings for rows in reading.rows.values()):
        keep_salt(out, key)
    for path, reading in readings:
        progress(f"writing {path.name}")
        report.files.append(_one(path, reading, out))
    return report


def _zones(chosen: Reader, timezone: str | None) -> list[str]:
    """What is assumed about times without a zone."""
    if timezone is not None:
        return [f"times without a zone are read as {timezone}, as --timezone says"]
    if chosen.default_zone is not None:
        return [f"times without a zone are read as {chosen.default_zone}, the documented zone of {chosen.name}"]
    return []


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(f"{path} is a folder: name the files in it")
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): check its name") from None


def _guarded(read: Callable[[bytes, Context], Reading], data: bytes, context: Context) -> Reading:
    """A file's reading; a payload that brings its reader down costs that file alone, and is told."""
    try:
        return read(data, context)
    except ParcelproofError:
        raise
    except Exception as error:  # noqa: BLE001  whatever a stranger's payload provokes must not end the run
        broken = Reading()
        broken.refuse("file", f"the reader failed on it ({type(error).__name__}): please report it with the payload")
        return broken


def _one(path: Path, reading: Reading, out: Path) -> FileReport:
    """Write what a file gave, and say so."""
    read: dict[str, int] = {}
    refused = list(reading.refused)
    for name, rows in reading.rows.items():
        table = TABLES[name]
        good = []
        for row in rows:
            try:
                good.append(cast_row(table, row))
            except Unusable as error:
                refused.append((f"{name} row {row.get('waybill_no') or row.get('order_id') or ''}".strip(), str(error)))
        count = add_rows(out, table, good)
        if count:
            read[name] = count
    return FileReport(path.name, read, refused, list(reading.notes))
