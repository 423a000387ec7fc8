from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from judged import judge_made_up, run_json

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.report import render_report, summary
from parcelproof.report.words import ROOM, known, word

VOID = {"meta", "input"}


class Page(HTMLParser):
    """Collects what tests ask about, and refuses tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.named: set[str] = set()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags[tag] += 1
        self.attributes.append((tag, values))
        if values.get("id"):
            self.ids[values["id"] or ""] += 1
        for key in ("aria-labelledby", "aria-describedby"):
            self.named.update((values.get(key) or "").split())
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def page(shipments: int = 3000, change: str = "", **run: Any) -> str:
    with Engine(threads=1) as engine:
        judge_made_up(engine, shipments)
        if change:
            engine.run(change)
        return render_report(engine, {**run_json(shipments), **run})


@pytest.fixture(scope="module")
def html() -> str:
    return page()


def test_the_page_reaches_for_nothing_outside_itself(html: str) -> None:
    for reach in (r"src\s*=", r'href\s*=\s*"(?!#)', r"@import", r"url\((?!#)", r"https?://", r"<link", r"<iframe", r"fetch\("):
        assert not re.search(reach, html), reach


def test_every_tag_closes_and_every_id_stands_once(html: str) -> None:
    parsed = Page(html)
    assert parsed.open == []
    assert [name for name, times in parsed.ids.items() if times > 1] == []


def test_every_name_that_a_screen_reader_follows_exists(html: str) -> None:
    parsed = Page(html)
    assert parsed.named
    assert parsed.named <= set(parsed.ids)


def test_charts_have_names_and_tables_have_captions(html: str) -> None:
    parsed = Page(html)
    charts = [values for tag, values in parsed.attributes if tag == "svg" and values.get("role") == "img"]
    assert [chart["class"] for chart in charts if chart["class"] != "ring"] == ["whole", "columns", "columns"]
    assert all(values["aria-labelledby"] and values["aria-describedby"] for values in charts)
    assert all(values.get("role") == "img" or values.get("aria-hidden") == "true" for tag, values in parsed.attributes if tag == "svg")
    assert parsed.tags["table"] == parsed.tags["caption"] > 5
    assert all(values.get("scope") in {"row", "col"} for tag, values in parsed.attributes if tag == "th")


def test_both_languages_stand_on_the_page(html: str) -> None:
    for group in ("outcome", "offence"):
        for code in known(group):
            assert f'<span lang="zh-CN">{word(group, code).zh}</span>' in html
            assert f'<span lang="en">{word(group, code).en}</span>' in html


def test_the_figures_are_those_of_the_tables(html: str) -> None:
    with Engine(threads=1) as engine:
        judge_made_up(engine, 3000)
        violations, money = engine.row("select count_if(outcome = 'violation'), sum(charge) from verdicts")
        clear = engine.row("select count(*) from verdicts where outcome = 'clear'")[0]
    text = Page(html).text
    assert f"{violations:,}" in text
    assert f"{clear:,}" in text
    assert f"{money:,.2f} 元" in text
    assert f"CNY {money:,.2f}" in text


def test_days_are_those_of_the_policys_zone() -> None:
    late_evening = "update verdicts set act_time = timestamp '2026-08-05 16:30:00'"
    assert "2026-08-06" in page(100, late_evening)
    assert "2026-08-05" not in Page(page(100, late_evening)).text


def test_hostile_names_are_text_and_not_markup() -> None:
    nasty = '<script>alert("x")</script>&"\'\u202e\x1b[31m'
    shown = page(200, f"update verdicts set merchant_id = {quoted(nasty)}; update quarantine set reason = {quoted(nasty)}, file = {quoted(nasty)}")
    assert shown.count("<script") == 1
    assert "&lt;script&gt;" in shown
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_names_of_any_length_leave_the_page_small() -> None:
    long = "update verdicts set merchant_id = repeat('M', 100000) || merchant_id;update quarantine set reason = repeat('é', 100000), file = repeat('f', 100000)"
    assert len(page(2000, long)) < 200_000


def test_the_page_does_not_grow_with_the_shipments(html: str) -> None:
    assert len(page(50_000)) < len(html) + 30_000


def test_the_same_run_gives_the_same_page(html: str) -> None:
    assert page() == html


def test_a_folder_without_shipments_says_so() -> None:
    shown = page(0)
    assert "没有需要判定的发货" in shown
    assert "no shipment to judge" in shown
    assert "No violation and no suspicion was found." in shown
    assert "No row was quarantined." in shown
    assert "No merchant has a violation" in shown


def test_violations_without_money_say_that_none_is_due() -> None:
    shown = page(500, "delete from charges; update verdicts set charge = null")
    assert "No money is due" in shown
    assert "没有应收金额" in shown


def test_amounts_of_two_currencies_are_never_added() -> None:
    shown = Page(page(3000, "update charges set currency = 'USD' where order_id < 'O00001000'")).text
    with Engine(threads=1) as engine:
        judge_made_up(engine, 3000)
        yuan = engine.row("select sum(amount) from charges where order_id >= 'O00001000'")[0]
        dollars = engine.row("select sum(amount) from charges where order_id < 'O00001000'")[0]
    assert f"CNY {yuan:,.2f}" in shown
    assert f"USD {dollars:,.2f}" in shown
    assert f"{yuan + dollars:,.2f}" not in shown


@pytest.mark.parametrize("run", [{}, {"policy": None, "rows": [], "seconds": "x", "titles": 3, "as_of": 7}, {"policy": {"zone": "Nowhere/At_All", "title": 5}}])
def test_a_run_that_says_little_still_gives_a_page(run: dict[str, Any]) -> None:
    with Engine(threads=1) as engine:
        judge_made_up(engine, 50)
        shown = render_report(engine, run)
    assert "Shipment report" in shown
    assert "in UTC" in shown


def test_the_script_is_the_only_one_that_the_page_allows(html: str) -> None:
    script = re.search(r"<script>(.*)</script>", html, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html
    assert script[1] == (ROOM / "script.js").read_text(encoding="utf-8")


def test_reasons_of_quarantine_are_grouped_without_their_values(html: str) -> None:
    text = Page(html).text
    assert "paid_at: … is not a time" in text
    assert "2026-13-" not in text
    assert "orders.csv, row 0" in text


def test_tables_that_the_dataset_lacks_are_named(html: str) -> None:
    assert "links, disruptions, merchants" in Page(html).text.lower().replace("account ", "")


def test_facts_that_unknown_findings_lack_are_counted(html: str) -> None:
    with Engine(threads=1) as engine:
        judge_made_up(engine, 3000)
        unknown = engine.row("select count(*) from findings where status = 'unknown'")[0]
        found = summary.summarise(engine, "UTC")
    assert found.missing == {"hours_without_pickup": Counter({"no_pickup": unknown})}
    assert "上传后未揽收时长" in html
    assert "trace_known" not in html


def test_evidence_that_is_no_json_does_not_stop_the_page() -> None:
    assert "Shipment report" in page(500, "update findings set evidence = '{broken'")


def test_a_measure_that_needs_a_person_says_so() -> None:
    shown = Page(page(20_000, "insert into measures select 'M', 'merchant', 'M', 'brushing', 'removal', null, null, null, null, true, '{}', ''")).text
    assert "清退" in shown
    assert "a person must sign" in shown


def test_the_stages_of_a_run_are_told_in_both_languages(html: str) -> None:
    assert '<span lang="zh-CN">推导事实</span><span lang="en">derive facts</span>' in html


def test_each_ring_is_drawn_and_told_and_no_account_is_named(html: str) -> None:
    assert html.count('<svg class="ring"') == 12
    assert "2 more rings" in html
    assert "120 pairs of account and shop carry a weak fact; the shops' other orders let 9.5 expect" in unescape(html)
    assert "less than 10⁻³⁰ of the time" in html
    assert "Of 49 shuffles" in html
    assert "88 of the accounts share 4 keys of payer" in html
    drawn = html.partition('<svg class="ring"')[2].partition("</svg>")[0]
    assert drawn.count("h0") == 160
    assert "account " not in drawn
    assert "<i>M" not in html


def test_a_run_without_a_ring_says_so() -> None:
    assert "No ring was found" in page(0)


def test_carriers_whose_trouble_cleared_shipments_are_named_with_place_and_shops() -> None:
    """A jam and a full branch at one place; an announced storm is nobody's slowness."""
    evidence = '{"longest_stall_place":"330100","origin_city":"4401"}'
    change = (
        "update findings set excuse = case when hash(order_id) % 2 = 0 then 'site_was_slow' else 'branch_was_slow' end, "
        f"evidence = {quoted(evidence)} where status = 'excused'"
    )
    told = Page(page(change=change)).text
    assert "Carriers and branches" in told
    assert "杭州市 3301" in told
    assert "广州市 4401" in told
    assert "Carriers and branches" not in Page(page()).text
