"""A random sample of verdicts for people to look at, drawn so that their answers speak for all."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import Any

from parcelproof.accuracy.measure import read_judged
from parcelproof.engines.duckdb import Engine
from parcelproof.errors import InputError

SHARES = {"violation": 0.6, "suspected": 0.2, "undetermined": 0.1, "clear": 0.1}
"""Of a sample, how much looks at each outcome: the promise is about violations; the rest shows what was missed."""
COLUMNS = ("order_id", "carrier", "waybill_no", "weight", "source", "truth")


def audit_sample(out: Path, size: int, seed: int, file: Path) -> dict[str, dict[str, Any]]:
    """Write a sample for people to answer: `truth` is empty, and nothing tells what the judge said.

    Within an outcome every shipment has the same chance, so that its answers are a simple random sample of it; `weight` is how
    many shipments one row stands for. The rows come in an order of their own, so that who stops early has still seen a random part.

    Returns:
        Of each outcome: how many shipments it has, and how many were drawn.

    Raises:
        InputError: The folder is no judged one, or the file cannot be written.
    """
    random = Random(seed)  # noqa: S311  a draw to repeat, no secret
    rows: list[tuple[Any, ...]] = []
    drawn: dict[str, dict[str, Any]] = {}
    with Engine() as engine:
        read_judged(engine, out)
        sizes = {str(outcome): count for outcome, count in engine.rows("select outcome, count(*) from verdicts group by outcome")}
        for outcome, count in allotted(sizes, size).items():
            chosen = sorted(random.sample(range(1, sizes[outcome] + 1), count))
            rows += [(*key, f"{sizes[outcome] / count:.6g}", "audit", "") for key in _keys(engine, outcome, chosen)]
            drawn[outcome] = {"shipments": sizes[outcome], "drawn": count}
    random.shuffle(rows)
    try:
        with file.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerows([COLUMNS, *rows])
    except OSError as error:
        raise InputError(f"{file} cannot be written ({error.strerror or error}): name another file") from None
    return drawn


def allotted(sizes: dict[str, int], size: int) -> dict[str, int]:
    """How many to draw of each outcome: by `SHARES`, and what one cannot fill goes to the others in their order."""
    given = {outcome: min(sizes.get(outcome, 0), int(size * share)) for outcome, share in SHARES.items()}
    for outcome in SHARES:
        left = size - sum(given.values())
        given[outcome] += min(left, sizes.get(outcome, 0) - given[outcome])
    return {outcome: count for outcome, count in given.items() if count}


def _keys(engine: Engine, outcome: str, chosen: list[int]) -> list[tuple[Any, ...]]:
    """The shipments of an outcome that have these numbers in the order of their key."""
    engine.table("chosen", f"select unnest({chosen}::bigint[]) as number")
    return engine.rows(f"""
        select order_id, carrier, waybill_no
        from (select *, row_number() over (order by order_id, carrier, waybill_no) as number from verdicts where outcome = '{outcome}') as numbered
        semi join chosen using (number)
        order by number
    """)
