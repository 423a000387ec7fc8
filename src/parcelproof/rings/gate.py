"""Flags inside a block against what the same shops' other pairs, and the same actors' other shops, let expect."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from parcelproof.rings.grow import Group, rates_of_others
from parcelproof.rings.pairs import Floats, Numbers, Pairs
from parcelproof.rings.tails import log_tail


@dataclass(frozen=True, slots=True)
class Block:
    """A block of one side: members, pairs, flags in all and among those held back, what was expected of them, and how sure it is.

    `actors` and `shops` are the numbers of its members outside the search. `permutation_p` is None where the flags did not find it;
    `coordinated` says whether the projection found it, which looks at no flag.
    """

    actors: tuple[int, ...]
    shops: tuple[int, ...]
    buyers: int
    pairs: int
    flagged: int
    expected: float
    flagged_held: int
    expected_held: float
    p_value: float
    permutation_p: float | None
    coordinated: bool


def weigh(pairs: Pairs, group: Group, *, blind: bool, permutation_p: float | None = None) -> Block:
    """The block that a group is.

    The search saw no flag that is held, and a blind one saw none, so their tail is a fair p value.
    """
    within = _once(pairs, pairs.inside(group.actors, group.shops))
    expected = _expected(pairs, within, group)[np.searchsorted(group.shops, pairs.m[within])]
    flag, bears = pairs.flag[within], pairs.held[within] | blind
    flagged_held, expected_held = int(flag[bears].sum()), round(float(expected[bears].sum()), 6)
    return Block(
        tuple(pairs.names[group.actors].tolist()), tuple(group.shops.tolist()), len(np.unique(pairs.c[within])), len(within), int(flag.sum()),
        round(float(expected.sum()), 6), flagged_held, expected_held, math.exp(float(log_tail(flagged_held, expected_held))), permutation_p, blind,
    )  # fmt: skip


def _expected(pairs: Pairs, within: Numbers, group: Group) -> Floats:
    """For each shop, what share of the block's pairs would be flagged if they were like others.

    Actors whose pairs elsewhere are flagged more than their strata expect, such as the tenants of one careless pickup station, raise
    what is expected of all: as many times as that, and at least to their rate.
    """
    rows = pairs.of_actors(group.actors)
    away = rows[~pairs.among(group.shops)[pairs.m[rows]]]
    flags, chances = int(pairs.flag[away].sum()), float(pairs.rates(away).sum())
    times = max(1.0, (flags + 5) / (chances + 5))
    rate = (flags + 20 * chances / max(1, len(away))) / (len(away) + 20)
    return np.maximum(rate, times * rates_of_others(pairs, within, group.shops))


def _once(pairs: Pairs, rows: Numbers) -> Numbers:
    """One row for each buyer at a shop, however many keys tie him to the block."""
    order = np.lexsort((pairs.c[rows], pairs.m[rows]))
    m, c = pairs.m[rows][order], pairs.c[rows][order]
    return np.sort(rows[order[(np.diff(m, prepend=-1) != 0) | (np.diff(c, prepend=-1) != 0)]])
