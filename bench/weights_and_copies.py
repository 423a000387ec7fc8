"""Whether light goods are taken for empty parcels, and whether copied traces are found: a marketplace with both, judged from files to files.

    python bench/weights_and_copies.py [SHOPS]

Three shops in four sell light goods, one in twenty is bad. A copy is found where the check of copied traces, or that of copied moments, is met on
it; the parcel whose trace was copied is not to be accused.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb

from parcelproof.facts import graph
from parcelproof.verdicts.judge import judge

HERE = Path(__file__).parent
PARCELS = 60
LEAST_EXACT, LEAST_JITTERED, LEAST_PRECISE = 0.99, 0.9, 0.98


def plant(db: duckdb.DuckDBPyConnection, shops: int, folder: Path) -> None:
    """Write the marketplace; what is true of each parcel stays in the table `made`."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {"shops": str(shops), "light": str(shops * 3 // 4), "bad": str(shops // 20), "parcels": str(PARCELS), "folder": str(folder)}
    db.execute(graph.render((HERE / "weights_and_copies.sql").read_text(encoding="utf-8"), values))


def numbers(db: duckdb.DuckDBPyConnection, sql: str) -> tuple[float, ...]:
    """The one row of a question."""
    row = db.execute(sql).fetchone()
    if row is None:
        raise LookupError(sql)
    return tuple(float(value) for value in row)


def main(shops: int = 2_000) -> int:
    """Print the figures; 1 where one is worse than it may be."""
    folder = HERE / "data" / f"weights-{shops}"
    out = folder.with_name(folder.name + "-out")
    with duckdb.connect() as db:
        plant(db, shops, folder)
        start = time.perf_counter()
        judge(folder, policy="douyin-shop", out=out).close()
        print(f"judged {shops * PARCELS:,} shipments in {time.perf_counter() - start:.1f} s")
        db.execute(f"""
            create table judged as
            select
                made.*, verdicts.outcome, list_contains(verdicts.met, 'light_parcel') as light,
                list_has_any(verdicts.met, ['copied_trace', 'copied_moments']) as copied
            from made
            inner join '{out}/verdicts.parquet' as verdicts on verdicts.order_id = 'O' || made.n
        """)
        shops_of_light, flagged, naive, dummies, found_dummies = numbers(
            db,
            """
            with by_shop as (
                select
                    kind, bool_or(light or outcome in ('violation', 'suspected') and not clone) as flagged,
                    avg(cast(piece_g * quantity + 14 <= 60 as integer)) > 0.3 as naive
                from judged
                group by shop, kind
            )

            select
                count(*) filter (where kind = 'light'), count(*) filter (where kind = 'light' and flagged), count(*) filter (where kind = 'light' and naive),
                (select count(*) from judged where dummy), (select count(*) from judged where dummy and light)
            from by_shop
            """,
        )
        exact, exact_found, jittered, jittered_found, accused, truly = numbers(
            db,
            """
            select
                count(*) filter (where clone and not jittered), count(*) filter (where clone and not jittered and copied),
                count(*) filter (where clone and jittered), count(*) filter (where clone and jittered and copied),
                count(*) filter (where copied), count(*) filter (where copied and clone)
            from judged
            """,
        )
    print(f"light goods: {flagged:.0f} of {shops_of_light:,.0f} shops flagged; a rule of small weights alone would accuse {naive:,.0f}")
    print(f"dummies of bad shops found: {found_dummies:,.0f} of {dummies:,.0f}")
    print(f"copies found: {exact_found:.0f} of {exact:.0f} exact, {jittered_found:.0f} of {jittered:.0f} within half a minute")
    print(f"parcels accused of a copied trace: {accused:.0f}, of which {truly:.0f} are copies")
    short = [
        *(["a shop of light goods is flagged"] if flagged else []),
        *(["exact copies are missed"] if exact_found < LEAST_EXACT * exact else []),
        *(["copies within half a minute are missed"] if jittered_found < LEAST_JITTERED * jittered else []),
        *(["parcels are accused that are no copies"] if truly < LEAST_PRECISE * accused else []),
    ]
    print("\n".join(short or ["every promise is kept"]))
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:2])))
