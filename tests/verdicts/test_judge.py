"""The main job on small datasets: each rule met, its honest look-alike, and the unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from parcelproof.errors import InputError, UsageError
from parcelproof.verdicts.judge import judge, parse_moment
from parcelproof.verdicts.result import JudgeResult

Judged = Callable[..., JudgeResult]
STAGES = ("collected", "hub_in", "hub_out", "outlet_in", "out_for_delivery", "delivered")


def order(number: str, paid_at: str, **more: Any) -> dict[str, Any]:
    return {
        "order_id": number, "merchant_id": "M1", "buyer_id": f"B{number}", "paid_at": f"{paid_at}T02:00:00Z", "amount_paid": "500.00", "unit_price": "500.00",
        "quantity": 1, "currency": "CNY", "adcode": "440106", "recipient_key": f"R{number}", "kind": "standard",
        "promised_ship_at": f"{paid_at[:8]}{int(paid_at[8:]) + 3:02d}T02:00:00Z",
    } | more  # fmt: skip


def declaration(number: str, waybill: str, day: str, **more: Any) -> dict[str, Any]:
    return {"order_id": number, "carrier": "SF", "waybill_no": waybill, "declared_at": f"{day}T03:00:00Z", "withdrawn_at": ""} | more


def trace(waybill: str, day: str, *, hours: tuple[int, ...] = (5, 12, 16, 40, 44, 48), place: str = "440106") -> list[dict[str, Any]]:
    month, first = day[:8], int(day[8:])
    rows = []
    for stage, hour in zip(STAGES, hours, strict=False):
        days, clock = divmod(3 + hour, 24)
        code = "330106" if stage in STAGES[:3] else place
        rows.append(
            {
                "carrier": "SF",
                "waybill_no": waybill,
                "event_time": f"{month}{first + days:02d}T{clock:02d}:00:00Z",
                "stage": stage,
                "adcode": code,
            }
        )
    return rows


def verdict(result: JudgeResult, number: str) -> dict[str, Any]:
    row: dict[str, Any]
    (row,) = [row for row in result.table("verdicts").to_pylist() if row["order_id"] == number]
    return row


def test_orders_and_declarations_alone_convict_nobody_and_clear_nobody(judged: Judged) -> None:
    result = judged(orders=[order("1", "2026-06-01"), order("2", "2026-06-02")], declarations=[declaration("1", "SF1", "2026-06-01")])
    assert [row["outcome"] for row in result.table("verdicts").to_pylist()] == ["undetermined", "undetermined"]


def test_a_parcel_that_arrives_in_time_is_clear(judged: Judged) -> None:
    result = judged(orders=[order("1", "2026-06-01")], declarations=[declaration("1", "SF1", "2026-06-01")], scans=trace("SF1", "2026-06-01"))
    assert verdict(result, "1")["outcome"] == "clear"


@pytest.mark.parametrize(
    ("day", "amount", "price", "expected"),
    [
        ("2024-08-12", "500.00", "500.00", Decimal("5.00")),
        ("2024-08-12", "100.00", "100.00", Decimal("3.00")),
        ("2024-08-12", "9000.00", "9000.00", Decimal("30.00")),
        ("2024-08-12", "512.34", "512.34", Decimal("5.12")),
        ("2024-08-12", "300.00", "3.00", None),
        ("2024-08-12", "300.00", "3.01", Decimal("3.00")),
        ("2026-06-08", "750.00", "750.00", Decimal("8.00")),
        ("2026-07-08", "500.00", "500.00", Decimal("5.00")),
        ("2026-07-09", "500.00", "500.00", None),
    ],
)
def test_no_pickup_for_thirty_hours_costs_what_the_text_of_the_day_says(judged: Judged, day: str, amount: str, price: str, expected: Decimal | None) -> None:
    hurt = order("1", day, amount_paid=amount, unit_price=price, promised_ship_at=f"{day[:8]}{int(day[8:]) + 2:02d}T02:00:00Z")
    result = judged(
        orders=[hurt, order("2", day)],
        declarations=[declaration("1", "SF1", day), declaration("2", "SF2", day)],
        scans=trace("SF1", day, hours=(30, 34, 38, 50, 52, 54)) + trace("SF2", day),
    )
    found = verdict(result, "1")
    assert (found["outcome"], found["offence"], found["charge"]) == ("violation", "stalled_trace", expected)
    assert verdict(result, "2")["outcome"] == "clear"


@pytest.mark.parametrize(("day", "expected"), [("2026-07-08", Decimal("100.00")), ("2026-07-09", None)])
def test_a_number_of_another_recipient_is_false_shipping(judged: Judged, day: str, expected: Decimal | None) -> None:
    result = judged(
        orders=[order("1", day), order("2", day)],
        declarations=[declaration("1", "SF 1", day), declaration("2", "sf-1", day, declared_at=f"{day}T05:00:00Z")],
        scans=trace("SF1", day),
    )
    assert verdict(result, "1")["outcome"] == "clear"
    found = verdict(result, "2")
    assert (found["outcome"], found["offence"], found["charge"]) == ("violation", "false_shipping", expected)
    assert "waybill_reused" in found["met"]


def test_two_orders_of_one_recipient_may_share_a_parcel(judged: Judged) -> None:
    day = "2026-06-01"
    result = judged(
        orders=[order("1", day, recipient_key="R"), order("2", day, recipient_key="R")],
        declarations=[declaration("1", "SF1", day), declaration("2", "SF1", day, declared_at=f"{day}T05:00:00Z")],
        scans=trace("SF1", day),
    )
    assert {row["outcome"] for row in result.table("verdicts").to_pylist()} == {"clear"}


def test_orders_of_two_recipients_in_one_parcel_need_an_agreement(judged: Judged) -> None:
    day = "2026-06-01"
    tables = {
        "orders": [order("1", day), order("2", day)],
        "declarations": [declaration("1", "SF1", day), declaration("2", "SF1", day, declared_at=f"{day}T05:00:00Z")],
        "scans": trace("SF1", day),
    }
    agreed = {"order_id": "2", "kind": "merge_agreed", "happened_at": f"{day}T04:00:00Z"}
    assert verdict(judged(**tables, order_events=[agreed | {"order_id": "1"}]), "2")["offence"] == "false_shipping"
    found = verdict(judged(**tables, order_events=[agreed]), "2")
    assert (found["outcome"], found["excused"]) == ("clear", ["waybill_reused:merge_agreed"])


@pytest.mark.parametrize(
    ("day", "mode", "hours", "shop", "met"),
    [
        ("2026-06-29", "instant", 12, "330100", []),
        ("2026-06-29", "instant", 13, "330100", ["instant_no_pickup"]),
        ("2026-06-28", "instant", 13, "330100", []),
        ("2026-06-29", "standard", 13, "440100", []),
        ("2026-06-29", "instant", 5, "440100", ["instant_other_city"]),
        ("2026-06-29", "instant", 5, "330100", []),
        ("2026-06-29", "instant", 5, "", []),
    ],
)
def test_instant_retail_has_its_own_hours_and_city_from_its_day_on(judged: Judged, day: str, mode: str, hours: int, shop: str, met: list[str]) -> None:
    result = judged(
        orders=[order("1", day, mode=mode, promised_ship_at="", adcode="330106")], declarations=[declaration("1", "SF1", day)],
        scans=trace("SF1", day, hours=(hours, hours + 3, hours + 5, hours + 9, hours + 10, hours + 11), place="330106"),
        merchants=[{"merchant_id": "M1", "adcode": shop}],
    )  # fmt: skip
    found = verdict(result, "1")
    assert (found["outcome"], found["met"]) == ("violation" if met else "clear", met)


def test_a_quick_receipt_is_suspected_only_beside_another_sign(judged: Judged) -> None:
    day = "2026-07-10"
    tables = {
        "orders": [order(n, day) for n in "12345"],
        "declarations": [declaration(n, f"SF{n}", day) for n in "12345"],
        "scans": [scan for n in "12345" for scan in trace(f"SF{n}", day)],
    }
    receipts = [
        {
            "order_id": n, "confirmed_at": "2026-07-12T03:02:00Z", "confirmed_by": "buyer", "reviewed_at": "2026-07-12T03:04:00Z",
            "review_key": f"K{n}" if n == "5" else "K",
        }
        for n in "12345"
    ]  # fmt: skip
    result = judged(**tables, receipts=receipts)
    assert (verdict(result, "1")["outcome"], verdict(result, "1")["offence"]) == ("suspected", "brushing")
    assert verdict(result, "5")["outcome"] == "clear"


def test_a_parcel_signed_in_another_province_is_false_unless_the_buyer_moved(judged: Judged) -> None:
    day = "2026-06-01"
    tables = {
        "orders": [order("1", day), order("2", day)],
        "declarations": [declaration("1", "SF1", day), declaration("2", "SF2", day)],
        "scans": trace("SF1", day, place="510107") + trace("SF2", day, place="510107"),
    }
    assert verdict(judged(**tables), "1")["outcome"] == "suspected"
    moved = [{"order_id": "2", "kind": "address_changed", "happened_at": "2026-06-01T04:00:00Z", "adcode": "510107"}]
    result = judged(**tables, order_events=moved)
    assert verdict(result, "1")["outcome"] == "violation"
    assert verdict(result, "2")["outcome"] == "clear"


def test_a_trace_older_than_the_payment_is_false_shipping(judged: Judged) -> None:
    result = judged(orders=[order("1", "2026-06-05")], declarations=[declaration("1", "SF1", "2026-06-05")], scans=trace("SF1", "2026-06-03"))
    assert "scanned_before_payment" in verdict(result, "1")["met"]


def test_an_announced_disruption_takes_its_hours_out(judged: Judged) -> None:
    day = "2026-06-01"
    tables = {
        "orders": [order("1", day)], "declarations": [declaration("1", "SF1", day)], "scans": trace("SF1", day, hours=(30, 34, 38, 50, 52, 54)),
    }  # fmt: skip
    storm = {"carrier": "", "adcode": "33", "starts_at": "2026-06-01T00:00:00Z", "ends_at": "2026-06-02T00:00:00Z", "reason": "storm"}
    assert verdict(judged(**tables), "1")["outcome"] == "violation"
    assert verdict(judged(**tables, disruptions=[storm]), "1")["outcome"] == "clear"
    assert verdict(judged(**tables, disruptions=[storm | {"adcode": "51"}]), "1")["outcome"] == "violation"
    late = storm | {"announced_at": "2026-06-20T00:00:00Z"}
    assert verdict(judged("2026-06-10T00:00:00Z", **tables, disruptions=[late]), "1")["outcome"] == "violation"


def test_what_arrives_later_changes_nothing_at_the_same_moment(judged: Judged) -> None:
    day = "2026-06-01"
    scans = trace("SF1", day)
    late = {**scans[0], "stage": "created", "event_time": "2026-05-01T00:00:00Z", "received_at": "2026-06-09T00:00:00Z"}
    tables = {"orders": [order("1", day)], "declarations": [declaration("1", "SF1", day)]}
    before = judged("2026-06-08T00:00:00Z", **tables, scans=scans)
    after = judged("2026-06-08T00:00:00Z", **tables, scans=[*scans, late], receipts=[{"order_id": "1", "confirmed_at": "2026-06-09T00:00:00Z"}])
    shared = [name for name in before.table("verdicts").column_names if name != "unknown"]
    assert before.table("verdicts").select(shared).to_pylist() == after.table("verdicts").select(shared).to_pylist()


def test_an_undeclared_order_past_its_promise_is_late(judged: Judged) -> None:
    day = "2026-06-01"
    result = judged(
        "2026-06-20T00:00:00Z",
        orders=[order("1", day), order("2", day)],
        declarations=[declaration("2", "SF2", day)],
        scans=trace("SF2", day),
    )
    found = verdict(result, "1")
    assert (found["waybill_no"], found["outcome"], found["offence"]) == (None, "violation", "late_shipping")


def test_upheld_complaints_cost_thirty_percent_and_small_orders_all(judged: Judged) -> None:
    for day, amount, expected in (("2026-08-02", "8.00", "10.00"), ("2026-08-03", "8.00", "8.00"), ("2026-08-03", "100.00", "30.00")):
        result = judged(
            orders=[order("1", day, amount_paid=amount)], declarations=[declaration("1", "SF1", day)], scans=trace("SF1", day),
            complaints=[{"order_id": "1", "kind": "empty_parcel", "opened_at": f"{day}T09:00:00Z", "upheld": "true", "decided_at": f"{day}T10:00:00Z"}],
        )  # fmt: skip
        assert (verdict(result, "1")["offence"], verdict(result, "1")["charge"]) == ("fraudulent_parcel", Decimal(expected))


def test_twenty_false_shipments_in_a_day_are_a_strike_and_propose_measures(judged: Judged) -> None:
    day, numbers = "2026-06-01", [str(n) for n in range(21)]
    result = judged(
        orders=[order(n, day) for n in numbers],
        declarations=[declaration(n, "SF1", day, declared_at=f"{day}T0{3 if n == '0' else 4}:00:00Z") for n in numbers],
        scans=trace("SF1", day),
    )
    (strike,) = result.table("strikes").to_pylist()
    assert (strike["offence"], strike["violations"], strike["shipments"], strike["ordinal"]) == ("false_shipping", 20, 21, 1)
    measures = [row for row in result.table("measures").to_pylist() if row["target_kind"] == "merchant"]
    assert {row["measure"]: row["needs_human"] for row in measures} == {
        "freeze_funds": True, "stop_settlement": True, "no_new_listings": False, "no_presale": False, "no_affiliate": False,
    }  # fmt: skip
    (freeze,) = [row for row in measures if row["measure"] == "freeze_funds"]
    assert (freeze["amount"], json.loads(freeze["basis"])["base_amount"], freeze["inverse"]) == (Decimal("20000.00"), "10000.00", "release_funds")


def test_the_folder_holds_every_output_and_the_evidence_is_json(judged: Judged, tmp_path: Path) -> None:
    day = "2026-06-01"
    judged(orders=[order("1", day)], declarations=[declaration("1", "SF1", day)], scans=trace("SF1", day, hours=(30, 34, 38, 50, 52, 54)))
    out = tmp_path / "out"
    with judge(tmp_path / "d0", policy="douyin-shop", out=out, output_format="jsonl") as result:
        findings = {row["indicator"]: row for row in result.table("findings").to_pylist()}
    assert json.loads(findings["no_pickup"]["evidence"])["hours_without_pickup"] == 30
    names = {path.name for path in out.iterdir()}
    assert {
        "verdicts.jsonl",
        "findings.jsonl",
        "charges.jsonl",
        "strikes.jsonl",
        "measures.jsonl",
        "quarantine.jsonl",
        "run.json",
        "report.html",
    } <= names
    assert json.loads((out / "run.json").read_text())["outcomes"] == {"violation": 1}


def test_wrong_options_are_told_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="known are duckdb"):
        judge(tmp_path, engine="oracle")
    with pytest.raises(UsageError, match="known are csv"):
        judge(tmp_path, out=tmp_path / "o", output_format="xls")
    with pytest.raises(UsageError, match="is not a time"):
        parse_moment("yesterday")
    with pytest.raises(InputError, match="holds no table"):
        judge(tmp_path)
