"""The dataset of the benches: a month written by days is the month written whole."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import judge as bench
from parcelproof.verdicts.judge import judge

SHIPMENTS = 3_001


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    base = tmp_path_factory.mktemp("month")
    for name, by_day in (("whole", False), ("days", True)):
        bench.generate(base / name, SHIPMENTS, by_day=by_day)
    return base / "whole", base / "days"


def rows(sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as db:
        return db.execute(sql).fetchall()


@pytest.mark.parametrize("table", bench.TABLES)
def test_days_hold_what_the_whole_holds(folders: tuple[Path, Path], table: str) -> None:
    whole, days = (f"select * from read_parquet({[str(path) for path in bench.files(folder, table)]})" for folder in folders)
    assert rows(f"({whole} except all {days}) union all ({days} except all {whole})") == []
    assert rows(f"select count(*) from ({days})") == [(SHIPMENTS * (8 if table == "scans" else 1),)]


def test_the_scans_of_a_day_are_its_own_and_in_order(folders: tuple[Path, Path]) -> None:
    parts = bench.files(folders[1], "scans")
    assert len(parts) > bench.DAYS
    for path in parts:
        times = [str(time) for (time,) in rows(f"select event_time from '{path}'")]
        assert times == sorted(times)
        assert {time[:10] for time in times} == {path.stem}


def test_both_are_judged_alike(folders: tuple[Path, Path]) -> None:
    tables = []
    for folder in folders:
        with judge(folder, threads=1) as result:
            tables.append(result.table("verdicts"))
    assert tables[0].num_rows == SHIPMENTS
    assert tables[0].equals(tables[1])


def test_a_folder_half_written_is_not_taken_for_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "TABLES", ("orders", "no_such_table"))
    with pytest.raises(duckdb.Error):
        bench.generate(tmp_path / "month", 10)
    assert not (tmp_path / "month").exists()
