"""The engine holds no law: offences, checks, classes and ladders are data alone."""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import policy_worlds
from policy_worlds import CLAUSE, REUSED, SMALL, written

from parcelproof.policy import load_policy
from parcelproof.policy.cases import failures
from parcelproof.policy.commands import check_text


def test_a_new_offence_a_new_check_and_a_new_ladder_are_data_alone(tmp_path: Path) -> None:
    check = {
        "id": "heavy_parcel", "title": {"zh-CN": "包裹过重", "en": "Parcel too heavy"}, "met_when": "weight_ratio > $ratio", "since": "declared_at",
        "evidence": ["weight_ratio"], "params": {"ratio": 3}, "assumes": "weights are measured", "honest_look_alikes": ["a gift in the parcel"],
        "why": CLAUSE, "mend": CLAUSE,
        "tests": [{"name": "heavy", "facts": {"weight_ratio": 4}, "expect": "met"}, {"name": "as it should be", "facts": {"weight_ratio": 3},
                  "expect": "not met"}, {"name": "not weighed", "facts": {}, "expect": "unknown"}],
    }  # fmt: skip
    offence = {
        "title": {"zh-CN": "超重夹带", "en": "Smuggling"}, "source": {"2026-01-01": "rule"}, "clause": CLAUSE, "proved_when": {"2026-01-01": "heavy_parcel"},
        "charge": {"2026-01-01": {"amount": 20}},
        "strikes": {"week": {
            "days": 7, "window": "calendar_quarter", "of": "heavy_parcel", "among": "amount_paid > 10",
            "when": {"2026-01-01": "violations >= 3 and share > 0.5 and amount >= 300"},
            "ladder": {"2026-01-01": [{"at": "ordinal = 1 and amount < 1000", "measures": [{"measure": "warning", "public": True}]},
                                      {"at": "ordinal > 1 or amount >= 1000", "measures": [
                                          {"measure": "fine", "amount": {"rate": 0.01, "base": "violating_amount", "days": 7, "min": 1000, "max": 20000,
                                                                          "rounding": "thousand_down"}}]}]},
        }},
    }  # fmt: skip
    pack = copy.deepcopy(SMALL)
    pack["checks"]["heavy_parcel"] = {"clause": CLAUSE, "params": {"ratio": {"2026-01-01": 3, "2026-06-01": 2}}}
    pack["offences"]["smuggling"] = offence
    path = written(tmp_path, pack, {"heavy_parcel": check})
    assert check_text(path, "2026-09-01")[1], check_text(path, "2026-09-01")
    assert failures(load_policy(path).checks) == []
    heavy = {"weight_ratio": 2.5, "amount_paid": "100.00"}
    days = ["2026-05-31"] * 3 + ["2026-07-01", "2026-07-03", "2026-07-07", "2026-07-08", "2026-08-20"]
    rows = [policy_worlds.row(number, day, heavy | ({"amount_paid": "200000.00"} if number == 7 else {})) for number, day in enumerate(days)]
    rows += [policy_worlds.row(8 + number, "2026-08-20", heavy) for number in range(2)]
    found = policy_worlds.judged(path, rows)
    assert {row["offence"] for row in found["verdicts"]} == {None, "smuggling"}
    assert {row["amount"] for row in found["charges"]} == {Decimal("20.00")}
    assert [(str(row["day"]), row["ordinal"], row["violations"], str(row["window_start"])) for row in sorted(found["strikes"], key=lambda row: row["day"])] == [
        ("2026-07-07", 1, 3, "2026-07-01"), ("2026-08-20", 2, 3, "2026-07-01"),
    ]  # fmt: skip
    assert sorted((row["measure"], row["amount"], row["public"]) for row in found["measures"]) == [
        ("fine", Decimal("2000.00"), False), ("warning", None, True),
    ]  # fmt: skip


def test_strikes_by_class_take_the_ladder_of_most_of_the_days_cases(tmp_path: Path) -> None:
    def rung(days: int) -> dict[str, Any]:
        return {"2026-01-01": [{"ordinal_from": 1, "measures": [{"measure": "no_new_listings", "days": days}]}]}

    pack = copy.deepcopy(SMALL)
    pack["offences"]["false_shipping"]["strikes"] = {
        "fake": {"of": "waybill_reused", "window": {"rolling_days": 90}, "when": {"2026-01-01": "violations >= 2 and share > 0.5"}, "ladder": rung(7)},
        "timing": {"of": "no_hub_long", "window": {"rolling_days": 90}, "when": {"2026-01-01": "violations >= 2 and share > 0.5"}, "ladder": rung(3)},
    }
    slow = {"hours_without_hub": 50}
    rows = [policy_worlds.row(number, "2026-07-01", facts) for number, facts in enumerate([REUSED, REUSED, REUSED, slow, slow])]
    rows += [policy_worlds.row(10 + number, "2026-09-28", facts) for number, facts in enumerate([REUSED, slow, slow])]
    rows += [policy_worlds.row(20 + number, "2026-09-29", facts) for number, facts in enumerate([REUSED, REUSED])]
    found = policy_worlds.judged(written(tmp_path, pack), rows)
    assert [(str(row["day"]), row["rule"], row["ordinal"]) for row in sorted(found["strikes"], key=lambda row: row["day"])] == [
        ("2026-07-01", "fake", 1), ("2026-09-28", "timing", 1), ("2026-09-29", "fake", 1),
    ]  # fmt: skip
    rows += [policy_worlds.row(30 + number, "2026-09-27", facts) for number, facts in enumerate([REUSED, REUSED])]
    again = policy_worlds.judged(written(tmp_path, pack), rows)
    assert [row["ordinal"] for row in again["strikes"] if str(row["day"]) == "2026-09-27"] == [2]


def test_one_shared_check_serves_twice_with_other_values(tmp_path: Path) -> None:
    pack = copy.deepcopy(SMALL)
    pack["checks"]["no_hub_at_all"] = {"use": "no_hub", "clause": CLAUSE, "params": {"hub_hours": 200}}
    pack["offences"]["false_shipping"]["proved_when"] = {"2026-01-01": "no_hub_at_all"}
    path = written(tmp_path, pack)
    rows = [policy_worlds.row(number, "2026-07-01", {"hours_without_hub": hours}) for number, hours in enumerate((24, 25, 200, 201))]
    found = sorted(policy_worlds.judged(path, rows)["verdicts"], key=lambda row: row["order_id"])
    assert [row["offence"] for row in found] == [None, "stalled_trace", "stalled_trace", "false_shipping"]


def test_a_soft_sign_that_is_not_asked_leaves_no_finding(tmp_path: Path) -> None:
    pack = copy.deepcopy(SMALL)
    pack["checks"]["hasty_receipt"] = {"clause": CLAUSE}
    pack["offences"]["false_shipping"]["suspected_when"] = {"2026-01-01": "hasty_receipt"}
    path, quick = written(tmp_path, pack), {"minutes_delivery_to_confirmation": 1, "minutes_confirmation_to_review": 1}
    rows = [policy_worlds.row(number, "2026-07-01", quick | {"reviewed": reviewed}) for number, reviewed in enumerate((True, False, None))]
    found = policy_worlds.judged(path, rows)
    assert [(row["order_id"], row["indicator"], row["status"]) for row in found["findings"]] == [("O0000000", "hasty_receipt", "met")]
    assert sorted(row["outcome"] for row in found["verdicts"]) == ["clear", "clear", "suspected"]
