"""The SQL of a judgement: a compiled policy over the facts becomes statuses, outcomes, findings and verdicts.

All checks are one SELECT over `facts`. What follows reads only its narrow answer: a status of one byte for each check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from parcelproof.engines.duckdb import enum, literals, quoted
from parcelproof.policy.compiling import Compiled, CompiledCheck, answer

MET, UNKNOWN, EXCUSED, DOUBTFUL = 1, 2, 3, 4
"""What a check says of a shipment (0: not met). DOUBTFUL: met, and an excuse cannot be ruled out."""

_CARRIED = ("order_id", "carrier", "waybill_no", "merchant_id", "act_time", "currency", "needs_delivery")
"""The facts that every verdict carries or rests on, beside its answers."""

_COUNTED = {"buyer_id", "product_id", "amount_paid"}
"""The facts that caps and strikes count by."""
_FACT = re.compile(r"\bf\.([a-z_]+)")
BITS = 63
"""So many facts can be told apart in a number of 64 bits with a sign."""
STATUS_OF_ANSWER = ("not met", "met", "unknown", "excused", "unknown")
_OUTCOMES = ("violation", "suspected", "undetermined", "clear")

_SHOWN = {
    "time": "strftime({0}, '%Y-%m-%dT%H:%M:%SZ')",
    "number": "round({0}, 3)",
    "money": "cast({0} as varchar)",
}
"""How a fact stands in evidence, by its type: times with their zone, money as text and never as a float."""


def facts_read(policy: Compiled) -> set[str]:
    """The facts that a judgement reads: what the pack speaks of, and what every verdict carries."""
    checks = [sql for check in policy.checks for sql in (check.status, check.excuse or "", check.since)]
    money = [sql for offence in policy.offences for sql in (offence.amount, offence.basis)]
    rules = [sql for rule in policy.rules for sql in (rule.among, rule.of) if sql]
    spoken = {name for text in (policy.applies, policy.act_day, *checks, *money, *rules) for name in _FACT.findall(text)}
    marks = policy.rings.facts_read() if policy.rings is not None else set()
    return spoken | {name for check in policy.checks for name in check.evidence} | set(_CARRIED) | _COUNTED | marks


def outcomes(policy: Compiled, types: Mapping[str, str]) -> str:
    """One row a shipment, in the order of its key: the version that holds, what each check says, and what that comes to.

    A policy without force asks nothing. `unknown_facts` has a bit for each fact that a condition speaks of and nobody
    knows; `told` lists what the met and the excused checks rest on. Both are narrow, and no fact stands beside them.
    """
    # A condition stands in the text once: the engine would plan and evaluate each copy of it.
    met = [f"case when asked then {check.met} else false end as m_{check.id}" for check in policy.checks]
    answered = [f"{answer(f'm_{check.id}', check.excused)} as s_{check.id}" for check in policy.checks]
    proved = [f"coalesce({offence.proved}, false) as proved_{offence.id}" for offence in policy.offences]
    suspected = [f"coalesce({offence.suspected}, false) as suspected_{offence.id}" for offence in policy.offences]
    any_suspected = " or ".join(f"suspected_{offence.id}" for offence in policy.offences)
    gravest = " ".join(
        [f"when proved_{offence.id} then {place}" for place, offence in enumerate(policy.offences, 1)]
        + [f"when suspected_{offence.id} then {place}" for place, offence in enumerate(policy.offences, 1)]
    )
    told = ", ".join(_told(place, check, types) for place, check in _placed(policy))
    speaks = " or ".join(f"s_{check.id} not in (0, {UNKNOWN})" for check in policy.checks)
    outcome = f"case when {any_proved(policy)} then 1 when {any_suspected} then 2 when undecidable then 3 else 4 end"
    answers = ", ".join([*(f"s_{check.id}" for check in policy.checks), *(f"proved_{offence.id}" for offence in policy.offences)])
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
        met as (
            select *, {", ".join(met)}
            from asking as f
        ),
        answered as (
            select *, {", ".join(answered)}
            from met as f
        ),
        decided as (
            select *, {", ".join(proved + suspected)},
                merchant_id is null or (needs_delivery and policy_version is null) or coalesce({policy.essential}, true) as undecidable
            from answered
        )
        select
            shipment, {", ".join(_CARRIED)}, act_day, policy_version, {answers},
            ([{literals(_OUTCOMES)}]::{enum(_OUTCOMES)}[])[{outcome}] as outcome,
            ([{literals(_offence_ids(policy))}]::{enum(_offence_ids(policy))}[])[case {gravest} end] as offence,
            {_unknown_facts(policy)} as unknown_facts,
            case when {speaks} then list_filter([{told}], lambda t: t is not null) end as told
        from decided as f
        order by shipment
    """


def _offence_ids(policy: Compiled) -> list[str]:
    return [offence.id for offence in policy.offences]


def _placed(policy: Compiled) -> list[tuple[int, CompiledCheck]]:
    """The checks in the order of their ids, numbered from 1."""
    return list(enumerate(sorted(policy.checks, key=lambda check: check.id), 1))


def _bits(policy: Compiled) -> dict[str, int]:
    """The bit of each fact that some condition speaks of."""
    return {name: bit for bit, name in enumerate(sorted({name for check in policy.checks for name in check.facts}))}


def _unknown_facts(policy: Compiled) -> str:
    """One number with a bit for each fact that is unknown."""
    bits = _bits(policy)
    width = "bigint" if len(bits) < BITS else "hugeint"
    return " + ".join(f"(f.{name} is null)::{width} * {1 << bit}" for name, bit in bits.items()) or "0"


def _told(place: int, check: CompiledCheck, types: Mapping[str, str]) -> str:
    """What a finding tells where its check is met, excused or doubtful; null where it is none of these."""
    shown = [f"{quoted(name)}, {_SHOWN.get(types.get(name, ''), '{0}').format('f.' + name)}" for name in check.evidence]
    constants = [f"{quoted(name)}, {value}" for name, value in check.constants.items()]
    evidence = f"cast(json_object({', '.join(shown + constants)}) as varchar)"
    excuse = f"case when s_{check.id} = {EXCUSED} then {check.excuse or 'null'} end::varchar"
    struct = f"struct_pack(place := {place}::utinyint, excuse := {excuse}, since := cast({check.since} as timestamp), evidence := {evidence})"
    return f"case when s_{check.id} not in (0, {UNKNOWN}) then {struct} end"


def check_words(policy: Compiled) -> str:
    """One row a check: its place among the sorted ids, and the texts that its findings carry."""
    rows = [f"({place}, {quoted(check.id)}, {quoted(check.offences[0]) if check.offences else 'null'}, {check.clause})" for place, check in _placed(policy)]
    return f"select * from (values {', '.join(rows)}) as words(place, indicator, offence, clause)"


def patterns(policy: Compiled) -> str:
    """One row a combination of answers and unknown facts, and how many shipments have it."""
    answers = ", ".join(f"s_{check.id}" for _, check in _placed(policy))
    return f"select unknown_facts, [{answers}] as answers, count(*) as shipments from outcomes group by unknown_facts, {answers}"


def unknown_texts(policy: Compiled) -> str:
    """One row a set of unknown facts that makes some check unknown: its bits, its facts, and how evidence tells it."""
    names = ", ".join(f"case when bits & {1 << bit} > 0 then {quoted(name)} end" for name, bit in _bits(policy).items())
    return f"""
        with sets as (
            select distinct ([{_masks(policy)}])[place] & unknown_facts as bits
            from (select unknown_facts, answers, unnest(range(1, len(answers) + 1)) as place from patterns)
            where answers[place] = {UNKNOWN}
        ),
        named as (
            select bits, list_filter([{names or "null"}], lambda name: name is not null) as facts
            from sets
        )
        select bits, facts, concat('{{', array_to_string(list_transform(facts, lambda name: concat('"', name, '":null')), ','), '}}') as evidence
        from named
    """


def coded_findings(policy: Compiled) -> str:
    """One row a finding in the order of shipment and check, in numbers: `place` of its check, `answer`, and the bits of what is unknown.

    What a check that is met or excused rests on stands as text: excuse, since and evidence.
    """
    placed = _placed(policy)
    answers = ", ".join(f"s_{check.id}" for _, check in placed)
    found = ", ".join(f"s_{check.id} > 0" for _, check in placed)
    return f"""
        with found as (
            select shipment, order_id, carrier, waybill_no, unknown_facts, told, [{answers}] as answers,
                unnest(list_where(range(1, {len(placed) + 1}), [{found}])) as place
            from outcomes
        ),
        answered as (
            select *, answers[place] as answer, case when answers[place] <> {UNKNOWN} then list_filter(told, lambda t: t.place = place)[1] end as own
            from found
        )
        select
            shipment, order_id, carrier, waybill_no, place::tinyint as place, answer,
            own.excuse as excuse, own.since as since, own.evidence as evidence,
            case when answer = {UNKNOWN} then ([{_masks(policy)}])[place] & unknown_facts end as bits
        from answered
    """


def _masks(policy: Compiled) -> str:
    """The bits of the facts that each check's condition speaks of, by place."""
    bits = _bits(policy)
    width = "bigint" if len(bits) < BITS else "hugeint"
    return ", ".join(f"{sum(1 << bits[name] for name in check.facts)}::{width}" for _, check in _placed(policy))


FINDINGS = f"""
    select
        coded.shipment, coded.order_id, coded.carrier, coded.waybill_no, words.indicator, words.offence,
        ([{literals(STATUS_OF_ANSWER)}])[coded.answer + 1] as status, coded.excuse, coded.since,
        coalesce(coded.evidence, texts.evidence) as evidence, words.clause
    from coded_findings as coded
    inner join check_words as words on words.place = coded.place
    left join unknown_texts as texts on texts.bits = coded.bits
"""
"""One row a shipment and check that is met, unknown or excused. Where a check is unknown, its evidence is the facts that are."""

FINDING_COUNTS = f"""
    with counted as (
        select place, answers[place] as answer, shipments
        from (select answers, shipments, unnest(range(1, len(answers) + 1)) as place from patterns)
    ),
    excused as (
        select t.place, t.excuse, count(*) as shipments
        from (select unnest(told) as t from outcomes where told is not null)
        where t.excuse is not null
        group by t.place, t.excuse
    )
    select indicator, ([{literals(STATUS_OF_ANSWER)}])[answer + 1] as status, null as excuse, sum(shipments)::bigint as shipments
    from counted inner join check_words using (place)
    where answer in ({MET}, {UNKNOWN}, {DOUBTFUL})
    group by all
    union all
    select indicator, 'excused', excuse, shipments from excused inner join check_words using (place)
"""
"""One row an indicator, status and excuse: on how many shipments."""


def missing_facts(policy: Compiled) -> str:
    """One row a fact and indicator: on how many shipments the indicator is unknown while that fact is."""
    return f"""
        select fact, indicator, sum(shipments)::bigint as findings
        from (
            select place, shipments, unnest(facts) as fact
            from (
                select place, shipments, ([{_masks(policy)}])[place] & unknown_facts as bits
                from (select unknown_facts, answers, shipments, unnest(range(1, len(answers) + 1)) as place from patterns)
                where answers[place] = {UNKNOWN}
            )
            inner join unknown_texts using (bits)
        )
        inner join check_words using (place)
        group by all
    """


def proved_facts(policy: Compiled) -> str:
    """One row a shipment with a proved offence: its facts, what each check says, and which offences are proved."""
    answers = [*(f"s_{check.id}" for check in policy.checks), *(f"proved_{offence.id}" for offence in policy.offences)]
    return f"""
        select facts.*, o.* exclude (shipment)
        from facts
        inner join (select shipment, act_day, {", ".join(answers)} from outcomes where {any_proved(policy)}) as o on o.shipment = facts.shipment
    """


def any_proved(policy: Compiled) -> str:
    """The condition that some offence is proved."""
    return " or ".join(f"proved_{offence.id}" for offence in policy.offences)


def verdicts(policy: Compiled) -> str:
    """One row a shipment, as the contract lays it out, with its number for sorting."""
    placed = _placed(policy)
    ids = f"[{literals(check.id for _, check in placed)}]::{enum(check.id for _, check in placed)}[]"
    named = f"([{literals(check.id for _, check in placed)}])[t.place]"

    def where(test: str) -> str:
        """The checks whose answer passes a test, in order."""
        return f"list_where({ids}, [{', '.join(f's_{check.id} {test}' for _, check in placed)}])"

    return f"""
        select
            f.shipment, f.order_id, f.merchant_id, f.carrier, f.waybill_no, f.outcome, f.offence, f.act_time,
            {quoted(policy.policy_id)} as policy, f.policy_version,
            {where(f"= {MET}")} as met,
            {where(f"in ({UNKNOWN}, {DOUBTFUL})")} as unknown,
            case
                when told is null then []::varchar[]
                else list_transform(list_filter(told, lambda t: t.excuse is not null), lambda t: concat({named}, ':', t.excuse))
            end as excused,
            paid.amount as charge,
            coalesce(paid.currency, f.currency) as currency,
            (select as_of from moment) as as_of
        from outcomes as f
        left join (
            select shipment, sum(amount)::decimal(18,2) as amount, any_value(currency) as currency from charges group by shipment
        ) as paid on paid.shipment = f.shipment
    """
