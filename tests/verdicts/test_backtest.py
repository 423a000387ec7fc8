"""Two packs side by side: in the shadow of a judgement, and over a dataset before a release."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import typer.testing

from parcelproof.cli import app
from parcelproof.errors import InputError, UsageError
from parcelproof.simulate import simulate
from parcelproof.verdicts.backtest import backtest
from parcelproof.verdicts.backtest_words import told
from parcelproof.verdicts.judge import judge


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(1500, 5, tmp_path_factory.mktemp("world") / "data").dataset


def _decision(row: dict[str, Any]) -> tuple[str, str, str | None]:
    """What one appeal is against: the charge and measures of an order, or the measures of a strike."""
    day = None if row["target_kind"] == "order" else f"{row['target_kind']} {json.loads(row['basis'])['day']}"
    return row["offence"], row["target_id"], day


def test_a_backtest_says_what_two_judgements_say(world: Path, tmp_path: Path) -> None:
    found = backtest("douyin-shop", "tmall", world, labels=Path(f"{world}-labels"), out=tmp_path, threads=1)
    for side, name in (("old", "douyin-shop"), ("new", "tmall")):
        with judge(world, policy=name, threads=1) as result:
            outcomes, charges = result.run["outcomes"], result.table("charges").to_pylist()
            measures = result.table("measures").to_pylist()
        totals = found["totals"][side]
        assert (totals["violations"], totals["suspected"]) == (outcomes.get("violation", 0), outcomes.get("suspected", 0))
        assert (Decimal(totals["money"]), totals["charges"]) == (sum((row["amount"] for row in charges), Decimal(0)), len(charges))
        decisions = {(row["offence"], row["order_id"], None) for row in charges} | {_decision(row) for row in measures}
        assert totals["decisions"] == len(decisions)
        assert totals["measures"] == len(measures) == sum(row[f"measures_{side}"] for row in found["sizes"])
        assert totals["appeals"] == round(len(decisions) * 0.1, 1)
        assert sum(row[f"decisions_{side}"] for row in found["offences"]) == totals["decisions"]
        assert sum(row["both"] + row[f"{side}_alone"] for row in found["kept"]) == totals["violations"]
        accuracy = found["accuracy"][side]
        low, high = accuracy["proved_interval"]
        assert low < accuracy["proved"] / accuracy["frauds"] < high
        assert sum(row[f"violations_{side}"] for row in found["offences"]) == totals["violations"]
        assert sum(Decimal(row[f"money_{side}"]) for row in found["offences"]) == Decimal(totals["money"])
        assert sum(Decimal(row[f"money_{side}"]) for row in found["sizes"]) == Decimal(totals["money"])
        assert accuracy["convicted"] + accuracy["proved"] == totals["violations"]
        assert found["accuracy"][side]["frauds"] + found["accuracy"][side]["honest"] == sum(outcomes.values())
    changed = {row["order_id"] for row in pq.read_table(tmp_path / "changed.parquet").to_pylist()}
    assert sum(row["shipments"] for row in found["changes"]) == pq.read_metadata(tmp_path / "changed.parquet").num_rows > 0
    assert all(row["examples"] and {example["order_id"] for example in row["examples"]} <= changed for row in found["changes"])
    assert json.loads((tmp_path / "backtest.json").read_text(encoding="utf-8")) == found
    assert "frauds proved" in told(found)


def test_a_pack_against_itself_changes_nothing(world: Path) -> None:
    found = backtest("tmall", "tmall", world, threads=1)
    assert found["changes"] == []
    assert found["totals"]["old"] == found["totals"]["new"]
    assert found["accuracy"] is None


def test_a_pack_in_the_shadow_changes_nothing_and_stands_beside(world: Path, tmp_path: Path) -> None:
    with judge(world, policy="douyin-shop", threads=1) as alone, judge(world, policy="douyin-shop", shadow="tmall", out=tmp_path, threads=1) as both:
        for name in ("verdicts", "findings", "charges", "strikes", "measures"):
            assert both.table(name).equals(alone.table(name)), name
        with judge(world, policy="tmall", threads=1) as other:
            assert both.table("shadow_verdicts").equals(other.table("verdicts"))
            assert both.run["shadow"]["outcomes"] == other.run["outcomes"]
        assert both.run["shadow"]["changed"] > 0
        with pytest.raises(UsageError, match="known are"):
            alone.table("shadow_verdicts")
    assert (tmp_path / "shadow_verdicts.parquet").is_file()
    with judge(world, policy="douyin-shop", out=tmp_path, threads=1):
        assert not (tmp_path / "shadow_verdicts.parquet").exists()


def test_labels_that_are_none_are_refused(world: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none.parquet does not exist"):
        backtest("tmall", "tmall", world, labels=tmp_path / "none.parquet", threads=1)
    others = tmp_path / "others.csv"
    others.write_text("order_id,carrier,waybill_no,truth\n1,SF,0012,honest\n2,,,honest\n")
    with pytest.raises(InputError, match="no label is of a shipment of this dataset"):
        backtest("tmall", "tmall", world, labels=others, threads=1)
    twice = tmp_path / "twice.csv"
    twice.write_text("order_id,carrier,waybill_no,truth\nO1,SF,1,honest\nO1,SF,1,brushing\n")
    with pytest.raises(InputError, match="order O1 has two labels"):
        backtest("tmall", "tmall", world, labels=twice, threads=1)
    unanswered = tmp_path / "unanswered.csv"
    unanswered.write_text("order_id,carrier,waybill_no,truth\nO1,SF,1,\n")
    with pytest.raises(InputError, match="order O1 has no truth"):
        backtest("tmall", "tmall", world, labels=unanswered, threads=1)


def test_the_command_prints_both_and_writes_a_page_that_needs_nothing_else(world: Path, tmp_path: Path) -> None:
    runner = typer.testing.CliRunner()
    words = ["policy", "backtest", "template", "tiktok-shop", str(world), "--json", "--threads", "1", "--appeal-share", "0.5", "--out", str(tmp_path)]
    answer = runner.invoke(app, words)
    assert answer.exit_code == 0
    found = json.loads(answer.stdout)
    assert (found["new"], found["currency"]) == ("tiktok-shop", {"old": "CNY", "new": "USD"})
    assert found["totals"]["old"]["appeals"] == found["totals"]["old"]["decisions"] / 2
    page = (tmp_path / "backtest.html").read_text(encoding="utf-8")
    assert page.count('<svg class="columns"') == 2
    assert "The two packs charge in CNY and in USD" in page
    assert "两套规则币种不同" in page
    assert not re.findall(r"(?:src|href)=\"(?!#)", page)


@pytest.mark.parametrize("share", [-0.1, 1.5, math.nan])
def test_a_share_that_is_none_is_refused(world: Path, share: float) -> None:
    with pytest.raises(UsageError, match="--appeal-share"):
        backtest("tmall", "tmall", world, appeal_share=share)
