"""What every measurement needs: what a command cost, and on which machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PARCELPROOF = (sys.executable, "-m", "parcelproof.cli")
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Spent:
    """What one piece of work cost: seconds on the clock, seconds of all processors (user and system), and the most memory it held, MiB."""

    wall: float
    processors: float
    peak_mb: int


def spent(*words: str | Path) -> Spent:
    """Run a command of Parcelproof and measure it."""
    return spent_by(*PARCELPROOF, *words)


def spent_by(*words: str | Path) -> Spent:
    """Run any command and measure it.

    Raises:
        SystemExit: The command failed; what it said stands on stderr.
    """
    start = time.perf_counter()
    process = subprocess.Popen([*map(str, words)], stdout=subprocess.DEVNULL)  # noqa: S603  commands of the benches
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{' '.join(map(str, words))} failed")
    # Linux counts kibibytes, macOS bytes.
    peak = usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
    return Spent(round(time.perf_counter() - start, 3), round(usage.ru_utime + usage.ru_stime, 3), round(peak / _MIB))


def machine() -> dict[str, Any]:
    """What a figure depends on: processor, cores, memory, versions."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _MIB),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: found for name in ("parcelproof", "duckdb", "pyarrow", "pandas", "zen-engine", "pyspark") if (found := _version(name))},
    }


def today() -> str:
    """The day, UTC."""
    return datetime.now(UTC).date().isoformat()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
