from __future__ import annotations

import json
import os
import re
import stat
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from parcelproof.cli import app
from parcelproof.dataset.tables import TABLES
from parcelproof.errors import InputError, UsageError
from parcelproof.sources import reader, readers, writer
from parcelproof.sources.common import Context, Reader, Reading
from parcelproof.sources.imports import ImportReport, import_files
from parcelproof.sources.writer import SALT_VARIABLE

FIXTURES = Path(__file__).parent / "fixtures"
YTO = FIXTURES / "kuaidi100/query_yuantongkuaiyun_2023_resultv2_4.json"
SF = FIXTURES / "kuaidi100/query_shunfeng_2017_ascending.json"
ERROR = FIXTURES / "kuaidi100/query_error_no_result.json"
ORDERS = """order_id,merchant_id,buyer_id,paid_at,amount_paid,quantity,carrier,waybill_no,declared_at,phone_key,note
o1,m1,b1,2017-07-26 10:00:00,12.30,2,shunfeng,1212 3123 1231,2017-07-26 12:00:00,13800000000,x
o2,m1,b2,2017-07-26T10:00:00Z,5,1,,,,,
"""


@pytest.fixture(autouse=True)
def no_salt_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SALT_VARIABLE, raising=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    return [row for path in sorted((folder / name).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_payloads_become_parts_with_the_tables_own_types(tmp_path: Path) -> None:
    report = import_files("kuaidi100", [YTO, SF, ERROR], tmp_path / "data")
    assert report.read == {"scans": 22}
    assert report.refused == [("query_error_no_result.json", "payload 1", "it lists no scan")]
    schema = pq.read_schema(next((tmp_path / "data/scans").glob("*.parquet")))
    assert schema.names[:5] == ["carrier", "waybill_no", "event_time", "received_at", "stage"]
    assert (schema.field("event_time").type, schema.field("weight_g").type) == (pa.timestamp("us"), pa.int64())


def test_importing_again_leaves_the_dataset_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    states = []
    for _ in range(2):
        import_files("kuaidi100", [YTO, SF], tmp_path / "data", orders=tmp_path / "orders.csv", timezone="Asia/Shanghai")
        states.append(contents(tmp_path / "data"))
    assert states[0] == states[1]
    assert len(states[0]) == 5


def test_files_together_and_one_by_one_give_the_same_dataset(tmp_path: Path) -> None:
    salt = b"one salt for both of them"
    import_files("kuaidi100", [YTO, SF], tmp_path / "together", salt=salt)
    for path in (SF, YTO):
        import_files("kuaidi100", [path], tmp_path / "apart", salt=salt)
    assert contents(tmp_path / "together") == contents(tmp_path / "apart")


def test_orders_come_with_their_declarations(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    report = import_files("kuaidi100", [SF], tmp_path / "data", orders=tmp_path / "orders.csv", timezone="Asia/Shanghai")
    assert report.read == {"scans": 9, "orders": 2, "declarations": 1}
    first, second = table(tmp_path / "data", "orders")
    assert (first["amount_paid"], first["quantity"], first["paid_at"]) == (Decimal("12.30"), 2, datetime(2017, 7, 26, 2))  # noqa: DTZ001  naive UTC
    assert second["paid_at"] == datetime(2017, 7, 26, 10)  # noqa: DTZ001  naive UTC
    assert re.fullmatch("[0-9a-f]{32}", first["phone_key"])
    (declaration,) = table(tmp_path / "data", "declarations")
    assert (declaration["carrier"], declaration["waybill_no"]) == ("SF", "121231231231")
    assert {row["waybill_no"] for row in table(tmp_path / "data", "scans")} == {"121231231231"}


def test_times_without_a_zone_are_refused_where_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS)
    report = import_files("kuaidi100", [SF], tmp_path / "data", orders=tmp_path / "orders.csv")
    assert report.read == {"scans": 9, "orders": 1}
    assert "has no zone: name one with --timezone" in report.refused[0][2]
    assert report.notes == ["times without a zone are read as Asia/Shanghai, the documented zone of kuaidi100"]


def test_an_order_whose_declaration_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(ORDERS.replace("2017-07-26 12:00:00", ""))
    report = import_files("kuaidi100", [SF], tmp_path / "data", orders=tmp_path / "orders.csv", timezone="Asia/Shanghai")
    assert [row["order_id"] for row in table(tmp_path / "data", "orders")] == ["o2"]
    assert report.refused == [("orders.csv", "row 1, order o1, declaration of waybill 121231231231", "it lacks declared_at")]


def test_a_single_file_of_a_table_moves_into_its_folder(tmp_path: Path) -> None:
    (tmp_path / "scans.csv").write_text("carrier,waybill_no,event_time,stage\n")
    import_files("kuaidi100", [SF], tmp_path)
    assert {path.suffix for path in (tmp_path / "scans").iterdir()} == {".csv", ".parquet"}
    assert not (tmp_path / "scans.csv").exists()


def test_a_table_that_is_file_and_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans.csv").write_text("carrier,waybill_no,event_time,stage\n")
    with pytest.raises(InputError, match="both claim to be the table scans"):
        import_files("kuaidi100", [SF], tmp_path)


def test_nothing_read_writes_nothing(tmp_path: Path) -> None:
    report = import_files("kuaidi100", [ERROR], tmp_path / "data")
    assert report.read == {}
    assert report.lines()[0] == "Nothing was read."
    assert not (tmp_path / "data").exists()


def test_the_salt_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    import_files("kuaidi100", [SF], tmp_path / "data")
    salt = tmp_path / "data/.salt"
    first = salt.read_bytes()
    import_files("kuaidi100", [YTO], tmp_path / "data")
    assert salt.read_bytes() == first
    assert stat.S_IMODE(salt.stat().st_mode) == 0o600


def test_the_salt_of_the_environment_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SALT_VARIABLE, "s" * 32)
    import_files("kuaidi100", [SF], tmp_path / "data")
    assert not (tmp_path / "data/.salt").exists()
    monkeypatch.setenv(SALT_VARIABLE, "short")
    with pytest.raises(InputError, match="shorter than 16 bytes"):
        import_files("kuaidi100", [SF], tmp_path / "data")


def test_a_broken_salt_is_told(tmp_path: Path) -> None:
    (tmp_path / ".salt").write_text("x")
    with pytest.raises(InputError, match="put the dataset's salt back"):
        import_files("kuaidi100", [SF], tmp_path)


def test_another_run_that_made_the_salt_in_the_meantime_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def somebody_was_faster(_: Path, there: Path) -> None:
        raise FileExistsError(there)

    monkeypatch.setattr(os, "link", somebody_was_faster)
    with pytest.raises(InputError, match="run this one again"):
        import_files("kuaidi100", [SF], tmp_path / "data")
    assert not list((tmp_path / "data").rglob(".salt*"))


@pytest.mark.parametrize(
    ("source", "file", "timezone", "error", "says"),
    [
        ("kuaidi", SF, None, UsageError, "unknown source 'kuaidi'"),
        ("kuaidi100", SF, "Mars/Base", UsageError, "is no zone"),
        ("kuaidi100", Path("nowhere.json"), None, InputError, "nowhere.json cannot be read"),
        ("kuaidi100", FIXTURES, None, InputError, "is a folder"),
    ],
)
def test_what_cannot_be_carried_out_is_told_before_anything_is_written(
    tmp_path: Path, source: str, file: Path, timezone: str | None, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        import_files(source, [SF, file], tmp_path / "data", timezone=timezone)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "data").exists()


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(InputError, match="is a file: name a folder"):
        import_files("kuaidi100", [SF], tmp_path / "data")


def test_an_output_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(InputError, match="No space left on device"):
        import_files("kuaidi100", [SF], tmp_path / "data")


def test_a_reader_that_fails_costs_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: bytes, __: Context) -> Reading:
        raise ZeroDivisionError

    def broken(_: str) -> Reader:
        return Reader("broken", "fails", fail)

    monkeypatch.setattr("parcelproof.sources.imports.reader", broken)
    report = import_files("broken", [SF], tmp_path / "data")
    assert report.refused == [(SF.name, "file", "the reader failed on it (ZeroDivisionError): please report it with the payload")]


def test_the_report_tells_everything_in_either_language(tmp_path: Path) -> None:
    report = import_files("kuaidi100", [SF, ERROR], tmp_path / "data")
    said = report.as_json()
    assert json.loads(json.dumps(said))["read"] == {"scans": 9}
    assert said["refused"][0]["reason"] == "it lists no scan"
    assert any("scans" in line and "9" in line for line in report.lines())
    assert report.lines("zh")[0].startswith("已读取 kuaidi100 的 2 个文件")


def test_a_long_list_of_refusals_is_cut_on_the_terminal_and_whole_in_json(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_text('{"result": false}\n' * 50)
    report = import_files("kuaidi100", [tmp_path / "many.jsonl"], tmp_path / "data")
    assert any("30 more" in line for line in report.lines())
    assert len(report.as_json()["refused"]) == 50


def test_every_source_that_is_named_has_a_reader_of_that_name() -> None:
    assert set(readers()) >= {"kuaidi100", "kdniao", "juhe", "sf", "zto", "yunda"}
    assert all(reader(name).name == name for name in readers())


def test_the_command_names_what_a_payload_does_not(tmp_path: Path) -> None:
    order = {"order_sn": "1", "pay_time": "2023-01-01 10:00:00", "confirm_status": 1}
    (tmp_path / "orders.json").write_text(json.dumps({"order_info_get_response": {"order_info": order}}))
    command = ["import", "pinduoduo", str(tmp_path / "orders.json"), "--out", str(tmp_path / "data"), "--merchant", "shop-9", "--json"]
    ran = CliRunner().invoke(app, command)
    assert (ran.exit_code, json.loads(ran.stdout)["read"]) == (0, {"orders": 1})
    assert table(tmp_path / "data", "orders")[0]["merchant_id"] == "shop-9"
    assert CliRunner().invoke(app, ["import", "taobao", str(tmp_path / "orders.json"), "--out", str(tmp_path / "none")]).exit_code == 1


def test_an_empty_report_reads_nothing() -> None:
    assert ImportReport("x", "y").read == {}
    assert writer.add_rows(Path("never-made"), TABLES["scans"], []) == 0
