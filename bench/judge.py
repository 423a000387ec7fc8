"""Times the judge on shipments with eight time-ordered scans each, beside the least any judge must do.

    python bench/judge.py [SHIPMENTS] [MEMORY]

The floor is one row a waybill: first, last, count, delivered, with DuckDB on the same files and machine.
"""

from __future__ import annotations

import json
import math
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import yaml

from measuring import PARCELPROOF, Spent, spent, spent_by

HERE = Path(__file__).parent
DATA = HERE / "data"
PACK = "douyin-shop"
TABLES = ("orders", "declarations", "scans")
FLOOR = """
    create or replace temp table floor as
    select carrier, waybill_no, min(event_time), max(event_time), count(*), bool_or(stage = 'delivered')
    from {0} group by all
"""
BY_DAY = 20_000_000
"""From so many shipments on nothing can be sorted whole: the tables are folders of one part a day."""
FIRST_DAY, DAYS = datetime(2026, 6, 1), 30  # noqa: DTZ001  times of the dataset are UTC
LONGEST = timedelta(hours=82)
"""From a payment to the last moment of its last scan."""
MARKET, SEED = 20_000, 7
ALWAYS = ("0001-01-01", "9999-12-31")


def thresholds() -> dict[str, Any]:
    """What the figures of all benches are held against."""
    return dict(yaml.safe_load((HERE / "thresholds.yaml").read_text(encoding="utf-8")))


def dataset(shipments: int) -> Path:
    """The folder with so many shipments, written where it is missing."""
    folder = DATA / str(shipments)
    if not folder.exists():
        generate(folder, shipments)
    return folder


def market() -> tuple[Path, Path]:
    """A labelled marketplace with frauds in it, and the file of its labels; written where it is missing."""
    folder = DATA / f"market-{MARKET}-{SEED}"
    if not folder.exists():
        spent("simulate", "--shipments", str(MARKET), "--seed", str(SEED), "--out", folder)
    return folder, folder.with_name(folder.name + "-labels") / "labels.parquet"


def generate(folder: Path, shipments: int, *, by_day: bool | None = None) -> None:
    """Write orders, declarations and scans, as folders of one part a day where they are many; a folder half written has another name."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    (_by_day if (shipments >= BY_DAY if by_day is None else by_day) else _whole)(part, shipments)
    part.rename(folder)


def _whole(folder: Path, shipments: int) -> None:
    with duckdb.connect() as db:
        db.execute(_views(shipments, (0, shipments), ALWAYS))
        for table in TABLES:
            db.execute(f"copy {table} to '{folder / table}.parquet'")


def _by_day(folder: Path, shipments: int) -> None:
    for table in TABLES:
        (folder / table).mkdir()
    with duckdb.connect(config={"temp_directory": str(folder / "spill")}) as db:
        for day, following, paid, scanned in days(shipments):
            if paid[0] < paid[1]:
                db.execute(_views(shipments, paid, ALWAYS))
                for table in ("orders", "declarations"):
                    db.execute(f"copy {table} to '{folder / table / day}.parquet'")
            db.execute(_views(shipments, scanned, (day, following)))
            db.execute(f"copy scans to '{folder / 'scans' / day}.parquet'")
    shutil.rmtree(folder / "spill", ignore_errors=True)


def days(shipments: int) -> Iterator[tuple[str, str, tuple[int, int], tuple[int, int]]]:
    """Each day, the one after it, the numbers of the shipments paid on it, and of those that may be scanned on it."""

    def number(moment: datetime) -> int:
        return min(max(math.ceil((moment - FIRST_DAY) / timedelta(days=DAYS) * shipments), 0), shipments)

    last = FIRST_DAY + timedelta(days=DAYS) + LONGEST
    start = FIRST_DAY
    while start < last:
        end = start + timedelta(days=1)
        # A second more on each side: a payment falls on a whole second.
        yield f"{start:%F}", f"{end:%F}", (number(start), number(end)), (number(start - LONGEST - timedelta(seconds=1)), number(end))
        start = end


def _views(shipments: int, numbers: tuple[int, int], scanned: tuple[str, str]) -> str:
    text = (HERE / "judge.sql").read_text(encoding="utf-8")
    values = {"$shipments": shipments, "$first": numbers[0], "$last": numbers[1], "$since": scanned[0], "$until": scanned[1]}
    for name, value in values.items():
        text = text.replace(name, str(value))
    return text


def files(folder: Path, table: str) -> list[Path]:
    """The parts of one table."""
    return sorted((folder / table).glob("*.parquet")) if (folder / table).is_dir() else [folder / f"{table}.parquet"]


def floor(folder: Path) -> Spent:
    """What the floor costs, the best of three; memory and disk are not told."""
    parts = [str(path) for path in files(folder, "scans")]
    tries = []
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect(config={"preserve_insertion_order": False, "temp_directory": scratch}) as db:
        for _ in range(3):
            start, before = time.perf_counter(), _processors()
            db.execute(FLOOR.format(f"read_parquet({parts})"))
            tries.append(Spent(round(time.perf_counter() - start, 3), round(_processors() - before, 3)))
    return min(tries, key=lambda found: found.wall)


def _processors() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(shipments: int, memory: str | None = None) -> dict[str, Any]:
    """Floor and judge of so many shipments: seconds, memory and spilled disk in MiB, bytes of each table and of what is written."""
    folder, out = dataset(shipments), DATA / f"{shipments}-out"
    least = floor(folder)
    words = ("judge", folder, "--policy", PACK, "--out", out, *(("--memory", memory) if memory else ()))
    judged = spent_by(*PARCELPROOF, *words, scratch=DATA)
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return {
        "shipments": shipments,
        "scans": run["rows"]["scans"]["rows"],
        "memory": memory,
        "bytes": {table: sum(path.stat().st_size for path in files(folder, table)) for table in TABLES}
        | {"out": sum(path.stat().st_size for path in out.rglob("*") if path.is_file())},
        "floor": {"wall": least.wall, "processors": least.processors},
        "judge": asdict(judged),
        "stages": run["seconds"],
        "ratio": round(judged.wall / least.wall, 2),
    }


def told(found: dict[str, Any]) -> str:
    """A measurement in a few lines."""
    judged = found["judge"]
    head = (
        f"{found['shipments']:,} shipments: floor {found['floor']['wall']:.2f} s, judge {judged['wall']:.2f} s, ratio {found['ratio']:.1f}, "
        f"processors {judged['processors']:.1f} s, peak memory {judged['peak_mb']:,} MiB, spilled {judged['scratch_mb']:,} MiB"
    )
    return "\n".join([head, *(f"  {stage:<8} {seconds:7.2f} s" for stage, seconds in found["stages"].items())])


def main(shipments: str = "1000000", memory: str | None = None) -> int:
    """Print the figures; 1 where the judge is slower than it may be."""
    found = measure(int(shipments), memory)
    print(told(found))
    return int(found["ratio"] > thresholds()["ratio"]["at_most"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
