"""How surprising a count is, and which of many surprises stand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from parcelproof.rings.pairs import Floats, Truths


def log_tail(n: npt.ArrayLike, mean: npt.ArrayLike) -> Floats:
    """No less than the logarithm of the chance that a Poisson count of this mean reaches n; 0 where n is no more than the mean.

    Stirling's lower bound of n! (Robbins 1955), and a geometric series for the rest of the tail.
    """
    counts, means = np.broadcast_arrays(np.asarray(n, dtype=np.float64), np.asarray(mean, dtype=np.float64))
    beyond = (counts > means) & (means > 0)
    k, x = np.where(beyond, counts, 1.0), np.where(beyond, means, 0.5)
    told = k - x - k * np.log(k / x) - np.log(2 * np.pi * k) / 2 - 1 / (12 * k + 1) - np.log(1 - x / (k + 1))
    return np.where(beyond, np.minimum(0.0, np.round(told, 6)), 0.0)


def surest(log_p: Floats, share: float, tests: int) -> Truths:
    """Which to name so that of all that are named no more than this share may be chance (Benjamini and Hochberg), of so many tests made."""
    if not len(log_p):
        return np.zeros(0, dtype=np.bool_)
    place = 1 + np.searchsorted(np.sort(log_p), log_p)
    held = log_p <= np.log(share * place / tests)
    return log_p <= (log_p[held].max() if held.any() else -np.inf)
