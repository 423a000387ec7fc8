"""Markets with planted rings and honest groups, for the rings bench and its tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parcelproof.engines.duckdb import Engine
from parcelproof.rings.find import Found, Terms, find
from parcelproof.rings.pairs import Pairs, Shops
from parcelproof.rings.projection import project

SQL = Path(__file__).with_suffix(".sql")


@dataclass(frozen=True, slots=True)
class Ring:
    """A planted ring: `density` of its buyer-shop pairs are fake orders, `hit` of which carry a weak physical fact.

    `camouflage` is real orders elsewhere per fake one. Rings of one `buyer_group` or `shop_group` share those members.
    """

    buyers: int
    shops: int
    density: float
    hit: float = 0.6
    camouflage: int = 1
    buyer_group: int | None = None
    shop_group: int | None = None
    one_category: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """A market of `orders` natural orders."""

    orders: int
    seed: int
    rings: tuple[Ring, ...] = ()
    groups: bool = True
    uneven: bool = False

    @property
    def buyers(self) -> int:
        """Natural buyers: three in ten orders."""
        return self.orders * 3 // 10

    @property
    def shops(self) -> int:
        """Shops: three in a hundred orders."""
        return max(240, self.orders * 3 // 100)


def lay(engine: Engine, world: World) -> None:
    """Make the table `ring_orders` of a world: actor, shop, buyer, flagged, stratum, and whether the pair is fake."""
    rows = [
        f"({n}, {ring.buyers}, {ring.shops}, {ring.density}, {ring.hit}, {ring.camouflage}, "
        f"{n if ring.buyer_group is None else ring.buyer_group}, {n if ring.shop_group is None else ring.shop_group}, {60 if ring.one_category else 7})"
        for n, ring in enumerate(world.rings)
    ]
    values = ", ".join(rows) or "(0, 0, 0, 0.0, 0.0, 0, 0, 0, 7)"
    engine.table("planted_rings", f"select * from (values {values}) as r(ring, buyers, shops, density, hit, camouflage, ring_group, shop_group, step)")
    text = SQL.read_text(encoding="utf-8")
    for name in ("orders", "buyers", "shops", "seed", "groups", "uneven"):
        text = text.replace(f"${name}", str(getattr(world, name)).lower())
    engine.run(text)


def pairs_of(engine: Engine) -> Pairs:
    """The pairs of `ring_orders`, numbered as a market numbers them; `trades` is made beside them, for the projection."""
    for side, number in (("actor", "b"), ("shop", "m"), ("buyer", "c"), ("stratum", "s")):
        engine.table(f"world_{side}s", f"select row_number() over (order by {side}) as {number}, {side} from (select distinct {side} from ring_orders)")
    engine.table(
        "trades",
        """
        select 0 as period, b, m, c, max(flagged::bigint) as flags, max(s) as stratum
        from ring_orders inner join world_actors using (actor) inner join world_shops using (shop) inner join world_buyers using (buyer)
        inner join world_stratums using (stratum)
        group by b, m, c
    """,
    )
    rows = engine.arrow("select b, m, c, flags > 0 as flag, stratum from trades order by b, m, c")
    b, m, c, flag, stratum = (rows.column(name).to_numpy() for name in ("b", "m", "c", "flag", "stratum"))
    return Pairs.of(b, m, c, flag, stratum, Shops.of(m, c, flag, stratum))


def search(engine: Engine, terms: Terms | None = None) -> Found:
    """The rings of `ring_orders`, and what the projection finds there."""
    pairs, limits = pairs_of(engine), terms or Terms()
    return find(pairs, limits, project(engine, pairs, period=0, least_buyers=limits.least_buyers, most=limits.most_blocks))


def members(engine: Engine, found: Found) -> set[tuple[str, str]]:
    """Who is in the rings that were found: buyers and shops, by their names."""
    buyers, shops = ({n for block in found.rings for n in getattr(block, side)} for side in ("actors", "shops"))
    named = {("buyer", name) for n, name in engine.rows("select b, actor from world_actors") if n in buyers}
    return named | {("shop", name) for n, name in engine.rows("select m, shop from world_shops") if n in shops}


def planted(engine: Engine) -> set[tuple[str, str]]:
    """Who is in the rings that were planted."""
    return {(kind, name) for kind in ("buyer", "shop") for (name,) in engine.rows(f"select distinct {kind} from ring_orders where fake")}
