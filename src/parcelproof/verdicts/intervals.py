"""Exact intervals for a share that was counted: what the true share may be, given so many of so many.

Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial" (Biometrika 26, 1934): the ends
are the shares at which so few, or so many, would be seen with half the doubt that is allowed. They hold at any size of sample
and cover the truth at least as often as they say.
"""

from __future__ import annotations

import math

SURE = 0.95
_TINY = 1e-300
_STEPS = 200


def exact_interval(hits: int, trials: int, sure: float = SURE) -> tuple[float, float]:
    """(lowest, highest) share that `hits` of `trials` allow; (0, 1) where nothing was tried.

    Args:
        hits: How many had the property; from 0 to `trials`.
        trials: How many were looked at.
        sure: How often the interval covers the truth, at least.
    """
    doubt = (1 - sure) / 2
    low = 0.0 if hits == 0 else _beta_quantile(doubt, hits, trials - hits + 1)
    high = 1.0 if hits == trials else _beta_quantile(1 - doubt, hits + 1, trials - hits)
    return low, high


def _beta_quantile(chance: float, a: float, b: float) -> float:
    """The share below which a beta distribution holds `chance`, by halving until doubles end."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _beta_below(middle, a, b) < chance else (low, middle)
    return (low + high) / 2


def _beta_below(x: float, a: float, b: float) -> float:
    """How much of a beta distribution lies below x: the regularised incomplete beta function."""
    front = math.exp(a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b))
    return front * _fraction(x, a, b) / a if x < (a + 1) / (a + b + 2) else 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function (Abramowitz and Stegun, 26.5.8), from the front by Lentz's method."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found, step = d, 0
    while True:
        step += 1
        for term in (
            step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step)),
            -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1)),
        ):
            c, d = _away(1 + term / c), 1 / _away(1 + term * d)
            found *= c * d
        if abs(c * d - 1) < 1e-15:  # noqa: PLR2004  the last digit of a double
            return found


def _away(value: float) -> float:
    """A divisor that is not nothing."""
    return value if abs(value) > _TINY else _TINY
