"""Spark on a cluster of its own against DuckDB: the macros, every row of every table of a judged folder, and cases of every fact model.

A judged folder runs every model. The cases of each model by itself take longer than all other tests: `make spark` runs them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pytest
from cluster import cluster
from nasty import dataset
from test_cases import CASES, Case
from worlds import SPARK_KEYS, UNLIKE, answered, expected

from parcelproof.carriers.numbers import NORMALISE_SQL
from parcelproof.engines.duckdb import Engine
from parcelproof.engines.spark import Engine as Spark
from parcelproof.errors import InputError
from parcelproof.places import compare
from parcelproof.verdicts.judge import judge
from parcelproof.verdicts.result import OUTPUTS

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::DeprecationWarning")
ASKED = os.environ.get("PARCELPROOF_SPARK")
EACH = None if ASKED == "all" else 1
ONE_BY_ONE = {"spark.sql.adaptive.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.sql.leafNodeDefaultParallelism": "1"}
"""So few rows are not worth a second task."""
CODES = ("330106", "330108", "330127", "440106", "110105", "990000", "US-10001", "US-10011", "HK", "1234.5", "1e5   ", "33", "", "ß", None)
WORDS = (
    "place_level(a, b)", "place_city(a)", "place_province(a)", "site_bits(a)", "number_of(concat(a, 'ｎ-１ß'))", "upper(concat(a, 'ßﬁéσς'))",
    "try_cast(a as integer)", "finest_level(place_level(a, b), place_level(b, a))", "share_low(n, 14)", "share_high(n, 14)", "stage_name(n)",
    "stage_code('delivered')", "is_handled(n)", "is_default_weight(n * 100)", "at_least_0(n - 3.5)", "timestamp '2026-01-01' + hours(n / 7)",
    "timestamp '2026-01-01' - minutes(n / 7)", "hours_between(timestamp '2000-01-01', timestamp '2099-12-31 23:59:59.999999')",
    "minutes_between(timestamp '2026-01-01', timestamp '2026-01-01 00:00:07')",
    "paused_hours(timestamp '2026-01-01', timestamp '2026-01-03', timestamp '2026-01-02', timestamp '2026-02-01', n)",
    "key_of(a) = key_of(b)", "trace_key(a, b) = trace_key(b, a)", "n // 2 * -1 // 3", "(n - 4) % 3", "place_of([a, b], 'ß')", "rising([n, n + 1, n])",
    "once_each(sort_events([n, 3, n, 1]))", "[1, 2, 3][n]", "[1, 2, 3][-1]", "[1, 2, 3][: n]", "[1, 2, 3][n :]", "list_contains([a, null], b)",
    "list_transform([n, 1], lambda e, i: e * i)", "len(range(3, n))", "greatest(n, null)", "cast(n / 2 as bigint)",
    "cast(n / -2 as integer)", "n / 3", "regexp_full_match(a, '33.*')",
)  # fmt: skip
"""Macros and constructs whose answers must be the same."""
EVENTS = ("event_us(e)", "event_time(e)", "event_stage(e)", "event_place(e)", "event_site(e)", "event_gap_us(e, f)", "event_step(e)", "e > f", "e = f")


@pytest.fixture(scope="module", name="spark")
def on_a_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    with cluster(tmp_path_factory.mktemp("cluster")) as session, Spark(session=session) as engine:
        _learn(engine)
        yield engine


def _learn(engine: Any) -> None:
    engine.define(f"create or replace temp macro number_of(number) as {NORMALISE_SQL.format('number')};")
    compare.define(engine)


def _pairs(engine: Any) -> None:
    texts = ", ".join(f"({number}, {'null' if code is None else repr(code)})" for number, code in enumerate(CODES))
    engine.table("codes", f"select * from (values {texts}) as codes(n, code)")
    engine.table("pairs", "select x.n, x.code as a, y.code as b from codes as x cross join codes as y")
    engine.table("moments", """
        select x.n, x.code as a, y.code as b, event_of(timestamp '2000-01-01' + interval 1 hour * x.n * x.n * 4000, stage_name(x.n), x.code, y.code) as e,
            event_of(timestamp '2099-12-31 23:59:59', 'other', y.code, x.code) as f
        from codes as x cross join codes as y
    """)  # fmt: skip


def asked(engine: Any, words: tuple[str, ...], relation: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """The answers of some words for each pair of codes."""
    said = ", ".join(f"{word} as w{number}" for number, word in enumerate(words))
    rows = engine.rows(f"select n, a, b, {said} from {relation}")
    return {row[:3]: tuple(float(value) if isinstance(value, Decimal) else value for value in row[3:]) for row in rows}


@pytest.mark.parametrize("whole_seconds", [True, False])
def test_words(spark: Spark, *, whole_seconds: bool) -> None:
    with Engine(threads=1) as local:
        _learn(local)
        for engine in (local, spark):
            engine.tick(whole_seconds=whole_seconds)
            _pairs(engine)
        for words, relation in ((WORDS, "pairs"), (EVENTS, "moments")):
            here, there = (asked(engine, words, relation) for engine in (local, spark))
            assert here.keys() == there.keys()
            for place, word in enumerate(words):
                assert {key: answers[place] for key, answers in there.items()} == {key: answers[place] for key, answers in here.items()}, word


def richest(cases: Iterable[Case]) -> list[Case]:
    """The cases of a model that give most rows; all of them where all are asked for."""
    return sorted(cases, key=lambda case: -sum(map(len, case.given.values())))[:EACH]


@pytest.mark.skipif(ASKED is None, reason="make spark runs them")
def test_models(spark: Spark, tmp_path: Path) -> None:
    with Spark(session=spark.spark) as engine, Engine(threads=1) as local:
        _learn(engine)
        engine.define_own(SPARK_KEYS)
        engine.tick(whole_seconds=True)
        for setting, value in ONE_BY_ONE.items():
            engine.spark.conf.set(setting, value)
        differing = []
        for model, group in groupby(CASES, key=lambda case: case.model):
            cases = richest(group)
            made = [expected(local, case, tmp_path / model, number) for number, case in enumerate(cases)]
            columns = [column for column in local.columns(model) if column not in UNLIKE]
            found = answered(engine, model, cases, tmp_path / model, columns)
            differing += [f"{model}: {case.name}" for number, case in enumerate(cases) if found[number] != made[number]]
        for setting in ONE_BY_ONE:
            engine.spark.conf.unset(setting)
    assert differing == []


def test_a_judged_folder(spark: Spark, tmp_path: Path) -> None:
    folder = dataset(tmp_path / "dataset")
    judged: dict[str, dict[str, Any]] = {}
    for engine in ("duckdb", spark.name):
        out = tmp_path / engine
        judge(folder, policy="douyin-shop", as_of="2026-06-01", out=out, engine=engine, threads=1).close()
        judged[engine] = {name: duckdb.execute(f"select * from '{out / name}.parquet'").fetchall() for name in OUTPUTS}
        judged[engine]["run"] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert judged["duckdb"]["verdicts"]
    assert judged["duckdb"]["quarantine"]
    for name in OUTPUTS:
        assert judged["spark"][name] == judged["duckdb"][name], name
    for told in ("rows", "outcomes", "fingerprint", "as_of"):
        assert judged["spark"]["run"][told] == judged["duckdb"]["run"][told], told


def test_a_file_that_cannot_be_used_is_one_line(spark: Spark, tmp_path: Path) -> None:  # noqa: ARG001  its session is the one that judges
    folder = dataset(tmp_path / "dataset")
    (folder / "scans" / "day=2026-04-01" / "part.jsonl").write_text('{"carrier": "ZTO"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="lacks the column waybill_no of the table scans"):
        judge(folder, engine="spark")
