"""The job as an analyst would write it with pandas: three files, facts of each waybill by groupby, a merge, and eight checks.

    python bench/frames.py DATASET FLAGS.parquet

It reads only the columns that it needs, and groups by a number instead of two texts. It leaves out all that is hard: validation, exact
duplicates and versions of a row, recycled numbers, scans that came to be known later, place names, live feeds and lost scans, announced
disruptions, other shops' parcels, every excuse, answers of three values, dated rules, money, strikes, measures, evidence, clauses, rings,
and the other two dozen checks. `bench/analyst.py` tells what that costs in time, and what in answers.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pandas as pd

from parcelproof.policy import load_policy

PACK = "douyin-shop"
TRACE = ["carrier", "waybill_no"]
UNHANDLED = ["created", "recalled", "exception", "other"]
ON_ITS_WAY = ["hub_in", "hub_out", "outlet_in", "out_for_delivery"]
NEVER_SENT = ["virtual", "self_delivery"]
SORTED = ["hub_in", "hub_out", "outlet_in", "out_for_delivery", "pickup_ready", "delivered", "attempt_failed"]


def flags(folder: Path) -> Any:  # noqa: ANN401  pandas has no types of its own
    """One row a declaration: its key and, for each check, whether it is met."""
    orders = pd.read_parquet(folder / "orders.parquet", columns=["order_id", "kind", "paid_at", "promised_ship_at", "adcode", "recipient_key"])
    declared = pd.read_parquet(folder / "declarations.parquet", columns=["order_id", *TRACE, "declared_at", "withdrawn_at"])
    scans = pd.read_parquet(folder / "scans.parquet", columns=[*TRACE, "event_time", "stage", "adcode"])
    as_of = max(scans["event_time"].max(), orders["paid_at"].max(), declared["declared_at"].max())
    shipments = declared.merge(orders, on="order_id").merge(traces(scans, as_of), on=TRACE, how="left")
    return checked(shipments[~shipments["kind"].isin(NEVER_SENT)], as_of)


def traces(scans: Any, as_of: Any) -> Any:  # noqa: ANN401  pandas has no types of its own
    """One row a waybill: its first moments of each kind, where it was delivered, its longest silence in hours."""
    scans["trace"] = scans.groupby(TRACE, sort=False).ngroup()
    scans = scans.sort_values(["trace", "event_time"], ignore_index=True)
    handled = scans[~scans["stage"].isin(UNHANDLED)]
    sorted_on = scans[scans["stage"].isin(SORTED)]
    delivered = scans[scans["stage"] == "delivered"].drop_duplicates("trace")
    found = scans.drop_duplicates("trace").set_index("trace")[TRACE]
    found["first_at"] = scans.groupby("trace")["event_time"].min()
    found["collected_at"] = handled.groupby("trace")["event_time"].min()
    found["hub_at"] = sorted_on.groupby("trace")["event_time"].min()
    found["origin"] = handled.drop_duplicates("trace").set_index("trace")["adcode"].str[:2]
    found["delivered_at"] = delivered.set_index("trace")["event_time"]
    found["delivered_adcode"] = delivered.set_index("trace")["adcode"]
    until = scans["event_time"].shift(-1).where(scans["trace"].shift(-1) == scans["trace"], as_of)
    silent = (until - scans["event_time"]).where(scans["stage"].isin(ON_ITS_WAY))
    found["stall_hours"] = silent.groupby(scans["trace"]).max() / pd.Timedelta(hours=1)
    return found


def checked(shipments: Any, as_of: Any) -> Any:  # noqa: ANN401  pandas has no types of its own
    """The checks over one wide frame, with the pack's figures."""
    params = {name: check.params for name, check in load_policy(PACK).checks.items()}
    lane = params["stalled"]
    hour = pd.Timedelta(hours=1)
    s, origin, destination = shipments, shipments["origin"], shipments["adcode"].str[:2]
    found = s[["order_id", *TRACE]].copy()
    waited = (s["collected_at"].fillna(as_of) - s["declared_at"]) / hour
    found["no_pickup"] = s["withdrawn_at"].isna() & (waited > params["no_pickup"]["pickup_hours"])
    found["no_hub"] = s["collected_at"].notna() & ((s["hub_at"].fillna(as_of) - s["collected_at"]) / hour > params["no_hub"]["hub_hours"])
    near = origin == destination
    for region in ("yangtze_delta", "jingjinji"):
        near |= origin.isin(lane[region]) & destination.isin(lane[region])
    allowed = near.map({True: lane["same_region_hours"], False: lane["cross_province_hours"]})
    allowed = allowed.mask(origin.isin(lane["remote"]) | destination.isin(lane["remote"]), lane["remote_hours"])
    found["stalled"] = s["stall_hours"] > allowed
    found["scanned_before_payment"] = s["first_at"] < s["paid_at"] - pd.Timedelta(minutes=params["scanned_before_payment"]["tolerance_minutes"])
    found["late_shipping"] = s["collected_at"].fillna(as_of) > s["promised_ship_at"]
    there, here = s["delivered_adcode"], s["adcode"]
    known = there.notna() & here.notna()
    found["delivered_elsewhere"] = known & (there.str[:2] != here.str[:2])
    found["delivered_in_other_city"] = known & (there.str[:2] == here.str[:2]) & (there.str[:4] != here.str[:4])
    first = s.sort_values("declared_at").groupby(TRACE, sort=False)["recipient_key"].transform("first").reindex(s.index)
    found["waybill_reused"] = first.notna() & s["recipient_key"].notna() & (first != s["recipient_key"])
    return found


def main(folder: str, out: str) -> int:
    """Write the flags."""
    flags(Path(folder)).to_parquet(out, index=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
