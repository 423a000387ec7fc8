"""The cases at the foot of each check, run on the engine that judges."""

from __future__ import annotations

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy.compiling import compile_policy
from parcelproof.policy.packs import Policy

SQL_OF = {"text": "varchar", "time": "timestamp", "money": "decimal(18,2)", "integer": "bigint", "number": "double", "boolean": "boolean"}
STATUS = ("not met", "met", "unknown", "excused", "doubtful")


def failures(policy: Policy) -> list[str]:
    """One sentence for every case whose answer is not the expected one, and for checks without cases."""
    types, found = fact_types(), []
    with Engine(threads=1) as engine:
        for check in compile_policy(policy).checks:
            cases = policy.checks[check.id].raw.get("tests") or []
            expected = {str(case["expect"]).partition(":")[0] for case in cases}
            found += [f"{check.id}.yaml:1: it has no case that is {missing}; add one" for missing in ("met", "not met", "unknown") if missing not in expected]
            for case in cases:
                facts = case.get("facts") or {}
                columns = ", ".join(
                    f"cast({'null' if facts.get(name) is None else quoted(facts[name])} as {SQL_OF[kind]}) as {name}" for name, kind in types.items()
                )
                status, excuse = engine.row(f"select {check.status}, {check.excuse or 'null'} from (select {columns}) as f")
                got = STATUS[status] + (f":{excuse}" if status == STATUS.index("excused") else "")
                if got != case["expect"]:
                    found.append(f"{check.id}.yaml:1: the case {case['name']!r} is {got}, not {case['expect']}; mend the condition or the case")
    return found
