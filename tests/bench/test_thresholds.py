"""What the benches hold their figures against."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import judge
import run
import write_benchmarks


def size(shipments: int, seconds: float, ratio: float, peak_mb: int) -> dict[str, Any]:
    return {"shipments": shipments, "memory": "1GB", "ratio": ratio, "judge": {"wall": seconds, "peak_mb": peak_mb}}


LIMITS = {
    "ratio": {"at_most": 8, "goal": 4},
    "growth": {"at_most": 11},
    "memory": {"times": 1.25, "plus_mb": 500},
    "rules_engine": {"differences": 0},
}


def broken(found: dict[str, Any]) -> list[str]:
    return [line["what"] for line in run.held(found, LIMITS) if not line["holds"]]


def test_figures_within_their_limits_hold() -> None:
    found = {"sizes": [size(10, 1.0, 8.0, 100), size(100, 11.0, 3.9, 1692)], "rules_engine": {"differences": 0}, "spark": None}
    assert broken(found) == []
    assert {line["what"]: line["value"] for line in run.held(found, LIMITS)}["growth of time, 10 to 100 shipments"] == 11.0


def test_every_figure_over_its_limit_is_told() -> None:
    found = {"sizes": [size(10, 1.0, 8.1, 100), size(100, 11.1, 3.9, 1693)], "rules_engine": {"differences": 1}, "spark": {"exit": 1}}
    assert broken(found) == [
        "judge by floor, 10 shipments",
        "growth of time, 10 to 100 shipments",
        "peak memory, 100 shipments with 1GB, MiB",
        "answers of the rules engine that differ from ours",
        "exit code of the measurement on Spark",
    ]


def test_the_file_of_thresholds_has_what_is_read() -> None:
    limits = judge.thresholds()
    for which in ("bench", "large"):
        sizes = [size(each["shipments"], 1.0, 1.0, 1) | {"memory": each["memory"]} for each in limits[which]["sizes"]]
        assert all(line["holds"] for line in run.held({"sizes": sizes, "rules_engine": {"differences": 0}, "spark": {"exit": 0}}, limits))


def test_a_disk_that_is_too_small_is_told_before_the_work(tmp_path: Path) -> None:
    assert run.room(1, tmp_path) is None
    told = run.room(10**12, tmp_path)
    assert told is not None
    assert f"about {run.BYTES_A_SHIPMENT * 1000:,} GB" in told


def test_wrong_words_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main("small") == 2
    assert "bench|large" in capsys.readouterr().err


def test_a_large_run_writes_what_its_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [{"shipments": 500, "memory": "1GB"}, {"shipments": 1_000, "memory": "1GB"}]
    generous = {"at_most": 1e9, "goal": 4}
    monkeypatch.setattr(judge, "thresholds", lambda: LIMITS | {"large": {"sizes": sizes}, "ratio": generous, "growth": generous})
    monkeypatch.setattr(run, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(judge, "DATA", tmp_path / "data")
    monkeypatch.setattr(judge, "BY_DAY", 1_000)
    assert run.main("large", "--note", "a trial") == 0
    assert (tmp_path / "data" / "500" / "scans.parquet").exists()
    assert len(list((tmp_path / "data" / "1000" / "scans").iterdir())) > judge.DAYS
    monkeypatch.setattr(write_benchmarks, "RESULTS", tmp_path / "results")
    found = write_benchmarks.results()
    assert [size["scans"] for size in found["large"]["sizes"]] == [4_000, 8_000]
    page = write_benchmarks.page(found)
    assert "\na trial.\n" in page
    assert "| 1,000 | 8,000 |" in page
    assert set(re.findall(r"images/([\w.-]+)", page)) == set(write_benchmarks.plots(found))
