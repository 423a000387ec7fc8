"""`explain`: the story of one order, waybill or shipment, in Chinese or English, from a judged folder and its dataset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.errors import UsageError, unknown_name
from parcelproof.report import figures
from parcelproof.report.checks import CheckWords, check_words
from parcelproof.report.outputs import Judged, Row, matching, opened
from parcelproof.report.raw import Source, source_of
from parcelproof.report.view import Run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from parcelproof.report.timeline import Event

LANGUAGES = ("zh", "en")
MOST_SHIPMENTS = 20
MOST_MEASURES = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding and the words of its check."""

    row: Row
    check: CheckWords


@dataclass(frozen=True, slots=True)
class Shipment:
    """All that is told of one shipment: rows of the outputs, and what happened."""

    verdict: Row
    findings: list[Finding]
    charges: list[Row]
    measures: list[Row]
    more_measures: int
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Story:
    """The shipments that a name matches, told in one language."""

    what: str
    lang: str
    run: Run
    as_of: datetime | None
    source: Source
    shipments: list[Shipment]
    more: list[Row]
    """Further matches beyond `MOST_SHIPMENTS`, which are named and not told."""

    @property
    def zone(self) -> tzinfo:
        """The policy's zone, in which all times are told."""
        return self.run.zone

    def text(self, columns: int = 100) -> str:
        """The story as plain text for a terminal, in lines of at most `columns` columns."""
        from parcelproof.report.telling import told  # noqa: PLC0415  telling reads this module's types

        return told(self, columns)

    def as_json(self) -> dict[str, Any]:
        """The same as values that `json.dumps` can write: codes and raw evidence beside the sentences."""
        from parcelproof.report.telling import as_json  # noqa: PLC0415  telling reads this module's types

        return as_json(self)


def explain(out: Path | str, what: str, lang: str = "en") -> Story:
    """Find the shipments that a name matches in a judged folder, and gather what there is to tell.

    Args:
        out: folder that `parcelproof judge` wrote.
        what: an order id, a waybill number, or `order/carrier/waybill`; blanks, hyphens and case are forgiven.
        lang: `zh` or `en`.

    Raises:
        InputError: the folder is none that the judge wrote, or is damaged.
        UsageError: nothing has that name (the nearest names are told), or the language is unknown.
    """
    if lang not in LANGUAGES:
        raise UsageError(unknown_name("language", lang, LANGUAGES))
    with Engine() as engine, Engine() as raw:
        judged = opened(engine, Path(out))
        run = Run.of(judged.run)
        matches = matching(judged, what, limit=MOST_SHIPMENTS * 5)
        moment = figures.moment(judged.run.get("as_of"))
        as_of = moment.replace(tzinfo=None) if moment else None
        source = source_of(raw, judged.run, as_of, run.zone)
        shipments = [_shipment(judged, verdict, run.titles, source) for verdict in matches[:MOST_SHIPMENTS]]
    return Story(what, lang, run, as_of, source, shipments, matches[MOST_SHIPMENTS:])


def _shipment(judged: Judged, verdict: Row, titles: Mapping[str, Any], source: Source) -> Shipment:
    own = " and ".join(f"{name} is not distinct from {_literal(verdict[name])}" for name in ("order_id", "carrier", "waybill_no"))
    rank = "case status when 'met' then 0 when 'excused' then 1 else 2 end"
    findings = judged.rows("findings", own, f"{rank}, indicator")
    charges = judged.rows("charges", own, "offence")
    measures = _measures(judged, verdict, {verdict["offence"], *(row["offence"] for row in charges)})
    return Shipment(
        verdict,
        [Finding(row, check_words(row["indicator"] or "", titles)) for row in findings],
        charges,
        measures[:MOST_MEASURES],
        max(len(measures) - MOST_MEASURES, 0),
        source.events(verdict["order_id"], verdict["carrier"], verdict["waybill_no"]),
    )


def _measures(judged: Judged, verdict: Row, offences: set[str | None]) -> list[Row]:
    """Measures on the order, and those on its merchant or products for the same offences."""
    same_offence = ", ".join(_literal(offence) for offence in sorted(filter(None, offences))) or "null"
    where = (
        f"merchant_id is not distinct from {_literal(verdict['merchant_id'])} and "
        f"(target_kind = 'order' and target_id = {_literal(verdict['order_id'])} or target_kind <> 'order' and offence in ({same_offence}))"
    )
    return judged.rows("measures", where, "target_kind = 'order' desc, starts_at, measure, target_id", limit=200)


def _literal(value: object) -> str:
    return "null" if value is None else quoted(value)
