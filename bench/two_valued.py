"""Conditions of three values said in a language of two: for engines whose comparisons with an unknown fail or are false.

Every condition becomes two of two values each: when it is certainly true, and when it is certainly false. Where neither
holds it is unknown. What depends on the day of the act is settled for one day beforehand, as who keeps a file of rules a
version would. The text is what the ZEN language and Python have in common, `null`, `true` and `false` aside.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlglot
from sqlglot import exp

_ORDER: dict[type[exp.Expr], str] = {exp.EQ: "==", exp.NEQ: "!=", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<="}
_HOLDS: dict[type[exp.Expr], Callable[[date, date], bool]] = {exp.GTE: operator.ge, exp.LT: operator.lt}
_SUMS: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
_SECONDS = {"hours": 3600, "minutes": 60}


class Untranslatable(Exception):  # noqa: N818  it is no fault, but a limit of the other language
    """A part of a condition that cannot be said."""


@dataclass(frozen=True, slots=True)
class Sides:
    """When a condition is certainly true, and when certainly false."""

    true: str
    false: str


NEVER = Sides("false", "false")


def sides(sql: str, day: date, types: Mapping[str, str] | None = None) -> Sides:
    """A condition over facts, as a compiled check holds it, for acts of one day. Times are numbers of seconds.

    Args:
        sql: DuckDB's SQL.
        day: What `act_day` is.
        types: Fact -> its type; a time may not be compared with a text.

    Raises:
        Untranslatable: Some part of it cannot be said.
    """
    settled = sqlglot.parse_one(sql, dialect="duckdb").transform(lambda node: _on(day, node))
    return _Translation(types or {}).sides(settled)


def _on(day: date, node: exp.Expr) -> exp.Expr:
    """A comparison of the day of the act as what it comes to; any other node as it is."""
    if type(node) in _HOLDS and isinstance(node.this, exp.Column) and node.this.name == "act_day":
        return exp.Boolean(this=_HOLDS[type(node)](day, date.fromisoformat(node.expression.this.name)))
    return node


def _both(first: str, second: str) -> str:
    """`and`, without what decides nothing."""
    if "false" in (first, second):
        return "false"
    return second if first == "true" else first if second == "true" else f"({first} and {second})"


def _either(first: str, second: str) -> str:
    """`or`, without what decides nothing."""
    if "true" in (first, second):
        return "true"
    return second if first == "false" else first if second == "false" else f"({first} or {second})"


def _no(text: str) -> str:
    return {"true": "false", "false": "true"}.get(text, f"(not {text})")


class _Translation:
    def __init__(self, types: Mapping[str, str]) -> None:
        self.types = types

    def sides(self, node: exp.Expr) -> Sides:  # noqa: C901, PLR0911  one line a kind of node
        match node:
            case exp.Paren():
                return self.sides(node.this)
            case exp.And():
                a, b = self.sides(node.left), self.sides(node.right)
                return Sides(_both(a.true, b.true), _either(a.false, b.false))
            case exp.Or():
                a, b = self.sides(node.left), self.sides(node.right)
                return Sides(_either(a.true, b.true), _both(a.false, b.false))
            case exp.Not():
                a = self.sides(node.this)
                return Sides(a.false, a.true)
            case exp.Boolean():
                return Sides("true", "false") if node.this else Sides("false", "true")
            case exp.Null():
                return NEVER
            case exp.Column():
                return Sides(f"({node.name} == true)", f"({node.name} == false)")
            case exp.Is() if isinstance(node.expression, exp.Null) and isinstance(node.this, exp.Column):
                return Sides(f"({node.this.name} == null)", f"({node.this.name} != null)")
            case exp.Case():
                return self._case(node)
            case exp.Coalesce():
                return self._coalesce(node)
            case exp.Between():
                return self.sides(exp.and_(exp.GTE(this=node.this, expression=node.args["low"]), exp.LTE(this=node.this, expression=node.args["high"])))
            case exp.In() | exp.EQ() | exp.NEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
                return self._comparison(node)
        raise Untranslatable(node.sql(dialect="duckdb"))

    def _case(self, node: exp.Case) -> Sides:
        if node.this is not None:
            raise Untranslatable(node.sql(dialect="duckdb"))
        found = self.sides(node.args.get("default") or exp.Null())
        for branch in reversed(node.args["ifs"]):
            when, then = self.sides(branch.this).true, self.sides(branch.args["true"])
            found = Sides(
                _either(_both(when, then.true), _both(_no(when), found.true)),
                _either(_both(when, then.false), _both(_no(when), found.false)),
            )
        return found

    def _coalesce(self, node: exp.Coalesce) -> Sides:
        found = NEVER
        for part in reversed([node.this, *node.expressions]):
            first = self.sides(part)
            found = Sides(_either(first.true, _both(_no(first.false), found.true)), _either(first.false, _both(_no(first.true), found.false)))
        return found

    def _comparison(self, node: exp.Expr) -> Sides:
        """Of two values. A CASE among them makes a CASE of comparisons."""
        case = node.find(exp.Case)
        if case is not None:
            return self._case(_spread(node, case))
        if node.find(exp.Null):
            return NEVER
        self._alike(node)
        operands = [node.this, *node.expressions] if isinstance(node, exp.In) else [node.this, node.expression]
        first, *others = (self._value(operand) for operand in operands)
        held = f"{first} in [{', '.join(others)}]" if isinstance(node, exp.In) else f"{first} {_ORDER[type(node)]} {others[0]}"
        known = "".join(f"{name} != null and " for name in sorted({column.name for column in node.find_all(exp.Column)}))
        return Sides(f"({known}{held})", f"({known}not ({held}))")

    def _alike(self, node: exp.Expr) -> None:
        if any(self.types.get(column.name) == "time" for column in node.find_all(exp.Column)) and any(
            literal.is_string for literal in node.find_all(exp.Literal)
        ):
            raise Untranslatable(node.sql(dialect="duckdb"))

    def _value(self, node: exp.Expr) -> str:  # noqa: PLR0911  one line a kind of node
        match node:
            case exp.Column():
                return node.name
            case exp.Literal():
                return json.dumps(node.name, ensure_ascii=False) if node.is_string else node.name
            case exp.Paren():
                return f"({self._value(node.this)})"
            case exp.Neg():
                return f"(-{self._value(node.this)})"
            case exp.Abs():
                return f"abs({self._value(node.this)})"
            case exp.Add() | exp.Sub() | exp.Mul() | exp.Div():
                return f"({self._value(node.left)} {_SUMS[type(node)]} {self._value(node.right)})"
            case exp.Anonymous() if node.name.lower() in _SECONDS:
                return f"({self._value(node.expressions[0])} * {_SECONDS[node.name.lower()]})"
        raise Untranslatable(node.sql(dialect="duckdb"))


def _spread(node: exp.Expr, case: exp.Case) -> exp.Case:
    """A comparison with a CASE in it as a CASE of comparisons."""

    def with_value(value: exp.Expr) -> exp.Expr:
        return node.copy().transform(lambda part: value.copy() if part == case else part)

    branches = [exp.If(this=branch.this, true=with_value(branch.args["true"])) for branch in case.args["ifs"]]
    return exp.Case(ifs=branches, default=with_value(case.args.get("default") or exp.Null()))
