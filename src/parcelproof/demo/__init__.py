"""The demo: real payloads of five carrier feeds and a shop judged with their orders, then a simulated month with labelled troubles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from parcelproof.dataset.tables import TABLES
from parcelproof.simulate import fresh, simulate
from parcelproof.sources.imports import import_files
from parcelproof.verdicts.judge import judge
from parcelproof.verdicts.result import JudgeResult
from parcelproof.verdicts.summary import summary

MATERIAL = Path(__file__).parent
PAYLOADS = MATERIAL / "payloads"
RULES = MATERIAL / "rules"
AGREED = MATERIAL / "order_events.csv"
ZONE = "Asia/Shanghai"

Watch = Callable[[], AbstractContextManager[Callable[[str], None]]]
"""Opens something that hears the name of each stage."""


def unwatched() -> AbstractContextManager[Callable[[str], None]]:
    """Nobody listens."""
    return nullcontext(lambda _: None)


def run_demo(out: Path, *, shipments: int = 20_000, echo: Callable[[str], None] = print, watch: Watch = unwatched) -> dict[str, Any]:
    """Import, simulate, judge.

    Returns:
        `real` and `month`: the content of each run.json; `report`: the page to open; `explain`: two commands to try.

    Raises:
        InputError: The folder cannot be written.
    """
    real, month = out / "real", out / "month"
    echo("1. Real payloads, imported with their orders")
    import_all(real / "dataset", echo)
    echo("\n2. Judged by the demo's own rules: the payloads are older than any marketplace's text that is known here")
    with watch() as progress, judge(real / "dataset", policy=str(RULES), out=real / "verdicts", progress=progress) as result:
        first, run = "\n".join([summary(result.run, real / "verdicts"), *_told(result)]), result.run
    echo(first)
    echo(f"\n3. A simulated month of {shipments:,} orders with labelled troubles, judged by the pack douyin-shop")
    with watch() as progress:
        made = simulate(shipments, 1, month / "dataset", progress)
        with judge(made.dataset, policy="douyin-shop", out=month / "verdicts", progress=progress) as result:
            second, charged, month_run = summary(result.run, month / "verdicts"), _charged(result), result.run
    echo(second)
    explain = [f"parcelproof explain {folder / 'verdicts'} {order}" for folder, order in ((real, "DEMO-ELSEWHERE"), (month, charged)) if order]
    echo("\nNow look at the pages, and ask for the story of a shipment (--lang zh tells it in Chinese):")
    echo("\n".join(explain))
    return {"real": run, "month": month_run, "report": str(month / "verdicts" / "report.html"), "explain": explain}


def import_all(dataset: Path, echo: Callable[[str], None]) -> None:
    """Read every source's payloads, with the orders beside them where the payloads bring none, and what the buyers agreed."""
    fresh(dataset, {*TABLES, ".salt"})
    for folder in sorted(path for path in PAYLOADS.iterdir() if path.is_dir()):
        orders = folder / "orders.csv"
        _import(folder.name, sorted(folder.glob("*.json")), dataset, echo, orders=orders if orders.exists() else None)
    _import("csv", [AGREED], dataset, echo, options={"table": "order_events"})


def _import(source: str, files: list[Path], dataset: Path, echo: Callable[[str], None], **given: Any) -> None:  # noqa: ANN401  what `import_files` takes
    """Read files of one source, and say in a line or two what became of them."""
    report = import_files(source, files, dataset, timezone=ZONE, **given)
    echo(f"   {source:<10}" + ", ".join(f"{rows} {table}" for table, rows in report.read.items()))
    for _, where, why in report.refused:
        echo(f"   {'':<10}refused {where}: {why}")


def _told(result: JudgeResult) -> list[str]:
    """One line for each shipment: its outcome, and what is met, excused or unknown."""
    lines = []
    for row in result.table("verdicts").to_pylist():
        grounds = [*row["met"], *(f"excused {name}" for name in row["excused"]), *(f"unknown {name}" for name in row["unknown"])]
        lines.append(f"   {row['order_id']:<17}{row['outcome']:<14}{', '.join(grounds)}".rstrip())
    return lines


def _charged(result: JudgeResult) -> str | None:
    """An order of the gravest charged offence; None where nothing costs money."""
    charges = sorted((-row["amount"], row["order_id"]) for row in result.table("charges").to_pylist())
    return charges[0][1] if charges else None
