"""The same for a terminal."""

from __future__ import annotations

from typing import Any

_SMALL = 0.1
"""Below so many per cent the digits go on."""


def percent(share: float) -> str:
    """A share in per cent, with three digits that say something."""
    value = share * 100
    return f"{value:.2f} %" if value >= _SMALL or value == 0 else f"{value:.2g} %"


def bound_line(bound: dict[str, Any]) -> str:
    """What the labels prove of all accusations, in one line."""
    return f"false accusations among the violations: {_proved(bound, bound)}"


def _proved(seen: dict[str, Any], bound: dict[str, Any]) -> str:
    n = seen["labels"] + seen["appealed"]
    if seen["accused"] == 0:
        return "nobody is accused"
    if seen["at_most"] is None:
        return f"insufficient evidence (n = {n:,}; {seen['needed']:,} flawless random labels would prove {percent(bound['limit'])})"
    kept = "kept" if seen["holds"] else "not proved"
    return (
        f"at most {percent(seen['at_most'])} at {bound['confidence']:.0%} (n = {n:,}, {seen['innocent'] + seen['overturned']:,} innocent); "
        f"the limit of {percent(bound['limit'])} is {kept}"
    )


def told(found: dict[str, Any]) -> str:
    """A row a pattern, the totals, and the bound."""
    lines = [f"{found['labels']:,} labels, {found['unmatched']:,} of shipments that were not judged; intervals at {found['confidence']:.0%}", ""]
    lines.append(f"{'pattern':<32}{'shipments':>10}{'proved':>9}{'caught':>9}{'accused':>9}  {'share of caught or accused':<28}{'right offence':>14}")
    lines += [_line(row, row["pattern"]) for row in found["patterns"]]
    lines += ["", *(_line(row, f"all {row['truth']}") for row in found["totals"]), "", bound_line(found["bound"])]
    for offence, seen in found["bound"]["offences"].items():
        lines.append(f"  {offence:<20} {_proved(seen, found['bound'])}")
    return "\n".join(lines)


def _line(row: dict[str, Any], name: str) -> str:
    hit = "accused" if row["truth"] == "honest" else "caught"
    limits = row[f"{hit}_interval"]
    share = f"{percent(row[hit] / row['shipments'])} [{percent(limits[0])}, {percent(limits[1])}]" if limits else "-"
    right = f"{row['right_offence']:,}" if hit == "caught" else ""
    return f"{name:<32}{row['shipments']:>10,}{row['proved']:>9,}{row['caught']:>9,}{row['accused']:>9,}  {share:<28}{right:>14}"
