"""Exact intervals cover the truth as often as they say, at any size of sample."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from parcelproof.verdicts.intervals import exact_interval


def at_least(hits: int, trials: int, share: float) -> Fraction:
    """The chance of so many or more, in whole numbers."""
    p = Fraction(share)
    return sum((math.comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(hits, trials + 1)), Fraction(0))


@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (1, 10), (5, 10), (9, 10), (10, 10), (1, 1), (3, 47), (40, 41), (2, 300)])
@pytest.mark.parametrize("sure", [0.9, 0.95, 0.99])
def test_at_its_ends_so_few_or_so_many_are_seen_with_half_the_doubt(hits: int, trials: int, sure: float) -> None:
    low, high = exact_interval(hits, trials, sure)
    doubt = (1 - sure) / 2
    assert (low == 0) is (hits == 0)
    assert (high == 1) is (hits == trials)
    if hits > 0:
        assert float(at_least(hits, trials, low)) == pytest.approx(doubt, rel=1e-9)
    if hits < trials:
        assert float(1 - at_least(hits + 1, trials, high)) == pytest.approx(doubt, rel=1e-9)


def test_the_interval_of_nothing_seen_is_known_in_closed_form() -> None:
    for trials in (1, 30, 1000, 1_000_000, 1_000_000_000):
        low, high = exact_interval(0, trials)
        assert low == 0
        assert high == pytest.approx(-math.expm1(math.log(0.025) / trials), rel=1e-6)
        assert exact_interval(trials, trials) == pytest.approx((1 - high, 1), rel=1e-9)


def test_nothing_tried_says_nothing_and_more_trials_say_more() -> None:
    assert exact_interval(0, 0) == (0, 1)
    widths = [high - low for low, high in (exact_interval(trials // 4, trials) for trials in (4, 40, 400, 4000, 4_000_000))]
    assert widths == sorted(widths, reverse=True)
