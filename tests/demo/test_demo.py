from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from parcelproof.demo import PAYLOADS, run_demo
from parcelproof.errors import InputError


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "parcelproof.cli", *words], capture_output=True, text=True, check=False)  # noqa: S603  our own program


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, Path]:
    """What the demo gives back and says, and its folder."""
    said: list[str] = []
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return run_demo(folder, echo=said.append), "\n".join(said), folder


def test_the_month_shows_every_outcome_and_everything_that_follows_one(shown: tuple[dict[str, Any], str, Path]) -> None:
    told, _, folder = shown
    assert set(told["month"]["outcomes"]) == {"violation", "suspected", "undetermined", "clear"}
    assert all(told["month"]["out"][table] > 0 for table in ("charges", "strikes", "measures"))
    findings = pq.read_table(folder / "month" / "verdicts" / "findings.parquet", columns=["status"])
    assert set(findings["status"].to_pylist()) == {"met", "excused", "unknown"}
    assert Path(told["report"]).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_real_payloads_are_judged_as_their_traces_say(shown: tuple[dict[str, Any], str, Path]) -> None:
    told, said, folder = shown
    rows = pq.read_table(folder / "real" / "verdicts" / "verdicts.parquet").to_pylist()
    outcomes = {row["order_id"]: row["outcome"] for row in rows}
    assert outcomes == {
        "450789469": "undetermined",
        "DEMO-ABROAD": "undetermined",
        "DEMO-BEFORE-PAID": "violation",
        "DEMO-ELSEWHERE": "violation",
        "DEMO-FRAGMENT": "clear",
        "DEMO-HONEST": "clear",
        "DEMO-JAPAN": "clear",
        "DEMO-MERGED": "clear",
        "DEMO-MOVED": "clear",
        "DEMO-NO-TRACE": "undetermined",
        "DEMO-REUSED": "violation",
    }
    assert {row["order_id"]: row["excused"] for row in rows if row["excused"]} == {
        "DEMO-BEFORE-PAID": ["no_hub:missed_scan"],
        "DEMO-MERGED": ["waybill_reused:merge_agreed"],
    }
    assert "it lists no scan" in said
    assert sum(told["real"]["outcomes"].values()) == len(rows)


def test_the_commands_that_the_demo_offers_tell_a_story(shown: tuple[dict[str, Any], str, Path]) -> None:
    told, said, _ = shown
    assert len(told["explain"]) == 2
    for line in told["explain"]:
        assert line in said
        program, *words = line.split()
        done = command(*words, "--lang", "zh")
        assert (program, done.returncode, done.stderr) == ("parcelproof", 0, "")
        assert "违规" in done.stdout


def test_the_demo_again_gives_the_same(shown: tuple[dict[str, Any], str, Path], tmp_path: Path) -> None:
    _, _, folder = shown
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    run_demo(again, echo=lambda _: None)
    for name in ("real", "month"):
        for table in ("verdicts", "findings", "charges", "strikes", "measures"):
            path = Path(name) / "verdicts" / f"{table}.parquet"
            assert pq.read_table(again / path).equals(pq.read_table(folder / path)), path


def test_the_demo_touches_nobody_elses_files(tmp_path: Path) -> None:
    mine = tmp_path / "real" / "dataset" / "thesis.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match=r"thesis\.txt.*name a new folder"):
        run_demo(tmp_path, echo=lambda _: None)
    assert mine.read_text(encoding="utf-8") == "years of work"


def test_every_payload_names_where_it_comes_from() -> None:
    for folder in PAYLOADS.iterdir():
        provenance = (folder / "PROVENANCE.md").read_text(encoding="utf-8")
        assert all(path.name in provenance for path in folder.iterdir() if path.name != "PROVENANCE.md"), folder
