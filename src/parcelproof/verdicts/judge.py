"""The main job: a dataset and a policy in, verdicts and their grounds out."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from datetime import time as clock
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcelproof import __version__
from parcelproof import dataset as datasets
from parcelproof.accuracy import bound_of
from parcelproof.engines.duckdb import Engine
from parcelproof.errors import InputError, UsageError, unknown_name
from parcelproof.facts.prepare import derive, hand_over
from parcelproof.policy import Compiled, compiled
from parcelproof.verdicts import compose, decide, output
from parcelproof.verdicts.backtest import decide_beside, shadow_summary
from parcelproof.verdicts.membership import mark_members
from parcelproof.verdicts.result import JudgeResult

if TYPE_CHECKING:
    from parcelproof.engines.spark import Engine as Spark

ENGINES = ("duckdb", "spark")


class Stopwatch:
    """Seconds by stage."""

    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress or (lambda _: None)
        self._since = time.perf_counter()

    def stage(self, name: str, detail: str = "") -> None:
        """Tell what runs now."""
        self._progress(f"{name}: {detail}" if detail else name)

    def done(self, name: str) -> None:
        """Close the stage that ran."""
        now = time.perf_counter()
        self.seconds[name] = round(now - self._since, 3)
        self._since = now


def judge(  # noqa: PLR0913  one argument for each option of the command
    dataset: Path | str,
    *,
    policy: str = "douyin-shop",
    as_of: str | datetime | None = None,
    out: Path | str | None = None,
    engine: str = "duckdb",
    threads: int | None = None,
    memory: str | None = None,
    output_format: str = "parquet",
    shadow: str | None = None,
    labels: Path | str | None = None,
    progress: Callable[[str], None] | None = None,
) -> JudgeResult:
    """Judge every shipment of a dataset.

    Args:
        dataset: Folder with the canonical tables (the reference page `dataset` lists them).
        policy: Name of a pack, or the path of one.
        as_of: Only what was known by then counts; the latest time in the data unless given. A time without a zone is UTC.
        out: Folder to write to; nothing is written without one.
        engine: Which engine runs the SQL.
        threads: Threads to use; all processors unless given.
        memory: Memory to stay within, such as "6GB"; beyond it the engine spills to disk.
        output_format: parquet, csv or jsonl.
        shadow: A pack whose answers are written beside those that count, as shadow_verdicts and so on.
        labels: What is true of some shipments: the run then says what bound on false accusations they prove.
        progress: Called with the name of each stage.

    Returns:
        The result, whose tables read as Arrow, pandas or Polars.

    Raises:
        InputError: The dataset cannot be used as it is.
        PolicyError: The policy has faults; all of them are told.
        UsageError: An option cannot be carried out.
    """
    if engine not in ENGINES:
        raise UsageError(unknown_name("engine", engine, ENGINES))
    folder, target = Path(dataset), Path(out) if out is not None else None
    moment = parse_moment(as_of)
    output.check_target(folder, target, output_format)
    watch = Stopwatch(progress)
    db = Engine(threads=threads, memory=memory)
    try:
        with _maker(engine, db, threads, memory) as maker, output.writing(db, target, output_format) as files:
            run = _run(db, maker, folder, (policy, shadow), moment, watch, files.start)
            run["bound"] = bound_of(db, Path(labels) if labels is not None else None, run["policy"]["accuracy"])
            files.finish(run, watch)
    except Exception as error:
        db.close()
        raise datasets.explained(error, folder) from error
    return JudgeResult(db, run, target)


@contextmanager
def _maker(name: str, db: Engine, threads: int | None, memory: str | None) -> Iterator[Engine | Spark]:
    """The engine that reads the dataset and makes the facts: the one that judges, or Spark."""
    if name == db.name:
        yield db
        return
    from parcelproof.engines import spark  # noqa: PLC0415  an extra

    with spark.Engine(threads=threads, memory=memory) as engine:
        try:
            yield engine
        except Exception as error:
            raise spark.explained(error) from error


def _run(
    db: Engine,
    maker: Engine | Spark,
    folder: Path,
    policies: tuple[str, str | None],
    moment: datetime | None,
    watch: Stopwatch,
    stands: Callable[[str], None],
) -> dict[str, Any]:
    started = datetime.now(UTC)
    watch.stage("reading")
    (pack, beside), loaded = _prepared(maker, folder, policies, moment)
    watch.done("read")
    wanted = compose.facts_read(pack) | (compose.facts_read(beside) if beside is not None else set())
    for step in derive(maker, as_of=loaded.as_of, present=loaded.present, wanted=wanted):
        watch.stage("facts", step)
    if not isinstance(maker, Engine):
        hand_over(maker, db)
    watch.done("facts")
    if beside is not None:
        watch.stage("judging", "in the shadow")
        mark_members(db, beside.rings, loaded.as_of)
        decide_beside(db, beside, loaded.as_of, "shadow")
        watch.done("shadow")
    watch.stage("rings")
    mark_members(db, pack.rings, loaded.as_of)
    watch.done("rings")
    watch.stage("judging")
    decide.decide(db, pack, loaded.as_of, stands)
    watch.done("judge")
    rows = {name: vars(count) if hasattr(count, "__dict__") else _counts(count) for name, count in loaded.counts.items()}
    return {
        "version": __version__,
        "engine": maker.name,
        "policy": {
            "id": pack.policy_id,
            "title": pack.title,
            "versions": [version for (version,) in db.rows("select distinct policy_version from verdicts where policy_version is not null order by 1")],
            "hash": pack.content_hash,
            "zone": pack.zone,
            "currency": pack.currency,
            "accuracy": pack.accuracy,
        },
        "as_of": loaded.as_of.isoformat() + "Z",
        "dataset": str(folder.resolve()),
        "rows": _with_repeated_scans(db, rows),
        "out": decide.counts(db),
        "outcomes": dict(db.rows("select outcome, count(*) from verdicts group by outcome order by outcome")),
        **({"shadow": shadow_summary(db, beside)} if beside is not None else {}),
        "titles": decide.titles(pack),
        "seconds": watch.seconds,
        "fingerprint": loaded.fingerprint,
        "started_at": started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "peak_memory_mb": peak_memory_mb(),
    }


def _prepared(
    maker: Engine | Spark, folder: Path, policies: tuple[str, str | None], moment: datetime | None
) -> tuple[tuple[Compiled, Compiled | None], datasets.Loaded]:
    """Read the policies while the engine reads the dataset. A faulty policy, or Ctrl-C, stops the reading at once."""
    policy, shadow = policies
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(_load, maker, folder, moment)
        try:
            return (compiled(policy), compiled(shadow) if shadow else None), loading.result()
        except BaseException:
            while wait([loading], timeout=0.02).not_done:
                maker.interrupt()
            raise


def _load(maker: Engine | Spark, folder: Path, moment: datetime | None) -> datasets.Loaded:
    if isinstance(maker, Engine):
        return datasets.load(maker, folder, moment)
    from parcelproof.dataset import spreading  # noqa: PLC0415  for the extra alone

    return spreading.load(maker, folder, moment)


def _counts(count: Any) -> dict[str, int]:  # noqa: ANN401  any slotted record of whole numbers
    return {name: getattr(count, name) for name in count.__slots__}


def _with_repeated_scans(db: Engine, rows: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Scans are too many to compare in reading: the facts count once what is equal, and tell here how many were."""
    if "scans" in rows:
        repeated = db.row("select coalesce(sum(times - 1), 0) from repeated_scans")[0]
        scans = rows["scans"]
        rows["scans"] = {**scans, "kept": scans["kept"] - int(repeated), "duplicates": scans["duplicates"] + int(repeated)}
    return rows


def parse_moment(text: str | datetime | None) -> datetime | None:
    """A moment of judging as naive UTC; a bare day means its last microsecond, UTC.

    Raises:
        UsageError: The text is no time.
    """
    if text is None:
        return None
    try:
        parsed = text if isinstance(text, datetime) else datetime.fromisoformat(text.strip())
        if isinstance(text, str) and len(text.strip()) == len("2026-08-31"):
            parsed = datetime.combine(parsed.date(), clock.max)
        return parsed.astimezone(UTC).replace(tzinfo=None) if parsed.tzinfo else parsed
    except (ValueError, OverflowError):
        raise UsageError(f"--as-of {str(text)!r} is not a time: write it like 2026-08-31 or 2026-08-31T12:00:00+08:00") from None


def peak_memory_mb() -> int:
    """The largest memory this process held, MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))


__all__ = ["InputError", "judge", "parse_moment"]
