"""Two packs over one dataset: the facts are derived once, and what each pack says of them is set side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from parcelproof import dataset as datasets
from parcelproof.engines.duckdb import Engine, first_line, quoted
from parcelproof.errors import InputError
from parcelproof.facts.prepare import derive
from parcelproof.policy import Compiled, compile_policy, load_policy
from parcelproof.verdicts.compose import facts_read
from parcelproof.verdicts.decide import decide
from parcelproof.verdicts.membership import mark_members
from parcelproof.verdicts.result import DECIDED

_COMPARED = ("verdicts", "charges", "measures")
_EXAMPLES = 5
_SIZES = {"1 to 9": (1, 9), "10 to 99": (10, 99), "100 to 999": (100, 999), "1000 and more": (1000, None)}
_SAME = " and ".join(f"b.{key} is not distinct from a.{key}" for key in ("order_id", "carrier", "waybill_no"))


def decide_beside(engine: Engine, policy: Compiled, as_of: datetime, prefix: str, outputs: Iterable[str] = DECIDED) -> None:
    """Make a pack's outputs as `<prefix>_<output>`; the facts stay for the next pack."""
    decide(engine, policy, as_of)
    for name in outputs:
        engine.table(f"{prefix}_{name}", f"select * from {name}")


def backtest(
    old: str, new: str, dataset: Path, *, as_of: datetime | None = None, labels: Path | None = None, threads: int | None = None,
    memory: str | None = None, progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """What would change if `new` held instead of `old`.

    Returns:
        Counts of shipments, merchants, money, charges and measures by offence, by size of shop and by change of answer,
        each change with examples; with labels, how many frauds each pack catches and how many honest ones it accuses.

    Raises:
        InputError: The dataset or the labels cannot be used.
        PolicyError: A pack has faults.
    """
    packs = {"old": compile_policy(load_policy(old)), "new": compile_policy(load_policy(new))}
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
        return {
            "old": packs["old"].policy_id, "new": packs["new"].policy_id, "as_of": loaded.as_of.isoformat() + "Z",
            "totals": _totals(engine), "offences": _by_offence(engine), "sizes": _by_size(engine), "measures": _by_measure(engine),
            "changes": _changes(engine), "accuracy": _accuracy(engine, labels) if labels else None,
        }  # fmt: skip


def shadow_summary(engine: Engine, policy: Compiled) -> dict[str, Any]:
    """What run.json says of a pack in the shadow."""
    return {
        "id": policy.policy_id, "title": policy.title, "hash": policy.content_hash,
        "outcomes": dict(engine.rows("select outcome, count(*) from shadow_verdicts group by outcome order by outcome")),
        "changed": engine.row(f"""
            select count(*) from verdicts as a inner join shadow_verdicts as b on {_SAME}
            where a.outcome <> b.outcome or a.offence is distinct from b.offence or a.charge is distinct from b.charge
        """)[0],
    }  # fmt: skip


def _rows(engine: Engine, sql: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [dict(zip(names, (str(value) if hasattr(value, "as_tuple") else value for value in row), strict=True)) for row in engine.rows(sql)]


def _totals(engine: Engine) -> dict[str, dict[str, Any]]:
    """Of each side: shipments in violation, merchants with one, money, and decisions that can be appealed against."""
    names = ("violations", "suspected", "merchants", "money", "charges", "measures", "appealable")
    found = {}
    for side in ("old", "new"):
        (found[side],) = _rows(engine, f"""
            select
                (select count(*) from {side}_verdicts where outcome = 'violation'),
                (select count(*) from {side}_verdicts where outcome = 'suspected'),
                (select count(distinct merchant_id) from {side}_verdicts where outcome = 'violation'),
                (select coalesce(sum(amount), 0)::decimal(18,2) from {side}_charges),
                (select count(*) from {side}_charges),
                (select count(*) from {side}_measures),
                (select count(*) from {side}_charges) + (select count(*) from {side}_measures)
        """, names)  # fmt: skip
    return found


def _by_offence(engine: Engine) -> list[dict[str, Any]]:
    """One row an offence: violations, merchants and money under each pack."""
    sides = " union all ".join(
        f"select '{side}' as side, offence, count(*) as violations, count(distinct merchant_id) as merchants, 0::decimal(18,2) as money "
        f"from {side}_verdicts where outcome = 'violation' group by offence "
        f"union all select '{side}', offence, 0, 0, sum(amount)::decimal(18,2) from {side}_charges group by offence"
        for side in ("old", "new")
    )
    columns = [
        f"coalesce(sum({name}) filter (where side = '{side}'), 0)::{kind}"
        for name, kind in (("violations", "bigint"), ("merchants", "bigint"), ("money", "decimal(18,2)"))
        for side in ("old", "new")
    ]
    names = ("offence", "violations_old", "violations_new", "merchants_old", "merchants_new", "money_old", "money_new")
    return _rows(engine, f"select offence, {', '.join(columns)} from ({sides}) as sides group by offence order by offence", names)


def _by_size(engine: Engine) -> list[dict[str, Any]]:
    """One row a size of shop, by its shipments: how many shops, and how many hit under each pack, with their money."""
    bands = " ".join(f"when shipments >= {low}{f' and shipments <= {high}' if high else ''} then {quoted(name)}" for name, (low, high) in _SIZES.items())
    order = " ".join(f"when {quoted(name)} then {number}" for number, name in enumerate(_SIZES))
    return _rows(engine, f"""
        with shops as (select merchant_id, count(*) as shipments from old_verdicts where merchant_id is not null group by merchant_id),
        hit as (
            select
                shops.merchant_id, case {bands} end as size,
                shops.merchant_id in (select merchant_id from old_verdicts where outcome = 'violation') as before,
                shops.merchant_id in (select merchant_id from new_verdicts where outcome = 'violation') as after,
                coalesce((select sum(amount) from old_charges where merchant_id = shops.merchant_id), 0) as money_before,
                coalesce((select sum(amount) from new_charges where merchant_id = shops.merchant_id), 0) as money_after
            from shops
        )
        select size, count(*), count(*) filter (where before), count(*) filter (where after), sum(money_before)::decimal(18,2),
            sum(money_after)::decimal(18,2)
        from hit group by size order by case size {order} end
    """, ("size", "shops", "hit_old", "hit_new", "money_old", "money_new"))  # fmt: skip


def _by_measure(engine: Engine) -> list[dict[str, Any]]:
    """One row a measure: how often each pack proposes it, and on how many shops."""
    sides = " union all ".join(f"select '{side}' as side, offence, measure, merchant_id from {side}_measures" for side in ("old", "new"))
    columns = ", ".join(f"count(*) filter (where side = '{side}'), count(distinct merchant_id) filter (where side = '{side}')" for side in ("old", "new"))
    names = ("offence", "measure", "times_old", "shops_old", "times_new", "shops_new")
    return _rows(engine, f"select offence, measure, {columns} from ({sides}) as sides group by all order by offence, measure", names)


def _changes(engine: Engine) -> list[dict[str, Any]]:
    """One row a change of answer: how many shipments and shops, the money, and some orders to open."""
    return _rows(engine, f"""
        select
            a.outcome, a.offence, b.outcome, b.offence, count(*), count(distinct a.merchant_id),
            coalesce(sum(a.charge), 0)::decimal(18,2), coalesce(sum(b.charge), 0)::decimal(18,2), list_sort(list(a.order_id))[1:{_EXAMPLES}]
        from old_verdicts as a
        inner join new_verdicts as b on {_SAME}
        where a.outcome <> b.outcome or a.offence is distinct from b.offence or a.charge is distinct from b.charge
        group by 1, 2, 3, 4
        order by 5 desc, 1, 2, 3, 4
    """, ("outcome_old", "offence_old", "outcome_new", "offence_new", "shipments", "merchants", "money_old", "money_new", "examples"))  # fmt: skip


def _accuracy(engine: Engine, labels: Path) -> dict[str, dict[str, int]]:
    """Of each side: frauds proved and caught (proved or suspected), honest shipments convicted and accused."""
    path = labels / "labels.parquet" if labels.is_dir() else labels
    try:
        engine.table("labels", f"select order_id, carrier, waybill_no, truth from {quoted(path)}")
    except duckdb.Error as error:
        raise InputError(f"--labels {labels} cannot be read: {first_line(error)}; name a file with order_id, carrier, waybill_no and truth") from None
    return {side: _caught(engine, side) for side in ("old", "new")}


def _caught(engine: Engine, side: str) -> dict[str, int]:
    names = ("frauds", "proved", "caught", "honest", "convicted", "accused")
    (found,) = _rows(engine, f"""
        select
            count(*) filter (where b.truth <> 'honest'),
            count(*) filter (where b.truth <> 'honest' and a.outcome = 'violation'),
            count(*) filter (where b.truth <> 'honest' and a.outcome in ('violation', 'suspected')),
            count(*) filter (where b.truth = 'honest'),
            count(*) filter (where b.truth = 'honest' and a.outcome = 'violation'),
            count(*) filter (where b.truth = 'honest' and a.outcome in ('violation', 'suspected'))
        from {side}_verdicts as a
        inner join labels as b on {_SAME}
    """, names)  # fmt: skip
    return found


def told(found: dict[str, Any]) -> str:
    """The same for a terminal."""
    lines = [f"{found['old']} -> {found['new']} as of {found['as_of']}", ""]
    old, new = found["totals"]["old"], found["totals"]["new"]
    lines += [f"{key:<12} {old[key]!s:>14} -> {new[key]!s:>14}" for key in old]
    lines += ["", "by offence: violations, shops, money"]
    for row in found["offences"]:
        pairs = ", ".join(f"{row[f'{key}_old']} -> {row[f'{key}_new']}" for key in ("violations", "merchants", "money"))
        lines.append(f"  {row['offence']:<20} {pairs}")
    lines += ["", "by size of shop (shipments): shops hit, money"]
    for row in found["sizes"]:
        lines.append(f"  {row['size']:<20} {row['hit_old']} -> {row['hit_new']} of {row['shops']}, {row['money_old']} -> {row['money_new']}")
    lines += ["", "measures: times on shops"]
    for row in found["measures"]:
        lines.append(f"  {row['offence']:<20} {row['measure']:<20} {row['times_old']} on {row['shops_old']} -> {row['times_new']} on {row['shops_new']}")
    lines += ["", "changes of answer: shipments, shops, money, examples"]
    for row in found["changes"]:
        before, after = (" ".join(filter(None, (row[f"outcome_{side}"], row[f"offence_{side}"]))) for side in ("old", "new"))
        money = f"{row['money_old']} -> {row['money_new']}"
        lines.append(f"  {before} -> {after}: {row['shipments']}, {row['merchants']}, {money}, {' '.join(row['examples'])}")
    for side, row in (found["accuracy"] or {}).items():
        lines.append(
            f"{side}: {row['proved']} of {row['frauds']} frauds proved, {row['caught']} caught; "
            f"{row['convicted']} of {row['honest']} honest convicted, {row['accused']} accused"
        )
    return "\n".join(lines)
