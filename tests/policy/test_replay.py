"""An act is judged by the text of its day, whenever it is judged."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import policy_worlds
import pytest
from policy_worlds import PACKS, text_of, written

from parcelproof.policy import load_policy


def _until(value: Any, day: str) -> Any:
    """A pack as it was written on a day: what was dated later had not been written yet."""
    if isinstance(value, dict):
        dated = bool(value) and all(isinstance(key, str) and key[:2] == "20" and key[4:5] == "-" for key in value)
        return {key: _until(item, day) for key, item in value.items() if not dated or key <= day}
    return [_until(item, day) for item in value] if isinstance(value, list) else value


def _without_later_parts(pack: dict[str, Any]) -> dict[str, Any]:
    """What is left of a pack whose later days are gone: parts that hold on no day are gone too."""
    for offence in pack["offences"].values():
        offence["strikes"] = {name: strike for name, strike in offence.get("strikes", {}).items() if strike["when"]}
        for part in (offence, *offence["strikes"].values()):
            for key in [key for key, value in part.items() if value == {}]:
                del part[key]
    pack["offences"] = {name: offence for name, offence in pack["offences"].items() if {"proved_when", "suspected_when"} & set(offence)}
    pack["exemptions"] = {name: exemption for name, exemption in pack.get("exemptions", {}).items() if exemption["when"]}
    return {key: value for key, value in pack.items() if value != {}}


@pytest.mark.parametrize("name", ["douyin-shop", "tmall", "tiktok-shop"])
def test_acts_of_a_day_are_judged_today_as_they_were_judged_then(tmp_path: Path, name: str) -> None:
    """For every version: the pack cut off at the version's day says of that day's acts what the whole pack says of them today."""
    whole = text_of(PACKS / name / "pack.yaml")
    policy = load_policy(name)
    shapes: list[dict[str, Any]] = [case["facts"] for case in policy_worlds.cases(name)]
    acts: dict[str, list[dict[str, Any]]] = {}
    for day in policy.dates():
        start = len(acts) * len(shapes)
        acts[day] = [policy_worlds.row(start + n, day, {"merchant_id": f"M{n % 3} {day}", "buyer_id": f"B{n} {day}"} | facts) for n, facts in enumerate(shapes)]
    now = policy_worlds.judged(policy, [row for rows in acts.values() for row in rows])
    for day, rows in acts.items():
        then = load_policy(written(tmp_path / day, _without_later_parts(_until(copy.deepcopy(whole), day))))
        before = policy_worlds.judged(then, rows)
        for table in ("verdicts", "charges", "strikes", "measures"):
            assert _plain(row for row in now[table] if row["merchant_id"].endswith(day)) == _plain(before[table]), (day, table)


def _plain(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Rows to compare. The terms of an appeal are those of the day of judging and not of the act; the number of a shipment is that of its world."""
    kept = [{key: value for key, value in row.items() if key not in ("basis", "shipment")} | {"basis": _without_terms(row.get("basis"))} for row in rows]
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in kept)


def _without_terms(basis: str | None) -> Any:
    told = json.loads(basis) if basis else {}
    return {key: value for key, value in told.items() if key not in ("appeal_until", "decide_by", "source_seen")}


def test_acts_of_june_judged_in_june_and_in_november_are_equal() -> None:
    shapes: list[dict[str, Any]] = [case["facts"] for case in policy_worlds.cases("douyin-shop")]
    rows = [policy_worlds.row(n, f"2026-06-{1 + n % 30:02}", facts) for n, facts in enumerate(shapes)]
    june = policy_worlds.judged("douyin-shop", rows, datetime(2026, 7, 1))  # noqa: DTZ001  times of the judge are UTC without a zone
    november = policy_worlds.judged("douyin-shop", rows)
    for table in ("verdicts", "charges", "strikes"):
        assert _plain([{k: v for k, v in row.items() if k != "as_of"} for row in june[table]]) == _plain(
            [{k: v for k, v in row.items() if k != "as_of"} for row in november[table]]
        )
