"""Real payloads, damaged in every way, never bring a reader down, and what they give is always canonical."""

from __future__ import annotations

import json
import operator
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcelproof.dataset.tables import TABLES
from parcelproof.errors import ParcelproofError
from parcelproof.sources import reader
from parcelproof.sources.casting import cast_row
from parcelproof.sources.common import Context

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = {
    "kuaidi100": "query_yuantongkuaiyun_2023_resultv2_4.json",
    "kdniao": "query_htky_2020_duplicated_keys.json",
    "juhe": "query_yuantong_2019.json",
    "17track": "gettrackinfo_yanwen_190012.json",
    "aftership": "GetTrackingResult.json",
    "epcis": "AggregationEvent.json",
    "shopify": "order.json",
    "douyin": "track_no_route_detail.json",
    "taobao": "logistics_trace_search.json",
    "wechat": "add_express_path.json",
}
LISTS: dict[str, tuple[Any, ...]] = {"17track": ("data", "accepted", 0, "track_info", "tracking", "providers", 0, "events")}
"""Where a payload lists its scans, if not in its first list of objects."""
ORDERS = [
    ("douyin", "order_search_list.json"), ("douyin", "pushes.json"), ("taobao", "trades_sold_get.json"), ("taobao", "logistics_orders_get.json"),
    ("pinduoduo", "order_list_get.json"), ("wechat", "shop_order_get.json"), ("wechat", "upload_shipping_info.json"), ("wechat", "add_express_path.xml"),
    ("csv", "orders_gb18030.csv"),
]  # fmt: skip
PAYLOADS = [*SOURCES.items(), *ORDERS]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.sampled_from(["2023-05-04 19:50:07", "3", "已签收", "【", 10**30]),
)  # fmt: skip


def check(source: str, data: bytes) -> int:
    """Read bytes; every row must be canonical, and whatever gave nothing must be refused."""
    options = {"mapping": str(FIXTURES / "csv/orders.mapping.yaml")} if source == "csv" else {}
    try:
        reading = reader(source).read(data, Context("x", None, b"salt" * 8, options))
    except ParcelproofError:
        assert source == "csv"
        return 0
    for table, rows in reading.rows.items():
        for row in rows:
            cast_row(TABLES[table], row)
    assert any(reading.rows.values()) or reading.refused
    return len(reading.rows.get("scans", []))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, entry in inner for found in places(entry, (*path, key)))]


def lists(value: Any) -> list[tuple[tuple[Any, ...], Any]]:
    """Every list that holds something, with its path."""
    found = [(path, reduce(operator.getitem, path, value)) for path in places(value)]
    return [(path, entry) for path, entry in found if isinstance(entry, list) and entry]


def replaced(value: Any, path: tuple[Any, ...], junk: object) -> Any:
    if not path:
        return junk
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], junk)
    return copy


@pytest.mark.parametrize(("source", "file"), PAYLOADS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_bytes_cut_changed_or_doubled(source: str, file: str, data: st.DataObject) -> None:
    whole = (FIXTURES / source / file).read_bytes()
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
    check(source, whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:])
    check(source, whole[:end] + whole[start:])


@pytest.mark.parametrize(("source", "file"), [pair for pair in PAYLOADS if pair[1].endswith(".json")])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_values_replaced_by_anything(source: str, file: str, data: st.DataObject) -> None:
    payload = json.loads((FIXTURES / source / file).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        payload = replaced(payload, data.draw(st.sampled_from(places(payload))), data.draw(JUNK))
    check(source, json.dumps(payload).encode())


@pytest.mark.parametrize("source", sorted(SOURCES.keys() - {"shopify"}))
def test_one_bad_scan_costs_no_other(source: str) -> None:
    payload = json.loads((FIXTURES / source / SOURCES[source]).read_bytes())
    whole = check(source, json.dumps(payload).encode())
    places_of_lists = [path for path, listed in lists(payload) if isinstance(listed[0], dict)]
    listed = reduce(operator.getitem, LISTS.get(source, places_of_lists[0]), payload)
    listed[0] = dict.fromkeys(listed[0])
    payload.pop("traces", None)
    assert check(source, json.dumps(payload).encode()) == whole - 1
