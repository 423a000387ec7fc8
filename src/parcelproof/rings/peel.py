"""Dense blocks of flagged pairs: rounds of peeling in SQL, and the same on shuffled flags, which say what density chance gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from parcelproof.engines.duckdb import Engine
from parcelproof.facts.graph import render

SQL = Path(__file__).parent / "sql"
ROWS_AT_ONCE = 4_000_000
"""Shuffles are peeled together as long as they have no more rows than this."""
SHIFT = 1 << 30
"""Shuffles shift the draws of the pairs by less than this."""


@dataclass(frozen=True, slots=True)
class Density:
    """Weight of what is left of a draw, over how many actors and shops."""

    weight: int
    members: int

    def __gt__(self, other: Density) -> bool:
        """Whether it is denser, in whole numbers."""
        return self.weight * other.members > other.weight * self.members


NOTHING = Density(0, 1)


@cache
def text(name: str) -> str:
    """One SELECT of this room."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def make(engine: Engine, name: str, table: str = "", **values: object) -> None:
    """Materialise one SELECT of this room under its name, or another."""
    engine.table(table or name, render(text(name), {key: str(value) for key, value in values.items()}))


def rounds(engine: Engine, first: str) -> Iterator[tuple[str, dict[int, Density]]]:
    """Peel a table of pairs (draw, b, m, w) until nothing is left; yields what each round begins with, and its densities by draw."""
    live, number = first, 0
    while True:
        make(engine, "actor_keys", live=live)
        make(engine, "shop_keys", live=live)
        make(engine, "densities")
        found = {draw: Density(int(w), int(n)) for draw, w, n in engine.rows("select draw, w, n from densities")}
        if not found:
            engine.drop("actor_keys", "shop_keys", "densities", live)
            return
        yield live, found
        number += 1
        following = f"{first}_{number}"
        engine.table(following, render(text("peeled"), {"live": live}))
        engine.drop(live)
        live = following


def densest(engine: Engine, first: str, block: str) -> Density:
    """Keep the densest round of a table of pairs as the table `block`; its density."""
    best = NOTHING
    for live, found in rounds(engine, first):
        if found[0] > best:
            best = found[0]
            engine.table(block, f"select b, m from {live}")
    return best


def shuffled(engine: Engine, permutations: int, expected: int) -> list[Density]:
    """The greatest density in each of so many shuffles of the flags; `expected` is how many pairs each will flag."""
    at_once = max(1, min(permutations, ROWS_AT_ONCE // max(1, expected)))
    best: list[Density] = []
    for start in range(0, permutations, at_once):
        draws = range(start, min(start + at_once, permutations))
        values = ", ".join(f"(cast({draw} as integer), cast({_shift(draw)} as integer))" for draw in draws)
        engine.table("draws", f"select * from (values {values}) as d(draw, shift)")
        make(engine, "shuffled")
        held = dict.fromkeys(draws, NOTHING)
        for _, found in rounds(engine, "shuffled"):
            held |= {draw: density for draw, density in found.items() if density > held[draw]}
        best += held.values()
    return best


def _shift(draw: int) -> int:
    """A shift for each shuffle, far from the others'."""
    return (draw * 655_360_001 + 97) * 1_103_515_245 % SHIFT
