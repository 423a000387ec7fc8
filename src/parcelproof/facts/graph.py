"""Runs the fact models in the order that their own references give.

A model is one `.sql` file: a header comment (what one row is, which times it respects), then one SELECT. `$name`
stands for a value of the run: the moment of judging, or whether a table was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

from parcelproof.engines.duckdb import Engine, quoted

MODELS = Path(__file__).parent
_VALUE = re.compile(r"\$([a-z_]+)")


@cache
def models() -> dict[str, str]:
    """Model name -> SQL text, header included."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(MODELS.glob("*.sql"))}


@cache
def references(name: str) -> frozenset[str]:
    """The other models that a model reads. Only names after FROM and JOIN count; comments and texts do not."""
    from sqlglot.tokenizer_core import TokenType  # noqa: PLC0415  the same
    from sqlglot.tokens import Tokenizer  # noqa: PLC0415  heavy, and not needed to print help

    tokens = Tokenizer().tokenize(_VALUE.sub(r"\1", models()[name]))
    after = {TokenType.FROM, TokenType.JOIN, TokenType.COMMA}
    return frozenset(b.text for a, b in pairwise(tokens) if a.token_type in after and b.text in models()) - {name}


def order() -> list[str]:
    """The models' names, each after those it reads."""
    return list(TopologicalSorter({name: references(name) for name in models()}).static_order())


def last_readers(names: list[str]) -> dict[str, list[str]]:
    """Model -> the models that nobody reads after it."""
    last = {read: name for name in names for read in references(name)}
    freed: dict[str, list[str]] = {}
    for read, reader in last.items():
        freed.setdefault(reader, []).append(read)
    return freed


def render(text: str, values: Mapping[str, str]) -> str:
    """Put the run's values into a model's text."""
    return _VALUE.sub(lambda found: values[found[1]], text)


def run(engine: Engine, values: Mapping[str, str], keep: frozenset[str] = frozenset({"facts"})) -> Iterator[str]:
    """Materialise every model; yields each model's name before it is run. Tables nobody reads any more are dropped."""
    names = order()
    freed = last_readers(names)
    for name in names:
        yield name
        engine.table(name, render(models()[name], values))
        engine.drop(*(old for old in freed.get(name, []) if old not in keep))


def moment(text: str) -> str:
    """A SQL timestamp literal."""
    return f"timestamp {quoted(text)}"
