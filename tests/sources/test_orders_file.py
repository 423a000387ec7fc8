from __future__ import annotations

import contextlib
import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError
from parcelproof.sources.casting import Unusable, cast_row, cast_value
from parcelproof.sources.common import Context, Reading, parse_zone
from parcelproof.sources.orders import read_orders

ROW = {"order_id": "o1", "merchant_id": "m1", "buyer_id": "b1", "paid_at": "2026-08-01T10:00:00+08:00"}
DECLARED = ROW | {"carrier": "SF", "waybill_no": "SF1234567890123", "declared_at": "2026-08-01T12:00:00+08:00"}


def read(data: bytes, name: str, zone: str | None = None) -> Reading:
    return read_orders(data, Context(name, parse_zone(zone) if zone else None, b"salt" * 8))


def csv_bytes(*rows: dict[str, str], mark: str = ",") -> bytes:
    return "\n".join([mark.join(rows[0]), *(mark.join(row.values()) for row in rows)]).encode()


def parquet_bytes(row: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([row]), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("orders.csv", csv_bytes(DECLARED)),
        ("orders.csv", csv_bytes(DECLARED, mark=";")),
        ("orders.csv", b"\xef\xbb\xbf" + csv_bytes(DECLARED)),
        ("orders.csv.gz", gzip.compress(csv_bytes(DECLARED), mtime=0)),
        ("orders.tsv", csv_bytes(DECLARED, mark="\t")),
        ("orders.jsonl", json.dumps(DECLARED).encode()),
        ("orders.json", json.dumps([DECLARED]).encode()),
        ("orders.parquet", parquet_bytes(DECLARED)),
        ("orders.parquet", parquet_bytes(DECLARED | {"paid_at": datetime(2026, 8, 1, 2)})),  # noqa: DTZ001  Parquet's naive time is UTC
    ],
)
def test_the_same_order_from_any_kind_of_file(name: str, data: bytes) -> None:
    reading = read(data, name)
    assert reading.refused == []
    (order,) = reading.rows["orders"]
    assert (order["order_id"], order["paid_at"]) == ("o1", datetime(2026, 8, 1, 2, tzinfo=UTC))
    assert reading.rows["declarations"][0]["declared_at"] == datetime(2026, 8, 1, 4, tzinfo=UTC)


def test_a_bad_record_costs_no_other() -> None:
    data = csv_bytes(ROW, ROW | {"order_id": "", "buyer_id": ""}, ROW | {"order_id": "o3"}) + b"\nshort,row\n\n"
    reading = read(data, "orders.csv")
    assert [row["order_id"] for row in reading.rows["orders"]] == ["o1", "o3"]
    assert [why for _, why in reading.refused] == ["it has 2 fields where the header has 4", "it lacks order_id and buyer_id"]


def test_several_parcels_of_an_order_are_several_declarations() -> None:
    reading = read(csv_bytes(DECLARED, DECLARED | {"waybill_no": "SF1234567890124"}), "orders.csv")
    assert [row["waybill_no"] for row in reading.rows["declarations"]] == ["SF1234567890123", "SF1234567890124"]


def test_a_declaration_without_a_carrier_is_refused_with_its_order() -> None:
    reading = read(csv_bytes(DECLARED | {"carrier": ""}), "orders.csv")
    assert reading.rows == {}
    assert reading.refused[0][1] == "it lacks carrier"


@pytest.mark.parametrize("plain", ["13800000000", "杭州市西湖区张三", "a@b.cn", "Main Street 5"])
def test_a_key_in_the_clear_is_hashed(plain: str) -> None:
    reading = read(csv_bytes(ROW | {"recipient_key": plain}), "orders.csv")
    assert len(reading.rows["orders"][0]["recipient_key"]) == 32
    assert "in the clear" in reading.notes[0]


def test_a_hashed_key_stays_as_it_is() -> None:
    assert read(csv_bytes(ROW | {"recipient_key": "9f86d081884c7d65"}), "orders.csv").rows["orders"][0]["recipient_key"] == "9f86d081884c7d65"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("orders.csv", b"order_id,merchant_id,paid_at\no1,m1,2026-08-01T10:00:00Z\n", "lacks the column buyer_id"),
        ("orders.csv", b"", "it is empty"),
        ("orders.csv", b"\n\n", "it is empty"),
        ("orders.csv.gz", b"\x1f\x8bxx", "damaged gzip"),
        ("orders.parquet", b"PAR1 and no more", "no readable Parquet"),
        ("orders.csv", b"<html><title>Login</title>", "web page (login)"),
    ],
)
def test_a_file_that_is_no_list_of_orders_is_told_in_one_line(name: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        read(data, name)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("amount_paid", "¥1,234.5", Decimal("1234.50")), ("amount_paid", 12.345, Decimal("12.35")), ("amount_paid", "12元", Decimal("12.00")),
        ("quantity", "3", 3), ("quantity", "3.0", 3), ("quantity", Decimal(2), 2), ("order_id", 2**70, str(2**70)), ("order_id", " x ", "x"),
        ("order_id", "a\0\ud800", "a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"), ("kind", "PRESALE", "presale"), ("kind", "", None),
        ("paid_at", datetime(2026, 8, 1, 10, tzinfo=parse_zone("+08:00")), datetime(2026, 8, 1, 2, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_value_is_cast_to_its_column(column: str, value: object, expected: object) -> None:
    assert cast_value(TABLES["orders"].column(column), value) == expected


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("amount_paid", "free", "is no amount"), ("amount_paid", True, "is no amount"), ("amount_paid", "1e99", "is no amount"),
        ("amount_paid", "NaN", "is no amount"), ("quantity", "1.5", "no whole number"), ("quantity", "1e99999999", "no whole number"),
        ("quantity", False, "no whole number"), ("kind", "robbery", "is not one of standard"), ("paid_at", "soon", "is no time"),
        ("paid_at", "2026-08-01 10:00", "has no zone"), ("paid_at", datetime(2026, 8, 1), "has no zone"),  # noqa: DTZ001  what is tested
        ("order_id", {"a": 1}, "holds an object"),
    ],
)  # fmt: skip
def test_a_value_that_its_column_cannot_take_is_told(column: str, value: object, says: str) -> None:
    with pytest.raises(Unusable, match=says):
        cast_value(TABLES["orders"].column(column), value)


def test_true_and_false_have_many_writings() -> None:
    upheld = TABLES["complaints"].column("upheld")
    assert [cast_value(upheld, value) for value in ("true", "否", 1, 0, True, "")] == [True, False, True, False, True, None]
    with pytest.raises(Unusable, match="neither true nor false"):
        cast_value(upheld, "maybe")


@given(
    st.dictionaries(
        st.sampled_from([column.name for column in TABLES["orders"].columns]),
        st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.datetimes(), st.lists(st.none())),
    )
)
def test_a_row_of_anything_is_cast_or_refused(row: dict[str, object]) -> None:
    with contextlib.suppress(Unusable):
        assert cast_row(TABLES["orders"], row)["paid_at"].utcoffset() == timedelta(0)  # type: ignore[union-attr]


@given(st.binary(max_size=200), st.sampled_from(["orders.csv", "orders.jsonl", "orders.parquet", "orders.csv.gz"]))
def test_no_file_brings_the_reader_down(data: bytes, name: str) -> None:
    with contextlib.suppress(InputError):
        assert set(read(data, name).rows) <= {"orders", "declarations"}
