from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcelproof.errors import InputError, MappingError, ParcelproofError, UsageError
from parcelproof.sources import reader
from parcelproof.sources.common import Context, Reading, parse_zone

FIXTURES = Path(__file__).parent / "fixtures/csv"
DOCS = Path(__file__).parents[2] / "docs/reference/sources.md"
SCANS = "carrier,waybill_no,event_time,stage,place,description\n中通快递,7319-0553 102532,2023-01-01T10:00:00+08:00,collected,杭州,张** 13800000000 已揽收\n"


def read(data: str | bytes, name: str = "x.csv", zone: str | None = None, **options: str) -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    return reader("csv").read(raw, Context(name, parse_zone(zone) if zone else None, b"salt" * 8, options))


def mapped(tmp_path: Path, mapping: str, data: str | bytes, zone: str | None = None) -> Reading:
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    return read(data, zone=zone, mapping=str(tmp_path / "m.yaml"))


def test_an_export_with_a_mapping_gives_orders_and_declarations() -> None:
    reading = read((FIXTURES / "orders_gb18030.csv").read_bytes(), mapping=str(FIXTURES / "orders.mapping.yaml"))
    first, second = reading.rows["orders"]
    assert (first["order_id"], first["paid_at"], first["amount_paid"]) == ("6496679971677798670", datetime(2023, 1, 1, 2, tzinfo=UTC), Decimal("94.80"))
    assert (first["status"], first["merchant_id"], first["phone_key"], first["recipient_key"]) == ("completed", "shop-1", None, None)
    assert len(second["phone_key"]) == 32
    (declaration,) = reading.rows["declarations"]
    assert (declaration["carrier"], declaration["waybill_no"], declaration["declared_at"]) == ("ZTO", "73190553102532", datetime(2023, 1, 1, 7, tzinfo=UTC))


def test_each_bad_row_of_an_export_is_refused_with_its_number_and_reason() -> None:
    refused = read((FIXTURES / "orders_gb18030.csv").read_bytes(), mapping=str(FIXTURES / "orders.mapping.yaml")).refused
    assert [where.split(",")[0] for where, _ in refused] == ["row 3", "row 4", "row 5"]
    assert "rounded by a spreadsheet" in refused[0][1]
    assert refused[1][1] == "it has 2 fields where the header has 12"
    assert "is no time" in refused[2][1]


def test_the_mapping_of_the_reference_works_as_it_stands(tmp_path: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    mapping = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    table = re.search(r"```text\n(订单号.*?)```", text, re.DOTALL)
    assert mapping is not None
    assert table is not None
    reading = mapped(tmp_path, mapping[1], table[1])
    assert reading.refused == []
    assert [(row["order_id"], row["status"], row["amount_paid"]) for row in reading.rows["orders"]] == [("A1", "completed", Decimal("12.80"))]
    assert [(row["carrier"], row["waybill_no"]) for row in reading.rows["declarations"]] == [("ZTO", "73190553102532")]


@pytest.mark.parametrize(
    "data",
    [
        SCANS.encode("utf-8-sig"), SCANS.encode("utf-16"), SCANS.encode("gb18030"), SCANS.replace(",", ";").encode(), SCANS.replace(",", "\t").encode(),
        SCANS.replace("\n", "\r\n").encode(), SCANS.replace("\n", "\r").encode(), b"sep=,\n" + SCANS.encode(), SCANS.upper().replace("已", "已").encode(),
    ],
)  # fmt: skip
def test_canonical_columns_need_no_mapping_in_any_encoding_and_delimiter(data: bytes) -> None:
    reading = read(data)
    assert reading.refused == []
    (row,) = reading.rows["scans"]
    assert (row["carrier"], row["waybill_no"], row["stage"]) == ("ZTO", "73190553102532", "collected")
    assert row["event_time"] == datetime(2023, 1, 1, 2, tzinfo=UTC)
    assert "13800000000" not in row["description"]


@pytest.mark.parametrize(
    ("header", "name", "table"),
    [
        ("order_id,carrier,waybill_no,declared_at", "x.csv", "declarations"),
        ("order_id,confirmed_at,rating", "x.csv", "receipts"),
        ("order_id,kind,opened_at,upheld", "x.csv", "complaints"),
        ("order_id", "receipts-2023.csv", "receipts"),
        ("carrier,waybill_no,weight_g", "x.csv", "parcels"),
    ],
)
def test_the_table_is_recognised_from_the_columns(header: str, name: str, table: str) -> None:
    values = {"kind": "short", "rating": "5", "upheld": "true", "weight_g": "100", "order_id": "1", "carrier": "SF", "waybill_no": "SF1"}
    row = ",".join(values.get(column, "2023-01-01T00:00:00Z") for column in header.split(","))
    assert list(read(f"{header}\n{row}\n", name).rows) == [table]


def test_orders_with_their_waybills_give_both_tables() -> None:
    header = "order_id,merchant_id,buyer_id,paid_at,phone_key,carrier,waybill_no,declared_at"
    shipped = "1,m,b,2023-01-01T00:00:00Z,138****0000,SF,SF1,2023-01-01T02:00:00Z"
    waiting = "2,m,b,2023-01-01T00:00:00Z,13800000000,,,"
    broken = "3,m,b,2023-01-01T00:00:00Z,,SF,SF3,"
    reading = read(f"{header}\n{shipped}\n{waiting}\n{broken}")
    assert [(row["order_id"], row["phone_key"] is None) for row in reading.rows["orders"]] == [("1", True), ("2", False)]
    assert [row["order_id"] for row in reading.rows["declarations"]] == ["1"]
    assert reading.refused == [("row 3, declarations", "it lacks declared_at")]


@pytest.mark.parametrize("header", ["a,b", "order_id,x", "carrier,x", "order_id,kind"])
def test_where_nothing_tells_the_table_it_is_asked_for(header: str) -> None:
    reading = read(f"{header}\n1,2\n")
    assert reading.rows == {}
    assert "name it with --table, or write a --mapping" in reading.refused[0][1]


def test_a_table_that_lacks_a_column_is_not_taken_for_another() -> None:
    reading = read("carrier,waybill_no,event_time,place,description,adcode\nSF,SF1,2023-01-01T00:00:00Z,,,\n")
    assert reading.rows == {}
    assert reading.refused == [("file", "it lacks the column stage of scans: rename its column, or write a --mapping")]


def test_a_table_that_is_named_is_taken_at_its_word() -> None:
    assert list(read("order_id,kind,happened_at\n1,merge_agreed,2023-01-01T00:00:00Z\n", table="order_events").rows) == ["order_events"]
    with pytest.raises(UsageError, match="did you mean 'scans'"):
        read(SCANS, table="scan")
    with pytest.raises(InputError, match="lacks the column event_time of scans"):
        read("carrier,waybill_no,stage\nSF,1,collected\n", table="scans")


def test_a_quote_that_is_never_closed_costs_its_row_alone() -> None:
    more = SCANS.splitlines()[1]
    reading = read(f'{SCANS}SF,"SF1,2023-01-01T10:00:00Z,collected,,\n{more.replace("collected", "hub_in")}\n')
    assert [row["stage"] for row in reading.rows["scans"]] == ["collected", "hub_in"]
    assert reading.refused == [("row 2", "it opens a quote that is never closed")]


def test_stages_come_from_the_mapping_else_from_the_words_and_unknown_codes_are_kept(tmp_path: Path) -> None:
    mapping = """
zone: Asia/Shanghai
tables:
  scans:
    carrier: {constant: 中通}
    waybill_no: n
    event_time: t
    stage: {column: s, values: {已签收: delivered, 无: ""}}
    description: d
"""
    rows = "n,t,s,d\n1,2023-01-01 10:00,已签收,\n1,2023-01-01 11:00,无,【杭州中转部】已揽收\n1,2023-01-01 12:00,X7,谢谢\n"
    reading = mapped(tmp_path, mapping, rows)
    assert [(row["stage"], row["description"]) for row in reading.rows["scans"]] == [
        ("delivered", None), ("collected", "【杭州中转部】已揽收"), ("other", "[code X7] 谢谢"),
    ]  # fmt: skip
    assert "'X7' is unknown" in reading.notes[0]


def test_times_without_a_zone_need_one(tmp_path: Path) -> None:
    mapping = "tables: {receipts: {order_id: o, confirmed_at: t}}"
    assert "has no zone" in mapped(tmp_path, mapping, "o,t\n1,2023-01-01 10:00\n").refused[0][1]
    assert mapped(tmp_path, mapping, "o,t\n1,2023-01-01 10:00\n", "+08:00").rows["receipts"][0]["confirmed_at"] == datetime(2023, 1, 1, 2, tzinfo=UTC)
    own = "tables: {receipts: {order_id: o, confirmed_at: {column: t, format: '%d.%m.%Y', zone: '+01:00'}}}"
    assert mapped(tmp_path, own, "o,t\n1,02.01.2023\n").rows["receipts"][0]["confirmed_at"] == datetime(2023, 1, 1, 23, tzinfo=UTC)
    assert mapped(tmp_path, mapping, "o,t\n1,0000-00-00 00:00:00\n").rows["receipts"][0]["confirmed_at"] is None


def test_every_fault_of_a_mapping_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    mapping = """zone: Mars/Base
mony: fen
tables:
  orders:
    order_id: {column: a, constant: b}
    orderid: x
    paid_at: {column: a, unit: fen, columns: c}
    status: {column: b, values: {ok: payed}}
    buyer_id: {column: b, hash: true, sort: up}
    amount_paid: {column: b, unit: cents}
    product_id:
  scan: {}
  links: nothing
  receipts: {order_id: {column: a, values: x}}
"""
    with pytest.raises(MappingError) as caught:
        mapped(tmp_path, mapping, "a,b\n1,2\n")
    faults = sorted(caught.value.faults, key=lambda fault: int(fault.split(":")[1]))
    assert [fault.split(": ", 1)[0] for fault in faults] == [
        "m.yaml:1", "m.yaml:2", "m.yaml:5", "m.yaml:5", "m.yaml:6", "m.yaml:7", "m.yaml:7", "m.yaml:7", "m.yaml:8", "m.yaml:9", "m.yaml:9",
        "m.yaml:10", "m.yaml:11", "m.yaml:12", "m.yaml:13", "m.yaml:14",
    ]  # fmt: skip
    for said in (
        "is no zone",
        "did you mean 'money'",
        "needs merchant_id",
        "did you mean 'order_id'",
        "take it out",
        "did you mean 'paid'",
        "known are fen, yuan",
    ):
        assert any(said in fault for fault in faults), said


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("[1, 2]", "holds no mapping"), ("a: [", "it is not YAML"), ("tables: {}", "names no table"), ("a: &x [*x]", "alias"), ("", "holds no mapping"),
        ("tables: {receipts: {order_id: &a o, confirmed_at: *a}}", "alias"), ("{" * 5000, "it is not YAML"), ("\0", "it is not YAML"),
        ("tables: {receipts: {order_id: nowhere}}", "no such column: unknown column 'nowhere'"),
    ],
)  # fmt: skip
def test_a_mapping_that_is_none_is_told(tmp_path: Path, mapping: str, says: str) -> None:
    with pytest.raises(MappingError, match=says):
        mapped(tmp_path, mapping, "a,b\n1,2\n")


def test_rows_of_one_key_that_differ_are_told() -> None:
    rows = "order_id,merchant_id,buyer_id,paid_at,product_id\n1,m,b,2023-01-01T00:00:00Z,p1\n1,m,b,2023-01-01T00:00:00Z,p2\n"
    assert "1 rows of orders repeat a key with other values" in read(rows).notes[0]


@pytest.mark.parametrize(("data", "says"), [(b"", "it is empty"), (b"PAR1\0\0", "binary"), (b"<html><title>Login</title>", "web page")])
def test_a_file_that_is_no_text_is_told(data: bytes, says: str) -> None:
    assert says in read(data).refused[0][1]


def test_a_field_without_end_costs_its_row_alone() -> None:
    reading = read(f"{SCANS}SF,SF1,2023-01-01T10:00:00Z,collected,,{'x' * 200_000}\n{SCANS.splitlines()[1]}\n")
    assert len(reading.rows["scans"]) == 2
    assert "damaged CSV" in reading.refused[0][1]


@pytest.mark.parametrize("text", ["sep=,\n", ",,,\n1,2,3\n", "x" * 200_000 + ",y\n1,2\n"])
def test_a_file_without_a_header_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="has no header"):
        read(text)


def test_a_header_with_a_name_twice_is_refused() -> None:
    with pytest.raises(InputError, match="two columns named 'a'"):
        read("a,b,a\n1,2,3\n")


@given(st.binary(max_size=200))
def test_no_file_brings_the_reader_down(data: bytes) -> None:
    with contextlib.suppress(ParcelproofError):
        reading = read(b"order_id,confirmed_at\n" + data)
        assert reading.rows or reading.refused


@given(st.text(max_size=120))
def test_no_mapping_brings_the_reader_down(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("m")
    with contextlib.suppress(ParcelproofError):
        mapped(folder, f"tables: {{receipts: {{order_id: {text}}}}}", "a\n1\n")
