"""Strikes and measures: what a shop's days of violations add up to under the pack's ladders.

Measures are proposed, never carried out; a heavy one needs a person. A strike's `rule` names the test that made it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.policy import Compiled, CompiledMeasure, CompiledRule
from parcelproof.policy.calendars import after_working_days
from parcelproof.policy.money import json_of, raw_sum, rounded, stated

_UNITS = {"calendar_month": "month", "calendar_quarter": "quarter", "calendar_year": "year"}
_NO_DAYS = """
    select null::integer as rule, null::varchar as offence, null::varchar as merchant_id, null::varchar as target_id, null::date as day,
        null::bigint as violations, null::bigint as shipments, null::decimal(18,2) as amount, null::double as rate, null::double as share
    where false
"""
_NO_STRIKES = """
    select d.*, null::date as window_start, null::bigint as ordinal from offence_days as d where false
"""
_MONEY = "decimal(18,2)"
_NO_MEASURES = """
    select null::varchar as merchant_id, null::varchar as target_kind, null::varchar as target_id, null::varchar as offence, null::varchar as measure,
        null::decimal(18,2) as amount, null::varchar as currency, null::timestamp as starts_at, null::timestamp as ends_at, null::boolean as needs_human,
        null::varchar as basis, null::varchar as clause, null::varchar as inverse, null::varchar as cure, null::boolean as public
    where false
"""


def enforce(engine: Engine, policy: Compiled, proved: Collection[str]) -> None:
    """Make `strikes` and `measures` from `answered` outcomes, `facts` and `spoken_facts`; `proved` are the offences that are proved at all."""
    rules = [(number, rule) for number, rule in enumerate(policy.rules) if rule.offence in proved]
    if rules:
        engine.table("acts", _acts(rules, policy.currency))
    engine.table("offence_days", " union all ".join([_NO_DAYS, *(_days(number, rule) for number, rule in rules)]))
    engine.drop("acts")
    engine.table("struck", _once(" union all ".join([_NO_DAYS, *(_struck(number, rule) for number, rule in rules)]), policy))
    engine.table("strike_days", " union all ".join([_NO_STRIKES, *(_counted(number, rule) for number, rule in rules)]))
    engine.table("strikes", _strikes(policy))
    happened = {number for (number,) in engine.rows("select distinct rule from strike_days")}
    appeal = _appeal(engine, policy)
    parts = [_proposed(number, rule, measure, policy, appeal) for number, rule in rules if number in happened for measure in rule.measures]
    engine.table("measures", " union all ".join([_NO_MEASURES, *parts, *_followed(policy, proved, appeal)]))
    engine.drop("struck", "strike_days")


def _appeal(engine: Engine, policy: Compiled) -> dict[str, str]:
    """The last local day to appeal, and to decide, of what is proposed now, under the terms of the day."""
    (as_of,) = engine.row("select as_of from moment")
    terms = policy.appeal_terms(as_of)
    if not terms:
        return {}
    until = policy.local_day(as_of) + timedelta(days=terms["window_days"])
    found = {"appeal_until": quoted(until)}
    if "decide_workdays" in terms:
        found["decide_by"] = quoted(after_working_days(until, terms["decide_workdays"], policy.calendar))
    return found


def _acts(rules: list[tuple[int, CompiledRule]], currency: str) -> str:
    """One row a shipment of a shop with violations that counts for strikes: its shop and day, the offence it violates, and whether each rule counts it."""
    columns = [f"coalesce({rule.among}, false) as among_{number}" for number, rule in rules if rule.among]
    columns += [f"coalesce({rule.of}, false) as of_{number}" for number, rule in rules if rule.of]
    columns += ["f.product_id"] if any(rule.per == "product" for _, rule in rules) else []
    return f"""
        select
            o.merchant_id, o.act_day as day, case when o.outcome = 'violation' then cast(o.offence as varchar) end as offence,
            case when o.outcome = 'violation' and coalesce(f.currency, {quoted(currency)}) = {quoted(currency)} then f.amount_paid end as amount
            {"".join(f", {column}" for column in columns)}
        from answered as o
        inner join facts as f on f.shipment = o.shipment
        where o.merchant_id in (select merchant_id from outcomes where outcome = 'violation') and o.act_day is not null and o.needs_delivery
    """


def _days(number: int, rule: CompiledRule) -> str:
    """One row a target and local day with shipments, of the targets with a violation: how many, of how many, for how much."""
    target = "product_id" if rule.per == "product" else "merchant_id"
    among = f"and among_{number}" if rule.among else ""
    violates = f"offence = {quoted(rule.offence)}"
    counted = f"{violates} and of_{number}" if rule.of else violates
    frame = f"over (partition by merchant_id, target_id order by day range between interval {rule.days - 1} days preceding and current row)"
    summed = {"violations": "bigint", "shipments": "bigint", "amount": "decimal(18,2)", "all_violations": "bigint"}
    sums = ", ".join(f"cast(sum({name}) {frame} as {kind}) as {name}" if rule.days > 1 else name for name, kind in summed.items())
    return f"""
        select {number} as rule, {quoted(rule.offence)} as offence, merchant_id, target_id, day, violations, shipments, amount,
            violations / shipments::double as rate, violations / nullif(all_violations, 0)::double as share
        from (
            select merchant_id, target_id, day, {sums}
            from (
                select
                    merchant_id, {target} as target_id, day,
                    count(*) as shipments,
                    count(*) filter (where {counted}) as violations,
                    count(*) filter (where {violates}) as all_violations,
                    cast(coalesce(sum(amount) filter (where {counted}), 0) as decimal(18,2)) as amount
                from acts
                where {target} is not null {among} and merchant_id in (select merchant_id from acts where {violates})
                group by all
            ) as plain
        ) as summed
    """


def _struck(number: int, rule: CompiledRule) -> str:
    """The days on which a rule's test holds. A test over several days strikes on the day it begins to hold, and not on each."""
    needed, span = rule.times
    by = "partition by merchant_id, target_id order by day"
    held = f"count(*) filter (where today) over ({by} range between interval {span - 1} days preceding and current row) >= {needed}"
    begins = "true" if rule.days == span == 1 else f"not coalesce(lag(holds) over ({by}) and lag(day) over ({by}) = day - 1, false)"
    return f"""
        select * exclude (today, holds, begins)
        from (
            select *, {begins} as begins
            from (
                select *, today and {held} as holds
                from (select d.*, coalesce({rule.test}, false) and d.violations > 0 as today from offence_days as d where d.rule = {number}) as tested
            ) as known
        ) as begun
        where holds and begins
    """


def _once(struck: str, policy: Compiled) -> str:
    """One strike a target, offence and day: that of the first rule of the pack that makes one."""
    products = ", ".join(str(number) for number, rule in enumerate(policy.rules) if rule.per == "product") or "-1"
    return f"""
        select * from ({struck}) as all_struck
        qualify row_number() over (partition by offence, rule in ({products}), merchant_id, target_id, day order by rule) = 1
    """


def _counted(number: int, rule: CompiledRule) -> str:
    """A rule's strikes with their ordinal in its window."""
    if isinstance(rule.window, int):
        start = f"cast(day - {rule.window - 1} as date)"
        frame = f"partition by merchant_id, target_id order by day range between interval {rule.window - 1} days preceding and current row"
    else:
        start = f"cast(date_trunc({quoted(_UNITS[rule.window])}, day) as date)"
        frame = f"partition by merchant_id, target_id, date_trunc({quoted(_UNITS[rule.window])}, day) order by day"
    return f"select *, {start} as window_start, count(*) over ({frame}) as ordinal from struck where rule = {number}"


def _strikes(policy: Compiled) -> str:
    names = " ".join(f"when {number} then {quoted(rule.name)}" for number, rule in enumerate(policy.rules)) or "when -1 then ''"
    shops = ", ".join(str(number) for number, rule in enumerate(policy.rules) if rule.per == "merchant") or "-1"
    return f"""
        select
            merchant_id, offence, day, violations::integer as violations, shipments::integer as shipments, rate, ordinal::integer as ordinal, window_start,
            case rule {names} end as rule
        from strike_days
        where rule in ({shops})
    """


def _proposed(number: int, rule: CompiledRule, measure: CompiledMeasure, policy: Compiled, appeal: dict[str, str]) -> str:
    """One measure of a ladder for every strike on which it falls."""
    basis = {
        "rule": quoted(rule.name), "day": "strftime(s.day, '%Y-%m-%d')", "violations": "s.violations", "shipments": "s.shipments",
        "violation_rate": "round(s.rate, 4)", "ordinal": "s.ordinal", "window_start": "strftime(s.window_start, '%Y-%m-%d')",
    } | measure.stated | ({"days": str(measure.days)} if measure.days else {})  # fmt: skip
    amount, joins = f"null::{_MONEY}", ""
    for name, block in (("amount", measure.amount), ("limit", measure.limit)):
        if isinstance(block, dict):
            sum_sql = rounded(block.get("rounding", "cent_half_up"), raw_sum(block, "base.amount"))
            basis |= stated(block)
            if "base" in block:
                joins = f"cross join lateral ({_base(number, block)}) as base"
                basis |= {"base": quoted(block["base"]), "base_days": str(block.get("days", 1)), "base_amount": "cast(base.amount as varchar)"}
            basis |= {"rounding": quoted(block["rounding"])} if "rounding" in block else {}
            amount = sum_sql if name == "amount" else amount
            basis |= {"limit": f"cast({sum_sql} as varchar)"} if name == "limit" else {}
        elif block is not None:
            basis |= {"limit": quoted(block)}
    return f"""
        select
            s.merchant_id, {quoted(rule.per)} as target_kind, s.target_id, s.offence, {quoted(measure.measure)} as measure, {amount} as amount,
            {quoted(policy.currency)} as currency, (select as_of from moment) as starts_at,
            {_end(measure)} as ends_at, {str(measure.needs_human).lower()} as needs_human, {json_of(basis | rule.source | appeal)} as basis,
            {quoted(rule.clause)} as clause, {quoted(measure.inverse)} as inverse, {_text(measure.cure)} as cure, {str(measure.public).lower()} as public
        from (select * from strike_days where rule = {number}) as s
        {joins}
        where {measure.holds}
    """


def _base(number: int, block: dict[str, Any]) -> str:
    """The base of a shop's sum: of the days before a strike, its own included."""
    value = "sum(d.amount)" if block["base"] == "violating_amount" else f"sum(d.shipments) / {block.get('days', 1)}"
    return f"""
        select cast(coalesce({value}, 0) as {_MONEY}) as amount
        from offence_days as d
        where d.rule = {number} and d.merchant_id = s.merchant_id and d.target_id = s.target_id
            and d.day > s.day - {block.get("days", 1)} and d.day <= s.day
    """


def _followed(policy: Compiled, proved: Collection[str], appeal: dict[str, str]) -> list[str]:
    """Measures on single orders of proved offences."""
    found = []
    for follow in (follow for follow in policy.follows if follow.offence in proved):
        measure = follow.measure
        basis = json_of({"act_day": "strftime(f.act_day, '%Y-%m-%d')"} | measure.stated | follow.source | appeal)
        found.append(f"""
            select
                f.merchant_id, 'order' as target_kind, f.order_id as target_id, {quoted(follow.offence)} as offence, {quoted(measure.measure)} as measure,
                null::{_MONEY} as amount, {quoted(policy.currency)} as currency, (select as_of from moment) as starts_at, {_end(measure)} as ends_at,
                {str(measure.needs_human).lower()} as needs_human, {basis} as basis, {quoted(follow.clause)} as clause,
                {quoted(measure.inverse)} as inverse, {_text(measure.cure)} as cure, {str(measure.public).lower()} as public
            from spoken_facts as f
            where f.proved_{follow.offence} and ({follow.holds})
            qualify row_number() over (partition by f.order_id order by f.shipment) = 1
        """)
    return found


def _end(measure: CompiledMeasure) -> str:
    return f"(select as_of from moment) + to_days({measure.days})" if measure.days else "null::timestamp"


def _text(text: str | None) -> str:
    return "null::varchar" if text is None else quoted(text)
