"""The second opinion, without any flag: shops that share more actors than chance gives them, put together to groups."""

from __future__ import annotations

from parcelproof.engines.duckdb import Engine
from parcelproof.facts.graph import render
from parcelproof.rings.peel import make, text

ROWS_AT_ONCE = 12_000_000
"""Meetings of two shops through one actor are counted in parts of about so many."""
MOST_PARTS = 3
"""A block falls into no more parts than this that are worth a look."""


def project(engine: Engine, least_actors: int) -> list[int]:
    """Make `labels` (m, label) of the shops that are tied together; the labels of the groups that so many actors tie, the most surprising first."""
    make(engine, "roamers")
    make(engine, "shop_reach")
    visits, meetings = engine.row("select coalesce(sum(d), 0), coalesce(sum(s), 0) from shop_reach")
    if not meetings:
        return []
    _meet(engine, f"{visits}e0", 1 + int(meetings) // 2 // ROWS_AT_ONCE)
    make(engine, "category_affinities", visits=f"{visits}e0")
    shops = engine.row("select count(*) from shop_reach")[0]
    make(engine, "tied_shops", visits=f"{visits}e0", pairs=f"{shops * (shops - 1) // 2}e0")
    engine.drop("roamers", "met_shops", "category_sums", "category_totals", "often_met", "category_affinities", "shop_reach")
    label(engine, "tied_shops")
    make(engine, "group_sizes")
    return [label for (label,) in engine.rows(f"select label from group_sizes where actors >= {least_actors} order by log_p, label")]


def _meet(engine: Engine, visits: str, parts: int) -> None:
    """Count the actors that shops share: those that share three or more are kept, of the others the sums by category."""
    for part in range(parts):
        make(engine, "met_shops", part=part, parts=parts)
        make(engine, "category_sums", visits=visits)
        for name, select in (("often_met", "select m, n, shared from met_shops where shared >= 3"), ("category_totals", "select * from category_sums")):
            if part:
                engine.run(f"insert into {name} {select}")
            else:
                engine.table(name, select)


def label(engine: Engine, ties: str) -> None:
    """Give every shop of a table of ties (m, n) the least number that its ties lead to, by rounds until none changes."""
    engine.table("labels", f"select m, m as label from (select m from {ties} union select n as m from {ties})")
    before = None
    while (after := engine.row("select coalesce(sum(label), 0) from labels")) != before:
        before = after
        make(engine, "labels_onward", ties=ties)
        engine.table("labels", "select m, label from labels_onward")


def divided(engine: Engine, pairs: str) -> list[int]:
    """Label the shops of a table of pairs that its actors tie together; the labels of the parts, the weightiest first."""
    make(engine, "tied_in_block", pairs=pairs)
    label(engine, "tied_in_block")
    return [part for (part,) in engine.rows(render(text("block_parts"), {"pairs": pairs, "most": str(MOST_PARTS)}))]
