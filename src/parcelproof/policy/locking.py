"""The lock of a pack: a content hash of each version and each check, so that no released text changes under its old day.

`lock.yaml` stands beside `pack.yaml`. A version is what holds on a day on which something changes; notes and titles may be
mended at any time, for they are no law.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from parcelproof import yamlmarks
from parcelproof.policy.held import held
from parcelproof.policy.model import Policy

NAME = "lock.yaml"


def hashes(policy: Policy) -> dict[str, dict[str, str]]:
    """Versions by their day, and checks by their id, each with its hash."""
    checks = {name: {key: check.raw.get(key) for key in ("met_when", "asked_when", "excuses", "since", "params")} for name, check in policy.checks.items()}
    return {
        "versions": {day: _hash(held(policy, day)) for day in policy.dates()},
        "checks": {name: _hash([policy.checks[name].file, content]) for name, content in sorted(checks.items())},
    }


def _hash(content: Any) -> str:  # noqa: ANN401  any plain value
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def lock_faults(policy: Policy) -> tuple[list[str], list[str]]:
    """(what stands otherwise than it was locked, what is not locked yet)."""
    path = policy.path.parent / NAME
    faults: list[str] = []
    locked, lines = yamlmarks.read(path, faults) if path.is_file() else ({}, {})
    now = hashes(policy)
    missing = []
    for part, noun in (("versions", "version"), ("checks", "check")):
        written = locked.get(part)
        known = written if isinstance(written, dict) else {}
        for name, value in known.items():
            if name not in now[part]:
                faults.append(f"{NAME}:{lines.get((part, name), 1)}: the {noun} {name} is gone; put it back, and end what no longer holds with `none`")
            elif now[part][name] != value:
                faults.append(f"{NAME}:{lines.get((part, name), 1)}: the text of the {noun} {name} changed after its release; put it back, and write a new day")
        missing += [
            f"{NAME}:1: the {noun} {name} is not locked yet; run `parcelproof policy lock` when it is released" for name in now[part] if name not in known
        ]
    return faults, missing


def lock(policy: Policy) -> tuple[int, list[str]]:
    """Add what is new to the lock; (how many entries were added, what stands otherwise than it was locked: then nothing is written)."""
    faults, missing = lock_faults(policy)
    if faults:
        return 0, faults
    lines = ["# Hashes of released texts. `parcelproof policy lock` adds new ones; a changed one is a fault of the pack, not of this file."]
    for part, entries in hashes(policy).items():
        lines += [f"{part}:", *(f"  {name}: {value}" for name, value in entries.items())]
    (policy.path.parent / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(missing), []
