"""Times the judge on a million shipments with eight million time-ordered scans, beside the least any judge must do.

The floor is one row a waybill: first, last, count, delivered, with DuckDB on the same file and machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
FLOOR = """
    create or replace temp table floor as
    select carrier, waybill_no, min(event_time), max(event_time), count(*), bool_or(stage = 'delivered')
    from '{0}/scans.parquet' group by all
"""
MOST = 8.0
"""The judge may take this many times the floor."""


def generate(folder: Path, shipments: int) -> None:
    """Write orders, declarations and scans."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        db.execute((HERE / "judge.sql").read_text(encoding="utf-8").replace("$shipments", str(shipments)))
        for table in ("orders", "declarations", "scans"):
            db.execute(f"copy {table} to '{folder / table}.parquet'")


def floor(folder: Path) -> float:
    """Seconds of the floor, the best of three."""
    best = float("inf")
    with duckdb.connect(config={"preserve_insertion_order": False}) as db:
        for _ in range(3):
            start = time.perf_counter()
            db.execute(FLOOR.format(folder))
            best = min(best, time.perf_counter() - start)
    return best


def main(shipments: int = 1_000_000) -> int:
    """Print the figures; 1 where the judge is slower than it may be."""
    folder, out = HERE / "data" / str(shipments), HERE / "data" / f"{shipments}-out"
    if not (folder / "scans.parquet").exists():
        generate(folder, shipments)
    least = floor(folder)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "parcelproof.cli", "judge", folder, "--policy", "douyin-shop", "--out", out], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    taken = time.perf_counter() - start
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    print(f"floor {least:.2f} s, judge {taken:.2f} s, ratio {taken / least:.1f} (at most {MOST}), peak memory {run['peak_memory_mb']} MiB")
    for stage, seconds in run["seconds"].items():
        print(f"  {stage:<8} {seconds:6.2f} s")
    return int(taken / least > MOST)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
