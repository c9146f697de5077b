"""A planted fall is found and named, noise is not, and nothing is claimed that was not shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from bench.regress import (
    CHRF,
    COMET,
    DRAWS,
    NOISE,
    PLANTED,
    Noise,
    named,
    planted,
    quality,
    rerun,
    snapshot,
)
from eval.regress.compare import compare
from eval.regress.criteria import Criteria
from eval.regress.errors import UnknownScore
from eval.regress.result import Cause, Change, Comparison, Decision
from eval.regress.snapshot import Snapshot

SPOILED = {f"q{place}" for place in range(PLANTED)}


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(42)


@pytest.fixture
def true(random: np.random.Generator) -> NDArray[np.float64]:
    return quality(random)


def change(result: Comparison, key: str) -> Change:
    return next(each for each in result.changes if each.key == key)


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
def test_a_fall_of_5_items_of_200_is_found_and_named(
    noise: Noise, random: np.random.Generator, true: NDArray[np.float64]
) -> None:
    result = compare(rerun(true, noise, random), rerun(planted(true), noise, random))
    assert result.is_regression
    assert named(result) >= SPOILED
    assert len(named(result)) <= 2 * PLANTED
    worst = result.regressed[0]
    assert worst.causes == (Cause.FELL,)
    assert worst.scores[CHRF][1] < worst.scores[CHRF][0]


@pytest.mark.parametrize("kind", ["normal", "heavy", "rare"])
def test_20_more_runs_of_the_same_system_raise_no_more_alarms_than_is_stated(
    kind: str, random: np.random.Generator, true: NDArray[np.float64]
) -> None:
    noise, criteria = NOISE[kind], Criteria(draws=DRAWS)
    old = rerun(true, noise, random)
    runs = (rerun(true, noise, random) for _ in range(20))
    alarms = [compare(old, new, criteria).is_regression for new in runs]
    assert sum(alarms) <= 20 * criteria.alpha


def test_a_fall_of_all_items_is_worse_and_a_rise_is_better(
    random: np.random.Generator, true: NDArray[np.float64]
) -> None:
    noise = NOISE["normal"]
    fallen = compare(rerun(true, noise, random), rerun(true - 3, noise, random))
    assert [each.key for each in fallen.worse] == [CHRF, COMET]
    assert fallen.is_regression
    assert CHRF in fallen.headline
    risen = compare(rerun(true, noise, random), rerun(true + 3, noise, random))
    assert change(risen, CHRF).decision is Decision.BETTER
    assert not risen.is_regression


def test_a_score_of_which_less_is_better_is_read_the_other_way(
    random: np.random.Generator, true: NDArray[np.float64]
) -> None:
    def errors(taken: Snapshot) -> Snapshot:
        for key, info in taken.run.metrics.items():
            taken.run.metrics[key] = info.model_copy(update={"higher_is_better": False})
        return taken

    noise = NOISE["normal"]
    more = compare(errors(rerun(true, noise, random)), errors(rerun(true + 3, noise, random)))
    assert change(more, CHRF).decision is Decision.WORSE
    few = compare(errors(rerun(true, noise, random)), errors(rerun(planted(true), noise, random)))
    assert not few.is_regression


def test_equal_runs_are_equivalent_and_few_are_not(true: NDArray[np.float64]) -> None:
    same = compare(snapshot(true), snapshot(true))
    assert {each.decision for each in same.changes} == {Decision.EQUIVALENT}
    assert same.unchanged == same.items == 200
    few = compare(snapshot(true[:10]), snapshot(true[:10]))
    assert {each.decision for each in few.changes} == {Decision.UNDECIDED}


def test_a_small_difference_is_equivalent_only_inside_the_margin_that_was_stated(
    random: np.random.Generator, true: NDArray[np.float64]
) -> None:
    old, new = snapshot(true), rerun(true - 0.5, NOISE["normal"], random)
    assert change(compare(old, new), CHRF).decision is Decision.EQUIVALENT
    strict = compare(old, new, Criteria(margins={CHRF: 0.3}))
    assert change(strict, CHRF).decision is not Decision.EQUIVALENT


def test_what_lost_its_scores_is_not_called_equivalent(true: NDArray[np.float64]) -> None:
    old, new = snapshot(true), snapshot(true)
    records = []
    for record in new.records:
        segments = list(record.segments)
        none = segments[0].scores[CHRF].model_copy(update={"value": None, "reason": "crashed"})
        segments[0] = segments[0].model_copy(update={"scores": {**segments[0].scores, CHRF: none}})
        records.append(record.model_copy(update={"segments": segments}))
    result = compare(old, Snapshot(new.run, tuple(records)))
    assert change(result, CHRF).lost == 200
    assert change(result, CHRF).decision is Decision.UNDECIDED
    assert change(result, COMET).decision is Decision.EQUIVALENT


def test_without_sampling_one_item_is_enough(true: NDArray[np.float64]) -> None:
    one = planted(true, count=1)
    assert not compare(snapshot(true), snapshot(one)).is_regression
    result = compare(snapshot(true), snapshot(one), Criteria(item_margins={CHRF: 10}))
    assert result.is_regression
    assert named(result) == {"q0"}
    assert result.regressed[0].causes == (Cause.FELL_BEYOND,)
    assert not compare(snapshot(one), snapshot(true), Criteria(item_margins={CHRF: 10})).worse


def test_falls_too_small_to_matter_are_no_regression(true: NDArray[np.float64]) -> None:
    assert not compare(snapshot(true), snapshot(true - 0.001)).is_regression


def test_only_the_chosen_scores_are_looked_at(true: NDArray[np.float64]) -> None:
    result = compare(snapshot(true), snapshot(true - 5), Criteria(metrics=[COMET]))
    assert [each.key for each in result.changes] == [COMET, "share.failed", "share.unusable"]


@pytest.mark.parametrize(
    "criteria",
    [
        Criteria(metrics=["round_trip.bleu"]),
        Criteria(margins={"round_trip.crhf": 1}),
        Criteria(item_margins={"share.failed": 1}),
    ],
)
def test_an_unknown_score_is_told_with_the_nearest(
    criteria: Criteria, true: NDArray[np.float64]
) -> None:
    with pytest.raises(UnknownScore) as caught:
        compare(snapshot(true), snapshot(true), criteria)
    assert "round_trip" in caught.value.remedy


def test_equal_seeds_give_equal_results_in_any_order(
    random: np.random.Generator, true: NDArray[np.float64]
) -> None:
    old, new = (rerun(true, NOISE["normal"], random) for _ in range(2))
    mixed = Snapshot(new.run, tuple(reversed(new.records)))
    assert compare(old, mixed).changes == compare(old, new).changes


few_scores = arrays(np.float64, (24, 2), elements=st.floats(0, 100, width=32))


@settings(max_examples=30, deadline=None)
@given(few_scores, few_scores, st.floats(0.1, 50))
def test_nothing_is_claimed_that_the_numbers_do_not_say(
    old: NDArray[np.float64], new: NDArray[np.float64], margin: float
) -> None:
    criteria = Criteria(margins={CHRF: margin}, draws=50)
    forth = compare(snapshot(old), snapshot(new), criteria)
    back = compare(snapshot(new), snapshot(old), criteria)
    chrf = change(forth, CHRF)
    assert chrf.difference is not None
    assert chrf.p is not None
    assert 0 < chrf.p <= 1
    if chrf.decision is Decision.EQUIVALENT:
        assert abs(chrf.difference.mean) < margin
    if chrf.decision is Decision.WORSE:
        assert chrf.difference.mean < 0
        assert change(back, CHRF).decision is not Decision.WORSE
    if not chrf.difference.mean:
        assert chrf.decision in (Decision.EQUIVALENT, Decision.UNDECIDED)


def test_a_small_level_can_still_be_reached(true: NDArray[np.float64]) -> None:
    """A p-value cannot be smaller than one by the number of draws."""
    result = compare(snapshot(true), snapshot(true - 5), Criteria(alpha=0.001, draws=DRAWS))
    assert change(result, CHRF).decision is Decision.WORSE


def test_what_is_no_number_counts_as_not_scored(true: NDArray[np.float64]) -> None:
    broken = true.copy()
    broken[0, 0], broken[1, 0], broken[2, 0] = np.nan, np.inf, -1e308
    result = compare(snapshot(true), snapshot(broken), Criteria(draws=DRAWS))
    assert change(result, CHRF).lost == 3
    assert result.passes


@pytest.mark.parametrize("lost", [200, 40])
@pytest.mark.parametrize("turned", [False, True], ids=["new", "old"])
def test_a_run_of_which_a_scorer_was_down_does_not_pass(
    lost: int, turned: bool, true: NDArray[np.float64]
) -> None:
    broken = true.copy()
    broken[:lost] = np.nan
    sides = (snapshot(broken), snapshot(true)) if turned else (snapshot(true), snapshot(broken))
    result = compare(*sides, Criteria(draws=DRAWS))
    assert result.unmeasured == [CHRF, COMET]
    assert not result.is_regression
    assert not result.passes
    assert f"not known, for want of scores: {CHRF}, {COMET}" in result.headline


def test_scores_that_neither_run_has_do_not_pass(true: NDArray[np.float64]) -> None:
    nothing = snapshot(true * np.nan)
    assert not compare(nothing, nothing, Criteria(draws=DRAWS)).passes


def test_what_must_be_known_of_the_new_run_is_told(true: NDArray[np.float64]) -> None:
    new = snapshot(true)
    new.run.caveats = ["The way back is of the same family."]
    assert new.run.caveats[0] in compare(snapshot(true), new, Criteria(draws=DRAWS)).notes
