"""What every measurement needs: what a command cost, and on which machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PARCELPROOF = (sys.executable, "-m", "parcelproof.cli")
_MIB = 1 << 20
_BLOCK = 512
"""Bytes of what `st_blocks` counts."""
_LOOK = 0.02
"""Seconds between two looks at a command: so much may be added to its time."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one piece of work cost: seconds on the clock and of all processors (user and system), the most memory and scratch disk it held, MiB."""

    wall: float
    processors: float
    peak_mb: int = 0
    scratch_mb: int = 0


def spent(*words: str | Path) -> Spent:
    """Run a command of Parcelproof and measure it."""
    return spent_by(*PARCELPROOF, *words)


def spent_by(*words: str | Path, scratch: Path | None = None) -> Spent:
    """Run any command and measure it; its temporary files go below `scratch` and are measured, too, where it is given.

    Raises:
        SystemExit: The command failed; what it said stands on stderr.
    """
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        environment = {**os.environ, **({"TMPDIR": folder} if scratch else {})}
        process = subprocess.Popen([*map(str, words)], stdout=subprocess.DEVNULL, env=environment)  # noqa: S603  commands of the benches
        spilled, held, done = 0, 0, 0
        while not done:
            time.sleep(_LOOK)
            spilled, held = max(spilled, _size(Path(folder))), _most_held(process.pid) or held
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{' '.join(map(str, words))} failed")
    # macOS counts bytes. On Linux a command's usage begins with the memory of whoever started it, so that its own is read while it runs.
    peak = held or (usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024)
    return Spent(round(wall, 3), round(usage.ru_utime + usage.ru_stime, 3), round(peak / _MIB), round(spilled / _MIB))


def _most_held(process: int) -> int:
    """The most memory that a running process has held, bytes; 0 where nobody tells."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


def _size(folder: Path) -> int:
    """Bytes that a folder takes up on the disk, while others write and remove files in it."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            total += path.stat().st_blocks * _BLOCK
    return total


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
