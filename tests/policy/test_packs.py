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
    assert failures(load_policy(name)) == []


def test_the_money_of_a_day_is_shown() -> None:
    assert "0.25" in show_text("douyin-shop", "2026-07-08")
    assert "0.25" not in show_text("douyin-shop", "2026-07-09")
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
        ("yuan_half_up", "yuan_half_upp", "unknown rounding"),
        ("applies_when: needs_delivery", "applies_when: coalesce(needs_delivery, true)", "not part of the language"),
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
