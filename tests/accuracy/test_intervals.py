from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcelproof.accuracy.certify import Candidate, certify
from parcelproof.intervals import binomial_cdf, interval, labels_needed, lower, upper

ERRORS = (0, 1, 2, 3, 5, 10)
NEEDED = {
    (0.01, 0.05): (299, 473, 628, 773, 1_049, 1_693),
    (0.005, 0.05): (598, 947, 1_258, 1_549, 2_100, 3_389),
    (0.002, 0.05): (1_497, 2_371, 3_146, 3_875, 5_254, 8_478),
    (0.001, 0.05): (2_995, 4_742, 6_294, 7_752, 10_511, 16_959),
    (0.0005, 0.05): (5_990, 9_486, 12_590, 15_505, 21_024, 33_921),
    (0.0001, 0.05): (29_956, 47_437, 62_956, 77_535, 105_128, 169_619),
    (0.001, 0.01): (4_603, 6_636, 8_403, 10_042, 13_105, 20_140),
}
"""(limit, delta) -> labels needed by the number of errors found; worked out with another program's beta quantiles."""


@pytest.mark.parametrize(("limit", "delta"), NEEDED)
def test_the_sample_sizes_are_right_to_the_integer(limit: float, delta: float) -> None:
    assert tuple(labels_needed(limit, delta, errors) for errors in ERRORS) == NEEDED[limit, delta]
    for errors, n in zip(ERRORS, NEEDED[limit, delta], strict=True):
        assert upper(errors, n, delta) <= limit < upper(errors, n - 1, delta)


@pytest.mark.parametrize(("k", "n", "low", "high"), [(0, 10, 0.0, 0.308497), (1, 10, 0.002529, 0.445016), (5, 10, 0.187086, 0.812914), (10, 10, 0.691503, 1.0)])
def test_intervals_are_those_of_the_textbook(k: int, n: int, low: float, high: float) -> None:
    assert interval(k, n, 0.95) == pytest.approx((low, high), abs=1e-6)


def test_nothing_seen_has_no_interval() -> None:
    assert interval(0, 0, 0.95) is None


@settings(deadline=None)  # the machine may be busy
@given(st.integers(1, 60), st.floats(0.01, 0.99), st.data())
def test_the_tail_is_the_sum_of_its_terms(n: int, p: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(-1, n))
    assert binomial_cdf(k, n, p) == pytest.approx(sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1)), abs=1e-9)


@settings(deadline=None)  # the machine may be busy
@given(st.integers(1, 3000), st.data())
def test_one_error_more_never_lowers_a_bound(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n - 1))
    assert lower(k, n, 0.05) <= k / n <= upper(k, n, 0.05) <= upper(k + 1, n, 0.05)


def test_large_numbers_keep_their_digits() -> None:
    assert binomial_cdf(5_000, 1_000_000, 0.005) == pytest.approx(0.5038, abs=5e-4)
    assert upper(300_000, 600_000, 0.025) == pytest.approx(0.5 + 1.959964 * math.sqrt(0.25 / 600_000), abs=1e-5)


def drawing(n: int, p: float) -> Callable[[Random], int]:
    """Draws of a binomial, exact, by its own table."""
    most = int(n * p + 12 * math.sqrt(n * p + 1)) + 10
    table = [binomial_cdf(k, n, p) for k in range(min(n, most) + 1)]
    return lambda random: bisect_left(table, random.random())


RUNS = 1000


def test_in_a_thousand_runs_an_upper_limit_fails_no_more_often_than_stated() -> None:
    random, share, n = Random(1), 0.004, 800  # noqa: S311  a simulation
    draw = drawing(n, share)
    assert sum(upper(draw(random), n, 0.05) < share for _ in range(RUNS)) <= 0.05 * RUNS


def test_in_a_thousand_runs_a_certified_threshold_breaks_its_limit_no_more_often_than_stated() -> None:
    """The true risk rises from strict to loose and crosses the limit; a plain comparison with the limit breaks it far more often."""
    random, limit, delta, step = Random(2), 0.002, 0.05, 1000  # noqa: S311  a simulation
    risks = [0.0001 * 1.35**j for j in range(20)]
    draws = [drawing(step, risk) for risk in risks]
    true = [sum(risks[: j + 1]) / (j + 1) for j in range(20)]
    broken = plain = chosen = 0
    for _ in range(RUNS):
        innocent, candidates = 0, []
        for j, draw in enumerate(draws):
            innocent += draw(random)
            candidates.append(Candidate(j, step * (j + 1), innocent))
        found = certify(candidates, limit, delta)
        chosen += found is not None
        broken += found is not None and true[int(found.threshold)] > limit
        best = [c for c in candidates if c.innocent <= limit * c.accused]
        plain += bool(best) and true[int(best[-1].threshold)] > limit
    assert broken <= delta * RUNS < plain
    assert chosen > 0.6 * RUNS


def test_a_threshold_with_too_few_labels_is_no_threshold() -> None:
    assert certify([Candidate(1, 100, 0), Candidate(2, 298, 0)], 0.01, 0.05) is None
    assert certify([Candidate(1, 100, 0), Candidate(2, 299, 0)], 0.01, 0.05) == Candidate(2, 299, 0)
