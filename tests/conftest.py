from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from parcelproof.dataset.tables import TABLES
from parcelproof.verdicts.judge import judge
from parcelproof.verdicts.result import JudgeResult

Rows = list[dict[str, Any]]


def write_csv(folder: Path, tables: dict[str, Rows]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row)) or [column.name for column in TABLES[name].columns]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.fixture(scope="session", name="write")
def written_as_csv() -> Callable[[Path, dict[str, Rows]], Path]:
    """Write tables given as rows to a folder."""
    return write_csv


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Callable[..., JudgeResult]]:
    """Judge tables given as rows."""
    made: list[JudgeResult] = []

    def run(as_of: str | None = None, policy: str = "douyin-shop", **tables: Rows) -> JudgeResult:
        made.append(judge(write_csv(tmp_path / f"d{len(made)}", tables), policy=policy, as_of=as_of, threads=1))
        return made[-1]

    yield run
    for result in made:
        result.close()
