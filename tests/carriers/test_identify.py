from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcelproof.carriers.identify import identify, identify_lines
from parcelproof.carriers.numbers import NORMALISE_SQL, alias_rows, carrier_code, normalise
from parcelproof.engines.duckdb import Engine, quoted

VALID = {
    "UPS": ["1Z5R89390357567127", "1Z879E930346834440", " 1 Z 8 V 9 2 A 7 0 3 6 7 2 0 3 0 2 4 ", "1ZXX3150YW44070023", "K1506235620"],
    "FEDEX": ["986578788855", "477179081230", "0414 4176 0228 964", "9611020987654312345672", "1001921334250001000300779017972697"],
    "DHL": ["3318810025", "73891051146", "8487135506", "JJD0099999999", "GM2951173225174494"],
    "CANADAPOST": ["0073938000549297", "7035114477138472"],
    "ROYALMAIL": ["RB123456785GB"],
    "USPS": ["RB123456785US", "9400111202555842332669"],
    "SF": ["SF1343865432107", "765698489802"],
    "YTO": ["YT7199652228745", "805741929402797742"],
    "ZTO": ["73190553102532"],
    "JD": ["JD0076810060555-1-1-"],
}  # fmt: skip


@pytest.mark.parametrize(("carrier", "number"), [(carrier, number) for carrier, numbers in VALID.items() for number in numbers])
def test_a_true_number_is_known_as_its_carriers(carrier: str, number: str) -> None:
    found = {candidate.carrier: candidate for candidate in identify(number)}
    assert found[carrier].shape == "valid"
    assert found[carrier].check in {"valid", "none"}


@pytest.mark.parametrize(("carrier", "number"), [("UPS", "1Z1111111111111111"), ("FEDEX", "996578788855"), ("USPS", "RB123456786US"),
                                                ("CANADAPOST", "0073938000549292"), ("DHL", "3318810010")])  # fmt: skip
def test_a_wrong_check_digit_is_invalid_and_not_unknown(carrier: str, number: str) -> None:
    assert {candidate.carrier: candidate.check for candidate in identify(number)}[carrier] == "invalid"


COURIERS = {"ups": "UPS", "fedex": "FEDEX", "dhl": "DHL", "canadapost": "CANADAPOST", "yunexpress": "YUNEXPRESS"}


def published() -> list[dict[str, str]]:
    with (Path(__file__).parent / "fixtures/tracking_number_data/numbers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", published(), ids=lambda row: f"{row['courier']} {row['kind']} {row['number'].strip()}")
def test_published_test_numbers_are_what_their_list_calls_them(row: dict[str, str]) -> None:
    wanted = COURIERS.get(row["courier"])  # postal numbers (S10) belong to the post of the country they name
    found = [candidate for candidate in identify(row["number"]) if wanted is None or candidate.carrier == wanted]
    holds = any(candidate.shape == "valid" and candidate.check != "invalid" for candidate in found)
    assert holds == (row["kind"] == "valid")


@pytest.mark.parametrize("number", ["", "   ", "😀", "无单号", "0", "1Z", "7" * 65, "x" * 500])
def test_what_is_no_number_of_anybody_has_no_candidate(number: str) -> None:
    assert identify(number) == []


def test_a_parcel_of_dhl_germany_is_not_only_a_broken_number_of_jd() -> None:
    assert {c.carrier: c.shape for c in identify("JD014600006281230704")} == {"DHL": "valid", "JD": "invalid"}
    assert {c.carrier: c.check for c in identify("00340434161094042557")}["DHL"] == "valid"


def test_unknown_is_no_candidate_and_a_broken_frame_is_an_invalid_shape() -> None:
    assert identify("hello") == []
    assert [(c.carrier, c.shape) for c in identify("SF12345")] == [("SF", "invalid")]
    assert identify("RB123456785XX")[0].shape == "invalid"


def test_the_json_keeps_the_order_given() -> None:
    answer = json.loads(identify_lines(["zzz", "SF1343865432107"], as_json=True))
    assert [entry["number"] for entry in answer] == ["zzz", "SF1343865432107"]
    assert "unknown" in identify_lines(["zzz"])


@given(st.text(max_size=300))
def test_nothing_that_is_typed_in_breaks_it(text: str) -> None:
    assert isinstance(identify(text), list)


@settings(deadline=None)  # each example opens a database
@given(st.text(alphabet="JDSFab01239- _./\tＪＤｓ０９－", max_size=40))
def test_the_engine_normalises_as_python_does(text: str) -> None:
    with Engine(threads=1) as engine:
        assert engine.row(f"select {NORMALISE_SQL.format('x')} from (select {quoted(text)} as x)")[0] == (normalise(text) or None)


def test_codes_of_other_systems_mean_our_carriers() -> None:
    assert carrier_code("shunfeng", "kuaidi100") == carrier_code("顺丰") == carrier_code("sf") == "SF"
    assert carrier_code("JTSD", "kdniao") == "JT"
    assert carrier_code("nobody") is None
    assert ("SHUNFENG", "SF") in alias_rows()
