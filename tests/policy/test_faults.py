"""Every fault and oddity of a pack is told with its line and how to mend it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from policy_worlds import CLAUSE, SMALL, change, written

from parcelproof.policy import list_policies, load_policy
from parcelproof.policy.advising import faults, warnings
from parcelproof.policy.commands import check_text

LATE, FAKE = ("offences", "late_shipping"), ("offences", "false_shipping")
STRIKE = {"window": "calendar_year", "when": {"2026-01-01": "violations > 0"}}


def first(measure: dict[str, Any]) -> dict[str, Any]:
    """A strike whose first rung has one measure."""
    return STRIKE | {"ladder": {"2026-01-01": [{"ordinal": 1, "measures": [measure]}]}}


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ((*LATE, "charge", "2026-01-01"), {"rate": 0.1, "min": 9, "max": 3}, "min 9 is above max 3"),
        ((*LATE, "charge", "2026-01-01"), {"rate": 0.1, "amount": 3}, "either a rate or a fixed amount"),
        ((*LATE, "charge", "2026-01-01"), {"rate": 0.1, "base": "quantity"}, "unknown base 'quantity'"),
        ((*LATE, "charge", "2026-01-01"), {"rate": 0.1, "mim": 3}, "did you mean 'min'"),
        ((*LATE, "charge", "2025-01-01"), {"rate": 0.1}, "no source holds on 2025-01-01"),
        ((*LATE, "charge", "2026-01-01"), {"rate": 0.1, "proved_by": "late"}, "unknown check 'late'"),
        ((*LATE, "proved_when", "2026-1-1"), "late_shipping", "is not a day"),
        (("offences", "own_offence"), SMALL["offences"]["late_shipping"], "give the new one a title"),
        ((*LATE, "strikes", "s"), STRIKE | {"when": {"2026-01-01": "ordinal > 1"}}, "unknown figure 'ordinal'"),
        ((*LATE, "strikes", "s"), STRIKE | {"window": "calendar_week"}, "did you mean 'calendar_year'"),
        ((*LATE, "strikes", "s"), first({"measure": "frieze_funds"}), "did you mean 'freeze_funds'"),
        ((*LATE, "strikes", "s"), first({"measure": "removal", "needs_human": False}), "always needs a person"),
        ((*LATE, "strikes", "s"), {"per": "product"} | first({"measure": "removal"}), "falls on a merchant"),
        ((*LATE, "strikes", "s"), STRIKE | {"ladder": {"2026-01-01": [{"measures": [{"measure": "warning"}]}]}}, "a rung says when it holds"),
        ((*LATE, "strikes", "s"), STRIKE | {"ladder": {"2026-01-01": [{"ordinal": [3, 2], "measures": [{"measure": "warning"}]}]}}, "runs backwards"),
        ((*LATE, "follows"), {"2026-01-01": [{"measure": "freeze_funds"}]}, "not on a order"),
        (("charging",), {"2026-01-01": {"caps": [{"per": "buyer_shop_day", "rate": 0.2, "source": "rule"}]}}, "a cap by rate is per order"),
        (("charging",), {"2026-01-01": {"together": ["late_shipping", "late_shiping"]}}, "did you mean 'late_shipping'"),
        (("appeal",), {"2026-01-01": {"source": "rule", "window_days": 0, "suspends": False, "human_on_request": True}}, "must be a whole number from 1"),
        (("exemptions",), {"x": {"title": CLAUSE, "of": ["no_hub_lon"], "when": {"2026-01-01": True}, "source": "rule"}}, "did you mean 'no_hub_long'"),
        (("checks", "no_hub", "params"), {"hub_hour": 3}, "did you mean 'hub_hours'"),
        (("checks", "no_hub", "params"), {"hub_hours": "a day"}, "a number must stand there"),
        (("checks", "no_hub", "use"), "../../../etc/passwd", "use must be a text like"),
        ((*FAKE, "proved_when", "2026-01-01"), "no_hub = late_shipping", "join them by and, or, not"),
        ((*FAKE, "proved_when", "2026-01-01"), "no_hub in (true)", "join them by and, or, not"),
        (("sources", "rule", "seen"), "2026-02-30", "is not a day"),
        (("currency",), "yuan", "currency must be a text like CNY"),
        (("calendar",), "mars", "known are cn"),
    ],
)  # fmt: skip
def test_a_fault_of_a_pack_is_told_with_line_and_mend(tmp_path: Path, place: tuple[str, ...], value: Any, told: str) -> None:
    text, sound = check_text(written(tmp_path, change(place, value)))
    assert not sound
    assert any(told in line and line.split(":")[1].isdigit() for line in text.splitlines()), text


def rungs(*rung: dict[str, Any]) -> dict[str, Any]:
    return STRIKE | {"ladder": {"2026-01-01": list(rung)}}


WARN = [{"measure": "warning"}]


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("checks", "stalled"), {"clause": CLAUSE}, "no offence speaks of the check stalled"),
        ((*FAKE, "proved_when", "2026-01-01"), "waybill_reused or no_hub_long or (waybill_reused and late_shipping)", "late_shipping can never"),
        ((*LATE, "strikes", "s"), rungs({"ordinal": 1, "measures": WARN}, {"ordinal_from": 1, "measures": WARN}), "two rungs give warning for one strike"),
        ((*LATE, "strikes", "s"), rungs({"ordinal_from": 1, "measures": WARN}, {"at": "ordinal < 1", "measures": WARN}), "nothing reaches the rung"),
        ((*LATE, "strikes", "s"), rungs({"ordinal": [1, 2], "measures": WARN}, {"ordinal_from": 4, "measures": WARN}), "some strikes have no rung"),
        (("sources", "other"), {"url": "https://example.org/x", "seen": "2026-01-01"}, "nothing rests on the source other"),
    ],
)  # fmt: skip
def test_parts_that_nothing_uses_or_reaches_are_told(tmp_path: Path, place: tuple[str, ...], value: Any, told: str) -> None:
    policy = load_policy(written(tmp_path, change(place, value)))
    assert any(told in fault and fault.startswith("pack.yaml:") for fault in faults(policy)), faults(policy)
    assert not check_text(str(tmp_path))[1]


def test_gaps_and_old_sources_are_warnings(tmp_path: Path) -> None:
    pack = change((*LATE, "charge"), {"2026-02-01": {"rate": 0.1}})
    pack["offences"]["late_shipping"]["strikes"] = {"s": STRIKE}
    told = warnings(load_policy(written(tmp_path, pack)), date(2027, 3, 1))
    assert any("its charge only from 2026-02-01" in line for line in told)
    assert any("their ladder holds never" in line for line in told)
    assert any("191 days ago" in line for line in told)
    assert not any("days ago" in line for line in warnings(load_policy(str(tmp_path)), date(2027, 2, 18)))
    assert check_text(str(tmp_path), "2027-03-01")[1]


@pytest.mark.parametrize("name", list_policies())
def test_the_packs_have_no_fault_and_no_gap(name: str) -> None:
    told, sound = check_text(name, "2026-09-01")
    assert (told, sound) == (f"{name}: no fault", True)
