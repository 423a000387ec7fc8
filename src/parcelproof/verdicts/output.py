"""Writes a judged folder: tables sorted by their key, run.json and the page."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import InputError, UsageError, unknown_name
from parcelproof.verdicts.parquet_files import write_findings, write_verdicts
from parcelproof.verdicts.result import OUTPUTS, SHADOWS, in_order

if TYPE_CHECKING:
    from parcelproof.verdicts.judge import Stopwatch

FORMATS = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header",
    "jsonl": "format json",
}

PART = ".part"
"""The folder beside the final place, in the same file system."""
_FAST = {"verdicts": write_verdicts, "findings": write_findings}


def check_target(dataset: Path, out: Path | None, output_format: str) -> None:
    """Refuse a place that cannot be written to before any work is done.

    Raises:
        UsageError: The format is unknown, or the output folder is a file or the dataset itself.
        InputError: Nothing can be written there.
    """
    if output_format not in FORMATS:
        raise UsageError(unknown_name("output format", output_format, FORMATS))
    if out is None:
        return
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out} is a file: name a folder")
    if out.resolve() == dataset.resolve():
        raise UsageError(f"--out {out} is the dataset itself: name another folder, so that the next run does not read its own output")
    try:
        tempfile.TemporaryFile(dir=next(folder for folder in (out, *out.absolute().parents) if folder.exists())).close()
    except OSError as error:
        raise unwritable(out, error) from None


def unwritable(out: Path, error: OSError) -> InputError:
    """Say that a folder cannot be written."""
    return InputError(f"--out {out} cannot be written ({error.strerror or error}): choose another folder or free the space")


@dataclass(slots=True)
class Writing:
    """A folder on its way; nothing is written where `out` is none."""

    db: Engine
    pool: ThreadPoolExecutor
    cursors: ExitStack
    out: Path | None
    output_format: str
    started: dict[str, tuple[Future[None], Engine]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Write a table that stands while the rest is still judged.

        Raises:
            InputError: The folder cannot be written.
        """
        if self.out is not None:
            try:
                path = self._part(self.out) / f"{name}.{self.output_format}"
            except OSError as error:
                raise unwritable(self.out, error) from None
            other = self.cursors.enter_context(self.db.beside())
            self.started[name] = self.pool.submit(copy, other, name, path, self.output_format), other

    def finish(self, run: dict[str, Any], watch: Stopwatch) -> None:
        """Write the rest and move everything in; run.json comes last and says the folder is whole.

        Raises:
            InputError: The folder cannot be written.
        """
        if self.out is not None:
            watch.stage("writing")
            try:
                self._rest(self.out, run, watch)
            except OSError as error:
                raise unwritable(self.out, error) from None

    def _rest(self, out: Path, run: dict[str, Any], watch: Stopwatch) -> None:
        from parcelproof.report import render_report  # noqa: PLC0415  needs the page's templates only here

        part = self._part(out)
        for name in (*OUTPUTS, *(SHADOWS if "shadow" in run else ())):
            if name not in self.started:
                copy(self.db, name, part / f"{name}.{self.output_format}", self.output_format)
        page = render_report(self.db, run)
        for table, _ in self.started.values():
            table.result()
        watch.done("write")
        (part / "report.html").write_text(page, encoding="utf-8")
        (part / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        (out / "run.json").unlink(missing_ok=True)
        for name in (*OUTPUTS, *SHADOWS):
            for old in FORMATS:
                (out / f"{name}.{old}").unlink(missing_ok=True)
        for path in sorted(part.iterdir(), key=lambda path: path.name == "run.json"):
            path.replace(out / path.name)

    def stop(self) -> None:
        """Stop what is still being written."""
        while wait([table for table, _ in self.started.values()], timeout=0.02).not_done:
            for _, other in self.started.values():
                other.interrupt()

    def _part(self, out: Path) -> Path:
        """The folder beside the final place, new when the first table is written."""
        part = out / PART
        if not self.started:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
        return part


@contextmanager
def writing(db: Engine, out: Path | None, output_format: str) -> Iterator[Writing]:
    """Write a judged folder beside its final place; of one that is not finished nothing is left."""
    try:
        with ExitStack() as cursors, ThreadPoolExecutor(len(_FAST)) as pool:
            files = Writing(db, pool, cursors, out, output_format)
            try:
                yield files
            except BaseException:
                files.stop()
                raise
    finally:
        if out is not None:
            shutil.rmtree(out / PART, ignore_errors=True)


def copy(db: Engine, name: str, path: Path, output_format: str) -> None:
    """Write one table in the order of its key."""
    if name in _FAST and output_format == "parquet":
        _FAST[name](db, path)
        return
    db.run(f"copy ({in_order(db, name)}) to {quoted(path)} ({FORMATS[output_format]})")
