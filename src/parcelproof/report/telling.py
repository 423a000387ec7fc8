"""Turns a gathered story into sentences for a terminal, and into values for programs."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from parcelproof.report import figures
from parcelproof.report.evidence import arithmetic, label, measure_arithmetic, parsed, value
from parcelproof.report.terminal import padded, width, wrapped
from parcelproof.report.words import Text, known, tell, title
from parcelproof.report.words import facts as catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parcelproof.report.outputs import Row
    from parcelproof.report.story import Finding, Shipment, Story
    from parcelproof.report.timeline import Event

_BODY, _DEEP = "  ", "      "
_PLACE = re.compile(r"{(\w+)}")
_MARKS = {"met": "●", "excused": "○", "unknown": "?"}


class Teller:
    """Writes lines of one story in its language and width."""

    def __init__(self, story: Story, columns: int) -> None:
        self.story, self.lang, self.columns = story, story.lang, max(columns, 40)
        self.lines: list[str] = []

    def say(self, text: Text | str, indent: str = "", hanging: str | None = None) -> None:
        """One paragraph."""
        plain = text.of(self.lang) if isinstance(text, Text) else text
        self.lines.append(wrapped(plain, indent=indent, hanging=hanging, columns=self.columns))

    def head(self, key: str, **values: object) -> None:
        """The title of a part, after a blank line."""
        self.lines.append("")
        self.say(tell("story", key, **values))

    def time(self, moment: datetime | None) -> str:
        """A time in the policy's zone."""
        return figures.NOTHING if moment is None else figures.clock(moment, self.story.zone)


def told(story: Story, columns: int) -> str:
    """The whole story as plain text; ends without a line break."""
    teller = Teller(story, columns)
    if story.source.changed:
        teller.say(tell("story", "raw_changed"))
        teller.lines.append("")
    for number, shipment in enumerate(story.shipments):
        if number:
            teller.lines += ["", ""]
        _shipment(teller, shipment)
    if story.more:
        names = "; ".join(_name(row) for row in story.more[:10])
        teller.lines.append("")
        teller.say(tell("story", "more_shipments", n=figures.count(len(story.more)), what=figures.shown(story.what), list=names))
    return "\n".join(teller.lines)


def _shipment(teller: Teller, shipment: Shipment) -> None:
    verdict = shipment.verdict
    head = _headline(verdict)
    teller.say(head)
    teller.lines.append("─" * min(width(head.of(teller.lang)), teller.columns))
    teller.say(_outcome(verdict))
    for pair in _frame(teller, verdict):
        teller.say(" · ".join(text.of(teller.lang) for text in pair))
    _timeline(teller, shipment.events)
    _findings(teller, shipment)
    _money(teller, shipment)
    _next(teller, shipment)


def _headline(verdict: Row) -> Text:
    names = {"order": figures.shown(verdict["order_id"])}
    if verdict["waybill_no"] is None:
        return tell("story", "shipment_bare", **names)
    return tell("story", "shipment", **names, carrier=figures.shown(verdict["carrier"]), waybill=figures.shown(verdict["waybill_no"]))


def _outcome(verdict: Row) -> Text:
    outcome = title("outcome", verdict["outcome"])
    if verdict["offence"] is None:
        return tell("story", "outcome", outcome=outcome)
    return tell("story", "outcome_of", outcome=outcome, offence=title("offence", verdict["offence"]))


def _frame(teller: Teller, verdict: Row) -> list[list[Text]]:
    run, version = teller.story.run, verdict["policy_version"]
    rules = tell("story", "rules", policy=run.policy_title, version=figures.shown(version)) if version else tell("story", "rules_none", policy=run.policy_title)
    return [
        [
            tell("story", "merchant", merchant=figures.shown(verdict["merchant_id"])),
            tell("story", "act", time=teller.time(verdict["act_time"])),
        ],
        [rules, tell("story", "as_of", time=teller.time(teller.story.as_of), zone=run.zone_name)],
    ]


def _timeline(teller: Teller, happened: list[Event]) -> None:
    source = teller.story.source
    if not happened:
        teller.lines.append("")
        teller.say(tell("story", "no_raw", reason=source.reason or tell("story", "raw_silent")))
        return
    teller.head("timeline", zone=teller.story.run.zone_name)
    for event in happened:
        late = f"  [{_known(teller, event)}]" if _known(teller, event) else ""
        teller.say(event.text.of(teller.lang) + late, f"{_BODY}{padded(teller.time(event.happened), 19)}  ")


def _known(teller: Teller, event: Event) -> str:
    """When an event became known, where that is later by what a reader can see."""
    if teller.time(event.known) <= teller.time(event.happened):
        return ""
    return tell("story", "known", time=teller.time(event.known)).of(teller.lang)


def _findings(teller: Teller, shipment: Shipment) -> None:
    if not shipment.findings:
        teller.lines.append("")
        teller.say(tell("story", "no_findings"))
        return
    teller.head("findings")
    for finding in shipment.findings:
        status = title("status", finding.row["status"]).of(teller.lang)
        mark = _MARKS.get(finding.row["status"], "-")
        teller.say(finding.check.title, f"{_BODY}{mark} {status}  ", _DEEP)
        for text in finding_sentences(finding, teller.story, shipment.verdict["currency"]):
            teller.say(text, _DEEP)


def finding_sentences(finding: Finding, story: Story, currency: str | None) -> list[Text]:
    """What stands under a finding: since when, the clause, the numbers or what is missing, the excuses, the mend."""
    row, facts = finding.row, parsed(finding.row["evidence"])
    said = [_because(finding.check.why, facts, story, currency)] if finding.check.why and row["status"] == "met" else []
    said += [] if row["since"] is None else [tell("story", "since", time=figures.clock(row["since"], story.zone))]
    said += [tell("story", "clause", clause=story.run.clause(row["clause"]))] if row["clause"] else []
    silent = row["status"] == "unknown" and row["since"] is None
    told_of = {name: found for name, found in facts.items() if _worth_telling(name, found, silent=silent)}
    numbers = [_labelled(name, found, story, currency) for name, found in told_of.items()]
    if numbers:
        said.append(tell("story", "evidence_text", text=Text("；".join(n.zh for n in numbers), "; ".join(n.en for n in numbers))))
    said += [_missing(facts)] if silent else []
    said += _excuses(finding)
    if row["status"] == "met" and finding.check.mend is not None:
        said.append(tell("story", "mend", text=finding.check.mend))
    return said


def _worth_telling(name: str, found: object, *, silent: bool) -> bool:
    """Facts that are known; the rule's own values only where the rule was applied, and never its lists of codes."""
    return found is not None and not isinstance(found, list) and not (silent and name not in catalogue())


def _because(why: Text, facts: Mapping[str, Any], story: Story, currency: str | None) -> Text:
    """A check's reason with the {facts} in it replaced by their values."""

    def filled(lang: str) -> str:
        return _PLACE.sub(lambda place: value(place[1], facts.get(place[1]), story.zone, currency).of(lang), why.of(lang))

    return tell("story", "because", text=Text(filled("zh"), filled("en")))


def _labelled(name: str, found: object, story: Story, currency: str | None) -> Text:
    shown = value(name, found, story.zone, currency)
    if not name:
        return shown
    called = label(name)
    return Text(f"{called.zh}：{shown.zh}", f"{called.en}: {shown.en}")


def _missing(facts: Mapping[str, Any]) -> Text:
    names = [label(name) for name, found in facts.items() if found is None]
    if not names:
        return tell("story", "missing_untold")
    return tell("story", "missing", facts=Text("、".join(name.zh for name in names), ", ".join(name.en for name in names)))


def _excuses(finding: Finding) -> list[Text]:
    row, check = finding.row, finding.check
    held = [tell("story", "excused_by", excuse=check.excuse(row["excuse"]))] if row["excuse"] else []
    others = [text for name, text in check.excuses.items() if name != row["excuse"]]
    listed = Text("、".join(text.zh for text in others), ", ".join(text.en for text in others))
    if row["status"] == "unknown" and row["since"] is not None:
        return [*held, tell("story", "excuses_open", list=listed) if others else tell("story", "excuses_open_untold")]
    if row["status"] == "met" and others:
        return [*held, tell("story", "excuses_not", list=listed)]
    return held


def _money(teller: Teller, shipment: Shipment) -> None:
    teller.head("money")
    for text in charge_sentences(shipment):
        teller.say(text, _BODY)
    if not shipment.charges:
        teller.say(tell("story", "no_money"), _BODY)


def charge_sentences(shipment: Shipment) -> list[Text]:
    """One sentence a charge, with its arithmetic."""
    return [
        tell(
            "story",
            "charge",
            offence=title("offence", row["offence"]),
            sum=arithmetic(row["amount"], row["currency"], parsed(row["basis"])),
        )
        for row in shipment.charges
    ]


def _next(teller: Teller, shipment: Shipment) -> None:
    teller.head("next")
    for row in shipment.measures:
        teller.say(measure_sentence(row, teller), _BODY)
        if row["clause"]:
            teller.say(tell("story", "clause", clause=teller.story.run.clause(row["clause"])), _DEEP)
    if shipment.more_measures:
        teller.say(tell("story", "more_measures", n=shipment.more_measures), _BODY)
    teller.say(_follows(shipment), _BODY)


def _follows(shipment: Shipment) -> Text:
    outcome = shipment.verdict["outcome"]
    return tell("story", f"next_{outcome if outcome in known('outcome') else 'undetermined'}")


def measure_sentence(row: Row, teller: Teller) -> Text:
    """One proposed measure: on whom, how much, from when until when, and whether a person must sign."""
    parts = [tell("story", "measure", target=title("target", row["target_kind"]), id=figures.shown(row["target_id"]),
                  measure=title("measure", row["measure"], book="story"))]  # fmt: skip
    if row["amount"] is not None:
        parts.append(tell("story", "measure_money", amount=figures.money(row["amount"], row["currency"])))
    parts += measure_arithmetic(parsed(row["basis"]), row["currency"])
    if row["starts_at"] is not None:
        key = "measure_from" if row["ends_at"] is None else "measure_span"
        parts.append(tell("story", key, start=teller.time(row["starts_at"]), end=teller.time(row["ends_at"])))
    parts += [tell("story", "measure_human")] if row["needs_human"] else []
    return Text("".join(part.zh for part in parts), "".join(part.en for part in parts))


def as_json(story: Story) -> dict[str, Any]:
    """The story as plain values: codes, raw evidence, times in UTC, and the sentences in the story's language."""
    teller = Teller(story, 100)
    reason = story.source.reason
    return {
        "what": story.what,
        "lang": story.lang,
        "as_of": _utc(story.as_of),
        "zone": story.run.zone_name,
        "policy": story.run.policy_title.of(story.lang),
        "raw": {"read": story.source.raw is not None, "changed": story.source.changed, "reason": reason.of(story.lang) if reason else None},
        "shipments": [_shipment_json(teller, shipment) for shipment in story.shipments],
        "more": [{name: row[name] for name in ("order_id", "carrier", "waybill_no")} for row in story.more],
    }


def _shipment_json(teller: Teller, shipment: Shipment) -> dict[str, Any]:
    lang, verdict = teller.lang, shipment.verdict
    return {
        **_plain(verdict),
        "title": _outcome(verdict).of(lang),
        "timeline": [
            {"happened": _utc(event.happened), "known": _utc(event.known), "table": event.table, "text": event.text.of(lang)} for event in shipment.events
        ],
        "findings": [
            {
                **_plain(finding.row),
                "evidence": dict(parsed(finding.row["evidence"])),
                "title": finding.check.title.of(lang),
                "sentences": [text.of(lang) for text in finding_sentences(finding, teller.story, verdict["currency"])],
            }
            for finding in shipment.findings
        ],
        "charges": [
            {**_plain(row), "basis": dict(parsed(row["basis"])), "text": text.of(lang)}
            for row, text in zip(shipment.charges, charge_sentences(shipment), strict=True)
        ],
        "measures": [{**_plain(row), "basis": dict(parsed(row["basis"])), "text": measure_sentence(row, teller).of(lang)} for row in shipment.measures],
        "more_measures": shipment.more_measures,
        "next": _follows(shipment).of(lang),
    }


def _plain(row: Row) -> dict[str, Any]:
    return {
        name: found if found is None or isinstance(found, (bool, int)) else _utc(found) if isinstance(found, datetime) else str(found)
        for name, found in row.items()
    }


def _utc(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment.isoformat()}Z"


def _name(row: Row) -> str:
    return "/".join(figures.shown(row[name], 60) for name in ("order_id", "carrier", "waybill_no") if row[name] is not None)
