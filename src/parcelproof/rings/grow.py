"""From the core of a block to the whole of it: the actors that meet at its shops, and the shops where they meet."""

from __future__ import annotations

from dataclasses import dataclass

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.peel import make

ROUNDS = 4
"""A block grows from shops to actors and back no more often than this."""
MOST_HIT = 0.98
"""However many of a block's pairs are flagged, one without a flag is not impossible."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many pairs, actors and shops there are in all."""

    edges: int
    actors: int
    shops: int


def size(engine: Engine) -> Size:
    """Count the tables of numbers."""
    return Size(*(int(engine.row(f"select count(*) from {table}")[0]) for table in ("units", "actor_degrees", "shop_degrees")))


def grow(engine: Engine, whole: Size, core: str, *, blind: bool) -> None:
    """Make `in_actors`, `in_shops` and their pairs `inside` from a table `core` with the shops `m` to begin with.

    A blind search looks at no flag, so that all of them may bear witness afterwards.
    """
    engine.table("in_shops", f"select distinct m from {core}")
    before: tuple[object, ...] = ()
    for _ in range(ROUNDS):
        make(engine, "grown_actors", volume=_volume(engine, "shop", "m"), edges=whole.edges, actors=whole.actors, blind=blind)
        engine.table("in_actors", "select b from grown_actors")
        make(engine, "grown_shops", volume=_volume(engine, "actor", "b"), edges=whole.edges, shops=whole.shops)
        engine.table("in_shops", "select m from grown_shops")
        after = engine.row("select count(*), sum(cast(m as bigint) * m) from in_shops")
        if after == before:
            break
        before = after
    make(engine, "inside")
    _join(engine, whole, blind=blind)


def _join(engine: Engine, whole: Size, *, blind: bool) -> None:
    """Try all actors once more against the block as it is."""
    members, pairs, seen, flagged = engine.row(
        "select count(distinct b), count(*), count(*) filter (not held), coalesce(sum(flag) filter (not held), 0) from inside"
    )
    if members:
        hit = round(min(MOST_HIT, max(1 - MOST_HIT, flagged / max(1, seen))), 6)
        figures = {"actors": whole.actors, "members": members, "mean": round(pairs / members, 6), "hit": hit}
        values = {name: f"{value}e0" for name, value in figures.items()}
        make(engine, "joined_actors", volume=_volume(engine, "shop", "m"), edges=whole.edges, blind=blind, **values)
        engine.table("in_actors", "select b from joined_actors")
        make(engine, "inside")


def _volume(engine: Engine, side: str, key: str) -> str:
    """The pairs of all members of one side of the block, as a number with a point."""
    total = engine.row(f"select coalesce(sum(d), 0) from {side}_degrees where {key} in (select {key} from in_{side}s)")[0]
    return f"{int(total)}e0"
