"""What a country's parcels would cost: the measured rates times the load. Every figure of docs/scale.md comes from here.

Assumed are the load and the prices; the rest is measured by `make bench`, at the largest size that was. Cost is taken to grow with
the scans, for of the two they grow more: a day has more scans to a shipment than the dataset of the benches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

DAY_SHIPMENTS, DAY_SCANS = 545e6, 5_000e6
WINDOW_DAYS = 10
"""So long a shipment is judged again each day: its trace goes on, or one of its windows is open."""
CORE_HOUR_USD, GB_MONTH_USD = 0.05, 0.023
"""Assumed: a core with 4 GB of memory, rented by the hour; a gigabyte of object storage for a month."""
CLUSTERS = (16, 64, 256)
WORKER_GB = 16
KEPT_DAYS = 90
_MIB = 1 << 20
_FIGURES = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Rates:
    """What was measured. `use` is how much of its cores the judge kept busy; bytes are those of Parquet files."""

    shipments: int
    core_seconds_a_scan: float
    use: float
    bytes_a_scan: float
    bytes_a_shipment: float
    out_bytes_a_shipment: float
    memory_a_shipment: float
    spilled_a_shipment: float
    spilled_memory: str
    small_spilled: bool


def rates(found: dict[str, Any]) -> Rates:
    """The rates of a result: costs at its largest size; memory at its smallest."""
    size, small = found["sizes"][-1], found["sizes"][0]
    judged, weights, shipments = size["judge"], size["bytes"], size["shipments"]
    return Rates(
        shipments=shipments,
        core_seconds_a_scan=judged["processors"] / size["scans"],
        use=min(judged["processors"] / judged["wall"] / found["machine"]["cores"], 1.0),
        bytes_a_scan=weights["scans"] / size["scans"],
        bytes_a_shipment=(weights["orders"] + weights["declarations"]) / shipments,
        out_bytes_a_shipment=weights["out"] / shipments,
        memory_a_shipment=small["judge"]["peak_mb"] * _MIB / small["shipments"],
        spilled_a_shipment=judged["scratch_mb"] * _MIB / shipments,
        spilled_memory=size["memory"],
        small_spilled=small["judge"]["scratch_mb"] > 0,
    )


@dataclass(frozen=True, slots=True)
class Load:
    """One way to judge: so many scans and shipments are read each time, so many times a day."""

    name: str
    shipments: float
    scans: float
    times: int

    def read_gb(self, rate: Rates) -> float:
        """Gigabytes read each time."""
        return (self.scans * rate.bytes_a_scan + self.shipments * rate.bytes_a_shipment) / 1e9

    def core_hours(self, rate: Rates) -> float:
        """Hours of one busy core, each time."""
        return self.scans * rate.core_seconds_a_scan / 3600

    def minutes(self, rate: Rates, cores: int) -> float:
        """Minutes each time on so many cores, of which as much is used as was measured."""
        return self.core_hours(rate) * 60 / (cores * rate.use)

    def usd_a_day(self, rate: Rates) -> float:
        """What the cores of a day cost, the idle part of them included."""
        return self.core_hours(rate) / rate.use * self.times * CORE_HOUR_USD


def loads() -> list[Load]:
    """Batch and incremental. A tick judges every shipment again that it brings a scan of: at most one for each scan, with all of its scans."""
    tick = DAY_SCANS / 24
    return [
        Load("batch, the shipments of one day once", DAY_SHIPMENTS, DAY_SCANS, 1),
        Load(f"batch, all shipments of {WINDOW_DAYS} days, daily", DAY_SHIPMENTS * WINDOW_DAYS, DAY_SCANS * WINDOW_DAYS, 1),
        Load(f"batch, all shipments of {WINDOW_DAYS} days, hourly", DAY_SHIPMENTS * WINDOW_DAYS, DAY_SCANS * WINDOW_DAYS, 24),
        Load("incremental, hourly, what was touched", tick, tick * DAY_SCANS / DAY_SHIPMENTS, 24),
    ]


def measured(rate: Rates, found: dict[str, Any]) -> list[str]:
    """The rates as a table, with their formulas, and what a reader should know of the measurement."""
    note = f" {found['note']}." if found["note"] else ""
    spilled = "some was" if rate.small_spilled else "nothing was"
    rows = [
        ("processor time", f"{rate.core_seconds_a_scan * 1e6:.2f} µs a scan", f"processor seconds / scans, at {rate.shipments:,} shipments"),
        ("use of the cores", f"{rate.use:.0%}", "processor seconds / (seconds x cores)"),
        ("input", f"{rate.bytes_a_scan:.1f} bytes a scan, {rate.bytes_a_shipment:.0f} a shipment", "Parquet as DuckDB writes it by default"),
        ("output", f"{rate.out_bytes_a_shipment:.0f} bytes a shipment", "the folder that the judge writes"),
        ("memory", f"{rate.memory_a_shipment:,.0f} bytes a shipment", f"peak / shipments, at the smallest size, where {spilled} spilled"),
        (
            "spilled",
            f"{rate.spilled_a_shipment:,.0f} bytes a shipment",
            f"scratch disk / shipments, at {rate.shipments:,} with `--memory {rate.spilled_memory}`",
        ),
    ]
    return [f"Measured on {found['date']}.{note}", "", *_table(("rate", "value", "how"), rows)]


def costs(rate: Rates) -> list[str]:
    """Bytes, cores, minutes and money of each way."""
    head = ("", "read each time", "core-hours each time", *(f"minutes on {cores} cores" for cores in CLUSTERS), "USD a day")
    rows = [
        (
            load.name, f"{load.read_gb(rate):,.0f} GB", f"{load.core_hours(rate):,.1f}",
            *(f"{load.minutes(rate, cores):,.0f}" for cores in CLUSTERS), f"{load.usd_a_day(rate):,.2f}",
        )
        for load in loads()
    ]  # fmt: skip
    return _table(head, rows)


def storage(rate: Rates) -> list[str]:
    """What a day adds, and what it costs to keep."""
    scans, rows, out = DAY_SCANS * rate.bytes_a_scan, DAY_SHIPMENTS * rate.bytes_a_shipment, DAY_SHIPMENTS * rate.out_bytes_a_shipment
    parts = [("scans", scans), ("orders and declarations", rows), ("verdicts, findings and the rest", out), ("all", scans + rows + out)]
    head = ("", "a day", f"{KEPT_DAYS} days", f"USD a month for {KEPT_DAYS} days")
    return _table(
        head, [(name, f"{size / 1e9:,.0f} GB", f"{size * KEPT_DAYS / 1e12:,.1f} TB", f"{size * KEPT_DAYS / 1e9 * GB_MONTH_USD:,.0f}") for name, size in parts]
    )


def limits(rate: Rates, machine: dict[str, Any]) -> list[str]:
    """What a day would ask of the machine that was measured, and into how many parts it must be cut."""
    day = loads()[0]
    memory = DAY_SHIPMENTS * rate.memory_a_shipment
    hours = day.minutes(rate, machine["cores"]) / 60
    return _table(
        ("the shipments of one day", "", "how"),
        [
            (f"hours on the machine measured ({machine['cores']} cores)", f"{hours:,.1f}", "core-hours / (cores x use), if nothing else broke"),
            ("memory without spilling", f"{memory / 1e9:,.0f} GB", f"bytes a shipment x shipments; the machine has {machine['memory_mb'] / 1024:,.0f} GiB"),
            (f"parts that fit in {WORKER_GB} GB each", f"{memory / (WORKER_GB * 1e9):,.0f}", "partitions of the hash of the waybill"),
            ("shipments a part", f"{WORKER_GB * 1e9 / rate.memory_a_shipment / 1e6:,.1f} M", "memory of a worker / bytes a shipment"),
        ],
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def filled(text: str, found: dict[str, Any]) -> str:
    """A page with the figures between its marks made anew.

    Raises:
        KeyError: The page asks for figures that there are none of.
    """
    rate = rates(found)
    made = {"measured": measured(rate, found), "costs": costs(rate), "storage": storage(rate), "limits": limits(rate, found["machine"])}
    return _FIGURES.sub(lambda match: match[1] + "\n" + "\n".join(made[match[2]]) + "\n\n" + match[3], text)
