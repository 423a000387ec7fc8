"""Facts, money and times of a finding as people read them: labels and units from the catalogue of facts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from parcelproof.report import figures
from parcelproof.report.words import Text, fact_title, facts, readable, same, tell, title

if TYPE_CHECKING:
    from datetime import tzinfo

_UNITS = (("hours_", "hours"), ("_hours", "hours"), ("minutes_", "minutes"), ("_minutes", "minutes"), ("days_", "days"), ("_days", "days"),
          ("_g", "grams"), ("_kmh", "kmh"))  # fmt: skip
_CODES = re.compile(r"(: none,| \(district,).*$")
"""Where a label goes on to list the codes of its fact: beside a value that list is noise."""
_NAME = re.compile(r"[a-z_]+")
_CODED = {"last_stage": "stage"}
_MONEY_KEYS = frozenset(
    ["rate", "base", "base_amount", "plus", "min", "max", "rounding", "amount", "only_if", "currency", "offence", "unrounded", "uncapped", "caps", "fixed"]
)


def parsed(text: object) -> Mapping[str, Any]:
    """A JSON object of the data; what is no object reads as `{"": text}`, and nothing as none."""
    if isinstance(text, Mapping):
        return text
    if text is None or text == "":
        return {}
    try:
        found = json.loads(str(text))
    except (ValueError, RecursionError):
        return {"": str(text)}
    return found if isinstance(found, dict) else {"": str(text)}


def label(name: str) -> Text:
    """What an entry of evidence says: a fact's title, else a value of the rule."""
    if name in facts():
        zh, en = fact_title(name)
        return Text(zh, _CODES.sub("", en))
    return tell("unit", "limit", name=title("limit", figures.shown(name, 60), book="story"))


def value(name: str, found: object, zone: tzinfo, currency: str | None) -> Text:
    """A value of evidence with its unit, by the fact's type and the unit in its name."""
    kind = facts().get(name, {}).get("type")
    if found is None:
        return title("value", "unknown", book="story")
    if isinstance(found, bool):
        return title("value", str(found).lower(), book="story")
    if kind == "time" or (kind is None and name.endswith("_at")):
        return same(figures.clock(found, zone))
    if kind == "money":
        amount = decimal(found)
        return same(figures.shown(found)) if amount is None else figures.money(amount, currency)
    if kind == "text":
        known = title(_CODED.get(name, "value"), str(found), book="story")
        return known if known != same(readable(str(found))) else same(figures.shown(found))
    return _measured(name, found)


def _measured(name: str, found: object) -> Text:
    number = decimal(found) if isinstance(found, (int, float, str)) else None
    if number is None or isinstance(found, str):
        return same(figures.shown(_flat(found)))
    text = f"{number:,.2f}".rstrip("0").rstrip(".") if number % 1 else f"{number:,.0f}"
    for mark, unit in _UNITS:
        if name.startswith(mark) or name.endswith(mark):
            return tell("unit", unit, n=text)
    return same(text)


def _flat(found: object) -> object:
    return json.dumps(found, ensure_ascii=False, default=str) if isinstance(found, (dict, list)) else found


def decimal(found: object) -> Decimal | None:
    """A finite number of the data as a decimal; None where it is none."""
    try:
        number = Decimal(str(found))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 18 else None


def arithmetic(amount: Decimal | None, currency: str | None, basis: Mapping[str, Any]) -> Text:
    """The sum of a charge in one sentence, from its basis; keys that are missing are left out."""

    def cash(key: str) -> Text:
        number = decimal(basis.get(key))
        return same(figures.shown(basis.get(key))) if number is None else figures.money(number, currency)

    parts = [_product(basis, currency)] if basis.get("rate") is not None else []
    parts += [tell("story", "plus", plus=cash("plus"))] if basis.get("plus") is not None else []
    parts += [tell("story", "fixed", amount=cash("fixed"))] if basis.get("fixed") is not None else []
    parts += [tell("story", "at_least", min=cash("min"))] if basis.get("min") is not None else []
    parts += [tell("story", "at_most", max=cash("max"))] if basis.get("max") is not None else []
    if basis.get("rounding"):
        parts.append(title("rounding", figures.shown(basis["rounding"], 40), book="story"))
    parts += _caps(basis.get("caps"), currency)
    parts.append(tell("story", "makes", amount=figures.money(amount, currency)))
    if basis.get("only_if"):
        parts.append(tell("story", "only_if", condition=_condition(str(basis["only_if"]))))
    for key in basis:
        if key not in _MONEY_KEYS and basis[key] not in (None, "", [], {}):
            parts.append(tell("story", "also", key=title("basis", figures.shown(key, 40), book="story"), value=figures.shown(_flat(basis[key]))))
    return Text("，".join(part.zh for part in parts) + "。", ", ".join(part.en for part in parts) + ".")


def _caps(caps: object, currency: str | None) -> list[Text]:
    """What took an amount down: each cap, over what it counts together, and what stood before it."""
    told = []
    for cap in caps if isinstance(caps, list) else []:
        most, before = (decimal(cap.get(key)) if isinstance(cap, Mapping) else None for key in ("cap", "before"))
        if most is not None and before is not None:
            per = title("cap", figures.shown(cap.get("per"), 40), book="story")
            told.append(tell("story", "capped", per=per, cap=figures.money(most, currency), before=figures.money(before, currency)))
    return told


def measure_arithmetic(basis: Mapping[str, Any], currency: str | None) -> list[Text]:
    """The sum, limit, points and last day to appeal of a measure; what its basis does not say is left out."""
    told = _measure_sum(basis, currency)
    for key, name in (("measure_limit", "limit"), ("measure_points", "points")):
        if basis.get(name) is not None:
            told.append(tell("story", key, **{name: figures.shown(basis[name], 40)}))
    if basis.get("appeal_until"):
        told.append(tell("story", "measure_appeal", day=figures.shown(basis["appeal_until"], 40)))
    return told


def _measure_sum(basis: Mapping[str, Any], currency: str | None) -> list[Text]:
    base, rate = decimal(basis.get("base_amount")), decimal(basis.get("rate"))
    if base is None or rate is None:
        return []
    money = basis.get("base") == "violating_amount"
    bounds = [
        tell("story", key, **{name: _sum(basis[name], currency, money=money)})
        for key, name in (("bound_least", "min"), ("bound_most", "max"))
        if basis.get(name) is not None
    ]
    if basis.get("rounding"):
        bounds.append(tell("story", "bound_rounding", rounding=title("rounding", figures.shown(basis["rounding"], 40), book="story")))
    named = title("measure_base", figures.shown(basis.get("base"), 40), book="story")
    ends = Text("".join(bound.zh for bound in bounds), "".join(bound.en for bound in bounds))
    percent, amount = f"{(rate * 100).normalize():f}%", _sum(base, currency, money=money)
    return [tell("story", "measure_sum", days=figures.shown(basis.get("base_days", 1)), base=named, base_amount=amount, rate=percent, bounds=ends)]


def _sum(found: object, currency: str | None, *, money: bool) -> Text:
    number = decimal(found)
    return figures.money(number, currency) if money and number is not None else same(figures.shown(found, 40))


def _condition(text: str) -> Text:
    """A condition with its facts by their titles."""
    titles = {name: fact_title(name) for name in _NAME.findall(text) if name in facts()}

    def named(lang: str) -> str:
        return _NAME.sub(lambda name: titles[name[0]].of(lang) if name[0] in titles else name[0], figures.shown(text))

    return Text(named("zh"), named("en"))


def _product(basis: Mapping[str, Any], currency: str | None) -> Text:
    rate, paid = decimal(basis.get("rate")), decimal(basis.get("base_amount"))
    base = fact_title(str(basis.get("base") or "amount_paid"))
    share = figures.shown(basis.get("rate")) if rate is None else f"{(rate * 100).normalize():f}%"
    if rate is None or paid is None:
        return tell("story", "product_plain", base=base, rate=share)
    raw = figures.money((rate * paid).quantize(Decimal("0.01")), currency)
    return tell("story", "product", base=base, base_amount=figures.money(paid, currency), rate=share, raw=raw)
