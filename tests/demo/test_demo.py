from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from parcelproof.demo import run_demo


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "parcelproof.cli", *words], capture_output=True, text=True, check=False)  # noqa: S603  our own program


def test_the_demo_judges_real_payloads_and_a_month_in_which_every_outcome_appears(tmp_path: Path) -> None:
    said: list[str] = []
    page = run_demo(tmp_path / "demo", shipments=4000, echo=said.append)
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    run = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))
    assert set(run["outcomes"]) == {"violation", "suspected", "undetermined", "clear"}
    real = json.loads((tmp_path / "demo" / "real" / "verdicts" / "run.json").read_text(encoding="utf-8"))
    assert sum(real["outcomes"].values()) == 5
    assert any("lists no scan" in text for text in said)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("bogus",), 2, "No such command"),
        (("judge", "nowhere", "--policy", "douyin-shop", "--out", "o"), 2, "does not exist"),
        (("judge", "nowhere", "--policy", "dy", "--out", "o"), 2, "unknown policy"),
        (("policy", "check", "nowhere"), 2, "unknown policy"),
        (("import", "nothing", "x", "--out", "o"), 2, "nothing"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(words: tuple[str, ...], code: int, told: str) -> None:
    done = command(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_commands_answer() -> None:
    assert json.loads(command("identify", "SF1343865432107", "--json").stdout)[0]["candidates"][0]["carrier"] == "SF"
    assert "douyin-shop" in command("policy", "list").stdout
    assert command("policy", "check").returncode == 0
    assert command("--version").stdout.strip()
