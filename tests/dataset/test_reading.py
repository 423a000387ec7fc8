from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcelproof.dataset import load
from parcelproof.engines.duckdb import Engine
from parcelproof.errors import InputError

ORDERS = "order_id,merchant_id,buyer_id,paid_at,amount_paid\n" + "".join(f"O{n},M1,B{n},2026-07-01T10:00:{n:02d}+08:00,12.50\n" for n in range(30))
DECLARATIONS = '{"order_id":"O1","carrier":"SF","waybill_no":"1","declared_at":"2026-07-01T11:00:00Z"}\n'

NOON = datetime(2026, 7, 3, 12)  # noqa: DTZ001  naive UTC is what the reader takes


def dataset(folder: Path, orders: bytes = ORDERS.encode(), name: str = "orders.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(orders)
    (folder / "declarations.jsonl").write_text(DECLARATIONS)
    return folder


def reasons(folder: Path) -> dict[int, str]:
    with Engine(threads=1) as engine:
        load(engine, folder)
        return dict(engine.rows("select row, reason from quarantine where \"table\" = 'orders'"))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("O,M,B,2026-07-01 10:00:00,1", "has no time zone"),
        ("O,M,B,2026-13-01T10:00:00Z,1", "is not a time"),
        ("O,M,B,1926-07-01T10:00:00Z,1", "between the years"),
        ("O,M,,2026-07-01T10:00:00Z,1", "buyer_id is missing"),
        ("O,M,B,2026-07-01T10:00:00Z,-1", "is below 0"),
        ("O,M,B,2026-07-01T10:00:00Z,nan", "is not an amount"),
        ("O,M,B", "3 columns where 5 are expected"),
        ("O,M,B,2026-07-01T10:00:00Z,1,2,3", "7 columns where 5 are expected"),
        ('"O,M,B,2026-07-01T10:00:00Z,1', "never closed"),
        ("O,\0,B,2026-07-01T10:00:00Z,1", "NUL"),
        ("O1,M2,B,2026-07-01T10:00:00Z,1", "several versions"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_number_and_reason(tmp_path: Path, row: str, told: str) -> None:
    lines = ORDERS.splitlines()
    folder = dataset(tmp_path / "d", "\n".join([*lines[:11], row, *lines[11:]]).encode())
    assert told in reasons(folder)[11]


def test_only_the_rows_with_broken_bytes_are_lost(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "d", ORDERS.encode().replace(b"O7,M1", b"O7,M\xff"))
    assert list(reasons(folder)) == [8]


def test_the_same_rows_come_from_every_format(tmp_path: Path) -> None:
    with Engine(threads=1) as engine:
        load(engine, dataset(tmp_path / "csv"))
        rows = engine.rows("select * from orders order by order_id")
        table = engine.arrow("select * from orders")
    dataset(tmp_path / "gz", gzip.compress(ORDERS.encode()), "orders.csv.gz")
    parts = dataset(tmp_path / "parts") / "orders"
    (tmp_path / "parts" / "orders.csv").unlink()
    (parts / "day=1").mkdir(parents=True)
    pq.write_table(table.slice(0, 11), parts / "day=1" / "a.parquet")
    pq.write_table(table.slice(11), parts / "b.parquet")
    for name in ("gz", "parts"):
        with Engine(threads=1) as engine:
            load(engine, tmp_path / name)
            assert engine.rows("select * from orders order by order_id") == rows


def test_exact_repetitions_count_once_and_of_versions_the_newest_known(tmp_path: Path) -> None:
    rows = "order_id,merchant_id,buyer_id,paid_at,updated_at\n" + "".join(
        f"O1,{merchant},B,2026-07-01T10:00:00Z,2026-07-0{day}T00:00:00Z\n" for merchant, day in (("M1", 2), ("M2", 3), ("M2", 3), ("M3", 4))
    )
    with Engine(threads=1) as engine:
        loaded = load(engine, dataset(tmp_path / "d", rows.encode()), NOON)
        assert engine.rows("select merchant_id from orders") == [("M2",)]
    counts = loaded.counts["orders"]
    assert (counts.rows, counts.kept, counts.duplicates, counts.superseded, counts.quarantined) == (4, 1, 1, 2, 0)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("orders.parquet", b"hello, this is no parquet", "is not Parquet"),
        ("orders.parquet", b"PAR1 and then it was cut", "is cut short"),
        ("orders.csv.gz", b"plain text", "is not gzip"),
        ("orders.csv", b"PAR1....", "is not text"),
        ("orders.csv", b"", "has no header"),
        ("orders.csv", b"order_id,merchant_id\n", "lacks the column buyer_id"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    with Engine(threads=1) as engine, pytest.raises(InputError, match=told) as caught:
        load(engine, dataset(tmp_path / "d", content, name))
    assert "\n" not in str(caught.value)


def test_missing_folders_and_tables_are_named(tmp_path: Path) -> None:
    with Engine(threads=1) as engine:
        with pytest.raises(InputError, match="does not exist"):
            load(engine, tmp_path / "none")
        (tmp_path / "d").mkdir()
        (tmp_path / "d" / "orders.csv").write_text(ORDERS)
        with pytest.raises(InputError, match="lacks the table declarations"):
            load(engine, tmp_path / "d")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, len(ORDERS)),
    junk=st.binary(max_size=6),
    cut=st.integers(0, 5),
    kind=st.sampled_from(["csv", "gz", "parquet", "jsonl"]),
)
def test_damage_anywhere_is_told_and_costs_no_other_row(tmp_path: Path, place: int, junk: bytes, cut: int, kind: str) -> None:
    folder = tmp_path / f"{place}-{junk.hex()}-{cut}-{kind}"
    data = ORDERS.encode()
    if kind == "jsonl":
        data = b"".join(b'{"order_id":"O%d","merchant_id":"M1","buyer_id":"B","paid_at":"2026-07-01T10:00:00Z"}\n' % n for n in range(30))
    if kind == "gz":
        data = gzip.compress(data)
    if kind == "parquet":
        sink = pa.BufferOutputStream()
        columns = {
            "order_id": [f"O{n}" for n in range(30)],
            "merchant_id": ["M"] * 30,
            "buyer_id": ["B"] * 30,
            "paid_at": ["2026-07-01T10:00:00Z"] * 30,
        }
        pq.write_table(pa.table(columns), sink)
        data = sink.getvalue().to_pybytes()
    place %= len(data)
    name = {"csv": "orders.csv", "gz": "orders.csv.gz", "parquet": "orders.parquet", "jsonl": "orders.jsonl"}[kind]
    dataset(folder, data[:place] + junk + data[place + cut :], name)
    with Engine(threads=1) as engine:
        try:
            loaded = load(engine, folder)
            kept = {row[0] for row in engine.rows("select order_id from orders")}
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017  either way is fine, a traceback is not
            return
    counts = loaded.counts["orders"]
    assert counts.rows == counts.kept + counts.quarantined + counts.duplicates + counts.superseded
    assert counts.kept == len(kept)
    if kind in {"csv", "jsonl"} and place > data.index(b"\n") and b"\n" not in junk:
        lines_hit = data[place : place + cut].count(b"\n") + 1
        untouched = {f"O{n}" for n in range(30)}
        assert len(untouched - kept) <= lines_hit + 1
