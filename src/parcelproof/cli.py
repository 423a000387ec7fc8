"""Every command, each a few lines over a room below. Heavy rooms are imported when a command needs them."""

from __future__ import annotations

import json
import signal
import sys
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from parcelproof import __version__
from parcelproof.cli_options import AsOf, Dataset, Json, Memory, Out, Policy, Progress, Threads, help_without_command
from parcelproof.cli_policy import policy_app
from parcelproof.errors import ParcelproofError

app = typer.Typer(
    name="parcelproof",
    help="Judge shipments from orders, declared waybills and carrier traces, and prove it.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(policy_app, name="policy")


class Lang(StrEnum):
    """Languages of the texts."""

    zh = "zh"
    en = "en"


class OutputFormat(StrEnum):
    """Formats of the output tables."""

    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"


SOURCES = (
    "17track", "aftership", "csv", "douyin", "epcis", "juhe", "kdniao", "kuaidi100", "pinduoduo", "sf", "shopify", "taobao", "wechat", "yunda", "zto",
)  # fmt: skip
"""The formats of `import`, written down here so that --help need not load their readers."""
STOPPED = 130
"""The exit code of a command that was told to stop, as shells have it for Ctrl-C."""
MOST_SHIPMENTS = 1_000_000_000
"""Numbers of simulated orders have nine digits."""


@app.callback()
def root(context: typer.Context, *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Judge shipments from orders, declared waybills and carrier traces, and prove it."""
    if version:
        typer.echo(__version__)
        raise typer.Exit
    help_without_command(context)


@app.command()
def demo(
    *,
    out: Out = Path("demo"),
    shipments: Annotated[int, typer.Option(min=1, max=MOST_SHIPMENTS, help="Shipments of the simulated month.")] = 20_000,
    as_json: Json = False,
) -> None:
    """Build a sample dataset, judge it, write the report and say where to look."""
    from parcelproof.demo import run_demo  # noqa: PLC0415

    told = run_demo(out, shipments=shipments, echo=(lambda _: None) if as_json else typer.echo, watch=Progress)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


@app.command()
def judge(  # noqa: PLR0913  one option each, as the contract lists them
    dataset: Dataset,
    *,
    policy: Policy,
    out: Out,
    as_of: AsOf = None,
    engine: Annotated[str, typer.Option(help="Engine that runs the SQL.")] = "duckdb",
    threads: Threads = None,
    memory: Memory = None,
    output_format: Annotated[OutputFormat, typer.Option("--output-format", help="Format of the output tables.")] = OutputFormat.parquet,
    labels: Annotated[
        Path | None, typer.Option("--labels", help="What is true of some shipments, as answers of an audit: the report says what they prove.")
    ] = None,
    shadow: Annotated[str | None, typer.Option("--shadow", help="A pack whose answers are written beside those that count.")] = None,
    as_json: Json = False,
) -> None:
    """Judge every shipment of a dataset: the main job."""
    from parcelproof.verdicts.judge import judge as run_judge  # noqa: PLC0415
    from parcelproof.verdicts.summary import summary  # noqa: PLC0415

    with Progress() as progress:
        result = run_judge(
            dataset, policy=policy, as_of=as_of, out=out, engine=engine, threads=threads, memory=memory,
            output_format=output_format.value, shadow=shadow, labels=labels, progress=progress,
        )  # fmt: skip
    with result:
        typer.echo(json.dumps(result.run, ensure_ascii=False, indent=2) if as_json else summary(result.run, out))


@app.command(name="import")
def import_(  # noqa: PLR0913  an option of the contract or of one reader each
    source: Annotated[str, typer.Argument(help=f"Format of the files: {', '.join(SOURCES)}.")],
    files: Annotated[list[Path], typer.Argument(help="Files to read.")],
    *,
    out: Out,
    orders: Annotated[Path | None, typer.Option(help="Orders in canonical columns, with their waybills.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Zone of times that carry none, like Asia/Shanghai.")] = None,
    mapping: Annotated[Path | None, typer.Option(help="For csv: a YAML file that says which column means what.")] = None,
    table: Annotated[str | None, typer.Option(help="For csv without a mapping: the table whose columns the files have.")] = None,
    merchant: Annotated[str | None, typer.Option(help="Shop of orders that name none.")] = None,
    carrier: Annotated[str | None, typer.Option(help="Carrier of waybills that name none.")] = None,
    as_json: Json = False,
) -> None:
    """Read a real format into canonical tables, adding to what is there."""
    from parcelproof.sources.imports import import_files  # noqa: PLC0415

    given = {"mapping": mapping, "table": table, "merchant": merchant, "carrier": carrier}
    options = {name: str(value) for name, value in given.items() if value}
    with Progress() as progress:
        report = import_files(source, files, out, orders=orders, timezone=timezone, options=options, progress=progress)
    typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else "\n".join(report.lines()))
    if not any(report.read.values()):
        raise typer.Exit(1)


@app.command()
def identify(numbers: Annotated[list[str], typer.Argument(help="Waybill numbers.")], *, as_json: Json = False) -> None:
    """Say which carriers a number may belong to."""
    from parcelproof.carriers.identify import identify_lines  # noqa: PLC0415

    typer.echo(identify_lines(numbers, as_json=as_json))


@app.command()
def explain(
    out: Annotated[Path, typer.Argument(help="Folder that judge wrote.")],
    what: Annotated[str, typer.Argument(help="An order, a waybill number, or order/carrier/number.")],
    *,
    lang: Annotated[Lang, typer.Option(help="Language of the story.")] = Lang.en,
    as_json: Json = False,
) -> None:
    """Tell the story of one order, waybill or shipment: timeline, findings, clause, money."""
    from parcelproof.report import explain as tell  # noqa: PLC0415

    story = tell(out, what, lang.value)
    typer.echo(json.dumps(story.as_json(), ensure_ascii=False, indent=2) if as_json else story.text())


@app.command()
def simulate(
    *,
    shipments: Annotated[int, typer.Option(min=1, max=MOST_SHIPMENTS, help="How many shipments.")],
    out: Out,
    seed: Annotated[int, typer.Option(min=0, max=MOST_SHIPMENTS, help="The same seed gives the same marketplace.")] = 1,
    shares: Annotated[Path | None, typer.Option(help="A CSV file of pattern and share, in place of the shares that come with it.")] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Make a labelled marketplace; the labels go to a folder of their own beside it."""
    from parcelproof.simulate import simulate as make  # noqa: PLC0415

    with Progress() as progress:
        made = make(shipments, seed, out, progress, mix=shares, threads=threads)
    lines = [f"{count:>9,}  {pattern}" for pattern, count in sorted(made.counts.items())]
    typer.echo(json.dumps(made.counts, indent=2) if as_json else "\n".join([*lines, f"wrote {out} and {out}-labels"]))


@app.command()
def rings(
    dataset: Dataset,
    *,
    out: Out,
    policy: Policy = "douyin-shop",
    as_of: AsOf = None,
    threads: Threads = None,
    memory: Memory = None,
    output_format: Annotated[OutputFormat, typer.Option("--output-format", help="Format of the output tables.")] = OutputFormat.parquet,
    as_json: Json = False,
) -> None:
    """Find brushing rings: groups whose parcels look perfect one by one."""
    from parcelproof.verdicts.rings_alone import find_rings, told  # noqa: PLC0415

    with Progress() as progress:
        found = find_rings(dataset, policy=policy, out=out, as_of=as_of, threads=threads, memory=memory, output_format=output_format.value, progress=progress)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else told(found))


@app.command()
def accuracy(
    out: Annotated[Path, typer.Argument(help="Folder that judge wrote.")],
    labels: Annotated[Path, typer.Argument(help="What is true: order_id, carrier, waybill_no, truth, and pattern or source.")],
    *,
    as_json: Json = False,
) -> None:
    """Say what the judge proved, caught and accused, with exact intervals, and what bound on false accusations the labels prove."""
    from parcelproof.accuracy import measure, told  # noqa: PLC0415

    found = measure(out, labels)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else told(found))


@app.command("audit-sample")
def audit_sample(
    out: Annotated[Path, typer.Argument(help="Folder that judge wrote.")],
    *,
    size: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many shipments people can look at.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same shipments.")] = 1,
    file: Annotated[Path, typer.Option("--file", help="The CSV file to write; its empty column truth is for the answers.")] = Path("audit.csv"),
    as_json: Json = False,
) -> None:
    """Draw verdicts at random for people to look at; `accuracy` reads their answers."""
    from parcelproof.accuracy import audit_sample as sample  # noqa: PLC0415

    drawn = sample(out, size, seed, file)
    lines = [f"{row['drawn']:>9,} of {row['shipments']:>11,}  {outcome}" for outcome, row in drawn.items()]
    typer.echo(json.dumps(drawn, indent=2) if as_json else "\n".join([*lines, f"wrote {file}: fill in truth, then `parcelproof accuracy {out} {file}`"]))


@app.command()
def threshold(
    out: Annotated[Path, typer.Argument(help="Folder that judge wrote.")],
    labels: Annotated[Path, typer.Argument(help="What is true.")],
    *,
    check: Annotated[str, typer.Option(help="A soft check.")],
    fact: Annotated[str, typer.Option(help="A number among its evidence.")],
    strict: Annotated[str, typer.Option(help="The end at which the fact is the strongest evidence: low or high.")] = "low",
    limit: Annotated[float | None, typer.Option(min=1e-6, max=0.5, help="Innocents among those met, at most; what the pack states unless given.")] = None,
    as_json: Json = False,
) -> None:
    """Choose the loosest threshold of a soft check that provably keeps a limit on innocents."""
    from parcelproof.accuracy import thresholds, thresholds_told  # noqa: PLC0415

    found = thresholds(out, labels, check, fact, strict=strict, limit=limit)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else thresholds_told(found))


class Stop:
    """Ctrl-C or a plain kill. It is remembered, for the engine tells an interruption as an error of its own."""

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)

    def __init__(self) -> None:
        self.asked = False
        for number in self.SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self)

    def __call__(self, _: int, frame: FrameType | None) -> None:
        """Interrupt whatever runs; an import a little later, for an extension that is half loaded brings the interpreter down."""
        self.asked = True
        while frame is not None:
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                signal.setitimer(signal.ITIMER_REAL, 0.05)
                return
            frame = frame.f_back
        raise KeyboardInterrupt

    def over(self) -> None:
        """Whatever is left to do is short: it is done whole."""
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_IGN)


def main() -> None:
    """Run the command line; a mistake of the caller's is one line on stderr and exit 2."""
    stop = Stop()
    try:
        message, code = outcome()
    except (Exception, KeyboardInterrupt):
        if not stop.asked:
            raise
        message, code = None, 0
    stop.over()
    if stop.asked:
        message, code = "stopped before the end: run it again", STOPPED
    if message is not None:
        typer.echo(f"parcelproof: {message}", err=True)
    sys.exit(code)


def outcome() -> tuple[str | None, int]:
    """Carry out the command: (what is wrong, exit code)."""
    try:
        code = app(standalone_mode=False, prog_name="parcelproof")
    except ParcelproofError as error:
        return str(error), 2
    except typer.TyperException as error:
        return misused(error), error.exit_code
    except SystemExit:  # typer's answer to a reader of our pipe that has gone, such as `| head -1`
        return None, 0
    return None, code if isinstance(code, int) else 0


def misused(error: typer.TyperException) -> str:
    """What is wrong with the words of a command, and where to read how they go."""
    context = getattr(error, "ctx", None)
    hint = f": `{context.command_path} --help` shows how it is written" if context else ""
    return error.format_message().rstrip(".") + hint


if __name__ == "__main__":
    main()
