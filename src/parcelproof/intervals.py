"""Exact intervals of a share (Clopper and Pearson 1934), and how many labels a promise needs.

k of n drawn shipments are wrong. The upper limit is the largest share under which so few would still be seen with a chance of
`delta`. It holds for any n, without an approximation. Written out over the binomial tail, so that no numerical package is needed.
"""

from __future__ import annotations

from functools import cache
from math import ceil, exp, lgamma, log, log1p

_STEPS = 80
"""Halvings of an interval: beyond the digits of a float."""
_LOG_FACTORIAL_FROM = 2000
_NEGLIGIBLE = 1e-18


def binomial_cdf(k: int, n: int, p: float) -> float:
    """The chance of at most `k` among `n`, each with chance `p`."""
    if k < 0:
        return 0.0
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    return _tail(k, n, p) if k <= n * p else 1 - _tail(n - k - 1, n, 1 - p)


def _tail(k: int, n: int, p: float) -> float:
    """The sum of the terms from `k` down, which fall."""
    odds = (1 - p) / p
    term = total = exp(_log_choose(n, k) + k * log(p) + (n - k) * log1p(-p))
    for i in range(k, 0, -1):
        term *= i / (n - i + 1) * odds
        total += term
        if term < total * _NEGLIGIBLE:
            break
    return min(total, 1.0)


@cache
def _log_choose(n: int, k: int) -> float:
    """The logarithm of n over k; of a small k by its own factors, which loses no digits."""
    k = min(k, n - k)
    if k < _LOG_FACTORIAL_FROM:
        return sum(log((n - k + i) / i) for i in range(1, k + 1))
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


@cache
def upper(k: int, n: int, delta: float) -> float:
    """The upper limit of a share of which `k` of `n` were seen; wrong with a chance of at most `delta`."""
    if k >= n:
        return 1.0
    low, high = k / n, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if binomial_cdf(k, n, middle) > delta else (low, middle)
    return high


def lower(k: int, n: int, delta: float) -> float:
    """The lower limit; wrong with a chance of at most `delta`."""
    return 1 - upper(n - k, n, delta)


def interval(k: int, n: int, confidence: float) -> tuple[float, float] | None:
    """Both limits, which hold together with the confidence; None where nothing was seen."""
    if n == 0:
        return None
    delta = (1 - confidence) / 2
    return lower(k, n, delta), upper(k, n, delta)


def labels_needed(limit: float, delta: float, errors: int = 0) -> int:
    """The least n for which `errors` among them still prove a share of at most `limit`."""
    if errors == 0:
        return ceil(log(delta) / log1p(-limit))
    low, high = errors, 2 * errors + 2
    while binomial_cdf(errors, high, limit) > delta:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if binomial_cdf(errors, middle, limit) > delta else (low, middle)
    return high
