"""The pairs of one side and window as arrays: who met whom, which of it is flagged, and what all orders of a shop are like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Truths: TypeAlias = npt.NDArray[np.bool_]
Draws: TypeAlias = npt.NDArray[np.uint32]

HELD = 4
"""One pair in so many keeps its flag out of the search, to bear witness afterwards."""


@dataclass(frozen=True, slots=True)
class Shops:
    """What all pairs of buyer and shop of a window are like: how many there are, how many of each shop, and how often they are flagged."""

    edges: int
    buyers: int
    pairs: Numbers
    """Of each shop, by its number; 0 where it has none."""
    flagged: Numbers
    expected: Floats
    """Flags that the strata of its pairs let expect."""
    rates: Floats
    """The share of flags in each stratum."""

    @classmethod
    def of(cls, m: Numbers, c: Numbers, flag: Truths, stratum: Numbers) -> Shops:
        """Count the pairs of buyer and shop: a row for each, sorted by buyer."""
        met = np.bincount(stratum)
        rates: Floats = np.bincount(stratum, weights=flag) / np.maximum(met, 1)
        flagged = np.bincount(m, weights=flag).astype(np.int64)
        expected: Floats = np.bincount(m, weights=rates[stratum]).astype(np.float64)
        return cls(len(m), len(runs(c)), np.bincount(m), flagged, expected, rates)


@dataclass(slots=True)
class Pairs:
    """Actors (buyers, or keys that buyers share) at shops: a row for each actor, shop and buyer, sorted by these numbers.

    Numbers follow the order of names, so that nothing depends on the order of the rows of a dataset.
    """

    names: Numbers
    """The number that each actor has outside; inside they are counted from 0."""
    b: Numbers
    m: Numbers
    c: Numbers
    flag: Truths
    stratum: Numbers
    shops: Shops
    keyed: bool = field(init=False)
    """Whether actors are keys that buyers share."""
    held: Truths = field(init=False)
    base: Draws = field(init=False)
    """A fair draw of 32 bits for each pair of buyer and shop, from their numbers alone."""
    actor_starts: Numbers = field(init=False)
    by_shop: Numbers = field(init=False)
    shop_starts: Numbers = field(init=False)
    flags_seen: Numbers = field(init=False)
    """How many flags of each actor the search may see."""

    def __post_init__(self) -> None:
        self.keyed = not np.array_equal(self.names[self.b], self.c)
        mixed = _mixed(self.m, self.c)
        self.held = (_place_of_shop(self.m, self.c) + (_mixed(np.zeros_like(self.c), self.c) % np.uint64(HELD)).astype(np.int64)) % HELD == 0
        self.base = (mixed >> np.uint64(32)).astype(np.uint32)
        self.actor_starts = _starts(self.b, len(self.names))
        self.by_shop = np.argsort(self.m, kind="stable")
        self.shop_starts = _starts(self.m, len(self.shops.pairs))
        self.flags_seen = np.bincount(self.b, weights=self.flag & ~self.held, minlength=len(self.names)).astype(np.int64)

    @classmethod
    def of(cls, actor: Numbers, m: Numbers, c: Numbers, flag: Truths, stratum: Numbers, shops: Shops) -> Pairs:
        """Rows that are sorted by actor, shop and buyer."""
        names, b = np.unique(actor, return_inverse=True)
        return cls(names, b, m, c, flag, stratum, shops)

    @property
    def degrees(self) -> Numbers:
        """The pairs of each actor."""
        return np.diff(self.actor_starts)

    def rates(self, rows: Numbers) -> Floats:
        """What share of pairs like these is flagged."""
        found: Floats = self.shops.rates[self.stratum[rows]]
        return found

    def weights(self, rows: Numbers) -> Numbers:
        """How surprising it is that this actor meets this shop, in whole thousandths, so that sums do not depend on their order."""
        met = self.degrees[self.b[rows]].astype(np.float64) * self.shops.pairs[self.m[rows]]
        surprise: Numbers = np.rint(1000 * np.log(1 + self.shops.edges / met)).astype(np.int64)
        return surprise

    def of_actors(self, actors: Numbers) -> Numbers:
        """The rows of some actors, in order."""
        return _spans(self.actor_starts, actors)

    def at_shops(self, shops: Numbers) -> Numbers:
        """The rows of some shops, in order."""
        return np.sort(self.by_shop[_spans(self.shop_starts, shops)])

    def inside(self, actors: Numbers, shops: Numbers) -> Numbers:
        """The rows of these actors at these shops, in order."""
        rows = self.of_actors(actors)
        return rows[self.among(shops)[self.m[rows]]]

    def among(self, shops: Numbers) -> Truths:
        """For every shop, whether it is one of these."""
        marked = np.zeros(len(self.shops.pairs), dtype=np.bool_)
        marked[shops] = True
        return marked


def runs(keys: Numbers) -> Numbers:
    """Where each run of equal keys begins."""
    return np.flatnonzero(np.diff(keys, prepend=-1))


def summed(values: Numbers | Floats | Truths, starts: Numbers) -> Numbers:
    """Whole sums over runs."""
    return np.add.reduceat(values.astype(np.int64), starts) if len(starts) else np.zeros(0, dtype=np.int64)


def components(one: Numbers, other: Numbers, size: int) -> Numbers:
    """For each of so many things, the least that its ties lead to."""
    label = np.arange(size)
    while True:
        before = label.copy()
        least = np.minimum(label[one], label[other])
        np.minimum.at(label, one, least)
        np.minimum.at(label, other, least)
        label = label[label]
        if np.array_equal(label, before):
            return label


def chunks(size: int, at_once: int) -> Iterator[tuple[int, int]]:
    """From and to, so many at once."""
    return ((start, min(start + at_once, size)) for start in range(0, size, at_once))


def _spans(starts: Numbers, chosen: Numbers) -> Numbers:
    """All places between the start of each chosen one and the next."""
    begin, length = starts[chosen], starts[chosen + 1] - starts[chosen]
    return np.repeat(begin - (np.cumsum(length) - length), length) + np.arange(length.sum())


def _starts(keys: Numbers, size: int) -> Numbers:
    return np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=size))])


def _place_of_shop(m: Numbers, c: Numbers) -> Numbers:
    """Which of its buyer's shops each row's is, from 0: the same for all rows of one buyer at one shop."""
    order = np.lexsort((m, c))
    first = np.diff(c[order], prepend=-1) != 0
    new = first | (np.diff(m[order], prepend=-1) != 0)
    place = np.cumsum(new) - 1
    found = np.empty_like(m)
    found[order] = place - np.maximum.accumulate(np.where(first, place, 0))
    return found


def _mixed(m: Numbers, c: Numbers) -> npt.NDArray[np.uint64]:
    """64 bits of the two numbers, well mixed (the finish of splitmix64)."""
    x = (c.astype(np.uint64) << np.uint64(32)) + m.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
