"""Text -> code, with its doubt kept: all the places a text can mean, and the finest code that holds them all.

The search is a handful of SELECTs in `resolving/`, run over distinct texts; DuckDB carries them out.
"""

from __future__ import annotations

from functools import cache
from string import Template
from typing import TYPE_CHECKING, NamedTuple

import yaml

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.places.lists import HERE, pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

STEPS = ("searched", "hits", "runs", "readings")


class Place(NamedTuple):
    """What one text means."""

    adcode: str | None
    """Six digits of GB/T 2260, padded with 00 where only the city or the province is sure; None where nothing is."""
    candidates: tuple[str, ...]
    """Every place the text can mean, in order of code; empty where it names none."""


def load_gazetteer(engine: Engine) -> None:
    """Lay down the gazetteer's two tables, `gazetteer_names` and `gazetteer_meanings`."""
    engine.run(_filled("gazetteer.sql"))


def resolve(engine: Engine, texts: str, into: str) -> None:
    """Resolve distinct place texts.

    Args:
        engine: Where both relations live.
        texts: A relation with a column `text`; each text once.
        into: The table to make: `text`, `adcode` (null where nothing is sure), `candidates` (list of codes), `n` (how many).
    """
    if not engine.rows(f"select 1 from {texts} limit 1"):
        engine.table(into, "select null::varchar as text, null::varchar as adcode, []::varchar[] as candidates, 0::bigint as n where false")
        return
    if not engine.rows("select 1 from duckdb_tables() where table_name = 'gazetteer_names'"):
        load_gazetteer(engine)
    engine.view("place_source", f"select text from {texts}")
    for step in STEPS:
        engine.table(f"place_{step}", _filled(f"resolving/{step}.sql"))
    engine.table(into, _filled("resolving/answers.sql"))
    engine.drop(*(f"place_{step}" for step in STEPS))
    engine.run("drop view place_source")


def resolve_texts(texts: Sequence[str]) -> list[Place]:
    """Resolve a few texts, in their order, with an engine of their own."""
    rows = ", ".join(f"({quoted(text.replace(chr(0), ' '))})" for text in dict.fromkeys(texts))
    if not rows:
        return []
    with Engine(threads=1) as engine:
        engine.table("asked", f"select * from (values {rows}) as asked(text)")
        resolve(engine, "asked", "resolved")
        found = {text: Place(adcode, tuple(candidates)) for text, adcode, candidates, _ in engine.rows("select * from resolved")}
    return [found[text.replace("\0", " ")] for text in texts]


@cache
def _filled(name: str) -> str:
    words = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    traditional, simplified = zip(*pairs("traditional.csv"), strict=True)
    street, other = "|".join(words["street"]), "|".join(words["other"])
    values = {
        "gazetteer": str(HERE / "gazetteer.csv"),
        "traditional": "".join(traditional),
        "simplified": "".join(simplified),
        "elsewhere": rf"({'|'.join(words['elsewhere'] + words['abroad'])})[\s\S]*$",
        "street": f"^([{words['turns']}]{{0,2}}({street})|{other})",
        "opening": f"[ |#{words['opening']}]",
        "site": f"^([ |#]|$|{'|'.join(words['site'])})",
    }
    text = (HERE / name).read_text(encoding="utf-8")
    return Template(text).substitute({key: quoted(value) for key, value in values.items()})
