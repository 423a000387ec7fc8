"""A judged folder against labels: of each pattern how many are proved, caught and accused, and the bound on false accusations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from parcelproof.accuracy.bounds import Promise, Seen, bound
from parcelproof.accuracy.labels import read_labels
from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import InputError
from parcelproof.intervals import interval

QUERIES = Path(__file__).parent / "queries"
SUFFIXES = {".parquet": "read_parquet({})", ".csv": "read_csv({}, header = true, all_varchar = true)", ".jsonl": "read_json({})"}
VERDICT = "order_id, merchant_id, carrier, waybill_no, outcome, offence"


def measure(out: Path, labels: Path, confidence: float = 0.95) -> dict[str, Any]:
    """Compare a judged folder with labels.

    Returns:
        `labels` (how many), `unmatched` (of shipments that were not judged), `patterns` (a row each: shipments, proved, caught,
        accused, right_offence, undetermined, and exact two-sided intervals), `totals` (the same by truth), `bound`.

    Raises:
        InputError: The folder or the labels cannot be used.
    """
    with Engine() as engine:
        run = read_judged(engine, out)
        read_labels(engine, labels)
        compare(engine)
        count, unmatched = engine.row("select count(*), count(*) filter (where not judged) from compared")
        rows = [_row(row, confidence) for row in engine.rows(_query("patterns"))]
        return {
            "labels": count,
            "unmatched": unmatched,
            "confidence": confidence,
            "patterns": rows,
            "totals": _totals(rows, confidence),
            "bound": _bound(engine, Promise.of((run.get("policy") or {}).get("accuracy"))),
        }


def bound_of(engine: Engine, labels: Path | None, stated: dict[str, Any] | None) -> dict[str, Any]:
    """The bound of the table `verdicts` that the engine holds; without labels it rests on none.

    Raises:
        InputError: The labels cannot be used.
    """
    if labels is None:
        engine.table("labels", "select null::varchar as order_id, null::varchar as carrier, null::varchar as waybill_no, "
                               "null::varchar as truth, null::varchar as pattern, null::varchar as source limit 0")  # fmt: skip
    else:
        read_labels(engine, labels)
    compare(engine)
    return _bound(engine, Promise.of(stated))


def read_judged(engine: Engine, out: Path) -> dict[str, Any]:
    """Lay out the table `verdicts` of a judged folder; the content of its run.json.

    Raises:
        InputError: It is no judged folder.
    """
    try:
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
        path = next(path for suffix in SUFFIXES if (path := out / f"verdicts{suffix}").exists())
        source = SUFFIXES[path.suffix].format(quoted(path))
        engine.table("verdicts", f"select {VERDICT} from {source}")
    except (OSError, StopIteration, ValueError, duckdb.Error):
        raise InputError(f"{out} is no folder that judge wrote: run `parcelproof judge DATASET --policy NAME --out {out}` first") from None
    return run if isinstance(run, dict) else {}


def compare(engine: Engine) -> None:
    """Put labels and verdicts side by side as the table `compared`."""
    engine.table("compared", _query("compared"))


def _query(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _row(row: tuple[Any, ...], confidence: float) -> dict[str, Any]:
    pattern, truth, shipments, violations, accused, undetermined, right = row
    honest = truth == "honest"
    told = {
        "pattern": pattern,
        "truth": truth,
        "shipments": shipments,
        "proved": violations,
        "caught": 0 if honest else accused,
        "accused": accused if honest else 0,
        "right_offence": right,
        "undetermined": undetermined,
    }
    return {**told, **_intervals(told, confidence)}


def _intervals(row: dict[str, Any], confidence: float) -> dict[str, Any]:
    return {f"{name}_interval": interval(row[name], row["shipments"], confidence) for name in ("proved", "caught", "accused")}


def _totals(rows: list[dict[str, Any]], confidence: float) -> list[dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for row in rows:
        total = totals.setdefault(row["truth"], {"truth": row["truth"], **dict.fromkeys(_COUNTED, 0)})
        for name in _COUNTED:
            total[name] += row[name]
    return [{**total, **_intervals(total, confidence)} for total in totals.values()]


_COUNTED = ("shipments", "proved", "caught", "accused", "right_offence", "undetermined")


def _bound(engine: Engine, promise: Promise) -> dict[str, Any]:
    groups = {str(offence): Seen(*counts) for offence, *counts in engine.rows(_query("seen"))}
    total = Seen(*(sum(getattr(seen, name) for seen in groups.values()) for name in Seen.__slots__))
    return bound(groups, total, promise)
