"""The search on numbered pairs: what it finds, whom it leaves alone, and that nothing but the pairs decides."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.find import Block, Terms, find, number
from parcelproof.rings.peel import densest, make, shuffled
from ring_worlds import Ring, World, lay

ORDERS = 20_000
RING = Ring(100, 10, 0.5)


def members(engine: Engine, rings: list[Block]) -> set[str]:
    numbers = ", ".join(str(block.number) for block in rings) or "0"
    buyers = engine.rows(f"select 'b' || actor from block_actors inner join ring_actors using (b) where ring in ({numbers})")
    shops = engine.rows(f"select 's' || shop from block_shops inner join ring_shops using (m) where ring in ({numbers})")
    return {name for (name,) in buyers + shops}


def planted(engine: Engine) -> set[str]:
    return {name for (name,) in engine.rows("select 'b' || buyer from ring_orders where fake union select 's' || shop from ring_orders where fake")}


def searched(world: World, *, threads: int = 2, order: str = "") -> tuple[list[Block], set[str], set[str]]:
    with Engine(threads=threads) as engine:
        lay(engine, world)
        if order:
            engine.run("create table laid as from ring_orders")
            engine.table("ring_orders", f"from laid order by {order}")
        rings = find(engine, Terms()).rings
        return rings, members(engine, rings), planted(engine)


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
    assert named <= true


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
        found = find(engine, Terms())
        assert found.rings == []
        assert any(block.buyers >= 50 for block in found.others)


def test_no_pairs_at_all_are_no_ring() -> None:
    with Engine() as engine:
        engine.table("ring_orders", "select '' as actor, '' as shop, '' as buyer, true as flagged, '' as stratum where false")
        found = find(engine, Terms())
        assert (found.rings, found.others) == ([], [])


def test_one_shop_that_everybody_uses_is_no_ring() -> None:
    with Engine() as engine:
        engine.table("ring_orders", "select 'a' || n as actor, 's' as shop, 'a' || n as buyer, n % 3 = 0 as flagged, '' as stratum from range(500) as t(n)")
        assert find(engine, Terms()).rings == []


def test_names_are_names_and_no_sql() -> None:
    with Engine() as engine:
        engine.table(
            "ring_orders",
            "select 'a''; drop table x --' || n as actor, '\"' || n % 7 as shop, n::varchar as buyer, true as flagged, '\\' as stratum from range(90) as t(n)",
        )
        assert find(engine, Terms()).rings == []


@pytest.mark.parametrize("seed", range(8))
def test_a_peel_is_at_least_half_as_dense_as_the_densest_block(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  a test's own dice
    pairs = {(draw.randrange(6), draw.randrange(5)): draw.randrange(1, 9) for _ in range(14)}
    rows = ", ".join(f"(0, {b}, {m}, {w})" for (b, m), w in pairs.items())
    with Engine(threads=1) as engine:
        engine.table("live", f"select * from (values {rows}) as p(draw, b, m, w)")
        found = densest(engine, "live", "core")
        kept = {(b, m) for b, m in engine.rows("select b, m from core")}
    assert found.weight == sum(pairs[pair] for pair in kept)
    assert found.members == len({b for b, _ in kept}) + len({m for _, m in kept})
    nodes = [*({("b", b) for b, _ in pairs} | {("m", m) for _, m in pairs})]
    best = max(
        sum(w for (b, m), w in pairs.items() if ("b", b) in chosen and ("m", m) in chosen) / size
        for size in range(2, len(nodes) + 1)
        for chosen in map(set, combinations(nodes, size))
    )
    assert found.weight / found.members >= best / 2


def test_shuffled_flags_keep_the_rate_of_their_stratum() -> None:
    with Engine(threads=2) as engine:
        lay(engine, World(ORDERS, 1, uneven=True))
        flags = number(engine)
        engine.table("draws", "select draw::integer as draw, (draw * 104729123 % 1073741824)::integer as shift from range(20) as t(draw)")
        make(engine, "shuffled")
        low, high = engine.row("select min(n), max(n) from (select count(*) as n from shuffled group by draw)")
        assert 0.9 * flags < low <= high < 1.1 * flags
        assert engine.row("select max(n) from (select count(distinct draw) as n from shuffled group by b, m)")[0] < 20
        assert len(shuffled(engine, 30, 3_900_000)) == 30


@pytest.mark.parametrize("mean", [0.001, 0.05, 0.9, 4.0, 60.0])
def test_the_tail_is_never_below_the_true_one_and_close_to_it(mean: float) -> None:
    with Engine(threads=1) as engine:
        for n in (1, 2, 3, 8, 70, 140):
            told = engine.row(f"select log_tail({n}, {mean}::double)")[0]
            terms = [k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(n, n + 400)]
            true = max(terms) + math.log(sum(math.exp(term - max(terms)) for term in terms))
            assert told >= true - 1e-9
            if n > 3 * mean:
                assert told <= true + 1.2
