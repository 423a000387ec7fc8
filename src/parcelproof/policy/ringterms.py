"""The `rings` section of a pack: which weak physical facts mark an order, over how many days, and what a group must show to be named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from parcelproof.policy import expressions

LINKS = ("device", "payer", "address", "phone", "referrer", "ip", "sender")
"""What accounts may share: the kinds of the table `links`, and the sender of their parcels."""
MAKERS = ("merchant", "buyer")
"""Whose conduct a weak fact tells of."""


@dataclass(frozen=True, slots=True)
class RingFlag:
    """One weak physical fact of an order: a condition over facts with alias `f`, whose conduct it tells of, and its title."""

    id: str
    title: dict[str, str]
    when: str
    made_by: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RingTerms:
    """What a pack says of rings."""

    window_days: int
    flags: tuple[RingFlag, ...]
    links: tuple[str, ...]
    permutations: int
    ratio: float
    p_value: float
    least_buyers: int
    least_shops: int
    source: str
    sent_when: str
    """A condition that shows that the shop sent the goods; "false" where the pack names none."""
    sent_facts: tuple[str, ...]

    def facts_read(self) -> set[str]:
        """The facts that the flags and `sent_when` speak of, and those that place them and tell who sends for several shops."""
        sender = ("sender_shops", "sender_registered") if "sender" in self.links else ()
        return {fact for flag in self.flags for fact in flag.facts} | {*self.sent_facts, *sender, "order_id", "withdrawn_at"}


def ring_terms(raw: Mapping[str, Any], trees: Mapping[str, exp.Expr], sent: exp.Expr | None) -> RingTerms:
    """The section as it was read and found sound; `trees` are the conditions of its flags, `sent` what shows that the goods were sent."""
    flags = tuple(
        RingFlag(name, flag["title"], expressions.render(trees[name], {}), flag["made_by"], tuple(sorted(expressions.names(trees[name]))))
        for name, flag in raw["flags"].items()
    )
    return RingTerms(
        raw["window_days"], flags, tuple(raw.get("links") or ()), raw["permutations"], raw["ratio"], raw["p_value"], raw["least_buyers"],
        raw["least_shops"], raw["source"], *(("false", ()) if sent is None else (expressions.render(sent, {}), tuple(sorted(expressions.names(sent))))),
    )  # fmt: skip
