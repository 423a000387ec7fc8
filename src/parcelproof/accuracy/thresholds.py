"""The loosest threshold of a soft check that keeps a limit on innocents, chosen by Learn then Test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from parcelproof.accuracy.bounds import Promise
from parcelproof.accuracy.certify import Candidate, certify
from parcelproof.accuracy.labels import read_labels
from parcelproof.accuracy.measure import compare, read_judged
from parcelproof.accuracy.telling import percent
from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import InputError, UsageError

MOST_CANDIDATES = 20


def thresholds(out: Path, labels: Path, check: str, fact: str, *, strict: str, limit: float | None = None) -> dict[str, Any]:
    """Try thresholds of one fact among the shipments on which a check is met.

    The candidates are the fact's own quantiles, without a look at the labels, from strict to loose. Only shipments on which the
    check is met today have its facts among the findings, so a threshold can be certified or tightened here, not loosened.

    Args:
        out: A judged folder.
        labels: What is true.
        check: A check.
        fact: A number among its evidence.
        strict: `low` where a smaller value is stronger evidence, else `high`.
        limit: Share of innocents among those met; what the pack states unless given.

    Raises:
        InputError: The folder or the labels cannot be used, or the check is nowhere met with such a fact.
        UsageError: `strict` is neither word.
    """
    if strict not in ("low", "high"):
        raise UsageError(f"--strict {strict!r} is neither low nor high: say at which end the fact is the strongest evidence")
    with Engine() as engine:
        run = read_judged(engine, out)
        read_labels(engine, labels)
        compare(engine)
        rows = _values(engine, out, check, fact)
    promise = Promise.of((run.get("policy") or {}).get("accuracy"))
    bounded = promise.limit if limit is None else limit
    rows.sort(key=lambda row: row[0], reverse=strict == "high")
    if not rows:
        raise InputError(f"no labelled shipment has {check} met with a number {fact} in its evidence: name another check or fact")
    candidates = _candidates(rows)
    chosen = certify(candidates, bounded, promise.delta)
    return {
        "check": check, "fact": fact, "strict": strict, "limit": bounded, "confidence": promise.confidence, "labels": len(rows),
        "candidates": [{"threshold": c.threshold, "accused": c.accused, "innocent": c.innocent} for c in candidates],
        "certified": None if chosen is None else chosen.threshold,
    }  # fmt: skip


def _values(engine: Engine, out: Path, check: str, fact: str) -> list[tuple[float, bool]]:
    """(value, innocent) of the labelled shipments on which the check is met."""
    path = out / "findings.parquet"
    try:
        found = engine.rows(f"""
            select try_cast(json_extract_string(findings.evidence, {quoted('$."' + fact.replace('"', "") + '"')}) as double), compared.truth = 'honest'
            from {quoted(path)} as findings
            inner join compared
                on compared.order_id = findings.order_id
                and compared.carrier is not distinct from findings.carrier
                and compared.waybill_no is not distinct from findings.waybill_no
            where findings.indicator = {quoted(check)} and findings.status = 'met' and compared.truth is not null and compared.source <> 'appeal'
        """)
    except duckdb.Error:
        raise InputError(f"{path} cannot be read: judge with --output-format parquet") from None
    return [(value, innocent) for value, innocent in found if value is not None]


def _candidates(rows: list[tuple[float, bool]]) -> list[Candidate]:
    """Cut the sorted values at their quantiles; equal values stay together."""
    cuts = {
        rows[min(len(rows), round(len(rows) * step / MOST_CANDIDATES)) - 1][0]: None
        for step in range(1, MOST_CANDIDATES + 1)
        if len(rows) * step >= MOST_CANDIDATES
    }
    candidates, accused, innocent, at = [], 0, 0, 0
    ascending = rows[0][0] <= rows[-1][0]
    for cut in cuts:
        while at < len(rows) and (rows[at][0] <= cut if ascending else rows[at][0] >= cut):
            accused, innocent, at = accused + 1, innocent + rows[at][1], at + 1
        candidates.append(Candidate(cut, accused, innocent))
    return candidates


def thresholds_told(found: dict[str, Any]) -> str:
    """The same for a terminal."""
    lines = [f"{found['check']} by {found['fact']}, strict at the {found['strict']} end; {found['labels']:,} labels"]
    lines += [f"  {row['threshold']:>12.6g}  {row['accused']:>9,} accused, {row['innocent']:>7,} innocent" for row in found["candidates"]]
    if found["certified"] is None:
        return "\n".join([*lines, f"insufficient evidence (n = {found['labels']:,}) for at most {percent(found['limit'])} at {found['confidence']:.0%}"])
    return "\n".join([*lines, f"certified up to {found['certified']:.6g}: at most {percent(found['limit'])} innocent at {found['confidence']:.0%}"])
