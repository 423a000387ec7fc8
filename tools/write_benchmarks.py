"""Writes the pages that follow from bench/results: `make docs` runs it, and a test compares.

docs/reference/benchmarks.md   every figure of the results, with plots
docs/images/*.svg              the plots
docs/scale.md                  the figures between its marks
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

import scale
from bars import Bar, bars

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "bench" / "results"
MILLION = 1e6
START = "start and end"
"""The seconds of a judge that belong to no stage: loading the program, and leaving it."""


def results() -> dict[str, dict[str, Any]]:
    """The results by name, those that there are."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))}


def page(found: dict[str, dict[str, Any]]) -> str:
    """The page of benchmarks."""
    template = (Path(__file__).parent / "benchmarks.md.jinja").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701  Markdown
    return re.sub(r"\n{3,}", "\n\n", environment.from_string(template).render(results=found, parts=_parts)).rstrip() + "\n"


def _parts(size: dict[str, Any]) -> dict[str, float]:
    """Seconds by stage, the rest of the clock among them."""
    stages = size["stages"]
    return {**stages, START: max(size["judge"]["wall"] - sum(stages.values()), 0.0)}


def plots(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """File name -> the drawing."""
    made = {}
    for name, result in found.items():
        names = ["floor", *_parts(result["sizes"][0])]
        rows = []
        for size in result["sizes"]:
            by = MILLION / size["shipments"]
            floor, judged = size["floor"]["wall"] * by, [value * by for value in _parts(size).values()]
            rows.append(Bar(f"{size['shipments']:,}: floor", [floor, *([0.0] * len(judged))], f"{floor:.2f} s"))
            rows.append(Bar("judge", [0.0, *judged], f"{sum(judged):.2f} s"))
        made[f"stages-{name}.svg"] = bars("Seconds for a million shipments, by stage", rows, names)
        if "rules_engine" in result:
            made["alternatives.svg"] = bars("Processor seconds for a million shipments", _compared(result), ["processor seconds"])
    return made


def _compared(result: dict[str, Any]) -> list[Bar]:
    engine, frames, judged = result["rules_engine"], result["pandas"], result["sizes"][0]
    rows = [(f"rules engine, checks alone: {name}", MILLION / rate) for name, rate in engine["ways"].items()]
    rows.append((f"pandas, files to {len(frames['checks'])} checks", frames["cost"]["processors"] / frames["shipments"] * MILLION))
    rows.append((f"Parcelproof, files to files, {engine['checks']} checks", judged["judge"]["processors"] / judged["shipments"] * MILLION))
    rows.append(("Parcelproof, checks alone", MILLION / engine["one_select_per_second"]))
    return [Bar(label, [seconds], f"{seconds:,.1f} s") for label, seconds in rows]


def written() -> dict[Path, str]:
    """Every file that is made here, with its text."""
    found = results()
    pages = {ROOT / "docs" / "reference" / "benchmarks.md": page(found)}
    pages |= {ROOT / "docs" / "images" / name: text for name, text in plots(found).items()}
    plan = ROOT / "docs" / "scale.md"
    return pages | {plan: scale.filled(plan.read_text(encoding="utf-8"), found["bench"])}


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
