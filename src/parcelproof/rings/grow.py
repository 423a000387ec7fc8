"""From the core of a block to the whole of it: the actors that meet at its shops, and the shops where they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parcelproof.rings.pairs import Floats, Numbers, Pairs, chunks, components, runs, summed
from parcelproof.rings.tails import log_tail, surest

ROUNDS = 5
"""A block grows from shops to actors and back no more often than this."""
LOOSE, STRICT = 50_000_000, 15_000_000
"""The mean doubt about the actors of a block, in billionths, while it grows and when it has grown."""
LEAST_HIT, MOST_HIT = 0.02, 0.6
"""The share of flags that is taken to hold among a block's pairs: those that were peeled are flagged more than the others."""
FALSE_MEMBERS = 0.01
"""Of the members that are named while a block grows, no more than this share may be there by chance."""
TIE, HABIT = 2, 3
"""Who meets two shops ties them; who meets three has chosen them, with no flag to say so."""
FIRMEST = 8
"""More actors than this need not meet two shops to tie them."""
MOST_PARTS = 3
"""A block falls into no more parts than this that are worth a look."""
MOST_TO_DIVIDE = 4096
"""Blocks of more shops are not divided."""


@dataclass(frozen=True, slots=True)
class Group:
    """Actors and shops, sorted."""

    actors: Numbers
    shops: Numbers


def grow(pairs: Pairs, core: Numbers, *, anew: bool, blind: bool) -> Group:
    """Grow the block whose core are some rows.

    Args:
        pairs: The pairs of the side.
        core: Rows to begin with.
        anew: Look for actors by the shops of the core alone, and not from its actors on.
        blind: Look at no flag, so that all of them may bear witness afterwards.
    """
    shops = np.unique(pairs.m[core])
    actors = _drawn_actors(pairs, shops, blind=blind) if anew else np.unique(pairs.b[core])
    group = _spread(pairs, Group(actors, shops), blind=blind)
    if blind:
        return group
    kept = _kept_shops(pairs, group)
    if len(kept) == len(group.shops):
        return group
    return _spread(pairs, restrict(pairs, group, kept, blind=blind), blind=blind)


def restrict(pairs: Pairs, group: Group, shops: Numbers, *, blind: bool) -> Group:
    """Keep some shops of a group, and the actors that belong to them."""
    return Group(_join_actors(pairs, Group(group.actors, shops), STRICT, blind=blind), shops)


def divided(pairs: Pairs, rows: Numbers) -> list[Numbers]:
    """The parts of some rows that actors tie together, the weightiest first.

    Two shops are tied where two or more actors meet both, and more than half as many as would if all actors were of one group: few are
    common to a ring and to fans who grew together with it. As few may meet by chance, so more are asked for as long as each of those shops
    stays tied. Shops without a tie belong to no part. A key that buyers share ties its shops by itself where no two keys do.
    """
    shops, column = np.unique(pairs.m[rows], return_inverse=True)
    if len(shops) > MOST_TO_DIVIDE:
        return [rows]
    met, actors = _meetings(pairs.b[rows], column, len(shops))
    visits = np.diag(met)
    ties = _firmest(met * np.triu(met * actors > 0.6 * np.outer(visits, visits), 1))
    if not len(ties):
        return _by_key(pairs, rows) if pairs.keyed else []
    label = components(ties[:, 0], ties[:, 1], len(shops))
    labels, sizes = np.unique(label[column[np.isin(column, ties)]], return_counts=True)
    order = np.lexsort((labels, -sizes))[:MOST_PARTS]
    return [rows[label[column] == part] for part in labels[order]]


def _firmest(met: Floats) -> Numbers:
    """The pairs of shops that so many actors meet as leave no shop alone that two tie."""
    ties = np.argwhere(met >= TIE)
    tied = len(np.unique(ties))
    for least in range(TIE + 1, FIRMEST + 1):
        firm = ties[met[ties[:, 0], ties[:, 1]] >= least]
        if len(np.unique(firm)) < tied:
            break
        ties = firm
    return ties


def _by_key(pairs: Pairs, rows: Numbers) -> list[Numbers]:
    """The rows of each key, those with most first."""
    starts = runs(pairs.b[rows])
    parts = np.split(rows, starts[1:])
    return [parts[place] for place in np.argsort([-len(part) for part in parts], kind="stable")[:MOST_PARTS]]


def _meetings(b: Numbers, column: Numbers, shops: int) -> tuple[Floats, int]:
    """How many actors any two shops share, and how many there are in all."""
    actors, line = np.unique(b, return_inverse=True)
    met = np.zeros((shops, shops))
    for start, end in chunks(len(actors), 4096):
        low, high = np.searchsorted(line, (start, end))
        visits = np.zeros((end - start, shops), dtype=np.float32)
        visits[line[low:high] - start, column[low:high]] = 1
        met += visits.T @ visits
    return met, len(actors)


def _spread(pairs: Pairs, group: Group, *, blind: bool) -> Group:
    """From shops to actors and back until nothing changes, then once more to the actors that are beyond doubt."""
    before = np.zeros(0, dtype=np.int64)
    for _ in range(ROUNDS):
        actors = _join_actors(pairs, group, LOOSE, blind=blind)
        group = Group(actors, _joined_shops(pairs, actors))
        if np.array_equal(before, group.shops):
            break
        before = group.shops
    return restrict(pairs, group, group.shops, blind=blind)


def _drawn_actors(pairs: Pairs, shops: Numbers, *, blind: bool) -> Numbers:
    """Actors with more pairs at the shops than chance gives them (a Poisson tail under their own volume and the shops').

    Fewer pairs suffice where their flags add to the surprise (Fisher's way to join two p values). Flags that are held back do not
    count, and none where the search is blind.
    """
    rows, starts, n = _at_least_twice(pairs, shops)
    seen = ~pairs.held[rows] & (not blind)
    flagged, expected = summed(pairs.flag[rows] & seen, starts), _added(pairs.rates(rows) * seen, starts)
    actors = pairs.b[rows[starts]]
    meeting = log_tail(n, pairs.degrees[actors] * float(pairs.shops.pairs[shops].sum()) / pairs.shops.edges)
    both = meeting + log_tail(flagged, expected)
    log_p = np.round(np.log(2) + np.minimum(np.where(n >= HABIT, meeting, 0.0), both + np.log(1 - both)), 6)
    return actors[surest(log_p, FALSE_MEMBERS, pairs.shops.buyers)]


def _join_actors(pairs: Pairs, group: Group, doubt: int, *, blind: bool) -> Numbers:
    """The actors of a block, each tried against the block itself.

    A member has as many pairs as the mean of its actors and their share of flags; anybody else its own volume, and the rate of its
    strata or of its pairs elsewhere; at odds of the members among all actors. So a few pairs count where the block as a whole is beyond
    doubt. Doubts are summed in whole billionths; the odds are raised by what they make believe, and the members are as many as keep the
    mean doubt below `doubt`. Flags that are held back do not count, and none where the search is blind.
    """
    within = pairs.inside(group.actors, group.shops)
    members = max(1, len(runs(pairs.b[within])))
    mean, hit = len(within) / members, _hit(pairs, within)
    rows, starts, n = _at_least_twice(pairs, group.shops)
    actors = pairs.b[rows[starts]]
    shown = ~pairs.held[rows] & (not blind)
    seen, flagged, rate = summed(shown, starts), summed(pairs.flag[rows] & shown, starts), _added(pairs.rates(rows), starts) / n
    degrees = pairs.degrees[actors]
    expected = degrees * float(pairs.shops.pairs[group.shops].sum()) / pairs.shops.edges
    elsewhere = rate if blind else (pairs.flags_seen[actors] - flagged + 5 * rate) / (0.75 * (degrees - n) + 5)
    outside = np.minimum(0.9 * hit, np.maximum(1e-3, np.maximum(rate, elsewhere)))
    odds = np.log(members / pairs.shops.buyers) + n * np.log(1 + mean / expected) - mean
    odds += flagged * np.log(hit / outside) + (seen - flagged) * np.log((1 - hit) / (1 - outside))
    more = min(8.0, max(1.0, int(_billionths(-odds).sum()) / (1e9 * members)))
    doubts = _billionths(odds + np.log(more))
    order = np.sort(doubts)
    upto = np.searchsorted(order, doubts, side="right")
    return actors[np.concatenate([[0], np.cumsum(order)])[upto] <= doubt * upto]


def _billionths(odds: Floats) -> Numbers:
    """The chance against these odds, in whole billionths."""
    return np.rint(1e9 / (1 + np.exp(np.clip(np.round(odds, 6), -700, 700)))).astype(np.int64)


def _joined_shops(pairs: Pairs, actors: Numbers) -> Numbers:
    """Shops at which the actors meet more often than chance gives it.

    They live on them (a quarter of their pairs) or are far out of proportion (five times): where disguise is bought, neither holds.
    """
    met = np.bincount(pairs.m[pairs.of_actors(actors)], minlength=len(pairs.shops.pairs))
    shops = np.flatnonzero(met >= HABIT)
    n, all_pairs = met[shops], pairs.shops.pairs[shops]
    expected = all_pairs * float(pairs.degrees[actors].sum()) / pairs.shops.edges
    sure = surest(log_tail(n, expected), FALSE_MEMBERS, int(np.count_nonzero(pairs.shops.pairs)))
    return shops[sure & ((4 * n > all_pairs) | (n > 5 * expected))]


def _kept_shops(pairs: Pairs, group: Group) -> Numbers:
    """Shops whose pairs inside are flagged more like the block than like the shop's own other pairs, as far as the search may see.

    Honest groups that grew together with a ring fall off here, and so do shops that are its victims.
    """
    within = pairs.inside(group.actors, group.shops)
    hit, size = _hit(pairs, within), len(pairs.shops.pairs)
    seen = within[~pairs.held[within]]
    n, flagged = (np.bincount(pairs.m[rows], minlength=size)[group.shops] for rows in (seen, seen[pairs.flag[seen]]))
    rate = np.clip(rates_of_others(pairs, within, group.shops), 1e-3, 0.99)
    return group.shops[np.round(flagged * np.log(hit / rate) + (n - flagged) * np.log((1 - hit) / (1 - rate)), 6) > 0]


def rates_of_others(pairs: Pairs, within: Numbers, shops: Numbers) -> Floats:
    """The share of flags among each shop's pairs outside some rows; a shop with few leans on its strata (20 pairs)."""
    size = len(pairs.shops.pairs)
    others = pairs.shops.pairs[shops] - np.bincount(pairs.m[within], minlength=size)[shops]
    flagged = pairs.shops.flagged[shops] - np.bincount(pairs.m[within[pairs.flag[within]]], minlength=size)[shops]
    rates: Floats = (np.maximum(0, flagged) + 20 * pairs.shops.expected[shops] / pairs.shops.pairs[shops]) / (np.maximum(0, others) + 20)
    return rates


def _hit(pairs: Pairs, within: Numbers) -> float:
    """The share of flags that the block's pairs show, as far as the search may see."""
    seen = within[~pairs.held[within]]
    return min(MOST_HIT, max(LEAST_HIT, int(pairs.flag[seen].sum()) / max(1, len(seen))))


def _at_least_twice(pairs: Pairs, shops: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The rows at some shops of actors with two or more there, where each actor begins, and how many it has."""
    rows = pairs.at_shops(shops)
    starts = runs(pairs.b[rows])
    n = np.diff(starts, append=len(rows))
    rows, n = rows[np.repeat(n >= TIE, n)], n[n >= TIE]
    return rows, np.cumsum(n) - n, n


def _added(values: Floats, starts: Numbers) -> Floats:
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0)
