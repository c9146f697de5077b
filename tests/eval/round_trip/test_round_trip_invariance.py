"""When two sides of an item are answered alike."""

from __future__ import annotations

import math
import random

import pytest

from eval.round_trip.invariance import chance_of, compared, finding_of, short_answer
from eval.round_trip.outcomes import Invariance
from glossary.language import Language

A, B = ["A"] * 3, ["B"] * 3


def outcome(source: list[str | None], target: list[str | None]) -> Invariance:
    return compared(source, target, labelled=True).outcome


def test_all_against_none_is_a_flip_and_is_said_with_both_answers_and_counts() -> None:
    solved = compared(A, ["B", "B", "C"], labelled=True)
    assert solved.outcome is Invariance.FLIPPED
    finding = finding_of(solved, "question")
    assert finding is not None
    assert finding.hard
    assert (finding.check, finding.segment) == ("answer_invariance", "question")
    assert (finding.expected, finding.found) == ("A", "B")
    assert "A (3 of 3 times)" in finding.message
    assert "B (2 of 3 times)" in finding.message


@pytest.mark.parametrize(
    ("source", "target", "why"),
    [
        (["A", "B", "C"], B, "on the source"),
        ([None, None, "A"], B, "on the source"),
        (A, ["A", "B", "C"], "on the translation"),
        (["A", "A", "B"], B, "by more than chance"),
        (["A", "A", None], B, "by more than chance"),
        (A, ["B", "B", None], "by more than chance"),
        ([None, None, "A"], B, "2 of 3 could not be read"),
        (A, [None, None, None], "3 of 3 could not be read"),
        (A[:2], B[:2], "by more than chance"),
    ],
)
def test_what_may_be_chance_is_undecided(
    source: list[str | None], target: list[str | None], why: str
) -> None:
    solved = compared(source, target, labelled=True)
    assert solved.outcome is Invariance.UNDECIDED
    assert why in solved.note


def test_the_same_answer_is_the_same_however_sure_the_solver_is() -> None:
    assert outcome(list(A), ["A", "A", "C"]) is Invariance.SAME
    assert outcome(["A", "A", "B"], ["A", "A", "C"]) is Invariance.SAME


def test_a_solver_that_only_guesses_is_flagged_seldom() -> None:
    drawn = random.Random(7)
    for options in ("AB", "ABCD"):
        trials = [
            outcome(drawn.choices(options, k=3), drawn.choices(options, k=3)) for _ in range(4000)
        ]
        assert trials.count(Invariance.FLIPPED) / len(trials) < 0.05


@pytest.mark.parametrize(
    ("target", "back", "hard"),
    [
        (A, A, None),
        (A, B, False),
        (B, A, True),
        (B, B, True),
        (A, ["A", "B", "B"], None),
        (["A", "B", "B"], B, None),
        (A, [None] * 3, None),
    ],
    ids=["none", "back", "target", "both", "back by chance", "target by chance", "unreadable"],
)
def test_the_way_back_is_said_to_have_changed_an_item_only_where_it_is_certain(
    target: list[str | None], back: list[str | None], hard: bool | None
) -> None:
    finding = finding_of(compared(A, target, back, labelled=True), "question")
    assert (finding.hard if finding else None) is hard


def test_without_a_way_back_nothing_is_said_of_it() -> None:
    solved = compared(A, B, labelled=True)
    assert (solved.back, solved.back_outcome) == (None, None)
    finding = finding_of(solved, "question")
    assert finding is not None
    assert "back" not in finding.message


@pytest.mark.parametrize(
    ("table", "probability"),
    # Upper tails of the hypergeometric distribution, counted by hand.
    [((3, 3, 0, 3), 1 / 20), ((5, 5, 1, 5), 5 / 210), ((4, 5, 1, 5), 26 / 252)],
)
def test_the_exact_probability(table: tuple[int, int, int, int], probability: float) -> None:
    assert math.isclose(chance_of(*table), probability)


@pytest.mark.parametrize(
    ("english", "other", "language"),
    [
        ("1,200", "一千二百", Language.ZH_TW),
        ("#### 72", "72개", Language.KO),
        ("The answer is 18.", "18", Language.ZH_CN),
        (r"\boxed{3.50}", "3.5", Language.KO),
        ("3 hours 20 minutes", "3시간 20분", Language.KO),
        ("-5", "−5", Language.ZH_TW),
        (r"$\frac{1}{2}$", r"\frac{1}{2}", Language.KO),
        ("12 %", "12%", Language.ZH_TW),
        ("12 %", "百分之十二", Language.ZH_CN),
        ("1/3", "三分之一", Language.ZH_TW),
        (r"$-\frac{3}{4}$", "-0.75", Language.ZH_CN),
        ("2/3", "3분의 2", Language.KO),
        ("2:3", "2比3", Language.ZH_CN),
        ("2:30", "2시 30분", Language.KO),
        ("3, 4", "3和4", Language.ZH_TW),
        ("½", r"\dfrac{1}{2}", Language.ZH_CN),
    ],
)
def test_short_answers_are_compared_by_their_value(
    english: str, other: str, language: Language
) -> None:
    assert short_answer(english, Language.EN) == short_answer(other, language)


@pytest.mark.parametrize(
    ("english", "other", "language"),
    [("one third", "三分之一", Language.ZH_TW), ("2 p.m.", "14:00", Language.ZH_CN)],
)
def test_what_may_be_read_in_several_ways_is_no_flip(
    english: str, other: str, language: Language
) -> None:
    sides = [short_answer(english, Language.EN)] * 3, [short_answer(other, language)] * 3
    assert compared(*sides, labelled=False).outcome is Invariance.UNDECIDED


def test_other_values_are_other_answers() -> None:
    texts = ["5", "-5", "0.5", "55", "five hundred", r"\sqrt{5}"]
    assert len({short_answer(text, Language.EN) for text in texts}) == len(texts)


def test_words_of_two_languages_are_not_compared() -> None:
    solved = compared(["paris"] * 3, ["파리"] * 3, labelled=False)
    assert solved.outcome is Invariance.UNDECIDED
    assert "words" in solved.note
    assert compared(["72"] * 3, ["27"] * 3, labelled=False).outcome is Invariance.FLIPPED
