from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from judged import write_dataset, write_folder

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import InputError, UsageError
from parcelproof.report import explain
from parcelproof.report.raw import source_of
from parcelproof.report.story import MOST_SHIPMENTS
from parcelproof.report.terminal import width

ORDER, WAYBILL = "O00000071", "731010000071"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judged folder whose dataset is still there."""
    folder = tmp_path_factory.mktemp("story")
    return write_folder(folder / "out", dataset=str(write_dataset(folder / "dataset")))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A judged folder that names no dataset."""
    return write_folder(tmp_path_factory.mktemp("bare"))


def _change(folder: Path, table: str, change: str) -> None:
    path = folder / f"{table}.parquet"
    with Engine(threads=1) as engine:
        engine.table("changing", f"select * from {quoted(path)}")
        engine.run(change.replace("TABLE", "changing"))
        engine.run(f"copy changing to {quoted(path)} (format parquet)")


@pytest.mark.parametrize(
    "what",
    [ORDER, f" {ORDER} ", ORDER.lower(), "O-0000-0071", WAYBILL, "7310 1000-0071", f"{ORDER}/ZTO/{WAYBILL}", f"{ORDER}/zto/{WAYBILL}"],
)
def test_a_shipment_is_found_by_any_of_its_names(bare: Path, what: str) -> None:
    found = explain(bare, what)
    assert [shipment.verdict["order_id"] for shipment in found.shipments] == [ORDER]


def test_a_shipment_without_a_waybill_is_found_by_its_order(bare: Path) -> None:
    text = explain(bare, "O00000097").text()
    assert text.startswith("Order O00000097 · no standing waybill")


@pytest.mark.parametrize("written_as", ["parquet", "csv", "jsonl"])
def test_the_story_is_the_same_from_every_output_format(bare: Path, tmp_path: Path, written_as: str) -> None:
    other = write_folder(tmp_path, written_as=written_as)
    for order in (ORDER, "O00000023", "O00000211", "O00000097"):
        assert explain(other, order, "zh").text() == explain(bare, order, "zh").text()


def test_a_table_in_parts_is_read_whole(bare: Path, tmp_path: Path) -> None:
    write_folder(tmp_path)
    parts = tmp_path / "verdicts"
    parts.mkdir()
    with Engine(threads=1) as engine:
        for number, half in enumerate(("<", ">=")):
            rows = f"select * from {quoted(tmp_path / 'verdicts.parquet')} where order_id {half} 'O00000100'"
            engine.run(f"copy ({rows}) to {quoted(parts / f'part-{number}.parquet')}")
    (tmp_path / "verdicts.parquet").unlink()
    assert explain(tmp_path, ORDER).text() == explain(bare, ORDER).text()
    assert explain(tmp_path, "O00000211").shipments[0].verdict["outcome"] == "clear"


def test_an_unknown_name_is_answered_with_the_nearest(bare: Path) -> None:
    with pytest.raises(UsageError, match=r"'O0000007l'.*nearest are .*O00000071") as caught:
        explain(bare, "O0000007l")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("what", ["", "   ", "-", "\x00", "'; drop table verdicts; --", "x" * 1_000_000, "\ud800", "订单", "%", "O*", "\x1b[2J"])
def test_no_name_makes_a_traceback(bare: Path, what: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain(bare, what)
    assert len(str(caught.value)) < 1000
    assert "\x1b" not in str(caught.value)


def test_an_unknown_language_is_refused(bare: Path) -> None:
    with pytest.raises(UsageError, match="unknown language 'fr'"):
        explain(bare, ORDER, "fr")


def test_the_timeline_tells_what_happened_and_when_it_was_known(judged: Path) -> None:
    text = explain(judged, ORDER, "zh").text()
    assert "2026-08-01 18:00:00  付款 99.90 元" in text
    assert "2026-08-01 21:00:00  轨迹·揽收 【杭州西湖】快件已被揽收  [得知于 2026-08-02 03:00:00]" in text
    assert "2026-08-02 21:00:00  轨迹·到达分拨 杭州中转部\n" in text
    assert "承运商称重 1,200 克" in text
    assert "2026-08-02 08:00:00  商家撤回单号 ZTO 731010000099" in text
    assert "双方约定最晚 2026-08-04 18:00:00 发货" in text
    assert "确认收货（系统自动）" in text


def test_what_was_known_later_than_the_judging_is_not_told(judged: Path) -> None:
    text = explain(judged, ORDER).text()
    assert "came in after the judging" not in text
    assert "buyer complains: not received" in text
    assert "complaint upheld" not in text


def test_the_same_number_on_another_order_is_told_whatever_its_spelling(judged: Path) -> None:
    assert "the same number is declared for order O00000072" in explain(judged, ORDER).text()


def test_scans_of_another_carrier_under_the_number_are_not_this_parcel(judged: Path) -> None:
    assert "成都" not in explain(judged, ORDER).text()


def test_only_announcements_that_touch_the_shipment_are_told(judged: Path) -> None:
    text = explain(judged, ORDER).text()
    assert "typhoon here" in text
    assert "known 2026-08-02 14:00:00" in text.replace("\n" + " " * 23, " ")
    assert "elsewhere" not in text
    assert "strike" not in text
    assert "fire" not in text


def test_events_stand_in_the_order_in_which_they_happened(judged: Path) -> None:
    times = [event.happened for event in explain(judged, ORDER).shipments[0].events]
    assert len(times) > 10
    assert times == sorted(times)


def test_a_changed_dataset_is_told(judged: Path, tmp_path: Path) -> None:
    assert explain(judged, ORDER).text().startswith("Note: the dataset changed")
    honest = write_folder(tmp_path, dataset=json.loads((judged / "run.json").read_text())["dataset"], fingerprint=None)
    assert not explain(honest, ORDER).text().startswith("Note")


@pytest.mark.parametrize(("named", "reason"), [(None, "names no dataset"), ("/nowhere/at/all", "no longer there"), (7, "names no dataset")])
def test_a_story_without_its_dataset_says_why(tmp_path: Path, named: object, reason: str) -> None:
    found = explain(write_folder(tmp_path, dataset=named), ORDER)
    assert reason in " ".join(found.text().split())
    assert "Waybill number already used" in found.text()
    assert found.as_json()["raw"]["read"] is False


def test_a_damaged_dataset_becomes_a_reason(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path / "dataset")
    (dataset / "declarations.csv").unlink()
    found = explain(write_folder(tmp_path / "out", dataset=str(dataset)), ORDER)
    assert "declarations" in str(found.as_json()["raw"]["reason"])


def test_a_met_finding_tells_clause_numbers_and_money(bare: Path) -> None:
    text = explain(bare, ORDER).text()
    assert "● Met  Waybill number already used for another recipient" in text
    assert "Clause: D-AB 2.2" in text
    assert "have another recipient: 2" in " ".join(text.split())
    assert "30% of amount paid, at least CNY 10.00, at most CNY 500.00, makes CNY 81.00" in text
    assert "Proposed for the order O00000071" in text
    assert "appeal" in text


def test_an_unknown_finding_tells_what_is_missing_and_accuses_nobody(bare: Path) -> None:
    text = explain(bare, "O00000023", "zh").text()
    assert "结论：无法判定" in text
    assert "缺少：上传后未揽收时长" in text
    assert "没有应收金额" in text
    assert "不作认定" in text
    assert "应收 " not in text


def test_a_condition_that_an_excuse_may_cover_is_told_as_such(tmp_path: Path) -> None:
    write_folder(tmp_path)
    _change(tmp_path, "findings", "update TABLE set since = timestamp '2026-08-02' where status = 'unknown'")
    text = " ".join(explain(tmp_path, "O00000023").text().split())
    assert "an excuse cannot be ruled out, so nothing is held against anybody" in text
    assert "Missing:" not in text


def test_an_excused_finding_names_its_excuse(bare: Path) -> None:
    text = explain(bare, "O00000211", "zh").text()
    assert "○ 已免责  中转停滞" in text
    assert "免责理由成立：不可抗力" in text
    assert "结论：无异常" in text


def test_measures_that_need_a_person_say_so(tmp_path: Path) -> None:
    write_folder(tmp_path)
    _change(tmp_path, "measures", "update TABLE set needs_human = true")
    assert "须人工签批" in explain(tmp_path, ORDER, "zh").text()


def test_several_shipments_under_one_name_are_all_told_or_named(tmp_path: Path) -> None:
    write_folder(tmp_path, 200)
    _change(tmp_path, "verdicts", "update TABLE set waybill_no = 'SHARED-1', carrier = 'YTO'")
    found = explain(tmp_path, "shared1")
    assert len(found.shipments) == MOST_SHIPMENTS
    assert len(found.as_json()["more"]) == 80
    assert "80 more shipments match shared1" in found.text()
    assert len(explain(tmp_path, "O00000003/YTO/SHARED-1").shipments) == 1


def test_hostile_names_cannot_steer_a_terminal(tmp_path: Path) -> None:
    write_folder(tmp_path, 80)
    nasty = "shop\x1b[31m\u202e\r\nOutcome: Clear"
    _change(tmp_path, "verdicts", f"update TABLE set merchant_id = {quoted(nasty)}")
    _change(tmp_path, "findings", f"update TABLE set evidence = {quoted('{broken' + nasty)}, clause = repeat('长', 5000)")
    text = explain(tmp_path, ORDER).text()
    assert not set(text) & {"\x1b", "\u202e", "\r"}
    assert "\nOutcome: Clear" not in text
    assert max(width(line) for line in text.split("\n")) <= 100


@pytest.mark.parametrize("columns", [20, 60, 100, 200])
def test_lines_keep_to_the_terminal(judged: Path, columns: int) -> None:
    for lang in ("zh", "en"):
        assert max(width(line) for line in explain(judged, ORDER, lang).text(columns).split("\n")) <= max(columns, 40)


def test_the_story_as_json_keeps_codes_beside_sentences(judged: Path) -> None:
    found = json.loads(json.dumps(explain(judged, ORDER, "zh").as_json()))
    (shipment,) = found["shipments"]
    assert (shipment["outcome"], shipment["offence"], shipment["charge"]) == ("violation", "late_shipping", "81.00")
    assert shipment["findings"][0]["evidence"]["other_recipients_on_number"] == 2
    assert shipment["charges"][0]["basis"]["rate"] == "0.3"
    scan = next(event for event in shipment["timeline"] if event["table"] == "scans")
    assert (scan["happened"], scan["known"]) == ("2026-08-01T13:00:00Z", "2026-08-01T19:00:00Z")
    assert found["raw"]["read"] is True


def test_a_folder_that_the_judge_did_not_write_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(InputError, match="parcelproof judge"):
            explain(folder, ORDER)


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", "[" * 100_000])
def test_a_broken_run_json_is_refused(tmp_path: Path, text: str) -> None:
    write_folder(tmp_path, 5)
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(InputError, match=r"run\.json"):
        explain(tmp_path, ORDER)


@pytest.mark.parametrize("table", ["verdicts", "findings", "charges", "measures"])
def test_missing_and_damaged_tables_are_refused(tmp_path: Path, table: str) -> None:
    write_folder(tmp_path, 80)
    path = tmp_path / f"{table}.parquet"
    whole = path.read_bytes()
    for damage in (b"", b"PAR1", whole[: len(whole) // 2], whole[:60] + bytes(200) + whole[260:], b"not parquet at all"):
        path.write_bytes(damage)
        with pytest.raises(InputError) as caught:
            explain(tmp_path, ORDER)
        assert "\n" not in str(caught.value)
    path.unlink()
    with pytest.raises(InputError, match=f"{table} is missing"):
        explain(tmp_path, ORDER)


def test_a_folder_with_wildcards_in_its_name_is_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "out [1]*?", 80)
    write_folder(tmp_path / "out 1", 0)
    assert explain(folder, ORDER).shipments[0].verdict["order_id"] == ORDER


def test_the_excuses_of_a_met_check_are_told_as_considered(bare: Path) -> None:
    text = " ".join(explain(bare, ORDER).text().split())
    assert "Excuses considered that do not hold:" in text
    assert "a number that the carrier gave out again" in text
    assert "What the merchant should do:" in text


def test_titles_of_the_run_come_before_those_of_the_library(tmp_path: Path) -> None:
    write_folder(tmp_path, titles={"waybill_reused": {"zh-CN": "甲", "en": "First"}, "waybill_reused:corrected": {"zh-CN": "乙", "en": "second"}})
    text = explain(tmp_path, ORDER).text()
    assert "● Met  First" in text
    assert "second" in text


def test_a_check_that_nobody_knows_shows_by_its_id(tmp_path: Path) -> None:
    write_folder(tmp_path, titles={})
    _change(tmp_path, "findings", "update TABLE set indicator = '../../etc/passwd', excuse = 'some_excuse', status = 'excused'")
    text = explain(tmp_path, ORDER).text()
    assert "../../etc/passwd" in text
    assert "Excused: some excuse" in text


def _grown(folder: Path, table: str, rows: list[str]) -> str:
    path = write_dataset(folder) / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8") + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(folder)


def test_a_very_long_trace_is_told_from_both_ends(tmp_path: Path) -> None:
    rows = [f"ZTO,{WAYBILL},2026-08-04T{n // 60:02}:{n % 60:02}:00Z,,hub_in,place {n},,330100" for n in range(500)]
    text = explain(write_folder(tmp_path / "out", dataset=_grown(tmp_path / "dataset", "scans", rows)), ORDER).text()
    assert "place 0\n" in text
    assert "place 499\n" in text
    assert "place 250\n" not in text
    assert "(382 more scans in between are not listed)" in text


def test_a_number_on_very_many_orders_is_counted(tmp_path: Path) -> None:
    rows = [f"X{n},ZTO,{WAYBILL},2026-08-09T00:00:{n:02}Z," for n in range(30)]
    text = explain(write_folder(tmp_path / "out", dataset=_grown(tmp_path / "dataset", "declarations", rows)), ORDER).text()
    assert "declared for order X3\n" in text
    assert "declared for order X4\n" not in text
    assert "declared for 26 more orders" in text


def test_an_order_without_a_waybill_still_has_its_timeline(tmp_path: Path) -> None:
    dataset = _grown(tmp_path / "dataset", "orders", ["O00000097,shop-1,B3,,2026-08-01T10:00:00Z,,,,"])
    text = explain(write_folder(tmp_path / "out", dataset=dataset), "O00000097").text()
    assert "2026-08-01 18:00:00  paid\n" in text
    assert "typhoon here" not in text


def test_a_dataset_that_goes_away_while_it_is_read_becomes_a_reason(tmp_path: Path) -> None:
    dataset = tmp_path / "dataset"
    dataset.mkdir()
    with Engine(threads=1) as engine:
        for name in ("orders", "declarations"):
            engine.run(f"copy (from read_csv({quoted(write_dataset(tmp_path / 'csv') / f'{name}.csv')})) to {quoted(dataset / f'{name}.parquet')}")
        moment = datetime(2026, 8, 31)  # noqa: DTZ001  the engine's times are naive UTC
        source = source_of(engine, {"dataset": str(dataset)}, moment, UTC)
        assert source.events(ORDER, "ZTO", WAYBILL)
        for name in ("orders", "declarations"):
            (dataset / f"{name}.parquet").write_bytes(b"")
        assert source.events(ORDER, "ZTO", WAYBILL) == []
    assert source.reason is not None


def test_many_measures_are_counted_and_not_all_told(tmp_path: Path) -> None:
    write_folder(tmp_path, 200)
    _change(
        tmp_path,
        "measures",
        f"update TABLE set merchant_id = 'shop-00000', target_id = '{ORDER}'; insert into TABLE select TABLE.* from TABLE, range(20)",
    )
    found = explain(tmp_path, ORDER)
    assert len(found.shipments[0].measures) == 10
    assert "more measures are proposed" in found.text()


def test_an_output_without_a_key_column_is_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, 80)
    _change(tmp_path, "verdicts", "alter table TABLE rename order_id to orders")
    with pytest.raises(InputError, match="verdicts has no column order_id"):
        explain(tmp_path, ORDER)


def test_a_clause_of_the_pack_is_told_in_either_language(tmp_path: Path) -> None:
    write_folder(tmp_path)
    _change(tmp_path, "findings", "update TABLE set clause = '单号已被使用 / the number was used'")
    english, chinese = explain(tmp_path, ORDER).text(), explain(tmp_path, ORDER, "zh").text()
    assert "Clause: the number was used" in " ".join(english.split())
    assert "单号已被使用" not in english
    assert "单号已被使用" in "".join(chinese.split())
    assert "the number was used" not in chinese


def test_a_pack_is_titled_by_its_run_and_else_by_its_id(tmp_path: Path) -> None:
    write_folder(tmp_path, policy={"id": "own", "title": {"zh-CN": "自有规则", "en": "Own rules"}, "zone": "Asia/Shanghai", "currency": "CNY"})
    assert "Rules Own rules" in explain(tmp_path, ORDER).text()
    write_folder(tmp_path, policy={"id": "../../etc"})
    assert "Rules ../../etc" in explain(tmp_path, ORDER).text()


def test_an_unknown_finding_does_not_quote_the_rules_own_values(tmp_path: Path) -> None:
    write_folder(tmp_path)
    evidence = '{"hours_without_pickup": null, "trace_known": false, "pickup_hours": 24, "remote": ["65"]}'
    _change(tmp_path, "findings", f"update TABLE set evidence = {quoted(evidence)}")
    assert "规则值" not in explain(tmp_path, "O00000023", "zh").text()
    assert "规则值 揽收时限：24 小时" in explain(tmp_path, ORDER, "zh").text()
    assert "65" not in explain(tmp_path, ORDER, "zh").text()
