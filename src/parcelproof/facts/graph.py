"""Runs the fact models in the order that their own references give.

A model is one `.sql` file: a header comment (what one row is, which times it respects), then one SELECT. `$name`
stands for a value of the run: the moment of judging, or whether a table was given. A header with the line `-- @view`
makes a view, which costs nothing until it is read; any other model is materialised. A table with the line `-- @later` is
filled when the facts stand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

from parcelproof.engines.verbs import Verbs

MODELS = Path(__file__).parent
WHOLE = "facts"
"""The model that holds every fact: one row a shipment."""
KNOWN = "known_facts"
"""The facts that are known before the tables stand that are filled later."""
SPINE = "shipments"
"""The widest table on the way to it."""
WORTH = 3
"""So many joins must go before it pays to write a SELECT anew."""
FEW = 10_000
"""So few shipments cost less to write down with all their facts than the plan of twenty joins in each statement that reads them."""
_WORD = re.compile(r"[a-z_]+")
_VALUE = re.compile(r"\$([a-z_]+)")
_VALUE_BACK = re.compile(r"\bvalue__([a-z_]+)")
_LATER = re.compile(r"^-- @later$", re.MULTILINE)
_VIEW = re.compile(r"^-- @view$", re.MULTILINE)


@cache
def models() -> dict[str, str]:
    """Model name -> SQL text, header included."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(MODELS.glob("*.sql"))}


@cache
def references(text: str) -> frozenset[str]:
    """The models that a SQL text reads. Only names after FROM and JOIN count; comments and texts do not."""
    from sqlglot.tokenizer_core import TokenType  # noqa: PLC0415  the same
    from sqlglot.tokens import Tokenizer  # noqa: PLC0415  heavy, and not needed to print help

    tokens = Tokenizer().tokenize(_VALUE.sub(r"\1", text))
    after = {TokenType.FROM, TokenType.JOIN, TokenType.COMMA}
    return frozenset(b.text for a, b in pairwise(tokens) if a.token_type in after and b.text in models())


@lru_cache(64)
def narrowed(text: str, wanted: frozenset[str]) -> str:
    """A SELECT with the wanted columns alone, and without the left joins that only the others needed.

    A left join of `facts` or `shipments` meets at most one row, so it may go when nobody reads its columns.
    """
    import sqlglot  # noqa: PLC0415  heavy, and not needed to print help

    select = sqlglot.parse_one(_VALUE.sub(r"value__\1", text), dialect="duckdb")
    select.set("expressions", [column for column in select.expressions if column.alias_or_name in wanted])
    joins = select.args["joins"]
    for join in reversed(list(joins)):
        readers = [*select.expressions, *(other for other in joins if other is not join)]
        if join.alias_or_name not in {column.table for reader in readers for column in reader.find_all(sqlglot.exp.Column)}:
            joins.remove(join)
    return _VALUE_BACK.sub(r"$\1", select.sql(dialect="duckdb", pretty=True))


def without_empty(text: str, empty: Mapping[str, Mapping[str, str]]) -> str:
    """A SELECT without the left joins of tables that hold no row: each of their columns is a null of its type.

    Args:
        text: The SELECT.
        empty: Table -> column -> type.
    """
    joined = references(text) & empty.keys()
    return text if len(joined) < WORTH else _without(text, tuple((table, tuple(empty[table].items())) for table in sorted(joined)))


@lru_cache(64)
def _without(text: str, tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> str:
    import sqlglot  # noqa: PLC0415  heavy, and not needed to print help
    from sqlglot import exp  # noqa: PLC0415  the same

    empty = {table: dict(columns) for table, columns in tables}
    whole = sqlglot.parse_one(_VALUE.sub(r"value__\1", text), dialect="duckdb")
    for select in whole.find_all(exp.Select):
        joins = select.args.get("joins") or []
        left = [join for join in joins if join.side == "LEFT" and isinstance(join.this, exp.Table)]
        gone = {join.alias_or_name: empty[join.this.name] for join in left if join.this.name in empty}
        joins[:] = [join for join in joins if join.alias_or_name not in gone]
        for column in list(select.find_all(exp.Column)):
            if column.table in gone:
                null = exp.cast(exp.null(), gone[column.table][column.name], dialect="duckdb")
                column.replace(exp.alias_(null, column.name) if column.parent is select else null)
    return _VALUE_BACK.sub(r"$\1", whole.sql(dialect="duckdb", pretty=True))


def order(texts: Mapping[str, str], others: Collection[str] = ()) -> list[str]:
    """The models that `facts` and the others need, themselves included, each after those it reads."""
    needed: dict[str, frozenset[str]] = {}
    unread = [WHOLE, *others]
    while unread:
        name = unread.pop()
        if name not in needed:
            needed[name] = references(texts[name])
            unread += needed[name]
    return list(TopologicalSorter({name: sorted(needed[name]) for name in sorted(needed)}).static_order())


def tables_read(name: str, texts: Mapping[str, str]) -> set[str]:
    """The tables that a model reads, itself or through views."""
    read = references(texts[name])
    return {table for near in read for table in (tables_read(near, texts) if is_view(texts[near]) else {near})}


def last_readers(names: list[str], texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Model -> the tables that no later model reads."""
    last = {table: name for name in names if name == WHOLE or not is_view(texts[name]) for table in tables_read(name, texts)}
    freed: dict[str, list[str]] = {}
    for table, reader in last.items():
        freed.setdefault(reader, []).append(table)
    return freed


def is_view(text: str) -> bool:
    """Whether a model is a view."""
    return bool(_VIEW.search(text))


def is_later(name: str) -> bool:
    """Whether a model is a table that is filled when the facts stand."""
    return name in models() and bool(_LATER.search(models()[name]))


def render(text: str, values: Mapping[str, str]) -> str:
    """Put the run's values into a model's text."""
    return _VALUE.sub(lambda found: values[found[1]], text)


def run(engine: Verbs, values: Mapping[str, str], wanted: Collection[str] | None = None, keep: Collection[str] = ()) -> Iterator[str]:
    """Make the models that the wanted facts need; yields each model's name before it is made.

    Args:
        engine: Holds the dataset's tables.
        values: SQL of the run's values, by name.
        wanted: The facts that will be read; all of them unless given.
        keep: Other models to make, and to keep.
    """
    texts = dict(models())
    if wanted is not None:
        texts[WHOLE] = narrowed(texts[WHOLE], frozenset({"shipment", *wanted}))
    names = order(texts, keep)
    texts[SPINE] = narrowed(texts[SPINE], frozenset(word for name in names if name != SPINE for word in _WORD.findall(texts[name])))
    freed = last_readers(names, texts)
    held = {*keep, *(table for name in keep if is_view(texts[name]) for table in tables_read(name, texts))}
    for name in names:
        yield name
        joined = references(texts[name])
        empty = engine.empty_tables(sorted(table for table in joined if not is_later(table))) if len(joined) > WORTH else {}
        select = render(without_empty(texts[name], empty), values)
        if name == WHOLE and (engine.stores_facts or engine.row(f"select count(*) from {SPINE}")[0] <= FEW):
            engine.table(KNOWN, select)
            join_later(engine, [table for table in joined if is_later(table)])
        elif name == WHOLE or is_view(texts[name]):
            engine.view(name, select)
        else:
            engine.table(name, select)
            engine.drop(*(old for old in freed.get(name, []) if old not in held))


def join_later(engine: Verbs, later: Collection[str]) -> None:
    """Make `facts` from the table of all that is known by now, and from the tables that are filled when it stands."""
    filled = {column: table for table in later for column in engine.columns(table) if column != "shipment"}
    columns = ", ".join(f"{filled.get(column, KNOWN)}.{column}" for column in engine.columns(KNOWN))
    joins = " ".join(f"left join {table} using (shipment)" for table in later)
    engine.view(WHOLE, f"select {columns} from {KNOWN} {joins}")
