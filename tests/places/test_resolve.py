"""Texts become codes, and where a text may mean several places the answer is coarser, never a guess."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcelproof.places import Place, resolve, resolve_texts

if TYPE_CHECKING:
    from parcelproof.engines.duckdb import Engine

DATA = Path(__file__).parent / "data"
GAZETTEER = Path(__file__).parents[2] / "src" / "parcelproof" / "places" / "gazetteer.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known(code: str | None) -> str:
    """What a padded code says: 33, 3301, 330106."""
    if not code or code.endswith("0000"):
        return (code or "")[:2]
    return code[:4] if code.endswith("00") else code


def verdict(expected: str, got: str | None) -> str:
    if (got or "") == expected:
        return "exact"
    return "coarser" if expected and known(expected).startswith(known(got)) else "wrong"


def scored(part: str) -> Counter[tuple[str, str]]:
    cases = [row for row in rows(DATA / "labelled.csv") if row["part"] == part]
    found = resolve_texts([row["text"] for row in cases])
    return Counter((verdict(row["adcode"], place.adcode), row["kind"]) for row, place in zip(cases, found, strict=True))


def share(scores: Counter[tuple[str, str]], wanted: str) -> float:
    return sum(n for (verdict_, _), n in scores.items() if verdict_ == wanted) / scores.total()


def test_the_labelled_rows_cover_fifteen_kinds_and_a_hundred_were_held_out() -> None:
    cases = rows(DATA / "labelled.csv")
    assert len(cases) >= 300
    assert len({row["kind"] for row in cases}) == 15
    assert sum(row["part"] == "held_out" for row in cases) >= 100


@pytest.mark.parametrize("part", ["worked_on", "held_out"])
def test_no_labelled_row_is_resolved_wrongly_and_at_least_97_in_100_exactly(part: str) -> None:
    scores = scored(part)
    assert [key for key in scores if key[0] == "wrong"] == []
    assert share(scores, "exact") >= 0.97


def test_the_measure_can_tell_wrong_from_coarser() -> None:
    assert verdict("330106", "330106") == "exact"
    assert verdict("330106", "330100") == "coarser"
    assert verdict("330106", None) == "coarser"
    assert verdict("330106", "330105") == "wrong"
    assert verdict("", "330000") == "wrong"


def test_addresses_of_another_project_are_resolved() -> None:
    cases = rows(DATA / "parses.csv")
    found = resolve_texts([row["text"] for row in cases])
    assert [place.adcode for place in found] == [row["adcode"] or None for row in cases]


def test_real_scan_sentences_give_the_place_of_the_scan_and_not_the_next() -> None:
    cases = rows(DATA / "scans.csv")
    found = resolve_texts([row["text"] for row in cases])
    assert [place.adcode for place in found] == [row["adcode"] or None for row in cases]


@pytest.mark.parametrize("form", ["{province}{city}{name}人民路12号", "{province} {city} {name}", "【{city}{name}公司】已收入", "{name}"])
def test_every_county_resolves_to_itself_or_coarser_in_every_form(form: str) -> None:
    current = [row for row in rows(GAZETTEER) if row["kind"] in {"current", "generic"}]
    names = {row["code"]: row["name"] for row in reversed(current) if row["level"] in {"1", "2"}}
    ended = Counter(row["name"] for row in rows(GAZETTEER) if row["kind"] == "former")
    counties = [row for row in current if row["level"] == "3" and not row["until"] and known(row["code"]) == row["code"]]
    texts = [form.format(province=names[row["code"][:2] + "0000"], city=names.get(row["code"][:4] + "00", ""), name=row["name"]) for row in counties]
    scores = Counter(verdict(row["code"], place.adcode) for row, place in zip(counties, resolve_texts(texts), strict=True))
    assert ended
    assert scores["wrong"] == 0
    assert scores["exact"] / scores.total() > (0.95 if form == "{name}" else 0.99)


def test_a_district_name_of_two_cities_keeps_both() -> None:
    assert resolve_texts(["朝阳区"]) == [Place(None, ("110105", "220104"))]


def test_candidates_of_one_city_give_the_city() -> None:
    assert resolve_texts(["浙江省杭州市江干区"]) == [Place("330100", ("330102", "330114"))]


def test_a_district_that_was_split_keeps_both_successors() -> None:
    assert resolve_texts(["杭州市余杭区"]) == [Place("330100", ("330110", "330113"))]


def test_districts_of_a_municipality_give_the_municipality() -> None:
    assert resolve_texts(["天津市 和平区"])[0].adcode == "120101"
    assert resolve_texts(["北京市上海市"])[0] == Place(None, ("110000", "310000"))


def test_a_name_that_contradicts_the_city_before_it_is_a_doubt() -> None:
    assert resolve_texts(["绍兴市萧山区"])[0] == Place("330000", ("330109", "330600"))


def test_two_cities_side_by_side_are_a_doubt() -> None:
    assert resolve_texts(["西安咸阳国际机场"])[0] == Place("610000", ("610100", "610400"))


def test_districts_of_cities_abroad_are_not_taken_for_chinese_ones() -> None:
    assert {place.adcode for place in resolve_texts(["韩国首尔特别市江南区", "日本东京都江东区", "【洛杉矶】"])} == {None}


def test_the_heading_of_counties_under_a_province_is_read_over() -> None:
    assert {place.adcode for place in resolve_texts(["湖北省直辖县仙桃", "湖北省 省直辖县级行政区划 仙桃市"])} == {"429004"}


def test_towns_of_a_city_without_districts_are_no_contradiction() -> None:
    assert resolve_texts(["广东省东莞市东城区"])[0].adcode == "441900"


def test_a_county_is_known_under_the_city_it_lay_in_before() -> None:
    found = resolve_texts(["四平市公主岭市", "六安市寿县", "安庆市枞阳县"])
    assert [place.adcode for place in found] == ["220184", "340422", "340722"]


def test_a_bare_town_counts_before_a_site_and_not_before_anything_else() -> None:
    found = resolve_texts(["【昆山转运中心】", "昆山", "昆山老街坊饭庄"])
    assert [place.adcode for place in found] == ["320583", "320583", None]


def test_streets_people_and_dishes_are_no_places() -> None:
    texts = ["南京东路100号", "签收人：王泰安", "【张海南】正在派件", "沙县小吃", "兰州拉面", "中山大学", "新县城", "办理县级业务"]
    assert {place.adcode for place in resolve_texts(texts)} == {None}


def test_a_full_name_of_a_second_address_does_not_replace_the_first() -> None:
    found = resolve_texts(["北京市朝阳区亮马桥路40号/山西省太原市小店区体育路1号", "杭州市某科技园 杭州市西湖区文三路"])
    assert [place.adcode for place in found] == ["110105", "330106"]


def test_odd_texts_give_nothing_and_no_error() -> None:
    texts = ["", " ", "\0", "'; drop table x; --", "【", "】【", "[[[", "％", "\u202e上海", "😀" * 500, "浙" * 10_000, "上\0海市"]
    found = resolve_texts(texts)
    assert len(found) == len(texts)
    assert found[texts.index("\u202e上海")].adcode == "310000"


def test_the_examples_in_the_documentation_are_true() -> None:
    page = (Path(__file__).parents[2] / "docs" / "concepts" / "places.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    cases = [row for row in cells if len(row) == 4 and row[0] != "text" and not row[0].startswith("-")]
    assert len(cases) >= 8
    found = resolve_texts([row[0] for row in cases])
    assert [place.adcode or "null" for place in found] == [row[1] for row in cases]
    assert [", ".join(place.candidates) for place in found] == [row[2] for row in cases]


def test_no_texts_give_no_places() -> None:
    assert resolve_texts([]) == []


@settings(max_examples=12, deadline=None)
@given(st.lists(st.text(alphabet=st.sampled_from("上海市北京路区县南东中山州省【】[]# |,1a\0'%$"), max_size=30), max_size=60))
def test_any_text_gives_codes_that_hold_all_candidates(texts: list[str]) -> None:
    for place in resolve_texts(texts):
        assert all(candidate.startswith(known(place.adcode)) for candidate in place.candidates)
        assert list(place.candidates) == sorted(set(place.candidates))
        assert place.adcode is None or place.candidates


def test_resolving_a_relation_keeps_each_text_once_and_ignores_null(engine: Engine) -> None:
    engine.table("asked", "select unnest(['上海市', '', null, '朝阳区']) as text")
    resolve(engine, "asked", "answered")
    assert engine.rows("select * from answered order by text") == [
        ("", None, [], 0),
        ("上海市", "310000", ["310000"], 1),
        ("朝阳区", None, ["110105", "220104"], 2),
    ]


def test_the_order_of_texts_does_not_matter(engine: Engine) -> None:
    texts = [row["text"] for row in rows(DATA / "labelled.csv")]
    assert dict(zip(texts, resolve_texts(texts), strict=True)) == dict(zip(texts[::-1], resolve_texts(texts[::-1]), strict=True))
    assert engine.name == "duckdb"
