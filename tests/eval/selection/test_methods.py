"""Methods of selection: what each takes, and of equals the first."""

from __future__ import annotations

import pytest

from eval.errors import UnknownMethod
from eval.selection.methods import METHODS, Candidate, method_of
from eval.selection.ranks import mean_rank

CLEAN = Candidate(["光合作用需要光和水。"], 1, scores={"comet": 0.7, "kiwi": None})
BROKEN = Candidate(["光合作用需要 3 光和水。"], 1025, 1, scores={"comet": 0.9, "kiwi": 0.1})
TYPICAL = Candidate(["光合作用需要光與水。"], 6, scores={"comet": 0.8, "kiwi": 0.2})
ODD = Candidate(["植物。"], 0, scores={"comet": 0.1, "kiwi": None})
ALL = [BROKEN, CLEAN, TYPICAL, ODD]


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("first", BROKEN),
        ("checks", ODD),
        ("consensus", CLEAN),
        ("checks+consensus", ODD),
        ("hard+consensus", CLEAN),
        ("metric:comet", BROKEN),
        ("checks+metric:comet", ODD),
        ("hard+metric:comet", TYPICAL),
        ("metric:kiwi", TYPICAL),
    ],
)
def test_each_method_takes_what_it_values(name: str, chosen: Candidate) -> None:
    assert ALL[method_of(name)(ALL)] is chosen


@pytest.mark.parametrize("name", [*METHODS, "metric:comet", "checks+metric:comet"])
def test_of_equals_the_first_is_taken_and_one_alone_always(name: str) -> None:
    assert method_of(name)([CLEAN]) == 0
    if name != "random":
        assert method_of(name)([CLEAN, CLEAN, CLEAN]) == 0


@pytest.mark.parametrize("name", [name for name in METHODS if name.startswith(("checks", "hard"))])
def test_with_checks_a_hard_finding_never_wins_against_none(name: str) -> None:
    tempting = Candidate(BROKEN.texts, 1025, 1, 1.0, {"comet": 1.0})
    assert method_of(name)([tempting, tempting, tempting, ODD]) == 3


def test_the_draw_is_the_same_for_the_same_texts_and_takes_all_in_turn() -> None:
    method = method_of("random")
    items = [[Candidate([f"{item} {n}"]) for n in range(3)] for item in range(60)]
    drawn = [method(item) for item in items]
    assert drawn == [method(item) for item in items]
    assert set(drawn) == {0, 1, 2}


def test_a_metric_that_nobody_was_measured_by_takes_the_first() -> None:
    assert method_of("metric:bleurt")(ALL) == 0


def test_mean_rank_counts_adherence_and_scores_beside_the_findings() -> None:
    poor, rich = Candidate(["甲"], 0, adherence=0.5), Candidate(["甲"], 0, adherence=1.0)
    assert method_of("mean_rank")([poor, rich]) == 1
    low, high = (Candidate(["甲"], p, scores={"a": s, "b": s}) for p, s in ((0, 0.1), (6, 0.2)))
    assert method_of("mean_rank")([low, high]) == 1
    assert method_of("checks")([low, high]) == 0


@pytest.mark.parametrize("name", ["", "metric:", "chekcs", "checks+", "metric", "all+metric:x"])
def test_an_unknown_method_names_the_nearest(name: str) -> None:
    with pytest.raises(UnknownMethod) as caught:
        method_of(name)
    assert "docs/selection.md" in caught.value.remedy


def test_ranks_are_means_over_columns_and_equals_share_places() -> None:
    assert mean_rank([[0.9, 0.5, 0.5], [10, 30, 20]]) == [2.0, 1.75, 2.25]


def test_what_was_not_measured_ranks_last_and_a_column_of_nothing_decides_nothing() -> None:
    assert mean_rank([[None, 0.1, None]]) == [2.5, 1.0, 2.5]
    assert mean_rank([[3, 2, 1], [None, None, None]]) == [1.5, 2.0, 2.5]


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"zip\(\)"):
        mean_rank([[1, 2], [1]])
