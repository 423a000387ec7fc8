"""Strikes and measures: what a shop's days of violations add up to under the pack's ladder.

Measures are proposed, never carried out; a heavy one needs a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.policy import Compiled

STRIKES = """
    with ruled as (
        select offence_days.*, rules.rate_over, rules.count_at_least
        from offence_days
        inner join strike_rules as rules on rules.offence = offence_days.offence and rules.since <= offence_days.day
        qualify row_number() over (partition by merchant_id, offence_days.offence, day order by rules.since desc) = 1
    )
    select
        merchant_id, offence, day, violations::integer as violations, shipments::integer as shipments, rate,
        row_number() over (partition by merchant_id, offence, year(day) order by day)::integer as ordinal,
        cast(date_trunc('year', day) as date) as window_start
    from ruled
    where rate > rate_over and violations >= count_at_least
"""
MEASURES = """
    with held as (
        select strikes.*, (select max(since) from ladder_rungs where offence = strikes.offence and since <= strikes.day) as since
        from strikes
    )
    select
        held.merchant_id, 'merchant' as target_kind, held.merchant_id as target_id, held.offence, rungs.measure,
        null::decimal(18,2) as amount, {currency} as currency,
        (select as_of from moment) as starts_at,
        (select as_of from moment) + to_days(rungs.days) as ends_at,
        rungs.needs_human,
        cast(json_object('day', strftime(held.day, '%Y-%m-%d'), 'violations', held.violations, 'shipments', held.shipments,
            'rate', round(held.rate, 4), 'ordinal', held.ordinal, 'window_start', strftime(held.window_start, '%Y-%m-%d'),
            'days', rungs.days) as varchar) as basis,
        rungs.clause
    from held
    inner join ladder_rungs as rungs
        on rungs.offence = held.offence and rungs.since = held.since and held.ordinal between rungs.ordinal_from and rungs.ordinal_to
"""


def enforce(engine: Engine, policy: Compiled) -> None:
    """Make `strikes` and `measures` from `offence_days`."""
    rules = [(rule["offence"], rule["day"], rule["rate_over"], rule["count_at_least"]) for rule in policy.strikes]
    _lay(engine, "strike_rules", {"offence": "varchar", "since": "date", "rate_over": "double", "count_at_least": "bigint"}, rules)
    rungs = [
        (
            rung["offence"],
            rung["day"],
            rung["ordinal"][0],
            rung["ordinal"][1],
            rung["measure"],
            rung.get("days"),
            rung["needs_human"],
            rung["clause"],
        )
        for rung in policy.ladder
    ]
    columns = {"offence": "varchar", "since": "date", "ordinal_from": "bigint", "ordinal_to": "bigint", "measure": "varchar", "days": "integer",
               "needs_human": "boolean", "clause": "varchar"}  # fmt: skip
    _lay(engine, "ladder_rungs", columns, rungs)
    engine.table("strikes", STRIKES)
    engine.table("measures", MEASURES.format(currency=quoted(policy.currency)))


def _lay(engine: Engine, name: str, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> None:
    casts = [
        ", ".join(f"cast({'null' if value is None else quoted(value)} as {kind})" for value, kind in zip(row, columns.values(), strict=True)) for row in rows
    ]
    empty = "select " + ", ".join(f"cast(null as {kind}) as {column}" for column, kind in columns.items()) + " where false"
    engine.table(name, " union all ".join([empty, *(f"select {cast}" for cast in casts)]))
