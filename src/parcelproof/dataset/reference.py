"""The reference page of the dataset, made from the declarations: `python -m parcelproof.dataset.reference` prints it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from parcelproof.dataset.framing import LINES_IN_A_RECORD, LONGEST, TEXT_LIMIT
from parcelproof.dataset.tables import TABLES, Column, Table

RULES = Path(__file__).with_name("reference.md")
"""What holds for all tables; the tables themselves follow from their declarations."""


def page() -> str:
    """The whole page as Markdown."""
    rules = RULES.read_text(encoding="utf-8")
    for name, value in {"text_limit": TEXT_LIMIT, "longest": LONGEST, "lines": LINES_IN_A_RECORD}.items():
        rules = rules.replace(f"{{{name}}}", f"{value:,}")
    return rules + "".join(f"{line}\n" for table in TABLES.values() for line in _table(table))


def _table(table: Table) -> Iterator[str]:
    yield ""
    yield f"### {table.name}{' (required)' if table.required else ''}"
    yield ""
    key = f" Key: {', '.join(f'`{name}`' for name in table.key)}." if table.key else ""
    yield f"One row: {table.grain}.{key}"
    yield ""
    yield "| column | kind | meaning |"
    yield "|---|---|---|"
    yield from (_column(column) for column in table.columns)


def _column(column: Column) -> str:
    codes = f"; one of {', '.join(f'`{code}`' for code in column.codes)}" if column.codes else ""
    default = f"; `{column.default}` unless given" if column.default else ""
    return f"| `{column.name}`{'*' if column.required else ''} | {column.kind} | {column.doc}{codes}{default} |"


if __name__ == "__main__":
    sys.stdout.write(page())
