"""A small market as a dataset on disk: honest groups always, rings where asked for."""

from __future__ import annotations

from pathlib import Path

import duckdb

TABLES = ("orders", "declarations", "parcels", "scans", "receipts", "links", "merchants", "warehouses")
SQL = Path(__file__).with_suffix(".sql")


def write(folder: Path, *, rings: bool, seed: int = 1, order: str = "all", tables: tuple[str, ...] = TABLES) -> Path:
    """Write the market into a folder; rows stand in any `order`. The tables left out are unknown."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        db.execute(SQL.read_text(encoding="utf-8").replace("$rings", str(rings).lower()).replace("$seed", str(seed)))
        for table in tables:
            db.execute(f"copy (select * from market_{table} order by {order}) to '{folder / table}.parquet'")
    return folder
