"""The dataset behind a judged folder, if it is still where it was: what it tells, or why it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from parcelproof import dataset as datasets
from parcelproof.engines.duckdb import Engine, first_line
from parcelproof.errors import ParcelproofError
from parcelproof.report import figures
from parcelproof.report.timeline import Event, Raw, events
from parcelproof.report.words import Text, same, tell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo


@dataclass(slots=True)
class Source:
    """Raw rows to tell from, or the reason why there are none."""

    raw: Raw | None
    reason: Text | None = None
    changed: bool = False
    """Whether the dataset is no longer the one that was judged."""

    def events(self, order_id: str, carrier: str | None, waybill_no: str | None) -> list[Event]:
        """What happened to a shipment; nothing where the dataset is gone or turns out to be damaged."""
        if self.raw is None:
            return []
        try:
            return events(self.raw, order_id, carrier, waybill_no)
        except duckdb.Error as error:
            self.raw, self.reason = None, same(figures.shown(first_line(error)))
            return []


def source_of(engine: Engine, run: Mapping[str, Any], as_of: datetime | None, zone: tzinfo) -> Source:
    """Load the dataset that `run.json` names; whatever stands in the way becomes the reason."""
    named = run.get("dataset")
    if not isinstance(named, str) or not named or as_of is None:
        return Source(None, tell("story", "raw_unnamed"))
    try:
        folder = Path(named)
        if not folder.is_dir():
            return Source(None, tell("story", "raw_gone", folder=figures.shown(named)))
        loaded = datasets.load(engine, folder, as_of)
    except (ParcelproofError, duckdb.Error, OSError, ValueError) as error:
        return Source(None, same(figures.shown(str(error).partition("\n")[0], 300)))
    return Source(Raw(engine, as_of, zone), None, changed=run.get("fingerprint") not in (None, loaded.fingerprint))
