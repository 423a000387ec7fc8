"""Broken packs are refused with a place and a mend; none crashes, and none changes another."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import policy_worlds
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_worlds import PACKS, REUSED, SMALL, text_of, written

from parcelproof.errors import PolicyError
from parcelproof.policy import load_policy
from parcelproof.policy.commands import check_text
from parcelproof.policy.packs import read_policy


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [at] if at else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += _places(item, (*at, key))
    return found


TEMPLATE = text_of(PACKS / "template" / "pack.yaml")
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=20), st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=8), st.integers(), max_size=3),
    st.sampled_from(["none", "2026-01-01", "no_pickup", "rate > 1", "((((", "a b", "not not", "x = null", "$p > 1", "'", "1; drop table facts", "case", "on"]),
)  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_broken_pack_is_refused_with_a_place_and_a_mend_and_never_crashes(tmp_path: Path, data: st.DataObject) -> None:
    pack = copy.deepcopy(TEMPLATE)
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.sampled_from(_places(pack)))
        at: Any = pack
        for key in place[:-1]:
            at = at[key]
        how = data.draw(st.sampled_from(["junk", "gone", "misspelt"]))
        if how == "junk" or isinstance(at, list):
            at[place[-1]] = data.draw(JUNK)
        elif how == "gone":
            del at[place[-1]]
        else:
            at[f"{place[-1]}x"] = at.pop(place[-1])
    path = written(tmp_path, pack)
    _, _, told = read_policy(path)
    text, sound = check_text(path, "2026-09-01")
    assert isinstance(sound, bool)
    assert all(fault.split(":")[1].isdigit() and len(fault.split(":", 2)[2]) > 10 for fault in told), told
    assert all(fault in text for fault in told)
    if not told:
        policy_worlds.judged(path, [policy_worlds.row(0, "2026-07-01", REUSED)])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 3000),
    end=st.integers(0, 60),
    junk=st.text(max_size=12) | st.sampled_from(["&a ", "*a", "!!python/object:os.system ", "\t", "? [x]", "<<: "]),
)
def test_a_damaged_file_is_refused_or_read_and_never_crashes(tmp_path: Path, start: int, end: int, junk: str) -> None:
    text = (PACKS / "template" / "pack.yaml").read_text(encoding="utf-8")
    (tmp_path / "pack.yaml").write_text(text[:start] + junk + text[start + end :], encoding="utf-8", errors="replace")
    _, _, told = read_policy(str(tmp_path))
    assert all(fault.split(":")[1].isdigit() for fault in told), told


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[" * 5000, b"a: &x [*x]\n", b"- 1\n", b"? {a: b}\n: c\n", b"null\n", b"id: 2026-13-45\n"])
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pack.yaml").write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        load_policy(str(tmp_path))
    assert all(fault.startswith("pack.yaml:") for fault in caught.value.faults)


def test_one_broken_pack_changes_no_other_ones_answer(tmp_path: Path) -> None:
    rows = [policy_worlds.row(0, "2026-07-01", REUSED)]
    before = policy_worlds.judged(written(tmp_path / "good", SMALL), rows)
    with pytest.raises(PolicyError):
        load_policy(written(tmp_path / "bad", SMALL | {"zone": "Nowhere/Land"}))
    assert policy_worlds.judged(str(tmp_path / "good"), rows) == before
