"""From the facts of a market to the pairs of each side and window, and from blocks back to orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import numpy as np

from parcelproof.engines.duckdb import Engine, literals, quoted
from parcelproof.policy.ringterms import RingTerms
from parcelproof.rings.pairs import Numbers, Pairs, Shops, Truths, runs
from parcelproof.rings.sql_text import lay, make, text_of

BUYERS = "buyer"
"""The side on which accounts act for themselves; on all others they act through what they share."""
SENDER = "sender"
Columns: TypeAlias = tuple[Numbers, Numbers, Numbers, Numbers, Numbers]
"""Actors, shops, buyers, weak facts as bits, and strata."""


def flag_orders(engine: Engine, terms: RingTerms) -> int:
    """Make `flagged_orders` from `facts`, in one pass: orders with a weak fact, a bit for each, and those that were sent; how many have a weak fact."""
    bits = " + ".join(f"case when {flag.when} then {1 << place} else 0 end" for place, flag in enumerate(terms.flags))
    make(engine, "flagged_orders", flags=f"cast({bits} as bigint)", sent=terms.sent_when)
    return int(engine.row("select count(*) from flagged_orders where flags > 0")[0])


@dataclass(frozen=True, slots=True)
class Market:
    """A market with numbered shops and buyers, in windows, the newest 0: `trades` are the pairs of buyer and shop of each."""

    engine: Engine
    terms: RingTerms
    trades: dict[int, Columns]

    @classmethod
    def of(cls, engine: Engine, terms: RingTerms, as_of: datetime) -> Market:
        """Make `ring_shops`, `ring_buyers`, `windowed_orders`, `trades` and `ring_keys`; windows are equal and about as long as the pack says.

        They end with the last payment and not with the moment of judging: of a window that hardly has orders no ring can be told.
        """
        moment = f"timestamp {quoted(as_of.isoformat(sep=' '))}"
        first, last = engine.row(f"select min(paid_at), max(paid_at) from orders where paid_at <= {moment}")
        days = (last - first) / timedelta(days=1) if first else 0.0
        count = max(1, round(days / terms.window_days))
        make(engine, "ring_shops", as_of=moment)
        make(engine, "ring_buyers", as_of=moment)
        make(engine, "windowed_orders", as_of=f"timestamp {quoted((last or as_of).isoformat(sep=' '))}", hours=f"{round(days * 24 / count + 1e-3, 3)}e0")
        make(engine, "trades")
        make(engine, "ring_keys", as_of=moment, kinds=literals(terms.links) or "''")
        return cls(engine, terms, _columns(engine, "from trades"))

    def side(self, side: str) -> Iterator[tuple[int, Pairs]]:
        """Make the view `side_orders` (order_id, period, b, m) of a side; each window that has pairs there, and the pairs."""
        bits = self._bits(side)
        for period, (b, m, c, flags, stratum) in self._laid(side).items():
            chosen = np.ones(len(b), dtype=np.bool_) if side == BUYERS else _shared(b, c)
            if chosen.any():
                _, shop, buyer, marks, strata = self.trades[period]
                shops = Shops.of(shop, buyer, marks & bits > 0, strata)
                yield period, Pairs.of(b[chosen], m[chosen], c[chosen], flags[chosen] & bits > 0, stratum[chosen], shops)

    def _laid(self, side: str) -> dict[int, Columns]:
        if side == BUYERS:
            self.engine.view("side_orders", "select order_id, period, c as b, m from windowed_orders")
            return self.trades
        if side == SENDER:
            make(self.engine, "sent_orders")
            self.engine.view("side_orders", "select order_id, period, b, m from sent_orders")
            return _columns(self.engine, f"from ({text_of('sent_pairs')})")
        lay(self.engine, "linked_orders", "side_orders", kind=quoted(side))
        return _columns(self.engine, f"from ({text_of('linked_pairs', kind=quoted(side))})")

    def _bits(self, side: str) -> int:
        """The weak facts that count on a side: what a sender is like by itself is no news of the sender's own orders."""
        flags = enumerate(self.terms.flags)
        return sum(1 << place for place, flag in flags if side != SENDER or not any(fact.startswith("sender_") for fact in flag.facts))


def _columns(engine: Engine, source: str) -> dict[int, Columns]:
    """The pairs of each window, sorted by their numbers; the newest window first."""
    rows = engine.arrow(f"select period, b, m, c, flags, stratum {source} order by period, b, m, c")
    period, *columns = (rows.column(name).to_numpy() for name in ("period", "b", "m", "c", "flags", "stratum"))
    found: dict[int, Columns] = {}
    for start in runs(period):
        b, m, c, flags, stratum = (column[start : np.searchsorted(period, period[start], side="right")] for column in columns)
        found[int(period[start])] = (b, m, c, flags, stratum)
    return found


def _shared(b: Numbers, c: Numbers) -> Truths:
    """Which rows are of an actor that two or more buyers share."""
    starts = runs(b)
    return np.repeat(np.minimum.reduceat(c, starts) < np.maximum.reduceat(c, starts), np.diff(starts, append=len(b)))
