"""The second opinion, without any flag: shops that share more buyers than chance gives them, put together to groups."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.grow import TIE
from parcelproof.rings.pairs import Floats, Numbers, Pairs, components, runs
from parcelproof.rings.sql_text import make, text_of
from parcelproof.rings.tails import log_tail, surest

MEETINGS_AT_ONCE = 12_000_000
"""Meetings of two shops through one buyer are counted in parts of about so many."""
CHANCE_TIES = 0.001
"""Of all ties that are named, no more than this share may be chance."""


def project(engine: Engine, pairs: Pairs, *, period: int, least_buyers: int, most: int) -> list[Numbers]:
    """The groups of shops that so many buyers tie together, from `trades` (period, b, m, stratum); the most surprising first."""
    make(engine, "roamers", period=period)
    make(engine, "shop_reach")
    visits, meetings = engine.row("select coalesce(sum(d), 0), coalesce(sum(s), 0) from shop_reach")
    if not meetings:
        return []
    _meet(engine, f"{visits}e0", 1 + int(meetings) // 2 // MEETINGS_AT_ONCE)
    make(engine, "category_affinities", visits=f"{visits}e0")
    shops = int(engine.row("select count(*) from shop_reach")[0])
    one, other, log_p = _ties(engine, f"{visits}e0", shops * (shops - 1) // 2)
    engine.drop("roamers", "met_shops", "category_sums", "category_totals", "often_met", "category_affinities", "shop_reach")
    groups = (group for group in _groups(one, other, log_p, len(pairs.shops.pairs)) if _tied_buyers(pairs, group) >= least_buyers)
    return list(itertools.islice(groups, most))


def _meet(engine: Engine, visits: str, parts: int) -> None:
    """Count the buyers that shops share: those that share three or more are kept, of the others the sums by category."""
    for part in range(parts):
        make(engine, "met_shops", part=part, parts=parts)
        make(engine, "category_sums", visits=visits)
        for name, select in (("often_met", "select m, n, shared from met_shops where shared >= 3"), ("category_totals", "select * from category_sums")):
            if part:
                engine.run(f"insert into {name} {select}")
            else:
                engine.table(name, select)


def _ties(engine: Engine, visits: str, tests: int) -> tuple[Numbers, Numbers, Floats]:
    """Pairs of shops that share more buyers than their volumes and categories let expect, and how surprising each is.

    Tumminello and others 2011, with the volume of the buyers who do come as the condition, so that disguise bought at popular shops
    ties nobody.
    """
    met = engine.arrow(text_of("tied_shops", visits=visits))
    one, other, shared, expected = (met.column(name).to_numpy() for name in ("m", "n", "shared", "expected"))
    log_p = log_tail(shared, expected)
    sure = surest(log_p, CHANCE_TIES, tests)
    return one[sure], other[sure], log_p[sure]


def _groups(one: Numbers, other: Numbers, log_p: Floats, size: int) -> Iterator[Numbers]:
    """The shops of each group of ties."""
    label = components(one, other, size)
    labels, group = np.unique(label[one], return_inverse=True)
    surprise = np.bincount(group, weights=np.rint(1000 * log_p))
    tied = np.union1d(one, other)
    order = np.argsort(label[tied], kind="stable")
    members = np.split(tied[order], runs(label[tied][order])[1:])
    return (members[place] for place in np.lexsort((labels, surprise)))


def _tied_buyers(pairs: Pairs, shops: Numbers) -> int:
    """How many meet two or more of some shops."""
    rows = pairs.at_shops(shops)
    return int(np.count_nonzero(np.diff(runs(pairs.b[rows]), append=len(rows)) >= TIE))
