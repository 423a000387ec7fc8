"""Real payloads, damaged in every way, never bring a reader down, and what they give is always canonical."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcelproof.dataset.tables import TABLES
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
}
LISTS: dict[str, tuple[Any, ...]] = {
    "kuaidi100": ("data",),
    "kdniao": ("Traces",),
    "juhe": ("result", "list"),
    "17track": ("data", "accepted", 0, "track_info", "tracking", "providers", 0, "events"),
    "aftership": ("data", "tracking", "checkpoints"),
    "epcis": ("epcisBody", "eventList"),
}
"""Where each payload lists its scans."""
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.sampled_from(["2023-05-04 19:50:07", "3", "已签收", "【", 10**30]),
)  # fmt: skip


def check(source: str, data: bytes) -> int:
    """Read bytes; every row must be canonical, and whatever gave nothing must be refused."""
    reading = reader(source).read(data, Context("x", None, b"salt" * 8))
    for table, rows in reading.rows.items():
        for row in rows:
            cast_row(TABLES[table], row)
    assert any(reading.rows.values()) or reading.refused
    return len(reading.rows.get("scans", []))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, entry in inner for found in places(entry, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], junk: object) -> Any:
    if not path:
        return junk
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], junk)
    return copy


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_bytes_cut_changed_or_doubled(source: str, data: st.DataObject) -> None:
    whole = (FIXTURES / source / SOURCES[source]).read_bytes()
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))))
    check(source, whole[:start] + data.draw(st.binary(max_size=8)) + whole[end:])
    check(source, whole[:end] + whole[start:])


@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_values_replaced_by_anything(source: str, data: st.DataObject) -> None:
    payload = json.loads((FIXTURES / source / SOURCES[source]).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        payload = replaced(payload, data.draw(st.sampled_from(places(payload))), data.draw(JUNK))
    check(source, json.dumps(payload).encode())


@pytest.mark.parametrize("source", LISTS)
def test_one_bad_scan_costs_no_other(source: str) -> None:
    payload = json.loads((FIXTURES / source / SOURCES[source]).read_bytes())
    whole = check(source, json.dumps(payload).encode())
    listed = payload
    for step in LISTS[source]:
        listed = listed[step]
    listed[0] = dict.fromkeys(listed[0])
    payload.pop("traces", None)
    assert check(source, json.dumps(payload).encode()) == whole - 1
