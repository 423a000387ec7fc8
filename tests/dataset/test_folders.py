"""Folders as they are met: parts, partitions, links, and files that nobody would read."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcelproof.dataset import load
from parcelproof.dataset.files import find
from parcelproof.engines.duckdb import Engine
from parcelproof.errors import InputError

HEADER = "order_id,merchant_id,buyer_id,paid_at\n"
DECLARATIONS = "order_id,carrier,waybill_no,declared_at\nO1,SF,1,2026-07-01T11:00:00Z\n"


def row(number: int) -> str:
    return f"O{number},M1,B{number},2026-07-01T10:00:00Z\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "d"
    (folder / "orders").mkdir(parents=True)
    (folder / "declarations.csv").write_text(DECLARATIONS)
    (folder / "orders" / "a.csv").write_text(HEADER + row(1))
    return folder


def orders(folder: Path, columns: str = "order_id") -> list[tuple[object, ...]]:
    with Engine(threads=1) as engine:
        load(engine, folder)
        return engine.rows(f"select {columns} from orders order by all")


def test_parts_may_be_of_several_formats_and_stand_in_folders(folder: Path) -> None:
    (folder / "orders" / "deep" / "er").mkdir(parents=True)
    (folder / "orders" / "deep" / "er" / "b.jsonl").write_text('{"order_id":"O2","merchant_id":"M","buyer_id":"B","paid_at":"2026-07-01T10:00:00Z"}\n')
    (folder / "orders" / "none.jsonl").write_text("")
    parquet = {"order_id": ["O3"], "merchant_id": ["M"], "buyer_id": ["B"], "paid_at": ["2026-07-01T10:00:00Z"]}
    pq.write_table(pa.table(parquet), folder / "orders" / "c.parquet")
    assert orders(folder) == [("O1",), ("O2",), ("O3",)]


def test_a_partition_gives_a_column_that_its_files_lack(folder: Path) -> None:
    for name, merchant in (("M%2F1", "a"), ("__HIVE_DEFAULT_PARTITION__", "b")):
        inside = folder / "orders" / f"city={name}" / "Status=PAID"
        inside.mkdir(parents=True)
        (inside / "a.csv").write_text(HEADER + row(2 if merchant == "a" else 3))
    assert orders(folder, "order_id, city, status") == [("O1", None, None), ("O2", "M/1", "paid"), ("O3", None, "paid")]


def test_a_partition_may_hold_a_required_column(folder: Path) -> None:
    (folder / "orders" / "a.csv").unlink()
    inside = folder / "orders" / "merchant_id=M7"
    inside.mkdir()
    (inside / "a.csv").write_text("order_id,buyer_id,paid_at\nO1,B,2026-07-01T10:00:00Z\n")
    pq.write_table(pa.table({"order_id": ["O2"], "buyer_id": ["B"], "paid_at": ["2026-07-01T10:00:00Z"]}), inside / "b.parquet")
    assert orders(folder, "order_id, merchant_id") == [("O1", "M7"), ("O2", "M7")]


def test_hidden_files_are_left_alone_and_links_to_files_are_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "orders" / "_SUCCESS").write_bytes(b"")
    (folder / "orders" / ".a.csv.crc").write_bytes(b"\0")
    (folder / "orders" / "_temporary").mkdir()
    (folder / "orders" / "_temporary" / "b.csv").write_text("not,an,order\n")
    (folder / "README.md").write_text("about")
    (folder / "labels.csv").write_text("a\n")
    (tmp_path / "elsewhere.csv").write_text(HEADER + row(2))
    (folder / "orders" / "b.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert orders(folder) == [("O1",), ("O2",)]


def spoil_missing_table(folder: Path) -> None:
    (folder / "declarations.csv").unlink()


def spoil_two_claimants(folder: Path) -> None:
    (folder / "orders.csv").write_text(HEADER)


def spoil_empty(folder: Path) -> None:
    (folder / "orders" / "a.csv").unlink()


def spoil_unknown_ending(folder: Path) -> None:
    (folder / "orders" / "b.csv.zst").write_bytes(b"1")


def spoil_dead_link(folder: Path) -> None:
    (folder / "scans.parquet").symlink_to(folder / "nowhere")


def spoil_dead_part(folder: Path) -> None:
    (folder / "orders" / "b.csv").symlink_to(folder / "nowhere")


def spoil_linked_folder(folder: Path) -> None:
    (folder / "orders" / "day=1").symlink_to(folder, target_is_directory=True)


def spoil_folder_named_as_file(folder: Path) -> None:
    (folder / "scans.parquet").mkdir()


def spoil_file_named_as_folder(folder: Path) -> None:
    (folder / "scans").write_text("")


def spoil_pipe(folder: Path) -> None:
    os.mkfifo(folder / "scans.csv")


def spoil_other_format(folder: Path) -> None:
    (folder / "scans.json").write_text("[]")


def spoil_other_case(folder: Path) -> None:
    (folder / "Scans.CSV").write_text("")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_missing_table, "lacks the table declarations"),
        (spoil_two_claimants, "both claim to be the table orders"),
        (spoil_empty, "holds no part"),
        (spoil_unknown_ending, "is no part of a table"),
        (spoil_dead_link, "is no file"),
        (spoil_dead_part, "is no part of a table"),
        (spoil_linked_folder, "is no part of a table"),
        (spoil_folder_named_as_file, "is no file"),
        (spoil_file_named_as_folder, "is no folder of parts"),
        (spoil_pipe, "is no file"),
        (spoil_other_format, "is not read under this name"),
        (spoil_other_case, "is not read under this name"),
    ],
)
def test_what_would_be_missed_in_silence_is_refused(folder: Path, spoil: object, told: str) -> None:
    assert callable(spoil)
    spoil(folder)
    with pytest.raises(InputError, match=told) as caught:
        find(folder)
    assert "\n" not in str(caught.value)


def test_a_file_that_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(folder / "orders"))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"orders cannot be read: Permission denied"):
        find(folder)
    monkeypatch.undo()
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError, match=r"orders cannot be read: Permission denied"):
        find(folder)


def test_a_folder_without_any_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(InputError, match="holds no table"):
        find(tmp_path)
    with pytest.raises(InputError, match="is a file"):
        find(tmp_path / "notes.txt")
