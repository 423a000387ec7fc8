"""The checks of a pack through a rules engine that takes a row at a time, beside the same checks as one SELECT.

    python bench/rules_engine.py

The rules engine is GoRules' ZEN through its Python binding. It is treated generously: it gets the facts of a shipment ready-made, in
memory and of the right types, and only those that it reads; the checks in force on the day, without the dates; every way of calling
it is tried, and the fastest counts. It reads no scans, joins nothing, writes nothing, and no money, strikes or clauses follow. Its
answers are held against the findings of the judge, shipment for shipment and check for check: the speed of wrong answers is none.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import zen

import judge
from parcelproof.engines.duckdb import Engine, named
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import Compiled, compiled
from parcelproof.verdicts.grounds import STATUS_OF_ANSWER
from parcelproof.verdicts.judge import judge as judge_dataset
from two_valued import Untranslatable, sides

TRIED = 1_000
"""Shipments by which the fastest way is found."""
ENOUGH = 1_000_000
"""The SELECT over fewer rows would measure its own planning: ready-made facts are laid end to end up to so many."""
_AS = {"time": "epoch({0})", "money": "cast({0} as double)"}
Facts = dict[str, Any]
Way = Callable[[list[Facts]], list[dict[str, float]]]


@dataclass(frozen=True, slots=True)
class Rules:
    """The checks in force on one day: id -> an expression that gives the number of its answer; what could not be said stands in `left_out`."""

    expressions: dict[str, str]
    left_out: tuple[str, ...]


def rules_of(policy: Compiled, day: date) -> Rules:
    """What a pack asks on a day, in the ZEN language. A check that is not in force is not asked."""
    said, left_out = {}, []
    for check in policy.checks:
        try:
            met, excused = sides(check.met, day, fact_types()), sides(check.excused, day, fact_types())
        except Untranslatable:
            left_out.append(check.id)
            continue
        if met.false != "true":
            said[check.id] = f"{met.true} ? ({excused.true} ? 3 : {excused.false} ? 1 : 4) : {met.false} ? 0 : 2"
    return Rules(said, tuple(left_out))


def ways(rules: Rules) -> dict[str, Way]:
    """Every way to ask all the rules of a shipment, by name."""
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {
            "id": "checks", "type": "expressionNode", "name": "checks",
            "content": {"expressions": [{"id": name, "key": name, "value": text} for name, text in rules.expressions.items()]},
        },
        {"id": "out", "type": "outputNode", "name": "out"},
    ]  # fmt: skip
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "checks"), ("checks", "out"))]
    model = json.dumps({"nodes": nodes, "edges": edges})
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"checks": json.loads(model)}}})
    decision = engine.create_decision(model)
    whole = zen.compile_expression("{" + ", ".join(f"{name}: {text}" for name, text in rules.expressions.items()) + "}")
    return {
        "a decision for each shipment": lambda rows: [decision.evaluate(row)["result"] for row in rows],
        "a batch of decisions": lambda rows: [found["data"]["result"] for found in engine.evaluate_batch([{"key": "checks", "context": row} for row in rows])],
        "one compiled expression for each shipment": lambda rows: [whole.evaluate(row) for row in rows],
    }


def ready_made(engine: Engine) -> Iterator[tuple[tuple[str, ...], str, Facts]]:
    """(key, version, facts by name) of every shipment that the policy asks about; times are seconds, money a number."""
    types = {name: kind for name, kind in fact_types().items() if name in engine.columns("ready")}
    shown = [f"{_AS.get(kind, '{0}').format(named(name))} as {named(name)}" for name, kind in types.items()]
    names = list(types)
    for row in engine.rows(f"select version, {', '.join(shown)} from ready"):
        facts = dict(zip(names, row[1:], strict=True))
        yield (facts["order_id"], facts["carrier"], facts["waybill_no"]), row[0], facts


def measure() -> dict[str, Any]:
    """Speeds in shipments a processor-second; and the differences between the answers, of which there may be none."""
    folder, _ = judge.market()
    policy = compiled(judge.PACK)
    with judge_dataset(folder, policy=judge.PACK, threads=1) as result:
        engine = result.engine
        dated = f"select *, {policy.act_day} as act_day from facts as f"
        engine.table("ready", f"select *, {policy.version} as version from ({dated}) as f where coalesce({policy.applies}, false) and version is not null")
        by_version: dict[str, list[tuple[tuple[str, ...], Facts]]] = defaultdict(list)
        for key, version, facts in ready_made(engine):
            by_version[version].append((key, facts))
        ours = _ours(result.table("findings").to_pylist())
        one_select = _one_select(engine, policy)
    rules = {version: rules_of(policy, date.fromisoformat(version)) for version in by_version}
    largest = max(by_version, key=lambda version: len(by_version[version]))
    rates = _rates(ways(rules[largest]), [facts for _, facts in by_version[largest][:TRIED]])
    best = max(rates, key=lambda name: rates[name])
    seconds = 0.0
    answers: dict[tuple[str, ...], str] = {}
    for version, held in by_version.items():
        read = _names_of(rules[version])
        rows = [{name: facts[name] for name in read} for _, facts in held]
        way = ways(rules[version])[best]
        start = time.process_time()
        found = way(rows)
        seconds += time.process_time() - start
        answers |= {(*key, name): STATUS_OF_ANSWER[int(number)] for (key, _), answer in zip(held, found, strict=True) for name, number in answer.items()}
    total = sum(len(held) for held in by_version.values())
    return {
        "engine": "zen-engine",
        "shipments": total,
        "checks": max(len(found.expressions) for found in rules.values()),
        "left_out": sorted({name for found in rules.values() for name in found.left_out}),
        "ways": {name: round(rate) for name, rate in rates.items()},
        "per_second": round(total / seconds),
        "answers": len(answers),
        "telling": sum(key in ours for key in answers),
        "differences": sum(status != ours.get(key, "not met") for key, status in answers.items()),
        "one_select_per_second": one_select,
    }


def _ours(findings: list[dict[str, Any]]) -> dict[tuple[str, ...], str]:
    return {(found["order_id"], found["carrier"], found["waybill_no"], found["indicator"]): found["status"] for found in findings}


def _names_of(rules: Rules) -> list[str]:
    """The facts that the rules speak of."""
    text = " ".join(rules.expressions.values())
    return [name for name in fact_types() if f"({name} " in text or f" {name} " in text]


def _rates(found: dict[str, Way], rows: list[Facts]) -> dict[str, float]:
    """Shipments a processor-second of each way: a batch may use all cores."""
    rates = {}
    for name, way in found.items():
        start = time.process_time()
        way(rows)
        rates[name] = len(rows) / (time.process_time() - start)
    return rates


def _one_select(engine: Engine, policy: Compiled) -> int:
    """Shipments a processor-second, where all checks are one SELECT over the same ready-made facts."""
    count = engine.row("select count(*) from ready")[0]
    engine.table("many", f"select ready.* from ready, range({-(-ENOUGH // count)})")
    rows = int(engine.row("select count(*) from many")[0])
    start = time.process_time()
    engine.table("answers", f"select {', '.join(f'{check.status} as s_{check.id}' for check in policy.checks)} from many as f")
    taken = time.process_time() - start
    engine.drop("many", "answers")
    return round(rows / taken)


def told(found: dict[str, Any]) -> str:
    """A measurement in a few lines."""
    ways_told = "\n".join(f"  {name:<42} {rate:>9,}" for name, rate in found["ways"].items())
    return (
        f"rules engine: {found['checks']} checks of {found['shipments']:,} shipments on ready-made facts, "
        f"{found['per_second']:,} shipments a processor-second; as one SELECT {found['one_select_per_second']:,}\n{ways_told}\n"
        f"  answers that differ from ours: {found['differences']:,} of {found['answers']:,} ({found['telling']:,} of them met, excused or unknown); "
        f"checks it cannot say: {len(found['left_out'])}"
    )


def main() -> int:
    """Print the figures; 1 where an answer differs."""
    found = measure()
    print(told(found))
    return int(found["differences"] > 0)


if __name__ == "__main__":
    sys.exit(main())
