"""A small labelled marketplace, drawn from a seed; the labels stand in a folder of their own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import InputError

SQL = Path(__file__).parent
TABLES = ("orders", "declarations", "scans", "parcels", "order_events", "complaints", "disruptions", "labels")


@dataclass(frozen=True, slots=True)
class Simulated:
    """Where the marketplace is, and how many shipments each pattern has."""

    dataset: Path
    labels: Path
    counts: dict[str, int]


def simulate(shipments: int, seed: int, out: Path) -> Simulated:
    """Write a marketplace of `shipments` orders into `out` and its labels into `<out>-labels`.

    Raises:
        InputError: The folder cannot be written.
    """
    labels = out.with_name(out.name + "-labels")
    try:
        for folder in (out, labels):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"--out {out} cannot be written: {error.strerror}; choose another folder") from None
    with Engine() as engine:
        world = (SQL / "marketplace.sql").read_text(encoding="utf-8")
        engine.table("world", world.replace("$shipments", str(shipments)).replace("$seed", str(seed)))
        engine.table("legs", (SQL / "legs.sql").read_text(encoding="utf-8"))
        for table in TABLES:
            select = (SQL / f"{table}.sql").read_text(encoding="utf-8")
            folder = labels if table == "labels" else out
            engine.run(f"copy ({select}) to {quoted(folder / f'{table}.parquet')} (format parquet)")
        counts = dict(engine.rows("select pattern, count(*) from world group by pattern order by pattern"))
    return Simulated(out, labels, counts)
