"""The figures of the page: every query of `queries/` once, and the answers as plain values. No row of data is pulled."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from string import Template
from typing import TYPE_CHECKING, Any

from parcelproof.engines.duckdb import Engine, quoted
from parcelproof.places.lists import HERE as PLACES
from parcelproof.report.words import ROOM

if TYPE_CHECKING:
    from datetime import date

TOP_MERCHANTS = 20
GAZETTEER = PLACES / "gazetteer.csv"

Row = tuple[Any, ...]
Money = dict[str | None, Decimal]


@dataclass(frozen=True, slots=True)
class Indicator:
    """On how many shipments one indicator is met, excused, unknown; and the excuses that held."""

    id: str
    met: int
    excused: int
    unknown: int
    excuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of one judged folder, small whatever the number of shipments."""

    outcomes: Counter[str]
    offences: dict[str, Counter[str]]
    """Offence -> outcome -> shipments."""
    days: list[Row]
    """(local day or None, offence of a violation or None, shipments)."""
    money: list[Row]
    """(currency, offence, local day, amount, charges)."""
    indicators: list[Indicator]
    missing: dict[str, Counter[str]]
    """Fact -> indicator -> unknown findings that lack it."""
    """One in how many unknown findings was read for `missing`."""
    merchants: list[Row]
    carriers: list[Row]
    strikes: list[Row]
    measures: list[Row]
    quarantine: list[Row]
    versions: list[Row]
    currency: str | None
    """The currency of most charges; charts show this one."""

    @property
    def shipments(self) -> int:
        """All shipments judged."""
        return self.outcomes.total()

    def money_of(self, offence: str | None = None) -> Money:
        """Money charged, by currency; of one offence, or of all."""
        found: dict[str | None, Decimal] = defaultdict(Decimal)
        for currency, charged, _, amount, _ in self.money:
            if offence in (None, charged):
                found[currency] += amount or 0
        return dict(sorted(found.items(), key=lambda item: (item[0] != self.currency, item[0] or "")))

    @property
    def charges(self) -> int:
        """How many charges there are."""
        return sum(number for *_, number in self.money)


def summarise(engine: Engine, zone: str, currency: str | None = None) -> Summary:
    """Ask every query of the page.

    Args:
        engine: holds the relations of the output folder by their names, and two counts of `findings`: `finding_counts` (indicator,
            status, excuse, shipments) and `missing_facts` (fact, indicator, findings).
        zone: IANA name of the policy's zone, in which days are counted.
        currency: the policy's currency, taken where no charge names another.
    """
    money = ask(engine, "money", zone=quoted(zone))
    main = _main_currency(money, currency)
    outcomes, offences = _outcomes(ask(engine, "offences"))
    indicators = _indicators(ask(engine, "indicators"))
    return Summary(
        outcomes=outcomes,
        offences=offences,
        days=ask(engine, "days", zone=quoted(zone)),
        money=money,
        indicators=indicators,
        missing=_missing(engine),
        merchants=ask(engine, "merchants", top=str(TOP_MERCHANTS), currency="null" if main is None else quoted(main)),
        carriers=ask(engine, "carriers", top=str(TOP_MERCHANTS), gazetteer=quoted(str(GAZETTEER))),
        strikes=ask(engine, "strikes"),
        measures=ask(engine, "measures"),
        quarantine=ask(engine, "quarantine"),
        versions=ask(engine, "versions"),
        currency=main,
    )


def ask(engine: Engine, query: str, **values: str) -> list[Row]:
    """The rows of `queries/<query>.sql`, with its $names replaced by SQL text."""
    text = (ROOM / "queries" / f"{query}.sql").read_text(encoding="utf-8")
    return engine.rows(Template(text).substitute(values))


def by_column(rows: list[tuple[date | None, str | None, Any]], column_of: Any, columns: int) -> dict[str | None, list[Any]]:  # noqa: ANN401  counts or money
    """Series -> value a column, from (day, series, value) rows; rows without a day are left out."""
    series: dict[str | None, list[Any]] = defaultdict(lambda: [0] * columns)
    for day, name, value in rows:
        if day is not None:
            series[name][column_of(day)] += value or 0
    return dict(series)


def _main_currency(money: list[Row], fallback: str | None) -> str | None:
    charges: Counter[str | None] = Counter()
    for currency, _, _, _, number in money:
        charges[currency] += number
    return charges.most_common(1)[0][0] if charges else fallback


def _outcomes(rows: list[Row]) -> tuple[Counter[str], dict[str, Counter[str]]]:
    outcomes: Counter[str] = Counter()
    offences: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome, offence, shipments in rows:
        outcomes[outcome] += shipments
        if offence is not None:
            offences[offence][outcome] += shipments
    return outcomes, dict(offences)


def _indicators(rows: list[Row]) -> list[Indicator]:
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    excuses: dict[str, Counter[str]] = defaultdict(Counter)
    for indicator, status, excuse, shipments in rows:
        statuses[indicator][status] += shipments
        if status == "excused" and excuse is not None:
            excuses[indicator][excuse] += shipments
    found = [Indicator(name, n["met"], n["excused"], n["unknown"], dict(excuses[name].most_common())) for name, n in statuses.items()]
    return sorted(found, key=lambda indicator: (-indicator.met, -indicator.excused, -indicator.unknown, indicator.id))


def _missing(engine: Engine) -> dict[str, Counter[str]]:
    missing: dict[str, Counter[str]] = defaultdict(Counter)
    for fact, indicator, findings in ask(engine, "missing"):
        missing[fact][indicator] += findings
    return dict(sorted(missing.items(), key=lambda item: (-item[1].total(), item[0])))
