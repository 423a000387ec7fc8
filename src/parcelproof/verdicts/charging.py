"""The SQL of order money: what each proved offence costs, what is charged beside what, and the caps."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from parcelproof.engines.duckdb import literals, quoted
from parcelproof.policy import Compiled, CompiledOffence
from parcelproof.policy.dates import dated_sql, span_sql, spans

_KEYS = {"order": "order_id", "buyer_shop_day": "buyer_id, merchant_id, act_day"}
"""What a cap counts together, by its grain."""
_NO_CHARGES = """
    select shipment, order_id, carrier, waybill_no, merchant_id, null::varchar as offence, null::decimal(18,2) as amount, null::varchar as currency,
        null::varchar as basis
    from outcomes where false
"""


def charges(policy: Compiled, proved: Collection[str]) -> str:
    """One row a shipment and proved offence with money; `proved` are the offences that are proved at all.

    One fact is charged once: of an order's shipments and their proved offences the gravest that carries money, and of
    equally grave ones the dearest. Where the pack says that offences may be charged together, each further one counts
    only for a fact that no graver one was charged for, and the caps take off the least grave first.
    """
    parts = [_due(rank, offence, policy.currency) for rank, offence in enumerate(policy.offences) if offence.id in proved]
    if not parts:
        return _NO_CHARGES
    steps = [
        f"due as ({' union all '.join(parts)})",
        """best as (
            select * from due where amount > 0
            qualify row_number() over (partition by order_id, rank order by amount desc, shipment) = 1
        )""",
        """graded as (
            select
                *,
                row_number() over (partition by order_id order by rank) as place,
                first_value(offence) over (partition by order_id order by rank) as gravest,
                coalesce(bit_or(observed) over (partition by order_id order by rank rows between unbounded preceding and 1 preceding), 0) as charged_for
            from best
        )""",
        f"once as (select *, amount as uncapped, '' as caps from graded where place = 1 or ({_together(policy)}))",
    ]
    last = "once"
    for number, (cap, holds) in enumerate(_caps(policy)):
        steps += _capped(f"cap{number}", last, cap, holds, policy)
        last = f"cap{number}"
    return f"""
        with {", ".join(steps)}
        select
            shipment, order_id, carrier, waybill_no, merchant_id, offence, amount, currency,
            case when caps = '' then basis else left(basis, length(basis) - 1) || ',"uncapped":"' || uncapped || '","caps":[' || substr(caps, 2) || ']}}' end
                as basis
        from {last}
        where amount > 0
    """


def _due(rank: int, offence: CompiledOffence, currency: str) -> str:
    return f"""
        select
            shipment, {rank} as rank, order_id, carrier, waybill_no, merchant_id, buyer_id, act_day, amount_paid, {quoted(offence.id)} as offence,
            cast({offence.amount} as decimal(18,2)) as amount, coalesce(currency, {quoted(currency)}) as currency, {offence.basis} as basis,
            {offence.observed} as observed
        from spoken_facts as f
        where proved_{offence.id}
    """


def _together(policy: Compiled) -> str:
    """SQL: whether an offence may be charged beside a graver one of its order."""
    named = {day: block.get("together") for day, block in policy.charging.items()}
    both = dated_sql(named, lambda names: f"offence in ({literals(names)}) and gravest in ({literals(names)})" if names else "false", otherwise="false")
    return f"({both}) and (observed & ~charged_for) <> 0"


def _caps(policy: Compiled) -> list[tuple[dict[str, Any], str]]:
    """(a cap, SQL of the days on which it holds)."""
    return [
        ({**cap, "url": block["sources"][cap["source"]]["url"]}, span_sql(day, until))
        for day, until, block in spans(policy.charging)
        for cap in block.get("caps") or []
    ]


def _capped(name: str, before: str, cap: dict[str, Any], holds: str, policy: Compiled) -> list[str]:
    """Two steps: what is left of a cap after graver charges, and the amounts cut to it."""
    offences = cap.get("of") or [offence.id for offence in policy.offences]
    rate = f"cast(amount_paid * {cap['rate']}::decimal(10,6) as decimal(18,2))" if "rate" in cap else None
    most = f"{cap['max']}::decimal(18,2)" if "max" in cap else None
    ceiling = f"least({rate}, {most})" if rate and most else rate or most
    applies = f"({holds}) and offence in ({literals(offences)})"
    note = f"""'{{"per":"{cap["per"]}","cap":"' || ceiling || '","before":"' || amount || '","source":"{cap["url"]}"}}'""".replace("{{", "{").replace("}}", "}")
    return [
        f"""{name}_left as (
            select
                *,
                {ceiling} as ceiling,
                greatest({ceiling} - coalesce(sum(case when {applies} then amount end) over (
                    partition by {_KEYS[cap["per"]]} order by rank, shipment rows between unbounded preceding and 1 preceding
                ), 0), 0) as room
            from {before}
        )""",
        f"""{name} as (
            select
                * exclude (ceiling, room) replace (
                    case when {applies} and room < amount then cast(room as decimal(18,2)) else amount end as amount,
                    case when {applies} and room < amount then caps || ',' || {note} else caps end as caps
                )
            from {name}_left
        )""",
    ]
