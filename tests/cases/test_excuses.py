"""The two sides of every excuse of every check: a shipment that it excuses, and one of somebody who would abuse it.

All scenes of `excuses/*.yaml` are one marketplace, judged once by a pack of all checks; each has a carrier of its own, so that no scene
speaks for another. A scene is a few shipments (times in hours, as in `building.py`):

    shipments:     name -> `order` and `label` (what differs), `declared`, `withdrawn`, `trace`, `waybill`, `outlet`, `events` [kind, hour, what else];
                   `of` another shipment is a further number of its order. They are of one shop unless the order says otherwise
    beside:        [how many, trace, outlet, place, hour of declaration] of other shops, one each
    feed:          [first, last] hour of a feed that tells of other parcels
    carrier:       a carrier that is known, where its numbers matter
    as_of:         the hour at which the marketplace is judged; 400 unless given
    works, fails:  shipment -> [check:excuse] that excuses it, and that does not, so that the check is met
    doubts:        the same of an excuse that can never be sure: a person looks
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from building import DEFAULTS, Case, Rows, events, tables

from parcelproof.policy import load_policy
from parcelproof.verdicts.judge import judge

HERE = Path(__file__).parent
CHECKS = HERE.parents[1] / "src" / "parcelproof" / "policies" / "checks"
SCENES: list[dict[str, Any]] = [scene for path in sorted((HERE / "excuses").glob("*.yaml")) for scene in yaml.safe_load(path.read_text(encoding="utf-8"))]
AS_OF = datetime(2026, 8, 1)  # noqa: DTZ001  times of the judge are UTC without a zone
SIDES = {"works": "excused", "doubts": "doubtful", "fails": "met"}
IN_RINGS = {"in_ring:shop_may_be_victim"}
"""A ring is found among thousands of orders: both sides are in tests/rings/test_ring_market.py."""


def pack_of_all_checks(folder: Path) -> Path:
    names = sorted(path.stem for path in CHECKS.glob("*.yaml"))
    words = {"zh-CN": "全部", "en": "all"}
    pack = {
        "id": "all-checks", "title": words, "zone": "Asia/Shanghai", "currency": "CNY", "applies_when": "needs_delivery",
        "sources": {"all": {"url": "https://example.org/all", "seen": "2026-01-01"}},
        "checks": {name: {"clause": words} for name in names},
        "offences": {"false_shipping": {"source": {"2020-01-01": "all"}, "clause": words, "proved_when": {"2020-01-01": " or ".join(names)}}},
    }  # fmt: skip
    (folder / "pack.yaml").write_text(json.dumps(pack), encoding="utf-8")
    return folder / "pack.yaml"


def other_shops(scene: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Shipments of shops with one parcel each, some minutes apart."""
    made = {}
    rows: list[list[Any]] = scene.get("beside", [])
    for place, row in enumerate(rows):
        told: list[Any] = [None, None, 1]
        count, trace, outlet, adcode, declared = row + told[len(row) - 2 :]
        for number in range(count):
            name = f"beside {place}-{number}"
            order = {"merchant_id": name, "adcode": adcode or DEFAULTS["order"]["adcode"]}
            made[name] = {"order": order, "declared": declared + number / 60, "trace": trace, "outlet": outlet or None}
    return made


def case_of(place: int, scene: dict[str, Any]) -> Case:
    """A scene as a case with names of its own; what tells of nothing else happened at hour 0 of its own day."""
    own = f"S{place}"
    carrier = scene.get("carrier", own)
    case: Case = {"orders": {}, "declarations": [], "traces": {}, "parcels": [], "order_events": [], "feed": {carrier: scene.get("feed", [-400, 400])}}
    case["paid_at"] = AS_OF - timedelta(hours=scene.get("as_of", 400), minutes=3 * place)
    for name, told in (scene["shipments"] | other_shops(scene)).items():
        order, number, adds = f"{own} {told.get('of', name)}", f"{own} {told.get('waybill', name)}", told.get("order", {})
        if "of" not in told:
            case["orders"][order] = adds | {"merchant_id": f"{own} {adds.get('merchant_id', 'shop')}"}
        declared = told.get("declared", 1)
        case["declarations"].append([order, number, declared, {"carrier": carrier, "withdrawn_at": told.get("withdrawn")}])
        if "trace" in told:
            case["traces"].setdefault(number, {"carrier": carrier, "events": []})["events"] += events(told["trace"])
        if "label" in told or told.get("outlet"):
            label = {"carrier": carrier, "waybill_no": number, "created_at": declared, "sender_outlet": told.get("outlet")}
            if "label" in told:
                label |= {"recipient_key": f"R{order}", "phone_key": f"P{order}", "adcode": adds.get("adcode", DEFAULTS["order"]["adcode"])} | told["label"]
            case["parcels"].append(label)
        case["order_events"] += [{"order_id": order, "kind": kind, "happened_at": hour} | dict(*rest) for kind, hour, *rest in told.get("events", [])]
    case["disruptions"] = [{"carrier": carrier} | row for row in scene.get("disruptions", [])]
    case["warehouses"] = scene.get("warehouses", [])
    case["merchants"] = [row | {"merchant_id": f"{own} {row['merchant_id']}"} for row in scene.get("merchants", [])]
    return case


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, write: Callable[[Path, dict[str, Rows]], Path]) -> dict[tuple[str, str, str], tuple[str, str | None]]:
    """(order, number, check) -> its answer, and its excuse."""
    folder = tmp_path_factory.mktemp("excuses")
    market: dict[str, Rows] = {}
    for place, scene in enumerate(SCENES):
        for name, rows in tables(case_of(place, scene)).items():
            market.setdefault(name, []).extend(rows)
    with judge(write(folder / "market", market), policy=str(pack_of_all_checks(folder)), as_of=AS_OF.isoformat() + "Z", threads=1) as result:
        found = result.table("findings").to_pylist()
    return {
        (row["order_id"], row["waybill_no"], row["indicator"]): (
            "doubtful" if row["status"] == "unknown" and row["since"] is not None else row["status"], row["excuse"],
        )
        for row in found
    }  # fmt: skip


SAYINGS = [
    pytest.param(place, name, *saying.split(":"), answer, id=f"{name}: {saying} {side}")
    for place, scene in enumerate(SCENES)
    for side, answer in SIDES.items()
    for name, sayings in scene.get(side, {}).items()
    for saying in sayings
]


@pytest.mark.parametrize(("place", "name", "check", "excuse", "answer"), SAYINGS)
def test_an_excuse_holds_for_whom_it_is_meant_and_for_nobody_else(
    answers: dict[tuple[str, str, str], tuple[str, str | None]], place: int, name: str, check: str, excuse: str, answer: str
) -> None:
    told = SCENES[place]["shipments"][name]
    shipment = (f"S{place} {told.get('of', name)}", f"S{place} {told.get('waybill', name)}")
    assert answers.get((*shipment, check)) == (answer, excuse if answer == "excused" else None)


def test_every_excuse_of_every_check_has_both_sides(tmp_path: Path) -> None:
    pack = load_policy(str(pack_of_all_checks(tmp_path)))
    excuses = {f"{check.id}:{excuse}" for check in pack.checks.values() for excuse in check.excuses} - IN_RINGS
    good, bad = (
        {saying for scene in SCENES for side in sides for told in scene.get(side, {}).values() for saying in told}
        for sides in (("works", "doubts"), ("fails",))
    )
    assert excuses - good == set(), "nobody is excused by these: add a shipment under `works`"
    assert excuses - bad == set(), "nobody abuses these: add a shipment under `fails`"
    assert (good | bad) - excuses == set(), "no check has these excuses"
