"""Writes the pages of docs/reference that follow from the program: `make docs` runs it, and a test compares.

commands.md   from the command line's own declarations
facts.md      from facts/catalogue.yaml
checks.md     from policies/checks/*.yaml
carriers.md   from carriers/carriers.csv and carriers/shapes.yaml
dataset.md    from the declarations of the tables
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import yaml
from typer.models import ArgumentInfo, OptionInfo, ParameterInfo

import parcelproof
from parcelproof.cli import app
from parcelproof.dataset import reference as dataset

ROOM = Path(parcelproof.__file__).parent
PAGES = Path(__file__).parents[1] / "docs" / "reference"
MADE = "<!-- Made by `make docs`: change what it is made from. -->"


def commands() -> Iterator[str]:
    """Every command with its arguments and options."""
    yield from ("# Commands", "", MADE, "", "Exit codes: 0 done; 1 the command ran and the answer is no (nothing was read, a pack has a fault); 2 the input or")
    yield "the usage is wrong, and one line on stderr says what and how to mend it; 130 stopped by Ctrl-C. A bar on a terminal says which stage runs;"
    yield "in a pipe there is none. `--json` prints the answer as JSON and nothing else."
    for name, function in declared():
        yield from ("", f"## {name}", "", str(function.__doc__))
        rows = [_parameter(*given) for given in parameters(function)]
        if rows:
            yield from ("", "| argument or option | meaning |", "|---|---|", *rows)


def declared() -> Iterator[tuple[str, Callable[..., Any]]]:
    """(command as it is typed, its function), in the order of the help."""
    for typed, group in (("parcelproof", app), *((f"parcelproof {inner.name}", inner.typer_instance) for inner in app.registered_groups)):
        if group is app and app.registered_callback is not None and app.registered_callback.callback is not None:
            yield typed, app.registered_callback.callback
        for command in group.registered_commands if group is not None else ():
            if command.callback is not None:
                yield f"{typed} {command.name or command.callback.__name__}", command.callback


def parameters(function: Callable[..., Any]) -> Iterator[tuple[str, ParameterInfo, Any, Any]]:
    """(argument in capitals or option as it is typed, its declaration, its type, its default) of every parameter of a command."""
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in signature(function).parameters.items():
        kind, *notes = get_args(hints[name]) if get_origin(hints[name]) is Annotated else (hints[name],)
        for note in notes:
            if isinstance(note, OptionInfo):
                named = [word for word in (note.default, *(note.param_decls or ())) if isinstance(word, str) and word.startswith("--")]
                yield (named or [f"--{name.replace('_', '-')}"])[0], note, kind, parameter.default
            elif isinstance(note, ArgumentInfo):
                yield name.upper() + ("..." if get_origin(kind) is list else ""), note, kind, parameter.default


def _parameter(typed: str, declaration: ParameterInfo, kind: Any, default: Any) -> str:  # noqa: ANN401  any type, any value
    required = default is Parameter.empty
    value = ""
    if isinstance(declaration, OptionInfo) and kind is not bool:
        value = f" {'|'.join(kind)}" if isinstance(kind, type) and issubclass(kind, StrEnum) else f" {typed.lstrip('-').replace('-', '_').upper()}"
    given = "" if required or default in {None, False} else f" `{default}` unless given."
    optional = " (required)" if required and isinstance(declaration, OptionInfo) else "" if required or isinstance(declaration, OptionInfo) else " (optional)"
    return f"| `{typed}{value.replace('|', chr(92) + '|')}`{optional} | {declaration.help}{given} |"


def facts() -> Iterator[str]:
    """Every fact, in the catalogue's order and under its headings."""
    text = (ROOM / "facts" / "catalogue.yaml").read_text(encoding="utf-8")
    yield from ("# Facts", "", MADE, "")
    yield "One row of `facts` is one shipment. Checks speak of these facts alone. A fact that cannot be known is null, and null never convicts."
    yield "Units stand in the names: `hours_*` and `minutes_*` are numbers."
    for section in re.split(r"^# -- ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        title, _, note = heading.partition(" (")
        yield from ("", f"## {title[0].upper()}{title[1:]}", "")
        if note:
            yield from (f"{note[0].upper()}{note[1:].rstrip(')')}.", "")
        yield from ("| fact | type | meaning | 含义 |", "|---|---|---|---|")
        for name, fact in yaml.safe_load(body).items():
            yield f"| `{name}` | {fact['type']} | {fact['en']} | {fact['zh-CN']} |"


def checks() -> Iterator[str]:
    """Every check of the library with its excuses and honest look-alikes."""
    yield from ("# Checks", "", MADE, "")
    yield "The shared library: one file each in `src/parcelproof/policies/checks/`. A pack chooses checks, may give other values, and says what follows."
    yield "A check is *met*, *not met* or *unknown*; where it is met and an excuse holds it is *excused*. [How to write one](../guides/write-a-check.md)."
    for path in sorted((ROOM / "policies" / "checks").glob("*.yaml")):
        check = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from ("", f"## {check['id']}", "", f"{check['title']['en']} · {check['title']['zh-CN']}", "")
        yield from (f"- **met when** `{' '.join(check['met_when'].split())}`", f"- **since** `{check['since']}`")
        for name, excuse in (check.get("excuses") or {}).items():
            yield f"- **excuse** {check['excuse_titles'][name]['en']} · {check['excuse_titles'][name]['zh-CN']}: `{' '.join(str(excuse).split())}`"
        if check.get("params"):
            yield f"- **values** {', '.join(f'`{name}` = {value}' for name, value in check['params'].items())}"
        yield f"- **rests on** {', '.join(f'[`{fact}`](facts.md)' for fact in check['evidence'])}"
        yield f"- **assumes** {check['assumes']}"
        yield f"- **looks like it, and is honest** {'; '.join(check['honest_look_alikes'])}"
        cases = [f"{case['name']}: {case['expect']}" for case in check["tests"]]
        yield f"- **cases** {'; '.join(cases)}"


def carriers() -> Iterator[str]:
    """Every carrier with each aggregator's code for it, and whether its numbers have a known shape and check digit."""
    with (ROOM / "carriers" / "carriers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shapes = yaml.safe_load((ROOM / "carriers" / "shapes.yaml").read_text(encoding="utf-8"))
    shaped, checked = {shape["carrier"] for shape in shapes}, {shape["carrier"] for shape in shapes if "check" in shape}
    feeds = [name for name in rows[0] if name not in {"code", "en", "zh", "platform"}]
    yield from ("# Carriers", "", MADE, "")
    yield "The code is what the column `carrier` holds. A carrier that no feed's code leads to keeps that code in upper case. `parcelproof identify`"
    yield "knows the shapes; a shape is a hint alone, for several carriers may use it, and so is a check digit. Postal numbers (UPU S10, two letters, nine"
    yield "digits, two letters) carry a check digit for every post of the world. Sources: `src/parcelproof/carriers/PROVENANCE.md`."
    yield from ("", f"| code | name | 名称 | shape | {' | '.join(feeds)} |", f"|---|---|---|---|{'---|' * len(feeds)}")
    for row in rows:
        shape = "check digit" if row["code"] in checked else "known" if row["code"] in shaped else ""
        yield f"| `{row['code']}` | {row['en']} | {row['zh']} | {shape} | {' | '.join(row[feed] for feed in feeds)} |"


def pages() -> dict[str, str]:
    """File name -> text of every page that is made here."""
    made: dict[str, Callable[[], Iterator[str]]] = {"commands.md": commands, "facts.md": facts, "checks.md": checks, "carriers.md": carriers}
    return {name: "\n".join(make()) + "\n" for name, make in made.items()} | {"dataset.md": dataset.page()}


if __name__ == "__main__":
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")
