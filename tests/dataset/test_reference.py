from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from parcelproof.dataset.reference import page
from parcelproof.dataset.tables import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "dataset.md"


def test_the_page_is_the_one_that_the_declarations_give() -> None:
    made = subprocess.run([sys.executable, "-m", "parcelproof.dataset.reference"], check=True, capture_output=True).stdout.decode()
    assert made == page()
    assert PAGE.read_text(encoding="utf-8") == made, "write it again: python -m parcelproof.dataset.reference > docs/reference/dataset.md"


def test_every_column_is_told_with_its_codes() -> None:
    text = page()
    for table in TABLES.values():
        section = text.partition(f"### {table.name}")[2].partition("###")[0]
        for column in table.columns:
            assert f"| `{column.name}`" in section
            assert column.doc in section
            assert all(f"`{code}`" in section for code in column.codes)
    assert "{" not in text
