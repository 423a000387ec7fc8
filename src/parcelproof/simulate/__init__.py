"""A small labelled marketplace, drawn from a seed; the labels stand in a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
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


def simulate(shipments: int, seed: int, out: Path, progress: Callable[[str], None] = lambda _: None) -> Simulated:
    """Write a marketplace of `shipments` orders into `out` and its labels into `<out>-labels`; `progress` hears the name of each table.

    Raises:
        InputError: A folder cannot be written, or holds something else.
    """
    labels = out.with_name(out.name + "-labels")
    for folder in (out, labels):
        fresh(folder, {f"{table}.parquet" for table in TABLES})
    with Engine() as engine:
        world = (SQL / "marketplace.sql").read_text(encoding="utf-8")
        engine.table("world", world.replace("$shipments", str(shipments)).replace("$seed", str(seed)))
        engine.table("legs", (SQL / "legs.sql").read_text(encoding="utf-8"))
        for table in TABLES:
            progress(f"writing {table}")
            select = (SQL / f"{table}.sql").read_text(encoding="utf-8")
            folder = labels if table == "labels" else out
            engine.run(f"copy ({select}) to {quoted(folder / f'{table}.parquet')} (format parquet)")
        counts = dict(engine.rows("select pattern, count(*) from world group by pattern order by pattern"))
    return Simulated(out, labels, counts)


def fresh(folder: Path, own: Collection[str]) -> None:
    """Make a folder, or empty one that holds nothing but entries that an earlier run made.

    Args:
        folder: The folder.
        own: Names that an earlier run may have left in it.

    Raises:
        InputError: It cannot be written, or holds something else, which is left as it is.
    """
    try:
        there = list(folder.iterdir()) if folder.exists() else []
        strange = sorted(path.name for path in there if path.name not in own)
        if strange:
            raise InputError(f"--out: {folder} holds {strange[0]}, which is not of an earlier run: name a new folder")
        for path in there:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"--out: {folder} cannot be written ({error.strerror or error}): name another folder") from None
