from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

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
