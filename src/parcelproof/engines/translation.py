"""DuckDB's SQL as Spark says it: parsed by sqlglot, macros put in their places, and what the engines mean differently said anew.

Only what the two mean differently stands here; what they merely spell differently is sqlglot's own. A construct that nobody
taught is refused where it is known to be wrong, and otherwise found by the cases, which run on both engines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.dialects.duckdb import DuckDB

_COMMENT = re.compile(r"^--.*$", re.MULTILINE)
_MACRO = re.compile(r"create or replace temp macro (\w+)\(([^)]*)\) as\s+(.*)", re.DOTALL)
_LIST_LENGTH = re.compile(r"\blen\(")
_FROM_FIRST = re.compile(r"\[\s*:")
_NUMBER = r"\A\s*[+-]?([0-9][0-9_]*\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*\z"
_KEPT = "_kept"
_HERE = "_here"
_WHOLE_NUMBERS = {
    exp.DataType.Type.INT: "int", exp.DataType.Type.BIGINT: "bigint", exp.DataType.Type.INT128: "bigint", exp.DataType.Type.UBIGINT: "bigint",
}  # fmt: skip


class Models(DuckDB):
    """DuckDB's dialect with the places of a list as they are written, from 1."""

    INDEX_OFFSET = 0


@dataclass(frozen=True, slots=True)
class Macro:
    """A word of the engine: its parameters, and the expression in Spark's dialect that it stands for."""

    parameters: tuple[str, ...]
    body: exp.Expr


class Translator:
    """Knows the words that were defined, and says SELECTs for Spark."""

    def __init__(self) -> None:
        self._words: dict[str, Macro] = {}
        self._own: dict[str, Macro] = {}

    def define(self, text: str, apart: Collection[str] = ()) -> None:
        """Learn the macros of a text in DuckDB's dialect.

        Args:
            text: Definitions, each ended by a semicolon and a line's end.
            apart: Words that are passed over, for Spark has functions of that name.
        """
        self._words |= {name: Macro(parameters, parsed(body)) for name, parameters, body in _definitions(text) if name not in apart}

    def define_own(self, text: str) -> None:
        """Learn macros in Spark's dialect, which count before those in DuckDB's."""
        self._own |= {name: Macro(parameters, parse_one(body, dialect="spark")) for name, parameters, body in _definitions(text)}

    def select(self, sql: str) -> str:
        """A SELECT in DuckDB's dialect, as Spark says it."""
        return self.said(parsed(sql))

    def said(self, tree: exp.Expr) -> str:
        """A SELECT that is parsed already, as Spark says it; the tree is used up."""
        whole = self._spelled_out(exp.Tuple(expressions=[tree]))
        if not any(_numbers_rows(window) for window in whole.find_all(exp.Window)):
            _forget_orders(whole)
        for node in reversed(list(whole.walk())):
            said = self._said(node)
            if said is not None and said is not node:
                node.replace(said)
        return str(whole.expressions[0].sql(dialect="spark", comments=False))

    def _spelled_out(self, tree: exp.Expr) -> exp.Expr:
        """A tree with DuckDB's macros put in, and those that their bodies call."""
        while calls := [call for call in tree.find_all(exp.Anonymous) if call.name.lower() in self._words.keys() - self._own.keys()]:
            for call in calls:
                call.replace(_put_in(self._words[call.name.lower()], call))
        return tree

    def _said(self, node: exp.Expr) -> exp.Expr | None:
        """A node whose parts are said already; none where it stays as it is."""
        if isinstance(node, exp.Anonymous) and node.name.lower() in self._own:
            return _put_in(self._own[node.name.lower()], node)
        return next((said for kind, rule in RULES if isinstance(node, kind) and (said := rule(node)) is not None), None)


def _put_in(macro: Macro, call: exp.Anonymous) -> exp.Expr:
    """A macro's body with the values of a call."""
    if len(call.expressions) != len(macro.parameters):
        raise ValueError(f"{call.name} takes {len(macro.parameters)} values: {call.sql()}")
    given = dict(zip(macro.parameters, call.expressions, strict=True))

    def value(node: exp.Expr) -> exp.Expr:
        return _closed(given[node.name].copy()) if isinstance(node, exp.Column) and not node.table and node.name in given else node

    return _closed(macro.body.copy().transform(value))


def _definitions(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The name, the parameters and the body of each macro of a text."""
    for statement in filter(str.strip, _COMMENT.sub("", text).split(";\n")):
        yield _parts(statement.strip().removesuffix(";"))


def _parts(statement: str) -> tuple[str, tuple[str, ...], str]:
    found = _MACRO.fullmatch(statement)
    if found is None:
        raise ValueError(f"this is no macro: {statement}")
    return found[1], tuple(parameter.strip() for parameter in found[2].split(",")), found[3]


def parsed(sql: str) -> exp.Expr:
    """A statement in DuckDB's dialect as a tree."""
    # `len` counts a list and `length` a text; a part of a list that names no beginning would be read as a placeholder.
    return parse_one(_FROM_FIRST.sub("[1:", _LIST_LENGTH.sub("array_size(", sql)), dialect=Models)


def _closed(node: exp.Expr) -> exp.Expr:
    """A value that can stand anywhere."""
    return exp.Paren(this=node) if isinstance(node, exp.Binary | exp.Unary | exp.Case | exp.Between | exp.In | exp.Is) else node


def _call(name: str, *values: exp.Expr | str | int) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=[value if isinstance(value, exp.Expr) else parse_one(str(value), dialect="spark") for value in values])


def _double(node: exp.Expr) -> exp.Expr:
    return exp.cast(node.unnest(), "double")


def _division(node: exp.Div) -> exp.Expr:
    """DuckDB divides as floats; Spark would divide decimals as decimals, and give an unknown for a zero."""
    return exp.Div(this=_double(node.this), expression=_double(node.expression))


def _element(node: exp.Bracket) -> exp.Expr | None:
    """One element, or a run of them; null beyond the ends."""
    (at,) = node.expressions
    if isinstance(at, exp.Slice):
        return _run(node.this, at.this, at.expression or _call("array_size", node.this.copy()))
    if isinstance(at, exp.Neg):
        return _call("try_element_at", node.this, at)
    if isinstance(at, exp.Literal):
        return _call("get", node.this, int(at.this) - 1)
    return _call("get", node.this, exp.cast(exp.Sub(this=_closed(at), expression=exp.Literal.number(1)), "int"))


def _run(elements: exp.Expr, start: exp.Expr, end: exp.Expr) -> exp.Expr:
    """The elements from one place to another, both counted from 1; null where one of the three is."""
    one, none = exp.Literal.number(1), exp.Literal.number(0)
    first = start if isinstance(start, exp.Literal) else exp.If(this=exp.LT(this=_closed(start.copy()), expression=one), true=one.copy(), false=start)
    long = exp.Add(this=exp.Sub(this=_closed(end), expression=_closed(first.copy())), expression=one.copy())
    length = exp.If(this=exp.LT(this=_closed(end.copy()), expression=_closed(first.copy())), true=none, false=long)
    return _call("slice", elements, first, length)


def _from_one(node: exp.Lambda) -> exp.Expr | None:
    """A lambda's second parameter counts from 1 in DuckDB, and from 0 in Spark."""
    if len(node.expressions) == 1:
        return None
    place = node.expressions[1].name

    def counted(inner: exp.Expr) -> exp.Expr:
        named = isinstance(inner, exp.Identifier) and inner.name == place and not isinstance(inner.parent, exp.Column | exp.Dot)
        return exp.Paren(this=exp.Add(this=inner.copy(), expression=exp.Literal.number(1))) if named else inner

    return exp.Lambda(this=node.this.transform(counted), expressions=node.expressions)


def _over(node: exp.Window) -> exp.Expr | None:
    """Spark filters no window, counts nothing distinct in one, and numbers rows of no order by where they stand."""
    this = node.this
    if _numbers_rows(node):
        return exp.Add(this=_call("monotonically_increasing_id"), expression=exp.Literal.number(1))
    if isinstance(this, exp.Filter):
        inner, where = this.this, this.expression.this
        counted = exp.Literal.number(1) if isinstance(inner.this, exp.Star) else inner.this
        inner.set("this", exp.Case(ifs=[exp.If(this=where, true=counted)]))
        node.set("this", inner)
    elif isinstance(this, exp.Count) and isinstance(this.this, exp.Distinct):
        node.set("this", _call("collect_set", *this.this.expressions))
        return _call("array_size", node.copy())
    # Spark would take `over moment - 1` for a name with a hyphen.
    return exp.Paren(this=node.copy()) if node.args.get("alias") and isinstance(node.parent, exp.Binary) else None


def _collected(node: exp.Filter) -> exp.Expr | None:
    """A list of no row is null in DuckDB, and empty in Spark."""
    return _call("nullif", node.copy(), "array()") if isinstance(node.this, exp.ArrayAgg) else None


def _unnested(node: exp.Select) -> exp.Expr | None:
    """Lists laid out as rows side by side, or beside the tables of FROM."""
    for join in node.args.get("joins") or []:
        if isinstance(join.this, exp.Unnest):
            alias = join.this.args["alias"]
            join.set("this", exp.Lateral(this=exp.Explode(this=join.this.expressions[0]), alias=alias))
    lists = [column for column in node.expressions if isinstance(column, exp.Alias) and isinstance(column.this, exp.Explode)]
    if len(lists) > 1:
        names = [exp.to_identifier(column.alias) for column in lists]
        rows = _call("inline", _call("arrays_zip", *(column.this.this for column in lists)))
        others = [column for column in node.expressions if column not in lists]
        node.set("expressions", [*others, exp.Aliases(this=rows, expressions=names)])
    return None


def _qualified(node: exp.Select) -> exp.Expr | None:
    """QUALIFY as a filter over a column that is taken away again. It may speak of a column that the SELECT itself makes."""
    qualify = node.args.get("qualify")
    if qualify is None:
        return None
    inner = node.copy()
    inner.set("qualify", None)
    held = inner.args.pop("with_", None)
    own = {column.alias: column.this for column in node.expressions if isinstance(column, exp.Alias)}

    def spelled(part: exp.Expr) -> exp.Expr:
        return _closed(own[part.name].copy()) if isinstance(part, exp.Column) and not part.table and part.name in own else part

    inner.select(exp.alias_(qualify.this.copy().transform(spelled), _KEPT), copy=False)
    outer = exp.select(exp.Star(except_=[exp.to_identifier(_KEPT)])).from_(inner.subquery("_ranked")).where(exp.column(_KEPT))
    if held is not None:
        outer.set("with_", held)
    return outer


def _numbers_rows(window: exp.Window) -> bool:
    """Whether rows are numbered in the order in which they stand."""
    return isinstance(window.this, exp.RowNumber) and not window.args.get("order") and not window.args.get("alias")


def _forget_orders(tree: exp.Expr) -> None:
    """An order inside a statement costs a shuffle and says nothing, unless rows are numbered by it or counted off."""
    for select in tree.find_all(exp.Select):
        if select.parent is not tree and not select.args.get("limit"):
            select.set("order", None)


def _selected(node: exp.Select) -> exp.Expr | None:
    _unnested(node)
    return _qualified(node)


def _whole_number(node: exp.TryCast) -> exp.Expr | None:
    """A text as a whole number. DuckDB reads 1e5 and 1_000 and rounds fractions, Spark does not; hexadecimal digits stay unread."""
    if node.to.this not in (exp.DataType.Type.INT, exp.DataType.Type.BIGINT):
        return None
    text = node.this
    number = _call("regexp_replace", _call("trim", text.copy()), exp.Literal.string(r"(?<=\d)_(?=\d)"), exp.Literal.string(""))
    rounded = _call("round", exp.TryCast(this=number, to=exp.DataType.build("decimal(38, 12)")))
    return exp.Case(ifs=[
        exp.If(this=exp.RegexpLike(this=_closed(text.copy()), expression=exp.Literal.string(r"\A[0-9]{1,18}\z")), true=exp.cast(text, node.to)),
        exp.If(this=exp.RegexpLike(this=_closed(text.copy()), expression=exp.Literal.string(_NUMBER)), true=exp.cast(rounded, node.to)),
    ])  # fmt: skip


def _typed(node: exp.Cast) -> exp.Expr | None:
    """DuckDB rounds a number that is made whole, to the even one of two that are as near, and Spark cuts it off."""
    kind = _WHOLE_NUMBERS.get(node.to.this)
    if kind is None or isinstance(node, exp.TryCast):
        return None
    return exp.cast(node.this if isinstance(node.this, exp.Null) else _call("bround", node.this), kind)


def _position(name: str, *values: exp.Expr) -> exp.Expr:
    return _call("nullif", _call(name, *values), 0)


def _holds(node: exp.ArrayContains) -> exp.Expr:
    """Where a list holds unknown elements, but not this one: false, and not unknown."""
    held = exp.Lambda(this=exp.and_(exp.Is(this=exp.to_identifier(_HERE), expression=exp.Null()).not_(),
                      exp.EQ(this=exp.to_identifier(_HERE), expression=_closed(node.expression.copy()))), expressions=[exp.to_identifier(_HERE)])  # fmt: skip
    holds = _call("exists", node.this, held)
    if isinstance(node.expression, exp.Literal):
        return holds
    return exp.If(this=exp.Is(this=_closed(node.expression.copy()), expression=exp.Null()), true=exp.Null(), false=holds)


def _whole_match(node: exp.RegexpFullMatch) -> exp.Expr:
    pattern = node.expression
    if not isinstance(pattern, exp.Literal):
        return exp.RegexpLike(this=node.this, expression=_call("concat", exp.Literal.string(r"\A(?:"), pattern, exp.Literal.string(r")\z")))
    return exp.RegexpLike(this=node.this, expression=exp.Literal.string(rf"\A(?:{pattern.this})\z"))


def _replaced(node: exp.RegexpReplace) -> exp.Expr:
    """Spark replaces every match, and names groups with a dollar sign."""
    with_text = node.args.get("replacement")
    text = re.sub(r"\\(\d)", r"$\1", with_text.this) if with_text is not None else ""
    return _call("regexp_replace", node.this, node.expression, exp.Literal.string(text))


def _upper(node: exp.Upper) -> exp.Expr:
    """DuckDB has one capital for each letter, Spark two for some. Letters of alphabets younger than an engine differ still."""
    letters = _call("split", exp.func("translate", node.this, exp.Literal.string("ß"), exp.Literal.string("ẞ"), dialect="spark"), "''")
    capitals = parse_one(f"transform(split('', ''), {_HERE} -> if(char_length(upper({_HERE})) = 1, upper({_HERE}), {_HERE}))", dialect="spark")
    capitals.set("this", letters)
    plain = exp.RegexpLike(this=_closed(node.this.copy()), expression=exp.Literal.string(r"\A[\x00-\x7f]*\z"))
    return exp.Case(ifs=[exp.If(this=plain, true=exp.Upper(this=node.this.copy()))], default=_call("array_join", capitals, "''"))


def _anonymous(node: exp.Anonymous) -> exp.Expr | None:
    rule = CALLS.get(node.name.lower())
    return rule(*node.expressions) if rule else None


def _hashed(*values: exp.Expr) -> exp.Expr:
    """Spark's hash passes over what is unknown, so that where it stood has to be told."""
    told = [part for value in values for part in (value, exp.Is(this=_closed(value.copy()), expression=exp.Null()))]
    return _call("xxhash64", *(values if len(values) == 1 else told))


Rule = Callable[[Any], exp.Expr | None]
Rules = tuple[tuple[type[exp.Expr], Rule], ...]
CALLS: Mapping[str, Callable[..., exp.Expr]] = {
    "epoch_us": lambda time: _call("unix_micros", exp.cast(time.unnest(), "timestamp_ltz")),
    "list_position": lambda elements, element: _position("array_position", elements, element),
    "hash": _hashed,
}
"""DuckDB's functions that sqlglot does not know."""
RULES: Rules = (
    (exp.Anonymous, _anonymous),
    (exp.Bracket, _element),
    (exp.Lambda, _from_one),
    (exp.Div, _division),
    (exp.Window, _over),
    (exp.Filter, _collected),
    (exp.TryCast, _whole_number),
    (exp.Cast, _typed),
    (exp.ArrayContains, _holds),
    (exp.ArrayOverlaps, lambda node: _call("arrays_overlap", node.this, node.expression)),
    (exp.ArrayDistinct, lambda node: _call("array_distinct", node.this)),
    (exp.BitwiseRightShift, lambda node: _call("shiftrightunsigned", node.this.unnest(), node.expression)),
    (exp.RegexpFullMatch, _whole_match),
    (exp.RegexpReplace, _replaced),
    (exp.UnixToTime, lambda node: exp.cast(_call("timestamp_micros", node.this.unnest()), "timestamp_ntz")),
    (exp.CTE, lambda node: node.set("materialized", None)),
    (exp.Upper, _upper),
    (exp.Select, _selected),
)
"""What the engines mean differently, by the kind of node."""
