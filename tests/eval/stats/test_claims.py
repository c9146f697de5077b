"""p-values and claims of equivalence: never 0, never outside the margin, no more often wrong than
they say."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from eval.stats.equivalence import MIN_ITEMS, equivalence_interval, lies_inside
from eval.stats.randomisation import holm, leading_falls, p_of_leading_falls, p_of_mean

differences = st.lists(
    st.lists(st.one_of(st.none(), st.floats(-100, 100)), max_size=4), max_size=12
)
few = st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=7)


@settings(deadline=None)
@given(differences)
def test_p_lies_above_0_and_at_most_at_1(values: list[list[float | None]]) -> None:
    p = p_of_mean(values, draws=99)
    if all(value is None for cluster in values for value in cluster):
        assert p is None
    else:
        assert p is not None
        assert 0 < p <= 1


@settings(deadline=None)
@given(differences, st.randoms(use_true_random=False))
def test_p_does_not_depend_on_the_order(
    values: list[list[float | None]], shuffled: random.Random
) -> None:
    mixed = shuffled.sample(values, len(values))
    assert p_of_mean(mixed, draws=99) == p_of_mean(values, draws=99)


@settings(deadline=None)
@given(few)
def test_p_does_not_depend_on_which_side_is_called_old(values: list[float]) -> None:
    forth = p_of_mean([[value] for value in values], draws=4000)
    back = p_of_mean([[-value] for value in values], draws=4000)
    assert forth == pytest.approx(back, abs=0.05)


@settings(deadline=None)
@given(few)
def test_p_is_that_of_all_signs(values: list[float]) -> None:
    drawn = p_of_mean([[value] for value in values], draws=4000)
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, values, strict=True)))
        for signs in itertools.product((1, -1), repeat=len(values))
    ]
    exact = sum(each >= abs(sum(values)) - 1e-9 for each in sums) / len(sums)
    assert drawn == pytest.approx(exact, abs=0.05)


def test_no_draw_is_as_far_and_p_is_not_0() -> None:
    assert p_of_mean([[1.0]] * 100, draws=999) == 1 / 1000


def test_no_difference_has_p_1() -> None:
    assert p_of_mean([[0.0, 0.0], [0.0]]) == 1.0


def test_segments_of_an_item_are_flipped_together() -> None:
    together = p_of_mean([[1.0] * 10] * 3, draws=4000)
    assert together == pytest.approx(2 * 0.5**3, abs=0.05)


@settings(deadline=None)
@given(st.lists(st.floats(-10, 10), max_size=20))
def test_leading_falls_are_those_beyond_the_highest_rise(values: list[float]) -> None:
    count = leading_falls(values)
    ordered = sorted(values, key=lambda value: -abs(value))
    assert all(value < 0 for value in ordered[:count])
    assert count == sum(value < -max([*values, 0.0]) for value in values)


def test_a_lead_is_asked_for() -> None:
    assert leading_falls([2.0, -2.1, -2.3, -3.0]) == 3
    assert leading_falls([2.0, -2.1, -2.3, -3.0], lead=1.1) == 2
    assert leading_falls([-2.0, 0.0], lead=1.1) == 1


def test_leading_falls_are_as_rare_under_noise_as_is_said() -> None:
    random = np.random.default_rng(3)
    runs = random.standard_t(2, size=(4000, 40)) * random.integers(0, 2, size=(4000, 40))
    counts = np.array([leading_falls(run) for run in runs])
    for count in (1, 3, 5):
        assert np.mean(counts >= count) == pytest.approx(p_of_leading_falls(count), abs=0.02)


def test_holm_multiplies_the_smallest_most_and_keeps_the_order() -> None:
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03})
    assert adjusted == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
    assert holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


@settings(deadline=None)
@given(differences, st.floats(0.01, 50))
def test_what_is_called_equivalent_lies_inside_the_margin(
    values: list[list[float | None]], margin: float
) -> None:
    if lies_inside(equivalence_interval(values * 4), margin):
        known = [value for cluster in values for value in cluster if value is not None]
        assert abs(sum(known) / len(known)) < margin


@settings(deadline=None)
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=20), st.floats(0.01, 1))
def test_shares_that_are_called_equivalent_lie_inside_the_margin(
    values: list[float], margin: float
) -> None:
    if lies_inside(equivalence_interval([[value] for value in values], shares=True), margin):
        assert abs(sum(values) / len(values)) < margin


def exponential(random: np.random.Generator, items: int) -> NDArray[np.float64]:
    return random.exponential(size=items) - 1


def few_moved(random: np.random.Generator, items: int) -> NDArray[np.float64]:
    return random.exponential(size=items) * (random.random(items) < 0.3) - 0.3


def heavy(random: np.random.Generator, items: int) -> NDArray[np.float64]:
    return random.standard_t(3, items)


@pytest.mark.parametrize("items", [20, 50])
@pytest.mark.parametrize("shape", [exponential, few_moved, heavy])
def test_few_and_skewed_differences_are_not_called_equivalent_too_easily(
    shape: Callable[[np.random.Generator, int], NDArray[np.float64]], items: int
) -> None:
    random = np.random.default_rng(3)
    claims = 0
    for _ in range(2000):
        differences = (10 + shape(random, items)).tolist()  # their tail points away from 0
        claims += lies_inside(equivalence_interval([[each] for each in differences]), 10)
    assert claims / 2000 <= 0.075


def test_unequal_items_are_known_less_well() -> None:
    random = np.random.default_rng(4)
    claims = 0
    for _ in range(2000):
        sizes = random.integers(1, 12, 20).tolist()
        values = random.normal(10, 1, 20).tolist()
        items = [[value] * size for value, size in zip(values, sizes, strict=True)]
        claims += lies_inside(equivalence_interval(items), 10)
    assert claims / 2000 <= 0.07


def test_the_interval_is_student_s_where_nothing_is_skewed() -> None:
    values = [-1.0, 1.0] * 10
    interval = equivalence_interval([[value] for value in values])
    assert interval is not None
    end = 1.729133 * np.std(values, ddof=1) / 20**0.5
    assert (interval.low, interval.high) == pytest.approx((-end, end), abs=1e-5)


def test_it_reaches_further_to_the_side_of_the_tail() -> None:
    interval = equivalence_interval([[0.0]] * 19 + [[-10.0]])
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    assert interval.mean - interval.low > 2 * (interval.high - interval.mean) > 0
    turned = equivalence_interval([[0.0]] * 19 + [[10.0]])
    assert turned is not None
    assert (turned.high, turned.low) == pytest.approx((-interval.low, -interval.high))


def test_equivalence_needs_items_and_a_margin() -> None:
    same = [[0.0]] * MIN_ITEMS
    assert lies_inside(equivalence_interval(same), 0.1)
    assert not lies_inside(equivalence_interval(same), None)
    assert not lies_inside(equivalence_interval(same[1:]), 0.1)
    assert not lies_inside(equivalence_interval([*same[1:], [None]]), 0.1)


def test_shares_in_which_nothing_differs_are_not_certain() -> None:
    assert not lies_inside(equivalence_interval([[0.0]] * 30, shares=True), 0.02)
    assert lies_inside(equivalence_interval([[0.0]] * 300, shares=True), 0.02)


@pytest.mark.parametrize(("factor", "most"), [(1.0, 0.07), (1.5, 0.0)])
def test_a_difference_beyond_the_margin_is_hardly_ever_called_equivalent(
    factor: float, most: float
) -> None:
    random = np.random.default_rng(11)
    claims = 0
    for _ in range(400):
        values = random.normal(factor, 5.0, size=(300, 1)).tolist()
        claims += lies_inside(equivalence_interval(values), 1.0)
    assert claims / 400 <= most
