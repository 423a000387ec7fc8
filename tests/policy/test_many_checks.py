"""Conditions over checks are three-valued, and a pack may have as many checks as it likes."""

from __future__ import annotations

import copy
from itertools import product
from pathlib import Path
from typing import Any

import policy_worlds
import pyarrow.parquet as pq
import pytest
from policy_worlds import CLAUSE, REUSED, SMALL, written

from parcelproof.engines.duckdb import Engine
from parcelproof.policy import expressions
from parcelproof.policy.money import holds

TRUTH = {True: {0: "false", 1: "true", 2: "null", 3: "false", 4: "null"}, False: {0: "false", 1: "true", 2: "null", 3: "false", 4: "true"}}
"""What an answer (not met, met, unknown, excused, doubtful) is where a doubtful check must be certain, and where it need not."""


@pytest.mark.parametrize(
    "text", ["a", "not a", "a or b", "a and not b", "not (a or not (b and c))", "(a and b) or (not a and c)", "not not a or false", "true and a"]
)
def test_a_condition_over_checks_holds_where_three_valued_logic_makes_it_true(text: str) -> None:
    tree = expressions.parsed(text)
    assert tree is not None
    with Engine(threads=1) as engine:
        for certain, answers in product((True, False), product(range(5), repeat=3)):
            values = dict(zip("abc", answers, strict=True))
            known = ", ".join(f"{TRUTH[certain][answer]}::boolean as {name}" for name, answer in values.items())
            stated = ", ".join(f"{answer} as s_{name}" for name, answer in values.items())
            (wanted,) = engine.row(f"select coalesce({text}, false) from (select {known})")
            (found,) = engine.row(f"select {holds(tree, certain=certain)} from (select {stated})")
            assert found is wanted, (certain, values)


def test_three_hundred_checks_say_what_four_say(tmp_path: Path) -> None:
    pack = copy.deepcopy(SMALL)
    for name in SMALL["checks"]:
        pack["checks"] |= {f"{name}_{number}": {"use": name, "clause": CLAUSE} for number in range(75)}
    copies = " or ".join(name for name in pack["checks"] if name.startswith("waybill_reused_"))
    pack["offences"]["false_shipping"]["proved_when"]["2026-01-01"] += f" or {copies}"
    others = " or ".join(name for name in pack["checks"] if name.startswith(("no_hub_", "late_shipping_")))
    pack["offences"]["stalled_trace"]["suspected_when"] = {"2026-01-01": others}
    shapes: list[dict[str, Any]] = [{}, REUSED, {"hours_late": 30}, {"other_recipients_on_number": None}]
    rows = [policy_worlds.row(number, "2026-07-01", facts) for number, facts in enumerate(shapes)]
    few, many = policy_worlds.judged(written(tmp_path / "few", SMALL), rows), policy_worlds.judged(written(tmp_path / "many", pack), rows, file=tmp_path / "f")
    for one, other in zip(few["verdicts"], many["verdicts"], strict=True):
        assert one["charge"] == other["charge"]
        assert one["met"] == [name for name in other["met"] if name in SMALL["checks"]]
        assert one["unknown"] == [name for name in other["unknown"] if name in SMALL["checks"]]
        assert len(other["unknown"]) == len(one["unknown"]) * 76
    assert [row["outcome"] for row in many["verdicts"]] == ["clear", "violation", "violation", "clear"]
    assert pq.read_table(tmp_path / "f").num_rows == len(many["findings"])
