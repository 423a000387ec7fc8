"""Dense blocks of flagged pairs: rounds of peeling, and the same on shuffled flags, which say what density chance gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from parcelproof.rings.pairs import Draws, Numbers, Pairs, runs


@dataclass(frozen=True, slots=True)
class Density:
    """Weight of a block, over how many actors and shops."""

    weight: int
    members: int

    def __gt__(self, other: Density) -> bool:
        """Whether it is denser, in whole numbers."""
        return self.weight * other.members > other.weight * self.members


NOTHING = Density(0, 1)


def densest(pairs: Pairs, rows: Numbers) -> tuple[Density, Numbers]:
    """Peel rows of pairs until nothing is left: who weighs no more than the mean goes. The densest round, and its rows.

    Each pair counts for its actor and for its shop, so the mean is twice the density.
    """
    b, m, w = pairs.b[rows], pairs.m[rows], pairs.weights(rows)
    best, kept = NOTHING, rows[:0]
    while len(rows):
        starts = runs(b)
        of_actor = np.add.reduceat(w, starts)
        of_shop = np.bincount(m, weights=w).astype(np.int64)
        total, members = int(w.sum()), len(starts) + int(np.count_nonzero(of_shop))
        if (density := Density(total, members)) > best:
            best, kept = density, rows
        heavy = np.repeat(of_actor * members > 2 * total, np.diff(starts, append=len(rows))) & (of_shop * members > 2 * total)[m]
        rows, b, m, w = rows[heavy], b[heavy], m[heavy], w[heavy]
    return best, kept


def shuffles(pairs: Pairs, permutations: int) -> Iterator[Numbers]:
    """The rows that each of so many shuffles flags, of those that the search may see.

    Flags move within their stratum over the fixed pairs, so that whatever is dense without them is as dense in every shuffle.
    """
    seen = np.flatnonzero(~pairs.held)
    base, bar = pairs.base[seen], np.minimum(pairs.shops.rates * 2**32, 2**32 - 1).astype(np.uint32)[pairs.stratum[seen]]
    for draw in range(permutations):
        yield seen[_mixed(base, draw) < bar]


def _mixed(base: Draws, draw: int) -> Draws:
    """New draws of 32 bits from old ones, others for each shuffle."""
    x = base ^ np.uint32((draw + 1) * 0x9E3779B9 % 2**32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    return x ^ (x >> np.uint32(16))
