"""The room's short lists, read from the data files beside this module; `PROVENANCE.md` says where each comes from."""

from __future__ import annotations

import csv
from pathlib import Path

HERE = Path(__file__).parent


def pairs(name: str) -> list[tuple[str, str]]:
    """The rows of a file of two columns, without its header."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [(first, second) for first, second in rows]
