"""Rings in synthetic markets: how fast they are found, how well, and whether anybody honest is named.

    python bench/rings.py            speed at a million pairs, a small table of shapes, five markets without a ring
    python bench/rings.py speed 10000000
    python bench/rings.py shapes     every shape, camouflage and seed (minutes)
    python bench/rings.py innocent   twenty markets without a ring
    python bench/rings.py fraudar    beside the greedy peel of FRAUDAR, written from its paper (KDD 2016)

Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import heapq
import math
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.find import Terms, find
from parcelproof.rings.peel import densest
from parcelproof.rings.projection import project
from ring_worlds import Ring, World, lay, members, pairs_of, planted, search

SHAPES = (
    (100, 10, 0.5), (300, 20, 0.4), (1000, 50, 0.2), (2000, 300, 0.05), (2000, 300, 0.02), (300, 20, 0.1), (1000, 50, 0.05), (5000, 1000, 0.006),
    (500, 30, 0.3), (40, 6, 0.7), (300, 20, 0.2), (20, 5, 0.8),
)  # fmt: skip
"""Buyers, shops, density: nine from the research, and three more: few and dense, at the edge of density, and tiny."""
CAMOUFLAGE = (0, 1, 3, 10)
SEEDS = (1, 2, 3)
LEAST_PRECISION, LEAST_F1 = 0.99, 0.95
PLAIN_DENSITY, PLAIN_CAMOUFLAGE, SMALLEST = 0.2, 3, 100
"""The bars are for rings of at least so dense, no more disguised, and of so many buyers; the others are blind spots to be told."""
LEAST_TIMES = 50


@dataclass(frozen=True, slots=True)
class Score:
    """How a world went."""

    precision: float
    recall: float
    rings: int
    seconds: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.precision + self.recall else 0.0


def score(world: World, *, threads: int = 2) -> Score:
    """Find the rings of a world and hold the members, buyers and shops together, against the planted ones."""
    with Engine(threads=threads) as engine:
        lay(engine, world)
        start = time.perf_counter()
        found = search(engine)
        seconds = time.perf_counter() - start
        named, true = members(engine, found), planted(engine)
    right = len(named & true)
    return Score(right / len(named) if named else 1.0, right / len(true) if true else 1.0, len(found.rings), seconds)


def shapes(seeds: tuple[int, ...] = SEEDS, camouflages: tuple[int, ...] = CAMOUFLAGE, orders: int = 1_000_000) -> int:
    """A row for each shape: the worst precision and F1 over the seeds at each camouflage; 1 where a bar is missed."""
    print("| buyers x shops @ density | " + " | ".join(f"camouflage {c}" for c in camouflages) + " |")
    print("|---|" + "---|" * len(camouflages))
    missed = 0
    for buyers, shops, density in SHAPES:
        cells = []
        for camouflage in camouflages:
            worlds = (World(orders, seed, (Ring(buyers, shops, density, camouflage=camouflage),), uneven=True) for seed in seeds)
            scores = [score(world) for world in worlds]
            precision, f1 = min(s.precision for s in scores), statistics.mean(s.f1 for s in scores)
            plain = density >= PLAIN_DENSITY and camouflage <= PLAIN_CAMOUFLAGE and buyers >= SMALLEST
            missed += precision < LEAST_PRECISION or (plain and f1 < LEAST_F1)
            cells.append(f"P {precision:.3f} F1 {f1:.3f}")
        print(f"| {buyers} x {shops} @ {density} | " + " | ".join(cells) + " |", flush=True)
    return int(missed > 0)


def innocent(worlds: int = 20, orders: int = 1_000_000) -> int:
    """Markets with every honest group and no ring, even and uneven by turns; 1 where anybody is named."""
    named = sum(score(World(orders, 100 + seed, uneven=seed % 2 == 0)).rings for seed in range(worlds))
    print(f"{worlds} markets of {orders:,} orders without a ring: {named} rings named")
    return int(named > 0)


def speed(orders: int = 1_000_000) -> int:
    """Seconds and memory of the search and of the projection, on two threads."""
    with Engine(threads=2) as engine:
        lay(engine, World(orders, 1, (Ring(300, 20, 0.4), Ring(2000, 300, 0.02)), uneven=True))
        engine.run("drop table ordinary; drop table grouped; drop table elsewhere; drop table shop_rates")
        print(f"{orders:,} orders; the market itself took {peak()} MiB")
        start = time.perf_counter()
        pairs = pairs_of(engine)
        numbered = time.perf_counter() - start
        rings = find(pairs, Terms()).rings
        print(
            f"49 shuffles, growth and gate: {time.perf_counter() - start:.1f} s, {numbered:.1f} s of it to number the pairs, {peak()} MiB, {len(rings)} rings"
        )
        start = time.perf_counter()
        groups = project(engine, pairs, period=0, least_buyers=5, most=1000)
        print(f"projection: {time.perf_counter() - start:.1f} s, {peak()} MiB, {len(groups)} groups")
    return 0


def peak() -> int:
    """The largest memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def fraudar(orders: int = 1_000_000) -> int:
    """The greedy peel of the whole graph beside one peel of the flagged pairs; 1 where that is less than so many times as fast."""
    with Engine(threads=2) as engine:
        lay(engine, World(orders, 1, (Ring(300, 20, 0.4),), uneven=True))
        pairs = pairs_of(engine)
        true = {n for (n,) in engine.rows("select distinct b from ring_orders inner join world_actors using (actor) where fake")}
    start = time.perf_counter()
    actors, shops, density = greedy(list(zip(pairs.b.tolist(), pairs.m.tolist(), strict=True)))
    slow = time.perf_counter() - start
    start = time.perf_counter()
    _, core = densest(pairs, np.flatnonzero(pairs.flag & ~pairs.held))
    quick = time.perf_counter() - start
    right = len({int(pairs.names[n]) for n in actors} & true)
    print(f"greedy: {slow:.1f} s, {len(actors)} x {len(shops)} of density {density:.3f}, F1 over buyers {2 * right / (len(actors) + len(true)):.3f}")
    print(f"peel of the flagged pairs: {quick:.4f} s, {len(core)} pairs; {slow / quick:.0f} times (at least {LEAST_TIMES})")
    return int(slow < LEAST_TIMES * quick)


def greedy(pairs: list[tuple[int, int]]) -> tuple[set[int], set[int], float]:
    """FRAUDAR's log-weighted column greedy: take out who weighs least until nobody is left; the densest state on the way.

    Hooi and others, KDD 2016: an edge to shop m weighs 1 / ln(d_m + 5); density is the sum over the members.
    """
    degree: dict[int, int] = {}
    for _, m in pairs:
        degree[m] = degree.get(m, 0) + 1
    neighbours: dict[tuple[bool, int], list[tuple[tuple[bool, int], float]]] = {}
    for b, m in pairs:
        weight = 1 / math.log(degree[m] + 5)
        neighbours.setdefault((False, b), []).append(((True, m), weight))
        neighbours.setdefault((True, m), []).append(((False, b), weight))
    weights = {node: sum(weight for _, weight in edges) for node, edges in neighbours.items()}
    total = sum(weight for node, weight in weights.items() if node[0])
    heap = [(weight, node) for node, weight in weights.items()]
    heapq.heapify(heap)
    gone: set[tuple[bool, int]] = set()
    removed: list[tuple[bool, int]] = []
    best, kept = total / len(weights), 0
    while len(removed) < len(weights) - 1:
        weight, node = heapq.heappop(heap)
        if node in gone or weight > weights[node]:
            continue
        gone.add(node)
        removed.append(node)
        total -= weights[node]
        for other, edge in neighbours[node]:
            if other not in gone:
                weights[other] -= edge
                heapq.heappush(heap, (weights[other], other))
        if total / (len(weights) - len(removed)) > best:
            best, kept = total / (len(weights) - len(removed)), len(removed)
    members = weights.keys() - set(removed[:kept])
    return {n for shop, n in members if not shop}, {n for shop, n in members if shop}, best


def short() -> int:
    """What `make bench` has time for."""
    return max(speed(), shapes(seeds=(1,), camouflages=(1,)), innocent(worlds=5))


def main(words: list[str]) -> int:
    """Run what was asked for."""
    tasks: dict[str, Callable[..., int]] = {"speed": speed, "shapes": shapes, "innocent": innocent, "fraudar": fraudar}
    name, *figures = words or ["short"]
    return tasks.get(name, short)(*(int(word) for word in figures)) if name != "shapes" else shapes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
