"""Judging at a moment gives the same facts whether or not the data hold what became known later."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest
from laying import Given, Row, each_engine, found, judge_at  # noqa: F401  each_engine is the fixture `engine`
from model_worlds import DAYS, START, world

from parcelproof.engines.duckdb import Engine
from parcelproof.facts.catalogue import fact_types
from parcelproof.simulate import simulate

KNOWN = {
    "orders": "paid_at", "declarations": "declared_at", "parcels": "created_at", "order_events": "happened_at", "complaints": "opened_at",
    "warehouses": "registered_at",
}  # fmt: skip
"""Table -> the moment from which its rows are known; without one they always were."""
LATER: dict[str, dict[str, tuple[str, ...]]] = {
    "declarations": {"withdrawn_at": ()},
    "parcels": {"weighed_at": ("weight_g",)},
    "receipts": {"confirmed_at": ("confirmed_by",), "reviewed_at": ("review_key", "rating")},
    "complaints": {"decided_at": ("upheld",)},
}
"""Table -> moments of its own that parts of a row have, and what is known from then besides."""


def known_by(moment: datetime, given: Given) -> Given:
    """The tables as they were at a moment."""
    return {table: [_so_far(table, row, moment) for row in rows if _is_known(table, row, moment)] for table, rows in given.items()}


def _is_known(table: str, row: Row, moment: datetime) -> bool:
    if table == "scans":
        since = max(row["event_time"], row.get("received_at") or row["event_time"])
    elif table == "disruptions":
        since = row.get("announced_at") or row["starts_at"]
    else:
        since = row.get(KNOWN.get(table, ""))
    return since is None or bool(since <= moment)


def _so_far(table: str, row: Row, moment: datetime) -> dict[str, Any]:
    seen = dict(row)
    for time, rest in LATER.get(table, {}).items():
        if seen.get(time) and seen[time] > moment:
            seen |= dict.fromkeys((time, *rest))
    return seen


def facts(engine: Engine, given: Given, moment: datetime) -> list[tuple[Any, ...]]:
    judge_at(engine, given, moment.isoformat(sep=" "))
    return sorted(found(engine, "facts", [name for name in fact_types() if name != "as_of"]), key=repr)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_that_became_known_later_changes_a_fact(engine: Engine, seed: int) -> None:
    given = world(seed, size=24)
    moment = START + timedelta(days=Random(seed).randint(10, DAYS))  # noqa: S311  nothing is kept secret
    assert facts(engine, given, moment) == facts(engine, known_by(moment, given), moment)


def test_nor_in_a_simulated_marketplace(engine: Engine, tmp_path: Path) -> None:
    made = simulate(400, 5, tmp_path / "world")
    given = {path.stem: pq.read_table(path).to_pylist() for path in sorted(made.dataset.glob("*.parquet"))}
    moment = min(row["paid_at"] for row in given["orders"]) + timedelta(days=16)
    then = facts(engine, given, moment)
    assert then == facts(engine, known_by(moment, given), moment)
    assert 150 < len(then) < len(facts(engine, given, moment + timedelta(days=28))) <= 430
