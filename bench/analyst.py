"""What an analyst's pandas job costs beside the judge on the same files, and where its answers differ.

    python bench/analyst.py [SHIPMENTS]

The job itself is `bench/frames.py`, which says what it leaves out. Answers are compared on a labelled marketplace: on the dataset of
the speeds every shipment is honest.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

import judge
from measuring import Spent, spent, spent_by

COMPARED = """
    with flags as (
        unpivot (select * from '{flags}') on columns(* exclude (order_id, carrier, waybill_no)) into name indicator value flagged
    )
    select
        indicator, count(*) filter (where flagged) as flagged, count(*) filter (where found.status = 'met') as met,
        count(*) filter (where flagged and found.status = 'met') as both,
        count(*) filter (where flagged and found.status = 'excused') as excused,
        count(*) filter (where flagged and found.status = 'unknown') as unknown
    from flags
    left join '{out}/findings.parquet' as found using (order_id, carrier, waybill_no, indicator)
    group by indicator
    order by indicator
"""
HONEST = """
    select
        count(*) as honest, count(*) filter (where flagged) as flagged, count(*) filter (where outcome = 'violation') as violations,
        count(*) filter (where outcome = 'suspected') as suspected
    from (select order_id, carrier, waybill_no, {any_flag} as flagged from '{flags}')
    inner join '{labels}' using (order_id, carrier, waybill_no)
    inner join '{out}/verdicts.parquet' using (order_id, carrier, waybill_no)
    where truth = 'honest'
"""


def measure(shipments: int) -> dict[str, Any]:
    """Cost of the job at so many shipments; its flags against the judge's findings, check for check; and against the truth."""
    cost = _flags(judge.dataset(shipments), judge.DATA / f"{shipments}-flags.parquet")
    market, labels = judge.market()
    flags, out = market.with_name(market.name + "-flags.parquet"), market.with_name(market.name + "-out")
    _flags(market, flags)
    spent("judge", market, "--policy", judge.PACK, "--out", out)
    with duckdb.connect() as db:
        checks = _rows(db, COMPARED.format(flags=flags, out=out))
        any_flag = " or ".join(row["indicator"] for row in checks)
        honest = _rows(db, HONEST.format(flags=flags, out=out, labels=labels, any_flag=any_flag))[0]
    return {"engine": "pandas", "shipments": shipments, "cost": asdict(cost), "checks": checks, "honest": honest}


def _flags(folder: Path, out: Path) -> Spent:
    return spent_by(sys.executable, judge.HERE / "frames.py", folder, out)


def _rows(db: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found = db.execute(sql)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def told(found: dict[str, Any]) -> str:
    """A measurement in a few lines."""
    cost, honest = found["cost"], found["honest"]
    head = f"pandas: {len(found['checks'])} checks of {found['shipments']:,} shipments in {cost['wall']:.2f} s, processors {cost['processors']:.1f} s"
    checks = [
        f"  {row['indicator']:<24} flags {row['flagged']:>5}, ours met {row['met']:>5}, both {row['both']:>5}; "
        f"of its flags we excuse {row['excused']:>4}, do not know {row['unknown']:>4}"
        for row in found["checks"]
    ]
    foot = f"  of {honest['honest']:,} honest shipments it flags {honest['flagged']:,}; we convict {honest['violations']:,}, suspect {honest['suspected']:,}"
    return "\n".join([f"{head}, peak memory {cost['peak_mb']:,} MiB", *checks, foot])


def main(shipments: int = 1_000_000) -> int:
    """Print the figures."""
    print(told(measure(shipments)))
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
