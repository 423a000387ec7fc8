"""What the packs say of single shipments, one sentence a case, each with the row of the sources that it rests on."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import policy_worlds
import pytest

PACKS = ("douyin-shop", "tmall", "tiktok-shop")
SENTENCES = [(pack, number, case) for pack in PACKS for number, case in enumerate(policy_worlds.cases(pack))]


@cache
def verdicts(pack: str) -> list[dict[str, Any]]:
    """All cases of a pack in one world: each a shop, a buyer and an order of its own."""
    rows = [
        policy_worlds.row(number, str(case["day"]), {"merchant_id": f"M{number}", "buyer_id": f"B{number}"} | case["facts"])
        for number, case in enumerate(policy_worlds.cases(pack))
    ]
    return sorted(policy_worlds.judged(pack, rows)["verdicts"], key=lambda found: found["shipment"])


@pytest.mark.parametrize(("pack", "number", "case"), SENTENCES, ids=[f"{pack}: {case['name']}" for pack, _, case in SENTENCES])
def test_the_pack_says_of_a_shipment(pack: str, number: int, case: dict[str, Any]) -> None:
    found = verdicts(pack)[number]
    told = " ".join(filter(None, (found["outcome"], found["offence"])))
    assert (told, found["charge"]) == (case["expect"], Decimal(str(case["charge"])) if "charge" in case else None), case["source"]


def test_there_are_enough_sentences_and_each_names_its_source() -> None:
    assert len(SENTENCES) >= 150
    assert all(case["source"] for _, _, case in SENTENCES)
    assert len({(pack, case["name"]) for pack, _, case in SENTENCES}) == len(SENTENCES)
