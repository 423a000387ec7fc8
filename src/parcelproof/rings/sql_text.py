"""The SELECTs of this room."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from parcelproof.engines.duckdb import Engine
from parcelproof.facts.graph import render

SQL = Path(__file__).parent / "sql"


@cache
def _text(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def text_of(name: str, **values: object) -> str:
    """One SELECT with its values."""
    return render(_text(name), {key: str(value) for key, value in values.items()})


def make(engine: Engine, name: str, **values: object) -> None:
    """Materialise one SELECT under its name."""
    engine.table(name, text_of(name, **values))


def lay(engine: Engine, name: str, view: str, **values: object) -> None:
    """Give one SELECT the name of a view."""
    engine.view(view, text_of(name, **values))
