import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.report.plots import histogram, round_step, share, stacked, ticks

SCORES = st.lists(st.floats(-1000, 1000).map(lambda x: round(x, 4)), min_size=1, max_size=300)


@given(SCORES)
def test_every_value_is_in_the_bin_that_says_so(values):
    bins = histogram(values)
    for each in bins:
        assert each.count == sum(each.low <= value < each.high for value in values)
    assert sum(each.count for each in bins) == len(values)
    assert len(bins) <= 27


@given(SCORES)
def test_bins_are_as_wide_as_each_other_and_touch(values):
    bins = histogram(values)
    width = bins[0].high - bins[0].low
    assert all(math.isclose(each.high - each.low, width, rel_tol=1e-3) for each in bins)
    assert all(a.high == b.low for a, b in pairwise(bins))


def test_edges_are_round_numbers():
    edges = [(each.low, each.high) for each in histogram([0.1, 0.24, 0.3], most=4)]
    assert edges == [(0.1, 0.15), (0.15, 0.2), (0.2, 0.25), (0.25, 0.3), (0.3, 0.35)]


def test_equal_values_fill_one_bin():
    [only] = histogram([100.0] * 5)
    assert only.count == 5
    assert histogram([0.0])[0].count == 1
    assert histogram([]) == []


@pytest.mark.parametrize(("span", "step"), [(1, 0.1), (0.7, 0.1), (100, 10), (24, 2.5), (9, 1)])
def test_steps_are_round(span, step):
    assert round_step(span, 10) == pytest.approx(step)


def test_ticks_stay_within():
    assert ticks(0.68, 0.92, 4) == [0.7, 0.8, 0.9]
    assert ticks(5, 5) == [5]


def test_a_place_is_a_share_of_the_way():
    assert share(5, 0, 20) == 25
    assert share(-3, 0, 20) == 0
    assert share(7, 7, 7) == 50


def test_parts_of_a_bar_fill_it_and_the_smallest_is_seen():
    parts = stacked([("much", 9999), ("none", 0), ("little", 1)])
    assert [part.width for part in parts][1] == 0
    assert parts[2].width > 0.5
    assert parts[2].x + parts[2].width == pytest.approx(100)
    assert stacked([("nothing", 0.0)])[0].width == 0
