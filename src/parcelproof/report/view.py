"""What each section of the page shows, from the figures of `summary`: texts and charts, nothing left to compute."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from parcelproof.accuracy.telling import percent
from parcelproof.dataset.tables import TABLES
from parcelproof.report import charts, figures
from parcelproof.report.checks import check_words
from parcelproof.report.spans import Span, span
from parcelproof.report.summary import TOP_MERCHANTS, Summary, by_column
from parcelproof.report.words import Text, fact_title, known, same, text_of, title, word

if TYPE_CHECKING:
    from datetime import tzinfo

    from markupsafe import Markup

OUTCOMES = known("outcome")
OFFENCES = known("offence")
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Run:
    """`run.json`, tolerant of what is missing."""

    data: Mapping[str, Any]
    policy: Mapping[str, Any]
    titles: Mapping[str, Any]
    zone_name: str
    zone: tzinfo
    currency: str | None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Run:
        """Take what is there of the content of `run.json`."""
        policy = _mapping(data.get("policy")) or {"id": data.get("policy")}
        zone = figures.zone_of(policy.get("zone") or "UTC")
        currency = policy.get("currency")
        return cls(data, policy, _mapping(data.get("titles")), str(getattr(zone, "key", "UTC")), zone, str(currency) if currency else None)

    @property
    def policy_title(self) -> Text:
        """The pack's title in both languages, or its id."""
        name = str(self.policy.get("id") or figures.NOTHING)
        return _safe(text_of(self.policy.get("title"), name))

    @staticmethod
    def clause(text: object) -> Text:
        """A clause in both languages: the outputs carry the Chinese, ` / `, and the English."""
        zh, _, en = str(text).partition(" / ")
        return Text(figures.shown(zh, 400), figures.shown(en or zh, 400))

    @property
    def as_of(self) -> str:
        """The moment of judging, in the policy's zone."""
        return self.time("as_of")

    def time(self, key: str) -> str:
        """A time of the run in the policy's zone, with the zone's name."""
        value = self.data.get(key)
        return figures.NOTHING if value is None else f"{figures.clock(value, self.zone)} {self.zone_name}"

    def indicator(self, name: str) -> Text:
        """An indicator's title."""
        return _safe(check_words(name, self.titles).title)

    def excuse(self, indicator: str, name: str) -> Text:
        """An excuse's title."""
        return _safe(check_words(indicator, self.titles).excuse(name))


NO_BREAK = "\u2011"
"""A hyphen at which no line ends."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its caption, its description, and the same as a table (heads, rows)."""

    name: str
    caption: Text
    description: Text
    svg: Markup
    legend: list[tuple[str, Text]]
    heads: list[Text]
    rows: list[list[str | Text]]


def headline(summary: Summary, run: Run) -> dict[str, Any]:
    """The opening line, the figures of each outcome, the bar of outcomes and the money."""
    total = summary.shipments
    key = {0: "lede_empty", 1: "lede_one"}.get(total, "lede")
    figures_of = [(code, title("outcome", code), title("outcome_note", code), n, figures.share(n, total)) for code, n in _by_outcome(summary)]
    money = list(summary.money_of().items())
    parts = [charts.Part(f"c-{code}", name, n) for code, name, _, n, _ in figures_of]
    told = [Text(f"{name.zh} {figures.count(n)}（{part}）", f"{name.en} {figures.count(n)} ({part})") for _, name, _, n, part in figures_of]
    return {
        "lede": word("page", key, policy=run.policy_title, shipments=figures.count(total), as_of=run.as_of.replace("-", NO_BREAK)),
        "outcomes": [(code, name, note, figures.count(n), part) for code, name, note, n, part in figures_of],
        "bar": charts.whole(parts, "outcomes"),
        "description": Text("，".join(text.zh for text in told), ", ".join(text.en for text in told)),
        "money": figures.money(money[0][1], money[0][0]) if money else None,
        "others": figures.several(dict(money[1:])) if money[1:] else None,
        "bound": bound(run.data.get("bound")),
        "charges": word("page", "money_note_one" if summary.charges == 1 else "money_note", n=figures.count(summary.charges)),
    }


def bound(stated: object) -> Text | None:
    """What the labels prove of false accusations, or how many more it would take; None where nothing is said of it."""
    told = _mapping(stated)
    if not told:
        return None
    n = told["labels"] + told["appealed"]
    values = {"n": figures.count(n), "limit": percent(told["limit"]), "confidence": f"{told['confidence']:.0%}", "needed": figures.count(told["needed"])}
    if told["at_most"] is None:
        return word("page", "bound_none", **values)
    return word("page", "bound_kept" if told["holds"] else "bound_open", at_most=percent(told["at_most"]), **values)


def offences(summary: Summary) -> list[dict[str, Any]]:
    """One row an offence: violations, suspicions, money, strikes. Empty where nothing is wrong at all."""
    strikes = {offence: number for offence, number, _ in summary.strikes}
    rows = []
    for code in [*OFFENCES, *sorted({*summary.offences, *(row[1] for row in summary.money)} - {*OFFENCES}, key=str)]:
        outcomes, money = summary.offences.get(code, Counter()), summary.money_of(code)
        violations, suspected = outcomes.get("violation", 0), outcomes.get("suspected", 0)
        rows.append(
            {
                "look": _look(code),
                "title": _safe(title("offence", code)),
                "violations": violations,
                "suspected": suspected,
                "share": figures.share(violations, summary.shipments),
                "money": figures.several(money),
                "strikes": strikes.get(code, 0),
                "any": violations + suspected + len(money),
            }
        )
    return rows if any(row["any"] for row in rows) else []


def days(summary: Summary, run: Run) -> dict[str, Any]:
    """The charts over time: violations stacked by offence, and money stacked by offence."""
    dated = [day for day, _, _ in summary.days if day is not None]
    frame = span(dated)
    undated = sum(n for day, _, n in summary.days if day is None)
    return {
        "violations": _violations(summary, frame),
        "money": _money(summary, frame),
        "zone": word("days", "zone", zone=run.zone_name),
        "undated": word("days", "undated", n=figures.count(undated)) if undated else None,
    }


def _violations(summary: Summary, frame: Span) -> Chart | None:
    series = by_column(summary.days, frame.column_of, len(frame.starts))
    shipments = [sum(values[n] for values in series.values()) for n in range(len(frame.starts))]
    codes = _ordered(code for code in series if code is not None)
    if not codes:
        return None
    layers = [charts.Layer(_look(code), _safe(title("offence", code)), series[code]) for code in codes]
    totals = [sum(layer.values[n] for layer in layers) for n in range(len(frame.starts))]
    peak = totals.index(max(totals))
    caption = word("days", "violations", unit=title("days", frame.unit))
    described = word(
        "days",
        "violations_desc",
        **_ends(frame),
        total=figures.count(sum(totals)),
        peak_day=frame.names[peak],
        peak=figures.count(totals[peak]),
    )
    heads = [word("days", "when"), *(layer.title for layer in layers), word("page", "total"), word("days", "shipments")]
    rows: list[list[str | Text]] = [
        [name, *(figures.count(layer.values[n]) for layer in layers), figures.count(totals[n]), figures.count(shipments[n])]
        for n, name in enumerate(frame.names)
    ]
    svg = charts.columns(frame.labels, layers, "violations", lambda value: f"{value:,.0f}")
    return Chart("violations", caption, described, svg, [(layer.look, layer.title) for layer in layers], heads, rows)


def _money(summary: Summary, frame: Span) -> Chart | None:
    rows = [(day, offence, amount) for currency, offence, day, amount, _ in summary.money if currency == summary.currency and day is not None]
    if not sum(amount for *_, amount in rows):
        return None
    series = by_column(rows, frame.column_of, len(frame.starts))
    layers = [charts.Layer(_look(code), _safe(title("offence", code)), [float(value) for value in series[code]]) for code in _ordered(series)]
    totals = [sum((Decimal(values[n]) for values in series.values()), Decimal()) for n in range(len(frame.starts))]
    peak = totals.index(max(totals))
    show = figures.money
    caption = word("days", "money", unit=title("days", frame.unit), currency=figures.shown(summary.currency, 8))
    described = word(
        "days",
        "money_desc",
        **_ends(frame),
        total=show(sum(totals, Decimal()), summary.currency),
        peak_day=frame.names[peak],
        peak=show(totals[peak], summary.currency),
    )
    heads = [word("days", "when"), *(layer.title for layer in layers), word("page", "total")]
    table: list[list[str | Text]] = [
        [name, *(f"{series[code][n]:,.2f}" for code in _ordered(series)), f"{totals[n]:,.2f}"] for n, name in enumerate(frame.names)
    ]
    svg = charts.columns(frame.labels, layers, "money", lambda value: f"{value:,.10g}", whole=False)
    return Chart("money", caption, described, svg, [(layer.look, layer.title) for layer in layers], heads, table)


def indicators(summary: Summary, run: Run) -> dict[str, Any]:
    """Bars of met, excused and unknown by indicator, and the excuses that held."""
    statuses = ("met", "excused", "unknown")
    highest = {status: max((getattr(row, status) for row in summary.indicators), default=0) for status in statuses}
    rows = [
        (
            run.indicator(row.id),
            [(status, figures.count(n := getattr(row, status)), charts.meter(n, highest[status], f"s-{status}")) for status in statuses],
        )
        for row in summary.indicators
    ]
    excuses = [(run.indicator(row.id), run.excuse(row.id, name), n) for row in summary.indicators for name, n in row.excuses.items()]
    return {"rows": rows, "excuses": sorted(excuses, key=lambda excuse: -excuse[2])[:40]}


def merchants(summary: Summary) -> dict[str, Any]:
    """The merchants to look at first; amounts are of the main currency."""
    rows = []
    for merchant, shipments, violations, suspected, undetermined, amount, strikes, _ in summary.merchants:
        rows.append(
            {
                "merchant": figures.shown(merchant, 64),
                "shipments": shipments,
                "violations": violations,
                "suspected": suspected,
                "undetermined": undetermined,
                "rate": violations / shipments,
                "rate_shown": figures.share(violations, shipments),
                "amount": amount,
                "strikes": strikes,
            }
        )
    highest = max((row["violations"] for row in rows), default=0)
    for row in rows:
        row["bar"] = charts.meter(row["violations"], highest, "c-violation")
    total = summary.merchants[0][-1] if summary.merchants else 0
    return {
        "rows": rows,
        "intro": word("merchants", "intro", top=TOP_MERCHANTS, n=figures.count(total)),
        "currency": figures.shown(summary.currency, 8),
    }


def carriers(summary: Summary, run: Run) -> list[dict[str, Any]]:
    """Carriers and places whose trouble cleared shipments, the most first."""
    highest = max((row[3] for row in summary.carriers), default=0)
    return [
        {
            "carrier": figures.shown(carrier, 64),
            "place": figures.shown(place, 64),
            "trouble": word("carriers", excuse),
            "orders": orders,
            "bar": charts.meter(orders, highest, "s-excused"),
            "shops": shops,
            "first": figures.clock(first, run.zone),
            "last": figures.clock(last, run.zone),
        }
        for carrier, place, excuse, orders, shops, first, last in summary.carriers
    ]


def measures(summary: Summary) -> list[dict[str, Any]]:
    """Proposed measures by kind."""
    return [
        {
            "offence": _safe(title("offence", offence)),
            "measure": _safe(title("measure", measure, book="story")),
            "target": _safe(title("target", target)),
            "human": bool(human),
            "count": figures.count(number),
            "amount": figures.money(amount, currency),
        }
        for offence, measure, target, human, currency, number, amount in summary.measures
    ]


def unknowns(summary: Summary, run: Run) -> dict[str, Any]:
    """The facts that unknown findings lack, most wanted first."""
    highest = max((counts.total() for counts in summary.missing.values()), default=0)
    rows = []
    for fact, counts in list(summary.missing.items())[:30]:
        names = [run.indicator(name) for name, _ in counts.most_common(_MOST_NAMES)]
        more = len(counts) - len(names)
        listed = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        tail = word("unknowns", "more", n=more) if more else same("")
        rows.append((fact_title(fact), figures.count(counts.total()), charts.meter(counts.total(), highest, "s-unknown"), listed, tail))
    any_unknown = any(indicator.unknown for indicator in summary.indicators)
    return {
        "rows": rows,
        "any": any_unknown,
    }


def quality(summary: Summary, run: Run) -> dict[str, Any]:
    """Rows in and used by table, and why rows were put aside."""
    counts = {str(name): _mapping(row) for name, row in _mapping(run.data.get("rows")).items()}
    columns = [column for column in ("rows", "kept", "quarantined", "duplicates", "superseded") if any(column in row for row in counts.values())]
    absent = [title("table", name) for name in TABLES if name not in counts] if counts else []
    rest = summary.quarantine[0][-1] - sum(row[2] for row in summary.quarantine) if summary.quarantine else 0
    return {
        "columns": columns,
        "rows": [(_safe(title("table", name)), [figures.count(row.get(column, figures.NOTHING)) for column in columns]) for name, row in counts.items()],
        "absent": Text("、".join(name.zh for name in absent), ", ".join(name.en.lower() for name in absent)) if absent else None,
        "reasons": [
            (_safe(title("table", table)), figures.shown(reason, 200), figures.count(number), _where(file, row))
            for table, reason, number, file, row, _ in summary.quarantine
        ],
        "rest": figures.count(rest) if rest else None,
    }


def computed(summary: Summary, run: Run) -> dict[str, Any]:
    """What makes the run repeatable: policy, hashes, moment, engine, seconds."""
    versions = [
        word("run", "version_share", version=figures.shown(version) if version else word("run", "no_version"), n=figures.count(n))
        for _, version, n in summary.versions
    ]
    seconds = [(_safe(title("stage", stage)), float(spent)) for stage, spent in _mapping(run.data.get("seconds")).items() if _number(spent)]
    longest = max((spent for _, spent in seconds), default=0)
    memory = run.data.get("peak_memory_mb")
    return {
        "facts": [
            ("policy", Text(f"{run.policy_title.zh} {_id(run)}", f"{run.policy_title.en} {_id(run)}")),
            ("versions", Text("；".join(v.zh for v in versions), "; ".join(v.en for v in versions))),
            ("hash", same(_short(run.policy.get("hash") or run.policy.get("content_hash")))),
            ("as_of", same(run.as_of)),
            ("fingerprint", same(_short(run.data.get("fingerprint")))),
            ("engine", same(_short(run.data.get("engine")))),
            ("version", same(_short(run.data.get("version")))),
            ("started_at", same(run.time("started_at"))),
            ("memory", word("run", "megabytes", n=f"{memory:,.0f}") if _number(memory) else same(figures.NOTHING)),
        ],
        "seconds": [(stage, f"{spent:.2f}", charts.meter(spent, longest, "c-clear-strong")) for stage, spent in seconds],
        "total": f"{sum(spent for _, spent in seconds):.2f}",
        "out": [(_safe(title("table", str(name))), figures.count(n)) for name, n in _mapping(run.data.get("out")).items()],
    }


def _by_outcome(summary: Summary) -> list[tuple[str, int]]:
    return [(code, summary.outcomes.get(code, 0)) for code in OUTCOMES]


def _ordered(codes: Any) -> list[Any]:  # noqa: ANN401  keys of any series
    return sorted(codes, key=lambda code: (OFFENCES.index(code) if code in OFFENCES else len(OFFENCES), str(code)))


def _look(offence: str | None) -> str:
    return f"o-{offence}" if offence in OFFENCES else "o-other"


def _ends(frame: Span) -> dict[str, object]:
    return {"from": frame.names[0], "to": frame.names[-1]}


def _where(file: object, row: object) -> Text:
    name = figures.shown(file, 80)
    return word("quality", "file_only", file=name) if row is None else word("quality", "where", file=name, row=figures.count(row))


def _id(run: Run) -> str:
    name = run.policy.get("id")
    return f"({figures.shown(name)})" if name and run.policy_title.en != name else ""


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (dict, list)) else value
    return figures.shown(text, 200)


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _safe(text: Text) -> Text:
    return Text(figures.shown(text.zh), figures.shown(text.en))
