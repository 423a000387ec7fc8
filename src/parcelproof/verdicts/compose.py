"""The SQL of a judgement: all checks of a compiled policy are one SELECT over `facts`, and its answer is a few numbers a shipment."""

from __future__ import annotations

import re

from parcelproof.engines.duckdb import Engine, enum, literals
from parcelproof.policy.compiling import Compiled, CompiledCheck, answer

MET, UNKNOWN, EXCUSED, DOUBTFUL = 1, 2, 3, 4
"""What a check says of a shipment (0: not met). DOUBTFUL: met, and an excuse cannot be ruled out."""

_CARRIED = ("order_id", "carrier", "waybill_no", "merchant_id", "act_time", "currency", "needs_delivery")
"""The facts that every verdict carries or rests on, beside its answers."""

_COUNTED = {"buyer_id", "product_id", "amount_paid"}
"""The facts that caps and strikes count by."""
_A_WORD = 20
"""The answers of so many checks stand in one number of 64 bits."""
_FACT = re.compile(r"\bf\.([a-z_]+)")
BITS = 63
"""So many facts can be told apart in a number of 64 bits with a sign."""
_OUTCOMES = ("violation", "suspected", "undetermined", "clear")


def facts_read(policy: Compiled) -> set[str]:
    """The facts that a judgement reads: what the pack speaks of, and what every verdict carries."""
    checks = [sql for check in policy.checks for sql in (check.status, check.excuse or "", check.since)]
    money = [sql for offence in policy.offences for sql in (offence.amount, offence.basis)]
    rules = [sql for rule in policy.rules for sql in (rule.among, rule.of) if sql]
    spoken = {name for text in (policy.applies, policy.act_day, *checks, *money, *rules) for name in _FACT.findall(text)}
    marks = policy.rings.facts_read() if policy.rings is not None else set()
    return spoken | {name for check in policy.checks for name in check.evidence} | set(_CARRIED) | _COUNTED | marks


def outcomes(policy: Compiled) -> str:
    """One row a shipment, in the order of its key: the version that holds, what each check says, and what that comes to.

    A policy without force asks nothing. All of it is numbers: `answers_0`, ... hold three bits for each check, `proved` one
    for each offence, `unknown_facts` one for each fact that a condition speaks of and nobody knows. `pattern` stands for
    the answers and the unknown together: few of them occur, and what follows from them is said once for each (`patterns`).
    """
    # A condition stands in the text once: the engine would plan and evaluate each copy of it.
    met = [f"asked and {check.met} as m_{check.id}" for check in policy.checks]
    answered = [f"{answer(f'm_{check.id}', check.excused)} as s_{check.id}" for check in policy.checks]
    proved = [f"coalesce({offence.proved}, false) as proved_{offence.id}" for offence in policy.offences]
    suspected = [f"coalesce({offence.suspected}, false) as suspected_{offence.id}" for offence in policy.offences]
    any_proved = " or ".join(f"proved_{offence.id}" for offence in policy.offences)
    any_suspected = " or ".join(f"suspected_{offence.id}" for offence in policy.offences)
    gravest = " ".join(
        [f"when proved_{offence.id} then {place}" for place, offence in enumerate(policy.offences, 1)]
        + [f"when suspected_{offence.id} then {place}" for place, offence in enumerate(policy.offences, 1)]
    )
    outcome = f"case when {any_proved} then 1 when {any_suspected} then 2 when undecidable then 3 else 4 end"
    packed = [f"{' | '.join(f'(s_{check.id} << {3 * at})' for at, check in enumerate(word))} as {name}" for name, word in _words(policy).items()]
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
        ),
        numbered as (
            select
                shipment, {", ".join(_CARRIED)}, act_day, policy_version, {", ".join(packed)},
                {" + ".join(f"proved_{offence.id}::integer * {1 << place}" for place, offence in enumerate(policy.offences))} as proved,
                ([{literals(_OUTCOMES)}]::{enum(_OUTCOMES)}[])[{outcome}] as outcome,
                ([{literals(_offence_ids(policy))}]::{enum(_offence_ids(policy))}[])[case {gravest} end] as offence,
                {_unknown_facts(policy)} as unknown_facts
            from decided as f
        )
        select *, hash({", ".join(_words(policy))}, unknown_facts) as pattern
        from numbered
        order by shipment
    """


def _offence_ids(policy: Compiled) -> list[str]:
    return [offence.id for offence in policy.offences]


def placed(policy: Compiled) -> list[CompiledCheck]:
    """The checks in the order of their ids: a check's place counts from 1."""
    return sorted(policy.checks, key=lambda check: check.id)


def _words(policy: Compiled) -> dict[str, list[CompiledCheck]]:
    """Column -> the checks whose answers it holds, three bits each."""
    sorted_checks = placed(policy)
    return {f"answers_{number}": sorted_checks[start : start + _A_WORD] for number, start in enumerate(range(0, len(sorted_checks), _A_WORD))}


def _answers(policy: Compiled) -> list[str]:
    """SQL of each check's answer, by place."""
    return [f"({name} >> {3 * at} & 7)::utinyint" for name, word in _words(policy).items() for at, _ in enumerate(word)]


def _speaks(policy: Compiled) -> str:
    """SQL: some check is met, excused or doubtful. Of the three bits of an answer the first or the last is set."""
    return " or ".join(f"{name} & {sum(5 << 3 * at for at, _ in enumerate(word))} <> 0" for name, word in _words(policy).items())


def bits(policy: Compiled) -> dict[str, int]:
    """The bit of each fact that some condition speaks of."""
    return {name: bit for bit, name in enumerate(sorted({name for check in policy.checks for name in check.facts}))}


def _width(policy: Compiled) -> str:
    return "bigint" if len(bits(policy)) < BITS else "hugeint"


def _unknown_facts(policy: Compiled) -> str:
    """One number with a bit for each fact that is unknown."""
    return " | ".join(f"((f.{name} is null)::{_width(policy)} << {bit})" for name, bit in bits(policy).items()) or "0"


def _masks(policy: Compiled) -> str:
    """The bits of the facts that each check's condition speaks of, by place."""
    known = bits(policy)
    return ", ".join(f"{sum(1 << known[name] for name in check.facts)}::{_width(policy)}" for check in placed(policy))


def patterns(policy: Compiled) -> str:
    """One row a combination of answers and unknown facts, how many shipments have it, and what it says.

    `met` and `unknown` name checks; `places`, `statuses` and `bits` are those of its findings, in the order of the checks:
    the place of the check, its answer, and the unknown facts that make it unknown.
    """
    words = ", ".join(_words(policy))
    ids = f"[{literals(check.id for check in placed(policy))}]"
    return f"""
        with counted as (
            select pattern, {words}, unknown_facts, count(*) as shipments
            from outcomes
            group by pattern, {words}, unknown_facts
        ),
        answered as (
            select pattern, unknown_facts, shipments, [{", ".join(_answers(policy))}] as answers
            from counted
        ),
        found as (
            select *, list_filter(range(1, {len(policy.checks) + 1}), lambda place: answers[place] > 0) as places
            from answered
        )
        select
            pattern,
            shipments,
            list_transform(list_filter(places, lambda place: answers[place] = {MET}), lambda place: {ids}[place]) as met,
            list_transform(list_filter(places, lambda place: answers[place] in ({UNKNOWN}, {DOUBTFUL})), lambda place: {ids}[place]) as unknown,
            places,
            list_transform(places, lambda place: answers[place]) as statuses,
            list_transform(places, lambda place: case when answers[place] = {UNKNOWN} then ([{_masks(policy)}])[place] & unknown_facts end) as bits
        from found
    """


def offences_proved(engine: Engine, policy: Compiled) -> set[str]:
    """The offences that are proved of some shipment."""
    (proved,) = engine.row("select coalesce(bit_or(proved), 0) from outcomes")
    return {offence.id for place, offence in enumerate(policy.offences) if proved >> place & 1}


def checks_speaking(engine: Engine) -> set[int]:
    """The places of the checks that are met, excused or doubtful for some shipment."""
    return {place for (place,) in engine.rows(f"select distinct place from pattern_findings where answer <> {UNKNOWN}")}


def answered(policy: Compiled) -> str:
    """The outcomes with a column for what each check says, `s_<check>`, and for whether each offence is proved, `proved_<offence>`."""
    answers = [f"{sql} as s_{check.id}" for check, sql in zip(placed(policy), _answers(policy), strict=True)]
    proofs = [f"(proved >> {place} & 1) = 1 as proved_{offence.id}" for place, offence in enumerate(policy.offences)]
    return f"select *, {', '.join(answers + proofs)} from outcomes"


def spoken_facts(policy: Compiled) -> str:
    """One row a shipment of which some check says more than no or unknown: its facts, what each check says, and which offences are proved."""
    said = ", ".join([f"s_{check.id}" for check in placed(policy)] + [f"proved_{offence.id}" for offence in policy.offences])
    return f"""
        select f.*, o.* exclude (shipment)
        from facts as f
        inner join (select shipment, act_day, {said} from answered where proved > 0 or {_speaks(policy)}) as o on o.shipment = f.shipment
    """
