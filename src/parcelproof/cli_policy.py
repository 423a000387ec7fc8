"""The commands of `parcelproof policy`, each a few lines over a room below."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from parcelproof.cli_options import AsOf, Dataset, Json, Memory, Policy, Progress, Threads, help_without_command

policy_app = typer.Typer(help="Policy packs as code.", invoke_without_command=True, rich_markup_mode=None)


class PolicyFile(StrEnum):
    """Files of a policy that have a schema."""

    pack = "pack"
    check = "check"


@policy_app.callback()
def policy_root(context: typer.Context) -> None:
    """Policy packs as code."""
    help_without_command(context)


@policy_app.command("list")
def policy_list(*, as_json: Json = False) -> None:
    """List the packs that come with Parcelproof."""
    from parcelproof.policy.commands import list_text  # noqa: PLC0415

    typer.echo(list_text(as_json=as_json))


@policy_app.command("show")
def policy_show(
    pack: Annotated[str, typer.Argument(help="Name of a pack, or path of one.")] = "douyin-shop",
    date: Annotated[str | None, typer.Argument(help="The day whose text is wanted; today unless given.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what holds on a day, in both languages."""
    from parcelproof.policy.commands import show_text  # noqa: PLC0415

    typer.echo(show_text(pack, date, as_json=as_json))


@policy_app.command("check")
def policy_check(
    pack: Annotated[str, typer.Argument(help="Name of a pack, or path of one.")] = "douyin-shop",
    *,
    on: Annotated[str | None, typer.Option("--on", help="The day from which the age of sources is counted; today unless given.")] = None,
    as_json: Json = False,
) -> None:
    """Find every fault of a pack and its checks; exit 1 if there is one."""
    from parcelproof.policy.commands import check_text  # noqa: PLC0415

    answered(check_text(pack, on, as_json=as_json))


@policy_app.command("schema")
def policy_schema(kind: Annotated[PolicyFile, typer.Argument(help="Which file.")] = PolicyFile.pack) -> None:
    """Print the JSON Schema of a pack's or a check's file, for editors."""
    from parcelproof.policy.commands import schema_text  # noqa: PLC0415

    typer.echo(schema_text(kind.value))


@policy_app.command("diff")
def policy_diff(
    first: Annotated[str, typer.Argument(help="A pack, or a day.")],
    second: Annotated[str, typer.Argument(help="Another pack, or a later day.")],
    *,
    policy: Annotated[str | None, typer.Option("--policy", help="The pack whose two days are compared; douyin-shop unless given.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day on which two packs are compared; today unless given.")] = None,
    as_json: Json = False,
) -> None:
    """Say what differs between two packs, or between two days of one, in both languages."""
    from parcelproof.policy.commands import diff_text  # noqa: PLC0415

    typer.echo(diff_text(first, second, policy, on, as_json=as_json))


@policy_app.command("lock")
def policy_lock(pack: Annotated[str, typer.Argument(help="Name of a pack, or path of one.")] = "douyin-shop", *, as_json: Json = False) -> None:
    """Add the hashes of new texts to a pack's lock; exit 1 if a released text has changed."""
    from parcelproof.policy.commands import lock_text  # noqa: PLC0415

    answered(lock_text(pack, as_json=as_json))


@policy_app.command("try")
def policy_try(
    check: Annotated[str, typer.Argument(help="A check of the pack.")],
    facts: Annotated[str, typer.Argument(help="Facts as a JSON object, or a file with one.")],
    *,
    policy: Policy = "douyin-shop",
    on: Annotated[str | None, typer.Option("--on", help="The day of the act; today unless given.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a check answers for one row of facts."""
    from parcelproof.policy.commands import try_text  # noqa: PLC0415

    typer.echo(try_text(check, facts, policy, on, as_json=as_json))


@policy_app.command("backtest")
def policy_backtest(  # noqa: PLR0913  one option each
    old: Annotated[str, typer.Argument(help="The pack that holds.")],
    new: Annotated[str, typer.Argument(help="The pack that would.")],
    dataset: Dataset,
    *,
    as_of: AsOf = None,
    labels: Annotated[Path | None, typer.Option("--labels", help="What is true of the shipments: order_id, carrier, waybill_no, truth.")] = None,
    appeal_share: Annotated[float, typer.Option("--appeal-share", help="Share of the decisions that shops appeal against: an assumption.")] = 0.1,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the page with charts, the same as data, and every changed shipment.")] = None,
    threads: Threads = None,
    memory: Memory = None,
    as_json: Json = False,
) -> None:
    """Say whom a new pack would hit, for how much, and by which measures."""
    from parcelproof.verdicts.backtest import backtest  # noqa: PLC0415
    from parcelproof.verdicts.backtest_words import told  # noqa: PLC0415
    from parcelproof.verdicts.judge import parse_moment  # noqa: PLC0415

    with Progress() as progress:
        found = backtest(
            old, new, dataset, as_of=parse_moment(as_of), labels=labels, appeal_share=appeal_share, out=out, threads=threads, memory=memory, progress=progress
        )
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else told(found))
    if out is not None and not as_json:
        typer.echo(f"\nopen {out / 'backtest.html'}")


def answered(answer: tuple[str, bool]) -> None:
    """Print an answer, and leave with 1 where it is no."""
    text, sound = answer
    typer.echo(text)
    if not sound:
        raise typer.Exit(1)
