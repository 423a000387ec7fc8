"""The SQL that turns one raw column into a canonical value, and the SQL that says what is wrong with it.

Every expression is made from the declaration in `tables`; nothing is looked at row by row outside the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

from parcelproof.dataset.tables import Column
from parcelproof.engines.duckdb import literals, quoted

BROKEN = "\ufdd0"
"""A noncharacter that stands for bytes that were no UTF-8."""
_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT"})
_TIMES = frozenset({"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
_ZONED = r"^\s*\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|z|UTC|[+-]\d{2}(:?\d{2})?)\s*$"
_UNZONED = r"^\s*\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*$"
_EARLIEST, _LATEST = "timestamp '2000-01-01'", "timestamp '2100-01-01'"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """How one canonical column is read from a raw one."""

    name: str
    value: str
    """SQL of the canonical value; NULL where the raw one is wrong."""
    wrong: str
    """SQL that is true where the raw value cannot be used."""
    reason: str
    """SQL of what is wrong, for rows where `wrong` holds."""


def absent(column: Column) -> Reading:
    """A column that the file does not have: its default, and nothing to be wrong."""
    value = quoted(column.default) if column.default else "null"
    return Reading(column.name, f"cast({value} as {column.sql_type})", "false", "''")


def read(column: Column, raw: str, physical: str) -> Reading:
    """The reading of canonical `column` from the SQL expression `raw` of the engine type `physical`."""
    value, wrong, complaint = _typed(column, raw, physical)
    faults = [(wrong, complaint)] if wrong else []
    if column.codes:
        codes = literals(column.codes)
        value = f"case when {value} in ({codes}) then {value} else lower({value}) end"
        faults.append((f"{value} not in ({codes})", _said(column, raw, f"is not one of {', '.join(column.codes)}")))
    if column.kind == "time":
        faults.append((f"({value} < {_EARLIEST} or {value} >= {_LATEST})", _said(column, raw, "is not between the years 2000 and 2099")))
    if column.kind in ("integer", "money"):
        faults.append((f"{value} < 0", _said(column, raw, "is below 0")))
    if column.required:
        faults.append((f"{value} is null", quoted(f"{column.name} is missing")))
    default = f"coalesce({value}, {quoted(column.default)})" if column.default else value
    test = " or ".join(f"coalesce({fault}, false)" for fault, _ in faults) or "false"
    cases = " ".join(f"when {fault} then {reason}" for fault, reason in faults)
    return Reading(column.name, default, test, f"case {cases} end" if cases else "''")


def _said(column: Column, raw: str, what: str) -> str:
    return f"concat({quoted(column.name + ': ')}, '''', left(cast({raw} as varchar), {_SHOWN}), ''' ', {quoted(what)})"


def _typed(column: Column, raw: str, physical: str) -> tuple[str, str, str]:
    """(value, wrong, reason) of the bare type; wrong is empty where the physical type cannot hold a wrong value."""
    if physical == column.sql_type and column.kind != "text":
        return raw, "", ""
    kinds = {"text": _text, "time": _time, "money": _money, "integer": _integer, "boolean": _boolean}
    return kinds[column.kind](column, raw, physical)


def _nested(physical: str) -> bool:
    return physical.endswith("]") or physical.startswith(("STRUCT", "MAP", "UNION", "LIST"))


def _text(column: Column, raw: str, physical: str) -> tuple[str, str, str]:
    if physical == "VARCHAR":
        return f"nullif({raw}, '')", "", ""
    if _nested(physical) or physical in {"BLOB", "DOUBLE", "FLOAT"}:
        return "cast(null as varchar)", f"{raw} is not null", _said(column, raw, "is not a text")
    return f"cast({raw} as varchar)", "", ""


def _time(column: Column, raw: str, physical: str) -> tuple[str, str, str]:
    if physical in _TIMES:
        return f"cast({raw} as timestamp)", "", ""
    if physical == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {raw})", "", ""
    if physical != "VARCHAR":
        return "cast(null as timestamp)", f"{raw} is not null", _said(column, raw, "is not a time")
    text = f"nullif(trim({raw}), '')"
    value = f"case when regexp_matches({text}, {quoted(_ZONED)}) then timezone('UTC', try_cast(replace({text}, 'z', 'Z') as timestamptz)) end"
    zoneless = _said(column, raw, "has no time zone: write it like 2026-08-31T12:00:00+08:00")
    no_time = _said(column, raw, "is not a time")
    reason = f"case when regexp_matches({text}, {quoted(_UNZONED)}) then {zoneless} else {no_time} end"
    return value, f"({text} is not null and {value} is null)", reason


def _money(column: Column, raw: str, physical: str) -> tuple[str, str, str]:
    said = _said(column, raw, "is not an amount with at most two decimals")
    if physical == "VARCHAR":
        text = f"nullif(trim({raw}), '')"
        value = rf"case when regexp_matches({text}, '^-?\d{{1,16}}(\.\d{{1,2}}0*)?$') then try_cast({text} as decimal(18,2)) end"
        return value, f"({text} is not null and {value} is null)", said
    if physical in {"DOUBLE", "FLOAT"}:
        value = f"case when isfinite({raw}) and abs({raw}) < 1e15 and abs({raw} - round({raw}, 2)) < 1e-6 then try_cast({raw} as decimal(18,2)) end"
        return value, f"({raw} is not null and {value} is null)", said
    if physical in _INTEGERS or physical.startswith("DECIMAL"):
        value = f"case when try_cast({raw} as decimal(18,2)) = {raw} then try_cast({raw} as decimal(18,2)) end"
        return value, f"({raw} is not null and {value} is null)", said
    return "cast(null as decimal(18,2))", f"{raw} is not null", said


def _integer(column: Column, raw: str, physical: str) -> tuple[str, str, str]:
    said = _said(column, raw, "is not a whole number")
    if physical == "VARCHAR":
        text = f"nullif(trim({raw}), '')"
        value = rf"case when regexp_matches({text}, '^-?\d{{1,18}}(\.0+)?$') then try_cast(split_part({text}, '.', 1) as bigint) end"
        return value, f"({text} is not null and {value} is null)", said
    if physical in _INTEGERS:
        value = f"try_cast({raw} as bigint)"
        return value, f"({raw} is not null and {value} is null)", said
    if physical in {"DOUBLE", "FLOAT"} or physical.startswith("DECIMAL"):
        value = f"case when abs({raw}) < 1e15 and {raw} = round({raw}) then try_cast({raw} as bigint) end"
        return value, f"({raw} is not null and {value} is null)", said
    return "cast(null as bigint)", f"{raw} is not null", said


def _boolean(column: Column, raw: str, physical: str) -> tuple[str, str, str]:
    text = f"lower(nullif(trim(cast({raw} as varchar)), ''))"
    if _nested(physical):
        text = "cast(null as varchar)"
    value = f"case when {text} in ('true', '1', 'yes', 't', 'y') then true when {text} in ('false', '0', 'no', 'f', 'n') then false end"
    return value, f"({raw} is not null and cast({raw} as varchar) <> '' and {value} is null)", _said(column, raw, "is not true or false")
