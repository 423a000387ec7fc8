"""The search on numbered pairs: what it finds, whom it leaves alone, and that nothing but the pairs decides."""

from __future__ import annotations

import math
import random
from itertools import combinations

import numpy as np
import pytest

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.gate import Block
from parcelproof.rings.grow import divided
from parcelproof.rings.pairs import Pairs, Shops
from parcelproof.rings.peel import densest, shuffles
from parcelproof.rings.tails import log_tail, surest
from ring_worlds import Ring, World, lay, members, pairs_of, planted, search

ORDERS = 20_000
RING = Ring(100, 10, 0.5)


def searched(world: World, *, threads: int = 2, order: str = "") -> tuple[list[Block], set[tuple[str, str]], set[tuple[str, str]]]:
    with Engine(threads=threads) as engine:
        lay(engine, world)
        if order:
            engine.run("create table laid as from ring_orders")
            engine.table("ring_orders", f"from laid order by {order}")
        found = search(engine)
        return found.rings, members(engine, found), planted(engine)


@pytest.mark.parametrize("uneven", [False, True])
def test_a_dense_ring_is_found_whole_and_nobody_else(*, uneven: bool) -> None:
    rings, named, true = searched(World(ORDERS, 3, (RING,), uneven=uneven))
    assert len(rings) == 1
    assert len(named & true) / len(named) >= 0.99
    assert len(named & true) / len(true) >= 0.9
    assert rings[0].flagged_held > 2 * rings[0].expected_held


def test_a_ring_of_twenty_accounts_is_found() -> None:
    rings, named, true = searched(World(ORDERS, 3, (Ring(20, 5, 0.8),), uneven=True))
    assert [block.buyers >= 15 for block in rings] == [True]
    assert len(named & true) >= 0.95 * len(named)


@pytest.mark.parametrize("seed", [1, 2])
def test_families_offices_dormitories_fans_and_crowds_are_no_ring(seed: int) -> None:
    rings, _, _ = searched(World(ORDERS, seed, uneven=seed % 2 == 1))
    assert rings == []


def test_a_disguise_of_three_real_orders_for_each_fake_hides_nothing() -> None:
    _, named, true = searched(World(ORDERS, 4, (Ring(100, 10, 0.5, camouflage=3),)))
    assert len(named & true) / len(true) >= 0.9
    assert len(named & true) / len(named) >= 0.99


def test_two_rings_that_share_accounts_are_both_found() -> None:
    _, named, true = searched(World(50_000, 5, (Ring(100, 10, 0.5, buyer_group=0), Ring(100, 10, 0.5, buyer_group=0, shop_group=7))))
    assert len(named & true) / len(true) >= 0.9
    assert len(named & true) / len(named) >= 0.99


def test_neither_the_order_of_rows_nor_the_number_of_threads_changes_a_digit() -> None:
    world = World(ORDERS, 3, (RING,), uneven=True)
    first = searched(world, threads=1)
    assert searched(world, threads=2, order="hash(actor, shop)") == first


def test_without_a_flag_a_ring_is_ranked_and_not_named() -> None:
    with Engine() as engine:
        lay(engine, World(ORDERS, 3, (Ring(100, 10, 0.5, hit=0.0),), groups=False))
        engine.run("create table laid as from ring_orders")
        engine.table("ring_orders", "select * replace (false as flagged) from laid")
        found = search(engine)
        assert found.rings == []
        assert any(block.buyers >= 50 for block in found.others)


def test_no_pairs_at_all_are_no_ring() -> None:
    with Engine() as engine:
        engine.table("ring_orders", "select '' as actor, '' as shop, '' as buyer, true as flagged, '' as stratum where false")
        found = search(engine)
        assert (found.rings, found.others) == ([], [])


def test_one_shop_that_everybody_uses_is_no_ring() -> None:
    with Engine() as engine:
        engine.table("ring_orders", "select 'a' || n as actor, 's' as shop, 'a' || n as buyer, n % 3 = 0 as flagged, '' as stratum from range(500) as t(n)")
        assert search(engine).rings == []


def test_names_are_names_and_no_sql() -> None:
    with Engine() as engine:
        engine.table(
            "ring_orders",
            "select 'a''; drop table x --' || n as actor, '\"' || n % 7 as shop, n::varchar as buyer, true as flagged, '\\' as stratum from range(90) as t(n)",
        )
        assert search(engine).rings == []


@pytest.mark.parametrize("seed", range(8))
def test_a_peel_is_at_least_half_as_dense_as_the_densest_block(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  a test's own dice
    met = sorted({(draw.randrange(6), draw.randrange(5)) for _ in range(14)})
    pairs = pairs_from(met, [True] * len(met))
    weights = dict(zip(met, pairs.weights(np.arange(len(met))).tolist(), strict=True))
    found, rows = densest(pairs, np.arange(len(met)))
    kept = {met[row] for row in rows}
    assert found.weight == sum(weights[pair] for pair in kept)
    assert found.members == len({b for b, _ in kept}) + len({m for _, m in kept})
    nodes = [*({("b", b) for b, _ in met} | {("m", m) for _, m in met})]
    best = max(
        sum(w for (b, m), w in weights.items() if ("b", b) in chosen and ("m", m) in chosen) / size
        for size in range(2, len(nodes) + 1)
        for chosen in map(set, combinations(nodes, size))
    )
    assert found.weight / found.members >= best / 2


def pairs_from(met: list[tuple[int, int]], flags: list[bool]) -> Pairs:
    b, m = (np.array(side, dtype=np.int64) for side in zip(*met, strict=True))
    flag, stratum = np.array(flags), np.zeros(len(met), dtype=np.int64)
    return Pairs.of(b, m, b, flag, stratum, Shops.of(m, b, flag, stratum))


def test_actors_who_meet_shops_of_two_groups_by_chance_tie_no_knot() -> None:
    groups = [(40 * group + actor, 10 * group + shop) for group in range(2) for actor in range(40) for shop in range(10) if (actor * 7 + shop * 3) % 10 < 4]
    chance = [(actor, shop) for actor in (3, 11, 19) for shop in (0, 17)]
    met = sorted({*groups, *chance})
    parts = divided(pairs_from(met, [True] * len(met)), np.arange(len(met)))
    assert sorted(sorted({met[row][1] for row in part}) for part in parts) == [list(range(10)), list(range(10, 20))]


def test_a_ring_whose_shops_share_two_actors_each_is_one() -> None:
    met = sorted({(actor, shop) for actor in range(60) for shop in ((actor // 2) % 6, (actor // 2 + 1) % 6)})
    (part,) = divided(pairs_from(met, [True] * len(met)), np.arange(len(met)))
    assert sorted({met[row][1] for row in part}) == list(range(6))


def test_shuffled_flags_keep_the_rate_of_their_stratum() -> None:
    with Engine(threads=2) as engine:
        lay(engine, World(ORDERS, 1, uneven=True))
        pairs = pairs_of(engine)
    drawn = list(shuffles(pairs, 40))
    seen = np.flatnonzero(~pairs.held)
    expected = pairs.shops.rates * np.bincount(pairs.stratum[seen], minlength=len(pairs.shops.rates))
    mean = sum(np.bincount(pairs.stratum[rows], minlength=len(expected)) for rows in drawn) / len(drawn)
    assert not any(pairs.held[rows].any() for rows in drawn)
    assert np.abs(mean - expected).max() < 5 * math.sqrt(expected.max() / len(drawn))
    together = np.array([len(np.intersect1d(one, other)) for one, other in combinations(drawn[:12], 2)])
    by_chance = float((pairs.rates(seen) ** 2).sum())
    assert abs(together.mean() - by_chance) < 0.1 * by_chance


@pytest.mark.parametrize("mean", [0.001, 0.05, 0.9, 4.0, 60.0])
def test_the_tail_is_never_below_the_true_one_and_close_to_it(mean: float) -> None:
    for n in (1, 2, 3, 8, 70, 140):
        told = float(log_tail(n, mean))
        terms = [k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(n, n + 400)]
        true = max(terms) + math.log(sum(math.exp(term - max(terms)) for term in terms))
        assert told >= true - 1e-6
        if n > 3 * mean:
            assert told <= true + 1.2


def test_nothing_is_surprising_where_nothing_is_counted() -> None:
    assert log_tail([0, 3, 5], [0.0, 3.0, 0.0]).tolist() == [0, 0, 0]
    assert surest(log_tail([], []), 0.01, 10).tolist() == []


def test_of_many_tests_those_stand_that_are_surer_than_their_place() -> None:
    log_p = np.log(np.array([0.5, 0.0001, 0.004, 0.03]))
    assert surest(log_p, 0.01, 4).tolist() == [False, True, True, False]
    assert surest(np.log(np.array([0.5, 0.6])), 0.01, 2).tolist() == [False, False]
