"""The mapping of a CSV file's columns to canonical ones: a YAML file, checked whole, with every fault told at once.

```yaml
zone: Asia/Shanghai                # of times without one
money: yuan                        # or fen
tables:
  orders:
    order_id: 订单编号              # the column that holds it
    merchant_id: {constant: shop-1}
    amount_paid: {column: 实付, unit: fen}
    paid_at: {column: 付款时间, format: "%d.%m.%Y %H:%M", zone: "+08:00"}
    status: {column: 状态, values: {已付款: paid, 交易成功: completed}, otherwise: paid}
    recipient_key: {columns: [收货人, 收货地址], hash: true}
```
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from parcelproof import yamlmarks
from parcelproof.dataset.tables import TABLES
from parcelproof.errors import MappingError, UsageError, unknown_name
from parcelproof.sources.common import parse_zone, words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo
    from pathlib import Path

    from parcelproof.dataset.tables import Column

_TOP = ("zone", "money", "tables")
_SPEC = ("column", "columns", "constant", "values", "otherwise", "format", "zone", "unit", "hash")
_FROM = ("column", "columns", "constant")
_UNITS = {"yuan": 1, "fen": 100}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of one canonical column comes from, and how it is read."""

    columns: tuple[str, ...] = ()
    constant: str | None = None
    values: dict[str, str] | None = None
    otherwise: str | None = None
    format: str | None = None
    zone: tzinfo | None = None
    per_yuan: int = 1
    hash: bool = False


@dataclass(slots=True)
class Mapping:
    """The canonical columns by table, each with its origin."""

    name: str = ""
    tables: dict[str, dict[str, Origin]] = field(default_factory=dict)
    lines: dict[yamlmarks.Place, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """A mapping while it is read."""

    name: str
    lines: dict[yamlmarks.Place, int]
    faults: list[str]
    zone: tzinfo | None = None
    per_yuan: int = 1

    def fault(self, place: yamlmarks.Place, text: str) -> None:
        """Note a fault at the nearest line that is known."""
        line = next((self.lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in self.lines), 1)
        self.faults.append(f"{self.name}:{line}: {text}")

    def choice(self, place: yamlmarks.Place, kind: str, got: str, known: Iterable[str]) -> bool:
        """Whether a name is known; a fault where it is not."""
        names = list(known)
        if got not in names:
            self.fault(place, unknown_name(kind, got, names))
        return got in names

    def a_zone(self, place: yamlmarks.Place, written: object, otherwise: tzinfo | None) -> tzinfo | None:
        """A zone; a fault where none has that name."""
        if written is None:
            return otherwise
        try:
            return parse_zone(words(written))
        except UsageError as error:
            self.fault(place, str(error).removeprefix("--timezone "))
            return otherwise

    def a_unit(self, place: yamlmarks.Place, written: object, otherwise: int) -> int:
        """How many of the unit make a yuan; a fault where it is no unit."""
        if written is None:
            return otherwise
        return _UNITS[words(written)] if self.choice(place, "unit", words(written), _UNITS) else otherwise


def load_mapping(path: Path) -> Mapping:
    """The mapping in a file.

    Raises:
        MappingError: It has faults; all of them are told, each with its line and how to mend it.
    """
    faults: list[str] = []
    raw, lines = yamlmarks.read(path, faults)
    draft = _Draft(path.name, lines, faults)
    for key in raw:
        draft.choice((key,), "key", key, _TOP)
    draft.zone = draft.a_zone(("zone",), raw.get("zone"), None)
    draft.per_yuan = draft.a_unit(("money",), raw.get("money"), 1)
    tables = raw.get("tables")
    if raw and (not isinstance(tables, dict) or not tables):
        draft.fault(("tables",), "it names no table; write `tables:` and below it a table such as `orders:` with its columns")
    found = {table: _table(draft, table, columns) for table, columns in (tables if isinstance(tables, dict) else {}).items()}
    if faults:
        raise MappingError(faults)
    return Mapping(path.name, found, lines)


def _table(draft: _Draft, table: str, written: object) -> dict[str, Origin]:
    place = ("tables", table)
    if not draft.choice(place, "table", table, TABLES):
        return {}
    if not isinstance(written, dict) or not written:
        draft.fault(place, f"{table} names no column; write lines like `{TABLES[table].columns[0].name}: <the file's column>`")
        return {}
    known = {column.name: column for column in TABLES[table].columns}
    origins = {
        name: _origin(draft, (*place, name), known[name], spec)
        for name, spec in written.items()
        if draft.choice((*place, name), f"column of {table}", name, known)
    }
    read_from_words = {"stage"} if table == "scans" and "description" in origins else set()
    missing = [column.name for column in known.values() if column.required and column.name not in {*origins, *read_from_words}]
    if missing:
        draft.fault(place, f"{table} needs {' and '.join(missing)}; name a column or a constant for each")
    return origins


def _origin(draft: _Draft, place: yamlmarks.Place, column: Column, written: object) -> Origin:
    """One column's origin: the name of a column, or an object with more to say."""
    if not isinstance(written, dict):
        if not words(written):
            draft.fault(place, f"{column.name} names nothing; write the file's column, or {{constant: ...}}")
        return Origin((words(written),), zone=draft.zone, per_yuan=draft.per_yuan)
    for key in written:
        draft.choice((*place, key), "key", key, _SPEC)
    if sum(key in written for key in _FROM) != 1:
        draft.fault(place, f"{column.name} needs one of column, columns and constant")
    several = written.get("columns", [])
    if not isinstance(several, list):
        draft.fault((*place, "columns"), "columns is a list, like [收货人, 收货地址]")
        several = []
    for key, kind in (("format", "time"), ("zone", "time"), ("unit", "money")):
        if key in written and column.kind != kind:
            draft.fault((*place, key), f"{key} is for columns of {kind}, and {column.name} is {column.kind}; take it out")
    if written.get("hash") and not (column.name == "key" or column.name.endswith("_key")):
        draft.fault((*place, "hash"), f"hash is for keys, and {column.name} is none; take it out")
    return Origin(
        columns=tuple(filter(None, map(words, [written.get("column"), *several]))),
        constant=words(written["constant"]) if "constant" in written else None,
        values=_values(draft, place, column, written),
        otherwise=_target(draft, (*place, "otherwise"), column, written["otherwise"]) if "otherwise" in written else None,
        format=words(written.get("format")) or None,
        zone=draft.a_zone((*place, "zone"), written.get("zone"), draft.zone),
        per_yuan=draft.a_unit((*place, "unit"), written.get("unit"), draft.per_yuan),
        hash=words(written.get("hash")) == "true",
    )


def _values(draft: _Draft, place: yamlmarks.Place, column: Column, written: dict[str, Any]) -> dict[str, str] | None:
    if "values" not in written:
        return None
    if not isinstance(written["values"], dict):
        draft.fault((*place, "values"), "values is an object of the file's words and ours, like {已签收: delivered}")
        return None
    return {key.strip(): _target(draft, (*place, "values", key), column, value) for key, value in written["values"].items()}


def _target(draft: _Draft, place: yamlmarks.Place, column: Column, value: object) -> str:
    """What a value is turned into: empty, or one of the column's codes."""
    text = words(value)
    if text and column.codes:
        draft.choice(place, column.name, text, column.codes)
    return text


def check_columns(mapping: Mapping, header: list[str], file: str) -> None:
    """Check that a file has the columns that the mapping names.

    Raises:
        MappingError: It lacks some; all of them are told.
    """
    draft = _Draft(mapping.name, mapping.lines, [])
    for table, origins in mapping.tables.items():
        for name, origin in origins.items():
            for column in origin.columns:
                if column not in header:
                    draft.fault(("tables", table, name), f"{file} has no such column: {unknown_name('column', column, header)}")
    if draft.faults:
        raise MappingError(draft.faults)
