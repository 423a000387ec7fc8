"""Order money: what is charged beside what, caps, rounding."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import policy_worlds
import pytest
from policy_worlds import REUSED, SMALL, written

from parcelproof.policy.commands import check_text, show_text


def charged(folder: Path, pack: dict[str, Any], *rows: dict[str, Any]) -> list[tuple[str, str, Decimal]]:
    """(order, offence, amount) of what a pack charges."""
    made = [policy_worlds.row(number, "2026-07-01", facts) for number, facts in enumerate(rows)]
    found = policy_worlds.judged(written(folder, pack), made)["charges"]
    return sorted((row["order_id"], row["offence"], row["amount"]) for row in found)


def test_one_fact_is_charged_once_and_other_facts_beside_it(tmp_path: Path) -> None:
    both = {"hours_without_hub": 50, "hours_late": 5, "amount_paid": "100.00"}
    assert charged(tmp_path / "a", SMALL, both) == [("O0000000", "false_shipping", Decimal("20.00"))]
    together = SMALL | {"charging": {"2026-01-01": {"together": ["false_shipping", "stalled_trace", "late_shipping"]}}}
    assert charged(tmp_path / "b", together, both) == [("O0000000", "false_shipping", Decimal("20.00")), ("O0000000", "late_shipping", Decimal("10.00"))]
    reused = REUSED | {"hours_without_hub": 30, "amount_paid": "100.00"}
    assert charged(tmp_path / "c", together, reused) == [("O0000000", "false_shipping", Decimal("20.00")), ("O0000000", "stalled_trace", Decimal("5.00"))]


def test_caps_take_off_the_least_grave_first_and_say_so(tmp_path: Path) -> None:
    caps = {"together": ["false_shipping", "stalled_trace", "late_shipping"],
            "caps": [{"of": ["false_shipping", "stalled_trace"], "per": "order", "rate": 0.2, "max": 100, "source": "rule"},
                     {"per": "buyer_shop_day", "max": 150, "source": "rule"}]}  # fmt: skip
    pack = SMALL | {"charging": {"2026-01-01": caps}}
    hurt = REUSED | {"hours_without_hub": 30, "amount_paid": "450.00"}
    rows = [
        policy_worlds.row(number, "2026-07-01", hurt | more) for number, more in enumerate(({}, {}, {"buyer_id": "C"}, {"act_time": "2026-07-01 16:00:00"}))
    ]
    found = policy_worlds.judged(written(tmp_path, pack), rows)["charges"]
    assert sorted((row["order_id"], row["offence"], row["amount"]) for row in found) == [
        ("O0000000", "false_shipping", Decimal("90.00")), ("O0000001", "false_shipping", Decimal("60.00")),
        ("O0000002", "false_shipping", Decimal("90.00")), ("O0000003", "false_shipping", Decimal("90.00")),
    ]  # fmt: skip
    (cut,) = [policy_worlds.basis(row) for row in found if row["order_id"] == "O0000001"]
    assert cut["uncapped"] == "90.00"
    assert cut["caps"] == [{"per": "buyer_shop_day", "cap": "150.00", "before": "90.00", "source": "https://example.org/rule"}]


@pytest.mark.parametrize(
    ("rounding", "paid", "amount"),
    [
        ("cent_half_up", "10.25", "1.03"), ("cent_half_up", "10.24", "1.02"), ("cent_down", "10.29", "1.02"), ("yuan_half_up", "75.00", "8.00"),
        ("yuan_half_up", "74.99", "7.00"), ("yuan_down", "79.90", "7.00"), ("thousand_down", "29999.90", "2000.00"),
    ],
)  # fmt: skip
def test_rounding_by_name(tmp_path: Path, rounding: str, paid: str, amount: str) -> None:
    pack = copy.deepcopy(SMALL) | {"rounding": {"2026-01-01": rounding}}
    pack["offences"]["late_shipping"]["charge"] = {"2026-01-01": {"rate": 0.1}}
    assert charged(tmp_path, pack, {"hours_late": 5, "amount_paid": paid}) == [("O0000000", "late_shipping", Decimal(amount))]


def test_a_sum_is_decimal_where_floats_would_lie(tmp_path: Path) -> None:
    pack = copy.deepcopy(SMALL)
    pack["offences"]["late_shipping"]["charge"] = {"2026-01-01": {"rate": 0.29}}
    assert charged(tmp_path, pack, {"hours_late": 5, "amount_paid": "9007199254740993.00"})[0][2] == Decimal("2612087783874887.97")


def test_a_fixed_sum_is_added_to_a_rate_before_the_bounds(tmp_path: Path) -> None:
    """Wish, 2018: the order's value and 100 for a fake number."""
    pack = copy.deepcopy(SMALL) | {"currency": "USD"}
    pack["offences"]["late_shipping"]["charge"] = {"2026-01-01": {"rate": 1, "plus": 100, "max": 500}}
    rows = [policy_worlds.row(n, "2026-07-01", {"hours_late": 5, "currency": "USD", "amount_paid": paid}) for n, paid in enumerate(("12.34", "450.00"))]
    found = sorted(policy_worlds.judged(written(tmp_path, pack), rows)["charges"], key=lambda row: str(row["order_id"]))
    assert [(row["amount"], row["currency"]) for row in found] == [(Decimal("112.34"), "USD"), (Decimal("500.00"), "USD")]
    assert {key: policy_worlds.basis(found[0])[key] for key in ("rate", "plus", "base_amount", "unrounded")} == {
        "rate": "1", "plus": "100", "base_amount": "12.34", "unrounded": "112.34000000",
    }  # fmt: skip
    assert "plus 100" in show_text(str(tmp_path), "2026-07-01")
    pack["offences"]["late_shipping"]["charge"] = {"2026-01-01": {"amount": 20, "plus": 100}}
    assert "plus is added to a rate" in check_text(written(tmp_path, pack))[0]
