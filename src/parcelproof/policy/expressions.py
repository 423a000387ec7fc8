"""Predicates of checks and packs: parsed, typed against the known names, and rendered as SQL.

A predicate is SQL over names (facts, checks, or figures of a day), `$parameters` and a few functions. Nothing in the
language turns an unknown into something known, except `is null` in excuses: a null never convicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlglot
from sqlglot import exp

from parcelproof.errors import unknown_name
from parcelproof.policy.dates import dated_sql

FUNCTIONS = ("hours", "minutes")
"""Functions of the language: a number becomes a length of time. Each engine's macro file says them."""
LONGEST = 4000
_PARAMETER = re.compile(r"\$([a-z_0-9]+)")
_MARK = "param__"
_NUMBERS = {"money": "number", "integer": "number"}
_ORDERED = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_COMPARED = (exp.EQ, exp.NEQ, *_ORDERED)
_JOINED = (exp.And, exp.Or, exp.Not, exp.Paren, exp.Column, exp.Boolean)


@dataclass(frozen=True, slots=True)
class Words:
    """What a predicate may speak of: names with their types, and what a name is called in a complaint."""

    types: Mapping[str, str]
    noun: str = "fact"
    params: Mapping[str, Any] = field(default_factory=dict)
    nulls: bool = False


def read(text: object, where: str, faults: list[str], words: Words, wanted: str = "boolean") -> exp.Expr | None:
    """The tree of a predicate, or None; everything wrong with it is added to `faults`."""
    found: list[str] = []
    tree = _parsed(text, where, found)
    if tree is not None:
        kind = _Typing(words, where, found).kind(tree)
        if kind and kind != wanted:
            found.append(f"{where}: {text!r} is a {kind}; write something that is a {wanted}")
    faults += found
    return None if found else tree


def parsed(text: object) -> exp.Expr | None:
    """The tree of a predicate that was checked when it was read."""
    return _parsed(text, "", [])


def _parsed(text: object, where: str, faults: list[str]) -> exp.Expr | None:
    if isinstance(text, bool):
        return exp.Boolean(this=text)
    if not isinstance(text, str) or len(text) > LONGEST:
        faults.append(f"{where}: a condition is text of at most {LONGEST} characters; write one over the known names")
        return None
    try:
        tree = sqlglot.parse_one(_PARAMETER.sub(rf"{_MARK}\1", text), dialect="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError):
        faults.append(f"{where}: {text!r} is not a condition; write comparisons joined by and, or, not")
        return None
    return tree


class _Typing:
    """Finds the type of every part of a tree; what does not fit is told once, and its type is then empty."""

    def __init__(self, words: Words, where: str, faults: list[str]) -> None:
        self.words, self.where, self.faults = words, where, faults

    def kind(self, node: exp.Expr) -> str:
        rule = self._rules.get(type(node))
        if rule is None:
            return self._wrong(f"{node.key} is not part of the language; use comparisons, and, or, not, in, between, arithmetic")
        if self.words.noun == "check" and not isinstance(node, _JOINED):
            return self._wrong(f"{told(node)} is no condition over checks; join them by and, or, not")
        try:
            return rule(node)
        except RecursionError:
            return self._wrong("it is nested too deep; write it in parts")

    @cached_property
    def _rules(self) -> dict[type[exp.Expr], Callable[[Any], str]]:
        rules: dict[type[exp.Expr], Callable[[Any], str]] = {
            exp.Paren: lambda node: self.kind(node.this), exp.Column: self._name, exp.Anonymous: self._function, exp.Literal: self._literal,
            exp.Boolean: lambda _: "boolean", exp.In: self._in, exp.Between: self._between, exp.Is: self._is, exp.Add: self._sum, exp.Sub: self._sum,
        }  # fmt: skip
        rules |= dict.fromkeys((exp.And, exp.Or), lambda node: self._all("boolean", node.left, node.right))
        rules[exp.Not] = lambda node: self._all("boolean", node.this)
        rules |= dict.fromkeys((exp.Mul, exp.Div), lambda node: self._all("number", node.left, node.right))
        rules |= dict.fromkeys((exp.Neg, exp.Abs), lambda node: self._all("number", node.this))
        return rules | dict.fromkeys(_COMPARED, self._comparison)

    def _wrong(self, what: str) -> str:
        self.faults.append(f"{self.where}: {what}")
        return ""

    def _all(self, wanted: str, *nodes: exp.Expr) -> str:
        for node in nodes:
            kind = self.kind(node)
            if kind and kind != wanted:
                self._wrong(f"{told(node)} is a {kind}; a {wanted} must stand there")
        return wanted

    def _name(self, node: exp.Column) -> str:
        if node.args.get("table"):
            return self._wrong(f"{told(node)} has a dot; write the {self.words.noun} alone")
        if node.name.startswith(_MARK):
            name = node.name.removeprefix(_MARK)
            if name not in self.words.params:
                return self._wrong(unknown_name("parameter", name, self.words.params))
            return _kind_of(self.words.params[name])
        if node.name not in self.words.types:
            return self._wrong(unknown_name(self.words.noun, node.name, self.words.types))
        kind = self.words.types[node.name]
        return _NUMBERS.get(kind, kind)

    def _function(self, node: exp.Anonymous) -> str:
        if node.name.lower() not in FUNCTIONS:
            return self._wrong(unknown_name("function", node.name, FUNCTIONS))
        if len(node.expressions) != 1:
            return self._wrong(f"{node.name} takes one number; got {len(node.expressions)} values")
        self._all("number", *node.expressions)
        return "duration"

    @staticmethod
    def _literal(node: exp.Literal) -> str:
        return "text" if node.is_string else "number"

    def _comparison(self, node: exp.Binary) -> str:
        self._alike(node, node.left, node.right)
        if isinstance(node, _ORDERED) and "boolean" in (self._quiet(node.left), self._quiet(node.right)):
            self._wrong(f"{told(node)} orders true and false; write the {self.words.noun} alone, or `not`")
        return "boolean"

    def _quiet(self, node: exp.Expr) -> str:
        return _Typing(self.words, self.where, []).kind(node)

    def _alike(self, whole: exp.Expr, first: exp.Expr, *others: exp.Expr) -> None:
        kind = self.kind(first)
        for other in others:
            found = self.kind(other)
            pair = {kind, found}
            if pair == {"time", "text"} and any(isinstance(node, exp.Literal) for node in (first, other)):
                self._moment(first if isinstance(first, exp.Literal) else other)
            elif all(pair) and len(pair) > 1:
                self._wrong(f"{told(whole)} compares {kind} with {found}; compare like with like")

    def _moment(self, node: exp.Expr) -> None:
        try:
            datetime.fromisoformat(node.name)
        except ValueError:
            self._wrong(f"{node.name!r} is not a time; write it in UTC like '2026-07-09 16:00:00'")

    def _in(self, node: exp.In) -> str:
        if not node.expressions:
            self._wrong(f"{told(node)} has no list; write in ('a', 'b') or in ($list)")
        self._alike(node, node.this, *node.expressions)
        return "boolean"

    def _between(self, node: exp.Between) -> str:
        self._alike(node, node.this, node.args["low"], node.args["high"])
        return "boolean"

    def _is(self, node: exp.Is) -> str:
        if not self.words.nulls:
            self._wrong(f"`is null` is for excuses; a condition over an unknown {self.words.noun} is unknown by itself")
        elif not isinstance(node.expression, exp.Null):
            self._wrong(f"{told(node)} is not part of the language; only `is null` and `is not null` are")
        self.kind(node.this)
        return "boolean"

    def _sum(self, node: exp.Binary) -> str:
        left, right = self.kind(node.left), self.kind(node.right)
        if not (left and right):
            return ""
        if left == right == "number":
            return "number"
        if (left, right) == ("time", "duration"):
            return "time"
        return self._wrong(f"{told(node)} adds {left} and {right}; add numbers, or a length of time to a time")


def _kind_of(value: object) -> str:
    """The type of a parameter's value; of a list or of dated values, that of its members."""
    if isinstance(value, Mapping) or (isinstance(value, list) and value):
        kinds = {_kind_of(member) for member in (value.values() if isinstance(value, Mapping) else value)}
        return kinds.pop() if len(kinds) == 1 else ""
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number" if isinstance(value, (int, float)) else ""


def told(node: exp.Expr) -> str:
    """A part of a predicate as its author wrote it."""
    return str(node.sql(dialect="duckdb", comments=False)).replace(_MARK, "$")


def render(tree: exp.Expr, params: Mapping[str, Any], prefix: str = "f.") -> str:
    """The SQL of a checked predicate: names with their table, parameters as constants. Dated parameters read `act_day`."""

    def place(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            if node.name.startswith(_MARK):
                return _constant(params[node.name.removeprefix(_MARK)])
            return exp.column(node.name, table=prefix.rstrip(".") or None)
        return node

    rendered = tree.copy().transform(place)
    for node in rendered.find_all(exp.In):
        if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Tuple):
            node.set("expressions", node.expressions[0].expressions)
    return str(rendered.sql(dialect="duckdb", comments=False))


def _constant(value: object) -> exp.Expr:
    if isinstance(value, Mapping):
        return exp.maybe_parse(dated_sql(value, lambda held: str(_constant(held).sql(dialect="duckdb"))), dialect="duckdb")
    if isinstance(value, (list, tuple)):
        return exp.Tuple(expressions=[_constant(item) for item in value])
    return exp.convert(value)


def names(tree: exp.Expr) -> set[str]:
    """The names that a predicate speaks of, parameters left out."""
    return {node.name for node in tree.find_all(exp.Column) if not node.name.startswith(_MARK)}


def parameters(tree: exp.Expr) -> set[str]:
    """The parameters that a predicate speaks of."""
    return {node.name.removeprefix(_MARK) for node in tree.find_all(exp.Column) if node.name.startswith(_MARK)}


__all__ = ["FUNCTIONS", "Words", "names", "parameters", "read", "render", "told"]
