"""The bound on false accusations: of what share of the accused is it proved that at most so many are innocent?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parcelproof.intervals import labels_needed, upper


@dataclass(frozen=True, slots=True)
class Promise:
    """What a pack promises: at most this share of innocents among those in violation, with this confidence."""

    limit: float = 0.001
    confidence: float = 0.95

    @classmethod
    def of(cls, stated: Mapping[str, Any] | None) -> Promise:
        """What a pack states, or the default."""
        return cls(float(stated["false_accusations"]), float(stated["confidence"])) if stated else cls()

    @property
    def delta(self) -> float:
        """The chance of being wrong."""
        return round(1 - self.confidence, 12)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a group of accusations.

    `accused` are all of them. Of these `appealed` were appealed against and decided, `overturned` as innocent. Of the others
    `labels` were drawn at random and answered, `innocent` as innocent; `unanswered` were drawn and not answered.
    """

    accused: int
    labels: int
    innocent: int
    unanswered: int = 0
    appealed: int = 0
    overturned: int = 0


def at_most(seen: Seen, delta: float) -> float:
    """The share of innocents among the accused is at most this, but for a chance of `delta`.

    Appeals are no sample: who appeals has reason to. They count as what they are, all of their own stratum; of those who kept
    still only the random labels speak, for silence is no guilt. A draw that nobody answered counts as an innocent.
    """
    if seen.accused == 0:
        return 0.0
    quiet = seen.accused - seen.appealed
    drawn, wrong = seen.labels + seen.unanswered, seen.innocent + seen.unanswered
    rest = 0.0 if quiet <= 0 else 1.0 if drawn == 0 else upper(wrong, drawn, delta)
    return min(1.0, (seen.overturned + max(quiet, 0) * rest) / seen.accused)


def estimate(seen: Seen) -> float | None:
    """The same share without a margin, right on average; None where nobody looked at those who did not appeal."""
    quiet = seen.accused - seen.appealed
    if seen.accused == 0 or (quiet > 0 and seen.labels == 0):
        return None
    return (seen.overturned + (quiet * seen.innocent / seen.labels if quiet > 0 else 0)) / seen.accused


def enough(seen: Seen, limit: float, delta: float) -> bool:
    """Whether so many labels could prove the limit if all were right."""
    return seen.labels + seen.unanswered >= labels_needed(limit, delta)


def bound(groups: Mapping[str, Seen], total: Seen, promise: Promise) -> dict[str, Any]:
    """The bound of all accusations together, and of each offence; the offences share the chance of being wrong among them."""
    share = promise.delta / max(1, sum(1 for seen in groups.values() if seen.labels + seen.appealed))
    return {
        "limit": promise.limit,
        "confidence": promise.confidence,
        **_stated(total, promise.limit, promise.delta),
        "offences": {name: _stated(seen, promise.limit, share) for name, seen in groups.items()},
    }


def _stated(seen: Seen, limit: float, delta: float) -> dict[str, Any]:
    sufficient = enough(seen, limit, delta)
    return {
        "accused": seen.accused, "labels": seen.labels, "innocent": seen.innocent, "unanswered": seen.unanswered,
        "appealed": seen.appealed, "overturned": seen.overturned,
        "estimate": estimate(seen), "at_most": at_most(seen, delta) if sufficient else None,
        "holds": sufficient and at_most(seen, delta) <= limit, "needed": labels_needed(limit, delta),
    }  # fmt: skip
