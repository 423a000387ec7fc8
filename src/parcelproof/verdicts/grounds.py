"""The SQL of what a judgement tells: findings with their evidence, verdicts, and how often each thing is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from parcelproof.engines.duckdb import literals, quoted
from parcelproof.policy.compiling import Compiled, CompiledCheck
from parcelproof.verdicts.compose import DOUBTFUL, EXCUSED, MET, UNKNOWN, bits, placed

QUERIES = Path(__file__).parent / "telling"
STATUS_OF_ANSWER = ("not met", "met", "unknown", "excused", "unknown")

_SHOWN = {
    "time": "strftime({0}, '%Y-%m-%dT%H:%M:%SZ')",
    "number": "round({0}, 3)",
    "money": "cast({0} as varchar)",
}
"""How a fact stands in evidence, by its type: times with their zone, money as text and never as a float."""


def query(name: str) -> str:
    """What is told in the same words whatever the policy: a file of `telling/`."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def check_words(policy: Compiled) -> str:
    """One row a check: its place among the sorted ids, and the texts that its findings carry."""
    rows = [
        f"({place}, {quoted(check.id)}, {quoted(check.offences[0]) if check.offences else 'null'}, {check.clause})"
        for place, check in enumerate(placed(policy), 1)
    ]
    return f"select * from (values {', '.join(rows)}) as words(place, indicator, offence, clause)"


def unknown_texts(policy: Compiled) -> str:
    """One row a set of unknown facts that makes some check unknown: its bits, its facts, and how evidence tells it."""
    names = ", ".join(f"case when bits & {1 << bit} > 0 then {quoted(name)} end" for name, bit in bits(policy).items())
    return f"""
        with sets as (
            select distinct bits
            from pattern_findings
            where bits is not null
        ),
        named as (
            select bits, list_filter([{names or "null"}], lambda name: name is not null) as facts
            from sets
        )
        select bits, facts, concat('{{', array_to_string(list_transform(facts, lambda name: concat('"', name, '":null')), ','), '}}') as evidence
        from named
    """


def told(policy: Compiled, speaking: Collection[int], types: Mapping[str, str]) -> str:
    """One row a shipment and check that is met, excused or doubtful: what its finding tells; `speaking` are the places of such checks."""
    # Where no check speaks, the first one gives the columns of the empty answer.
    tellings = ", ".join(_told(place, check, types) for place, check in enumerate(placed(policy), 1) if place in (speaking or {1}))
    return f"""
        select shipment, unnest(list_filter([{tellings}], lambda t: t is not null), recursive := true)
        from spoken_facts as f
    """


def _told(place: int, check: CompiledCheck, types: Mapping[str, str]) -> str:
    """What a finding tells where its check is met, excused or doubtful; null where it is none of these."""
    shown = [f"{quoted(name)}, {_SHOWN.get(types.get(name, ''), '{0}').format('f.' + name)}" for name in check.evidence]
    constants = [f"{quoted(name)}, {value}" for name, value in check.constants.items()]
    evidence = f"cast(json_object({', '.join(shown + constants)}) as varchar)"
    excuse = f"case when s_{check.id} = {EXCUSED} then {check.excuse or 'null'} end::varchar"
    struct = f"struct_pack(place := {place}::usmallint, excuse := {excuse}, since := cast({check.since} as timestamp), evidence := {evidence})"
    return f"case when s_{check.id} not in (0, {UNKNOWN}) then {struct} end"


FINDINGS = f"""
    select
        outcomes.shipment, outcomes.order_id, outcomes.carrier, outcomes.waybill_no, words.indicator, words.offence,
        ([{literals(STATUS_OF_ANSWER)}])[found.answer + 1] as status, told.excuse, told.since,
        coalesce(told.evidence, texts.evidence) as evidence, words.clause
    from outcomes
    inner join pattern_findings as found on found.pattern = outcomes.pattern
    inner join check_words as words on words.place = found.place
    left join unknown_texts as texts on texts.bits = found.bits
    left join told on told.shipment = outcomes.shipment and told.place = found.place
"""
"""One row a shipment and check that is met, unknown or excused. Where a check is unknown, its evidence is the facts that are."""

FINDING_COUNTS = f"""
    select words.indicator, ([{literals(STATUS_OF_ANSWER)}])[found.answer + 1] as status, null as excuse, sum(found.shipments)::bigint as shipments
    from pattern_findings as found
    inner join check_words as words on words.place = found.place
    where found.answer in ({MET}, {UNKNOWN}, {DOUBTFUL})
    group by all
    union all
    select words.indicator, 'excused', told.excuse, count(*)
    from told
    inner join check_words as words on words.place = told.place
    where told.excuse is not null
    group by all
"""
"""One row an indicator, status and excuse: on how many shipments."""
