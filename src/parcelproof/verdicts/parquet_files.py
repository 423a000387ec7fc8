"""Writes verdicts and findings as Parquet from their numbers: the file keeps a column of repeated texts as numbers and a dictionary, too.

So the numbers are passed on as they are, and no text is looked up, copied or compared. What is written is what the views
`verdicts` and `findings` say.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from parcelproof.engines.duckdb import Engine
from parcelproof.verdicts.compose import UNKNOWN
from parcelproof.verdicts.grounds import STATUS_OF_ANSWER, query

if TYPE_CHECKING:
    import pyarrow as pa

    Columns = dict[str, pa.Array]

ROWS = 122_880
"""Rows in a group of rows, about."""
UNIQUE = ("order_id", "waybill_no")
"""What hardly ever repeats among verdicts, so that a dictionary would only cost."""
NAMES = ("order_id", "carrier", "waybill_no")
VERDICTS = ("order_id", "merchant_id", "carrier", "waybill_no", "outcome", "offence", "act_time", "policy", "policy_version",
            "met", "unknown", "excused", "charge", "currency", "as_of")  # fmt: skip
FINDINGS = (*NAMES, "indicator", "offence", "status", "excuse", "since", "evidence", "clause")


def write_verdicts(engine: Engine, path: Path) -> None:
    """Write the verdicts in the order of shipment.

    Args:
        engine: Holds what a judgement made (`decide`).
        path: The file to write.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write

    text, texts = pa.string(), pa.list_(pa.string())
    kinds = dict.fromkeys(UNIQUE, text) | {"act_time": pa.timestamp("us"), "met": texts, "unknown": texts, "excused": texts, "charge": pa.decimal128(18, 2)}
    kinds |= {"as_of": pa.timestamp("us")}
    of = _Verdicts(engine)
    _write(path, VERDICTS, kinds, (of.columns(batch) for batch in engine.batches(of.read, ROWS)))


def write_findings(engine: Engine, path: Path) -> None:
    """Write the findings in the order of shipment and check.

    Args:
        engine: Holds what a judgement made (`decide`).
        path: The file to write.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write

    of = _Findings(engine)
    (each,) = engine.row("select coalesce(sum(shipments * len(places)) / sum(shipments), 1) from patterns")
    shipments = int(ROWS / max(each, 1))
    _write(path, FINDINGS, {"excuse": pa.string(), "since": pa.timestamp("us")}, (of.columns(batch) for batch in engine.batches(of.read, shipments)))


def _write(path: Path, names: tuple[str, ...], kinds: dict[str, pa.DataType], groups: Iterator[Columns]) -> None:
    """Write groups of columns; a column without a kind of its own holds texts that repeat."""
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
    import pyarrow.parquet as pq  # noqa: PLC0415  the same

    schema = pa.schema([(name, kinds.get(name, pa.dictionary(pa.int32(), pa.string()))) for name in names])
    # Whoever looks for an order finds its group of rows by the statistics of the first column; those of dictionaries cost a third of the writing.
    coded = [field.name for field in schema if field.name not in UNIQUE or pa.types.is_dictionary(field.type)]
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False, use_dictionary=coded, write_statistics=["order_id"]) as writer:
        for columns in groups:
            table = pa.table([columns[name] for name in names], schema=schema)
            writer.write_table(table, row_group_size=max(len(table), 1))


class _Patterns:
    """What follows from the answers of a shipment: said once for each combination that occurs."""

    def __init__(self, engine: Engine, select: str) -> None:
        table = engine.arrow(select)
        self._said = {name: table.column(name).combine_chunks() for name in table.column_names}
        self._known = self._said.pop("pattern")

    def of(self, patterns: pa.Array) -> Columns:
        """The columns of the patterns, for each shipment."""
        import pyarrow.compute as pc  # noqa: PLC0415  heavy, and needed only to write

        found = pc.index_in(patterns, value_set=self._known)
        return {name: column.take(found) for name, column in self._said.items()}


class _Verdicts:
    """Batches of outcomes as verdicts. Few shipments are excused or pay: what they have is looked up by their number."""

    read = "select shipment, order_id, merchant_id, carrier, waybill_no, outcome, offence, act_time, policy_version, currency, pattern from outcomes"

    def __init__(self, engine: Engine) -> None:
        self._patterns = _Patterns(engine, "select pattern, met, unknown from patterns")
        self._excused = engine.arrow("select shipment, excused from excused").combine_chunks()
        self._paid = engine.arrow("select shipment, amount, currency from paid").combine_chunks()
        self._as_of, self._policy = engine.row("select as_of, policy from moment")

    def columns(self, batch: pa.RecordBatch) -> Columns:
        """The contract's columns of a run of outcomes."""
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
        import pyarrow.compute as pc  # noqa: PLC0415  the same

        shipments = batch.column("shipment")
        repeated = {name: _encoded(batch.column(name)) for name in ("merchant_id", "carrier", "outcome", "offence", "policy_version")}
        currency = pc.coalesce(_looked_up(self._paid, "currency", shipments), batch.column("currency"))
        return (
            repeated
            | self._patterns.of(batch.column("pattern"))
            | {
                "order_id": batch.column("order_id"),
                "waybill_no": batch.column("waybill_no"),
                "act_time": batch.column("act_time"),
                "policy": _constant(self._policy, len(batch)),
                "excused": _looked_up(self._excused, "excused", shipments, pa.array([[]], pa.list_(pa.string()))),
                "charge": _looked_up(self._paid, "amount", shipments),
                "currency": _encoded(currency),
                "as_of": pa.repeat(pa.scalar(self._as_of, pa.timestamp("us")), len(batch)),
            }
        )


class _Findings:
    """Batches of outcomes as findings, and the dictionaries that these draw on."""

    read = "select shipment, order_id, carrier, waybill_no, pattern from outcomes"

    def __init__(self, engine: Engine) -> None:
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
        import pyarrow.compute as pc  # noqa: PLC0415  the same

        self._patterns = _Patterns(engine, query("pattern_kinds"))
        kinds = engine.arrow(query("finding_kinds"))
        self._words = {name: kinds.column(name).combine_chunks().dictionary_encode() for name in ("indicator", "offence", "clause", "evidence")}
        self._unknown = self._words.pop("evidence")
        answers = kinds.column("answer").combine_chunks()
        self._words["status"] = pa.array(STATUS_OF_ANSWER).dictionary_encode().take(answers)
        self._speaks = pc.not_equal(answers, UNKNOWN)
        self._told = engine.arrow("select excuse, since, evidence from told order by shipment, place").combine_chunks()
        self._next = 0

    def columns(self, batch: pa.RecordBatch) -> Columns:
        """The contract's columns of the findings of a run of outcomes."""
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
        import pyarrow.compute as pc  # noqa: PLC0415  the same

        lists = self._patterns.of(batch.column("pattern"))["kinds"]
        rows, kinds = pc.list_parent_indices(lists), pc.list_flatten(lists)
        shared = {name: _encoded(batch.column(name)) for name in NAMES}
        found = {name: pa.DictionaryArray.from_arrays(once.indices.take(rows), once.dictionary) for name, once in shared.items()}
        return found | {name: known.take(kinds) for name, known in self._words.items()} | self._grounds(kinds)

    def _grounds(self, kinds: pa.Array) -> Columns:
        """Excuse, since and evidence: what is told of a check, in the order of the findings; of an unknown one the facts that are missing."""
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
        import pyarrow.compute as pc  # noqa: PLC0415  the same

        speaks = self._speaks.take(kinds)
        told = self._told.slice(self._next, pc.sum(speaks).as_py() or 0)
        self._next += len(told)
        own = pa.concat_arrays(told.column("evidence").chunks or [pa.array([], pa.string())]).dictionary_encode()
        unknown = self._unknown.dictionary
        placed = pc.replace_with_mask(self._unknown.indices.take(kinds), speaks, pc.add(own.indices, pa.scalar(len(unknown), pa.int32())))
        return {
            "excuse": _spread(told.column("excuse"), speaks),
            "since": _spread(told.column("since"), speaks),
            "evidence": pa.DictionaryArray.from_arrays(placed, pa.concat_arrays([unknown, own.dictionary])),
        }


def _encoded(values: pa.Array) -> pa.DictionaryArray:
    """A column of texts as numbers and a dictionary, which holds a text once, and no null."""
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write

    if isinstance(values, pa.DictionaryArray):
        return pa.DictionaryArray.from_arrays(values.indices.cast(pa.int32()), values.dictionary)
    return values.dictionary_encode()


def _constant(text: str, rows: int) -> pa.DictionaryArray:
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write

    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([text]))


def _looked_up(table: pa.Table, column: str, shipments: pa.Array, otherwise: pa.Array | None = None) -> pa.Array:
    """A column of a table with one row a shipment, for these shipments; where the table has none, the one value of `otherwise`, or null."""
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    known = [*table.column("shipment").chunks, pa.array([], table.schema.field("shipment").type)]
    values = pa.concat_arrays([*table.column(column).chunks, pa.nulls(1, table.schema.field(column).type) if otherwise is None else otherwise])
    return values.take(pc.fill_null(pc.index_in(shipments, value_set=pa.concat_arrays(known)), len(values) - 1))


def _spread(values: pa.ChunkedArray, where: pa.Array) -> pa.Array:
    """The values at the places that are marked, in order; null elsewhere."""
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
    import pyarrow.compute as pc  # noqa: PLC0415  the same

    return pc.replace_with_mask(pa.nulls(len(where), values.type), where, pa.concat_arrays(values.chunks or [pa.array([], values.type)]))
