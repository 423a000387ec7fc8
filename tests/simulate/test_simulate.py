from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from parcelproof.simulate import simulate
from parcelproof.verdicts.judge import judge


def test_the_same_seed_gives_the_same_marketplace(tmp_path: Path) -> None:
    a, b, c = simulate(2000, 7, tmp_path / "a"), simulate(2000, 7, tmp_path / "b"), simulate(2000, 8, tmp_path / "c")
    for table in ("orders", "scans", "parcels"):
        assert pq.read_table(a.dataset / f"{table}.parquet").equals(pq.read_table(b.dataset / f"{table}.parquet"))
    assert a.counts == b.counts != c.counts


def test_no_honest_shipment_is_convicted_and_most_frauds_are(tmp_path: Path) -> None:
    made = simulate(6000, 3, tmp_path / "world")
    labels = {(row["order_id"], row["waybill_no"]): row for row in pq.read_table(made.labels / "labels.parquet").to_pylist()}
    with judge(made.dataset, policy="douyin-shop") as result:
        verdicts = result.table("verdicts").to_pylist()
    assert len(verdicts) == len(labels)
    by_truth: dict[str, list[str]] = {}
    for row in verdicts:
        by_truth.setdefault(labels[row["order_id"], row["waybill_no"]]["truth"], []).append(row["outcome"])
    assert "violation" not in by_truth["honest"]
    assert "suspected" not in by_truth["honest"]
    caught = by_truth["false_shipping"].count("violation") + by_truth["false_shipping"].count("suspected")
    assert caught >= 0.95 * len(by_truth["false_shipping"])
    assert set(by_truth["false_shipping"]) >= {"violation", "suspected"}
    assert set(by_truth["fraudulent_parcel"]) == {"violation"}


@pytest.mark.parametrize(("first", "last"), [("2026-08-20T00", "2026-08-21T20"), ("2026-08-20T00", "2026-08-25T00"), ("2026-08-31T00", "2026-12-01T00")])
def test_an_outage_of_a_carriers_feed_convicts_no_honest_shipment(tmp_path: Path, first: str, last: str) -> None:
    made = simulate(6000, 5, tmp_path / "world")
    scans = pq.read_table(made.dataset / "scans.parquet")
    lost = pc.and_(pc.equal(scans["carrier"], "ZTO"), pc.and_(pc.greater_equal(scans["event_time"], moment(first)), pc.less(scans["event_time"], moment(last))))
    pq.write_table(scans.filter(pc.invert(lost)), made.dataset / "scans.parquet")
    truth = {(row["order_id"], row["waybill_no"]): row["truth"] for row in pq.read_table(made.labels / "labels.parquet").to_pylist()}
    with judge(made.dataset, policy="douyin-shop") as result:
        verdicts = [(truth[row["order_id"], row["waybill_no"]], row["outcome"]) for row in result.table("verdicts").to_pylist()]
    assert pc.sum(lost).as_py() > 100
    assert {outcome for kind, outcome in verdicts if kind == "honest"} == {"clear", "undetermined"}
    false = [outcome for kind, outcome in verdicts if kind == "false_shipping"]
    assert sum(outcome != "undetermined" for outcome in false) >= 0.9 * len(false)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00:00")
