"""Parquet columns as writers leave them: other types, gaps, broken texts, values out of reach."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcelproof.dataset import TableCount, load
from parcelproof.engines.duckdb import Engine
from parcelproof.errors import InputError

N = 20
MOMENTS = [datetime(2026, 7, 1, 10, 0, n) for n in range(N)]  # noqa: DTZ001  naive UTC is what the tables hold
BASE = {
    "order_id": pa.array([f"O{n:02d}" for n in range(N)]),
    "merchant_id": pa.array(["M"] * N),
    "buyer_id": pa.array([f"B{n}" for n in range(N)]),
    "paid_at": pa.array(MOMENTS, pa.timestamp("us")),
}
GOOD_MS = 1_782_900_000_000


def broken(texts: list[bytes]) -> pa.Array:
    """Texts whose bytes nobody checked."""
    return pa.Array.from_buffers(pa.string(), len(texts), pa.array(texts).buffers())


def read(folder: Path, columns: dict[str, Any], **options: Any) -> tuple[TableCount, list[dict[str, Any]], list[dict[str, Any]]]:
    folder.mkdir(exist_ok=True)
    pq.write_table(pa.table(BASE | columns), folder / "orders.parquet", **options)
    (folder / "declarations.csv").write_text("order_id,carrier,waybill_no,declared_at\nO1,SF,1,2026-07-01T11:00:00Z\n")
    with Engine(threads=1) as engine:
        loaded = load(engine, folder)
        count = loaded.counts["orders"]
        kept = engine.arrow("select * from orders order by paid_at, order_id").to_pylist()
        aside = engine.arrow("select * from quarantine order by row").to_pylist()
        wanted = engine.columns("orders")
    assert wanted["paid_at"] == "TIMESTAMP"
    assert wanted["amount_paid"] == "DECIMAL(18,2)"
    assert wanted["quantity"] == "BIGINT"
    assert wanted["buyer_id"] == "VARCHAR"
    assert loaded.as_of.year == 2026
    assert count.rows == N == count.kept + count.quarantined
    assert (count.kept, count.quarantined) == (len(kept), len(aside))
    return count, kept, aside


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        ("buyer_id", pa.array(["a"] * N).dictionary_encode(), "a"),
        ("buyer_id", pa.array(["a"] * N, pa.large_string()), "a"),
        ("buyer_id", pa.array(["a"] * N, pa.string_view()), "a"),
        ("buyer_id", pa.array([b"a"] * N), "a"),
        ("buyer_id", pa.array([7] * N, pa.uint64()), "7"),
        ("buyer_id", pa.array([7.0] * N), "7"),
        ("buyer_id", pa.array([2**64 - 1] * N, pa.uint64()), str(2**64 - 1)),
        ("buyer_id", pa.array([uuid.UUID(int=7).bytes] * N, pa.uuid()), str(uuid.UUID(int=7))),
        ("city", pa.array([""] * N), None),
        ("city", pa.nulls(N), None),
        ("kind", pa.nulls(N), "standard"),
        ("kind", pa.array(["", "Standard", " standard ", None] * 5), "standard"),
        ("adcode", pa.array([330106] * N), "330106"),
        ("placed_at", pa.nulls(N), None),
        ("placed_at", pa.array(MOMENTS[:1] * N, pa.timestamp("s")), MOMENTS[0]),
        ("placed_at", pa.array(MOMENTS[:1] * N, pa.timestamp("ms")), MOMENTS[0]),
        ("placed_at", pa.array(MOMENTS[:1] * N, pa.timestamp("ns")), MOMENTS[0]),
        ("placed_at", pa.array(MOMENTS[:1] * N, pa.timestamp("ns", "UTC")), MOMENTS[0]),
        ("placed_at", pa.array(MOMENTS[:1] * N, pa.timestamp("us", "Asia/Shanghai")), MOMENTS[0]),
        ("placed_at", pa.array(["2026-07-01 18:00:00+08"] * N), MOMENTS[0]),
        ("amount_paid", pa.array([Decimal("1.5")] * N, pa.decimal128(38, 10)), Decimal("1.50")),
        ("amount_paid", pa.array([Decimal("0.5")] * N, pa.decimal128(38, 38)), Decimal("0.50")),
        ("amount_paid", pa.array([59.699999999999996] * N), Decimal("59.70")),
        ("amount_paid", pa.array([3] * N, pa.int8()), Decimal("3.00")),
        ("quantity", pa.array([3.0] * N, pa.float32()), 3),
        ("quantity", pa.array([3] * N, pa.uint64()), 3),
        ("quantity", pa.nulls(N), None),
    ],
)
def test_a_column_of_another_type_is_read_without_loss(tmp_path: Path, column: str, values: Any, expected: object) -> None:
    count, kept, _ = read(tmp_path / "d", {column: values})
    assert count.kept == N
    assert {row[column] for row in kept} == {expected}


@pytest.mark.parametrize(
    ("column", "values", "bad", "told"),
    [
        ("buyer_id", pa.array([None, ""] + ["b"] * 18), 2, "buyer_id is missing"),
        ("buyer_id", pa.array([["a"]] * 3 + [["b"]] * 17), N, "is not a text"),
        ("city", pa.array([{"a": 1}] * 3 + [None] * 17), 3, "is not a text"),
        ("city", pa.array([[("a", "b")]] * 3 + [None] * 17, pa.map_(pa.string(), pa.string())), 3, "is not a text"),
        ("city", pa.array([b"\xff"] + [b"ok"] * 19), 1, "is not a text"),
        ("city", pa.array([1e300, 0.5] + [1.0] * 18), 2, "is not a text"),
        ("city", pa.array([timedelta(1)] * 1 + [None] * 19).cast(pa.duration("us")).cast(pa.int64()).cast(pa.float64()), 0, ""),
        ("kind", pa.array(["bogus"] + ["GIFT"] * 19), 1, "kind: 'bogus' is not one of standard"),
        ("kind", pa.array([1] * 2 + [None] * 18), 2, "kind: '1' is not one of standard"),
        ("paid_at", pa.array([date(2026, 7, 1)] * N), N, "is not a time"),
        ("paid_at", pa.array([time(1, 2)] * N), N, "is not a time"),
        ("paid_at", pa.array([1.7e9] * N), N, "is not a time"),
        ("placed_at", pa.array([2**63 - 1, -(2**63) + 1, 2**62] + [GOOD_MS * 1000] * 17, pa.timestamp("us")), 3, "between the years"),
        ("placed_at", pa.array([2**63 - 1, -(2**63) + 1, 2**62] + [GOOD_MS * 1000] * 17, pa.timestamp("us", "UTC")), 3, "between the years"),
        ("placed_at", pa.array([2**63 - 1, -(2**63) + 1, 2**62] + [GOOD_MS] * 17, pa.timestamp("ms")), 3, "between the years"),
        ("placed_at", pa.array([2**63 - 1, -(2**63) + 1, 2**62] + [GOOD_MS] * 17, pa.timestamp("ms", "UTC")), 3, "between the years"),
        ("amount_paid", pa.array([Decimal(10) ** 37] * 2 + [Decimal(1)] * 18, pa.decimal128(38, 0)), 2, "is not an amount"),
        ("amount_paid", pa.array([Decimal("0.001")] + [Decimal(1)] * 19, pa.decimal128(18, 3)), 1, "is not an amount"),
        ("amount_paid", pa.array([float("nan"), float("inf"), 1e300, 0.001] + [1.0] * 16), 4, "is not an amount"),
        ("amount_paid", pa.array([-1.0] + [1.0] * 19), 1, "is below 0"),
        ("amount_paid", pa.array([Decimal("-0.01")] + [Decimal("1.00")] * 19, pa.decimal128(18, 2)), 1, "is below 0"),
        ("quantity", pa.array([2**64 - 1] + [1] * 19, pa.uint64()), 1, "is not a whole number"),
        ("quantity", pa.array([1.5, float("nan")] + [1.0] * 18), 2, "is not a whole number"),
        ("quantity", pa.array([-1] + [1] * 19), 1, "is below 0"),
        ("quantity", pa.array([True] * N), N, "is not a whole number"),
        ("city", broken([b"\xff\xfe"] + [b"ok"] * 19), 1, "not valid UTF-8"),
        ("buyer_id", broken([b"\xff\xfe"] + [b"ok"] * 19), 1, "not valid UTF-8"),
        ("kind", broken([b"\xff\xfe"] + [b"gift"] * 19), 1, "not valid UTF-8"),
        ("city", pa.DictionaryArray.from_arrays(pa.array([0, 1] * 10, pa.int32()), broken([b"\xff", b"ok"])), 10, "not valid UTF-8"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"write_statistics": False, "use_dictionary": False, "row_group_size": 7}])
def test_bad_values_cost_no_other_row(tmp_path: Path, column: str, values: Any, bad: int, told: str, options: dict[str, Any]) -> None:
    _, _, aside = read(tmp_path / "d", {column: values}, **options)
    assert [row["row"] for row in aside][: min(bad, 3)] == [1, 2, 3][: min(bad, 3)] or bad == N // 2
    assert len(aside) == bad
    assert all(told in row["reason"] for row in aside)
    assert all("\ufdd0" not in row["text"] and row["text"].startswith('{"order_id":"O') for row in aside)


def test_a_broken_text_in_a_column_that_nobody_reads_costs_nothing(tmp_path: Path) -> None:
    count, *_ = read(tmp_path / "d", {"remark": broken([b"\xff\xfe"] + [b"ok"] * 19)})
    assert count.kept == N


def test_columns_may_have_odd_names_and_any_case(tmp_path: Path) -> None:
    odd = {"": pa.array([1] * N), "a'b\"c": pa.array([1] * N), " CITY ": pa.array(["杭州"] * N), "buyer_id": pa.array([None] + ["b"] * 19)}
    _, kept, aside = read(tmp_path / "d", odd)
    assert {row["city"] for row in kept} == {"杭州"}
    assert [row["row"] for row in aside] == [1]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two columns city"):
        read(tmp_path / "d", {"city": pa.array(["a"] * N), " City": pa.array(["b"] * N)})


def test_a_clean_column_is_used_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    read(folder, {"kind": pa.array(["gift"] * N), "city": pa.array(["a"] * N)})
    with Engine(threads=1) as engine:
        load(engine, folder)
        plan = engine.rows("explain select kind, city, paid_at from orders")[0][1]
    assert "PARQUET" in plan.upper()
    assert "CASE" not in plan.upper()
    assert "nullif" not in plan.lower()
