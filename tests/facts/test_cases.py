"""Every fact model on small tables: `<model>.yaml` gives the rows and what comes of them.

A case gives canonical tables (`given`; the file's own `given` stands in for tables that it leaves out, and `usual` for
columns), the moment of judging, and rows of the model (`expect`, all of them, the named columns, in any order) or facts
of some shipments (`facts`, found by order, and by carrier or number where these are named).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from laying import KEY, Given, Row, each_engine, found, judge_at, plain  # noqa: F401  each_engine is the fixture `engine`

from parcelproof import yamlmarks
from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.facts import graph

HERE = Path(__file__).parent
FILES = {path.stem: path for path in sorted(HERE.glob("*.yaml"))}
FILE_KEYS = {"usual", "given", "cases"}
CASE_KEYS = {"name", "as_of", "given", "expect", "facts"}


@dataclass(frozen=True, slots=True)
class Case:
    model: str
    name: str
    as_of: str
    given: Given
    expect: list[Row] | None
    facts: list[Row]


def cases_of(model: str, path: Path) -> list[Case]:
    faults: list[str] = []
    text, lines = yamlmarks.read(path, faults)
    assert not faults, faults
    assert text.keys() <= FILE_KEYS, f"{path.name}: {text.keys() - FILE_KEYS}"
    made = []
    for place, case in enumerate(text["cases"]):
        where = f"{path.name}:{lines['cases', str(place)]}"
        assert case.keys() <= CASE_KEYS, f"{where}: {case.keys() - CASE_KEYS}"
        assert case.get("expect") is not None or case.get("facts"), f"{where}: it expects nothing"
        tables = text.get("given", {}) | case.get("given", {})
        given = {table: [text.get("usual", {}).get(table, {}) | row for row in rows] for table, rows in tables.items()}
        made.append(Case(model, case["name"], case["as_of"], given, case.get("expect"), case.get("facts", [])))
    return made


CASES = [case for model, path in FILES.items() for case in cases_of(model, path)]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.model}: {case.name}" for case in CASES])
def test_case(engine: Engine, case: Case) -> None:
    named = {*KEY, *(name for row in [*case.facts, *(case.expect or [])] for name in row)}
    judge_at(engine, case.given, case.as_of, wanted=named, keep=() if case.expect is None else (case.model,))
    if case.expect is not None:
        assert rows_of_model(engine, case) == written(case.expect)
    for row in case.facts:
        assert facts_of(engine, row) == {name: plain(value) for name, value in row.items()}


def rows_of_model(engine: Engine, case: Case) -> list[tuple[Any, ...]]:
    """The model's rows. Shipments are told by their order and number, which models that only count them do not hold."""
    columns = list(case.expect[0]) if case.expect else ["*"]
    held = engine.columns(case.model)
    relation = case.model
    if "shipment" in held and not set(columns) <= held.keys():
        keys = ", ".join(name for name in KEY if name not in held)
        relation = f"(select * from {case.model} left join (select shipment, {keys} from facts) using (shipment))"
    return sorted(found(engine, relation, columns) if case.expect else engine.rows(f"select * from {relation}"), key=repr)


def written(rows: list[Row]) -> list[tuple[Any, ...]]:
    assert all(row.keys() == rows[0].keys() for row in rows), "every expected row names the same columns"
    return sorted((tuple(plain(value) for value in row.values()) for row in rows), key=repr)


def facts_of(engine: Engine, row: Row) -> dict[str, Any]:
    keys = " and ".join(f"{name} is not distinct from {'null' if row[name] is None else quoted(row[name])}" for name in KEY if name in row)
    (values,) = found(engine, f"(select * from facts where {keys})", list(row))
    return dict(zip(row, values, strict=True))


def test_every_model_has_cases_and_every_case_a_model() -> None:
    assert FILES.keys() == graph.models().keys()


def test_no_two_cases_have_one_name() -> None:
    names = [(case.model, case.name) for case in CASES]
    assert len(names) == len(set(names))
