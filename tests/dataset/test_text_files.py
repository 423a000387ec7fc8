"""Text files as they are met: other encodings, torn lines, wild quotes, cut archives."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from parcelproof.dataset import TableCount, load
from parcelproof.engines.duckdb import Engine
from parcelproof.errors import InputError

HEADER = "order_id,merchant_id,buyer_id,paid_at,amount_paid\n"
ROWS = [f"O{n},M1,B{n},2026-07-01T10:00:{n:02d}Z,12.50\n" for n in range(20)]
OBJECTS = [{"order_id": f"O{n}", "merchant_id": "M1", "buyer_id": f"B{n}", "paid_at": f"2026-07-01T10:00:{n:02d}Z"} for n in range(20)]
CSV = (HEADER + "".join(ROWS)).encode()
JSONL = "".join(json.dumps(row) + "\n" for row in OBJECTS).encode()
PACKED = gzip.compress(CSV)
TIME = "2026-07-01T10:00:03Z"


def with_row(row: str, place: int = 3) -> bytes:
    return (HEADER + "".join([*ROWS[:place], row + "\n", *ROWS[place + 1 :]])).encode()


def with_object(place: int = 3, **members: Any) -> bytes:
    rows = [row | members if number == place else row for number, row in enumerate(OBJECTS)]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def read(folder: Path, name: str, content: bytes) -> tuple[TableCount, list[dict[str, Any]], list[dict[str, Any]]]:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    (folder / "declarations.csv").write_text("order_id,carrier,waybill_no,declared_at\nO1,SF,1,2026-07-01T11:00:00Z\n")
    with Engine(threads=1) as engine:
        count = load(engine, folder).counts["orders"]
        kept = engine.arrow("select * from orders order by order_id").to_pylist()
        aside = engine.arrow("select * from quarantine where \"table\" = 'orders' order by row").to_pylist()
    assert count.rows == count.kept + count.quarantined + count.duplicates + count.superseded
    assert (count.kept, count.quarantined) == (len(kept), len(aside))
    return count, kept, aside


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.csv", b"\xef\xbb\xbf" + CSV),
        ("orders.csv", CSV.replace(b"\n", b"\r\n")),
        ("orders.csv", CSV.replace(b"\n", b"\n\n \t \n")),
        ("orders.csv", CSV.rstrip(b"\n")),
        ("orders.csv", CSV.replace(b",", b";")),
        ("orders.csv", CSV.replace(b",", b"\t")),
        ("orders.csv", CSV.replace(b"\n", b",\n")),
        ("orders.csv", CSV.replace(b"order_id", b' "ORDER_ID"')),
        ("orders.csv", CSV.replace(b"O", b'"O').replace(b",M1", b'",M1')),
        ("orders.csv.gz", gzip.compress(CSV[:100]) + gzip.compress(CSV[100:])),
        ("orders.csv.gz", PACKED + bytes(50)),
        ("orders.jsonl", b"\xef\xbb\xbf" + JSONL),
        ("orders.jsonl", JSONL.replace(b"\n", b"\r\n\r\n")),
        ("orders.jsonl", JSONL.replace(b", ", b",\r\x1f")),
        ("orders.jsonl", JSONL.replace(b"order_id", b"Order_Id")),
        ("orders.jsonl.gz", gzip.compress(JSONL.rstrip())),
    ],
)
def test_every_ordinary_way_to_write_a_file_gives_all_rows(tmp_path: Path, name: str, content: bytes) -> None:
    count, kept, _ = read(tmp_path / "d", name, content)
    assert (count.rows, count.kept) == (20, 20)
    assert {row["order_id"] for row in kept} == {f"O{n}" for n in range(20)}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"B,3"', "B,3"),
        (' "B,3"', "B,3"),
        ('"B""3"', 'B"3'),
        ('"B\n\n3"', "B\n\n3"),
        ('"B\r\n3"', "B\r\n3"),
        ('"B\r3"', "B\r3"),
        ('B"3"x', 'B"3"x'),
        ('B5"', 'B5"'),
        ("B\\3", "B\\3"),
        ("B" * 200_000, "B" * 200_000),
        ('"' + "B\n" * 150 + "B" * 300_000 + '"', "B\n" * 150 + "B" * 300_000),
        ("'B3'", "'B3'"),
        ("\ufdd0\ufeff", "\ufdd0\ufeff"),
    ],
)
def test_a_cell_keeps_every_character(tmp_path: Path, cell: str, value: str) -> None:
    _, kept, _ = read(tmp_path / "d", "orders.csv", with_row(f"O3,M1,{cell},{TIME},1"))
    assert {row["order_id"]: row["buyer_id"] for row in kept} == {f"O{n}": f"B{n}" for n in range(20)} | {"O3": value}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("orders.csv", with_row(f"O3,M1,B\r3,{TIME},1"), "line ends are not those of CSV"),
        ("orders.csv", with_row(f"\rO3,M1,B3,{TIME},1"), "line ends are not those of CSV"),
        ("orders.csv", with_row(f'O3,M1,"B"3,{TIME},1'), "quotes"),
        ("orders.csv", with_row(f'O3,M1,"B3,{TIME},1'), "never closed"),
        ("orders.csv", with_row(f'"O3,M1,B3,{TIME},1'), "never closed"),
        ("orders.csv", with_row(f'O3,M1,"B""3",1,{TIME},1'), "6 columns where 5 are expected"),
        ("orders.csv", with_row(f"O3,M1,{'B' * 3_000_000},{TIME},1"), "longer than"),
        ("orders.csv", with_row(HEADER.strip()), "paid_at: 'paid_at' is not a time"),
        ("orders.csv", with_row(f"O3,M1,B3,{TIME[:-1]}+99:99,1"), "is not a time"),
        ("orders.csv", with_row("O3,M1,B3,2026-02-31T10:00:00Z,1"), "is not a time"),
        ("orders.csv", with_row(f"O3,M1,B3,{TIME},12.345"), "at most two decimals"),
        ("orders.csv", with_row(f"O3,M1,BX,{TIME},1").replace(b"BX", "杭州".encode("gb18030")), "not valid UTF-8"),
        ("orders.csv", with_row(f"O3,M1,BX,{TIME},1").replace(b"BX", b"\xed\xa0\x80"), "not valid UTF-8"),
        ("orders.jsonl", with_object(buyer_id={"id": 1}), "buyer_id: '{\"id\":1}' is no single"),
        ("orders.jsonl", with_object(product_id=["P"]), "product_id: '[\"P\"]' is no single"),
        ("orders.jsonl", with_object(recipient_key=float("nan")), "recipient_key: 'NaN' is no single"),
        ("orders.jsonl", with_object(amount_paid=float("-inf")), "amount_paid: '-Infinity' is no single"),
        ("orders.jsonl", with_object(buyer_id="\ud800"), "not a JSON object"),
        ("orders.jsonl", with_object(buyer_id=None), "buyer_id is missing"),
        ("orders.jsonl", JSONL.replace(b'{"order_id": "O3"', b'{"order_id": "O3", "order_id": "O4"'), "names a key twice"),
        ("orders.jsonl", JSONL.replace(b'"O3"', b"[" * 300_000 + b"]" * 300_000), "is no single"),
        ("orders.jsonl", JSONL.replace(b'"O3"', b'"' + b"O" * 3_000_000 + b'"'), "longer than"),
    ],
)
def test_a_bad_record_costs_no_other(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    count, kept, aside = read(tmp_path / "d", name, content)
    assert (count.rows, {row["order_id"] for row in kept}) == (20, {f"O{n}" for n in range(20)} - {"O3"})
    assert [row["row"] for row in aside] == [4]
    assert told in aside[0]["reason"]
    assert len(aside[0]["text"]) <= 2000


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (PACKED[:-40], range(10, 20)),
        (PACKED[:-8] + bytes(4) + PACKED[-4:], [20]),
        (PACKED + b"junk", [20]),
        (PACKED + PACKED[:15], [20]),
        (gzip.compress(CSV + b"0" * (64 << 20), 1), [20]),
    ],
)
def test_of_a_damaged_archive_every_whole_line_counts(tmp_path: Path, content: bytes, kept: list[int]) -> None:
    count, *_ = read(tmp_path / "d", "orders.csv.gz", content)
    assert count.kept in kept
    assert count.quarantined == 1


@pytest.mark.parametrize("number", [9007199254740993, 123456789012345678901234567890, -1, 330106])
def test_numbers_as_ids_keep_all_digits(tmp_path: Path, number: int) -> None:
    _, kept, _ = read(tmp_path / "d", "orders.jsonl", with_object(order_id=number, buyer_id=True))
    assert str(number) in {row["order_id"] for row in kept}


def test_a_key_that_only_one_row_has_is_read(tmp_path: Path) -> None:
    _, kept, _ = read(tmp_path / "d", "orders.jsonl", with_object(19, city="杭州", **{"a/b~c": 1, "": 2, "x'y": 3}))
    assert [row["city"] for row in kept if row["order_id"] == "O19"] == ["杭州"]


def test_floats_left_beside_a_cent_are_that_cent(tmp_path: Path) -> None:
    _, kept, _ = read(tmp_path / "d", "orders.csv", with_row(f"O3,M1,B3,{TIME},59.699999999999996"))
    assert [str(row["amount_paid"]) for row in kept if row["order_id"] == "O3"] == ["59.70"]


@pytest.mark.parametrize(("content", "rows"), [(b"", 0), (b"\n\n", 0), (b"x\ny\n", 2)])
def test_jsonl_without_one_object_is_a_table_without_rows(tmp_path: Path, content: bytes, rows: int) -> None:
    count, kept, _ = read(tmp_path / "d", "orders.jsonl", content)
    assert (count.rows, kept) == (rows, [])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("orders.csv", CSV.replace(b"\n", b"\r"), "carriage returns alone"),
        ("orders.csv", CSV.replace(b"buyer_id", b"buyer\r_id"), "carriage returns alone"),
        ("orders.csv", CSV.replace(b"order_id", b'"order_id'), "has a header that is not CSV"),
        ("orders.csv", CSV.replace(b"amount_paid", b"x" * 200_000), "has a header that is not CSV"),
        ("orders.csv", CSV.replace(b"amount_paid", b" Order_id"), "has two columns order_id"),
        ("orders.csv", CSV.decode().encode("utf-16"), "is UTF-16"),
        ("orders.csv", CSV.decode().encode("utf-16-le"), "has no header"),
        ("orders.csv", b"\n \n", "has no header"),
        ("orders.csv.gz", PACKED[:3], "damaged from its first bytes"),
        ("orders.csv.gz", PACKED[:20] + bytes([PACKED[20] ^ 255]) + PACKED[21:], "damaged from its first bytes"),
        ("orders.jsonl", JSONL.decode().encode("utf-16"), "is UTF-16"),
        ("orders.jsonl", json.dumps(OBJECTS).encode(), "one JSON array"),
        ("orders.jsonl", json.dumps(OBJECTS, indent=1).encode(), "one JSON array"),
        ("orders.jsonl", b'{"id": 1}\n', "lacks the column order_id"),
    ],
)
def test_a_file_that_cannot_be_cut_into_records_is_refused_with_what_to_do(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        read(tmp_path / "d", name, content)
    assert "\n" not in str(caught.value)
