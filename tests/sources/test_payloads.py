import gzip
import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcelproof.sources.common import Reading, parse_json, payloads

ONE: dict[str, Any] = {"a": "中", "n": 2**70, "f": Decimal("1.10")}
TEXT = '{"a": "中", "n": 1180591620717411303424, "f": 1.10}'


def found(data: bytes | str) -> tuple[list[Any], list[tuple[str, str]]]:
    reading = Reading()
    values = [value for _, value in payloads(data.encode() if isinstance(data, str) else data, reading)]
    return values, reading.refused


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("gb18030"), gzip.compress(TEXT.encode(), mtime=0),
        f"  \n{TEXT}\n".encode(), json.dumps(TEXT).encode(), quote_plus(TEXT).join(["x=", ""]).encode(),
    ],
    ids=["plain", "bom", "utf-16", "gb18030", "gzip", "blanks", "json in a string", "form"],
)  # fmt: skip
def test_a_payload_is_read_in_any_wrapping_and_exactly(data: bytes) -> None:
    values, refused = found(data)
    assert refused == []
    assert values in ([ONE], [{"x": ONE}])


@pytest.mark.parametrize("data", [f"[{TEXT},{TEXT}]", f"{TEXT}\n{TEXT}\n", f"{TEXT}{TEXT}", f"{TEXT},\r\n\r\n{TEXT}"])
def test_several_payloads_are_taken_apart(data: str) -> None:
    assert found(data) == ([ONE, ONE], [])


def test_a_form_body_opens_its_json_and_keeps_the_rest() -> None:
    body = urlencode({"sign": "ABC", "param": json.dumps({"nu": "1"}), "twice": json.dumps(json.dumps({"nu": "2"}))})
    assert found(body)[0] == [{"sign": "ABC", "param": {"nu": "1"}, "twice": {"nu": "2"}}]
    assert found(f"{body}\n{body}")[0] == [found(body)[0][0]] * 2


def test_a_key_that_stands_twice_keeps_what_it_says() -> None:
    assert parse_json('{"a": 1, "a": null, "b": 1, "b": 2}') == {"a": 1, "b": 2}


def test_damage_costs_only_what_it_touches() -> None:
    values, refused = found(f'{TEXT}\n{{"cut": \n{TEXT}\nwhat?\n{TEXT}')
    assert values == [ONE, ONE, ONE]
    assert [where for where, _ in refused] == ["line 2", "line 4"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"<!DOCTYPE html><title>502 Bad Gateway</title>", "web page (502 bad gateway)"),
        (gzip.compress(b"{}" * 50, mtime=0)[:-9], "cut short"),
        (b"\x1f\x8bnonsense", "damaged gzip"),
        (b"\x89PNG\0\0", "binary"),
        (TEXT.encode()[:-4], "cut short"),
        (b"hello", "no JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "no payload"),
    ],
)
def test_what_is_no_payload_is_refused_with_its_reason(data: bytes, why: str) -> None:
    values, refused = found(data)
    assert values == []
    assert why in refused[0][1]


def test_not_a_number_and_endless_integers_do_no_harm() -> None:
    assert parse_json('{"a": NaN, "b": -Infinity}') == {"a": None, "b": None}
    assert parse_json(f'{{"a": {"9" * 5000}}}') == {"a": "9" * 5000}


@given(st.binary(max_size=60))
def test_no_bytes_bring_the_reader_down(data: bytes) -> None:
    values, refused = found(data)
    assert values or refused
