"""Markets with planted rings and honest groups, for the rings bench and its tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parcelproof.engines.duckdb import Engine

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
