from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from parcelproof.accuracy import measure
from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError
from parcelproof.simulate import Simulated, simulate
from parcelproof.simulate.drawing import draw
from parcelproof.simulate.shares import LISTS, shares
from parcelproof.verdicts.judge import judge

LISTED = {row.pattern: row for row in shares(None)}
FRAUDS = [row.pattern for row in LISTED.values() if row.truth != "honest"]


def mixed(folder: Path, shares_of: dict[str, float]) -> Path:
    with (folder / "mix.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("pattern", "share"), *shares_of.items()])
    return folder / "mix.csv"


def plain(folder: Path, **more: float) -> Path:
    """A mix of plain orders, and what is named."""
    return mixed(folder, {**{name: 0.0 for name in LISTED if name != "honest"}, **more})


def test_the_same_seed_gives_the_same_marketplace_with_any_number_of_threads(tmp_path: Path) -> None:
    a, b, c = simulate(3000, 7, tmp_path / "a", threads=1), simulate(3000, 7, tmp_path / "b", threads=2), simulate(3000, 8, tmp_path / "c")
    for made in ((a.dataset, b.dataset), (a.labels, b.labels)):
        first, second = (sorted(folder.iterdir()) for folder in made)
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert a.counts == b.counts != c.counts


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Every story often enough to be seen."""
    folder = tmp_path_factory.mktemp("world")
    return simulate(5000, 3, folder / "made", mix=mixed(folder, {**dict.fromkeys(FRAUDS, 0.004), "honest_branch_full": 0.02, "honest_hub_jam": 0.02}))


def ask(made: Simulated, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as db:
        for path in (*made.dataset.iterdir(), *made.labels.iterdir()):
            db.execute(f"create view {path.stem} as from '{path}'")
        return db.execute(sql).fetchall()


def test_every_table_of_the_contract_is_there_in_its_columns(world: Simulated) -> None:
    for name, table in TABLES.items():
        columns = set(pq.read_schema(world.dataset / f"{name}.parquet").names)
        assert {column.name for column in table.columns if column.required} <= columns <= {column.name for column in table.columns}


def test_every_story_of_a_shipment_is_told(world: Simulated) -> None:
    assert {name for name, row in LISTED.items() if row.unit == "shipments"} <= set(world.counts)


def test_every_shipment_has_one_label(world: Simulated) -> None:
    assert ask(world, """
        select count(*) from labels
        full join declarations using (order_id, waybill_no)
        where declarations.order_id is null and labels.waybill_no is not null or labels.order_id is null
    """) == [(0,)]  # fmt: skip
    assert ask(world, "select count(*) - count(distinct (order_id, waybill_no)) from labels") == [(0,)]


def test_parcels_arrive_as_fast_as_the_postal_office_counts(world: Simulated) -> None:
    """84.3 % within 72 hours of the pickup (State Post Bureau, July 2023)."""
    ((share, scans),) = ask(world, """
        select avg(cast(hours <= 72 as integer)), avg(n) from (
            select date_diff('minute', min(event_time) filter (where stage = 'collected'), max(event_time) filter (where stage = 'delivered')) / 60 as hours,
                count(*) as n
            from scans inner join labels using (carrier, waybill_no) where pattern = 'honest' group by waybill_no
        ) where hours is not null
    """)  # fmt: skip
    assert share == pytest.approx(0.843, abs=0.06)
    assert 8 <= scans <= 12  # type: ignore[operator]


def test_few_shops_have_most_orders_and_parcels_share_trucks(world: Simulated) -> None:
    ((largest,),) = ask(world, "select max(n) / sum(n) from (select count(*) as n from orders group by merchant_id)")
    assert largest > 0.05  # type: ignore[operator]
    ((together,),) = ask(world, "select max(n) from (select count(*) as n from scans where stage = 'hub_out' group by event_time, facility_id)")
    assert together >= 5  # type: ignore[operator]


def test_the_judge_catches_what_it_can_and_proves_nothing_against_the_honest(tmp_path: Path) -> None:
    """Brushing is left out: its groups need more shops than stand here."""
    made = simulate(6000, 3, tmp_path / "world", mix=mixed(tmp_path, {**dict.fromkeys(FRAUDS, 0.01), "brushing_ring": 0.0}))
    judge(made.dataset, policy="douyin-shop", out=tmp_path / "out").close()
    found = measure(tmp_path / "out", made.labels)
    (honest,) = (row for row in found["totals"] if row["truth"] == "honest")
    assert honest["proved"] == 0
    assert honest["accused"] <= 0.01 * honest["shipments"]
    for row in found["totals"]:
        if row["truth"] not in ("honest", "brushing"):
            assert row["caught"] >= 0.9 * row["shipments"], row
            assert row["right_offence"] >= 0.9 * row["caught"], row
    assert found["unmatched"] == 0


@pytest.mark.parametrize(("first", "last"), [(12, 14), (12, 17), (20, 99)])
def test_an_outage_of_a_carriers_feed_convicts_no_honest_shipment(tmp_path: Path, first: int, last: int) -> None:
    made = simulate(5000, 5, tmp_path / "world", mix=plain(tmp_path, honest_recycled_number=0.01, never_handed_over=0.03))
    scans = pq.read_table(made.dataset / "scans.parquet")
    paid = pq.read_table(made.dataset / "orders.parquet", columns=["paid_at"])["paid_at"]
    opened = pc.min(paid).as_py().replace(hour=0, minute=0, second=0, microsecond=0)
    lost = pc.and_(
        pc.equal(scans["carrier"], "ZTO"),
        pc.and_(pc.greater_equal(scans["event_time"], moment(opened, first)), pc.less(scans["event_time"], moment(opened, last))),
    )
    pq.write_table(scans.filter(pc.invert(lost)), made.dataset / "scans.parquet")
    truth = {(row["order_id"], row["waybill_no"]): row["truth"] for row in pq.read_table(made.labels / "labels.parquet").to_pylist()}
    with judge(made.dataset, policy="douyin-shop") as result:
        verdicts = [(truth[row["order_id"], row["waybill_no"]], row["outcome"]) for row in result.table("verdicts").to_pylist()]
    assert pc.sum(lost).as_py() > 100
    assert {outcome for kind, outcome in verdicts if kind == "honest"} == {"clear", "undetermined"}
    false = [outcome for kind, outcome in verdicts if kind == "false_shipping"]
    assert sum(outcome != "undetermined" for outcome in false) >= 0.75 * len(false)


def moment(opened: datetime, days: int) -> pa.Scalar:
    return pa.scalar(opened + timedelta(days=days), pa.timestamp("us"))


@pytest.mark.parametrize(("text", "why"), [
    ("pattern,share\nhonest_typo,0.1\n", "unknown pattern 'honest_typo'"),
    ("pattern,share\nhonest,0.1\n", "unknown pattern 'honest'"),
    ("pattern,share\nstalled,much\n", "stalled has the share 'much': write a number from 0 to 1"),
    ("pattern,share\nstalled,nan\n", "stalled has the share 'nan'"),
    ("pattern,share\nstalled,-0.1\n", "stalled has the share '-0.1'"),
    ("pattern,share\nstalled,0.99\n", "leave them at most 1"),
    ("pattern;share\nstalled;0.1\n", "has no columns pattern and share"),
    ("", "has no columns pattern and share"),
])  # fmt: skip
def test_a_faulty_mix_is_told(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "mix.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=why):
        simulate(10, 1, tmp_path / "world", mix=tmp_path / "mix.csv")


def test_a_mix_that_is_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        simulate(10, 1, tmp_path / "world", mix=tmp_path)


def test_a_drawn_number_of_many_digits_is_read_as_a_double() -> None:
    with (LISTS / "numbers.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    values = draw(200_000, 6, tuple(LISTED.values())).values
    with duckdb.connect() as db:
        products = {name: db.execute(f"select 100003 * {values[name]}").fetchall()[0][0] for name in names}
    assert {type(product) for product in products.values()} == {float}


def test_every_number_and_share_has_its_source() -> None:
    for path in LISTS.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            assert all(row["source"] for row in csv.DictReader(file)), path.name
