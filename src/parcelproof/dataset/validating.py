"""The SQL that turns one raw column into a canonical value, and the SQL that says what is wrong with it.

Every expression is made from the declaration in `tables`; nothing is looked at row by row outside the engine. Each
fault also has a sign: an aggregate that is cheap over a whole column, and true if any row may have the fault. Of a clean
file one pass over the signs proves that no row needs to be looked at, and that its columns can be used as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from parcelproof.dataset.raw import RawColumn
from parcelproof.dataset.tables import Column
from parcelproof.engines.duckdb import Engine, literals, quoted

_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "UHUGEINT"})
_FLOATS = frozenset({"DOUBLE", "FLOAT"})
_TIMES = frozenset({"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
_ZONED_TIMES = frozenset({"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS"})
_TEXTS = _INTEGERS | {"BOOLEAN", "DATE", "UUID"}
_ZONED = r"^\s*\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|z|UTC|[+-](0\d|1[0-4])(:?[0-5]\d)?)\s*$"
_UNZONED = r"^\s*\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*$"
_EARLIEST, _LATEST = "timestamp '2000-01-01'", "timestamp '2100-01-01'"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that can be wrong with a value."""

    test: str
    """SQL that is true where it is wrong; it may be NULL where it is not."""
    reason: str
    """SQL of what is wrong, for rows where `test` holds."""
    sign: str
    """SQL aggregate that is true if `test` may hold for any row."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one canonical column is read from a raw one."""

    column: Column
    value: str
    """SQL of the canonical value; NULL where the raw one is wrong."""
    faults: tuple[Fault, ...] = ()
    plain: str = ""
    """A cheaper `value`, where `care` is not true."""
    care: str = "false"
    """SQL aggregate that is true if `plain` will not do."""

    @property
    def wrong(self) -> str:
        """SQL that is true where the raw value cannot be used, and never NULL."""
        return " or ".join(f"coalesce({fault.test}, false)" for fault in self.faults) or "false"

    @property
    def reason(self) -> str:
        """SQL of what is wrong; NULL where nothing is."""
        cases = " ".join(f"when {fault.test} then {fault.reason}" for fault in self.faults)
        return f"case {cases} end" if cases else "null"


def absent(column: Column) -> Reading:
    """A column that the file does not have: its default, and nothing to be wrong."""
    value = quoted(column.default) if column.default else "null"
    return Reading(column, f"cast({value} as {column.sql_type})")


def read(column: Column, raw: RawColumn, relation: str) -> Reading:
    """The reading of canonical `column` from the column `raw` of a relation."""
    plain, value, fault = _typed(column, raw.sql, raw.physical)
    faults = [] if fault is None else [fault]
    if raw.nested:
        faults.insert(0, _fault(raw.nested, _said(column, raw.sql, "is no single text, number or truth value")))
    # The length in bits makes the engine read the text, so that broken text is found: it answers a comparison, or the length
    # in bytes, from a file's statistics.
    care = "false" if plain == value else f"coalesce(min(bit_length({plain})) = 0, false)"
    missing = f"(count({plain}) < count(*) or {care})"
    if column.codes:
        value, unknown = _coded(column, raw, plain, value, relation)
        faults.append(unknown)
        care = missing = unknown.sign
    if column.kind == "time":
        faults.append(_out_of_range(column, raw.sql, value))
    if column.kind in ("integer", "money"):
        faults.append(Fault(f"{value} < 0", _said(column, raw.sql, "is below 0"), f"min({value}) < 0"))
    if column.required:
        faults.append(Fault(f"{value} is null", quoted(f"{column.name} is missing"), missing))
    if column.default:
        value, care = f"coalesce({value}, {quoted(column.default)})", f"{care} or {missing}"
    return Reading(column, value, tuple(faults), plain, care)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over whole columns shows."""

    readings: list[Reading]
    """Without the faults that no row has, and with the plain value where it will do."""
    rows: int
    latest: datetime | None
    """The latest known time, where no fault is left."""


def survey(engine: Engine, readings: list[Reading], relation: str) -> Survey:
    """Look at whole columns for signs of faults."""
    signs = dict.fromkeys(sign for reading in readings for sign in (reading.care, *(fault.sign for fault in reading.faults)))
    rows, latest, *found = engine.row(f"select count(*), {newest(readings)}, {', '.join(signs)} from {relation}")
    seen = {sign for sign, holds in zip(signs, found, strict=True) if holds}
    return Survey([_seen(reading, seen) for reading in readings], rows, latest)


def newest(readings: list[Reading], where: str = "") -> str:
    """SQL aggregate of the latest known time; NULL where it is no time that can be."""
    times = [f"max({reading.value}) {where}" for reading in readings if reading.column.known]
    top = f"greatest({', '.join(times)})" if times else "null::timestamp"
    return f"case when {top} >= {_EARLIEST} and {top} < {_LATEST} then {top} end"


def _seen(reading: Reading, seen: set[str]) -> Reading:
    faults = tuple(fault for fault in reading.faults if fault.sign in seen)
    return replace(reading, faults=faults, value=reading.value if reading.care in seen or not reading.plain else reading.plain)


def _fault(test: str, reason: str) -> Fault:
    return Fault(test, reason, f"bool_or({test})")


def _said(column: Column, raw: str, what: str) -> str:
    return f"concat({quoted(column.name + ': ')}, '''', left(try_cast({raw} as varchar), {_SHOWN}), ''' ', {quoted(what)})"


def _out_of_range(column: Column, raw: str, value: str) -> Fault:
    return Fault(
        f"({value} < {_EARLIEST} or {value} >= {_LATEST})",
        _said(column, raw, "is not between the years 2000 and 2099"),
        f"(min({value}) < {_EARLIEST} or max({value}) >= {_LATEST})",
    )


def _coded(column: Column, raw: RawColumn, plain: str, value: str, relation: str) -> tuple[str, Fault]:
    """The value in the spelling of its codes, and the fault of no such code; its sign is any other spelling, or a gap that counts."""
    codes = literals(column.codes)
    spelled = f"case when {value} in ({codes}) then {value} else lower(trim({value})) end"
    unknown = f"{spelled} not in ({codes})"
    odd = f"{plain} not in ({codes})" + (f" or {plain} is null" if column.required or column.default else "")
    sign = f"(select coalesce(bool_or({odd}), false) from (select distinct {raw.sql} from {relation}))"
    return spelled, Fault(unknown, _said(column, raw.sql, f"is not one of {', '.join(column.codes)}"), sign)


def _typed(column: Column, raw: str, physical: str) -> tuple[str, str, Fault | None]:
    """(bare value, value, fault) of the type; the bare value is the cheaper one where no care is needed."""
    if physical == column.sql_type:
        return raw, f"nullif({raw}, '')" if column.kind == "text" else raw, None
    kinds = {"text": _text, "time": _time, "money": _money, "integer": _integer, "boolean": _boolean}
    value, what = kinds[column.kind](raw, physical)
    given = f"nullif(trim({raw}), '')" if physical == "VARCHAR" else raw
    fault = _fault(f"({given} is not null and {value} is null)", what if column.kind == "time" else _said(column, raw, what))
    if column.kind == "time":
        fault = replace(fault, reason=_no_time(column, raw, physical))
    return value, value, fault


def _text(raw: str, physical: str) -> tuple[str, str]:
    said = "is not a text"
    if physical in _TEXTS or physical.startswith(("DECIMAL", "ENUM")):
        return f"cast({raw} as varchar)", said
    if physical == "BLOB":
        return f"try(decode({raw}))", said
    if physical in _FLOATS:
        # A column of whole numbers with gaps is often written as floats; up to 2^53 they are still exact.
        return f"case when abs({raw}) <= 9007199254740992 and {raw} = trunc({raw}) then cast(cast({raw} as bigint) as varchar) end", said
    return "cast(null as varchar)", said


def _time(raw: str, physical: str) -> tuple[str, str]:
    said = "is not a time"
    if physical in _TIMES:
        return f"try_cast({raw} as timestamp)", said
    if physical in _ZONED_TIMES:
        return f"try_cast(timezone('UTC', {raw}) as timestamp)", said
    if physical != "VARCHAR":
        return "cast(null as timestamp)", said
    return f"case when regexp_matches({raw}, {quoted(_ZONED)}) then timezone('UTC', try_cast(replace(trim({raw}), 'z', 'Z') as timestamptz)) end", said


def _no_time(column: Column, raw: str, physical: str) -> str:
    """What is wrong with a value that is no time: often only its zone is missing."""
    no_time = _said(column, raw, "is not a time")
    if physical != "VARCHAR":
        return no_time
    zoneless = _said(column, raw, "has no time zone: write it like 2026-08-31T12:00:00+08:00")
    return f"case when regexp_matches({raw}, {quoted(_UNZONED)}) then {zoneless} else {no_time} end"


def _near(number: str) -> str:
    """An amount that arithmetic with floats left beside a cent."""
    return f"case when isfinite({number}) and abs({number}) < 1e15 and abs({number} - round({number}, 2)) < 1e-6 then try_cast({number} as decimal(18,2)) end"


def _money(raw: str, physical: str) -> tuple[str, str]:
    said = "is not an amount with at most two decimals"
    if physical == "VARCHAR":
        exact = rf"when regexp_matches({raw}, '^\s*-?\d{{1,16}}(\.\d{{1,2}}0*)?\s*$') then try_cast(trim({raw}) as decimal(18,2))"
        long = rf"when regexp_matches({raw}, '^\s*-?\d{{1,15}}\.\d{{3,}}\s*$') then {_near(f'try_cast({raw} as double)')}"
        return f"case {exact} {long} end", said
    if physical in _FLOATS:
        return _near(raw), said
    if physical in _INTEGERS:
        return f"try_cast({raw} as decimal(18,2))", said
    if physical.startswith("DECIMAL"):
        return f"case when {raw} = round({raw}, 2) then try_cast({raw} as decimal(18,2)) end", said
    return "cast(null as decimal(18,2))", said


def _integer(raw: str, physical: str) -> tuple[str, str]:
    said = "is not a whole number"
    if physical == "VARCHAR":
        return rf"case when regexp_matches({raw}, '^\s*-?\d{{1,18}}(\.0+)?\s*$') then try_cast(split_part(trim({raw}), '.', 1) as bigint) end", said
    if physical in _INTEGERS:
        return f"try_cast({raw} as bigint)", said
    if physical in _FLOATS or physical.startswith("DECIMAL"):
        return f"case when abs({raw}) < 1e15 and {raw} = round({raw}) then try_cast({raw} as bigint) end", said
    return "cast(null as bigint)", said


def _boolean(raw: str, physical: str) -> tuple[str, str]:
    said = "is not true or false"
    if physical != "VARCHAR" and physical not in _INTEGERS:
        return "cast(null as boolean)", said
    word = f"lower(trim(cast({raw} as varchar)))"
    return f"case when {word} in ('true', '1', 'yes', 't', 'y') then true when {word} in ('false', '0', 'no', 'f', 'n') then false end", said
