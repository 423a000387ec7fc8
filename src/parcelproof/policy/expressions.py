"""Predicates of checks and packs: parsed, checked against the known facts, and rendered as SQL.

A predicate is SQL over fact names, `$parameters` and a few functions. Functions that turn an unknown into something
known are not among them: a null never convicts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from parcelproof.errors import unknown_name

FUNCTIONS = ("hours", "minutes")
"""Functions of the language: lengths of time. Each engine's macro file says them."""
_ALLOWED = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Between, exp.Case, exp.If, exp.Add, exp.Sub,
    exp.Mul, exp.Div, exp.Neg, exp.Literal, exp.Boolean, exp.Column, exp.Identifier, exp.Anonymous, exp.Abs, exp.Least, exp.Greatest, exp.Is, exp.Null,
    exp.Tuple,
)  # fmt: skip
_PARAMETER = re.compile(r"\$([a-z_0-9]+)")
_MARK = "param__"


def parse(text: object, where: str, faults: list[str]) -> exp.Expr | None:
    """The tree of a predicate; what is wrong is added to `faults`."""
    try:
        tree = sqlglot.parse_one(_PARAMETER.sub(rf"{_MARK}\1", str(text)), dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        faults.append(f"{where}: {text!r} is not a condition ({str(error).partition('.')[0]}); write SQL over the known facts")
        return None
    return tree


def check(tree: exp.Expr, types: Mapping[str, str], params: Mapping[str, object], where: str, faults: list[str], *, nulls: bool) -> None:
    """Add what a predicate may not say to `faults`: unknown names, functions, mixed types, swallowed nulls."""
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            faults.append(f"{where}: {node.key} is not part of the language; use comparisons, and, or, not, in, between, case, arithmetic")
        elif isinstance(node, exp.Is) and not nulls:
            faults.append(f"{where}: `is null` is for excuses; a condition over an unknown fact is unknown by itself")
        elif isinstance(node, exp.Anonymous) and node.name.lower() not in FUNCTIONS:
            faults.append(f"{where}: {unknown_name('function', node.name, FUNCTIONS)}")
        elif isinstance(node, exp.Column):
            _check_name(node.name, types, params, where, faults)
        elif isinstance(node, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)):
            left, right = _kind(node.left, types, params), _kind(node.right, types, params)
            if left and right and left != right:
                faults.append(f"{where}: {node.sql()} compares {left} with {right}; compare like with like")


def _check_name(name: str, types: Mapping[str, str], params: Mapping[str, object], where: str, faults: list[str]) -> None:
    if name.startswith(_MARK):
        if name.removeprefix(_MARK) not in params:
            faults.append(f"{where}: {unknown_name('parameter', name.removeprefix(_MARK), params)}")
    elif name not in types:
        faults.append(f"{where}: {unknown_name('fact', name, types)}")


def _kind(node: exp.Expr, types: Mapping[str, str], params: Mapping[str, object]) -> str | None:
    """text, number, boolean or time, where it can be told."""
    numbers = {"money": "number", "integer": "number"}
    if isinstance(node, exp.Literal):
        return "text" if node.is_string else "number"
    if isinstance(node, exp.Boolean):
        return "boolean"
    if isinstance(node, exp.Column):
        if node.name.startswith(_MARK):
            value = params.get(node.name.removeprefix(_MARK))
            return "text" if isinstance(value, str) else "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        kind = types.get(node.name)
        return numbers.get(kind, kind) if kind else None
    return None


def render(tree: exp.Expr, params: Mapping[str, object], prefix: str = "f.") -> str:
    """The SQL of a checked predicate: facts with their table, parameters as constants."""

    def place(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            if node.name.startswith(_MARK):
                return _constant(params[node.name.removeprefix(_MARK)])
            return exp.column(node.name, table=prefix.rstrip(".") or None)
        return node

    rendered = tree.transform(place)
    for node in rendered.find_all(exp.In):
        if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Tuple):
            node.set("expressions", node.expressions[0].expressions)
    return rendered.sql(dialect="duckdb")


def _constant(value: object) -> exp.Expr:
    if isinstance(value, (list, tuple)):
        return exp.Tuple(expressions=[_constant(item) for item in value])
    return exp.convert(value)


def names(tree: exp.Expr) -> set[str]:
    """The facts (or checks) that a predicate speaks of."""
    return {node.name for node in tree.find_all(exp.Column) if not node.name.startswith(_MARK)}
