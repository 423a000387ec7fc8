"""What a command cost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from measuring import machine, spent_by

SPEND = """
import os, tempfile, time
held = bytearray(os.urandom(1)) * (200 << 20)
with tempfile.TemporaryDirectory() as folder:
    open(folder + "/spill", "wb").write(os.urandom(30 << 20))
    while time.process_time() < 0.5: pass
"""


def test_seconds_memory_and_temporary_files_are_those_of_the_command(tmp_path: Path) -> None:
    found = spent_by(sys.executable, "-c", SPEND, scratch=tmp_path)
    assert found.processors >= 0.5
    assert found.wall >= 0.5
    assert 200 <= found.peak_mb < 400
    assert 30 <= found.scratch_mb < 40
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_fails_ends_the_bench() -> None:
    with pytest.raises(SystemExit, match="failed"):
        spent_by(sys.executable, "-c", "raise SystemExit(3)")


def test_a_machine_is_told_with_what_figures_depend_on() -> None:
    found = machine()
    assert found["processor"]
    assert found["cores"] >= 1
    assert found["memory_mb"] > 100
    assert "duckdb" in found["versions"]
