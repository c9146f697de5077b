"""Intervals hold the mean, know nothing of order, and are as wide as items are few."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.stats.bootstrap import difference_interval, mean_interval
from eval.stats.clusters import paired_differences

scores = st.one_of(st.none(), st.floats(-100, 100))
clusters = st.lists(st.lists(scores, max_size=5), max_size=12)


@settings(deadline=None)
@given(clusters)
def test_an_interval_holds_the_mean_of_what_is_known(values: list[list[float | None]]) -> None:
    known = [value for cluster in values for value in cluster if value is not None]
    interval = mean_interval(values, draws=50)
    if interval is None:
        assert known == []
        return
    assert interval.mean == pytest.approx(sum(known) / len(known), abs=1e-9)
    assert interval.n == len(known)
    assert interval.unscored == sum(map(len, values)) - len(known)
    if interval.clusters == 1:
        assert interval.low is interval.high is None
    else:
        assert interval.low is not None
        assert interval.high is not None
        assert interval.low <= interval.mean <= interval.high


@settings(deadline=None)
@given(clusters, st.randoms(use_true_random=False))
def test_the_order_of_items_and_segments_does_not_matter(
    values: list[list[float | None]], shuffled: random.Random
) -> None:
    mixed = [shuffled.sample(cluster, len(cluster)) for cluster in values]
    shuffled.shuffle(mixed)
    assert mean_interval(mixed, draws=50) == mean_interval(values, draws=50)


def test_nothing_scored_has_no_interval_and_one_item_no_ends() -> None:
    assert mean_interval([]) is None
    assert mean_interval([[None], []]) is None
    alone = mean_interval([[1.0, 2.0, None]])
    assert alone is not None
    assert (alone.mean, alone.low, alone.high, alone.unscored) == (1.5, None, None, 1)


def test_every_segment_counts_the_same_in_the_mean() -> None:
    interval = mean_interval([[1.0] * 9, [0.0]])
    assert interval is not None
    assert interval.mean == pytest.approx(0.9)


def test_segments_of_one_item_are_not_independent() -> None:
    items = np.random.default_rng(1).normal(size=100)
    clustered = mean_interval([[value] * 5 for value in items])
    apart = mean_interval([[value] for value in items for _ in range(5)])
    assert clustered is not None
    assert apart is not None
    width, narrow = (each.high - each.low for each in (clustered, apart))  # type: ignore[operator]
    assert width == pytest.approx(narrow * 5**0.5, rel=0.15)


def test_19_of_20_intervals_hold_the_true_mean() -> None:
    random = np.random.default_rng(7)
    held = 0
    for seed in range(400):
        items = random.exponential(size=(100, 1)) + random.normal(0, 0.1, size=(100, 3))
        interval = mean_interval(items.tolist(), draws=300, seed=seed)
        assert interval is not None
        assert interval.low is not None
        assert interval.high is not None
        held += interval.low <= 1.0 <= interval.high
    assert 0.90 <= held / 400 <= 0.97


def test_what_one_side_has_not_scored_is_left_out_of_both() -> None:
    old = [[1.0, None, 3.0], [2.0]]
    new = [[2.0, 5.0, None], [4.0]]
    assert paired_differences(old, new) == [[1.0, None, None], [2.0]]
    interval = difference_interval(old, new)
    assert interval is not None
    assert (interval.mean, interval.n, interval.unscored) == (1.5, 2, 2)


def test_two_sides_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        difference_interval([[1.0], [2.0]], [[1.0]])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="None"):
        mean_interval([[1.0], [value]])


def test_a_level_is_a_share() -> None:
    with pytest.raises(ValueError, match="level"):
        mean_interval([[1.0]], level=95)
