"""Framed text files as the engine sees them."""

from __future__ import annotations

from parcelproof.dataset.framing import LONGEST, Framed
from parcelproof.dataset.raw import Raw, RawColumn, by_name
from parcelproof.dataset.tables import TABLES
from parcelproof.engines.duckdb import Engine, quoted

_NUMBER_BYTES = 24


def csv(framed: Framed) -> Raw:
    """A framed CSV file: each column as text."""
    keys = [f"c{place}" for place in range(len(framed.columns))]
    columns = by_name(framed.part, ((name, RawColumn(key, "VARCHAR")) for key, name in zip(keys, framed.columns, strict=True)))
    cells = ", ".join(f"coalesce({key}, '')" for key in keys)
    return Raw(_scan(framed, keys, "quote = '\"', escape = '\"'"), columns, "cast(_row as bigint)", f"concat_ws({quoted(framed.delimiter)}, {cells})")


def jsonl(engine: Engine, framed: Framed) -> Raw:
    """A framed JSONL file: those of its members that the table knows, as text. A key is found if any row has it.

    Every row is parsed three times, for its keys, its values and their types, and not once a column.
    """
    lines = _scan(framed, ["_text"], "quote = '', escape = ''")
    keyed = f"(select _row, _text, try(json_keys(_text)) as _keys from {lines})"
    wanted = {column.name for column in TABLES[framed.part.table].columns}
    found = [key for (key,) in engine.rows(f"select distinct unnest(_keys) as key from {keyed} order by 1")]
    known = [key for key in found if key.strip().lower() in wanted]
    paths = f"[{', '.join(quoted(f'/{key}') for key in known)}]::varchar[]"
    sound = "case when len(_keys) > 0 then _text end"
    relation = f"(select *, json_extract_string({sound}, {paths}) as _values, json_type({sound}, {paths}) as _kinds from {keyed})"
    spellings: dict[str, list[int]] = {}
    for place, key in enumerate(known, 1):
        spellings.setdefault(key.strip().lower(), []).append(place)
    columns = {name: _member(places) for name, places in spellings.items()}
    broken = "(len(_keys) > 0 and len(_keys) = len(list_distinct(_keys))) is not true"
    reason = "case when len(_keys) > 0 then 'it names a key twice' else 'it is not a JSON object with keys' end"
    return Raw(relation, columns, "cast(_row as bigint)", "_text", broken, reason, bare=not found)


def _member(places: list[int]) -> RawColumn:
    values, kinds = (f"coalesce({', '.join(f'{name}[{place}]' for place in places)})" for name in ("_values", "_kinds"))
    no_number = f"{kinds} = 'DOUBLE' and not regexp_matches({values}, '\\d')"
    return RawColumn(values, "VARCHAR", f"({kinds} in ('OBJECT', 'ARRAY') or {no_number})")


def _scan(framed: Framed, keys: list[str], quoting: str) -> str:
    """The records as a relation of `_row` and `keys`. Framing leaves nothing in them that the engine cannot read."""
    types = ", ".join(f"{quoted(key)}: 'VARCHAR'" for key in ["_row", *keys])
    return (
        f"read_csv({quoted(framed.path)}, columns = {{{types}}}, auto_detect = false, header = false, delim = {quoted(framed.delimiter)}, {quoting},"
        f" new_line = '\\n', strict_mode = true, null_padding = false, max_line_size = {LONGEST + _NUMBER_BYTES})"
    )


def set_aside(engine: Engine, framed: Framed) -> None:
    """Put the records that were none into `quarantine`."""
    engine.run(f"""
        insert into quarantine
        select {quoted(framed.part.table)}, {quoted(framed.part.name)}, row, reason, text
        from read_json({quoted(framed.aside)}, format = 'newline_delimited', columns = {{row: 'BIGINT', reason: 'VARCHAR', text: 'VARCHAR'}})
    """)
