"""Framed text files as the engine sees them."""

from __future__ import annotations

from parcelproof.dataset.framing import LONGEST, Framed
from parcelproof.dataset.raw import Raw, RawColumn, by_name
from parcelproof.dataset.tables import TABLES
from parcelproof.engines.duckdb import Engine, quoted

_NUMBER_BYTES = 24
_TWICE = "len(_keys) > len(list_distinct(_keys))"
_DOUBTFUL = ", ".join(str(ord(first)) for first in "{[NI-")
"""How an object, an array, NaN and Infinity begin."""


def csv(framed: Framed) -> Raw:
    """A framed CSV file: each column as text."""
    keys = [f"c{place}" for place in range(len(framed.columns))]
    columns = by_name(framed.part, ((name, RawColumn(key, "VARCHAR")) for key, name in zip(keys, framed.columns, strict=True)))
    cells = ", ".join(f"coalesce({key}, '')" for key in keys)
    return Raw(_scan(framed, keys, "quote = '\"', escape = '\"'"), columns, "cast(_row as bigint)", f"concat_ws({quoted(framed.delimiter)}, {cells})")


def jsonl(engine: Engine, framed: Framed) -> Raw:
    """A framed JSONL file: those of its members that the table knows, as text. A key is found if any row has it.

    Every row is parsed twice, for its keys and for its values, and not once a column.
    """
    lines = _scan(framed, ["_text"], "quote = '', escape = ''")
    keyed = f"(select _row, _text, try(json_keys(_text)) as _keys from {lines})"
    wanted = {column.name for column in TABLES[framed.part.table].columns}
    shapes = f"(select _keys, {_TWICE} as twice from (select distinct _keys from {keyed}))"
    found = dict(engine.rows(f"select key, bool_or(twice) from (select unnest(_keys) as key, twice from {shapes}) group by key order by key"))
    known = [key for key in found if key.strip().lower() in wanted]
    paths = f"[{', '.join(quoted(f'/{key}') for key in known)}]::varchar[]"
    valued = f"(select *, json_extract_string(case when len(_keys) > 0 then _text end, {paths}) as _values from {keyed})"
    values = "".join(f", _values[{place}] as _v{place}" for place in range(1, len(known) + 1))
    spellings: dict[str, list[tuple[str, str]]] = {}
    for place, key in enumerate(known, 1):
        spellings.setdefault(key.strip().lower(), []).append((f"_v{place}", key))
    broken = f"(len(_keys) > 0{f' and not ({_TWICE})' if any(found.values()) else ''}) is not true"
    reason = "case when len(_keys) > 0 then 'it names a key twice' else 'it is not a JSON object with keys' end"
    columns = {name: _member(members) for name, members in spellings.items()}
    return Raw(f"(select _row, _text, _keys{values} from {valued})", columns, "cast(_row as bigint)", "_text", broken, reason, bare=not found)


def _member(members: list[tuple[str, str]]) -> RawColumn:
    """One column from the members that spell its name; the type of a value is looked at only where its first character leaves a doubt."""
    tests = [
        f"case when ascii({value}) in ({_DOUBTFUL}) then case json_type(_text, {quoted(f'/{key}')}) when 'OBJECT' then true when 'ARRAY' then true"
        f" when 'DOUBLE' then not regexp_matches({value}, '\\d') else false end else false end"
        for value, key in members
    ]
    values = [value for value, _ in members]
    return RawColumn(values[0] if len(values) == 1 else f"coalesce({', '.join(values)})", "VARCHAR", f"({' or '.join(tests)})")


def _scan(framed: Framed, keys: list[str], quoting: str) -> str:
    """The records as a relation of `_row` and `keys`. Framing leaves nothing in them that the engine cannot read."""
    types = ", ".join(f"{quoted(key)}: 'VARCHAR'" for key in ["_row", *keys])
    return (
        f"read_csv({quoted(framed.path)}, columns = {{{types}}}, auto_detect = false, header = false, delim = {quoted(framed.delimiter)}, {quoting},"
        f" new_line = '\\n', strict_mode = true, null_padding = false, max_line_size = {LONGEST + _NUMBER_BYTES})"
    )


def set_aside(engine: Engine, framed: Framed) -> None:
    """Put the records that were none into `quarantine`."""
    engine.append(
        "quarantine",
        f"""
        select {quoted(framed.part.table)}, {quoted(framed.part.name)}, row, reason, text
        from read_json({quoted(framed.aside)}, format = 'newline_delimited', columns = {{row: 'BIGINT', reason: 'VARCHAR', text: 'VARCHAR'}})
    """,
    )
