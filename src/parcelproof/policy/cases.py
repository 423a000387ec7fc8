"""The cases at the foot of each check, run on the engine that judges."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy.compiling import compile_check
from parcelproof.policy.model import Check, Exemption

SQL_OF = {"text": "varchar", "time": "timestamp", "money": "decimal(18,2)", "integer": "bigint", "number": "double", "boolean": "boolean"}
STATUS = ("not met", "met", "unknown", "excused", "doubtful")
WANTED = ("met", "not met", "unknown")
LATEST = "9999-12-31"
_FACT = re.compile(r"\bf\.([a-z_]+)")


def failures(checks: Mapping[str, Check]) -> list[str]:
    """One sentence for every case whose answer is not the expected one, and for files of checks without cases."""
    found: list[str] = []
    with Engine(threads=1) as engine:
        for check in {check.file: check for check in checks.values()}.values():
            expected = {case.expect for case in check.cases}
            found += [f"{check.file}:1: it has no case that is {missing}; add one" for missing in WANTED if missing not in expected]
            got = answers(engine, check, [case.facts for case in check.cases], check.defaults)
            found += [
                f"{case.where}: the case {case.name!r} is {answer}, not {case.expect}; mend the condition or the case"
                for case, answer in zip(check.cases, got, strict=True)
                if answer != case.expect
            ]
    return found


def answers(
    engine: Engine, check: Check, rows: Sequence[Mapping[str, Any]], params: dict[str, Any], day: str = LATEST, exemptions: tuple[Exemption, ...] = ()
) -> list[str]:
    """What a check says of rows of facts on a day: answers as cases write them. Compiled and asked once for all rows: planning is what takes the time."""
    if not rows:
        return []
    compiled = compile_check(check, params, exemptions=exemptions)
    asked = f"{compiled.status}, {compiled.excuse or 'null'}"
    spoken = {name: kind for name, kind in fact_types().items() if name in _FACT.findall(asked)}
    values = ", ".join(f"({', '.join([str(place), *(_value(facts.get(name), kind) for name, kind in spoken.items())])})" for place, facts in enumerate(rows))
    found = engine.rows(f"""
        select {asked}
        from (select *, date {quoted(day)} as act_day from (values {values}) as given({", ".join(["place", *spoken])})) as f
        order by place
    """)
    return [STATUS[status] + (f":{excuse}" if status == STATUS.index("excused") else "") for status, excuse in found]


def _value(value: object, kind: str) -> str:
    return f"cast({'null' if value is None else quoted(value)} as {SQL_OF[kind]})"
