"""The pages that follow from the results of the benches."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import scale
import write_benchmarks
from bars import Bar, bars

RESULT: dict[str, Any] = {
    "date": "2026-12-01",
    "note": "",
    "machine": {"cores": 4, "memory_mb": 8192},
    "sizes": [
        {"shipments": 100, "scans": 800, "judge": {"peak_mb": 1, "scratch_mb": 0}},
        {
            "shipments": 1_000, "scans": 8_000, "memory": "1GB", "judge": {"wall": 2.0, "processors": 4.0, "peak_mb": 5, "scratch_mb": 2},
            "bytes": {"orders": 9_000, "declarations": 1_000, "scans": 80_000, "out": 3_000},
        },
    ],
}  # fmt: skip


@pytest.mark.parametrize("path", write_benchmarks.written(), ids=lambda path: path.name)
def test_a_page_is_the_one_that_the_results_give(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == write_benchmarks.written()[path], "write it again: make docs"


def test_rates_come_from_the_largest_size_and_memory_from_the_smallest() -> None:
    rate = scale.rates(RESULT)
    assert (rate.core_seconds_a_scan, rate.use) == (0.0005, 0.5)
    assert (rate.bytes_a_scan, rate.bytes_a_shipment, rate.out_bytes_a_shipment) == (10, 10, 3)
    assert (rate.memory_a_shipment, rate.spilled_a_shipment) == ((1 << 20) / 100, (2 << 20) / 1_000)


def test_a_load_costs_its_scans() -> None:
    rate = scale.rates(RESULT)
    load = scale.Load("", shipments=1e9, scans=7.2e6, times=24)
    assert load.read_gb(rate) == pytest.approx((7.2e7 + 1e10) / 1e9)
    assert load.core_hours(rate) == pytest.approx(1.0)
    assert load.minutes(rate, cores=4) == pytest.approx(30.0)
    assert load.usd_a_day(rate) == pytest.approx(2 * 24 * scale.CORE_HOUR_USD)


def test_ticks_read_each_scan_of_a_shipment_once_for_every_scan_of_it() -> None:
    tick = scale.loads()[-1]
    assert tick.times * tick.scans == pytest.approx(scale.DAY_SCANS * scale.DAY_SCANS / scale.DAY_SHIPMENTS)


def test_figures_go_between_their_marks_and_nowhere_else() -> None:
    page = "before\n<!-- figures: storage -->\nold\n<!-- end -->\nafter\n"
    made = scale.filled(page, RESULT)
    assert made.startswith("before\n<!-- figures: storage -->\n\n| ")
    assert made.endswith("\n<!-- end -->\nafter\n")
    assert "old" not in made
    assert scale.filled(made, RESULT) == made
    with pytest.raises(KeyError):
        scale.filled(page.replace("storage", "weather"), RESULT)


def test_no_figure_of_the_plan_stands_outside_its_tables() -> None:
    """Numbers with a unit of money, time or bytes are made; what is assumed is said once."""
    plan = (write_benchmarks.ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    prose = re.sub(r"<!-- figures.*?<!-- end -->", "", plan, flags=re.DOTALL)
    assert re.findall(r"\d[\d.,]* (?:GB|TB|USD|minutes|hours|µs|bytes)\b", prose) == [f"{scale.CORE_HOUR_USD} USD", "4 GB", f"{scale.GB_MONTH_USD} USD"]


def test_a_bar_is_as_long_as_its_parts() -> None:
    drawn = ET.fromstring(bars("a < b", [Bar("x", [1.0, 3.0], "4 s"), Bar("y", [2.0, 0.0], "2 s")], ["one", "two"]))  # noqa: S314  our own text
    name = "{http://www.w3.org/2000/svg}"
    widths = [float(rect.attrib["width"]) for rect in drawn.iter(f"{name}rect") if rect.find(f"{name}title") is not None]
    assert widths[1] == pytest.approx(3 * widths[0], abs=0.3)
    assert widths[2] == pytest.approx(2 * widths[0], abs=0.3)
    assert [text.text for text in drawn.iter(f"{name}text")][:1] == ["a < b"]
