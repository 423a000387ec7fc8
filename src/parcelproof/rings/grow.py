"""From the core of a block to the whole of it: the actors that meet at its shops, and the shops where they meet."""

from __future__ import annotations

from dataclasses import dataclass

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.peel import make

ROUNDS = 5
"""A block grows from shops to actors and back no more often than this."""
LOOSE, STRICT = 50_000_000, 15_000_000
"""The mean doubt about the actors of a block, in billionths, while it grows and when it has grown."""
LEAST_HIT, MOST_HIT = 0.02, 0.6
"""The share of flags that is taken to hold among a block's pairs: those that were peeled are flagged more than the others."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many pairs, actors and shops there are in all."""

    edges: int
    actors: int
    shops: int


def size(engine: Engine) -> Size:
    """Count the tables of numbers."""
    return Size(*(int(engine.row(f"select count(*) from {table}")[0]) for table in ("units", "actor_degrees", "shop_degrees")))


def grow(engine: Engine, whole: Size, *, anew: bool, blind: bool) -> None:
    """Make `in_actors`, `in_shops` and their pairs `inside` from a table `core` (b, m) to begin with.

    Args:
        engine: Holds the tables of numbers.
        whole: Their sizes.
        anew: Look for actors by the shops of the core alone, and not from its actors on.
        blind: Look at no flag, so that all of them may bear witness afterwards.
    """
    engine.table("in_actors", "select distinct b from core")
    engine.table("in_shops", "select distinct m from core")
    if anew:
        make(engine, "grown_actors", volume=_volume(engine, "shop", "m"), edges=whole.edges, actors=whole.actors, blind=blind)
        engine.table("in_actors", "select b from grown_actors")
    _spread(engine, whole, blind=blind)
    if not blind:
        make(engine, "kept_shops", hit=f"{_figures(engine)['hit']}e0")
        if engine.row("select count(*) from kept_shops")[0] < engine.row("select count(*) from in_shops")[0]:
            engine.table("in_shops", "select m from kept_shops")
            _join_actors(engine, whole, STRICT, blind=blind)
            _spread(engine, whole, blind=blind)


def restrict(engine: Engine, whole: Size, part: int, *, blind: bool) -> None:
    """Keep of a grown block the shops with one label, and the actors that belong to them."""
    engine.table("in_shops", f"select m from labels where label = {part}")
    make(engine, "inside")
    _join_actors(engine, whole, STRICT, blind=blind)


def _spread(engine: Engine, whole: Size, *, blind: bool) -> None:
    """From shops to actors and back until nothing changes, then once more to the actors that are beyond doubt."""
    before: tuple[object, ...] = ()
    for _ in range(ROUNDS):
        _join_actors(engine, whole, LOOSE, blind=blind)
        make(engine, "joined_shops", volume=_volume(engine, "actor", "b"), edges=whole.edges, shops=whole.shops)
        engine.table("in_shops", "select m from joined_shops")
        after = engine.row("select count(*), sum(cast(m as bigint) * m) from in_shops")
        if after == before:
            break
        before = after
    _join_actors(engine, whole, STRICT, blind=blind)


def _join_actors(engine: Engine, whole: Size, doubt: int, *, blind: bool) -> None:
    """Try all actors against the block as it is, and take its pairs as `inside`."""
    make(engine, "inside")
    values = {name: f"{value}e0" for name, value in {"actors": whole.actors, **_figures(engine)}.items()}
    make(engine, "joined_actors", volume=_volume(engine, "shop", "m"), edges=whole.edges, blind=blind, doubt=doubt, **values)
    engine.table("in_actors", "select b from joined_actors")
    make(engine, "inside")


def _figures(engine: Engine) -> dict[str, float]:
    """What the block is like: how many actors, with how many pairs each, and the share of flags among those that may be seen."""
    members, pairs, seen, flagged = engine.row(
        "select count(distinct b), count(*), count(*) filter (not held), coalesce(sum(flag) filter (not held), 0) from inside"
    )
    hit = min(MOST_HIT, max(LEAST_HIT, flagged / max(1, seen)))
    return {"members": max(1, members), "mean": round(pairs / max(1, members), 6), "hit": round(hit, 6)}


def _volume(engine: Engine, side: str, key: str) -> str:
    """The pairs of all members of one side of the block, as a number with a point."""
    total = engine.row(f"select coalesce(sum(d), 0) from {side}_degrees where {key} in (select {key} from in_{side}s)")[0]
    return f"{int(total)}e0"
