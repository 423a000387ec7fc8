"""`report.html`: one page that needs nothing but itself, in two languages, for screens of any width and for paper."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from parcelproof.report import comparison, view
from parcelproof.report.rings import rings
from parcelproof.report.summary import summarise
from parcelproof.report.words import ROOM, Text, word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from parcelproof.engines.duckdb import Engine


def render_report(engine: Engine, run: Mapping[str, Any]) -> str:
    """The whole of `report.html`.

    Args:
        engine: holds `verdicts`, `findings`, `charges`, `strikes`, `measures` and `quarantine` as the contract's section 4 has them, the
            counts that `summarise` names, and the tables that `rings` names.
        run: what `run.json` says; every key may be missing. `titles` maps an indicator, or `indicator:excuse`, to its
            {zh-CN, en}; `policy` has id, title, hash, zone and currency; `rows` counts the rows read by table.

    Returns:
        HTML of at most some hundred kilobytes, whatever the number of shipments. All values of the data are escaped.
    """
    told = view.Run.of(run)
    summary = summarise(engine, told.zone_name, told.currency)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            run=told,
            summary=summary,
            headline=view.headline(summary, told),
            offences=view.offences(summary),
            days=view.days(summary, told),
            indicators=view.indicators(summary, told),
            merchants=view.merchants(summary),
            carriers=view.carriers(summary, told),
            rings=rings(engine, told),
            measures=view.measures(summary),
            unknowns=view.unknowns(summary, told),
            quality=view.quality(summary, told),
            computed=view.computed(summary, told),
            **_frame(),
        )
    )


def render_backtest(found: Mapping[str, Any]) -> str:
    """The page of a backtest.

    Args:
        found: what `verdicts.backtest.backtest` returns.

    Returns:
        HTML that needs nothing but itself. All values of the data are escaped.
    """
    return _environment().get_template("backtest.html.j2").render(**comparison.sections(found), **_frame())


def _frame() -> dict[str, Any]:
    """What every page carries."""
    script = (ROOM / "script.js").read_text(encoding="utf-8")
    return {
        "style": Markup((ROOM / "style.css").read_text(encoding="utf-8")),  # noqa: S704  our own file
        "script": Markup(script),  # noqa: S704  our own file
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  importing it takes a tenth of a second

    environment = Environment(loader=FileSystemLoader(ROOM / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(t=_word)
    environment.filters.update(both=both)
    return environment


def both(text: Text) -> Markup:
    """A text in both languages, of which the page shows one."""
    if text.zh == text.en:
        return Markup("<bdi>{}</bdi>").format(text.zh)
    return Markup('<span lang="zh-CN">{}</span><span lang="en">{}</span>').format(text.zh, text.en)


def _word(group: str, key: str, **values: object) -> Markup:
    return both(word(group, key, **values))
