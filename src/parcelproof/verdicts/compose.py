"""The SQL of a judgement: a compiled policy over the facts becomes statuses, outcomes, findings and verdicts.

All checks are one SELECT over `facts`. What follows reads only its narrow answer: a status of one byte for each check.
"""

from __future__ import annotations

from collections.abc import Mapping

from parcelproof.engines.duckdb import quoted
from parcelproof.policy.compiling import Compiled, CompiledCheck

MET, UNKNOWN, EXCUSED, DOUBTFUL = 1, 2, 3, 4
"""What a check says of a shipment (0: not met). DOUBTFUL: met, and an excuse cannot be ruled out."""

_SHOWN = {
    "time": "strftime({0}, '%Y-%m-%dT%H:%M:%SZ')",
    "number": "round({0}, 3)",
    "money": "cast({0} as varchar)",
}
"""How a fact stands in evidence, by its type: times with their zone, money as text and never as a float."""


def statuses(policy: Compiled) -> str:
    """One row a shipment: the version that holds, and what each check says. A policy without force asks nothing."""
    columns = [f"case when asked then {check.status} else 0 end as s_{check.id}" for check in policy.checks]
    return f"""
        with dated as (
            select *, {policy.act_day} as act_day
            from facts as f
        ),
        versioned as (
            select *, {policy.version} as policy_version
            from dated
        ),
        asking as (
            select *, coalesce({policy.applies}, false) and policy_version is not null as asked
            from versioned as f
        )
        select
            shipment, order_id, carrier, waybill_no, merchant_id, act_time, act_day, policy_version, currency, needs_delivery,
            merchant_id is null or (needs_delivery and policy_version is null) as unjudgeable,
            {", ".join(columns)}
        from asking as f
    """


def outcomes(policy: Compiled) -> str:
    """One row a shipment: which offences are proved or suspected, the outcome and the gravest offence."""
    proved = [f"coalesce({offence.proved}, false) as proved_{offence.id}" for offence in policy.offences]
    suspected = [f"coalesce({offence.suspected}, false) as suspected_{offence.id}" for offence in policy.offences]
    any_proved = " or ".join(f"proved_{offence.id}" for offence in policy.offences)
    any_suspected = " or ".join(f"suspected_{offence.id}" for offence in policy.offences)
    gravest = " ".join(
        [f"when proved_{offence.id} then {quoted(offence.id)}" for offence in policy.offences]
        + [f"when suspected_{offence.id} then {quoted(offence.id)}" for offence in policy.offences]
    )
    return f"""
        with decided as (
            select *, {", ".join(proved + suspected)}, coalesce({policy.essential}, true) as essential_unknown
            from statuses
        )
        select
            *,
            case
                when {any_proved} then 'violation'
                when {any_suspected} then 'suspected'
                when unjudgeable or essential_unknown then 'undetermined'
                else 'clear'
            end as outcome,
            case {gravest} end as offence,
            {_mask(policy, (MET,))} as met_mask,
            {_mask(policy, (UNKNOWN, DOUBTFUL))} as unknown_mask,
            {_mask(policy, (EXCUSED,))} as excused_mask
        from decided
    """


def _mask(policy: Compiled, wanted: tuple[int, ...]) -> str:
    """A number with one bit a check, so that the few distinct answers become lists once and not once a shipment."""
    test = " in (" + ", ".join(str(status) for status in wanted) + ")"
    bits = [f"(s_{check.id}{test})::bigint * {1 << place}" for place, check in enumerate(policy.checks)]
    return " + ".join(bits) or "0"


def indicator_lists(policy: Compiled, column: str) -> str:
    """One row a distinct mask of `column`: the mask and the sorted list of the checks in it."""
    bits = ", ".join(f"case when mask & {1 << place} > 0 then {quoted(check.id)} end" for place, check in enumerate(policy.checks))
    return f"""
        select mask, list_sort(list_filter([{bits}], lambda id: id is not null)) as indicators
        from (select distinct {column} as mask from outcomes)
    """


def findings(policy: Compiled, types: Mapping[str, str]) -> str:
    """One row a shipment and check that is met, unknown or excused."""
    return " union all ".join(_finding(check, types) for check in policy.checks)


def _finding(check: CompiledCheck, types: Mapping[str, str]) -> str:
    shown = ", ".join(f"{quoted(name)}, {_SHOWN.get(types.get(name, ''), '{0}').format('f.' + name)}" for name in check.evidence)
    constants = ", ".join(f"{quoted(name)}, {value}" for name, value in check.constants.items())
    fields = ", ".join(part for part in (shown, constants) if part)
    offence = quoted(check.offences[0]) if check.offences else "null::varchar"
    return f"""
        select
            shipment, order_id, carrier, waybill_no, {quoted(check.id)} as indicator, {offence} as offence,
            case answer when {MET} then 'met' when {EXCUSED} then 'excused' else 'unknown' end as status,
            case when answer = {EXCUSED} then {check.excuse or "null::varchar"} end as excuse,
            case when answer <> {UNKNOWN} then {check.since} end as since,
            cast(json_object({fields}) as varchar) as evidence,
            {check.clause} as clause
        from (
            select facts.*, o.act_day, o.answer
            from facts
            inner join (select shipment, act_day, s_{check.id} as answer from outcomes where s_{check.id} > 0) as o
                on o.shipment = facts.shipment
        ) as f
    """


def verdicts(policy: Compiled) -> str:
    """One row a shipment, as the contract lays it out, with its number for sorting."""
    return f"""
        select
            o.shipment, o.order_id, o.merchant_id, o.carrier, o.waybill_no, o.outcome, o.offence, o.act_time,
            {quoted(policy.policy_id)} as policy, o.policy_version,
            met.indicators as met, unknown.indicators as unknown,
            coalesce(excused.list, []) as excused,
            charges.amount as charge,
            case when charges.amount is not null then charges.currency else o.currency end as currency,
            (select as_of from moment) as as_of
        from outcomes as o
        inner join met_lists as met on met.mask = o.met_mask
        inner join unknown_lists as unknown on unknown.mask = o.unknown_mask
        left join (
            select shipment, list_sort(list(indicator || ':' || excuse)) as list
            from findings where status = 'excused' group by shipment
        ) as excused on excused.shipment = o.shipment
        left join (
            select shipment, sum(amount)::decimal(18,2) as amount, any_value(currency) as currency from charges group by shipment
        ) as charges on charges.shipment = o.shipment
    """
