"""Judges a simulated marketplace of 200,000 shipments and holds the answers to what is promised: exit 1 where they fall short.

Rings are left out: their shipments look like any other, and are found as groups.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from parcelproof.accuracy import measure, told
from parcelproof.simulate import simulate
from parcelproof.verdicts.judge import judge

HERE = Path(__file__).parent
LEAST_CAUGHT = 0.95
LEAST_RIGHT = 0.95
MOST_SUSPECTED = 0.01
RINGS = {"brushing_ring"}


def shortfalls(found: dict[str, Any]) -> list[str]:
    """What is promised and not reached, one line each."""
    lines = []
    for row in found["patterns"]:
        name, n = row["pattern"], row["shipments"]
        if row["truth"] == "honest":
            if row["proved"]:
                lines.append(f"{name}: {row['proved']} of {n} honest shipments convicted")
        elif name not in RINGS:
            if row["caught"] < LEAST_CAUGHT * n:
                lines.append(f"{name}: {row['caught']} of {n} caught")
            if row["right_offence"] < LEAST_RIGHT * row["caught"]:
                lines.append(f"{name}: the right offence in {row['right_offence']} of {row['caught']}")
    (honest,) = (row for row in found["totals"] if row["truth"] == "honest")
    if honest["accused"] - honest["proved"] > MOST_SUSPECTED * honest["shipments"]:
        lines.append(f"{honest['accused'] - honest['proved']} of {honest['shipments']} honest shipments suspected")
    return lines


def main(shipments: int = 200_000, seed: int = 1) -> int:
    """Print the table, and what falls short."""
    folder = HERE / "data" / f"market-{shipments}-{seed}"
    start = time.perf_counter()
    made = simulate(shipments, seed, folder)
    print(f"simulated {sum(made.counts.values()):,} shipments in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    judge(made.dataset, policy="douyin-shop", out=folder.with_name(folder.name + "-out")).close()
    print(f"judged them in {time.perf_counter() - start:.1f} s\n")
    found = measure(folder.with_name(folder.name + "-out"), made.labels)
    print(told(found))
    short = shortfalls(found)
    print("\n".join(["", f"{len(short)} promises are not kept:", *(f"  {line}" for line in short)]) if short else "\nevery promise is kept")
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:3])))
