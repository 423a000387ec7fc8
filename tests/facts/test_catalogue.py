"""The list of facts beside the model that derives them."""

from __future__ import annotations

import pytest
from laying import each_engine, judge_at  # noqa: F401  each_engine is the fixture `engine`
from model_worlds import world

from parcelproof.engines.duckdb import Engine
from parcelproof.facts import graph
from parcelproof.facts.catalogue import catalogue, fact_types

TYPES = {
    "VARCHAR": "text", "TIMESTAMP": "time", "DECIMAL(18,2)": "money", "BIGINT": "integer", "INTEGER": "integer", "DOUBLE": "number", "BOOLEAN": "boolean",
}  # fmt: skip
INNER = {"shipment"}
"""What the model holds for the engine alone."""
AS_OF = "2026-06-10 00:00"
BATCH = 5
NAMES = list(fact_types())
RING = {"ring_id": "'R1'", "ring_p_value": "0.25", "ring_shop_may_be_victim": "true"}


@pytest.fixture(scope="module")
def whole(engine: Engine) -> Engine:
    """An engine that has judged a nasty marketplace, and still has every model."""
    judge_at(engine, world(13, size=60), AS_OF, keep=tuple(graph.models().keys() - {graph.WHOLE}))
    engine.table("whole", "select * from facts")
    return engine


def test_the_list_and_the_model_name_the_same_facts_of_the_same_types(whole: Engine) -> None:
    columns = {name: TYPES.get(kind, kind) for name, kind in whole.columns("facts").items() if name not in INNER}
    assert columns == fact_types()


def test_every_fact_is_told_in_both_languages_in_words_of_its_own() -> None:
    for labels in ([fact.zh for fact in catalogue().values()], [fact.en for fact in catalogue().values()]):
        assert all(labels)
        assert len(labels) == len(set(labels))


def test_the_marketplace_tells_every_fact_of_some_shipment(whole: Engine) -> None:
    told = whole.row(f"select {', '.join(f'count({name})' for name in fact_types())} from whole")
    # Rings are named under a pack, when the other facts stand.
    assert [name for name, shipments in zip(fact_types(), told, strict=True) if shipments == 0 and not name.startswith("ring_")] == []


@pytest.mark.parametrize("few", [NAMES[place :: len(NAMES) // BATCH] for place in range(len(NAMES) // BATCH)], ids=lambda few: few[0])
def test_few_facts_have_the_values_that_all_have(whole: Engine, few: list[str]) -> None:
    values = {"as_of": f"timestamp '{AS_OF}'"} | {f"has_{table}": "true" for table in ("scans", "order_events", "receipts", "complaints")}
    whole.view("few", graph.render(graph.narrowed(graph.models()[graph.WHOLE], frozenset({"shipment", *few})), values))
    assert whole.columns("few") == {name: kind for name, kind in whole.columns("whole").items() if name in {"shipment", *few}}
    assert whole.rows("select * from few order by shipment") == whole.rows(f"select {', '.join(whole.columns('few'))} from whole order by shipment")


@pytest.mark.parametrize("few", [graph.FEW, 0])
def test_many_facts_stay_a_view_and_are_the_same_with_what_is_filled_in_later(whole: Engine, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(graph, "FEW", few)
    with Engine(threads=1) as other:
        judge_at(other, world(10, size=40), AS_OF)
        first = other.row("select min(shipment) from facts")[0]
        other.run(f"insert into shipment_rings select {first}, {', '.join(RING.values())}")
        written = other.rows("select 1 from duckdb_tables() where table_name = 'known_facts'")
        assert bool(written) is bool(few)
        filled = ", ".join(f"case when shipment = {first} then {value} end as {name}" for name, value in RING.items())
        assert other.rows("select * from facts order by shipment") == whole.rows(f"select * replace ({filled}) from whole order by shipment")
