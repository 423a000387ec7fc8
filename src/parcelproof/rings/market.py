"""From the facts of a market to the pairs of each side and window, and from blocks back to orders."""

from __future__ import annotations

from datetime import datetime, timedelta

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.policy.ringterms import RingTerms
from parcelproof.rings.peel import make

BUYERS = "buyer"
"""The side on which accounts act for themselves; on all others they act through what they share."""


def flag_orders(engine: Engine, terms: RingTerms) -> int:
    """Make `flagged_orders` from `facts`: orders with a weak fact, a bit for each; how many there are."""
    bits = " + ".join(f"case when {flag.when} then {1 << place} else 0 end" for place, flag in enumerate(terms.flags))
    make(engine, "flagged_orders", flags=f"cast({bits} as bigint)")
    return int(engine.row("select count(*) from flagged_orders")[0])


def lay_orders(engine: Engine, terms: RingTerms, as_of: datetime) -> None:
    """Make `windowed_orders`: one row an order, in equal windows of about as many days as the pack says."""
    moment = _moment(as_of)
    first = engine.row(f"select min(paid_at) from orders where paid_at <= {moment}")[0]
    days = (as_of - first) / timedelta(days=1) if first else 0.0
    count = max(1, round(days / terms.window_days))
    make(engine, "windowed_orders", as_of=moment, hours=f"{round(days * 24 / count + 1e-3, 3)}e0")


def periods(engine: Engine) -> list[int]:
    """The windows that have orders, the newest first."""
    return [period for (period,) in engine.rows("select distinct period from windowed_orders order by period")]


def lay_side(engine: Engine, side: str, period: int, as_of: datetime) -> bool:
    """Make `ring_orders` and `side_orders` of a side in a window; whether anything is shared there."""
    if side == BUYERS:
        engine.table(
            "side_orders",
            f"select order_id, buyer_id as actor, true as shared, merchant_id, buyer_id, flags, stratum from windowed_orders where period = {period}",
        )
    elif side == "sender":
        make(engine, "sender_orders", "side_orders", period=period)
    else:
        make(engine, "linked_orders", "side_orders", period=period, kind=quoted(side), as_of=_moment(as_of))
    engine.view("ring_orders", "select actor, merchant_id as shop, buyer_id as buyer, flags > 0 as flagged, stratum from side_orders")
    return bool(engine.row("select coalesce(bool_or(shared), false) from side_orders")[0])


def _moment(as_of: datetime) -> str:
    return f"timestamp {quoted(as_of.isoformat(sep=' '))}"
