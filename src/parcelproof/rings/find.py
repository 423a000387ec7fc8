"""Rings among the pairs of one side: peel, compare with shuffles, grow, and hold against the same shops' other orders."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.grow import Size, grow, restrict, size
from parcelproof.rings.peel import NOTHING, densest, make, shuffled
from parcelproof.rings.projection import divided, project


@dataclass(frozen=True, slots=True)
class Terms:
    """What a block must show to be named a ring.

    `ratio` and `p_value` hold flags inside against those expected; a shuffle shows 1 in `permutations` + 1 at best.
    """

    permutations: int = 49
    ratio: float = 2.0
    p_value: float = 1e-4
    least_buyers: int = 5
    least_shops: int = 2
    most_blocks: int = 24


@dataclass(frozen=True, slots=True)
class Block:
    """A block of one side: members, pairs, flags in all and among those held back, what was expected of them, and how sure it is."""

    number: int
    actors: int
    shops: int
    buyers: int
    pairs: int
    flagged: int
    expected: float
    flagged_held: int
    expected_held: float
    p_value: float
    permutation_p: float | None
    """None where the flags did not find it."""
    coordinated: bool
    """Whether the projection found it, which looks at no flag."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rings of one side, and the groups that act together with nothing physical to hold against them, the most surprising first."""

    rings: list[Block]
    others: list[Block]


def number(engine: Engine) -> int:
    """Lay the tables of numbers from `ring_orders` (actor, shop, buyer, flagged, stratum); how many flags the search may see."""
    for name in ("ring_actors", "ring_shops", "ring_buyers", "ring_pairs", "actor_degrees", "shop_degrees", "stratum_rates"):
        make(engine, name)
    make(engine, "units", edges=engine.row("select count(*) from ring_pairs")[0])
    engine.drop("ring_pairs")
    make(engine, "actor_flags")
    engine.table("taken", "select b, m from units where false")
    engine.table("block_actors", "select 0 as ring, b from units where false")
    engine.table("block_shops", "select 0 as ring, m from units where false")
    return int(engine.row("select coalesce(sum(flag), 0) from units where not held")[0])


def find(engine: Engine, terms: Terms, *, projecting: bool = True) -> Found:
    """The rings of `ring_orders`; their members stand in `block_actors` (ring, b) and `block_shops` (ring, m).

    The projection is for sides whose actors act for themselves: keys that buyers share are tied by being shared.
    """
    flags = number(engine)
    whole = size(engine)
    blocks = list(_peeled(engine, terms, whole, flags)) if flags else []
    return Found(*_projected(engine, terms, whole, blocks)) if projecting else Found(blocks, [])


def _peeled(engine: Engine, terms: Terms, whole: Size, flags: int) -> Iterator[Block]:
    """Blocks of flagged pairs that are denser than every shuffle, as long as there are any, where the gate lets them pass."""
    chance = shuffled(engine, terms.permutations, flags)
    rings = 0
    for _ in range(terms.most_blocks):
        make(engine, "flagged")
        density = densest(engine, "flagged", "core")
        if density is NOTHING or not all(density > other for other in chance):
            return
        engine.table("whole_core", "select b, m from core")
        for _ in _grown(engine, whole):
            block = _judged(engine, rings + 1, blind=False, permutation_p=1 / (1 + terms.permutations))
            if passes(block, terms):
                rings += 1
                _keep(engine, block)
                yield block
                break
        else:
            engine.table("core", "select b, m from whole_core")
        engine.run("insert into taken select b, m from core union select b, m from inside where flag = 1")


def _grown(engine: Engine, whole: Size) -> Iterator[None]:
    """What the core may be the heart of, each grown: all of it by its shops, by its actors, and its parts. None is of two that have nothing in common."""
    for anew in (True, False):
        engine.table("core", "select b, m from whole_core")
        grow(engine, whole, anew=anew, blind=False)
        yield from _undivided(engine, whole, blind=False)
    yield from _parts(engine, whole, "whole_core", blind=False)


def _undivided(engine: Engine, whole: Size, *, blind: bool) -> Iterator[None]:
    """The grown block where its actors tie its shops together; else its parts: a ring does not answer for fans who peel with it, nor they for it."""
    engine.table("whole_block", "select b, m from inside")
    if len(divided(engine, "whole_block")) == 1:
        yield
    else:
        yield from _parts(engine, whole, "whole_block", blind=blind)


def _parts(engine: Engine, whole: Size, pairs: str, *, blind: bool) -> Iterator[None]:
    """The parts of a table of pairs, each grown on its own; where one grows into another again, its weightiest part."""
    parts = divided(engine, pairs)
    engine.table("part_labels", "select m, label from labels")
    for part in parts:
        engine.table("core", f"select b, m from {pairs} where m in (select m from part_labels where label = {part})")
        grow(engine, whole, anew=False, blind=blind)
        grown = divided(engine, "inside")
        if len(grown) > 1:
            restrict(engine, whole, grown[0], blind=blind)
        yield


def _projected(engine: Engine, terms: Terms, whole: Size, blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """(the rings, those that the projection found too or alone; what it found that the gate does not let pass)."""
    rings, others = {block.number: block for block in blocks}, list[Block]()
    for group in project(engine, terms.least_buyers)[: terms.most_blocks]:
        make(engine, "tied_core", "core", label=group)
        known = engine.rows(
            "select ring from block_shops where m in (select m from core) group by ring having 2 * count(*) > (select count(distinct m) from core) order by 1"
        )
        for (ring,) in known:
            if ring in rings:
                rings[ring] = replace(rings[ring], coordinated=True)
        if known:
            continue
        grow(engine, whole, anew=True, blind=True)
        for _ in _undivided(engine, whole, blind=True):
            block = _judged(engine, len(rings) + len(others) + 1, blind=True)
            if passes(block, terms):
                rings[block.number] = block
            elif large(block, terms):
                others.append(block)
            else:
                continue
            _keep(engine, block)
    return list(rings.values()), others


def _keep(engine: Engine, block: Block) -> None:
    """Write down the members of a block under its number."""
    engine.run(f"insert into block_actors select {block.number}, b from in_actors")
    engine.run(f"insert into block_shops select distinct {block.number}, m from inside")


def _judged(engine: Engine, number: int, *, blind: bool, permutation_p: float | None = None) -> Block:
    """The grown block with its counts."""
    actors, shops, buyers = engine.row("select count(distinct b), count(distinct m), count(distinct c) from inside")
    make(engine, "gate", blind=blind)
    pairs, flagged, flagged_held, expected, expected_held = engine.row("select pairs, flagged, flagged_held, expected, expected_held from gate")
    log_p = engine.row(f"select round(log_tail({flagged_held}, cast({expected_held} as double)), 6)")[0]
    return Block(number, actors, shops, buyers, pairs, flagged, expected, flagged_held, expected_held, math.exp(log_p), permutation_p, coordinated=blind)


def large(block: Block, terms: Terms) -> bool:
    """Whether a block has members enough to be called a group."""
    return block.buyers >= terms.least_buyers and block.shops >= terms.least_shops


def passes(block: Block, terms: Terms) -> bool:
    """Whether a block is large enough, and flagged far more than the same shops' other pairs let expect."""
    return large(block, terms) and block.flagged_held >= terms.ratio * block.expected_held and block.p_value <= terms.p_value
