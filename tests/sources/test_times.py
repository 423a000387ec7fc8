from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcelproof.errors import UsageError
from parcelproof.sources.common import as_utc, fold, parse_zone, words

MOMENT = datetime(2023, 5, 4, 11, 50, 7, tzinfo=UTC)
CHINA = parse_zone("Asia/Shanghai")


@pytest.mark.parametrize(
    "written",
    [
        "2023-05-04 19:50:07", "2023/05/04 19:50:07", "2023-5-4 19:50:07", "2023-05-0419:50:07", "2023年05月04日 19:50:07",
        "20230504195007", "2023.05.04 19:50:07", "２０２３-05-04 19：50：07", "2023-05-04T11:50:07Z", "2023-05-04T19:50:07+08:00",
        "2023-05-04T19:50:07.000+0800", "2023-05-04 04:50:07 -07:00", "2023-05-04 11:50:07 UTC", "2023-05-04 19:50:07 GMT+8",
        1683201007, 1683201007000, 1683201007000000, "1683201007", "1683201007000", 1683201007.0,
    ],
)  # fmt: skip
def test_one_moment_in_many_writings(written: object) -> None:
    assert as_utc(written, CHINA) == MOMENT


def test_seconds_may_be_missing_and_fractions_stay() -> None:
    assert as_utc("2023-05-04 19:50", CHINA) == MOMENT.replace(second=0)
    assert as_utc("2023-05-04T11:50:07.1234567Z", None) == MOMENT.replace(microsecond=123456)


@pytest.mark.parametrize("written", ["2023-05-04 19:50:07", "2023/05/04 19:50", "20230504195007"])
def test_a_time_without_a_zone_is_no_moment_unless_a_zone_is_given(written: str) -> None:
    assert as_utc(written, None) is None


@pytest.mark.parametrize(
    "written",
    [
        None, "", "2023-05-04", "20230504", 0, "0", -5, True, {}, [], "0000-00-00 00:00:00", "2023-13-04 19:50:07", "2023-05-04 25:00:00",
        "soon", float("nan"), float("inf"), 10**400, "1e999999999", "9999-12-31 23:59:59", "2023-05-04 19:50:07 +99:00", "202305041950",
    ],
)  # fmt: skip
def test_what_tells_no_moment_gives_none(written: object) -> None:
    assert as_utc(written, CHINA) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.datetimes().map(str)))
def test_any_value_gives_a_moment_in_utc_or_none(written: object) -> None:
    moment = as_utc(written, CHINA)
    assert moment is None or (moment.tzinfo is UTC and 1990 <= moment.year < 2100)


def test_a_zone_is_a_name_or_an_offset() -> None:
    assert parse_zone("+08:00").utcoffset(None) == parse_zone("UTC+8").utcoffset(None)
    assert str(parse_zone("America/New_York")) == "America/New_York"


@pytest.mark.parametrize("name", ["Asia/Shangai", "", "../etc/passwd", "Asia", "+99:00", "\0"])
def test_an_unknown_zone_is_told_in_one_line(name: str) -> None:
    with pytest.raises(UsageError, match=r"^--timezone .* is no zone: .*Asia/Shanghai") as caught:
        parse_zone(name)
    assert "\n" not in str(caught.value)


def test_keys_fold_over_case_and_underscores_and_the_filled_one_counts() -> None:
    assert fold({"AcceptTime": "", "accept_time": "x", "acceptTime": "y"}) == {"accepttime": "x"}
    assert fold([1]) == fold(None) == fold("x") == {}


def test_scalars_become_text_and_the_rest_nothing() -> None:
    values: list[object] = [" a ", 12, None, {}, [1], True]
    assert [words(value) for value in values] == ["a", "12", "", "", "", "true"]
