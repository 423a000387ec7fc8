"""Two packs side by side: in the shadow of a judgement, and over a dataset before a release."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
import typer.testing

from parcelproof.cli import app
from parcelproof.errors import InputError, UsageError
from parcelproof.simulate import simulate
from parcelproof.verdicts.backtest import backtest, told
from parcelproof.verdicts.judge import judge


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(1500, 5, tmp_path_factory.mktemp("world") / "data").dataset


def test_a_backtest_says_what_two_judgements_say(world: Path) -> None:
    found = backtest("douyin-shop", "tmall", world, labels=Path(f"{world}-labels"), threads=1)
    for side, name in (("old", "douyin-shop"), ("new", "tmall")):
        with judge(world, policy=name, threads=1) as result:
            outcomes, charges = result.run["outcomes"], result.table("charges").to_pylist()
            measures = result.table("measures").num_rows
        totals = found["totals"][side]
        assert (totals["violations"], totals["suspected"]) == (outcomes.get("violation", 0), outcomes.get("suspected", 0))
        assert (Decimal(totals["money"]), totals["charges"]) == (sum((row["amount"] for row in charges), Decimal(0)), len(charges))
        assert totals["appealable"] == len(charges) + measures
        assert sum(row[f"violations_{side}"] for row in found["offences"]) == totals["violations"]
        assert sum(Decimal(row[f"money_{side}"]) for row in found["offences"]) == Decimal(totals["money"])
        assert sum(Decimal(row[f"money_{side}"]) for row in found["sizes"]) == Decimal(totals["money"])
        assert found["accuracy"][side]["convicted"] <= found["accuracy"][side]["accused"] < 0.03 * found["accuracy"][side]["honest"]
        assert found["accuracy"][side]["frauds"] + found["accuracy"][side]["honest"] == sum(outcomes.values())
    assert all(row["examples"] for row in found["changes"])
    assert json.loads(json.dumps(found)) == found
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
    with pytest.raises(InputError, match="--labels"):
        backtest("tmall", "tmall", world, labels=tmp_path / "none.parquet", threads=1)
    with pytest.raises(InputError, match="--labels"):
        backtest("tmall", "tmall", world, labels=world / "orders.parquet", threads=1)


def test_the_command_prints_both(world: Path) -> None:
    runner = typer.testing.CliRunner()
    answer = runner.invoke(app, ["policy", "backtest", "template", "tmall", str(world), "--json", "--threads", "1"])
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["new"] == "tmall"
