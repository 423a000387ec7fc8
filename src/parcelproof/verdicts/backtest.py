"""Two packs over one dataset: the facts are derived once, and what each pack says of them is set side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

from parcelproof import dataset as datasets
from parcelproof.accuracy import read_labels
from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import InputError, UsageError
from parcelproof.facts.prepare import derive
from parcelproof.intervals import interval
from parcelproof.policy import Compiled, Policy, compile_policy, load_policy
from parcelproof.policy.declaration import measures as known_measures
from parcelproof.report import render_backtest
from parcelproof.verdicts.compose import facts_read
from parcelproof.verdicts.decide import decide
from parcelproof.verdicts.membership import mark_members
from parcelproof.verdicts.output import check_target, unwritable
from parcelproof.verdicts.result import DECIDED

SURE = 0.95
"""How often an exact interval of a counted share covers the truth, at least."""
APPEAL_SHARE = 0.1
"""An assumption and no measurement: of ten decisions one is appealed against. No dataset and no source tells; the caller may know better."""
SIDES = ("old", "new")
_COMPARED = ("verdicts", "charges", "measures")
_QUERIES = Path(__file__).parent / "comparing"
_COUNTS = {"proved": "frauds", "caught": "frauds", "convicted": "honest", "accused": "honest"}
"""A count of accuracy -> of what it is a share."""


def decide_beside(engine: Engine, policy: Compiled, as_of: datetime, prefix: str, outputs: Iterable[str] = DECIDED) -> None:
    """Make a pack's outputs as `<prefix>_<output>`; the facts stay for the next pack."""
    decide(engine, policy, as_of)
    for name in outputs:
        engine.table(f"{prefix}_{name}", f"select * from {name}")


def backtest(  # noqa: PLR0913  one argument for each option of the command
    old: str, new: str, dataset: Path, *, as_of: datetime | None = None, labels: Path | None = None, appeal_share: float = APPEAL_SHARE,
    out: Path | None = None, threads: int | None = None, memory: str | None = None, progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """What would change if `new` held instead of `old`.

    Args:
        old: Name or path of the pack that holds.
        new: Name or path of the pack that would.
        dataset: Folder with the canonical tables.
        as_of: Only what was known by then counts (naive UTC); the latest time in the data unless given.
        labels: What is true of the shipments: order_id, carrier, waybill_no, truth.
        appeal_share: Which share of the decisions shops would appeal against: an assumption, 0 to 1.
        out: Folder for the page, the same as data, and every shipment whose answer changes.
        threads: Threads to use; all processors unless given.
        memory: Memory to stay within, such as "6GB".
        progress: Called with the name of each stage.

    Returns:
        Counts of shipments, merchants, money, measures and expected appeals, in all, by offence, by size of shop and by change of answer,
        each change with examples; with labels, how many frauds each pack catches and how many honest ones it accuses.

    Raises:
        InputError: The dataset or the labels cannot be used, or the folder cannot be written.
        PolicyError: A pack has faults.
        UsageError: The share or the folder is none.
    """
    if not 0 <= appeal_share <= 1:
        raise UsageError(f"--appeal-share {appeal_share} is no share: give a number from 0 to 1, like {APPEAL_SHARE}")
    check_target(dataset, out, "parquet")
    if labels is not None:
        with Engine(threads=1) as engine:
            _read_truths(engine, labels)
    policies = dict(zip(SIDES, map(load_policy, (old, new)), strict=True))
    packs = {side: compile_policy(policy) for side, policy in policies.items()}
    with Engine(threads=threads, memory=memory) as engine:
        try:
            loaded = datasets.load(engine, dataset, as_of)
            wanted = {name for pack in packs.values() for name in facts_read(pack)}
            for step in derive(engine, as_of=loaded.as_of, present=loaded.present, wanted=wanted):
                progress(f"facts: {step}")
        except Exception as error:
            raise datasets.explained(error, dataset) from error
        for side, pack in packs.items():
            progress(f"judging: {side}")
            mark_members(engine, pack.rings, loaded.as_of)
            decide_beside(engine, pack, loaded.as_of, side, _COMPARED)
        progress("comparing")
        terms = {side: _without_sources(pack.appeal_terms(loaded.as_of)) for side, pack in packs.items()}
        found: dict[str, Any] = {
            "old": packs["old"].policy_id, "new": packs["new"].policy_id, "as_of": loaded.as_of.isoformat() + "Z",
            "currency": {side: pack.currency for side, pack in packs.items()}, "titles": _titles(policies),
            "appeals": {"assumed_share": appeal_share, "terms": terms},
        }  # fmt: skip
        found |= _compared(engine, found["appeals"]) | {"accuracy": _accuracy(engine, labels) if labels else None}
        if out is not None:
            _write(engine, found, out)
    return found


def _compared(engine: Engine, appeals: dict[str, Any]) -> dict[str, Any]:
    """The sections of a comparison."""
    for name in _COMPARED:
        engine.view(f"{name}_of_both", " union all by name ".join(f"select '{side}' as side, * from {side}_{name}" for side in SIDES))
    engine.table("changed", _changed("old_verdicts", "new_verdicts"))
    for name in ("shops", "decisions"):
        engine.table(name, _query(name))
    paired = partial(_paired, engine, appeals)
    totals = _with_appeals(_asked(engine, "totals"), appeals)
    return {
        "totals": {row["side"]: {name: value for name, value in row.items() if name != "side"} for row in sorted(totals, key=lambda row: row["side"] != "old")},
        "offences": paired("offences", "offence"), "sizes": paired("sizes", "size", "shops"), "measures": paired("measures", "offence", "measure"),
        "kept": _asked(engine, "kept"), "changes": _asked(engine, "changes"),
    }  # fmt: skip


def _query(name: str) -> str:
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _changed(before: str, after: str) -> str:
    """The shipments of which two tables of verdicts say something else."""
    return Template(_query("changed")).substitute(before=before, after=after)


def _asked(engine: Engine, name: str) -> list[dict[str, Any]]:
    """The rows of one query as plain data: money as text."""
    return [_plain(row) for row in engine.arrow(_query(name)).to_pylist()]


def _plain(value: Any) -> Any:  # noqa: ANN401  whatever a query gives
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def _paired(engine: Engine, appeals: dict[str, Any], name: str, *keys: str) -> list[dict[str, Any]]:
    """The rows of a query with a row for each side, as one row a key: each figure as `<figure>_old` and `<figure>_new`, nothing where a side is silent."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in _with_appeals(_asked(engine, name), appeals):
        figures = {figure: value for figure, value in row.items() if figure not in (*keys, "side")}
        silent = {f"{figure}_{side}": _silent(figure, side, appeals) for figure in figures for side in SIDES}
        entry = found.setdefault(tuple(row[key] for key in keys), {key: row[key] for key in keys} | silent)
        entry |= {f"{figure}_{row['side']}": value for figure, value in figures.items()}
    return list(found.values())


def _silent(figure: str, side: str, appeals: dict[str, Any]) -> object:
    """What a figure is where a side has no row."""
    if figure == "appeals":
        return 0.0 if appeals["terms"][side] else None
    return "0.00" if figure == "money" else 0


def _with_appeals(rows: list[dict[str, Any]], appeals: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows that count decisions, with the appeals to expect; unknown where the pack of a side states no terms."""
    for row in rows:
        if "decisions" in row:
            row["appeals"] = round(row["decisions"] * appeals["assumed_share"], 1) if appeals["terms"][row["side"]] else None
    return rows


def _without_sources(terms: dict[str, Any]) -> dict[str, Any] | None:
    """The terms of appeal themselves; None where there are none."""
    return {name: value for name, value in terms.items() if name not in ("note", "source")} or None


def _titles(policies: dict[str, Policy]) -> dict[str, dict[str, dict[str, str]]]:
    """What packs, measures, checks and the packs' own offences are called, so that the page needs no pack."""
    both = list(policies.values())
    return {
        "packs": {policy.id: policy.title for policy in both},
        "measures": {name: measure["title"] for name, measure in known_measures().items()},
        "checks": {check.id: check.title for policy in both for check in policy.checks.values()},
        "offences": {offence.id: offence.raw["title"] for policy in both for offence in policy.offences if "title" in offence.raw},
    }


def shadow_summary(engine: Engine, policy: Compiled) -> dict[str, Any]:
    """What run.json says of a pack in the shadow."""
    return {
        "id": policy.policy_id, "title": policy.title, "hash": policy.content_hash,
        "outcomes": dict(engine.rows("select outcome, count(*) from shadow_verdicts group by outcome order by outcome")),
        "changed": engine.row(f"select count(*) from ({_changed('verdicts', 'shadow_verdicts')}) as changed")[0],
    }  # fmt: skip


def _accuracy(engine: Engine, labels: Path) -> dict[str, Any]:
    """Of each side, by the labels: frauds proved and caught, honest shipments convicted and accused, each share with its exact interval.

    Raises:
        InputError: The labels cannot be used.
    """
    _read_truths(engine, labels)
    found = {row.pop("side"): row for row in _asked(engine, "caught")}
    if not found:
        raise InputError(f"--labels {labels}: no label is of a shipment of this dataset; give the labels of this dataset")
    for row in found.values():
        for name, of in _COUNTS.items():
            row[f"{name}_interval"] = [round(end, 6) for end in interval(row[name], row[of], SURE) or (0.0, 1.0)]
    return {side: found[side] for side in SIDES} | {"sure": SURE}


def _read_truths(engine: Engine, labels: Path) -> None:
    """Lay out `labels` of which each has a truth. They are read before the work, to refuse them at once, and again when `facts` needs the name no more.

    Raises:
        InputError: They cannot be used.
    """
    read_labels(engine, labels)
    open_ones = engine.rows("select order_id from labels where truth is null order by 1 limit 1")
    if open_ones:
        raise InputError(f"--labels {labels}: a shipment of the order {open_ones[0][0]} has no truth; give each shipment one")


def _write(engine: Engine, found: dict[str, Any], out: Path) -> None:
    """The page, the same as data, and every shipment whose answer changes.

    Raises:
        InputError: The folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "backtest.html").write_text(render_backtest(found), encoding="utf-8")
        (out / "backtest.json").write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        engine.run(f"copy (select * exclude (shipment) from changed order by shipment) to {quoted(out / 'changed.parquet')} (format parquet, compression zstd)")
    except OSError as error:
        raise unwritable(out, error) from None
