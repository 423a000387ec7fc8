"""The demo: real carrier payloads judged with their orders, then a simulated month in which every outcome appears."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from parcelproof.simulate import simulate
from parcelproof.sources.imports import import_files
from parcelproof.verdicts.judge import judge
from parcelproof.verdicts.summary import summary

MATERIAL = Path(__file__).parent
ZONE = "Asia/Shanghai"


def run_demo(out: Path, *, shipments: int = 20_000, echo: Callable[[str], None] = print) -> Path:
    """Import, simulate, judge; returns the page to open.

    Raises:
        InputError: The folder cannot be written.
    """
    real, month = out / "real", out / "month"
    for source in sorted(path.name for path in (MATERIAL / "payloads").iterdir() if path.is_dir()):
        files = sorted((MATERIAL / "payloads" / source).glob("*.json"))
        report = import_files(source, files, real / "dataset", orders=MATERIAL / "orders.csv", timezone=ZONE)
        echo("\n".join(report.lines()))
    with judge(real / "dataset", policy="douyin-shop", out=real / "verdicts") as result:
        echo("\n" + summary(result.run, real / "verdicts"))
    echo(f"\nSimulating a month of {shipments:,} shipments with labelled troubles")
    made = simulate(shipments, 1, month / "dataset")
    with judge(made.dataset, policy="douyin-shop", out=month / "verdicts") as result:
        echo(summary(result.run, month / "verdicts"))
    return month / "verdicts" / "report.html"
