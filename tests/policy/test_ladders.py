"""What a shop's days add up to: strikes, their ordinals, and the measures that fall, one sentence a case."""

from __future__ import annotations

from functools import cache
from typing import Any

import policy_worlds
import pytest

CASES = policy_worlds.cases("ladders")


@cache
def outputs(pack: str) -> dict[str, list[dict[str, Any]]]:
    """All cases of a pack in one world: each a shop with a product of its own."""
    rows: list[dict[str, Any]] = []
    for number, case in enumerate(CASES):
        for day, (violations, shipments) in case["days"].items() if case["pack"] == pack else ():
            own = {"merchant_id": f"M{number}", "product_id": f"P{number}", "currency": None, "amount_paid": "100.00"}
            for n in range(shipments):
                changed = case["violating"] if n < violations else case.get("honest", {})
                rows.append(policy_worlds.row(len(rows), str(day), own | {"buyer_id": f"B{len(rows)}"} | changed))
    return policy_worlds.judged(pack, rows)


def told(row: dict[str, Any]) -> str:
    days = (row["ends_at"] - row["starts_at"]).days if row["ends_at"] else None
    return " ".join(str(part) for part in (row["measure"], days, row["amount"]) if part is not None)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["name"] for case in CASES])
def test_the_days_of_a_shop_add_up_to(number: int) -> None:
    case, found = CASES[number], outputs(CASES[number]["pack"])
    strikes = {str(row["day"]): row["ordinal"] for row in found["strikes"] if row["merchant_id"] == f"M{number}"}
    assert strikes == {str(day): ordinal for day, ordinal in case["strikes"].items()}
    measures = [row for row in found["measures"] if row["merchant_id"] == f"M{number}" and row["target_kind"] != "order"]
    if "measures" in case:
        assert sorted(map(told, measures)) == sorted(case["measures"])
    assert set(case.get("has", [])) <= set(map(told, measures))
    limits = sorted(policy_worlds.basis(row)["limit"] for row in measures if "limit" in policy_worlds.basis(row))
    assert limits == sorted(case.get("limits", limits))


def test_heavy_measures_need_a_person_and_every_measure_can_be_undone() -> None:
    rows = [row for pack in ("douyin-shop", "tmall", "tiktok-shop") for row in outputs(pack)["measures"]]
    heavy = {"freeze_funds", "suspend_trading", "removal", "order_cap", "product_ban", "suspension", "close_or_remove_shop"}
    assert {row["needs_human"] for row in rows if row["measure"] in heavy} == {True}
    assert all(row["inverse"] for row in rows)
    assert {row["measure"] for row in rows if row["public"]} == {"removal", "close_or_remove_shop"}
    assert all(" / " in row["cure"] for row in rows if row["measure"] == "order_cap" and row["offence"] == "late_shipping" and row["cure"])


def test_a_measure_carries_its_arithmetic_and_the_days_to_appeal() -> None:
    (row,) = [row for row in outputs("douyin-shop")["measures"] if row["merchant_id"] == "M0" and row["measure"] == "freeze_funds"]
    told_of = policy_worlds.basis(row)
    assert {key: told_of[key] for key in ("rule", "day", "violations", "shipments", "ordinal", "rate", "base", "base_days", "base_amount", "min")} == {
        "rule": "abnormal_traces", "day": "2026-07-20", "violations": 20, "shipments": 199, "ordinal": 1, "rate": "2", "base": "violating_amount",
        "base_days": 30, "base_amount": "2000.00", "min": "1000",
    }  # fmt: skip
    # Judged on 1 November 2026 (08:00 in China): seven days end on Sunday the 8th, five working days on Friday the 13th.
    assert (told_of["appeal_until"], told_of["decide_by"]) == ("2026-11-08", "2026-11-13")
    assert told_of["source_seen"] == "2026-08-22"
