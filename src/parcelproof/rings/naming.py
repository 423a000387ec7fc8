"""The rings of a market: every side and window searched, blocks that are one ring put together, members and grounds written down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from parcelproof.engines.duckdb import Engine, literals, quoted
from parcelproof.policy.ringterms import RingTerms
from parcelproof.rings import market
from parcelproof.rings.find import Found, Terms, find
from parcelproof.rings.gate import Block
from parcelproof.rings.projection import project
from parcelproof.rings.sql_text import make

TABLES = ("rings", "ring_members", "ring_orders", "ring_flags", "ring_shares", "coordination", "coordination_members")
"""What is made: the contract's two tables, the grounds of each ring, and groups that act together with nothing physical against them."""
SORTED_BY = {
    "rings": "ring_id", "ring_members": "ring_id, member_kind, member_id", "ring_orders": "ring_id, order_id",
    "ring_flags": "ring_id, flag", "ring_shares": "ring_id, kind",
    "coordination": "p_value, group_id", "coordination_members": "group_id, member_kind, member_id",
}  # fmt: skip
EMPTY = {
    "rings": """
        select '' as ring_id, 0::bigint as merchants, 0::bigint as buyers, 0::bigint as orders, 0::bigint as score, 0e0 as expected_score, 0e0 as p_value,
            0::bigint as flagged_orders, 0e0 as permutation_p, '' as sides, false as coordinated, null::timestamp as first_paid_at,
            null::timestamp as last_paid_at
        where false
    """,
    "ring_members": """
        select '' as ring_id, '' as member_kind, '' as member_id, 0::bigint as orders, 0::bigint as flagged_orders, '' as role
        where false
    """,
    "ring_orders": """
        select '' as ring_id, '' as order_id, '' as merchant_id, '' as buyer_id, false as flagged
        where false
    """,
    "ring_flags": """
        select '' as ring_id, '' as flag, '' as made_by, 0::bigint as orders, 0::bigint as market_orders, 0::bigint as all_orders
        where false
    """,
    "ring_shares": """
        select '' as ring_id, '' as kind, 0::bigint as keys, 0::bigint as buyers
        where false
    """,
    "shipment_rings": """
        select null::bigint as shipment, null::varchar as ring_id, null::double as ring_p_value, null::boolean as ring_shop_may_be_victim
        where false
    """,
}
"""The tables of a judgement that has found no ring because it had nothing to look for."""
WORK = (
    "flagged_orders", "ring_shops", "ring_buyers", "windowed_orders", "trades", "ring_keys", "sent_orders", "block_orders", "all_block_orders",
    "ring_names", "group_names", "ring_of_orders",
)  # fmt: skip
"""What the search leaves behind."""


@dataclass(slots=True)
class Candidate:
    """A block of one side and window, with its orders in `block_orders` under its number; `sides` on which it was found."""

    number: int
    block: Block
    sides: list[str]
    orders: frozenset[str] = field(default_factory=frozenset)
    coordinated: bool = False

    @property
    def id(self) -> str:
        """A name made of the orders, so that the same ring has the same name on every run."""
        return hashlib.sha256("\n".join(sorted(self.orders)).encode()).hexdigest()[:12]


def name_rings(engine: Engine, terms: RingTerms, as_of: datetime, flagged: int, progress: Callable[[str], None] = lambda _: None) -> None:
    """Make the tables of `TABLES`, and `ring_of_orders` (order_id, merchant_id, ring_id, p_value), from `facts` and the dataset's tables.

    `flagged` is how many orders `flag_orders` has found; the sides of keys are searched where they are enough for a ring.
    """
    sides = market.Market.of(engine, terms, as_of)
    engine.table("all_block_orders", "select 0 as candidate, order_id, '' as merchant_id, '' as buyer_id, flags, sent from windowed_orders where false")
    limits = Terms(terms.permutations, terms.ratio, terms.p_value, terms.least_buyers, terms.least_shops)
    rings: list[Candidate] = []
    others: list[Candidate] = []
    for side in (market.BUYERS, *(terms.links if flagged >= terms.least_buyers else ())):
        for period, pairs in sides.side(side):
            progress(f"{side}, window {period + 1}")
            tied = project(engine, pairs, period=period, least_buyers=terms.least_buyers, most=limits.most_blocks) if side == market.BUYERS else ()
            _gather(engine, side, period, find(pairs, limits, tied), terms.least_buyers, rings, others)
    _write(engine, terms, _together(rings), _together(others))


def forget(engine: Engine) -> None:
    """Free what the search left behind."""
    engine.run("drop view if exists side_orders")
    engine.drop(*WORK)


def _gather(engine: Engine, side: str, period: int, found: Found, least_buyers: int, rings: list[Candidate], others: list[Candidate]) -> None:
    """Turn blocks into candidates with the orders that are theirs, where buyers enough share what the side is about."""
    for target, blocks in ((rings, found.rings), (others, found.others)):
        for block in blocks:
            number = len(rings) + len(others) + 1
            actors, shops = (", ".join(map(str, members)) for members in (block.actors, block.shops))
            make(engine, "block_orders", candidate=number, period=period, actors=actors, shops=shops)
            orders = engine.rows("select order_id, buyer_id from block_orders")
            if len({buyer for _, buyer in orders}) >= least_buyers:
                engine.run("insert into all_block_orders select * from block_orders")
                target.append(Candidate(number, block, [side], frozenset(order for order, _ in orders), block.coordinated))


def _together(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate for each ring: the largest first, and those that have half of their orders in it are the same ring seen from another side."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-len(c.orders), c.block.p_value, c.id)):
        same = next((larger for larger in kept if 2 * len(candidate.orders & larger.orders) >= len(candidate.orders)), None)
        if same is None:
            kept.append(candidate)
        else:
            same.sides += [side for side in candidate.sides if side not in same.sides]
            same.coordinated |= candidate.coordinated
    return kept


def _write(engine: Engine, terms: RingTerms, rings: list[Candidate], others: list[Candidate]) -> None:
    for name, key, listed in (("ring_names", "R", rings), ("group_names", "G", others)):
        rows = ", ".join(_row(candidate, key) for candidate in listed)
        columns = "(candidate, ring_id, sides, coordinated, flagged, expected, p_value, permutation_p)"
        empty = "select 0, '', '', false, 0, 0e0, 0e0, 0e0 where false"
        engine.table(name, f"select * from ({f'values {rows}' if rows else empty}) as named{columns}")
    flags = _flag_rows(terms)
    make(engine, "rings")
    make(engine, "ring_members", flags=flags)
    make(engine, "ring_orders")
    make(engine, "ring_flags", flags=flags)
    make(engine, "ring_shares", links=literals(kind for kind in terms.links if kind != "sender") or "''")
    make(engine, "coordination")
    make(engine, "coordination_members")
    make(engine, "ring_of_orders")


def _row(candidate: Candidate, key: str) -> str:
    block = candidate.block
    chance = "cast(null as double)" if block.permutation_p is None else f"{block.permutation_p!r}"
    return (
        f"({candidate.number}, {quoted(key + candidate.id)}, {quoted(' '.join(candidate.sides))}, {str(candidate.coordinated).lower()}, "
        f"{block.flagged}, cast({block.expected!r} as double), cast({block.p_value!r} as double), cast({chance} as double))"
    )


def _flag_rows(terms: RingTerms) -> str:
    return ", ".join(f"({1 << place}, {quoted(flag.id)}, {quoted(flag.made_by)})" for place, flag in enumerate(terms.flags))
