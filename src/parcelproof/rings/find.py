"""Rings among the pairs of one side: peel, compare with shuffles, grow, and hold against the same shops' other orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from parcelproof.rings.gate import Block, weigh
from parcelproof.rings.grow import HABIT, TIE, Group, divided, grow, restrict
from parcelproof.rings.pairs import Numbers, Pairs
from parcelproof.rings.peel import NOTHING, Density, densest, shuffles


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
class Found:
    """The rings of one side, and the groups that act together with nothing physical to hold against them, the most surprising first."""

    rings: list[Block]
    others: list[Block]


def find(pairs: Pairs, terms: Terms, tied: Iterable[Numbers] = ()) -> Found:
    """The rings of a side.

    Args:
        pairs: The side.
        terms: What a ring must show.
        tied: Groups of shops that the projection ties together, the most surprising first. It is for sides whose actors act for
            themselves: keys that buyers share are tied by being shared.
    """
    return _projected(pairs, terms, tied, list(_peeled(pairs, terms)))


def _peeled(pairs: Pairs, terms: Terms) -> Iterator[Block]:
    """Blocks of flagged pairs that are denser than every shuffle, as long as there are any, where the gate lets them pass."""
    free = pairs.flag & ~pairs.held
    chance: Density | None = None
    for _ in range(terms.most_blocks):
        density, core = densest(pairs, np.flatnonzero(free))
        if chance is None:
            chance = _densest_by_chance(pairs, terms.permutations, density)
        if not density > chance:
            return
        group, block = _first_that_passes(pairs, terms, core)
        if block is not None:
            yield block
        free[core if block is None or group is None else core[pairs.among(group.shops)[pairs.m[core]]]] = False
        if group is not None:
            free[pairs.inside(group.actors, group.shops)] = False


def _first_that_passes(pairs: Pairs, terms: Terms, core: Numbers) -> tuple[Group | None, Block | None]:
    """The first group grown from a core that the gate lets pass, and its block; else the last and None."""
    group: Group | None = None
    if len(np.unique(pairs.m[core])) >= terms.least_shops:
        for group in _grown(pairs, core):
            block = weigh(pairs, group, blind=False, permutation_p=1 / (1 + terms.permutations))
            if passes(block, terms):
                return group, block
    return group, None


def _densest_by_chance(pairs: Pairs, permutations: int, found: Density) -> Density:
    """The greatest density among shuffles; no further than the first that is as dense as what was found."""
    greatest = NOTHING
    for rows in shuffles(pairs, permutations):
        density, _ = densest(pairs, rows)
        greatest = max(greatest, density)
        if not found > greatest:
            break
    return greatest


def _grown(pairs: Pairs, core: Numbers) -> Iterator[Group]:
    """What the core may be the heart of, each grown: all of it by its shops, by its actors, and its parts. None is of two that have nothing in common."""
    for anew in (True, False):
        yield from _undivided(pairs, grow(pairs, core, anew=anew, blind=False), blind=False)
    yield from _parts(pairs, divided(pairs, core), blind=False)


def _undivided(pairs: Pairs, group: Group, *, blind: bool) -> Iterator[Group]:
    """The grown block where its actors tie its shops together; else its parts: a ring does not answer for fans who peel with it, nor they for it.

    Keys are few: a shop that no two of them meet is another one's.
    """
    parts = divided(pairs, pairs.inside(group.actors, group.shops))
    if len(parts) == 1:
        tied = np.unique(pairs.m[parts[0]])
        yield restrict(pairs, group, tied, blind=blind) if pairs.keyed and len(tied) < len(group.shops) else group
    else:
        yield from _parts(pairs, parts, blind=blind)


def _parts(pairs: Pairs, parts: list[Numbers], *, blind: bool) -> Iterator[Group]:
    """Each part grown on its own; where one grows into another again, its weightiest part."""
    for part in parts:
        group = grow(pairs, part, anew=False, blind=blind)
        grown = divided(pairs, pairs.inside(group.actors, group.shops))
        yield group if len(grown) <= 1 else restrict(pairs, group, np.unique(pairs.m[grown[0]]), blind=blind)


def _projected(pairs: Pairs, terms: Terms, tied: Iterable[Numbers], rings: list[Block]) -> Found:
    """The rings, those that the projection found too or alone, and what it found that the gate does not let pass."""
    others: list[Block] = []
    for shops in tied:
        core = _tied_core(pairs, shops)
        known = [block for block in [*rings, *others] if 2 * len(np.intersect1d(block.shops, shops)) > len(shops)]
        if known:
            rings = [replace(block, coordinated=True) if block in known else block for block in rings]
            continue
        for group in _undivided(pairs, grow(pairs, core, anew=True, blind=True), blind=True):
            block = weigh(pairs, group, blind=True)
            if passes(block, terms):
                rings.append(block)
            elif large(block, terms):
                others.append(block)
    return Found(rings, others)


def _tied_core(pairs: Pairs, shops: Numbers) -> Numbers:
    """The rows at a group of tied shops of actors that meet three of them, or two where there are no more than three."""
    rows = pairs.at_shops(shops)
    n = np.bincount(pairs.b[rows], minlength=len(pairs.names))
    return rows[n[pairs.b[rows]] >= min(HABIT, max(TIE, len(shops) - 1))]


def large(block: Block, terms: Terms) -> bool:
    """Whether a block has members enough to be called a group."""
    return block.buyers >= terms.least_buyers and len(block.shops) >= terms.least_shops


def passes(block: Block, terms: Terms) -> bool:
    """Whether a block is large enough, and flagged far more than the same shops' other pairs let expect."""
    return large(block, terms) and block.flagged_held >= terms.ratio * block.expected_held and block.p_value <= terms.p_value
