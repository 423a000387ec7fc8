"""Orders of a marketplace and a trace of an aggregator, imported one after the other, are judged together."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from parcelproof.sources.imports import import_files
from parcelproof.verdicts.judge import judge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Fixture = Callable[[str], bytes]

DAY = 86_400
START = 1_785_549_600  # 2026-08-01T10:00:00+08:00
SHIFT = START - 1_672_538_400
"""From the fixture's payment to one under a policy in force."""


def moved(value: Any) -> Any:
    """The payload with its moments moved to 2026."""
    if isinstance(value, dict):
        return {key: entry + SHIFT if key.endswith("_time") and isinstance(entry, int) and entry else moved(entry) for key, entry in value.items()}
    return [moved(entry) for entry in value] if isinstance(value, list) else value


def trace(first: str) -> dict[str, Any]:
    steps = [
        ("2026-08-04 12:00:00", "客户签收人: 本人 已签收"), ("2026-08-04 09:00:00", "【浙江省杭州市西湖区公司】 派件中 派件人: 张**"),
        ("2026-08-03 06:00:00", "【浙江省杭州市西湖区公司】 已收入"), ("2026-08-02 02:00:00", "【杭州转运中心】 已收入"),
        (first, "【浙江省杭州市余杭公司】 已收件"),
    ]  # fmt: skip
    data = [{"time": time, "ftime": time, "context": words} for time, words in steps]
    return {"message": "ok", "nu": "YT7199652228745", "com": "yuantong", "status": "200", "state": "3", "data": data}


@pytest.mark.parametrize(
    ("first_scan", "outcome", "met"), [("2026-08-01 18:00:00", "clear", set()), ("2026-07-30 18:00:00", "violation", {"scanned_before_payment"})]
)
def test_a_douyin_order_is_judged_by_its_kuaidi100_trace(tmp_path: Path, fixture_bytes: Fixture, first_scan: str, outcome: str, met: set[str]) -> None:
    answer = moved(json.loads(fixture_bytes("douyin/order_search_list.json")))
    answer["data"]["shop_order_list"] = answer["data"]["shop_order_list"][:1]
    (tmp_path / "orders.json").write_text(json.dumps(answer))
    (tmp_path / "trace.json").write_text(json.dumps(trace(first_scan)))
    import_files("douyin", [tmp_path / "orders.json"], tmp_path / "data")
    import_files("kuaidi100", [tmp_path / "trace.json"], tmp_path / "data")
    with judge(tmp_path / "data", policy="douyin-shop", out=tmp_path / "out") as result:
        (verdict,) = result.table("verdicts").to_pylist()
    assert (verdict["order_id"], verdict["carrier"], verdict["merchant_id"]) == ("6496679971677798670", "YTO", "4463798")
    assert (verdict["outcome"], met <= set(verdict["met"])) == (outcome, True)


def test_a_newer_pull_of_the_same_orders_replaces_the_older(tmp_path: Path, fixture_bytes: Fixture) -> None:
    older = json.loads(fixture_bytes("taobao/trade_fullinfo_get.json"))
    newer = json.loads(fixture_bytes("taobao/trades_sold_get.json"))
    newer["trades_sold_get_response"]["trades"]["trade"] = newer["trades_sold_get_response"]["trades"]["trade"][:1]
    for name, answer in (("older", older), ("newer", newer)):
        (tmp_path / f"{name}.json").write_text(json.dumps(answer).replace("2023-01", "2026-08"))
        import_files("taobao", [tmp_path / f"{name}.json"], tmp_path / "data")
    with judge(tmp_path / "data", policy="douyin-shop", out=tmp_path / "out") as result:
        assert [row["waybill_no"] for row in result.table("verdicts").to_pylist()] == ["YT7199652228745", "73190553102532"]
        assert sum(table["quarantined"] for table in result.run["rows"].values()) == 0
