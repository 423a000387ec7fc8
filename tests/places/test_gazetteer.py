"""Audits of the data files: each returns the rows that are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parcelproof.engines.duckdb import Engine, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = Path(__file__).parents[2] / "src" / "parcelproof" / "places"


@pytest.fixture(scope="module")
def lists() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        for name in ("gazetteer", "successors", "coordinates", "curated", "ended", "traditional"):
            engine.table(name, f"select * from read_csv({quoted(PLACES / (name + '.csv'))}, all_varchar = true, header = true)")
        yield engine


@pytest.mark.parametrize(
    "audit",
    [
        pytest.param(
            "select * from gazetteer where kind not in ('current', 'short', 'former', 'alias', 'town', 'generic', 'filler', 'other')",
            id="a kind that nobody knows",
        ),
        pytest.param(
            "select * from gazetteer where kind not in ('filler', 'other') and not regexp_full_match(code, '[1-8][0-9]{5}')",
            id="a malformed code",
        ),
        pytest.param("select * from gazetteer where level = '1' and code not like '%0000'", id="a province with a county's code"),
        pytest.param(
            "select * from gazetteer where level = '2' and (code not like '%00' or code like '%90__') and code not like '71%'",
            id="a city with a county's code",
        ),
        pytest.param("select name, level, code, was from gazetteer group by all having count(*) > 1", id="one row twice"),
        pytest.param("select * from gazetteer where length(name) < 2", id="a name of one character"),
        pytest.param("select * from gazetteer where since > until and until <> ''", id="an end before its beginning"),
        pytest.param("select * from gazetteer where kind = 'former' and until = ''", id="a former name without an end"),
        pytest.param(
            "select * from successors where successor not in (select code from gazetteer where until is null or until = '')",
            id="a successor that is not in force",
        ),
        pytest.param("select * from successors where code = successor and code not in ('330110')", id="its own successor"),
        pytest.param("select * from coordinates where longitude::double not between 73 and 135.1", id="a city east or west of the country"),
        pytest.param("select * from coordinates where latitude::double not between 3 and 53.6", id="a city north or south of it"),
        pytest.param("select * from coordinates where radius_km::int not between 20 and 800", id="a city of no size or too much"),
        pytest.param("select code from coordinates group by code having count(*) > 1", id="a city at two points"),
        pytest.param("select * from traditional where length(traditional) <> 1 or length(simplified) <> 1", id="more than a character"),
        pytest.param(
            "select * from traditional where exists (select 1 from gazetteer where contains(name, traditional))",
            id="a simplified name that would be rewritten",
        ),
    ],
)
def test_the_lists_hold_no(lists: Engine, audit: str) -> None:
    assert lists.rows(audit) == []


def test_the_gazetteer_holds_all_provinces_cities_and_counties(lists: Engine) -> None:
    found = dict(lists.rows("select level, count(distinct code) from gazetteer where kind in ('current', 'generic') and until is null group by level"))
    assert found["1"] == 34
    assert found["2"] >= 333
    assert found["3"] >= 2_840


def test_each_city_in_force_has_a_point(lists: Engine) -> None:
    cities = "select code from gazetteer where level = '2' and kind = 'current' and code not like '71%'"
    assert lists.rows(f"from ({cities}) anti join coordinates using (code)") == []
