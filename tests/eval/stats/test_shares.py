"""The interval of a share's difference is that of Tango's score test, and wide where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.stats.shares import share_interval

changes = st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=2, max_size=60)


def ends(values: list[float], level: float = 0.95) -> tuple[float, float]:
    interval = share_interval([[value] for value in values], level=level)
    assert interval is not None
    assert interval.low is not None
    assert interval.high is not None
    return interval.low, interval.high


def distance(values: list[float], true: float) -> float:
    """The test statistic, the likeliest shares being looked for among many."""
    n, ups, downs = len(values), values.count(1.0), values.count(-1.0)
    falls = np.linspace(max(0.0, -true), (1 - true) / 2, 200_003)[1:-1]
    likely = (n - ups - downs) * np.log1p(-2 * falls - true)
    likely += ups * np.log(falls + true) + downs * np.log(falls)
    fall = falls[np.argmax(likely)]
    return float((sum(values) - n * true) / np.sqrt(n * (2 * fall + true - true**2)))


@pytest.mark.parametrize(("ups", "downs", "same"), [(3, 1, 46), (0, 4, 26), (5, 5, 30), (9, 0, 11)])
def test_both_ends_are_where_the_score_test_begins_to_refuse(
    ups: int, downs: int, same: int
) -> None:
    values = [1.0] * ups + [-1.0] * downs + [0.0] * same
    low, high = ends(values)
    assert distance(values, low) == pytest.approx(1.96, abs=0.01)
    assert distance(values, high) == pytest.approx(-1.96, abs=0.01)


@given(changes)
def test_it_holds_the_difference_and_is_turned_with_it(values: list[float]) -> None:
    low, high = ends(values)
    assert -1 <= low <= np.mean(values) <= high <= 1
    assert ends([-value for value in values]) == (-high, -low)


def test_where_nothing_differs_it_has_a_width() -> None:
    low, high = ends([0.0] * 50)
    assert high == -low == pytest.approx(1.96**2 / (50 + 1.96**2), abs=1e-4)


@pytest.mark.parametrize("items", [100, 135, 300])
def test_a_share_that_grew_by_the_margin_is_seldom_called_equivalent(items: int) -> None:
    """Of rare changes, in one direction only: hundred items may well show none of them."""
    random = np.random.default_rng(7)
    counts = random.binomial(items, 0.02, size=4000)
    inside = {
        count: ends([1.0] * count + [0.0] * (items - count), level=0.9)[1] < 0.02
        for count in set(counts.tolist())
    }
    assert np.mean([inside[count] for count in counts.tolist()]) < 0.08


def test_nothing_known_has_no_interval_and_one_item_no_ends() -> None:
    assert share_interval([[None]]) is None
    alone = share_interval([[1.0], [None]])
    assert alone is not None
    assert (alone.mean, alone.low, alone.high, alone.unscored) == (1.0, None, None, 1)


def test_what_is_no_share_is_refused() -> None:
    with pytest.raises(ValueError, match="-1, 0 or 1"):
        share_interval([[0.5]])
