"""Reading what is true: labels of a simulation, answers of an audit, outcomes of appeals."""

from __future__ import annotations

from pathlib import Path

import duckdb

from parcelproof.engines.duckdb import Engine, first_line, named, quoted
from parcelproof.errors import InputError, unknown_name
from parcelproof.policy.declaration import OFFENCES

TRUTHS = ("honest", *OFFENCES)
SOURCES = ("seeded", "audit", "appeal")
"""A label is known from the start (a simulation, a test purchase), drawn at random and answered by people, or an appeal's outcome."""
READERS = {
    ".parquet": "read_parquet({})",
    ".csv": "read_csv({}, header = true, all_varchar = true)",
    ".gz": "read_csv({}, header = true, all_varchar = true)",
    ".jsonl": "read_json({}, format = 'newline_delimited')",
}
NEEDED = ("order_id", "carrier", "waybill_no", "truth")
KEY = "order_id, carrier, waybill_no"


def read_labels(engine: Engine, path: Path) -> None:
    """Lay out the table `labels`: order_id, carrier, waybill_no, truth (null where nobody answered), pattern, source.

    Args:
        engine: Gets the table.
        path: A file (Parquet, CSV or JSONL), or a folder with a file `labels`.

    Raises:
        InputError: It cannot be read, lacks a column, names an unknown truth or source, or labels a shipment twice.
    """
    file = _file(path)
    reader = READERS.get(file.suffix)
    if reader is None:
        raise InputError(f"{file}: labels are Parquet, CSV or JSONL: name a file that ends with one of {', '.join(READERS)}")
    source = reader.format(quoted(file))
    try:
        columns = engine.columns(f"(select * from {source})")
        missing = [name for name in NEEDED if name not in columns]
        if missing:
            raise InputError(f"{file} lacks the column {missing[0]}: labels have {', '.join(NEEDED)}, and may have pattern and source")
        texts = ", ".join(f"nullif(trim(cast({named(name)} as varchar)), '') as {name}" for name in NEEDED)
        pattern = "nullif(trim(cast(pattern as varchar)), '')" if "pattern" in columns else "null"
        kind = "nullif(trim(cast(source as varchar)), '')" if "source" in columns else "null"
        engine.table("labels", f"select {texts}, cast({pattern} as varchar) as pattern, coalesce({kind}, 'seeded') as source from {source}")
    except duckdb.Error as error:
        raise InputError(f"{file} cannot be read: {first_line(error)}; write labels as Parquet, CSV or JSONL with {', '.join(NEEDED)}") from None
    _check(engine, file)
    engine.run("update labels set pattern = coalesce(pattern, truth, 'not answered')")


def _file(path: Path) -> Path:
    """The file meant by a path."""
    if path.is_dir():
        found = [path / f"labels{suffix}" for suffix in (".parquet", ".csv", ".csv.gz", ".jsonl") if (path / f"labels{suffix}").is_file()]
        if not found:
            raise InputError(f"{path} holds no labels: put a file labels.parquet, labels.csv or labels.jsonl there")
        return found[0]
    if not path.is_file():
        raise InputError(f"{path} does not exist: name the file or the folder with the labels")
    return path


def _check(engine: Engine, file: Path) -> None:
    """Refuse what would be counted wrongly."""
    for column, known in (("truth", TRUTHS), ("source", SOURCES)):
        words = ", ".join(quoted(word) for word in known)
        odd = engine.rows(f"select {column} from labels where {column} not in ({words}) limit 1")
        if odd:
            raise InputError(f"{file}: {unknown_name(column, str(odd[0][0]), known)}")
    twice = engine.rows(f"select order_id from labels where source <> 'appeal' group by {KEY} having count(*) > 1 order by 1 limit 1")
    twice += engine.rows(f"select order_id from labels where source = 'appeal' group by {KEY} having count(*) > 1 order by 1 limit 1")
    if twice:
        raise InputError(f"{file}: a shipment of the order {twice[0][0]} has two labels: leave one")
    if engine.row("select count(*) from labels where order_id is null")[0]:
        raise InputError(f"{file}: a row names no order: fill in order_id")
