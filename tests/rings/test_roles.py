"""Which shops of a ring may be victims of a rival, told from a few orders laid by hand."""

from __future__ import annotations

import pytest

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.sql_text import make

LIGHT, ELSEWHERE = 1, 2
FLAGS = "(1, 'light', 'merchant'), (2, 'signed_elsewhere', 'merchant'), (4, 'confirmed_at_once', 'buyer')"


def role(inside: list[tuple[int, bool]], outside: list[int]) -> str:
    """The role of a shop with these orders in a ring (weak facts, whether the goods were sent), and these outside all rings."""
    with Engine() as engine:
        engine.table("ring_names", "select 1 as candidate, 'R' as ring_id")
        engine.table("ring_shops", "select 'M1' as merchant_id, 1 as m union all select 'M2', 2")
        ringed = [f"('I{n}', 1, {flags}, {sent})" for n, (flags, sent) in enumerate(inside)]
        other = [f"('O{n}', 1, {flags}, true)" for n, flags in enumerate(outside)]
        market = [f"('E{n}', 2, {LIGHT if n % 100 == 0 else 0}, true)" for n in range(1000)]
        engine.table("windowed_orders", f"select * from (values {', '.join(ringed + other + market)}) as o(order_id, m, flags, sent)")
        engine.table(
            "all_block_orders",
            "select 1 as candidate, order_id, 'M1' as merchant_id, 'B' || order_id as buyer_id, flags, sent from windowed_orders where order_id[1] = 'I'",
        )
        make(engine, "ring_members", flags=FLAGS)
        ((found,),) = engine.rows("select role from ring_members where member_kind = 'merchant'")
        return str(found)


WHOLE, TOKEN = (0, True), (LIGHT, False)


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [
        ([WHOLE] * 20, [0] * 30, "possible_victim"),
        ([WHOLE] * 4 + [(0, False)] * 16, [0] * 30, "member"),
        ([WHOLE] * 15 + [TOKEN] * 8, [0] * 30, "member"),
        ([WHOLE] * 15 + [TOKEN], [0] * 30, "possible_victim"),
        ([WHOLE] * 15 + [(4, True)] * 8, [0] * 30, "possible_victim"),
        ([WHOLE] * 15 + [TOKEN] * 8, [LIGHT] * 12 + [0] * 18, "possible_victim"),
        ([WHOLE] * 15 + [TOKEN] * 8, [ELSEWHERE] * 12 + [0] * 18, "member"),
    ],
    ids=[
        "it sent the goods",
        "too few parcels show that it did",
        "it sent token parcels",
        "one light parcel may be chance",
        "what buyers do is not its making",
        "its other parcels are as light: the catalogue is wrong",
        "its other parcels are amiss in another way",
    ],
)
def test_a_victim_is_a_shop_whose_own_parcels_are_whole(inside: list[tuple[int, bool]], outside: list[int], expected: str) -> None:
    assert role(inside, outside) == expected
