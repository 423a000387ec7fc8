"""What a judge gives back: its tables in memory, and the story of the run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from parcelproof.engines.duckdb import Engine, named
from parcelproof.errors import UsageError, unknown_name

if TYPE_CHECKING:
    import pyarrow as pa

DECIDED = ("verdicts", "findings", "charges", "strikes", "measures")
"""What a policy decides."""

OUTPUTS = (*DECIDED, "rings", "ring_members", "quarantine")
"""The tables of a judged folder, in the order that a reader wants them."""

SHADOWS = tuple(f"shadow_{name}" for name in DECIDED)
"""What a pack in the shadow would have said, beside what counts."""

SORTED_BY = {
    "verdicts": "shipment",
    "findings": "shipment, indicator",
    "charges": "shipment, offence",
    "strikes": "merchant_id, offence, day",
    "measures": "merchant_id, offence, measure, starts_at, target_id, basis",
    "rings": "ring_id",
    "ring_members": "ring_id, member_kind, member_id",
    "quarantine": '"table", file, row, reason',
}
"""The order of each output: the number of a shipment stands for its key, in the key's order."""


def in_order(engine: Engine, name: str) -> str:
    """The SELECT of one output table as users see it, sorted by its key."""
    columns = ", ".join(named(column) for column in engine.columns(name) if column != "shipment")
    return f"select {columns} from {name} order by {SORTED_BY[name.removeprefix('shadow_')]}"


@dataclass(slots=True)
class JudgeResult:
    """One judged dataset. `run` is the content of run.json; the tables stay readable until `close`."""

    engine: Engine
    run: dict[str, Any]
    out: Path | None

    def table(self, name: str) -> pa.Table:
        """One output table as Arrow, sorted by its key.

        Raises:
            UsageError: `name` is no output table.
        """
        known = (*OUTPUTS, *(SHADOWS if "shadow" in self.run else ()))
        if name not in known:
            raise UsageError(unknown_name("output table", name, known))
        return self.engine.arrow(in_order(self.engine, name))

    def pandas(self, name: str) -> Any:  # noqa: ANN401  the type belongs to an optional package
        """One output table as a pandas frame; needs pandas."""
        return self.table(name).to_pandas()

    def polars(self, name: str) -> Any:  # noqa: ANN401  the type belongs to an optional package
        """One output table as a Polars frame; needs polars."""
        import polars as pl  # noqa: PLC0415  an optional package

        return pl.from_arrow(self.table(name))

    def close(self) -> None:
        """Free the memory that the tables hold."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
