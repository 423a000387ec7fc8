"""Writes `findings.parquet` from its coded rows: a finding is a few small numbers, and its texts stand once in dictionaries.

Some millions of findings share some dozens of texts. Parquet keeps a column of repeated texts as numbers and a dictionary, too, so
the numbers are passed on as they are and no text is looked up, copied or compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from parcelproof.engines.duckdb import Engine
from parcelproof.verdicts.compose import STATUS_OF_ANSWER

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 122_880
"""Findings in a group of rows."""
NAMES = ("order_id", "carrier", "waybill_no")
COLUMNS = (*NAMES, "indicator", "offence", "status", "excuse", "since", "evidence", "clause")


def write_findings(engine: Engine, path: Path) -> None:
    """Write the findings in the order of shipment and check.

    Args:
        engine: Holds `outcomes`, `coded_findings`, `check_words` and `unknown_texts`.
        path: The file to write.
    """
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
    import pyarrow.parquet as pq  # noqa: PLC0415  the same

    kinds = {"excuse": pa.string(), "since": pa.timestamp("us")}
    schema = pa.schema([(name, kinds.get(name, pa.dictionary(pa.int32(), pa.string()))) for name in COLUMNS])
    texts = _Texts(engine)
    # Whoever looks for an order finds its group of rows by the statistics of the first column; those of dictionaries cost a third of the writing.
    with pq.ParquetWriter(path, schema, compression="zstd", store_schema=False, write_statistics=["order_id"]) as writer:
        for batch in engine.batches("select shipment, place, answer, excuse, since, evidence, bits from coded_findings", ROWS):
            writer.write_table(pa.table(texts.columns(batch)), row_group_size=ROWS)


class _Texts:
    """The dictionaries that a run's findings draw on."""

    def __init__(self, engine: Engine) -> None:
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write

        named = engine.arrow(f"select {', '.join(NAMES)} from outcomes order by shipment")
        self._names = {name: named.column(name) for name in NAMES}
        words = engine.arrow("select indicator, offence, clause from check_words order by place")
        self._words = {name: words.column(name).combine_chunks().dictionary_encode() for name in words.column_names}
        self._status = pa.array(STATUS_OF_ANSWER).dictionary_encode()
        unknown = engine.arrow("select bits, evidence from unknown_texts")
        self._bits, self._unknown = unknown.column("bits").combine_chunks(), unknown.column("evidence").combine_chunks()

    def columns(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        """The contract's columns of a run of coded findings."""
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
        import pyarrow.compute as pc  # noqa: PLC0415  the same

        shipments, places = batch.column("shipment"), pc.subtract(batch.column("place"), pa.scalar(1, pa.int16()))
        first, last = shipments[0].as_py(), shipments[-1].as_py()
        rows = pc.subtract(shipments, first)
        answers = {"status": self._status.take(batch.column("answer"))}
        told = {"excuse": batch.column("excuse"), "since": batch.column("since")}
        evidence = {"evidence": self._evidence(batch.column("evidence"), batch.column("bits"))}
        shared = {name: _shared(self._names[name].slice(first - 1, last - first + 1), rows) for name in NAMES}
        found = shared | {name: known.take(places) for name, known in self._words.items()} | answers | told | evidence
        return {name: found[name] for name in COLUMNS}

    def _evidence(self, told: pa.Array, bits: pa.Array) -> pa.Array:
        """The evidence that is told, and for the unknown the text of their bits."""
        import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write
        import pyarrow.compute as pc  # noqa: PLC0415  the same

        unknown = pc.index_in(bits, value_set=self._bits, skip_nulls=True)
        if told.null_count == len(told):
            return pa.DictionaryArray.from_arrays(unknown, self._unknown)
        own = told.dictionary_encode()
        indices = pc.coalesce(pc.add(own.indices, pa.scalar(len(self._unknown), pa.int32())), unknown)
        return pa.DictionaryArray.from_arrays(indices, pa.concat_arrays([self._unknown, own.dictionary]))


def _shared(values: pa.ChunkedArray, rows: pa.Array) -> pa.Array:
    """A column in which each of `values` stands as often as its place is named in `rows`. A dictionary holds a text once, and no null."""
    import pyarrow as pa  # noqa: PLC0415  heavy, and needed only to write

    once = pa.concat_arrays(values.chunks).dictionary_encode()
    return pa.DictionaryArray.from_arrays(once.indices.take(rows), once.dictionary)
