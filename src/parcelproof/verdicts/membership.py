"""Which shipments belong to a ring: found among the facts of all orders, and then a fact of each of theirs."""

from __future__ import annotations

from datetime import datetime

from parcelproof.engines.duckdb import Engine
from parcelproof.policy.ringterms import RingTerms
from parcelproof.rings.market import flag_orders
from parcelproof.rings.naming import EMPTY, forget, name_rings

MEMBERS = """
    select keys.shipment, named.ring_id, named.p_value as ring_p_value, members.role = 'possible_victim' as ring_shop_may_be_victim
    from ring_of_orders as named
    inner join ring_members as members
        on members.ring_id = named.ring_id and members.member_kind = 'merchant' and members.member_id = named.merchant_id
    inner join shipments as keys on keys.order_id = named.order_id
"""
"""One row a shipment of a ring."""


def mark_members(engine: Engine, terms: RingTerms | None, as_of: datetime) -> None:
    """Fill `shipment_rings`, and make `rings` and `ring_members`; empty where the pack has no terms, or too few orders have a weak fact."""
    few = terms is None or engine.row("select count(*) from orders")[0] < terms.least_buyers
    flagged = 0 if few or terms is None else flag_orders(engine, terms)
    if terms is None or flagged < terms.least_buyers:
        for name, select in EMPTY.items():
            engine.table(name, select)
    else:
        name_rings(engine, terms, as_of, flagged)
        engine.table("shipment_rings", MEMBERS)
        forget(engine)
