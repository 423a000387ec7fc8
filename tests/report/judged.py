"""A judged folder made by SQL: the relations of the contract's section 4 with every outcome, for tests of this room."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from parcelproof.engines.duckdb import Engine, quoted

if TYPE_CHECKING:
    from pathlib import Path

VERDICTS = """
select
    'O' || lpad(i::varchar, 8, '0') as order_id, 'shop-' || lpad(((i * 31) % shops)::varchar, 5, '0') as merchant_id,
    case when i % 97 <> 0 then 'ZTO' end as carrier,
    case when i % 97 <> 0 then '7310' || (10000000 + i)::varchar end as waybill_no,
    outcome,
    case when outcome in ('violation', 'suspected')
        then ['late_shipping', 'stalled_trace', 'false_shipping', 'fraudulent_parcel', 'brushing'][1 + (i // 7) % 5] end as offence,
    timestamp '2026-08-01 01:00:00' + interval ((i * 977) % (28 * 86400)) second as act_time,
    'douyin-shop' as policy, case when (i * 977) % (28 * 86400) < 2 * 86400 then '2026-07-09' else '2026-08-03' end as policy_version,
    case when outcome = 'violation' then ['waybill_reused'] else [] end::varchar[] as met,
    case when outcome = 'undetermined' then ['no_pickup'] else [] end::varchar[] as unknown,
    case when i % 211 = 0 then ['stalled:force_majeure'] else [] end::varchar[] as excused,
    case when outcome = 'violation' and (i // 7) % 5 in (0, 3) then (10 + i % 400)::decimal(18, 2) end as charge,
    'CNY' as currency, timestamp '2026-08-31 15:59:59' as as_of
from (
    select i, greatest(1, {n} // 400) as shops,
        case when i % 71 = 0 then 'violation' when i % 131 = 0 then 'suspected'
            when i % 23 = 0 then 'undetermined' else 'clear' end as outcome
    from range({n}) as numbers(i)
)
"""

FINDINGS = """
select order_id, carrier, waybill_no, 'waybill_reused' as indicator, 'false_shipping' as offence, 'met' as status, null::varchar as excuse,
    act_time as since,
    '{{"waybill_no": "' || coalesce(waybill_no, '') || '", "other_recipients_on_number": 2}}' as evidence, 'D-AB 2.2' as clause
from verdicts where outcome = 'violation'
union all by name
select order_id, carrier, waybill_no, 'no_pickup' as indicator, 'stalled_trace' as offence, 'unknown' as status, null as excuse,
    null as since, '{{"hours_without_pickup": null, "trace_known": false}}' as evidence, 'D-TO 1' as clause
from verdicts where outcome = 'undetermined'
union all by name
select order_id, carrier, waybill_no, 'stalled' as indicator, 'stalled_trace' as offence, 'excused' as status, 'force_majeure' as excuse,
    act_time as since, '{{"longest_stall_hours": 80.5, "waived": true}}' as evidence, 'D-TO 1' as clause
from verdicts where len(excused) > 0
"""

CHARGES = """
select order_id, carrier, waybill_no, merchant_id, offence, charge as amount, currency,
    '{{"rate": "0.3", "min": "10", "max": "500"}}' as basis
from verdicts where charge is not null
"""

STRIKES = """
select merchant_id, offence, cast(act_time + interval 8 hour as date) as day, count(*)::integer as violations, 20 as shipments,
    count(*) / 20.0::double as rate, 1 as ordinal, date '2026-01-01' as window_start
from verdicts where outcome = 'violation' and offence = 'false_shipping'
group by all having count(*) >= 2
"""

MEASURES = """
select merchant_id, 'merchant' as target_kind,
    merchant_id as target_id, offence, 'freeze_settlement' as measure, 1000::decimal(18, 2) as amount,
    'CNY' as currency, day + interval 1 day as starts_at, day + interval 31 day as ends_at, true as needs_human,
    '{{"ordinal": 1}}' as basis, 'D-AB 3' as clause
from strikes
union all by name
select merchant_id, 'order' as target_kind, order_id as target_id, offence, 'charge' as measure, charge as amount, currency,
    act_time as starts_at, null as ends_at, false as needs_human, '{{}}' as basis, 'D-FR 4' as clause
from verdicts where charge is not null
"""

QUARANTINE = """
select 'orders' as "table", 'orders.csv' as file, i as "row", 'paid_at: ''2026-13-' || i || ''' is not a time' as reason, 'x,y' as text
from range({n} // 50) as numbers(i)
union all by name
select 'scans' as "table", 'scans/part-1.jsonl' as file, i as "row",
    'stage: ''flying'' is not one of created, collected' as reason, '{{}}' as text
from range({n} // 200) as numbers(i)
"""

TABLES = {
    "verdicts": VERDICTS,
    "findings": FINDINGS,
    "charges": CHARGES,
    "strikes": STRIKES,
    "measures": MEASURES,
    "quarantine": QUARANTINE,
}

RINGS = {
    "rings": """
        select 'R' || i as ring_id, 3 as merchants, 90 as buyers, 180 as orders, 120 as score, 9.5 as expected_score, 1e-30 as p_value, 0.02 as permutation_p,
            'buyer payer' as sides, true as coordinated, timestamp '2026-08-01' as first_paid_at, timestamp '2026-08-20' as last_paid_at
        from range(least({n}, 14)) as numbers(i)
    """,
    "ring_members": """
        select ring_id, 'merchant' as member_kind, '<i>M' || i as member_id, 60 as orders, 20 * i as flagged_orders,
            if(i = 0, 'possible_victim', 'member') as role
        from rings, range(3) as numbers(i)
    """,
    "ring_orders": """
        select ring_id, 'O' || i as order_id, '<i>M' || i % 3 as merchant_id, 'account ' || i // 2 as buyer_id, i % 3 > 0 as flagged
        from rings, range(180) as numbers(i)
    """,
    "ring_flags": "select ring_id, 'light' as flag, 120 as orders, 500 as market_orders, 9000 as all_orders from rings",
    "ring_shares": "select ring_id, 'payer' as kind, 4 as keys, 88 as buyers from rings",
}


MISSING = """
    select fact, indicator, count(*) as findings
    from (
        select indicator, unnest(regexp_extract_all(evidence, '"([a-z_]+)" *: *null', 1)) as fact
        from findings where status = 'unknown'
    )
    group by all
"""


def judge_made_up(engine: Engine, shipments: int) -> None:
    """Put all relations of a judged folder into the engine; 0 shipments makes them empty."""
    for name, select in (TABLES | RINGS).items():
        engine.table(name, select.format(n=shipments))
    engine.view("finding_counts", "select indicator, status, excuse, count(*) as shipments from findings group by all")
    engine.view("missing_facts", MISSING)


def run_json(shipments: int = 0) -> dict[str, Any]:
    """What `run.json` says of such a folder."""
    counts = {"rows": shipments + 3, "kept": shipments, "quarantined": 2, "duplicates": 1}
    return {
        "version": "0.1.0",
        "engine": "duckdb",
        "as_of": "2026-08-31T15:59:59Z",
        "started_at": "2026-09-01T02:00:00Z",
        "policy": {
            "id": "douyin-shop",
            "title": {"zh-CN": "抖店发货规则", "en": "Douyin Shop shipping rules"},
            "versions": ["2026-07-09", "2026-08-03"],
            "hash": "sha256:4a7d1ed414474e4033ac29ccb8653d9b",
            "zone": "Asia/Shanghai",
            "currency": "CNY",
        },
        "rows": {"orders": counts, "declarations": counts, "scans": {**counts, "rows": 8 * shipments}},
        "out": {"verdicts": shipments},
        "seconds": {"read": 0.31, "facts": 1.92, "judge": 0.88},
        "fingerprint": "sha256:9f86d081884c7d659a2feaa0c55ad015",
        "peak_memory_mb": 512.4,
        "titles": {
            "waybill_reused": {"zh-CN": "重复上传物流单号", "en": "Waybill number already used for another recipient"},
            "no_pickup": {"zh-CN": "上传单号后未揽收", "en": "No pickup after the number was declared"},
            "stalled": {"zh-CN": "中转停滞", "en": "Stalled in transit"},
            "stalled:force_majeure": {"zh-CN": "不可抗力", "en": "Force majeure"},
        },
    }


def write_folder(folder: Path, shipments: int = 500, *, written_as: str = "parquet", **run: Any) -> Path:
    """A judged folder on disk, without its page; `run` adds to run.json."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {"parquet": "format parquet", "csv": "format csv, header", "jsonl": "format json"}[written_as]
    with Engine(threads=1) as engine:
        judge_made_up(engine, shipments)
        for name in TABLES:
            engine.run(f"copy {name} to {quoted(folder / f'{name}.{written_as}')} ({written})")
    (folder / "run.json").write_text(json.dumps({**run_json(shipments), **run}), encoding="utf-8")
    return folder


DATASET = {
    "orders": """
order_id,merchant_id,buyer_id,placed_at,paid_at,amount_paid,currency,adcode,promised_ship_at
O00000071,shop-1,B1,2026-08-01T09:58:00Z,2026-08-01T10:00:00Z,99.90,CNY,330106,2026-08-03T10:00:00Z
O00000072,shop-1,B2,2026-08-01T09:58:00Z,2026-08-01T10:00:00Z,99.90,CNY,330106,
""",
    "declarations": """
order_id,carrier,waybill_no,declared_at,withdrawn_at
O00000071,ZTO,731010000071,2026-08-01T12:00:00Z,
O00000071,ZTO,731010000099,2026-08-01T12:00:00Z,2026-08-02T00:00:00Z
O00000072,ZTO,7310-1000-0071,2026-08-01T13:00:00Z,
""",
    "parcels": """
carrier,waybill_no,created_at,weight_g,weighed_at
ZTO,731010000071,2026-08-01T11:59:00Z,1200,2026-08-01T14:00:00Z
""",
    "scans": """
carrier,waybill_no,event_time,received_at,stage,place,description,adcode
ZTO,731010000071,2026-08-01T13:00:00Z,2026-08-01T19:00:00Z,collected,杭州西湖,【杭州西湖】快件已被揽收,330106
zto,7310 10000071,2026-08-02T13:00:00Z,,hub_in,杭州中转部,,330100
ZTO,731010000071,2026-08-03T13:00:00Z,2026-09-01T19:00:00Z,delivered,杭州西湖,came in after the judging,330106
SF,731010000071,2026-08-02T15:00:00Z,,delivered,成都,another carrier's parcel,510100
""",
    "complaints": """
order_id,kind,opened_at,upheld,decided_at
O00000071,not_received,2026-08-05T13:00:00Z,true,2026-09-09T00:00:00Z
""",
    "order_events": """
order_id,kind,happened_at,until
O00000071,ship_time_agreed,2026-08-01T11:00:00Z,2026-08-04T10:00:00Z
""",
    "receipts": """
order_id,confirmed_at,confirmed_by,reviewed_at
O00000071,2026-08-20T11:00:00Z,auto,2026-08-21T11:00:00Z
""",
    "disruptions": """
carrier,adcode,facility_id,starts_at,ends_at,reason,announced_at
,33,,2026-08-02T00:00:00Z,2026-08-04T00:00:00Z,typhoon here,2026-08-02T06:00:00Z
,11,,2026-08-02T00:00:00Z,2026-08-04T00:00:00Z,typhoon elsewhere,
SF,,,2026-08-02T00:00:00Z,2026-08-04T00:00:00Z,strike of another carrier,
,,F1,2026-08-02T00:00:00Z,2026-08-04T00:00:00Z,fire at another site,
""",
}
"""A dataset behind shipment O00000071, which the made-up judgement calls a violation."""


def write_dataset(folder: Path) -> Path:
    """The dataset as CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in DATASET.items():
        (folder / f"{name}.csv").write_text(text.lstrip(), encoding="utf-8")
    return folder
