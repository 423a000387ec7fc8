"""The SQL of a judgement: a compiled policy over the facts becomes statuses, outcomes, findings, charges and strikes.

All checks are one SELECT over `facts`. What follows reads only its narrow answer: a status of one byte for each check.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from parcelproof.engines.duckdb import literals, quoted
from parcelproof.policy.compiling import Compiled, CompiledCheck, CompiledOffence

MET, UNKNOWN, EXCUSED, DOUBTFUL = 1, 2, 3, 4
"""What a check says of a shipment (0: not met). DOUBTFUL: met, and an excuse cannot be ruled out."""

_CARRIED = (
    "shipment", "order_id", "carrier", "waybill_no", "merchant_id", "act_time", "act_day", "policy_version", "currency", "needs_delivery",
)  # fmt: skip
"""What every verdict carries, beside its answers."""

_FACT = re.compile(r"\bf\.([a-z_]+)")

_SHOWN = {
    "time": "strftime({0}, '%Y-%m-%dT%H:%M:%SZ')",
    "number": "round({0}, 3)",
    "money": "cast({0} as varchar)",
}
"""How a fact stands in evidence, by its type: times with their zone, money as text and never as a float."""


def facts_read(policy: Compiled) -> set[str]:
    """The facts that a judgement reads: what the pack speaks of, and what every verdict carries."""
    return _always_read() | _read_by(policy.applies, policy.act_day, *(check.status for check in policy.checks)) | _read_later(policy)


def _always_read() -> set[str]:
    return set(_CARRIED) - {"shipment", "act_day", "policy_version"}


def _read_later(policy: Compiled) -> set[str]:
    """The facts that findings and charges tell, beside what every verdict carries."""
    checks = [sql for check in policy.checks for sql in (check.excuse or "", check.since)]
    money = [sql for offence in policy.offences for sql in (offence.amount, offence.basis)]
    return _read_by(*checks, *money) | {name for check in policy.checks for name in check.evidence}


def _read_by(*texts: str) -> set[str]:
    """The names after the facts' alias in pieces of compiled SQL."""
    return {name for text in texts for name in _FACT.findall(text)}


def outcomes(policy: Compiled) -> str:
    """One row a shipment, in the order of its key: the version that holds, what each check says, and what that comes to.

    A policy without force asks nothing. The facts that findings and charges tell stand beside.
    """
    kept = sorted(_read_later(policy) - set(_CARRIED))
    asked = [f"case when asked then {check.status} else 0 end as s_{check.id}" for check in policy.checks]
    proved = [f"coalesce({offence.proved}, false) as proved_{offence.id}" for offence in policy.offences]
    suspected = [f"coalesce({offence.suspected}, false) as suspected_{offence.id}" for offence in policy.offences]
    any_proved = " or ".join(f"proved_{offence.id}" for offence in policy.offences)
    any_suspected = " or ".join(f"suspected_{offence.id}" for offence in policy.offences)
    gravest = " ".join(
        [f"when proved_{offence.id} then {quoted(offence.id)}" for offence in policy.offences]
        + [f"when suspected_{offence.id} then {quoted(offence.id)}" for offence in policy.offences]
    )
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
        ),
        answered as (
            select {", ".join([*_CARRIED, *kept, *asked])}
            from asking as f
        ),
        decided as (
            select *, {", ".join(proved + suspected)},
                merchant_id is null or (needs_delivery and policy_version is null) or coalesce({policy.essential}, true) as undecidable
            from answered
        )
        select
            *,
            case
                when {any_proved} then 'violation'
                when {any_suspected} then 'suspected'
                when undecidable then 'undetermined'
                else 'clear'
            end as outcome,
            case {gravest} end as offence
        from decided
        order by shipment
    """


def findings(policy: Compiled, types: Mapping[str, str]) -> str:
    """One row a shipment and check that is met, unknown or excused, in the order of shipment and check."""
    checks = sorted(policy.checks, key=lambda check: check.id)
    answers = ", ".join(f"s_{check.id}" for check in checks)
    found = ", ".join(f"s_{check.id} > 0" for check in checks)

    def told(values: Iterable[str | None]) -> str:
        """One value a check."""
        cases = " ".join(f"when {place} then {value}" for place, value in enumerate(values, 1) if value is not None)
        return f"case place {cases} end" if cases else "null"

    return f"""
        with found as (
            select *, unnest(list_where(range(1, {len(checks) + 1}), [{found}])) as place
            from outcomes
        ),
        answered as (
            select *, ([{answers}])[place] as answer
            from found
        )
        select
            shipment, order_id, carrier, waybill_no,
            ([{literals(check.id for check in checks)}])[place] as indicator,
            ([{", ".join(quoted(check.offences[0]) if check.offences else "null" for check in checks)}]::varchar[])[place] as offence,
            case answer when {MET} then 'met' when {EXCUSED} then 'excused' else 'unknown' end as status,
            case when answer = {EXCUSED} then {told(check.excuse for check in checks)}::varchar end as excuse,
            case when answer <> {UNKNOWN} then {told(check.since for check in checks)}::timestamp end as since,
            {told(_evidence(check, types) for check in checks)} as evidence,
            ([{", ".join(check.clause for check in checks)}])[place] as clause
        from answered as f
    """


def _evidence(check: CompiledCheck, types: Mapping[str, str]) -> str:
    """The facts that a check rests on, as JSON text."""
    shown = [f"{quoted(name)}, {_SHOWN.get(types.get(name, ''), '{0}').format('f.' + name)}" for name in check.evidence]
    constants = [f"{quoted(name)}, {value}" for name, value in check.constants.items()]
    return f"cast(json_object({', '.join(shown + constants)}) as varchar)"


def charges(policy: Compiled) -> str:
    """One row a shipment and proved offence with money.

    One fact is charged once: of an order's shipments and their proved offences the gravest that carries money, and of
    equally grave ones the dearest.
    """
    parts = " union all ".join(_charge(rank, offence) for rank, offence in enumerate(policy.offences))
    return f"""
        with due as ({parts}),
        once as (
            select * from due where amount is not null and amount > 0
            qualify row_number() over (partition by order_id order by rank, amount desc, shipment) = 1
        )
        select * exclude (rank) from once
    """


def _charge(rank: int, offence: CompiledOffence) -> str:
    return f"""
        select
            shipment, {rank} as rank, order_id, carrier, waybill_no, merchant_id, {quoted(offence.id)} as offence,
            cast({offence.amount} as decimal(18,2)) as amount, currency, {offence.basis} as basis
        from outcomes as f
        where proved_{offence.id}
    """


def verdicts(policy: Compiled) -> str:
    """One row a shipment, as the contract lays it out, with its number for sorting."""
    checks = sorted(policy.checks, key=lambda check: check.id)
    ids = f"[{literals(check.id for check in checks)}]"

    def where(test: str) -> str:
        """The checks whose answer passes a test, in order."""
        return f"list_where({ids}, [{', '.join(f's_{check.id} {test}' for check in checks)}])"

    held = ", ".join(f"case when s_{check.id} = {EXCUSED} then {quoted(check.id + ':')} || {check.excuse} end" for check in checks if check.excuse)
    any_excused = " or ".join(f"s_{check.id} = {EXCUSED}" for check in checks) or "false"
    return f"""
        select
            f.shipment, f.order_id, f.merchant_id, f.carrier, f.waybill_no, f.outcome, f.offence, f.act_time,
            {quoted(policy.policy_id)} as policy, f.policy_version,
            {where(f"= {MET}")} as met,
            {where(f"in ({UNKNOWN}, {DOUBTFUL})")} as unknown,
            case when {any_excused} then list_filter([{held or "null"}]::varchar[], lambda excuse: excuse is not null) else [] end as excused,
            paid.amount as charge,
            coalesce(paid.currency, f.currency) as currency,
            (select as_of from moment) as as_of
        from outcomes as f
        left join (
            select shipment, sum(amount)::decimal(18,2) as amount, any_value(currency) as currency from charges group by shipment
        ) as paid on paid.shipment = f.shipment
    """


def offence_days(policy: Compiled) -> str:
    """One row a shop, offence and local day with a violation: how many violated, of how many shipments of that day."""
    offences = literals(offence.id for offence in policy.offences)
    return f"""
        with shipped as (
            select merchant_id, act_day, count(*) as shipments
            from outcomes where merchant_id is not null and act_day is not null and needs_delivery
            group by merchant_id, act_day
        ),
        violated as (
            select merchant_id, act_day, offence, count(*) as violations
            from outcomes where outcome = 'violation' and offence in ({offences})
            group by merchant_id, act_day, offence
        )
        select violated.merchant_id, violated.offence, violated.act_day as day, violated.violations, shipped.shipments,
            violated.violations / shipped.shipments::double as rate
        from violated
        inner join shipped on shipped.merchant_id = violated.merchant_id and shipped.act_day = violated.act_day
    """
