"""Arithmetic of charges and measures as sentences."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import yaml

from parcelproof.report.evidence import arithmetic, measure_arithmetic
from parcelproof.report.words import ROOM, known


def test_a_capped_charge_says_the_cap_and_what_stood_before() -> None:
    basis = {"rate": "0.2", "base": "amount_paid", "base_amount": "450.00", "min": "5", "rounding": "cent_half_up", "uncapped": "90.00",
             "caps": [{"per": "buyer_shop_day", "cap": "150.00", "before": "90.00", "source": "https://example.org"}]}  # fmt: skip
    told = arithmetic(Decimal("60.00"), "CNY", basis)
    assert "capped at CNY 150.00 for one buyer's day in one shop (before: CNY 90.00)" in told.en.replace("¥", "CNY ")
    assert "封顶" in told.zh
    assert "uncapped" not in told.en


def test_a_fixed_charge_says_so() -> None:
    assert "a fixed " in arithmetic(Decimal("20.00"), "CNY", {"fixed": "20", "rounding": "cent_half_up"}).en


def test_a_measure_says_its_sum_limit_points_and_last_day_to_appeal() -> None:
    basis = {"rate": "2", "base": "violating_amount", "base_days": 30, "base_amount": "10000.00", "min": "1000", "rounding": "thousand_down",
             "appeal_until": "2026-11-08"}  # fmt: skip
    whole = "".join(part.en for part in measure_arithmetic(basis, "CNY"))
    assert "the amount paid for the violating orders in 30 days" in whole
    assert "× 200%" in whole
    assert "rounded down to whole thousands" in whole
    assert whole.endswith("it may be appealed against until 2026-11-08")
    limited = "".join(part.en for part in measure_arithmetic({"limit": "100", "points": "-15"}, "CNY"))
    assert limited == ", limit 100, -15 points"
    assert measure_arithmetic({"base_amount": "x", "rate": []}, None) == []


def test_every_measure_of_the_packs_has_its_words() -> None:
    measures = yaml.safe_load((Path(ROOM).parent / "policies" / "measures.yaml").read_text(encoding="utf-8"))
    assert set(measures) <= set(known("measure", book="story"))
