"""What a backtest says on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def told(found: dict[str, Any]) -> str:
    """The comparison in lines of text."""
    parts = (_totals, _offences, _sizes, _measures, _changes, _accuracy)
    return "\n\n".join(text for part in parts if (text := "\n".join(part(found))))


def _pair(row: dict[str, Any], name: str) -> str:
    old, new = ("not stated" if row[f"{name}_{side}"] is None else row[f"{name}_{side}"] for side in ("old", "new"))
    return f"{old} -> {new}"


def _totals(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['old']} -> {found['new']} as of {found['as_of']}"
    old, new = found["totals"]["old"], found["totals"]["new"]
    for name in old:
        values = ("not stated" if side[name] is None else str(side[name]) for side in (old, new))
        yield "{:<14} {:>16} -> {:>16}".format(name, *values)
    yield f"appeals: {found['appeals']['assumed_share']:.0%} of the decisions that can be appealed against, which is an assumption (--appeal-share)"


def _offences(found: dict[str, Any]) -> Iterator[str]:
    yield "by offence: violations, shops, money, measures, expected appeals"
    for row in found["offences"]:
        yield f"  {row['offence']:<20} " + ", ".join(_pair(row, name) for name in ("violations", "merchants", "money", "measures", "appeals"))


def _sizes(found: dict[str, Any]) -> Iterator[str]:
    yield "by size of shop (shipments): shops hit, violations, money, measures, expected appeals"
    for row in found["sizes"]:
        figures = ", ".join(_pair(row, name) for name in ("violations", "money", "measures", "appeals"))
        yield f"  {row['size']:<20} {_pair(row, 'hit')} of {row['shops']}, {figures}"


def _measures(found: dict[str, Any]) -> Iterator[str]:
    yield "measures: times, shops"
    for row in found["measures"]:
        yield f"  {row['offence']:<20} {row['measure']:<22} {_pair(row, 'times')}, {_pair(row, 'shops')}"


def _changes(found: dict[str, Any]) -> Iterator[str]:
    yield "changes of answer: shipments, shops, money, orders to open"
    for row in found["changes"]:
        before, after = (" ".join(filter(None, (row[f"outcome_{side}"], row[f"offence_{side}"]))) for side in ("old", "new"))
        examples = " ".join(example["order_id"] for example in row["examples"])
        yield f"  {before} -> {after}: {row['shipments']}, {row['merchants']}, {_pair(row, 'money')}, {examples}"


def _accuracy(found: dict[str, Any]) -> Iterator[str]:
    if found["accuracy"] is None:
        return
    yield f"accuracy by the labels, with exact {found['accuracy']['sure']:.0%} intervals"
    for side in ("old", "new"):
        row = found["accuracy"][side]
        for name, of in (("proved", "frauds"), ("caught", "frauds"), ("convicted", "honest"), ("accused", "honest")):
            low, high = row[f"{name}_interval"]
            yield f"  {side}: {row[name]} of {row[of]} {of} {name} ({low:.2%} to {high:.2%})"
