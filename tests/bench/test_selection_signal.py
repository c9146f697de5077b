"""The statistics of ``bench.selection``: what they say of numbers whose worth is known."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from bench.selection_data import joined
from bench.selection_signal import Sample, halves_agree

RNG = random.Random(7)
SCORES = [RNG.gauss(0, 1) for _ in range(200)]
NOISE = [RNG.gauss(0, 1) for _ in SCORES]
COARSE = [float(round(score + noise)) for score, noise in zip(SCORES, NOISE, strict=True)]
SAMPLE = Sample(SCORES, [str(place // 2) for place in range(len(SCORES))])


def test_a_number_that_is_the_score_goes_with_it_and_noise_does_not() -> None:
    assert SAMPLE.pearson(SCORES).value == pytest.approx(1)
    assert SAMPLE.kendall(SCORES).value == pytest.approx(1)
    assert SAMPLE.auc(SCORES).value == 1
    noise = SAMPLE.pearson(NOISE)
    assert noise.low < 0 < noise.high


def test_pearson_is_numpys() -> None:
    assert SAMPLE.pearson(COARSE).value == pytest.approx(np.corrcoef(COARSE, SCORES)[0, 1])


def test_kendall_is_tau_b_with_ties() -> None:
    pairs = [(a > b) - (a < b) for a, b in combinations(COARSE, 2)]
    scores = [(a > b) - (a < b) for a, b in combinations(SCORES, 2)]
    alike = sum(a * b for a, b in zip(pairs, scores, strict=True))
    free = sum(map(abs, pairs)) * sum(map(abs, scores))
    assert SAMPLE.kendall(COARSE).value == pytest.approx(alike / free**0.5)


def test_intervals_hold_the_value() -> None:
    for figure in (SAMPLE.pearson(COARSE), SAMPLE.kendall(COARSE), SAMPLE.auc(COARSE)):
        assert figure.low < figure.value < figure.high


def test_outputs_of_one_document_count_little_more_than_one() -> None:
    """Ten documents, each as good as it is throughout: whoever draws outputs is too sure."""
    scores = [float(place // 20) for place in range(200)]
    flags = [place // 20 % 2 == 0 for place in range(200)]
    alone = Sample(scores, [str(place) for place in range(200)]).difference(flags)
    whole = Sample(scores, [str(place // 20) for place in range(200)]).difference(flags)
    assert alone is not None
    assert whole is not None
    assert whole.high - whole.low > 2 * (alone.high - alone.low)


def test_flags_are_measured_by_the_difference_they_make() -> None:
    flagged = [score < -1 for score in SCORES]
    figure = SAMPLE.difference(flagged)
    assert figure is not None
    assert figure.high < -1
    assert SAMPLE.of_worst(flagged) == 1
    assert SAMPLE.difference([False] * len(SCORES)) is None


def test_a_flag_that_nothing_says_ranks_the_worst_by_chance() -> None:
    assert SAMPLE.auc([0.0] * len(SCORES)).value == 0.5


def test_raters_who_agree_and_raters_who_do_not() -> None:
    assert halves_agree([[score] * 6 for score in SCORES]) == pytest.approx(1)
    drawn = [[RNG.random() for _ in range(6)] for _ in range(500)]
    assert abs(halves_agree(drawn)) < 0.2


def test_tokens_are_joined_as_chinese_is_written() -> None:
    assert joined("在   2009   年 看 Star Wars 。") == "在2009年看Star Wars。"
