"""A labelled marketplace, drawn from a seed; the labels stand in a folder of their own.

Each step is one SQL file: `world/` makes what is true, `tables/` what a platform sees of it. Lists, shares and numbers, each
with its source, stand in `lists/`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import InputError
from parcelproof.simulate.drawing import Draw, draw
from parcelproof.simulate.shares import LISTS, shares

HERE = Path(__file__).parent
OUTSIDE = {
    "gazetteer": HERE.parent / "places" / "gazetteer.csv",
    "coordinates": HERE.parent / "places" / "coordinates.csv",
    "calendar": HERE.parent / "policies" / "calendars" / "cn.csv",
}
"""Lists of other rooms: the places of today, where the cities lie, the public holidays."""
CHOICES = {
    "pattern": (100_000, "select pattern as value, share as weight from patterns where unit = 'shipments'"),
    "day": (10_000, "select day as value, weight from days"),
    "hour": (1000, "select hour as value, weight from hours"),
    "home": (20_000, "select district as value, people_10k as weight from districts"),
    "category": (1000, "select category as value, share as weight from categories"),
    "carrier": (1000, "select number as value, share as weight from carriers"),
    "seller": (1000, "select city as value, weight from sellers"),
}
"""Weighted choices: how finely each is cut, and what it chooses from."""
WORLD = (
    "days", "districts", "cities", "lanes", "closures", "choices", "shops", "drawn", "matched", "agreed", "promised", "told", "sent",
    "outages", "jams", "routes", "seen", "steps", "sold",
)  # fmt: skip
TABLES = (
    "orders", "declarations", "parcels", "scans", "receipts", "order_events", "complaints", "links", "disruptions", "merchants", "warehouses", "labels",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simulated:
    """Where the marketplace is, and how many shipments each pattern has."""

    dataset: Path
    labels: Path
    counts: dict[str, int]


def simulate(
    shipments: int, seed: int, out: Path, progress: Callable[[str], None] = lambda _: None, *, mix: Path | None = None, threads: int | None = None,
) -> Simulated:  # fmt: skip
    """Write a marketplace of `shipments` orders into `out` and its labels into `<out>-labels`.

    Args:
        shipments: Orders; some declare two numbers, so there are a few more shipments.
        seed: The same seed gives the same rows, with any number of threads.
        out: Folder of the dataset.
        progress: Hears the name of each step.
        mix: A CSV file of pattern and share that replaces shares of `lists/patterns.csv`.
        threads: Threads to use; all processors unless given.

    Raises:
        InputError: A folder cannot be written, or holds something else; or the file of shares has a fault.
    """
    patterns = shares(mix)
    labels = out.with_name(out.name + "-labels")
    for folder in (out, labels):
        fresh(folder, {f"{table}.parquet" for table in TABLES})
    drawn = draw(shipments, seed, patterns)
    with Engine(threads=threads) as engine:
        prepare(engine, drawn)
        for name in WORLD:
            progress(f"making {name}")
            if name == "choices":
                choices(engine)
            else:
                engine.table(name, drawn.filled(HERE / "world" / f"{name}.sql"))
        for table in TABLES:
            progress(f"writing {table}")
            path = (labels if table == "labels" else out) / f"{table}.parquet"
            engine.run(f"copy ({drawn.filled(HERE / 'tables' / f'{table}.sql')}) to {quoted(path)} (format parquet, compression zstd)")
        counts = dict(engine.rows(f"select pattern, count(*) from {quoted(labels / 'labels.parquet')} group by pattern order by pattern"))
    return Simulated(out, labels, counts)


def prepare(engine: Engine, drawn: Draw) -> None:
    """Say how dice are thrown, and lay out the lists."""
    engine.run(drawn.filled(HERE / "macros.sql"))
    for path in (*sorted(LISTS.glob("*.csv")), *OUTSIDE.values()):
        name = next((key for key, value in OUTSIDE.items() if value == path), path.stem)
        number = ", row_number() over () - 1 as number" if name == "carriers" else ""
        typed = "all_varchar = true, " if name in OUTSIDE or name == "provinces" else ""
        engine.table(name, f"select *{number} from read_csv({quoted(path)}, {typed}header = true, delim = ',', quote = '\"')")
    rows = ", ".join(f"({quoted(row.pattern)}, {quoted(row.truth)}, {row.share!r}, {quoted(row.who)}, {quoted(row.unit)})" for row in drawn.patterns)
    engine.table("patterns", f"select * from (values {rows}) as listed(pattern, truth, share, who, unit)")


def choices(engine: Engine) -> None:
    """Cut each weighted choice into slots."""
    text = (HERE / "slots.sql").read_text(encoding="utf-8")
    for name, (count, weights) in CHOICES.items():
        engine.table(f"{name}_slots", text.replace("$count", str(count)).replace("$weights", weights))


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
