"""What the commands share: options with their help, and the bar that shows progress."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Out = Annotated[Path, typer.Option("--out", help="Folder to write to.")]
Dataset = Annotated[Path, typer.Argument(help="Folder with the tables.")]
Policy = Annotated[str, typer.Option("--policy", help="Name of a pack, or path of one.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Judge with what was known then: 2026-08-31 or 2026-08-31T12:00:00+08:00.")]
Threads = Annotated[int | None, typer.Option("--threads", help="Threads to use, 1 to 1024; all processors unless given.")]
Memory = Annotated[str | None, typer.Option("--memory", help="Memory to stay within, like 6GB.")]


def help_without_command(context: typer.Context) -> None:
    """Who names no command asks which there are."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


class Progress:
    """A bar on the terminal that says which stage runs and for how long; nothing in a pipe."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Callable[[str], None]:
        if not sys.stderr.isatty():
            return lambda _: None
        from rich import progress  # noqa: PLC0415
        from rich.console import Console  # noqa: PLC0415

        columns = progress.BarColumn(20), progress.TimeElapsedColumn(), progress.TextColumn("{task.description}", markup=False)
        self._bar = progress.Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
        self._bar.start()
        task = self._bar.add_task("starting", total=None)
        return lambda stage: self._bar.update(task, description=stage)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
