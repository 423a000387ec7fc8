"""From the facts of a market to the pairs of each side and window, and from blocks back to orders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np

from parcelproof.engines.duckdb import Engine, literals, quoted
from parcelproof.policy.ringterms import RingTerms
from parcelproof.rings.pairs import Numbers, Pairs, Shops, runs
from parcelproof.rings.sql_text import lay, make, text_of

BUYERS = "buyer"
"""The side on which accounts act for themselves; on all others they act through what they share."""
SENDER = "sender"
COLUMNS = ("b", "m", "c", "flags", "stratum")


def flag_orders(engine: Engine, terms: RingTerms) -> int:
    """Make `flagged_orders` from `facts`: orders with a weak fact, a bit for each; how many there are."""
    bits = " + ".join(f"case when {flag.when} then {1 << place} else 0 end" for place, flag in enumerate(terms.flags))
    make(engine, "flagged_orders", flags=f"cast({bits} as bigint)")
    return int(engine.row("select count(*) from flagged_orders")[0])


def lay_market(engine: Engine, terms: RingTerms, as_of: datetime) -> None:
    """Number shops and buyers, and make `windowed_orders`, in equal windows of about as many days as the pack says, `trades` and `ring_keys`."""
    moment = f"timestamp {quoted(as_of.isoformat(sep=' '))}"
    first = engine.row(f"select min(paid_at) from orders where paid_at <= {moment}")[0]
    days = (as_of - first) / timedelta(days=1) if first else 0.0
    count = max(1, round(days / terms.window_days))
    make(engine, "ring_shops", as_of=moment)
    make(engine, "ring_buyers", as_of=moment)
    make(engine, "windowed_orders", as_of=moment, hours=f"{round(days * 24 / count + 1e-3, 3)}e0")
    make(engine, "trades")
    make(engine, "ring_keys", as_of=moment, kinds=literals(terms.links) or "''")


def lay_side(engine: Engine, terms: RingTerms, side: str) -> Iterator[tuple[int, Pairs]]:
    """Make the view `side_orders` (order_id, period, b, m) of a side; each window that has pairs there, the newest first, and the pairs."""
    if side == BUYERS:
        engine.view("side_orders", "select order_id, period, c as b, m from windowed_orders")
        source = "from trades"
    elif side == SENDER:
        make(engine, "sent_orders")
        engine.view("side_orders", "select order_id, period, b, m from sent_orders")
        source = text_of("sent_pairs")
    else:
        lay(engine, "linked_orders", "side_orders", kind=quoted(side))
        source = text_of("linked_pairs", kind=quoted(side))
    bits = _bits(terms, side)
    for (period,) in engine.rows("select distinct period from trades order by period"):
        b, m, c, flags, stratum = _columns(engine, f"from ({source}) where period = {period}")
        chosen = np.ones(len(b), dtype=np.bool_) if side == BUYERS else _shared(b, c)
        if chosen.any():
            shops = _shops(engine, period, bits)
            yield period, Pairs.of(b[chosen], m[chosen], c[chosen], flags[chosen] & bits > 0, stratum[chosen], shops)


def _bits(terms: RingTerms, side: str) -> int:
    """The weak facts that count on a side: what a sender is like by itself is no news of the sender's own orders."""
    return sum(1 << place for place, flag in enumerate(terms.flags) if side != SENDER or not any(fact.startswith("sender_") for fact in flag.facts))


def _shops(engine: Engine, period: int, bits: int) -> Shops:
    _, m, c, flags, stratum = _columns(engine, f"from trades where period = {period}")
    return Shops.of(m, c, flags & bits > 0, stratum)


def _columns(engine: Engine, source: str) -> tuple[Numbers, ...]:
    rows = engine.arrow(f"select b, m, c, flags, stratum {source} order by b, m, c")
    return tuple(rows.column(name).to_numpy() for name in COLUMNS)


def _shared(b: Numbers, c: Numbers) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which rows are of an actor that two or more buyers share."""
    if not len(b):
        return np.zeros(0, dtype=np.bool_)
    starts = runs(b)
    return np.repeat(np.minimum.reduceat(c, starts) < np.maximum.reduceat(c, starts), np.diff(starts, append=len(b)))
