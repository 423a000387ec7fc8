"""Whom a branch's bad day hits, and whether it is told from a bad shop: 10 million parcels through the models that ask the others.

    python bench/attribution.py [PARCELS]

A shop is flagged where its slow parcels that no excuse took away, or put in doubt, are far more than the other shops at its branch explain (Poisson tail,
Chernoff's bound, halved for over-dispersion, Bonferroni over the shops; twenty parcels or more, half as many again as expected).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from parcelproof import places
from parcelproof.engines.duckdb import Engine
from parcelproof.facts import graph

HERE = Path(__file__).parent
MODELS = ("slow_pickups", "usual_branches", "pickup_sites", "shipment_traces", "slow_steps", "slow_shops", "branch_hours", "others", "attributions")
MOST_SECONDS, MOST_GB, MOST_FLAGGED = 15.0, 2.0, 0.0005

FLAGGED = """
    with counted as (
        select
            parcels.merchant_id, parcels.branch, any_value(parcels.bad) as bad, count(*) as n,
            count(*) filter (where slow_pickups.shipment is not null and {excuse}) as slow
        from parcels
        left join slow_pickups using (shipment)
        left join attributions using (shipment)
        group by parcels.merchant_id, parcels.branch
    ),

    expected as (
        select
            *,
            n * (sum(slow) over (partition by branch) - slow + 200.0 * sum(slow) over () / sum(n) over ())
                / (sum(n) over (partition by branch) - n + 200) as expected
        from counted
    )

    select
        count(*) filter (where not bad) as innocent,
        count(*) filter (where not bad and flagged) as innocent_flagged,
        count(*) filter (where bad and n >= 20) as bad,
        count(*) filter (where bad and n >= 20 and flagged) as bad_flagged
    from (
        select *, n >= 20 and slow >= 1.5 * expected and (slow - expected - slow * ln(slow / expected)) / 2 < ln(0.05 / count(*) over ()) as flagged
        from expected
    )
"""


def measure(parcels: int) -> dict[str, float]:
    """Run the models in this process, and count."""
    with Engine(threads=2, memory="1500MB") as engine:
        engine.tick(whole_seconds=True)
        places.prepare(engine)
        text = (HERE / "attribution.sql").read_text(encoding="utf-8")
        engine.run(graph.render(text, {"parcels": str(parcels), "shops": str(max(parcels // 600, 100)), "branches": str(max(parcels // 3333, 10))}))
        texts, values = graph.models(), {"as_of": "timestamp '2026-07-01'"}
        before = resource.getrusage(resource.RUSAGE_SELF)
        started = time.perf_counter()
        for name in MODELS:
            (engine.view if graph.is_view(texts[name]) else engine.table)(name, graph.render(texts[name], values))
        seconds = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_SELF)
        found = {"seconds": seconds, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "gb": after.ru_maxrss / 1048576}
        for name, excuse in (("plain", "true"), ("excused", "pickup_shared is false")):
            innocent, wrong, bad, right = engine.row(FLAGGED.format(excuse=excuse))
            found |= {f"{name}_innocent": wrong / innocent, f"{name}_bad": right / bad, "innocent": innocent, "bad": bad}
        shares = engine.row("""
            select
                avg(cast(pickup_shared is true as integer)) filter (where outage and not held_back),
                avg(cast(pickup_shared is true as integer)) filter (where not outage and not held_back),
                avg(cast(pickup_shared is true as integer)) filter (where held_back and not outage)
            from slow_pickups inner join parcels using (shipment) left join attributions using (shipment)
        """)
        return found | dict(zip(("outage", "other", "held"), map(float, shares), strict=True))


def main(parcels: int = 10_000_000) -> int:
    """Print the figures; 1 where they are worse than they may be."""
    if "--inner" in sys.argv:
        print(json.dumps(measure(parcels)))
        return 0
    told = subprocess.run([sys.executable, __file__, str(parcels), "--inner"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    found = json.loads(told)
    print(f"{parcels:,} parcels: {found['seconds']:.1f} s ({found['cpu']:.1f} s of processor time), {found['gb']:.2f} GB with the parcels themselves")
    for name in ("plain", "excused"):
        innocent, bad = found[f"{name}_innocent"], found[f"{name}_bad"]
        print(f"  {name:8} innocent shops flagged: {innocent:.4%} of {found['innocent']:,}; bad ones: {bad:.1%} of {found['bad']:,}")
    print(f"  excused: {found['outage']:.1%} of what an outage held, {found['other']:.1%} of honest shops' other slow parcels,")
    print(f"  {found['held']:.1%} of what bad shops held back")
    return int(found["seconds"] > MOST_SECONDS or found["gb"] > MOST_GB or found["excused_innocent"] > MOST_FLAGGED)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
