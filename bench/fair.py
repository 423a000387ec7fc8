"""What telling the honest apart costs: the judge with the whole pack beside the same pack that knows nothing of it; exit 1 where it adds too much.

    python bench/fair.py [SHIPMENTS] [ROUNDS]

Taken away are the checks and the excuses that speak of places compared, of other shops' parcels, of weights, and of copies, motion and endings:
the facts that only these read are then not derived. Rings, which read some of them too, are left out of both. Runs alternate, and medians count.
The scans that a feed loses stay in both, for they are part of how long a silence was.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

import judge
from measuring import spent
from parcelproof.policy import expressions, load_policy
from parcelproof.policy.declaration import LIBRARY
from parcelproof.policy.model import Check

MOST = 0.40
STEPS = ("pickup", "hub", "stall")
FAMILIES = {
    "places": ("delivered_adcode", "delivered_level", "delivered_at_hub", "label_level", "label_at_hub"),
    "the others": (
        *(f"{step}_{what}" for step in STEPS for what in ("others", "others_slow", "others_low", "others_high", "carrier_share", "shared")),
        "site_left", "site_usual", "site_stood", "ending_others", "ending_told", "hub_scan_missed", "hub_arrival_unseen", "stall_troubled",
        "stall_scans_missed", "feed_loss", "stall_waiver_lasted", "recall_was_troubled", "number_unmoved",
    ),
    "weights": (
        "weight_g", "goods_weight_g", "weight_ratio", "weight_is_carrier_default", "shop_weight_spread", "sender_shops", "sender_registered",
        "sender_weight_spread",
    ),
    "copies, motion, endings": (
        "identical_traces", "identical_trace_destinations", "copies_are_others", "same_moments_elsewhere", "fastest_leg_kmh", "haul_hours_short",
        "haul_others", "haul_share", "minutes_outlet_to_sign", "shop_endings_ratio", "shop_receipts_ratio",
    ),
}  # fmt: skip
TAKEN = {fact for facts in FAMILIES.values() for fact in facts}


def without(check: Check) -> dict[str, Any]:
    """A check as it stands in its file, without what speaks of the facts that are taken away; never met where its condition does."""
    raw = check.raw | {"tests": [{"name": "nothing is known", "facts": {}, "expect": "unknown"}]}
    if expressions.names(check.met_when) & TAKEN:
        return raw | {"met_when": False, "excuses": {}, "excuse_titles": {}, "evidence": ["declared_at"], "params": {}, "since": "declared_at"}
    kept = {name for name, tree in check.excuses.items() if not expressions.names(tree) & TAKEN}
    trees = [check.met_when, check.since, *(tree for name, tree in check.excuses.items() if name in kept)]
    spoken = set().union(*(expressions.parameters(tree) for tree in (*trees, *([check.asked_when] if check.asked_when else []))))
    return raw | {
        "excuses": {name: text for name, text in raw["excuses"].items() if name in kept},
        "excuse_titles": {name: title for name, title in raw.get("excuse_titles", {}).items() if name in kept},
        "evidence": [fact for fact in check.evidence if fact not in TAKEN],
        "params": {name: value for name, value in raw["params"].items() if name in spoken},
    }


def packs(folder: Path) -> tuple[Path, Path]:
    """The pack without rings, and the same without what is measured."""
    policy = load_policy(judge.PACK)
    raw = yaml.safe_load((LIBRARY / judge.PACK / "pack.yaml").read_text(encoding="utf-8"))
    del raw["rings"], raw["checks"]["in_ring"]
    brushing = raw["offences"]["brushing"]
    brushing["proved_when"] = dict.fromkeys(brushing["proved_when"], "shared_sender and light_parcel")
    brushing["suspected_when"] = {day: text.replace("in_ring\n", "false\n").replace("in_ring or", "") for day, text in brushing["suspected_when"].items()}
    made = folder / "whole", folder / "bare"
    for place in made:
        (place / "checks").mkdir(parents=True)
        (place / "pack.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for name, check in policy.checks.items():
        if name != "in_ring":
            (made[1] / "checks" / check.file).write_text(yaml.safe_dump(without(check), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return made


def main(shipments: int = 1_000_000, rounds: int = 5) -> int:
    """Print the medians; 1 where the whole pack takes more than it may."""
    dataset = judge.dataset(shipments)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = packs(folder)
        taken: dict[str, list[float]] = {pack.name: [] for pack in made}
        for _ in range(rounds):
            for pack in made:
                taken[pack.name].append(spent("judge", dataset, "--policy", pack, "--out", folder / f"out-{pack.name}").wall)
    whole, bare = (statistics.median(taken[pack.name]) for pack in made)
    print(f"{shipments:,} shipments, {rounds} rounds: whole {whole:.2f} s, without {bare:.2f} s: {whole / bare - 1:+.1%} (at most {MOST:.0%})")
    for name, found in taken.items():
        print(f"  {name:<6} {' '.join(f'{value:.2f}' for value in found)}")
    return int(whole > (1 + MOST) * bare)


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:3])))
