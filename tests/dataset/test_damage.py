"""Damaged files of every kind through the whole command: it ends with 0, or with 2 and one line, and no sound row is lost."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from parcelproof import cli

N = 12


def number(n: int) -> str:
    """An id so far from all others that no small damage makes one into another."""
    return f"{n:02d}" * 8


TABLES: dict[str, list[dict[str, object]]] = {
    "orders": [
        {"order_id": number(n), "merchant_id": "M1", "buyer_id": f"B{n}", "paid_at": f"2026-07-01T10:00:{n:02d}Z", "amount_paid": "12.50", "city": "杭州"}
        for n in range(N)
    ],
    "declarations": [{"order_id": number(n), "carrier": "SF", "waybill_no": number(n + 50), "declared_at": f"2026-07-01T11:00:{n:02d}Z"} for n in range(N)],
    "scans": [
        {"carrier": "SF", "waybill_no": number(n + 50), "event_time": f"2026-07-02T11:00:{n:02d}Z", "stage": "collected", "place": "杭州, 一"} for n in range(N)
    ],
    "receipts": [{"order_id": number(n), "confirmed_at": f"2026-07-03T11:00:{n:02d}Z", "confirmed_by": "buyer", "rating": "5"} for n in range(N)],
}
FORMATS = ("csv", "csv.gz", "jsonl", "jsonl.gz", "parquet")
ODD = (
    None, "", " ", "NaN", "null", "-1", "1e400", "9" * 40, "12.345", "2026-07-01", "2026-07-01 10:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    "2026-13-40T99:99:99Z", "2026-07-01T10:00:00+15:00", "true", '"', '"x', "a\nb", "a,b", "\r", "\r\n", "\\", "'", "\0", "\u2028", "\ufdd0", "😀",
    "x" * 5000, "'; drop table orders", "${x}", "=1+1",
)  # fmt: skip


def written(rows: list[dict[str, object]], suffix: str) -> bytes:
    """The rows in one of the formats."""
    if suffix == "parquet":
        sink = io.BytesIO()
        pq.write_table(pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]}), sink)
        return bytes(sink.getvalue())
    out = io.StringIO()
    if suffix.startswith("csv"):
        sheet = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        sheet.writeheader()
        sheet.writerows(rows)
    else:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    data = out.getvalue().encode()
    return gzip.compress(data, mtime=0) if suffix.endswith("gz") else data


def judged(files: dict[str, bytes]) -> tuple[int, str, dict[str, Any]]:
    """Exit code, stderr and, where the dataset was judged, rows by table; the counts are checked against the tables."""
    said, error, code = io.StringIO(), io.StringIO(), 0
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(said), contextlib.redirect_stderr(error):
        for name, content in files.items():
            path = Path(folder, "in", name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        out = Path(folder, "out")
        before, sys.argv = sys.argv, ["parcelproof", "judge", f"{folder}/in", "--policy", "douyin-shop", "--out", str(out), "--threads", "1"]
        try:
            cli.main()
        except SystemExit as left:
            code = int(left.code or 0)
        finally:
            sys.argv = before
        if code:
            return code, error.getvalue(), {}
        run = json.loads((out / "run.json").read_text(encoding="utf-8"))
        aside = pq.read_metadata(out / "quarantine.parquet").num_rows
        orders = len(set(pq.read_table(out / "verdicts.parquet", columns=["order_id"]).column(0).to_pylist()))
    rows = run["rows"]
    for count in rows.values():
        assert count["rows"] == count["kept"] + count["quarantined"] + count["duplicates"] + count["superseded"]
    assert aside == sum(count["quarantined"] for count in rows.values())
    assert orders >= rows["orders"]["kept"]
    return code, error.getvalue(), rows


def one_line(error: str) -> bool:
    return error.startswith("parcelproof: ") and error.endswith("\n") and error.count("\n") == 1


suffixes = st.fixed_dictionaries(dict.fromkeys(TABLES, st.sampled_from(FORMATS)))


@settings(max_examples=18, deadline=None)
@given(suffixes=suffixes, row=st.integers(0, N - 1), column=st.integers(0, 5), value=st.sampled_from(ODD), parts=st.booleans())
def test_an_odd_value_in_each_table_costs_its_own_row_at_most(suffixes: dict[str, str], row: int, column: int, value: object, *, parts: bool) -> None:
    files = {}
    for table, suffix in suffixes.items():
        rows = [dict(one) for one in TABLES[table]]
        rows[row][list(rows[0])[column % len(rows[0])]] = value
        for part, some in enumerate((rows[: N // 2], rows[N // 2 :]) if parts else (rows,)):
            files[f"{table}/day={part}/a.{suffix}" if parts else f"{table}.{suffix}"] = written(some, suffix)
    code, error, counts = judged(files)
    assert (code, error) == (0, "")
    for table in TABLES:
        assert counts[table]["rows"] == N
        assert counts[table]["kept"] >= N - 1, table


@settings(max_examples=24, deadline=None)
@given(
    suffixes=suffixes,
    table=st.sampled_from(list(TABLES)),
    place=st.floats(0, 1),
    cut=st.integers(0, 4),
    junk=st.one_of(st.binary(max_size=4), st.sampled_from([b"\n", b"\r", b'"', b',"', b"\0", b"{", b"}\n{", b"\xff\xfe", b"\xef\xbb\xbf"])),
    end=st.sampled_from([1.0, 1.0, 1.0, 0.99, 0.5, 0.0]),
)
def test_damaged_bytes_are_told_and_cost_no_line_that_they_did_not_touch(
    suffixes: dict[str, str], table: str, place: float, cut: int, junk: bytes, end: float
) -> None:
    files = {f"{name}.{suffix}": written(TABLES[name], suffix) for name, suffix in suffixes.items()}
    name = f"{table}.{suffixes[table]}"
    whole = files[name]
    at = int(place * len(whole))
    damaged = whole[:at] + junk + whole[at + cut :]
    files[name] = damaged[: int(end * len(damaged))]
    code, error, counts = judged(files)
    if code:
        assert code == 2
        assert one_line(error), error
        assert name in error or "no row with a time" in error
        return
    assert all(counts[other]["kept"] == N for other in TABLES if other != table)
    if suffixes[table] in {"csv", "jsonl"}:
        header = suffixes[table] == "csv"
        touched = whole[at : at + cut].count(b"\n") + 1
        left = files[name].count(b"\n") - damaged[at : at + len(junk)].count(b"\n") - header
        assert counts[table]["kept"] >= min(left, N) - touched
