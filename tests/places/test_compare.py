"""Codes agree at the finest level that both sides know, and what nobody knows is null."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.places import LEVELS, city_sql, level_sql, province_sql


def literal(value: str | None) -> str:
    return "null::varchar" if value is None else quoted(value)


def level(engine: Engine, a: str | None, b: str | None) -> str | None:
    found: str | None = engine.row(f"select {level_sql('a', 'b')} from (select {literal(a)} as a, {literal(b)} as b)")[0]
    return found


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param("330106", "330106", "district", id="the same district"),
        pytest.param("330106", "330105", "city", id="two districts of one city"),
        pytest.param("330100", "330106", "city", id="a city and its district"),
        pytest.param("330100", "330100", "city", id="the same city"),
        pytest.param("3301", "330106", "city", id="a code of four digits"),
        pytest.param("330106", "330203", "province", id="two cities of one province"),
        pytest.param("330106", "440305", "country", id="two provinces"),
        pytest.param("33", "440305", "country", id="a province and a district elsewhere"),
        pytest.param("330000", "330106", None, id="a province and its district: the city is unknown"),
        pytest.param("330000", "330000", None, id="the same province: the cities are unknown"),
        pytest.param("330106001002", "330106", "district", id="the longer statistical code"),
        pytest.param(" 330106 ", "330106", "district", id="blanks around a code"),
        pytest.param("110105", "110228", "city", id="a municipality is one city, its former counties too"),
        pytest.param("500101", "500233", "city", id="districts and counties of Chongqing"),
        pytest.param("310000", "310115", "city", id="a municipality and its district"),
        pytest.param("429004", "429004", "district", id="a county under its province"),
        pytest.param("429004", "429005", "province", id="two counties under one province are two cities"),
        pytest.param("429000", "429004", None, id="the heading of such counties is no place"),
        pytest.param("659001", "650102", "province", id="a corps city is no district of Urumqi"),
        pytest.param("441900", "441900", "city", id="a city without districts"),
        pytest.param("810000", "810000", "city", id="Hong Kong is one city"),
        pytest.param("HK", "810000", "city", id="Hong Kong under its ISO code"),
        pytest.param("TW-110", "710000", None, id="Taiwan's cities have no codes"),
        pytest.param("TW-110", "350200", "country", id="Taiwan and Xiamen"),
        pytest.param("330104", "330102", "district", id="a district that was split and a part of it"),
        pytest.param("330104", "330114", "district", id="and the other part"),
        pytest.param("330104", "330106", "city", id="and a neighbour that got nothing"),
        pytest.param("371202", "370116", "district", id="a district that went to another city"),
        pytest.param("371200", "370116", "city", id="the city that was dissolved"),
        pytest.param("371202", "370102", "city", id="what lay in it and its new city"),
        pytest.param("371202", "370200", "province", id="what lay in it and another city"),
        pytest.param("320381", "110105", "country", id="an ended code still differs from the rest"),
        pytest.param("US-10001", "US-10001", "district", id="the same postal code"),
        pytest.param("us-10001", "US-10001 ", "district", id="small letters and blanks"),
        pytest.param("US-10001", "US-10012", "city", id="the same first three"),
        pytest.param("US-10001", "US-11201", None, id="Manhattan and Brooklyn: one city, two threes"),
        pytest.param("US-10001", "US-94105", "country", id="two regions of the country"),
        pytest.param("US-10001", "US", None, id="a country alone"),
        pytest.param("US-10001", "CA-M5V3L9", "none", id="two countries"),
        pytest.param("GB-SW1A1AA", "GB-EC1A 1BB", None, id="letters of London say nothing"),
        pytest.param("GB-SW1A1AA", "GB-SW1A 1AA", "district", id="a blank inside a postal code"),
        pytest.param("SG-018956", "SG-640001", "city", id="a city state"),
        pytest.param("330106", "US-10001", "none", id="China and abroad"),
        pytest.param("CN", "330106", None, id="China without more"),
        pytest.param("CN-310000", "US-10001", "none", id="China's postal codes abroad"),
        pytest.param("330106", None, None, id="unknown"),
        pytest.param(None, None, None, id="both unknown"),
        pytest.param("", "330106", None, id="an empty code"),
        pytest.param("33010", "330106", None, id="five digits"),
        pytest.param("990106", "990106", None, id="no such province"),
        pytest.param("1A0000", "1A0000", None, id="letters among the digits"),
        pytest.param("杭州市", "330106", None, id="a name instead of a code"),
    ],
)
def test_two_codes_agree_at(engine: Engine, a: str | None, b: str | None, expected: str | None) -> None:
    assert level(engine, a, b) == expected
    assert level(engine, b, a) == expected


CODES = st.one_of(st.none(), st.text(alphabet="0123458UNSCHK- '", max_size=8), st.sampled_from(["330106", "371202", "US-10001"]))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(CODES, CODES), min_size=1, max_size=60))
def test_any_two_codes_compare_without_error_and_in_either_order(engine: Engine, pairs: list[tuple[str | None, str | None]]) -> None:
    values = ", ".join(f"({literal(a)}, {literal(b)})" for a, b in pairs)
    for one, other in engine.rows(f"select {level_sql('a', 'b')}, {level_sql('b', 'a')} from (values {values}) as pairs(a, b)"):
        assert one is None or one in LEVELS
        assert one == other


@pytest.mark.parametrize(
    ("code", "city", "province"),
    [
        ("330106", "3301", "33"),
        ("330100", "3301", "33"),
        ("330000", None, "33"),
        ("110105", "11", "11"),
        ("429004", "429004", "42"),
        ("371202", "3701", "37"),
        ("341400", None, "34"),
        ("US-10001", None, None),
        ("SG-018956", "SG", None),
        ("HK-", "81", "81"),
        (" 3301", "3301", "33"),
        ("nowhere", None, None),
        (None, None, None),
    ],
)
def test_a_code_has_a_city_and_a_province(engine: Engine, code: str | None, city: str | None, province: str | None) -> None:
    assert engine.row(f"select {city_sql('c')}, {province_sql('c')} from (select {literal(code)} as c)") == (city, province)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("province", "district", "district"),
        ("city", "none", "city"),
        ("country", "province", "province"),
        ("none", "country", "country"),
        ("none", "none", "none"),
        ("city", None, "city"),
        ("province", None, None),
        (None, None, None),
    ],
)
def test_a_parcel_may_agree_with_either_of_two_places(engine: Engine, a: str | None, b: str | None, expected: str | None) -> None:
    assert engine.row(f"select finest_level({literal(a)}, {literal(b)}), finest_level({literal(b)}, {literal(a)})") == (expected, expected)


def test_distances_between_cities_are_lower_bounds_of_the_great_circle(engine: Engine) -> None:
    found = dict(engine.rows("select city_b, km from city_distances where city_a = 3101"))
    assert 850 < found[1101] < 1_070
    assert 1_050 < found[4403] < 1_215
    assert found[1101] == found[1102]
    assert 3205 not in found
    assert 3102 not in found


def test_distances_are_the_same_both_ways_and_know_no_heading(engine: Engine) -> None:
    back = "select city_b as city_a, city_a as city_b, km from city_distances"
    assert engine.row(f"select count(*) from city_distances anti join ({back}) using (city_a, city_b, km)") == (0,)
    assert engine.row("select count(*) from city_distances where city_a % 100 = 90 or km <= 0") == (0,)
    assert engine.row("select count(distinct city_a) > 330 from city_distances") == (True,)
