from __future__ import annotations

from pathlib import Path

import pytest

from parcelproof.errors import PolicyError, UsageError
from parcelproof.policy import list_policies, load_policy
from parcelproof.policy.cases import failures
from parcelproof.policy.commands import check_text, list_text, show_text

PACKS = Path(__file__).parents[2] / "src" / "parcelproof" / "policies"


@pytest.mark.parametrize("name", list_policies())
def test_every_case_of_every_check_holds(name: str) -> None:
    assert failures(load_policy(name).checks) == []


def test_the_money_of_a_day_is_shown() -> None:
    assert "25 % of the amount paid, at least 5, at most 100" in show_text("douyin-shop", "2026-07-08")
    assert "25 % of the amount paid" not in show_text("douyin-shop", "2026-07-09")
    assert "douyin-shop" in list_text()
    with pytest.raises(UsageError, match="is not a day"):
        show_text("douyin-shop", "tomorrow")


def test_an_unknown_pack_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="did you mean 'douyin-shop'"):
        load_policy("douyin-shp")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("waybill_reused or delivered_elsewhere\n", "waybill_reusd or delivered_elsewhere\n", "did you mean 'waybill_reused'"),
        ("2026-07-09: none", "2026-07-99: none", "is not a day"),
        ("rate: 0.25", "rate: lots", "rate must be a number"),
        ("zone: Asia/Shanghai", "zone:", "zone is missing"),
        ("only_if: unit_price > 3", "only_if: unit_prise > 3", "did you mean 'unit_price'"),
        ("only_if: unit_price > 3", "only_if: unit_price > 'x'", "compares number with text"),
        ("only_if: unit_price > 3", "only_if: unit_price + 3", "is a number; write something that is a boolean"),
        ("only_if: unit_price > 3", "only_if: paid_at > '2026-13-01'", "is not a time"),
        ("only_if: unit_price > 3", "only_if: days(unit_price) > 3", "unknown function 'days'"),
        ("only_if: unit_price > 3", "only_if: unit_price > $least", "unknown parameter 'least'"),
        ("only_if: unit_price > 3", "only_if: unit_price is null", "is for excuses"),
        ("only_if: unit_price > 3", "only_if: unit_price > 3; drop table facts", "not part of the language"),
        ("only_if: unit_price > 3", "only_if: unit_price > (select 3)", "not part of the language"),
        ("or delivered_elsewhere\n", "or delivered_elsewhere > 3\n", "join them by and, or, not"),
        ("en: 'Trace timeout: no pickup within 24 hours of upload'", "fr: x", "the text in en is missing"),
        ("2025-05-13: timeout_2025, ", "2025-05-13: timeout_2024, ", "did you mean 'timeout_2025'"),
        ("yuan_half_up", "yuan_half_upp", "unknown rounding"),
        ("applies_when: needs_delivery", "applies_when: coalesce(needs_delivery, true)", "not part of the language"),
        ("applies_when: needs_delivery", "applies_when: case when needs_delivery then true else true end", "not part of the language"),
        ("id: douyin-shop", "id: [", "it is not YAML"),
    ],
)
def test_a_broken_pack_is_refused_with_place_and_mend(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = (PACKS / "douyin-shop" / "pack.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "pack.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load_policy(str(tmp_path))
    assert any(told in fault and "pack.yaml:" in fault for fault in caught.value.faults)
    assert not check_text(str(tmp_path))[1]


def test_all_faults_of_a_pack_and_its_checks_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    pack = (PACKS / "douyin-shop" / "pack.yaml").read_text(encoding="utf-8")
    (tmp_path / "pack.yaml").write_text(pack.replace("2026-07-09: none", "2026-07-99: none", 1).replace("rate: 0.30", "rate: x", 1), encoding="utf-8")
    check = (PACKS / "checks" / "no_pickup.yaml").read_text(encoding="utf-8")
    broken = check.replace("force_majeure: waived", "force_majeure: waved", 1)
    other = (PACKS / "checks" / "no_hub.yaml").read_text(encoding="utf-8").replace("hours_without_hub: 24", "hours_without_hub: 25", 1)
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "no_hub.yaml").write_text(other, encoding="utf-8")
    (tmp_path / "checks" / "no_pickup.yaml").write_text(broken, encoding="utf-8")
    told, sound = check_text(str(tmp_path))
    assert not sound
    wanted = {
        f"no_pickup.yaml:{1 + next(n for n, line in enumerate(broken.splitlines()) if 'waved' in line)}": "did you mean 'waived'",
        f"no_hub.yaml:{1 + next(n for n, line in enumerate(other.splitlines()) if 'hours_without_hub: 25' in line)}": "is met, not not met",
        "pack.yaml": "'2026-07-99' is not a day",
    }
    for place, fault in wanted.items():
        assert any(line.startswith(place) and fault in line for line in told.splitlines()), (place, told)
    assert "rate must be a number" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("hours_without_pickup: 30", "hours_without_pickups: 30", "did you mean 'hours_without_pickup'"),
        ("hours_without_pickup: 30", "hours_without_pickup: soon", "hours_without_pickup is a number"),
        ("expect: met", "expect: meet", "unknown answer 'meet'"),
        ("expect: unknown", "expect: met", "is unknown, not met"),
        ("since: declared_at + hours($pickup_hours)", "since: hours_without_pickup", "is a number; write something that is a time"),
        ("params: {pickup_hours: 24, alone_hours: 72}", "params: {pickup_hours: a day, alone_hours: 72}", "a number must stand there"),
        ("evidence: [declared_at,", "evidence: [declared_att,", "did you mean 'declared_at'"),
        ("{zh-CN: 平台公告的不可抗力, en: announced force majeure}", "{en: announced force majeure}", "the text in zh-CN is missing"),
    ],
)
def test_a_broken_check_is_told_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "pack.yaml").write_bytes((PACKS / "douyin-shop" / "pack.yaml").read_bytes())
    check = (PACKS / "checks" / "no_pickup.yaml").read_text(encoding="utf-8")
    assert old in check
    (tmp_path / "checks").mkdir()
    broken = check.replace(old, new, 1)
    (tmp_path / "checks" / "no_pickup.yaml").write_text(broken, encoding="utf-8")
    text, sound = check_text(str(tmp_path))
    assert not sound
    faults = [line for line in text.splitlines() if told in line]
    assert faults, text
    assert 1 < int(faults[0].split(":")[1]) <= len(broken.splitlines())
