"""Judged folders and labels made by hand: accuracy reads files alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from parcelproof.accuracy import audit_sample, measure, thresholds, thresholds_told, told
from parcelproof.errors import InputError, UsageError

Rows = list[tuple[Any, ...]]


def judged(folder: Path, verdicts: Rows, findings: Rows | tuple[()] = (), output_format: str = "parquet") -> Path:
    """A judged folder of (order_id, outcome, offence) and (order_id, indicator, evidence)."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"policy": {"id": "p", "accuracy": {"false_accusations": 0.01, "confidence": 0.95}}}), encoding="utf-8")
    kinds = {name: pa.string() for name in ("order_id", "merchant_id", "carrier", "waybill_no", "outcome", "offence")}
    met = pa.schema([*kinds.items(), ("met", pa.list_(pa.string()))])
    rows = [
        {"order_id": order, "merchant_id": "M1", "carrier": "ZTO", "waybill_no": f"W{order}", "outcome": outcome, "offence": offence, "met": ["late"]}
        for order, outcome, offence in verdicts
    ]
    told = [
        {"order_id": order, "carrier": "ZTO", "waybill_no": f"W{order}", "indicator": check, "status": "met", "evidence": evidence}
        for order, check, evidence in findings
    ]
    names = pa.schema([(name, pa.string()) for name in ("order_id", "carrier", "waybill_no", "indicator", "status", "evidence")])
    with duckdb.connect() as db:
        db.register("v", pa.Table.from_pylist(rows, met))
        db.execute(f"copy v to '{folder / 'verdicts'}.{output_format}'")
        db.register("f", pa.Table.from_pylist(told, names))
        db.execute(f"copy f to '{folder / 'findings.parquet'}'")
    return folder


def labelled(file: Path, rows: Rows, columns: tuple[str, ...] = ("order_id", "carrier", "waybill_no", "truth", "pattern")) -> Path:
    with file.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows([columns, *rows])
    return file


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def label(order: str, truth: str, *more: str) -> tuple[str, ...]:
    return (order, "ZTO", f"W{order}", truth, *more)


VERDICTS = [
    ("A", "violation", "false_shipping"), ("B", "suspected", "false_shipping"), ("C", "clear", None), ("D", "violation", "late_shipping"),
    ("E", "clear", None), ("F", "undetermined", None),
]  # fmt: skip
LABELS = [
    label("A", "false_shipping", "reused"), label("B", "brushing", "ring"), label("C", "false_shipping", "reused"), label("D", "honest", "storm"),
    label("E", "honest", "plain"), label("F", "honest", "plain"), label("GONE", "honest", "plain"),
]  # fmt: skip


@pytest.mark.parametrize("output_format", ["parquet", "csv", "jsonl"])
def test_each_pattern_is_counted_proved_caught_accused(tmp_path: Path, output_format: str) -> None:
    if output_format == "jsonl":
        found = measure(judged(tmp_path / "out", VERDICTS), labelled(tmp_path / "labels.csv", LABELS))
    else:
        found = measure(judged(tmp_path / "out", VERDICTS, output_format=output_format), labelled(tmp_path / "labels.csv", LABELS))
    counts = {row["pattern"]: tuple(row[name] for name in ("shipments", "proved", "caught", "accused", "right_offence")) for row in found["patterns"]}
    assert counts == {"ring": (1, 0, 1, 0, 0), "reused": (2, 1, 1, 0, 1), "plain": (2, 0, 0, 0, 0), "storm": (1, 1, 0, 1, 0)}
    assert (found["labels"], found["unmatched"]) == (7, 1)
    assert found["bound"]["labels"] == 2
    assert found["bound"]["innocent"] == 1
    assert "insufficient evidence (n = 2" in told(found)
    assert {row["truth"]: row["shipments"] for row in found["totals"]} == {"brushing": 1, "false_shipping": 2, "honest": 3}


def test_a_shipment_without_a_number_has_its_label(tmp_path: Path) -> None:
    out = judged(tmp_path / "out", [])
    with duckdb.connect() as db:
        db.execute(f"copy (select 'A' as order_id, 'M1' as merchant_id, null::varchar as carrier, null::varchar as waybill_no, 'violation' as outcome, "
                   f"'late_shipping' as offence, ['x'] as met) to '{out / 'verdicts.parquet'}'")  # fmt: skip
    found = measure(out, labelled(tmp_path / "labels.csv", [("A", "", "", "late_shipping", "gone")]))
    assert found["patterns"][0]["proved"] == 1


@pytest.mark.parametrize(("rows", "columns", "why"), [
    ([("A", "ZTO", "WA")], ("order_id", "carrier", "waybill_no"), "lacks the column truth"),
    ([label("A", "guilty", "x")], None, "unknown truth 'guilty'"),
    ([label("A", "honest", "x"), label("A", "brushing", "x")], None, "order A has two labels"),
    ([("", "ZTO", "W", "honest", "x")], None, "names no order"),
    ([("A", "ZTO", "WA", "honest", "told")], ("order_id", "carrier", "waybill_no", "truth", "source"), "unknown source 'told'"),
])  # fmt: skip
def test_labels_that_would_be_counted_wrongly_are_refused(tmp_path: Path, rows: Rows, columns: tuple[str, ...] | None, why: str) -> None:
    file = labelled(tmp_path / "labels.csv", rows, columns or ("order_id", "carrier", "waybill_no", "truth", "pattern"))
    with pytest.raises(InputError, match=why):
        measure(judged(tmp_path / "out", VERDICTS), file)


@pytest.mark.parametrize(("name", "content"), [("labels.parquet", b"no parquet"), ("labels.csv", b"\xff\xfe\x00"), ("labels.jsonl", b"{"), ("labels.txt", b"")])
def test_a_damaged_file_of_labels_is_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError):
        measure(judged(tmp_path / "out", VERDICTS), tmp_path / name)


def test_what_is_no_judged_folder_and_what_is_no_folder_of_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder that judge wrote"):
        measure(tmp_path, tmp_path)
    with pytest.raises(InputError, match="holds no labels"):
        measure(judged(tmp_path / "out", VERDICTS), tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        measure(tmp_path / "out", tmp_path / "gone.csv")


def many(accused: int, clear: int) -> list[tuple[str, str, str | None]]:
    return [(f"V{n}", "violation", "false_shipping") for n in range(accused)] + [(f"C{n}", "clear", None) for n in range(clear)]


def test_a_sample_is_blind_and_weighs_what_it_stands_for(tmp_path: Path) -> None:
    out, file = judged(tmp_path / "out", many(400, 1000)), tmp_path / "audit.csv"
    drawn = audit_sample(out, 100, 1, file)
    rows = read(file)
    assert drawn == {"violation": {"shipments": 400, "drawn": 90}, "clear": {"shipments": 1000, "drawn": 10}}
    assert len({row["order_id"] for row in rows}) == 100
    assert set(rows[0]) == {"order_id", "carrier", "waybill_no", "weight", "source", "truth"}
    assert {row["truth"] for row in rows} == {""}
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(1400, rel=1e-4)
    assert audit_sample(out, 100, 1, tmp_path / "again.csv") == drawn
    assert (tmp_path / "again.csv").read_bytes() == file.read_bytes()
    audit_sample(out, 100, 2, file)
    assert (tmp_path / "again.csv").read_bytes() != file.read_bytes()


def test_a_sample_of_more_than_there_is_is_all(tmp_path: Path) -> None:
    assert audit_sample(judged(tmp_path / "out", many(3, 4)), 100, 1, tmp_path / "a.csv") == {
        "violation": {"shipments": 3, "drawn": 3}, "clear": {"shipments": 4, "drawn": 4},
    }  # fmt: skip


def test_answers_of_samples_estimate_the_truth_without_bias(tmp_path: Path) -> None:
    """A twentieth of 400 accusations is false, all by one small group that a draw by order would miss."""
    out = judged(tmp_path / "out", many(400, 0))
    shares = []
    for seed in range(20):
        audit_sample(out, 100, seed, tmp_path / "audit.csv")
        rows = read(tmp_path / "audit.csv")
        shares.append(sum(int(row["order_id"][1:]) < 20 for row in rows) / len(rows))
    mean = sum(shares) / len(shares)
    assert abs(mean - 0.05) < 4 * 0.019 / len(shares) ** 0.5


def test_answers_are_read_back_and_appeals_counted_apart(tmp_path: Path) -> None:
    out, file = judged(tmp_path / "out", many(2000, 100)), tmp_path / "audit.csv"
    audit_sample(out, 500, 1, file)
    rows = read(file)
    random = Random(1)  # noqa: S311  a simulation
    answered = [(row["order_id"], row["carrier"], row["waybill_no"], "" if n == 0 else "false_shipping", "audit") for n, row in enumerate(rows)]
    appeals = [label(f"V{n}", "honest" if n < 4 else "false_shipping", "appeal") for n in random.sample(range(1000), 50)]
    found = measure(out, labelled(tmp_path / "labels.csv", answered + appeals, ("order_id", "carrier", "waybill_no", "truth", "source")))["bound"]
    appealed = {row[0] for row in appeals}
    audited = [row[0] for row in answered if row[0].startswith("V") and row[0] not in appealed]
    assert found["appealed"] == 50
    assert found["labels"] + found["unanswered"] == len(audited)
    assert found["at_most"] is not None


def test_with_an_audit_other_labels_do_not_speak_for_the_accused(tmp_path: Path) -> None:
    rows = [label("V1", "honest", "audit"), *(label(f"V{n}", "false_shipping", "seeded") for n in range(2, 400))]
    file = labelled(tmp_path / "labels.csv", rows, ("order_id", "carrier", "waybill_no", "truth", "source"))
    found = measure(judged(tmp_path / "out", many(400, 0)), file)["bound"]
    assert (found["labels"], found["innocent"], found["at_most"]) == (1, 1, None)


def weighed(tmp_path: Path) -> tuple[Path, Path]:
    """1,000 light parcels: the lightest half are all guilty, the others more and more innocent."""
    orders = [(f"V{n}", "suspected", "brushing") for n in range(1000)]
    findings = [(f"V{n}", "light", json.dumps({"weight_ratio": n / 1000})) for n in range(1000)]
    truths = [label(f"V{n}", "honest" if n >= 500 and n % 20 == 0 else "brushing", "x") for n in range(1000)]
    return judged(tmp_path / "out", orders, findings), labelled(tmp_path / "labels.csv", truths)


def test_a_threshold_is_certified_as_far_as_the_labels_reach(tmp_path: Path) -> None:
    found = thresholds(*weighed(tmp_path), "light", "weight_ratio", strict="low")
    assert 0.45 <= found["certified"] <= 0.6
    assert "certified up to" in thresholds_told(found)
    assert [row["accused"] for row in found["candidates"]][-1] == 1000


def test_from_the_wrong_end_nothing_is_certified(tmp_path: Path) -> None:
    found = thresholds(*weighed(tmp_path), "light", "weight_ratio", strict="high")
    assert found["certified"] is None
    assert "insufficient evidence (n = 1,000)" in thresholds_told(found)


def test_a_looser_limit_reaches_further(tmp_path: Path) -> None:
    assert thresholds(*weighed(tmp_path), "light", "weight_ratio", strict="low", limit=0.1)["certified"] == 0.999


def test_a_check_that_is_nowhere_met_and_an_end_that_is_none_are_told(tmp_path: Path) -> None:
    out, labels = weighed(tmp_path)
    with pytest.raises(InputError, match="another check or fact"):
        thresholds(out, labels, "heavy", "weight_ratio", strict="low")
    with pytest.raises(UsageError, match="neither low nor high"):
        thresholds(out, labels, "light", "weight_ratio", strict="left")
