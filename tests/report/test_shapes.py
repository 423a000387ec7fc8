"""Charts, calendars, figures, words and lines: the small parts."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from parcelproof.report import charts, figures
from parcelproof.report.evidence import arithmetic, decimal, label, parsed, value
from parcelproof.report.spans import MOST_COLUMNS, span
from parcelproof.report.terminal import padded, width, wrapped
from parcelproof.report.words import ROOM, Text, facts, same, text_of, title

SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(st.floats(min_value=0.001, max_value=1e12))
def test_an_axis_reaches_its_highest_value_in_few_round_steps(highest: float) -> None:
    marks = charts.ticks(highest, whole=False)
    assert marks[-1] >= highest * 0.999
    assert 1 <= len(marks) <= 6
    assert f"{marks[0]:e}"[0] in "125"


def test_counts_have_no_fractions_on_their_axis() -> None:
    assert charts.ticks(2) == [1, 2]
    assert charts.ticks(0) == [1]


def _heights(svg: str) -> list[float]:
    return [float(found) for found in re.findall(r'<rect [^>]*height="([\d.]+)"', svg)]


def test_columns_are_as_tall_as_their_values_and_a_trace_still_shows() -> None:
    svg = charts.columns(["a", "b"], [charts.Layer("x", same("x"), [1000, 500]), charts.Layer("y", same("y"), [0, 0.001])], "n", str)
    tall, half, trace = _heights(svg)
    assert tall == pytest.approx(2 * half, abs=0.2)
    assert trace == charts.LEAST_VISIBLE


def test_labels_under_columns_never_crowd() -> None:
    svg = charts.columns([f"{n:02}" for n in range(90)], [charts.Layer("x", same("x"), [1] * 90)], "n", str)
    assert svg.count('class="label"') <= charts.MOST_LABELS


def test_parts_fill_the_whole_and_a_trace_still_shows() -> None:
    svg = charts.whole([charts.Part("a", same("a"), 1_000_000), charts.Part("b", same("b"), 1), charts.Part("c", same("c"), 0)], "n")
    wide = [float(found) for found in re.findall(r' width="([\d.]+)%" height="100%"><title>', svg)]
    assert len(wide) == 2
    assert sum(wide) == pytest.approx(100, abs=0.01)
    assert wide[1] > 0.5


def test_titles_inside_a_chart_are_escaped() -> None:
    svg = charts.columns(["<b>"], [charts.Layer("x", Text("<i>", "<i>"), [1])], "n", str)
    assert "<b>" not in svg
    assert "<i>" not in svg


@pytest.mark.parametrize(("days", "unit"), [(0, "day"), (60, "day"), (400, "week"), (1500, "month"), (20_000, "year")])
def test_the_calendar_takes_the_finest_unit_that_fits(days: int, unit: str) -> None:
    first = date(2026, 1, 30)
    frame = span([first, first + timedelta(days=days)])
    assert frame.unit == unit
    assert len(frame.starts) == len(set(frame.starts)) <= MOST_COLUMNS
    assert frame.column_of(first) == 0
    assert frame.column_of(first + timedelta(days=days)) == len(frame.starts) - 1


@given(st.dates(), st.dates())
def test_any_two_days_find_their_columns(one: date, other: date) -> None:
    frame = span([one, other])
    assert sorted(frame.starts) == frame.starts
    assert frame.column_of(min(one, other)) == 0
    assert frame.column_of(max(one, other)) == len(frame.starts) - 1


def test_no_day_means_no_column() -> None:
    assert span([]).starts == []


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 0, "–"), (0, 5, "0%"), (1, 3, "33.33%"), (1, 10**6, "<0.01%"), (10**6 - 1, 10**6, ">99.99%"), (5, 5, "100%"), (1, 2, "50%")],
)
def test_shares_never_round_to_nothing_or_to_all(part: int, whole: int, shown: str) -> None:
    assert figures.share(part, whole) == shown


def test_money_carries_its_currency() -> None:
    assert figures.money(Decimal("1234.5"), "CNY") == Text("1,234.50 元", "CNY 1,234.50")
    assert figures.money(Decimal(3), "USD") == same("USD 3.00")
    assert figures.money(Decimal(3), None) == same("3.00")
    assert figures.money(None, "CNY") == same("–")


def test_times_show_in_the_zone_and_odd_ones_as_they_are() -> None:
    assert figures.clock(datetime(2026, 8, 1, 16, 0, tzinfo=UTC), SHANGHAI) == "2026-08-02 00:00:00"
    assert figures.clock("2026-08-01T16:00:00Z", SHANGHAI) == "2026-08-02 00:00:00"
    assert figures.clock("soon", SHANGHAI) == "soon"
    assert figures.clock("9999-12-31T23:00:00", SHANGHAI) == "9999-12-31 23:00:00"


@given(st.text())
def test_shown_text_has_no_character_that_steers_a_screen(text: str) -> None:
    shown = figures.shown(text, 50)
    assert len(shown) <= 50
    assert not re.search("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown)


def test_wide_characters_take_two_columns() -> None:
    assert width("a中é") == 4
    assert width("e\u0301") == 1
    assert padded("中", 4) == "中  "


@given(st.text(alphabet=st.sampled_from("ab 中文，。（e\u0301")), st.integers(20, 60))
def test_no_line_is_wider_than_the_terminal_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrapped(text, indent="  - ", columns=columns).split("\n")
    assert all(width(line) <= columns for line in lines)
    kept = "".join(lines).replace("-", "", 1)
    assert "".join(kept.split()) == "".join(text.split())


def test_a_line_never_starts_with_a_closing_mark() -> None:
    text = wrapped("发货超时" * 5 + "。" + "发货" * 9 + "，" + "再判" * 7, columns=20)
    assert not any(line.startswith(("，", "。")) for line in text.split("\n"))


def _leaves(book: str) -> list[tuple[str, dict[str, str]]]:
    groups = yaml.safe_load((ROOM / f"{book}.yaml").read_text(encoding="utf-8"))
    return [(f"{group}.{key}", entry) for group, entries in groups.items() for key, entry in entries.items()]


@pytest.mark.parametrize("book", ["words", "story"])
def test_every_text_stands_in_both_languages_with_the_same_values(book: str) -> None:
    for key, entry in _leaves(book):
        assert set(entry) == {"zh-CN", "en"}, key
        assert set(re.findall(r"{(\w+)}", entry["zh-CN"])) == set(re.findall(r"{(\w+)}", entry["en"])), key


def test_an_unknown_code_shows_as_words() -> None:
    assert title("offence", "new_offence") == same("new offence")
    assert title("offence", None) == same("-")
    assert text_of({"en": "only"}, "x") == same("only")


@pytest.mark.parametrize(
    ("name", "found", "zh", "en"),
    [
        ("hours_without_pickup", 50.25, "50.25 小时", "50.25 h"),
        ("minutes_outlet_to_sign", 7, "7 分钟", "7 min"),
        ("weight_g", 1200, "1,200 克", "1,200 g"),
        ("fastest_leg_kmh", 900.0, "每小时 900 公里", "900 km/h"),
        ("amount_paid", "99.90", "99.90 元", "CNY 99.90"),
        ("collected_at", "2026-08-01T16:00:00Z", "2026-08-02 00:00:00", "2026-08-02 00:00:00"),
        ("waived", True, "是", "yes"),
        ("delivered_level", "city", "城市", "city"),
        ("last_stage", "hub_in", "到达分拨", "into a sorting centre"),
        ("waybill_no", "000123", "000123", "000123"),
        ("days_since_earlier_trace", None, "未知", "unknown"),
        ("pickup_hours", 24, "24 小时", "24 h"),
        ("places", ["a", "b"], '["a", "b"]', '["a", "b"]'),
        ("weight_ratio", float("inf"), "inf", "inf"),
    ],
)
def test_evidence_shows_with_its_unit(name: str, found: object, zh: str, en: str) -> None:
    assert value(name, found, SHANGHAI, "CNY") == Text(zh, en)


def test_every_fact_of_the_catalogue_has_a_label_in_both_languages() -> None:
    assert all(label(name) != same(name) and entry["zh-CN"] and entry["en"] for name, entry in facts().items())


def test_a_value_of_the_rule_is_told_apart_from_a_fact() -> None:
    assert label("pickup_hours") == Text("规则值 揽收时限", "rule's value: pickup window")
    assert label("brand_new_limit") == Text("规则值 brand new limit", "rule's value: brand new limit")


@pytest.mark.parametrize("text", ["{broken", "[1]", "7", "[" * 100_000])
def test_evidence_that_is_no_object_reads_as_text(text: str) -> None:
    assert parsed(text) == {"": text}
    assert parsed(None) == {}


def test_the_arithmetic_of_a_charge_is_a_sentence() -> None:
    basis = {
        "rate": "0.25",
        "base": "amount_paid",
        "base_amount": "99.90",
        "min": "5",
        "max": "100",
        "rounding": "yuan_half_up",
        "source": "D-AB",
    }
    text = arithmetic(Decimal(25), "CNY", basis)
    assert text.zh == "实付金额 99.90 元 × 25% = 24.98 元，不低于 5.00 元，不高于 100.00 元，四舍五入到元，应收 25.00 元，来源：D-AB。"
    assert text.en.startswith("amount paid CNY 99.90 × 25% = CNY 24.98, at least CNY 5.00, at most CNY 100.00")


def test_a_condition_of_a_charge_names_its_facts() -> None:
    assert "条件 单价 > 3" in arithmetic(Decimal(5), "CNY", {"only_if": "unit_price > 3"}).zh
    assert "only if unit price > 3" in arithmetic(Decimal(5), "CNY", {"only_if": "unit_price > 3"}).en


@pytest.mark.parametrize("basis", [{}, {"rate": None}, {"rate": "a lot"}, {"rate": 0.3, "min": {"x": 1}}, {"": "{broken"}])
def test_the_arithmetic_is_told_as_far_as_it_is_known(basis: dict[str, object]) -> None:
    assert "CNY 7.00" in arithmetic(Decimal(7), "CNY", basis).en


@pytest.mark.parametrize(("found", "number"), [("1.5", Decimal("1.5")), ("NaN", None), ("1e400", None), ("x", None), (None, None), (True, None)])
def test_only_finite_numbers_are_amounts(found: object, number: Decimal | None) -> None:
    assert decimal(found) == number


@pytest.mark.parametrize(("days", "name", "label"), [(60, "2026-01-15", "01-15"), (1500, "2026-01", "2026-01"), (20_000, "2026", "2026")])
def test_a_column_of_months_or_years_is_not_called_by_a_day(days: int, name: str, label: str) -> None:
    first = date(2026, 1, 15)
    frame = span([first, first + timedelta(days=days)])
    assert (frame.names[0], frame.labels[0]) == (name, label)


def test_the_last_label_of_many_columns_stays_on_the_page() -> None:
    labels = [f"{n:02}" for n in range(1, 32)]
    svg = str(charts.columns(labels, [charts.Layer("o-other", same("x"), [1.0] * 31)], "x", str))
    assert '<text class="label" text-anchor="end" x="100.00%"' in svg
    few = str(charts.columns(labels[:6], [charts.Layer("o-other", same("x"), [1.0] * 6)], "x", str))
    assert 'class="label" text-anchor="end"' not in few
