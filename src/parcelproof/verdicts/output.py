"""Writes a judged folder: tables sorted by their key, run.json and the page."""

from __future__ import annotations

import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
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


def write(db: Engine, run: dict[str, Any], out: Path, output_format: str, watch: Stopwatch) -> None:
    """Write everything beside its final place, then move it in; run.json comes last and says the folder is whole.

    Raises:
        InputError: The folder cannot be written.
    """
    from parcelproof.report import render_report  # noqa: PLC0415  needs the page's templates only here

    part = out / ".part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        watch.stage("writing")
        with ThreadPoolExecutor(1) as pool, db.beside() as other:
            findings = pool.submit(copy, other, "findings", part / f"findings.{output_format}", output_format)
            for name in (*OUTPUTS, *(SHADOWS if "shadow" in run else ())):
                if name != "findings":
                    copy(db, name, part / f"{name}.{output_format}", output_format)
            page = render_report(db, run)
            findings.result()
        watch.done("write")
        (part / "report.html").write_text(page, encoding="utf-8")
        (part / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        (out / "run.json").unlink(missing_ok=True)
        for name in (*OUTPUTS, *SHADOWS):
            for old in FORMATS:
                (out / f"{name}.{old}").unlink(missing_ok=True)
        for path in sorted(part.iterdir(), key=lambda path: path.name == "run.json"):
            path.replace(out / path.name)
    except OSError as error:
        raise unwritable(out, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def copy(db: Engine, name: str, path: Path, output_format: str) -> None:
    """Write one table in the order of its key."""
    if name in _FAST and output_format == "parquet":
        _FAST[name](db, path)
        return
    db.run(f"copy ({in_order(db, name)}) to {quoted(path)} ({FORMATS[output_format]})")
