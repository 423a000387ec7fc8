"""Place resolution beside the libraries that do the same: right, coarser, out of date and wrong answers, and texts a second.

    python bench/places.py [N]

The rows are `tests/places/data/labelled.csv`. The rivals are no dependencies of the project: install those that you want
to see with `pip install cnloc==0.1.7 cpca==0.5.5 jionlp==1.5.31`. N texts (400,000 unless given) measure the speed.
"""

from __future__ import annotations

import csv
import importlib
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcelproof import places
from parcelproof.engines.duckdb import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
Answer = str | None


def ours(texts: list[str]) -> list[Answer]:
    """This project."""
    return [place.adcode for place in places.resolve_texts(texts)]


def cnloc(texts: list[str], *, short: bool = False) -> list[Answer]:
    """Cnloc as it comes, or with short names of counties."""
    found = importlib.import_module("cnloc").getlocation(texts, county_short=short).to_dict("records")
    return [first(row["county_adcode"], row["city_adcode"], row["province_adcode"]) for row in found]


def cnloc_short(texts: list[str]) -> list[Answer]:
    """Cnloc with short names of counties."""
    return cnloc(texts, short=True)


def cpca(texts: list[str]) -> list[Answer]:
    """Cpca, which gives a code of its own."""
    return [first(code) for code in importlib.import_module("cpca").transform(texts)["adcode"]]


def jionlp(texts: list[str]) -> list[Answer]:
    """JioNLP, which gives names of today."""
    parse = importlib.import_module("jionlp").parse_location
    codes = name_codes()
    return [code_of(parse(text, change2new=True), codes) for text in texts]


def first(*values: object) -> Answer:
    """The first value that is a code, padded to six digits."""
    return next((value[:6].ljust(6, "0") for value in values if isinstance(value, str) and value), None)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a data file."""
    path = ROOT / ("tests/places/data" if name == "labelled" else "src/parcelproof/places") / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name_codes() -> dict[tuple[str, str], list[str]]:
    """(level, name) -> codes in force."""
    codes: dict[tuple[str, str], list[str]] = {}
    for row in table("gazetteer"):
        if row["kind"] in {"current", "generic"}:
            codes.setdefault((row["level"], row["name"]), []).append(row["code"])
    return codes


def code_of(names: dict[str, Any], codes: dict[tuple[str, str], list[str]]) -> Answer:
    """The code of the finest name that the codes in force know under its parents."""
    found: Answer = None
    for level, part in (("1", "province"), ("2", "city"), ("3", "county")):
        inside = [code for code in codes.get((level, names[part] or ""), []) if code.startswith(known(found))]
        found = inside[0] if inside else found
    return found


def known(code: Answer) -> str:
    """What a padded code says: 33, 3301, 330106."""
    if not code or code.endswith("0000"):
        return (code or "")[:2]
    return code[:4] if code.endswith("00") else code


def verdict(expected: str, got: Answer, successors: dict[str, set[str]]) -> str:
    """One of exact, coarser, stale (a code that ended, and the right one followed) and WRONG."""
    if (got or "") == expected:
        return "exact"
    if expected and known(expected).startswith(known(got)):
        return "coarser"
    followed = successors.get(got or "", set())
    return "stale" if any(known(code).startswith(known(expected) or code) for code in followed) else "WRONG"


def compare(name: str, resolve: Callable[[list[str]], list[Answer]], rows: list[dict[str, str]]) -> None:
    """Print one library's line."""
    successors: dict[str, set[str]] = {}
    for row in table("successors"):
        successors.setdefault(row["code"], set()).add(row["successor"])
    texts = [row["text"] for row in rows]
    try:
        resolve(texts[:2])
    except ImportError:
        print(f"{name:12} not installed")
        return
    started = time.perf_counter()
    answers = resolve(texts)
    milliseconds = (time.perf_counter() - started) * 1000 / len(texts)
    counts = Counter(verdict(row["adcode"], answer, successors) for row, answer in zip(rows, answers, strict=True))
    held = Counter(verdict(row["adcode"], answer, successors) for row, answer in zip(rows, answers, strict=True) if row["part"] == "held_out")
    shares = " ".join(f"{counts[kind]:>7}" for kind in ("exact", "coarser", "stale", "WRONG"))
    print(f"{name:12} {shares} {held['exact']:>9}/{held.total()} {held['WRONG']:>10} {milliseconds:>9.2f}")


def speed(rows: list[dict[str, str]], n: int) -> None:
    """Print how many distinct texts a second two threads resolve, and pairs of codes a second they compare."""
    texts = [row["text"].replace("'", "") for row in rows]
    with Engine(threads=2) as engine:
        places.prepare(engine)
        engine.table("seeds", f"select unnest({texts!r}) as text, generate_subscripts({texts!r}, 1) as i")
        engine.table("texts", f"select concat(text, ' ', i, '号', k) as text from seeds, range({n // len(texts) + 1}) as n(k)")
        started = time.perf_counter()
        places.resolve(engine, "texts", "resolved")
        count = engine.row("select count(*) from resolved")[0]
        print(f"\n{count:,} distinct texts: {count / (time.perf_counter() - started):,.0f} a second on 2 threads")
        engine.table("codes", "select adcode, row_number() over (order by text) as i from resolved where adcode is not null")
        total = engine.row("select count(*) from codes")[0]
        neighbour = f"case when a.i % 20 = 0 then a.i * 7919 % {total} + 1 else a.i end"
        engine.table("pairs", f"select a.adcode as a, b.adcode as b from codes as a join codes as b on b.i = {neighbour}")
        started = time.perf_counter()
        engine.rows(f"select {places.level_sql('a', 'b')}, count(*) from pairs group by all")
        print(f"{total:,} pairs of codes, one in twenty of two places: {total / (time.perf_counter() - started):,.0f} a second")


def main() -> None:
    """Print the table and the speed."""
    rows = table("labelled")
    print(f"{len(rows)} rows       exact coarser   stale   WRONG  held out exact  held WRONG    ms/row")
    for name, resolve in (("parcelproof", ours), ("cnloc", cnloc), ("cnloc short", cnloc_short), ("jionlp", jionlp), ("cpca", cpca)):
        compare(name, resolve, rows)
    speed(rows, int(sys.argv[1]) if len(sys.argv) > 1 else 400_000)


if __name__ == "__main__":
    main()
