"""What each section of a backtest's page shows: texts and charts, nothing left to compute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from parcelproof.report import charts, figures
from parcelproof.report.view import Chart
from parcelproof.report.words import Text, known, same, text_of, title, word

SIDES = ("old", "new")
_LOOKS = {"old": "c-clear-strong", "new": "c-violation"}
_KEPT = (("both", "kept", "c-clear-strong"), ("old_alone", "old_alone", "o-late_shipping"), ("new_alone", "new_alone", "c-violation"))
"""A count of `kept` -> its words and its look."""
_ACCURACY = (("proved", "frauds"), ("caught", "frauds"), ("convicted", "honest"), ("accused", "honest"))


def sections(found: Mapping[str, Any]) -> dict[str, Any]:
    """All that the template shows of a comparison."""
    titles = found["titles"]
    packs = {side: _safe(text_of(titles["packs"].get(found[side]), found[side])) for side in SIDES}
    return {
        "lede": word("backtest", "lede", **packs, as_of=figures.shown(found["as_of"])),
        "currencies": _currencies(found["currency"]),
        "bars": [_outcome_bar(side, found["totals"][side]) for side in SIDES],
        "totals": [_figure(name, found) for name in found["totals"]["old"]],
        "appeal_note": word("backtest", "appeal_note", share=figures.share(found["appeals"]["assumed_share"], 1)),
        "terms": [(word("backtest", side), _terms(found["appeals"]["terms"][side])) for side in SIDES],
        "offence_chart": _chart("offence", found["kept"], [(row["offence"], _offence(row["offence"], titles)) for row in found["offences"]]),
        "offences": _table(found, found["offences"], ("violations", "merchants", "money", "measures", "appeals"), lambda row: _offence(row["offence"], titles)),
        "size_chart": _chart("size", found["kept"], [(row["size"], row["size"]) for row in found["sizes"]]),
        "sizes": _table(found, found["sizes"], ("hit", "violations", "money", "measures", "appeals"), lambda row: same(f"{row['size']} ({row['shops']:,})")),
        "measures": _table(found, found["measures"], ("times", "shops"), lambda row: _measure(row, titles)),
        "changes": [_change(row, found) for row in found["changes"]],
        "accuracy": _accuracy(found["accuracy"]),
    }  # fmt: skip


def _safe(text: Text) -> Text:
    return Text(figures.shown(text.zh), figures.shown(text.en))


def _offence(code: str, titles: Mapping[str, Any]) -> Text:
    return _safe(title("offence", code) if code in known("offence") else text_of(titles["offences"].get(code), code))


def _measure(row: Mapping[str, Any], titles: Mapping[str, Any]) -> Text:
    measure, offence = _safe(text_of(titles["measures"].get(row["measure"]), row["measure"])), _offence(row["offence"], titles)
    return Text(f"{measure.zh}（{offence.zh}）", f"{measure.en} ({offence.en})")


def _currencies(currency: Mapping[str, str]) -> Text | None:
    return None if currency["old"] == currency["new"] else word("backtest", "currencies", **currency)


def _outcome_bar(side: str, totals: Mapping[str, Any]) -> dict[str, Any]:
    """One bar of the outcomes of a side."""
    counts = {"violation": "violations", "suspected": "suspected", "undetermined": "undetermined", "clear": "clear"}
    parts = [charts.Part(f"c-{code}", title("outcome", code), totals[name]) for code, name in counts.items()]
    zh, en = (mark.join(f"{part.title.of(lang)} {part.value:,}" for part in parts) for lang, mark in (("zh", "，"), ("en", ", ")))
    name = f"outcomes-{side}"
    caption = word("backtest", "outcome_bar", side=word("backtest", side))
    return {"name": name, "caption": caption, "told": Text(zh, en), "svg": charts.whole(parts, name)}


def _value(name: str, value: object, currency: str) -> Text:
    """A figure as people read it."""
    if value is None:
        return word("backtest", "not_stated")
    return figures.money(Decimal(str(value)), currency) if name == "money" else same(f"{value:,}" if isinstance(value, (int, float)) else figures.shown(value))


def _figure(name: str, found: Mapping[str, Any]) -> tuple[Text, list[Text]]:
    return word("backtest", name), [_value(name, found["totals"][side][name], found["currency"][side]) for side in SIDES]


def _terms(terms: Mapping[str, Any] | None) -> Text:
    if terms is None:
        return word("backtest", "not_stated")
    parts = [word("backtest", "terms", days=terms["window_days"])]
    parts += [word("backtest", "decide", days=terms["decide_workdays"])] if "decide_workdays" in terms else []
    return Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _chart(key: str, kept: Iterable[Mapping[str, Any]], labels: list[tuple[str, str | Text]]) -> Chart | None:
    """Columns of shipments in violation: under both packs, under the old one alone, under the new one alone."""
    counts = {code: {name: 0 for name, _, _ in _KEPT} for code, _ in labels}
    for row in kept:
        for name, _, _ in _KEPT:
            if row[key] in counts:
                counts[row[key]][name] += row[name]
    shown = [(code, label) for code, label in labels if any(counts[code].values())]
    if not shown:
        return None
    layers = [charts.Layer(look, word("backtest", words), [counts[code][name] for code, _ in shown]) for name, words, look in _KEPT]
    sums = {name: figures.count(sum(counts[code][name] for code, _ in shown)) for name, _, _ in _KEPT}
    return Chart(
        name=f"{key}-chart", caption=word("backtest", f"{key}_chart"),
        description=word("backtest", "chart_note", both=sums["both"], old=sums["old_alone"], new=sums["new_alone"]),
        svg=charts.columns([label for _, label in shown], layers, f"{key}-chart", lambda value: f"{value:,.0f}"),
        legend=[(layer.look, layer.title) for layer in layers],
        heads=[word("backtest", "figure"), *(layer.title for layer in layers)],
        rows=[[label, *(figures.count(counts[code][name]) for name, _, _ in _KEPT)] for code, label in shown],
    )  # fmt: skip


def _table(found: Mapping[str, Any], rows: list[dict[str, Any]], columns: tuple[str, ...], name: Callable[[Mapping[str, Any]], Text]) -> dict[str, Any] | None:
    """A table whose cells hold a figure under both packs, with a small bar beside each."""
    if not rows:
        return None
    most = {column: max(float(row[f"{column}_{side}"] or 0) for row in rows for side in SIDES) for column in columns}

    def cell(row: Mapping[str, Any], column: str, side: str) -> tuple[Text, Any]:
        value = row[f"{column}_{side}"]
        return _value(column, value, found["currency"][side]), charts.meter(float(value or 0), most[column], _LOOKS[side])

    return {
        "heads": [word("backtest", column) for column in columns],
        "rows": [(name(row), [[cell(row, column, side) for side in SIDES] for column in columns]) for row in rows],
    }


def _answer(row: Mapping[str, Any], side: str, titles: Mapping[str, Any]) -> Text:
    outcome, offence = title("outcome", row[f"outcome_{side}"]), row[f"offence_{side}"]
    if offence is None:
        return outcome
    named = _offence(offence, titles)
    return Text(f"{outcome.zh}（{named.zh}）", f"{outcome.en} ({named.en})")


def _change(row: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """One change of answer, with its examples."""
    return {
        "name": word("backtest", "change", old=_answer(row, "old", found["titles"]), new=_answer(row, "new", found["titles"])),
        "shipments": figures.count(row["shipments"]), "merchants": figures.count(row["merchants"]),
        "money": [_value("money", row[f"money_{side}"], found["currency"][side]) for side in SIDES],
        "examples": [_example(example, found) for example in row["examples"]],
    }  # fmt: skip


def _example(example: Mapping[str, Any], found: Mapping[str, Any]) -> list[Text]:
    """One shipment to open: its keys, the checks that came and went, its charge."""
    order, carrier, waybill, merchant = (figures.shown(example[name]) for name in ("order_id", "carrier", "waybill_no", "merchant_id"))
    told = [word("backtest", "example", order=order, carrier=carrier, waybill=waybill, merchant=merchant)]
    old, new = set(example["met_old"]), set(example["met_new"])
    for key, names in (("came", new - old), ("went", old - new)):
        checks = [_safe(text_of(found["titles"]["checks"].get(name), name)) for name in sorted(names)]
        if checks:
            told.append(word("backtest", key, list=Text("、".join(check.zh for check in checks), "; ".join(check.en for check in checks))))
    if example["charge_old"] != example["charge_new"]:
        charges = {side: figures.money(_decimal(example[f"charge_{side}"]), found["currency"][side]) for side in SIDES}
        told.append(word("backtest", "charged", **charges))
    return told


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _accuracy(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Each count by the labels with its share and its exact interval."""
    if found is None:
        return None

    def cell(row: Mapping[str, Any], name: str, of: str) -> Text:
        low, high = row[f"{name}_interval"]
        shares = {"share": figures.share(row[name], row[of]), "low": figures.share(low, 1), "high": figures.share(high, 1)}
        return word("backtest", "of", n=figures.count(row[name]), all=figures.count(row[of]), **shares)

    rows = [(word("backtest", name), [cell(found[side], name, of) for side in SIDES]) for name, of in _ACCURACY]
    return {"note": word("backtest", "accuracy_note", sure=figures.share(found["sure"], 1)), "rows": rows}
