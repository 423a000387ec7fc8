"""What the judge says on a terminal when it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parcelproof.accuracy import bound_line

_OUTCOMES = {
    "violation": ("违规", "violation"),
    "suspected": ("疑似", "suspected"),
    "undetermined": ("无法判定", "undetermined"),
    "clear": ("无异常", "clear"),
}


def summary(run: dict[str, Any], out: Path) -> str:
    """A few lines: the outcome, what was set aside, and the file to open."""
    total = sum(run["outcomes"].values())
    lines = [f"{total:,} shipments judged as of {run['as_of']} under {run['policy']['id']} in {sum(run['seconds'].values()):.1f} s"]
    for outcome, (zh, en) in _OUTCOMES.items():
        lines.append(f"  {run['outcomes'].get(outcome, 0):>10,}  {en} {zh}")
    if quarantined := run["out"]["quarantine"]:
        lines.append(f"  {quarantined:>10,}  rows set aside: see quarantine")
    lines.append(bound_line(run["bound"]))
    lines.append(f"open {out / 'report.html'}")
    return "\n".join(lines)
