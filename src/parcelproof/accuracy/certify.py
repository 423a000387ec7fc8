"""Choosing a threshold so that a promise holds: Learn then Test (Angelopoulos and others, arXiv 2110.01052) with exact tests.

The candidates go from strict to loose, in an order fixed before any label is seen. Each is tested for "the share of innocents
among the accused is above the limit" with the binomial tail; the walk stops at the first that cannot be refuted, so that one
`delta` covers all of them. A candidate with fewer accused than a flawless record needs cannot pass; the walk begins after those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parcelproof.intervals import binomial_cdf, labels_needed


@dataclass(frozen=True, slots=True)
class Candidate:
    """A threshold with how many labelled shipments it accuses, and how many of these are innocent."""

    threshold: float
    accused: int
    innocent: int


def certify(candidates: Sequence[Candidate], limit: float, delta: float) -> Candidate | None:
    """The loosest candidate that is proved to accuse at most `limit` of innocents; None where none is.

    Args:
        candidates: From strict to loose; each accuses whom the one before it accuses.
        limit: The largest share of innocents among the accused.
        delta: The chance, at most, that the answer breaks the limit.
    """
    chosen = None
    least = labels_needed(limit, delta)
    for candidate in candidates:
        if candidate.accused < least:
            continue
        if binomial_cdf(candidate.innocent, candidate.accused, limit) > delta:
            break
        chosen = candidate
    return chosen
