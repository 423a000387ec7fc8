"""The whole benchmark: measures, holds the figures against bench/thresholds.yaml, and writes them to bench/results.

    python bench/run.py bench|large [--note TEXT]

`bench` measures floor and judge at a million and ten million shipments, a rules engine, a pandas job, and Spark where its extra is installed;
`large` measures floor and judge at ten and a hundred million. The note says what a reader of the figures should know, such as that
others used the machine. Exit code 1: a figure is over its threshold; 2: the machine cannot carry it out.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import judge
from measuring import machine, today

RESULTS = judge.HERE / "results"
SPARK = judge.HERE / "spark.py"
BYTES_A_SHIPMENT = 250
"""Disk for a shipment's rows and what is written of it. What the engine spills comes on top."""
_UNITS = {"MB": 1e6, "GB": 1e9}


def mib(memory: str) -> float:
    """A size as `--memory` takes it, in MiB."""
    return float(memory[:-2]) * _UNITS[memory[-2:]] / (1 << 20)


def held(found: dict[str, Any], limits: dict[str, Any]) -> list[dict[str, Any]]:
    """Every figure that has a threshold: what it is, its value, the most it may be, whether it holds, and its goal where there is one."""
    sizes = found["sizes"]
    lines = [_line(f"judge by floor, {size['shipments']:,} shipments", size["ratio"], **limits["ratio"]) for size in sizes]
    for smaller, larger in pairwise(sizes):
        name = f"growth of time, {smaller['shipments']:,} to {larger['shipments']:,} shipments"
        lines.append(_line(name, round(larger["judge"]["wall"] / smaller["judge"]["wall"], 2), **limits["growth"]))
    for size in sizes:
        most = round(limits["memory"]["times"] * mib(size["memory"]) + limits["memory"]["plus_mb"])
        lines.append(_line(f"peak memory, {size['shipments']:,} shipments with {size['memory']}, MiB", size["judge"]["peak_mb"], most))
    if found.get("rules_engine"):
        lines.append(_line("answers of the rules engine that differ from ours", found["rules_engine"]["differences"], limits["rules_engine"]["differences"]))
    if found.get("spark"):
        lines.append(_line("exit code of the measurement on Spark", found["spark"]["exit"], 0))
    return lines


def _line(what: str, value: float, at_most: float, goal: float | None = None) -> dict[str, Any]:
    return {"what": what, "value": value, "at_most": at_most, **({"goal": goal} if goal is not None else {}), "holds": value <= at_most}


def spark() -> dict[str, Any] | None:
    """What the measurement on Spark says, where there is one and its extra is installed."""
    if not SPARK.exists() or importlib.util.find_spec("pyspark") is None:
        return None
    done = subprocess.run([sys.executable, SPARK], stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  our own script
    return {"exit": done.returncode, "told": done.stdout.splitlines()}


def measure(which: str, limits: dict[str, Any]) -> dict[str, Any]:
    """Measure everything, and tell each part as soon as it stands."""
    found: dict[str, Any] = {"date": today(), "machine": machine(), "sizes": []}
    for size in limits[which]["sizes"]:
        found["sizes"].append(judge.measure(size["shipments"], size["memory"]))
        print(judge.told(found["sizes"][-1]), flush=True)
    if which == "bench":
        # What only this needs stands in a group of its own, and `large` does without.
        import analyst  # noqa: PLC0415
        import rules_engine  # noqa: PLC0415

        found["rules_engine"] = rules_engine.measure()
        print(rules_engine.told(found["rules_engine"]), flush=True)
        found["pandas"] = analyst.measure(limits["pandas"]["shipments"])
        print(analyst.told(found["pandas"]), flush=True)
        found["spark"] = spark()
        print(*(found["spark"] or {"told": ["Spark: not measured"]})["told"], sep="\n", flush=True)
    return found


def room(shipments: int, folder: Path) -> str | None:
    """Why the disk is too small, or None."""
    there = [path for name in (f"{shipments}", f"{shipments}-out") for path in (folder / name).rglob("*") if path.is_file()]
    free = shutil.disk_usage(folder).free + sum(path.stat().st_size for path in there)
    needed = shipments * BYTES_A_SHIPMENT
    if free < needed:
        wanted = f"{shipments:,} shipments need about {needed / 1e9:,.0f} GB of disk in {folder}, and {free / 1e9:,.0f} GB are free"
        return f"{wanted}: free some and leave more for what is spilled, or link bench/data to a larger disk"
    return None


def main(which: str, flag: str = "--note", note: str = "") -> int:
    """Measure, tell, write; 1 where a figure is over its threshold."""
    limits = judge.thresholds()
    judge.DATA.mkdir(exist_ok=True)
    if which not in limits or flag != "--note":
        print(f"usage: python bench/run.py bench|large [--note TEXT]; got {which!r} {flag!r}", file=sys.stderr)
        return 2
    if fault := room(max(size["shipments"] for size in limits[which]["sizes"]), judge.DATA):
        print(fault, file=sys.stderr)
        return 2
    found = measure(which, limits)
    found |= {"note": note, "held": held(found, limits)}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{which}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for line in found["held"]:
        goal = f", goal {line['goal']:,}" if "goal" in line else ""
        print(f"{'kept' if line['holds'] else 'OVER':<5} {line['what']}: {line['value']:,} (at most {line['at_most']:,}{goal})")
    print(f"wrote {RESULTS / f'{which}.json'}; make docs renews the page")
    return int(not all(line["holds"] for line in found["held"]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
