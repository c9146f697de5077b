"""What choosing gains, and how sure that is."""

from __future__ import annotations

import random

import pytest

from eval.selection.gains import gains, mean_of

RNG = random.Random(3)
SCORES = [[RNG.uniform(0, 100) for _ in range(4)] for _ in range(150)]
ITEMS = [str(place) for place in range(150)]
FIRST = [0] * 150
BEST = [row.index(max(row)) for row in SCORES]
DRAWN = [RNG.randrange(4) for _ in SCORES]


def test_the_base_gains_nothing_and_the_best_choice_most() -> None:
    first, best = gains({"first": FIRST, "best": BEST}, SCORES, ITEMS)
    assert (first.gain, first.interval, first.better, first.worse) == (0, (0, 0), 0, 0)
    assert best.mean == pytest.approx(sum(max(row) for row in SCORES) / 150)
    assert best.gain == pytest.approx(best.mean - first.mean)
    assert best.interval is not None
    assert 0 < best.interval[0] < best.gain < best.interval[1]
    assert best.better == sum(place > 0 for place in BEST)
    assert best.worse == 0


def test_a_drawn_choice_is_not_told_from_none() -> None:
    _, drawn = gains({"first": FIRST, "drawn": DRAWN}, SCORES, ITEMS)
    assert drawn.interval is not None
    assert drawn.interval[0] < 0 < drawn.interval[1]


def test_texts_of_one_item_are_drawn_together() -> None:
    """Each text thrice is no more evidence than once."""
    values = [row[0] for row in SCORES]
    mean, once = mean_of(values, ITEMS)
    again, thrice = mean_of(values * 3, ITEMS * 3)
    assert again == pytest.approx(mean)
    assert once is not None
    assert thrice is not None
    assert thrice == pytest.approx(once)


def test_one_item_alone_says_nothing_of_others() -> None:
    assert mean_of([1.0, 3.0], ["a", "a"]) == (2.0, None)


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        gains({"first": []}, [], [])
    with pytest.raises(ValueError, match="no value"):
        mean_of([], [])
