"""The commands over packs: lock, diff, try, schema, show; and working days."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from policy_worlds import PACKS, SMALL, change, text_of, written
from typer.testing import CliRunner

from parcelproof.cli import app
from parcelproof.errors import UsageError
from parcelproof.policy import list_policies
from parcelproof.policy.calendars import after_working_days, is_working_day
from parcelproof.policy.commands import check_text, diff_text, lock_text, schema_text, show_text, try_text

LATE = ("offences", "late_shipping")


def test_a_released_text_cannot_change_under_its_day(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL)
    assert "is not locked yet" in check_text(path, "2026-09-01")[0]
    assert lock_text(path) == (f"{path}: 5 added to the lock", True)
    assert check_text(path, "2026-09-01") == (f"{path}: no fault", True)
    noted = copy.deepcopy(SMALL) | {"title": {"zh-CN": "新名", "en": "New name"}}
    assert check_text(written(tmp_path, noted), "2026-09-01")[1]
    later = change((*LATE, "charge", "2026-09-01"), {"rate": 0.2})
    told, sound = check_text(written(tmp_path, later), "2026-09-01")
    assert sound
    assert "the version 2026-09-01 is not locked yet" in told
    told, sound = check_text(written(tmp_path, change((*LATE, "charge", "2026-01-01"), {"rate": 0.2})), "2026-09-01")
    assert not sound
    assert told.startswith("lock.yaml:3: the text of the version 2026-01-01 changed after its release")
    assert not lock_text(path)[1]
    assert not check_text(written(tmp_path, change((*LATE, "proved_when"), {"2026-02-01": "late_shipping"})), "2026-09-01")[1]


def test_two_days_are_compared_in_words_and_as_data() -> None:
    words = diff_text("2026-07-08", "2026-07-09", None, None)
    assert "offences · false_shipping · charge: gone (was 25 % of the amount paid, at least 5, at most 100)" in words
    assert "删除（原为 实付金额的 25 %，至少 5，至多 100）" in words
    (instant,) = [found for found in json.loads(diff_text("2026-06-28", "2026-06-29", None, None, as_json=True))
                  if found["path"] == ["offences", "false_shipping", "proved_when"]]  # fmt: skip
    assert instant["came"] == ["instant_no_pickup", "instant_no_hub", "instant_other_city"]
    assert instant["went"] == []
    assert diff_text("2026-07-09", "2026-07-10", None, None) == "no difference"


def test_two_packs_are_compared_on_a_day(tmp_path: Path) -> None:
    one, other = written(tmp_path / "a", SMALL), written(tmp_path / "b", change((*LATE, "charge", "2026-01-01"), {"amount": 20}))
    words = diff_text(one, other, None, "2026-07-01")
    assert words.splitlines()[0] == "offences · late_shipping · charge: was 10 % of the amount paid, at least 5; now 20"
    assert diff_text(one, one, None, "2026-07-01") == "no difference"


def test_a_check_is_tried_on_one_row(tmp_path: Path) -> None:
    assert try_text(
        "no_pickup", '{"order_kind": "standard", "declared": true, "hours_without_pickup": 25, "waived": false}', "douyin-shop", "2026-07-01"
    ).startswith("no_pickup: met")
    festival = '{"order_kind": "standard", "hours_without_hub": 40, "waived": false, "paid_at": "2026-02-15 10:00:00"}'
    (tmp_path / "facts.json").write_text(festival)
    assert json.loads(try_text("no_hub", str(tmp_path / "facts.json"), "tmall", "2026-02-15", as_json=True))["answer"] == "excused:spring_festival_first_update"
    assert json.loads(try_text("no_hub", festival, "tmall", "2026-02-09", as_json=True))["answer"] == "met"


def test_the_schema_names_every_key_and_fits_the_packs() -> None:
    found = json.loads(schema_text("pack"))
    assert {"id", "offences", "charging", "appeal"} <= set(found["properties"])
    for name in list_policies():
        assert set(text_of(PACKS / name / "pack.yaml")) <= set(found["properties"])
    assert "tests" in json.loads(schema_text("check"))["required"]


def test_what_holds_on_a_day_is_shown_in_both_languages() -> None:
    told = show_text("tmall", "2026-05-01")
    assert "30 % of the amount paid, at least 5, at most 500" in told
    assert "实付金额的 30 %" in told
    assert show_text("tmall", "2020-01-01").endswith("nothing holds yet")


def test_working_days_know_holidays_and_make_up_workdays() -> None:
    assert not is_working_day(date(2026, 10, 1), "cn")
    assert is_working_day(date(2026, 10, 10), "cn")
    assert not is_working_day(date(2026, 10, 10), None)
    assert after_working_days(date(2026, 9, 30), 1, "cn") == date(2026, 10, 8)
    assert after_working_days(date(2026, 9, 30), 1, None) == date(2026, 10, 1)
    assert after_working_days(datetime(2026, 1, 1, tzinfo=UTC).date(), 0, "cn") == date(2026, 1, 1)


def asked(*words: str) -> tuple[int, str]:
    """The exit code and the answer of `parcelproof policy ...`."""
    found = CliRunner().invoke(app, ["policy", *words])
    return found.exit_code, found.stdout


def test_the_command_line_answers_and_exits_by_the_answer(tmp_path: Path) -> None:
    path = written(tmp_path, SMALL)
    assert asked("check", path, "--on", "2026-09-01")[0] == 0
    assert json.loads(asked("check", path, "--on", "2026-09-01", "--json")[1])["faults"] == []
    assert json.loads(asked("lock", path, "--json")[1]) == {"policy": path, "added": 5, "faults": []}
    written(tmp_path, change((*LATE, "charge", "2026-01-01"), {"rate": 0.2}))
    assert asked("lock", path)[0] == 1
    code, text = asked("check", path, "--json")
    assert (code, len(json.loads(text)["faults"])) == (1, 1)
    assert json.loads(asked("schema", "check")[1])["title"] == "Parcelproof check"
    assert asked("diff", "2026-07-08", "2026-07-09", "--policy", "tmall")[1] == "no difference\n"
    assert asked("try", "no_hub", '{"order_kind": "standard", "hours_without_hub": 24.5, "waived": false}')[1].startswith("no_hub: met")
    assert json.loads(asked("show", path, "2026-07-01", "--json")[1])["offences"]["late_shipping"]["charge"] == {"rate": 0.2}
    assert {pack["id"] for pack in json.loads(asked("list", "--json")[1])} == {"douyin-shop", "template", "tiktok-shop", "tmall"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("try", "no_hubb", "{}"), "did you mean 'no_hub'"),
        (("try", "no_hub", "hours"), "is no JSON object and no file"),
        (("try", "no_hub", "[1]"), "is no JSON object and no file"),
        (("try", "no_hub", '{"hours": 1}'), "unknown fact 'hours'"),
        (("try", "no_hub", '{"waived": 1}'), "waived is a boolean"),
        (("diff", "2026-07-08", "soon", "--policy", "tmall"), "'soon' is not a day"),
        (("diff", "tmall", "tmal"), "did you mean 'tmall'"),
        (("check", "nowhere/at/all"), "unknown policy"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(words: tuple[str, ...], told: str) -> None:
    found = CliRunner().invoke(app, ["policy", *words])
    assert isinstance(found.exception, UsageError)
    assert told in str(found.exception)
