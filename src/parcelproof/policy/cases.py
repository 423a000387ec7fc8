"""The cases at the foot of each check, run on the engine that judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy.compiling import compile_check
from parcelproof.policy.model import Check, Exemption

SQL_OF = {"text": "varchar", "time": "timestamp", "money": "decimal(18,2)", "integer": "bigint", "number": "double", "boolean": "boolean"}
STATUS = ("not met", "met", "unknown", "excused", "doubtful")
WANTED = ("met", "not met", "unknown")
LATEST = "9999-12-31"


def failures(checks: Mapping[str, Check]) -> list[str]:
    """One sentence for every case whose answer is not the expected one, and for files of checks without cases."""
    found: list[str] = []
    with Engine(threads=1) as engine:
        for check in {check.file: check for check in checks.values()}.values():
            expected = {case.expect for case in check.cases}
            found += [f"{check.file}:1: it has no case that is {missing}; add one" for missing in WANTED if missing not in expected]
            for case in check.cases:
                got = answer(engine, check, case.facts, check.defaults)
                if got != case.expect:
                    found.append(f"{case.where}: the case {case.name!r} is {got}, not {case.expect}; mend the condition or the case")
    return found


def answer(engine: Engine, check: Check, facts: Mapping[str, Any], params: dict[str, Any], day: str = LATEST, exemptions: tuple[Exemption, ...] = ()) -> str:
    """What a check says of one row of facts on a day: an answer as cases write it."""
    compiled = compile_check(check, params, exemptions=exemptions)
    columns = ", ".join(f"{_value(facts.get(name), kind)} as {name}" for name, kind in fact_types().items())
    status, excuse = engine.row(f"select {compiled.status}, {compiled.excuse or 'null'} from (select {columns}, date {quoted(day)} as act_day) as f")
    return STATUS[status] + (f":{excuse}" if status == STATUS.index("excused") else "")


def _value(value: object, kind: str) -> str:
    return f"cast({'null' if value is None else quoted(value)} as {SQL_OF[kind]})"
