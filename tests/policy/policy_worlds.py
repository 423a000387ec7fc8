"""Small worlds of facts: rows are an honest shipment with what a case changes, judged by the steps that the judge runs."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from parcelproof.engines.duckdb import Engine
from parcelproof.facts.catalogue import fact_types
from parcelproof.policy import Policy, compile_policy, compiled
from parcelproof.policy.cases import SQL_OF
from parcelproof.verdicts.decide import decide
from parcelproof.verdicts.parquet_files import write_findings

HERE = Path(__file__).parent
PACKS = HERE.parents[1] / "src" / "parcelproof" / "policies"
AS_OF = datetime(2026, 11, 1)  # noqa: DTZ001  times of the judge are UTC without a zone
HONEST: dict[str, Any] = {
    "carrier": "SF", "merchant_id": "M", "buyer_id": "B", "product_id": "P", "order_kind": "standard", "order_mode": "standard", "order_status": "paid",
    "needs_delivery": True, "amount_paid": "500.00", "unit_price": "500.00", "quantity": 1, "currency": "CNY", "hours_promised": 48, "declared": True,
    "trace_known": True, "scans_on_trace": 8, "last_stage": "delivered", "hours_without_pickup": 5, "hours_without_hub": 8, "longest_stall_hours": 20,
    "hours_paused": 0, "waived": False, "hours_late": -20, "origin_province": "33", "destination_province": "44",
    "bound_province": "44", "minutes_scanned_before_payment": 0,
    "numbers_on_order": 1, "numbers_standing": 1, "other_orders_on_number": 0, "other_recipients_on_number": 0, "earlier_recipients_on_number": 0,
    "first_to_use_number": True,
    "earlier_withdrawn_after_hours": None, "tied_withdrawn_after_hours": None,
    "days_since_earlier_trace": 0, "number_shape_valid": True, "recipient_matches": None, "phone_matches": None, "label_level": "district",
    "delivered_level": "district", "address_changed": False, "merge_agreed": False, "weight_ratio": 1, "goods_weight_g": 500,
    "weight_is_carrier_default": False, "identical_traces": 0, "identical_trace_destinations": 1, "had_delivery_scan": True, "minutes_outlet_to_sign": 240,
    "recalled_before_any_request": False, "delivery_tried": False, "sender_shops": 1, "sender_registered": False, "sender_weight_spread": 0.5,
    "confirmed_by": "buyer",
    "minutes_delivery_to_confirmation": 1440, "minutes_confirmation_to_review": 600, "same_review_elsewhere": 0, "complaint_not_received": "none",
    "complaint_empty_parcel": "none", "complaint_wrong_item": "none", "complaint_short": "none", "origin_city": "3301", "shop_city": "3301",
    "hours_to_delivery": 72, "reviewed": True,
}  # fmt: skip
"""An ordinary parcel that arrives in time."""


def cases(name: str) -> list[dict[str, Any]]:
    """The sentences of one file."""
    found: list[dict[str, Any]] = yaml.safe_load((HERE / "truth" / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def row(number: int, day: str, facts: dict[str, Any]) -> dict[str, Any]:
    """One shipment on a local day (in China and in California): order and number are its own unless the case says otherwise."""
    noon = f"{day} 10:00:00"
    return (
        HONEST
        | {"order_id": f"O{number:07}", "waybill_no": f"W{number:07}", "act_time": noon, "paid_at": noon, "declared_at": noon, "as_of": str(AS_OF)}
        | facts
    )


def judged(policy: Policy | str, rows: Sequence[Mapping[str, Any]], as_of: datetime = AS_OF, file: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """The output tables for rows of facts, as the judge makes them; the findings are written to a file, too, where one is named."""
    pack = compiled(policy) if isinstance(policy, str) else compile_policy(policy)
    types = fact_types()
    with Engine(threads=1) as engine:
        written = {name: [None if facts.get(name) is None else str(facts[name]) for facts in rows] for name in types}
        texts = pa.table({"shipment": list(range(len(rows))), **{name: pa.array(values, pa.string()) for name, values in written.items()}})
        engine.db.register("written", texts)
        engine.table("facts", "select shipment, " + ", ".join(f"cast({name} as {SQL_OF[kind]}) as {name}" for name, kind in types.items()) + " from written")
        decide(engine, pack, as_of)
        if file is not None:
            write_findings(engine, file)
        return {name: engine.arrow(f"select * from {name}").to_pylist() for name in ("verdicts", "findings", "charges", "strikes", "measures")}


def basis(found: Mapping[str, Any]) -> dict[str, Any]:
    """The arithmetic of a charge or a measure."""
    told: dict[str, Any] = json.loads(found["basis"])
    return told


CLAUSE = {"zh-CN": "条款", "en": "clause"}
SMALL: dict[str, Any] = {
    "id": "small", "title": {"zh-CN": "小规则", "en": "Small"}, "zone": "Asia/Shanghai", "currency": "CNY", "applies_when": "needs_delivery",
    "sources": {"rule": {"url": "https://example.org/rule", "seen": "2026-08-22"}},
    "checks": {"no_hub": {"clause": CLAUSE}, "waybill_reused": {"clause": CLAUSE}, "late_shipping": {"clause": CLAUSE}, "no_hub_long": {"clause": CLAUSE}},
    "offences": {
        "false_shipping": {"source": {"2026-01-01": "rule"}, "clause": CLAUSE, "proved_when": {"2026-01-01": "waybill_reused or no_hub_long"},
                           "charge": {"2026-01-01": {"rate": 0.2, "min": 5}}},
        "stalled_trace": {"source": {"2026-01-01": "rule"}, "clause": CLAUSE, "proved_when": {"2026-01-01": "no_hub"},
                          "charge": {"2026-01-01": {"rate": 0.05, "min": 5}}},
        "late_shipping": {"source": {"2026-01-01": "rule"}, "clause": CLAUSE, "proved_when": {"2026-01-01": "late_shipping"},
                          "charge": {"2026-01-01": {"rate": 0.1, "min": 5}}},
    },
}  # fmt: skip
REUSED = {"other_recipients_on_number": 1, "earlier_recipients_on_number": 1, "first_to_use_number": False}
"""The smallest pack that charges three offences, and what makes its gravest one."""


class _Dumper(yaml.SafeDumper):
    """Writes what stands twice twice."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _dump(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
    return text


def written(folder: Path, pack: dict[str, Any], checks: dict[str, dict[str, Any]] | None = None) -> str:
    """A pack in a folder of its own; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(_dump(pack), encoding="utf-8")
    for name, check in (checks or {}).items():
        (folder / "checks").mkdir(exist_ok=True)
        (folder / "checks" / f"{name}.yaml").write_text(_dump(check), encoding="utf-8")
    return str(folder)


def text_of(path: Path) -> dict[str, Any]:
    loader = type("Plain", (yaml.SafeLoader,), {"yaml_implicit_resolvers": {
        first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()}})  # fmt: skip
    """A pack as it is written, days as texts."""
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  a safe loader without times
    return found


def change(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The small pack with one value changed."""
    pack = copy.deepcopy(SMALL)
    at: Any = pack
    for key in path[:-1]:
        at = at.setdefault(key, {})
    at[path[-1]] = value
    return pack
