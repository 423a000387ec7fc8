from __future__ import annotations

from random import Random

from parcelproof.accuracy.bounds import Promise, Seen, at_most, bound, estimate
from parcelproof.accuracy.telling import bound_line

PROMISE = Promise(limit=0.01, confidence=0.95)


def test_too_few_labels_are_said_to_be_too_few_and_never_nought() -> None:
    found = bound({"brushing": Seen(5000, 298, 0)}, Seen(5000, 298, 0), PROMISE)
    assert found["at_most"] is None
    assert not found["holds"]
    assert bound_line(found) == "false accusations among the violations: insufficient evidence (n = 298; 299 flawless random labels would prove 1.00 %)"


def test_without_any_label_nothing_is_proved() -> None:
    assert "insufficient evidence (n = 0" in bound_line(bound({}, Seen(10, 0, 0), PROMISE))


def test_one_label_more_proves_it() -> None:
    found = bound({"brushing": Seen(5000, 299, 0)}, Seen(5000, 299, 0), PROMISE)
    assert found["holds"]
    assert 0 < found["at_most"] <= 0.01
    assert "kept" in bound_line(found)


def test_an_error_among_just_enough_labels_leaves_it_open() -> None:
    found = bound({}, Seen(5000, 299, 1), PROMISE)
    assert found["at_most"] > 0.01
    assert "not proved" in bound_line(found)


def test_offences_share_the_chance_of_being_wrong() -> None:
    """Each of two offences needs more labels than both together."""
    groups = {"brushing": Seen(5000, 299, 0), "false_shipping": Seen(5000, 400, 0)}
    found = bound(groups, Seen(10_000, 699, 0), PROMISE)
    assert found["offences"]["brushing"]["at_most"] is None
    assert found["offences"]["false_shipping"]["holds"]


def test_a_draw_that_nobody_answered_counts_as_an_innocent() -> None:
    assert at_most(Seen(5000, 299, 0, unanswered=3), 0.05) == at_most(Seen(5000, 302, 3), 0.05)


def test_appeals_alone_prove_nothing_of_those_who_kept_still() -> None:
    assert at_most(Seen(1000, 0, 0, appealed=50, overturned=0), 0.05) == 0.95
    assert estimate(Seen(1000, 0, 0, appealed=50, overturned=0)) is None


def test_when_all_appealed_their_outcomes_are_the_answer() -> None:
    assert at_most(Seen(1000, 0, 0, appealed=1000, overturned=7), 0.05) == 0.007


def test_appeals_with_an_audit_of_the_others_are_unbiased_and_appeals_alone_are_not() -> None:
    """Innocents appeal far more often than the guilty: what is overturned among appeals is no estimate, nor is it among all."""
    random, accused, innocents, runs = Random(3), 2000, 40, 300  # noqa: S311  a simulation
    true = innocents / accused
    told: list[float] = []
    among_appeals: list[float] = []
    among_all: list[float] = []
    broken = 0
    for _ in range(runs):
        appeals = [random.random() < (0.6 if n < innocents else 0.05) for n in range(accused)]
        overturned = sum(appeals[:innocents])
        quiet = [n for n in range(accused) if not appeals[n]]
        audited = random.sample(quiet, 300)
        seen = Seen(accused, 300, sum(n < innocents for n in audited), appealed=sum(appeals), overturned=overturned)
        told.append(estimate(seen) or 0.0)
        among_appeals.append(overturned / sum(appeals))
        among_all.append(overturned / accused)
        broken += at_most(seen, 0.05) < true
    mean = sum(told) / runs
    error = (sum((value - mean) ** 2 for value in told) / (runs - 1) / runs) ** 0.5
    assert abs(mean - true) < 4 * error
    assert sum(among_appeals) / runs > 5 * true
    assert sum(among_all) / runs < 0.7 * true
    assert broken <= 0.05 * runs
