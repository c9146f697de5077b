"""chrF and BLEU: values that can be worked out by hand, what has no value, and the signatures."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.base import Row, Score
from eval.metrics.lexical import Bleu, Chrf, chrf
from glossary.language import Language

EN, KO, ZH = Language.EN, Language.KO, Language.ZH_TW
CHRF, BLEU = Chrf("chrf"), Bleu("bleu")


def row(hypothesis: str, reference: str | None, language: Language = EN) -> Row:
    return Row("source", hypothesis, reference, language)


async def value(metric: Chrf | Bleu, hypothesis: str, reference: str, language: Language) -> float:
    (score,) = await metric.score([row(hypothesis, reference, language)])
    assert score.value is not None, score.reason
    return score.value


@pytest.mark.parametrize("metric", [CHRF, BLEU], ids=["chrf", "bleu"])
@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Which of these is a mammal?", EN),
        ("다음 중 포유류는?", KO),
        ("下列何者為哺乳類？", ZH),
        ("好", ZH),
    ],
)
async def test_the_reference_itself_scores_100_and_a_stranger_0(
    metric: Chrf | Bleu, text: str, language: Language
) -> None:
    assert await value(metric, text, text, language) == pytest.approx(100)
    assert await metric.score([row("§§§", text, language)]) == [Score(value=0)]


async def test_chrf_is_what_the_formula_says() -> None:
    # Of one character in order 1: precision 1/2, recall 1; F with beta 2 is 5·p·r / (4·p + r).
    assert await value(CHRF, "好的", "好", ZH) == pytest.approx(100 * 2.5 / 3)
    # In English the words count too: none of "ab" is "a", so that order brings 0.
    assert await value(CHRF, "ab", "a", EN) == pytest.approx(100 * 1.25 * 1 / 3)
    assert chrf("ab", "a") == pytest.approx(100 * 2.5 / 3)


async def test_bleu_of_chinese_and_korean_does_not_wait_for_spaces() -> None:
    assert await value(BLEU, "我喜歡白貓", "我喜歡黑貓", ZH) > 20
    assert await value(BLEU, "고양이를좋아한다", "고양이를싫어한다", KO) > 20


async def test_short_texts_are_not_punished_for_missing_four_grams() -> None:
    assert await value(BLEU, "blue whale", "blue whale", EN) == pytest.approx(100)


@pytest.mark.parametrize("metric", [CHRF, BLEU], ids=["chrf", "bleu"])
async def test_what_cannot_be_compared_has_no_value_and_says_why(metric: Chrf | Bleu) -> None:
    rows = [row("a", None), row("", "a"), row(" \n", "a"), row("a", "　"), row("a", "a")]
    scores = await metric.score(rows)
    assert [score.reason for score in scores] == [
        "no reference",
        "empty hypothesis",
        "empty hypothesis",
        "empty reference",
        "",
    ]
    assert [score.value is None for score in scores] == [True, True, True, True, False]


async def test_scores_come_in_the_order_of_their_rows() -> None:
    texts = ["a cat", "a dog", "the dog"]
    scores = await CHRF.score([row(text, "the dog") for text in texts])
    values = [score.value for score in scores]
    assert values == sorted(values)
    assert len(set(values)) == 3


async def test_a_signature_says_how_each_language_was_cut_and_which_version() -> None:
    chrf_, bleu = await CHRF.info(), await BLEU.info()
    for info in (chrf_, bleu):
        assert info.family == "lexical"
        assert info.needs_reference
        assert f"version:{version('sacrebleu')}" in info.signature
    assert "nw:en=2,zh-TW=0,zh-CN=0,ko=2" in chrf_.signature
    assert "tok:en=13a,zh-TW=zh,zh-CN=zh,ko=" in bleu.signature
    assert chrf_.signature != bleu.signature
    assert (await Chrf("other").info()).signature == chrf_.signature


def test_a_corpus_score_weighs_long_texts_more() -> None:
    rows = [row("a b c d e f g h", "a b c d e f g h"), row("x", "y")]
    whole = BLEU.corpus_score(rows)
    assert whole.value is not None
    assert 50 < whole.value < 100
    assert CHRF.corpus_score([*rows, row("", "lost"), row("q", None)]) == CHRF.corpus_score(rows)


def test_a_corpus_without_anything_to_compare_has_no_score() -> None:
    assert CHRF.corpus_score([row("", "a")]) == Score(value=None, reason="no rows to compare")
    with pytest.raises(ValueError, match="several languages"):
        BLEU.corpus_score([row("a", "a", EN), row("가", "가", KO)])


TEXT = st.text(min_size=1, max_size=40).filter(lambda text: bool(text.strip()))


@given(TEXT, TEXT, st.sampled_from(Language))
def test_any_texts_have_a_score_between_0_and_100(one: str, other: str, language: Language) -> None:
    for metric in (CHRF, BLEU):
        score = metric.corpus_score([row(one, other, language)])
        assert score.value is not None
        assert 0 <= score.value <= 100
    assert 0 <= chrf(one, other) <= 100
