"""The command `rings`: a dataset and a policy in, brushing rings and their members out, with no verdict."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parcelproof import dataset as datasets
from parcelproof.engines.duckdb import Engine, named, quoted
from parcelproof.errors import UsageError
from parcelproof.facts.prepare import derive
from parcelproof.policy import compile_policy, load_policy
from parcelproof.policy.ringterms import RingTerms
from parcelproof.rings.market import flag_orders
from parcelproof.rings.naming import SORTED_BY, TABLES, name_rings
from parcelproof.verdicts import output
from parcelproof.verdicts.judge import parse_moment


def find_rings(
    dataset: Path,
    *,
    policy: str,
    out: Path,
    as_of: str | None = None,
    threads: int | None = None,
    memory: str | None = None,
    output_format: str = "parquet",
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Find the rings of a dataset and write the tables of `parcelproof.rings.naming.TABLES` to a folder.

    Returns:
        The moment, how many rings, members and coordinated groups there are, and each ring's row.

    Raises:
        InputError: The dataset cannot be used as it is, or the folder cannot be written.
        PolicyError: The policy has faults.
        UsageError: The policy says nothing of rings, or an option cannot be carried out.
    """
    output.check_target(dataset, out, output_format)
    terms = compile_policy(load_policy(policy)).rings
    if terms is None:
        raise UsageError(f"the policy {policy} has no section `rings`: add one, or take --policy douyin-shop")
    moment = parse_moment(as_of)
    with Engine(threads=threads, memory=memory) as engine:
        try:
            return _run(engine, dataset, terms, moment, out, output_format, progress)
        except OSError as error:
            raise output.unwritable(out, error) from None
        except Exception as error:
            raise datasets.explained(error, dataset) from error


def _run(engine: Engine, dataset: Path, terms: RingTerms, moment: Any, out: Path, output_format: str, progress: Callable[[str], None]) -> dict[str, Any]:  # noqa: ANN401
    progress("reading")
    loaded = datasets.load(engine, dataset, moment)
    for step in derive(engine, as_of=loaded.as_of, present=loaded.present, wanted=terms.facts_read()):
        progress(f"facts: {step}")
    name_rings(engine, terms, loaded.as_of, flag_orders(engine, terms), lambda what: progress(f"rings: {what}"))
    progress("writing")
    part = out / ".part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name in TABLES:
        engine.run(f"copy ({in_order(engine, name)}) to {quoted(part / f'{name}.{output_format}')} ({output.FORMATS[output_format]})")
    for name in TABLES:
        for old in output.FORMATS:
            (out / f"{name}.{old}").unlink(missing_ok=True)
        (part / f"{name}.{output_format}").replace(out / f"{name}.{output_format}")
    part.rmdir()
    return summary(engine, loaded.as_of.isoformat() + "Z")


def in_order(engine: Engine, name: str) -> str:
    """The SELECT of one table of rings, sorted by its key."""
    return f"select {', '.join(map(named, engine.columns(name)))} from {name} order by {SORTED_BY[name]}"


def summary(engine: Engine, as_of: str) -> dict[str, Any]:
    """What was found, as plain values."""
    counts = {name: engine.row(f"select count(*) from {name}")[0] for name in TABLES}
    rings = [
        dict(zip(("ring_id", "merchants", "buyers", "orders", "score", "expected_score", "p_value", "sides"), row, strict=True))
        for row in engine.rows("select ring_id, merchants, buyers, orders, score, expected_score, p_value, sides from rings order by p_value, ring_id")
    ]
    return {"as_of": as_of, "rows": counts, "rings": rings}


def told(found: dict[str, Any]) -> str:
    """The same for a terminal."""
    lines = [
        f"{ring['ring_id']}  {ring['buyers']} buyers, {ring['merchants']} shops, {ring['orders']} orders: {ring['score']} flagged, "
        f"{ring['expected_score']:.1f} expected (p {ring['p_value']:.1e}), seen by {ring['sides']}"
        for ring in found["rings"]
    ]
    groups = found["rows"]["coordination"]
    return "\n".join([*lines, f"{len(lines)} rings; {groups} other groups act together and have nothing physical against them"])
