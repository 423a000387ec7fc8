"""Settles rows that speak of one thing: exact repetitions count once, of several versions the newest known one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from parcelproof.dataset.tables import Table
from parcelproof.engines.duckdb import named, quoted
from parcelproof.engines.verbs import Verbs

TEXT_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Settled:
    """How many rows fell away, and why."""

    quarantined: int = 0
    duplicates: int = 0
    superseded: int = 0


def settle(engine: Verbs, table: Table, plain: list[str], placed: list[str], moment: datetime, tell: Callable[[], None] = lambda: None) -> Settled:
    """Name the table's rows that count at `moment`.

    Scans stay as they are: they have no key, and equal ones are counted where their traces are put in order.
    """
    everything = " union all ".join(f"({select})" for select in plain)
    engine.view(table.name, f"select * from ({everything})")
    later = f"updated_at > timestamp {quoted(moment.isoformat(sep=' '))}"
    superseded = engine.row(f"select count(*) from {named(table.name)} where {later}")[0]
    if superseded:
        engine.view(table.name, f"select * from ({everything}) where updated_at is null or not ({later})")
    if table.name == "scans":
        return Settled(superseded=superseded)
    columns = ", ".join(named(c.name) for c in table.columns)
    key = ", ".join(named(name) for name in table.key) or columns
    repeated = f"select hash({key}) from {named(table.name)} group by hash({key}) having count(*) > 1"
    if engine.row(f"select count(*) from ({repeated})")[0] == 0:
        return Settled(superseded=superseded)
    everything_placed = " union all ".join(f"({select})" for select in placed)
    engine.table(
        "_repeated",
        f"select * from ({everything_placed}) where (updated_at is null or not ({later})) and hash({key}) in ({repeated})",
    )
    rest = f"select {columns} from ({everything}) where (updated_at is null or not ({later})) and hash({key}) not in ({repeated})"
    tell()
    settled = _choose(engine, table, columns, key)
    engine.table(f"_{table.name}_settled", f"{rest} union all select {columns} from _chosen")
    engine.view(table.name, f"select * from {named(f'_{table.name}_settled')}")
    engine.drop("_repeated", "_chosen", "_versions")
    return Settled(settled.quarantined, settled.duplicates, superseded + settled.superseded)


def _choose(engine: Verbs, table: Table, columns: str, key: str) -> Settled:
    """From `_repeated` make `_chosen`, the rows that count; put conflicts aside."""
    engine.table(
        "_versions",
        f"select {columns}, count(*) as _times, min(_file || ' ' || _row) as _first from _repeated group by {columns}",
    )
    duplicates = engine.row("select coalesce(sum(_times - 1), 0) from _versions")[0]
    if not table.key:
        engine.table("_chosen", f"select {columns} from _versions")
        return Settled(duplicates=int(duplicates))
    engine.table(
        "_chosen",
        f"""
        select *, count(*) over (partition by {key}) as _of,
            count(updated_at) over (partition by {key}) as _dated,
            count(*) over (partition by {key}, updated_at) as _tied,
            max(updated_at) over (partition by {key}) as _newest
        from _versions
        """,
    )
    conflict = "_of > 1 and (_dated < _of or max(_tied) over (partition by " + key + ") > 1)"
    engine.table("_chosen", f"select *, {conflict} as _conflict from _chosen")
    pairs = " and ".join(f"r.{named(name)} is not distinct from c.{named(name)}" for name in table.key)
    shown = ", ".join(f"{quoted(name + '=')} || r.{named(name)}" for name in table.key)
    quarantined = engine.row(f"""
        select count(*) from _repeated as r where exists (select 1 from _chosen as c where c._conflict and {pairs})
    """)[0]
    engine.append(
        "quarantine",
        f"""
        select {quoted(table.name)}, r._file, r._row,
            'key ' || concat_ws(', ', {shown}) || ' has several versions and no updated_at says which is newest', left(r._text, {TEXT_LIMIT})
        from _repeated as r where exists (select 1 from _chosen as c where c._conflict and {pairs})
    """,
    )
    inside = engine.row("select coalesce(sum(_times - 1), 0) from _chosen where not _conflict")[0]
    superseded = engine.row("select count(*) from _chosen where not _conflict and _of > 1 and updated_at < _newest")[0]
    engine.table("_chosen", f"select {columns} from _chosen where not _conflict and (_of = 1 or updated_at = _newest)")
    return Settled(int(quarantined), int(inside), int(superseded))
