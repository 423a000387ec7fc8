"""Orders in canonical columns from a CSV, JSONL or Parquet file, with the waybills that stand beside them.

Columns are those of the tables `orders` and `declarations`; others are ignored. A row with a waybill is a declaration, too.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from parcelproof.carriers.numbers import normalise
from parcelproof.carriers.redact import hashed
from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError
from parcelproof.sources.casting import Unusable, cast_row
from parcelproof.sources.common import Context, Reading, words
from parcelproof.sources.delimited import read_records
from parcelproof.sources.payloads import NotReadable, payloads, text_of
from parcelproof.sources.traces import carrier_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PLAIN_KEY = re.compile(r"[\u3400-\u9fff]|^\+?[\d\s-]{7,22}$|@|\s")
"""A key that is no hash: a name, an address or a phone number in the clear."""
_MASKED = re.compile(r"[*＊•●×]")


def read_orders(data: bytes, context: Context) -> Reading:
    """Rows of `orders` and `declarations`.

    Args:
        data: The file's bytes; gzip is undone.
        context: Its name, the zone of times without one (Parquet times without one are UTC), and the salt for keys in the clear.

    Raises:
        InputError: The file is not what its name says, or lacks a required column of `orders`.
    """
    reading = Reading()
    kind = context.name.lower().removesuffix(".gz")
    try:
        if kind.endswith(".parquet") or data[:4] == b"PAR1":
            rows = list(_parquet(data, context.name))
        elif kind.endswith((".jsonl", ".json", ".ndjson")):
            rows = [(where, value) for where, value in payloads(data, reading) if _is_row(reading, where, value)]
        else:
            rows = list(read_records(text_of(data), context.name, reading)[1])
    except NotReadable as error:
        raise InputError(f"{context.name}: {error}") from None
    _require(rows, context.name)
    for where, raw in rows:
        _take(reading, where, {str(name).strip().lower(): value for name, value in raw.items()}, context)
    return reading


def _is_row(reading: Reading, where: str, value: object) -> bool:
    if not isinstance(value, dict):
        reading.refuse(where, "it is no object with columns")
    return isinstance(value, dict)


def _parquet(data: bytes, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a Parquet file; its times without a zone are UTC, as in a dataset."""
    import pyarrow as pa  # noqa: PLC0415  heavy: only for Parquet
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        rows = pq.read_table(pa.BufferReader(data)).to_pylist()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{name} is no readable Parquet ({str(error).partition(chr(10))[0]}): write it again") from None
    for number, row in enumerate(rows, 1):
        yield f"row {number}", {column: _in_utc(value) for column, value in row.items()}


def _in_utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _require(rows: Iterable[tuple[str, dict[str, Any]]], name: str) -> None:
    """Refuse a file that lacks a required column of `orders` altogether."""
    present = {str(column).strip().lower() for _, raw in rows for column in raw}
    missing = [column.name for column in TABLES["orders"].columns if column.required and column.name not in present]
    if present and missing:
        raise InputError(f"{name} lacks the column {missing[0]}: --orders takes orders in canonical columns ({_columns()})")


def _columns() -> str:
    return ", ".join(f"{column.name}{'*' if column.required else ''}" for column in TABLES["orders"].columns[:7]) + ", ..."


def _take(reading: Reading, where: str, raw: dict[str, Any], context: Context) -> None:
    """Add one row's order and declaration; each is refused for itself."""
    hash_keys(reading, raw, context.salt)
    if _add(reading, f"{where}, order {words(raw.get('order_id'))[:64]}", raw, context):
        return
    reading.note("an order whose declaration is refused is left out: it would look as if nobody had declared anything")


def hash_keys(reading: Reading, row: dict[str, Any], salt: bytes) -> None:
    """Hash what stands in the clear where a key belongs, in place; a masked value gives no key."""
    for name, value in row.items():
        if not (name == "key" or name.endswith("_key")):
            continue
        if _MASKED.search(words(value)):
            reading.note(f"{name} is masked in some rows and left empty: it would link strangers")
            row[name] = None
        elif _PLAIN_KEY.search(words(value)):
            reading.note(f"{name} stands in the clear in some rows; it is hashed with the dataset's salt")
            row[name] = key_of(name, words(value), salt)


def key_of(name: str, text: str, salt: bytes) -> str | None:
    """The key of a name, an address or a phone number in the clear, however it is spaced; none for a masked one: it would link strangers."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not plain or _MASKED.search(plain):
        return None
    phone = re.fullmatch(r"(?:\+?86)?(1[3-9]\d{9})", plain.replace("-", "")) if name == "phone_key" else None
    return hashed(phone[1] if phone else plain, salt)


def _add(reading: Reading, where: str, raw: dict[str, Any], context: Context) -> bool:
    """Add a row's order and its declaration, both or neither; False where only the declaration was at fault."""
    try:
        order = cast_row(TABLES["orders"], raw, context.zone)
    except Unusable as error:
        reading.refuse(where, str(error))
        return True
    number = normalise(words(raw.get("waybill_no")))
    if number:
        declared = {**raw, "waybill_no": number, "carrier": carrier_of(raw.get("carrier"), None)}
        try:
            reading.add("declarations", cast_row(TABLES["declarations"], declared, context.zone))
        except Unusable as error:
            reading.refuse(f"{where}, declaration of waybill {number}", str(error))
            return False
    reading.add("orders", order)
    return True
