"""The rings of the page: each drawn, shops against accounts, and told in words that an appeal panel can follow."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from parcelproof.engines.duckdb import literals
from parcelproof.report import figures
from parcelproof.report.summary import Row, ask
from parcelproof.report.words import Text, same, text_of, title, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parcelproof.engines.duckdb import Engine
    from parcelproof.report.view import Run

MOST_RINGS, MOST_SHOPS, MOST_ACCOUNTS = 12, 24, 80
GUTTER, STEP, LINE, LONGEST = 132, 10, 17, 16
"""Pixels for the names of shops, between accounts, between shops; characters of a name."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def rings(engine: Engine, run: Run) -> dict[str, Any]:
    """The surest rings and how many there are in all.

    Args:
        engine: holds `rings`, `ring_members`, `ring_flags`, `ring_shares` and `ring_orders`.
        run: whose `titles` say what each weak fact is called, as `ring:<fact>`.
    """
    found = ask(engine, "rings", top=str(MOST_RINGS))
    named = {"rings": literals(row[0] for row in found) or "''"}
    facts, shared = _by_ring(ask(engine, "ring_facts", **named)), _by_ring(ask(engine, "ring_shared", **named))
    shops = _by_ring(ask(engine, "ring_shops", **named, shops=str(MOST_SHOPS)))
    trades = _by_ring(ask(engine, "ring_trades", **named, buyers=str(MOST_ACCOUNTS)))
    told = [_told(row, facts[row[0]], shared[row[0]], shops[row[0]], trades[row[0]], run) for row in found]
    total = found[0][-1] if found else 0
    return {"rings": told, "rest": figures.count(total - len(told)) if total > len(told) else None}


def _told(ring: Row, facts: list[Row], shared: list[Row], shops: list[Row], trades: list[Row], run: Run) -> dict[str, Any]:
    ring_id, merchants, buyers, orders, score, expected, p_value, permutation_p, sides, coordinated, first, last, _ = ring
    victims = [figures.shown(shop) for shop, *_, role in shops if role == "possible_victim"]
    days = {"first": _day(first, run), "last": _day(last, run)}
    counts = {"buyers": figures.count(buyers), "merchants": figures.count(merchants), "orders": figures.count(orders)}
    sentences = [
        word("rings", "who", **counts, **days),
        word("rings", "excess", score=figures.count(score), expected=f"{expected:,.1f}", times=f"{score / expected:,.0f}" if expected else figures.NOTHING),
        word("rings", "chance", p=_chance(p_value)),
        *([word("rings", "shuffled", n=figures.count(round(1 / permutation_p) - 1))] if permutation_p else []),
        *([word("rings", "coordinated")] if coordinated else []),
        word("rings", "seen", sides=_listed([title("link", side) for side in sides.split()])),
        *(word("rings", "shares", kind=title("link", kind), keys=figures.count(keys), buyers=figures.count(n)) for kind, keys, n in shared),
        *([word("rings", "victims", shops=_listed([same(shop) for shop in victims]))] if victims else []),
    ]
    return {
        "id": figures.shown(ring_id),
        "sentences": sentences,
        "drawing": _drawing(ring_id, [shop for shop, *_ in shops], trades),
        "cut": word("rings", "cut", shops=len(shops), buyers=min(buyers, MOST_ACCOUNTS)) if merchants > len(shops) or buyers > MOST_ACCOUNTS else None,
        "facts": [
            (_fact(flag, run.titles), figures.count(n), figures.share(n, orders), figures.share(everywhere, everything))
            for flag, n, everywhere, everything in facts
        ],
        "shops": [(figures.shown(shop), figures.count(n), figures.count(flagged), title("ring_role", role)) for shop, n, flagged, role in shops],
    }


def _drawing(ring_id: str, shops: list[str], trades: list[Row]) -> Markup:
    """A row a shop, a column an account; a full dot is an order with a weak fact, a ring one without."""
    line = {shop: LINE * n + LINE // 2 + 2 for n, shop in enumerate(shops)}
    dots: dict[bool, list[str]] = {True: [], False: []}
    for shop, place, flagged in trades:
        if shop in line:
            dots[flagged].append(f"M{GUTTER + STEP * place + STEP // 2} {line[shop]}h0")
    width = GUTTER + STEP * (1 + max((place for _, place, _ in trades), default=0))
    names = Markup().join(
        Markup('<text x="{}" y="{}" text-anchor="end">{}</text><path class="row" d="M{} {}H{}"/>').format(
            GUTTER - 10, y + 4, figures.shown(shop, LONGEST), GUTTER, y, width
        )
        for shop, y in line.items()
    )
    marks = Markup().join(Markup('<path class="dot {}" d="{}"/>').format("flagged" if flagged else "plain", "".join(d)) for flagged, d in dots.items() if d)
    frame = Markup(
        '<svg class="ring" role="img" aria-labelledby="{0}-name" aria-describedby="{0}-desc" viewBox="0 0 {1} {2}" width="{1}" height="{2}">{3}{4}</svg>'
    )
    return frame.format(f"ring-{figures.shown(ring_id)}", width, LINE * len(shops) + 4, names, marks)


def _by_ring(rows: list[Row]) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for ring_id, *rest in rows:
        found[ring_id].append(tuple(rest))
    return found


def _fact(flag: str, titles: Mapping[str, Any]) -> Text:
    told = text_of(titles.get(f"ring:{flag}"), flag.replace("_", " "))
    return Text(figures.shown(told.zh), figures.shown(told.en))


def _listed(texts: list[Text]) -> Text:
    return Text("、".join(text.zh for text in texts), ", ".join(text.en for text in texts))


def _day(value: object, run: Run) -> str:
    moment = figures.moment(value)
    return figures.NOTHING if moment is None else moment.astimezone(run.zone).date().isoformat()


def _chance(p_value: float) -> str:
    """A chance by its order of magnitude: `10⁻⁸` and not more digits than it deserves."""
    power = min(300, math.floor(-math.log10(p_value))) if p_value > 0 else 300
    return "10⁻" + str(power).translate(RAISED)
