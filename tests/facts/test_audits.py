"""Audits: each a SELECT of rows that cannot be, run on what the demo judges, on a simulated marketplace and on nasty ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from laying import ENGINES, judge_at
from model_worlds import world

from parcelproof import dataset as datasets
from parcelproof import demo
from parcelproof.engines.duckdb import Engine
from parcelproof.facts import graph
from parcelproof.facts.prepare import derive
from parcelproof.simulate import simulate

AUDITS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "audits").glob("*.sql"))}
WORLDS = ("demo", "simulated", "bare", "nasty 1", "nasty 2", "nasty 3", "nasty 4")
PLANTED = {
    "one_row_a_shipment": "select * from judged union all (select * from judged limit 1)",
    "every_shipment_judged": "select * from judged where waybill_no is null",
    "stages_in_order": "select * replace (collected_at - interval 1 second as delivered_at) from judged",
    "hours_possible": "select * replace (-0.1 as longest_stall_hours) from judged",
    "counts_within_counts": "select * replace (other_orders_on_number + 1 as other_recipients_on_number) from judged",
    "nothing_known_without_a_feed": "select * replace (false as trace_known, 0.0 as hours_without_pickup) from judged",
    "nothing_known_without_a_table": "select * replace (0 as same_review_elsewhere) from judged",
    "nothing_after_the_moment": "select * replace (as_of + interval 1 second as delivered_at) from judged",
    "trace_of_its_own_use": "select * replace (declared_at - interval 31 days as last_scan_at) from judged",
}
"""Audit -> the facts with a fault that it has to find."""


class Judged:
    """A judged world: its facts in the table `judged`, and as `facts`, where a fault may be planted."""

    def __init__(self, engine: Engine, moment: str, present: frozenset[str]) -> None:
        self.engine = engine
        self.values = {"as_of": f"timestamp '{moment}'"}
        for table in ("scans", "order_events", "receipts", "complaints"):
            self.values[f"has_{table}"] = "true" if table in present else "false"
        engine.table("judged", "select * from facts")

    def offending(self, audit: str, facts: str = "select * from judged") -> list[tuple[object, ...]]:
        self.engine.view("facts", facts)
        return self.engine.rows(graph.render(AUDITS[audit], self.values))


def judged_folder(engine: Engine, folder: Path) -> Judged:
    loaded = datasets.load(engine, folder, None)
    for _ in derive(engine, as_of=loaded.as_of, present=loaded.present):
        pass
    return Judged(engine, loaded.as_of.isoformat(sep=" "), loaded.present)


def demo_dataset(out: Path) -> Path:
    """What the demo imports: real payloads with their orders."""
    demo.import_all(out, lambda _: None)
    return out


@pytest.fixture(scope="module", params=[(name, engine) for engine in ENGINES for name in WORLDS], ids="-".join)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    name, started = request.param
    folder = tmp_path_factory.mktemp("world") / "dataset"
    with ENGINES[started]() as engine:
        if name == "demo":
            yield judged_folder(engine, demo_dataset(folder))
        elif name == "simulated":
            yield judged_folder(engine, simulate(3000, 11, folder).dataset)
        else:
            given, moment = world(int(name[-1]) if name != "bare" else 5, size=24), "2026-06-01 00:00"
            tables = {table: rows for table, rows in given.items() if name != "bare" or table in {"orders", "declarations"}}
            judge_at(engine, tables, moment)
            yield Judged(engine, moment, frozenset(tables))


@pytest.mark.parametrize("audit", AUDITS)
def test_no_row_offends(judged: Judged, audit: str) -> None:
    assert judged.engine.row("select count(*) from judged")[0] > 0
    assert judged.offending(audit) == []


@pytest.mark.parametrize("audit", AUDITS)
def test_a_planted_fault_is_found(audit: str, tmp_path: Path) -> None:
    for start in ENGINES.values():
        with start() as engine:
            folder = simulate(60, 2, tmp_path / "dataset").dataset
            (folder / "receipts.parquet").unlink()
            made = judged_folder(engine, folder)
            assert made.offending(audit, PLANTED[audit])
