"""Times what policies cost on a million shipments: ten times the checks, and two packs side by side, each beside one plain judge.

All three run in one go, so that a busy machine slows them alike. Beside the seconds on the clock stand the seconds that the
processors spent: where others share the machine, these are what to compare, and what decides.

The ten times as many checks are variants of those that the data can answer. One that it cannot is a finding on every shipment:
ten times as many of those are ten times the rows to write, which is another question than what a check costs.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

import judge
from measuring import Spent, spent
from parcelproof.policy import expressions, load_policy

PACK, OTHER = "douyin-shop", "tmall"
TIMES = 10
MOST_TENFOLD, MOST_BACKTEST = 2.0, 1.5
"""So many times one judge's seconds may be spent."""


def write_tenfold(folder: Path, unanswered: set[str]) -> int:
    """A pack as data with ten times the checks: variants of the answered ones, spoken of wherever the plain one is; how many it has."""
    policy = load_policy(PACK)
    copies = math.ceil((TIMES * len(policy.checks) - len(unanswered)) / (len(policy.checks) - len(unanswered)))
    variants = {name: [_named(name, number) for number in range(1 if name in unanswered else copies)] for name in policy.checks}
    pack: dict[str, Any] = {**policy.raw, "id": "tenfold", "checks": {}}
    for name, check in policy.checks.items():
        for number, variant in enumerate(variants[name]):
            params = {key: _varied(value, number) for key, value in check.params.items()}
            pack["checks"][variant] = {"use": name, "clause": check.clause, **({"params": params} if params else {})}
    for offence in pack["offences"].values():
        for key in {"proved_when", "suspected_when"} & set(offence):
            offence[key] = {day: text if text in (None, "none") else _widened(text, variants) for day, text in offence[key].items()}
    folder.mkdir()
    (folder / "pack.yaml").write_text(json.dumps(pack, ensure_ascii=False, indent=1), encoding="utf-8")
    return len(load_policy(str(folder)).checks)


def _unanswered(out: Path) -> set[str]:
    """The checks that some shipment leaves unknown."""
    with duckdb.connect() as db:
        rows = db.execute(f"select distinct indicator from '{out / 'findings.parquet'}' where status = 'unknown'").fetchall()
    return {name for (name,) in rows}


def _named(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


def _varied(value: object, number: int) -> object:
    """A number a little larger for each variant, so that the engine cannot fold the variants into one."""
    if isinstance(value, dict):
        return {day: _varied(held, number) for day, held in value.items()}
    return value + number / 1000 if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _widened(text: str, variants: dict[str, list[str]]) -> str:
    """A condition over checks in which every check may be met in any of its variants."""

    def widened(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return exp.paren(exp.maybe_parse(" or ".join(variants[node.name]), dialect="duckdb"))
        return node

    tree = expressions.parsed(text)
    assert tree is not None  # noqa: S101  the pack has been read
    return str(tree.transform(widened).sql(dialect="duckdb")).lower()


def main(shipments: int = 1_000_000) -> int:
    """Print the figures; 1 where more is spent than may be."""
    data = judge.dataset(shipments)
    with tempfile.TemporaryDirectory() as scratch:
        tenfold, out = Path(scratch) / "tenfold", Path(scratch) / "out"
        plain = spent("judge", data, "--policy", PACK, "--out", out)
        checks = write_tenfold(tenfold, _unanswered(out))
        many = spent("judge", data, "--policy", tenfold, "--out", out)
        both = spent("policy", "backtest", PACK, OTHER, data)
    print(f"judge    {plain.wall:7.2f} s, processors {plain.processors:7.2f} s: {PACK}")
    found = [_told("tenfold", many, plain, MOST_TENFOLD, f"{checks} checks"), _told("backtest", both, plain, MOST_BACKTEST, f"{PACK} and {OTHER}")]
    return int(not all(found))


def _told(name: str, side: Spent, plain: Spent, most: float, of: str) -> bool:
    """Print one line; whether it stays within its bound."""
    ratio = side.processors / plain.processors
    clock = side.wall / plain.wall
    print(f"{name:<8} {side.wall:7.2f} s, processors {side.processors:7.2f} s: {of}; {ratio:.2f} times one judge (at most {most}), {clock:.2f} on the clock")
    return ratio <= most


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
