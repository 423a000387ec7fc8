"""The Parquet files of verdicts and findings are written from numbers: they say what the views say."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcelproof.simulate import simulate
from parcelproof.verdicts import parquet_files
from parcelproof.verdicts.judge import judge


@pytest.mark.parametrize("rows", [64, parquet_files.ROWS])
def test_a_file_says_what_the_table_says(rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "ROWS", rows)
    dataset = simulate(3000, 3, tmp_path / "world").dataset
    with judge(dataset, policy="douyin-shop", out=tmp_path / "out", threads=2) as result:
        assert {"violation", "suspected", "undetermined", "clear"} == result.run["outcomes"].keys()
        for name in ("verdicts", "findings"):
            table = result.table(name)
            assert texts(pq.read_table(tmp_path / "out" / f"{name}.parquet"), table.column_names) == texts(table, table.column_names)
            assert table.num_rows == result.run["out"][name] > 0


def test_nothing_judged_is_written_as_nothing(tmp_path: Path) -> None:
    dataset = tmp_path / "none"
    dataset.mkdir()
    (dataset / "orders.csv").write_text("order_id,merchant_id,buyer_id,paid_at,kind\nO1,M1,B1,2026-07-01T00:00:00Z,virtual\n")
    (dataset / "declarations.csv").write_text("order_id,carrier,waybill_no,declared_at\n")
    with judge(dataset, policy="douyin-shop", out=tmp_path / "out", threads=1):
        for name, column in (("verdicts", "met"), ("findings", "evidence")):
            found = pq.read_table(tmp_path / "out" / f"{name}.parquet")
            assert found.num_rows == 0
            assert column in found.column_names


def texts(table: pa.Table, names: list[str]) -> list[tuple[object, ...]]:
    """The rows in their order, whatever the columns are kept as."""
    return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))
