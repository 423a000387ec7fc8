"""What the fact models need beside the dataset: the engine's words, and the rooms' lists as small tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from parcelproof import places
from parcelproof.carriers.numbers import NORMALISE_SQL, alias_rows, shape_rows
from parcelproof.dataset.tables import TABLES
from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.engines.verbs import Verbs
from parcelproof.facts import graph

if TYPE_CHECKING:
    from parcelproof.engines.spark import Engine as Spark


def derive(engine: Verbs, *, as_of: datetime, present: frozenset[str], wanted: Collection[str] | None = None, keep: Collection[str] = ()) -> Iterator[str]:
    """Make the view `facts` and the table `repeated_scans` from the canonical tables; yields the name of each step before it runs.

    Args:
        engine: Holds the dataset's tables.
        as_of: The moment of judging, naive UTC.
        present: The tables that the dataset has.
        wanted: The facts that will be read, so that no other is computed; all of them unless given.
        keep: Other models to make, and to keep.
    """
    yield "places"
    prepare(engine)
    values = {"as_of": f"timestamp {quoted(as_of.isoformat(sep=' '))}"}
    for table in ("scans", "order_events", "receipts", "complaints"):
        values[f"has_{table}"] = "true" if table in present else "false"
    yield from graph.run(engine, values, wanted, keep=("repeated_scans", *keep))


def hand_over(engine: Spark, local: Engine) -> None:
    """Let DuckDB read what Spark made, where it lies: the facts, and all tables that are still there."""
    later = []
    for name, path in engine.stored():
        relation = f"select * from read_parquet({quoted(path / '*.parquet')})"
        if graph.is_later(name) or name == "quarantine":
            local.table(name, relation)
            later += [name] if graph.is_later(name) else []
        else:
            local.view(name, relation)
    for name, select in engine.viewed():
        if name in TABLES:
            local.view(name, select)
    graph.join_later(local, later)


def prepare(engine: Verbs) -> None:
    """Define the macros and lay down the lists of carriers and places."""
    engine.define(f"create or replace temp macro number_of(number) as {NORMALISE_SQL.format('number')};")
    engine.tick(whole_seconds=engine.row("select coalesce(bool_and(epoch_us(event_time) % 1000000 = 0), true) from scans")[0])
    places.prepare(engine)
    _lay(engine, "carrier_aliases", ("alias", "carrier"), alias_rows())
    _lay(engine, "carrier_shapes", ("carrier", "pattern"), shape_rows())
    engine.spread(
        "place_codes",
        """
        select distinct place as text from scans where adcode is null and place is not null
        union
        select distinct concat_ws(' ', province, city, district) from orders
        where adcode is null and coalesce(province, city, district) is not null
        """,
        places.resolve,
    )


def _lay(engine: Verbs, name: str, columns: tuple[str, str], rows: list[tuple[str, str]]) -> None:
    """Materialise a short list of pairs."""
    values = ", ".join(f"({quoted(a)}, {quoted(b)})" for a, b in rows) or "(null::varchar, null::varchar)"
    engine.table(name, f"select * from (values {values}) as pairs({', '.join(columns)})")
