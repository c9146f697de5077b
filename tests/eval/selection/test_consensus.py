"""Agreement and consensus: chrF of translations with one another."""

from __future__ import annotations

import time
from itertools import permutations
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.chrf import CHRF

from eval.selection.consensus import agreement, consensus
from eval.selection.overlap import grams, overlap

TEXTS = [
    "光合作用需要光、水和二氧化碳。",
    "光合作用需要光照、水與二氧化碳。",
    "以上皆非",
    "광합성에는 빛과 물, 이산화탄소가 필요하다.",
    "The the the  cat sat.",
    "a",
    "",
]


@pytest.mark.parametrize(("a", "b"), list(permutations(TEXTS, 2)))
def test_overlap_is_chrf_as_sacrebleu_computes_it(a: str, b: str) -> None:
    assert 100 * overlap(grams(a), grams(b))[0] == pytest.approx(_chrf(a, b))


@given(st.text("ab一 二", max_size=30), st.text("ab一 二", max_size=30))
def test_also_of_texts_full_of_repetitions(a: str, b: str) -> None:
    forth, back = overlap(grams(a), grams(b))
    assert (100 * forth, 100 * back) == (pytest.approx(_chrf(a, b)), pytest.approx(_chrf(b, a)))


def _chrf(hypothesis: str, reference: str) -> float:
    return CHRF().sentence_score(hypothesis, [reference]).score


def test_agreement_is_the_same_from_both_sides_and_a_mean_over_segments() -> None:
    a, b = [TEXTS[0], TEXTS[2]], [TEXTS[1], TEXTS[2]]
    assert agreement(a, b) == pytest.approx(agreement(b, a))
    assert agreement(a, a) == 1.0
    assert agreement(a, b) == pytest.approx((agreement(a[:1], b[:1]) + 1) / 2)
    assert 0 < agreement(a, b) < 1


def test_without_a_word_to_translate_all_agree() -> None:
    assert agreement([], []) == 1.0
    assert consensus([[], []]) == [1.0, 1.0]


def test_translations_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"zip\(\)"):
        agreement(["a"], ["a", "b"])


def test_consensus_is_the_mean_agreement_with_all_others() -> None:
    candidates = [[TEXTS[0], TEXTS[2]], [TEXTS[1], TEXTS[2]], [TEXTS[3], TEXTS[2]]]
    expected = [
        fmean(agreement(one, other) for other in candidates if other is not one)
        for one in candidates
    ]
    assert consensus(candidates) == pytest.approx(expected)


def test_neither_the_longer_nor_the_shorter_of_two_has_more_consensus() -> None:
    longer, shorter = consensus([[TEXTS[0] + "以上皆非"], [TEXTS[0]]])
    assert longer == shorter


def test_an_addition_that_nobody_else_has_costs_consensus() -> None:
    """ChrF one way would prefer it: it holds all that the others have."""
    plain, other, chatty = consensus([[TEXTS[0]], [TEXTS[1]], [TEXTS[0] + "希望对您有帮助！"]])
    assert chatty < plain
    assert other < plain


def test_a_candidate_that_stands_twice_agrees_with_its_copy() -> None:
    twice, alone = [TEXTS[0]], [TEXTS[3]]
    copy, copied, other = consensus([twice, twice, alone])
    assert copy == copied == pytest.approx((1 + agreement(twice, alone)) / 2, abs=0.05)
    assert other < copy


def test_one_candidate_alone_has_nobody_who_disagrees() -> None:
    assert consensus([["anything"]]) == [1.0]


def test_an_item_of_five_segments_and_eight_candidates_costs_little() -> None:
    """20 ms are meant; the bound leaves room for a busy machine."""
    candidates = [[f"{text} {n}{text[n:]}" * 2 for text in TEXTS[:5]] for n in range(8)]
    started = time.process_time()
    consensus(candidates)
    assert time.process_time() - started < 0.2
