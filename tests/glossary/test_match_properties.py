"""What holds for every text and every glossary."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.adherence import Outcome
from glossary.concept import Concept, Glossary, PartOfSpeech, Term
from glossary.language import Language, Pair
from glossary.matching.match import Matcher
from glossary.matching.normalize import fold
from glossary.matching.surface import forms_of
from glossary.terminology import Terminology

ROOT = Path(__file__).resolve().parents[2]
WORDS = {
    Language.EN: ["AI", "model", "fine-tune", "data set", "C++", "analysis", "Go", "e-mail"],
    Language.ZH_TW: ["學生", "大學", "機器學習", "學習", "AI 模型", "平台", "率"],
    Language.ZH_CN: ["学生", "数据", "数据库", "机器学习", "token"],
    Language.KO: ["학습", "기계 학습", "모델", "수", "추론하다", "API", "이자"],
}
PIECES = [
    *(word for words in WORDS.values() for word in words),
    *("s", "'s", " ", "\n", "\n\n", "-", ".", "，", "은", "에서는", "했다", "들", "的", "生活"),
    *("\u200b", "ﬁ", "e\u0301", "Ａ", "İ", "🙂", "ς", "x", "1", "\u1112\u1161\u11a8"),
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


def matcher(language: Language, pos: PartOfSpeech | None = None) -> Matcher:
    concepts = tuple(
        Concept(id=f"c{n}", terms=(Term(language=language, text=word, part_of_speech=pos),))
        for n, word in enumerate(WORDS[language])
    )
    return Matcher([Glossary(name="g", concepts=concepts)], language)


def to_itself(language: Language) -> Terminology:
    concepts = tuple(
        Concept(id=f"c{n}", terms=(Term(language=language, text=word),))
        for n, word in enumerate(WORDS[language])
    )
    return Terminology([Glossary(name="g", concepts=concepts)], Pair(language, language))


ITSELF = {language: to_itself(language) for language in Language}
MATCHERS = {language: matcher(language) for language in Language}
VERBS = matcher(Language.EN, PartOfSpeech.VERB)


@given(st.text())
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.cased)
    ends = [folded.given_end(at) for at in range(1, len(folded.text) + 1)]
    starts = [folded.given_start(at) for at in range(len(folded.text))]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))


@given(texts, st.sampled_from(list(Language)))
def test_a_match_lies_in_the_text_and_is_a_form_of_its_term(text: str, language: Language) -> None:
    last = 0
    for match in MATCHERS[language].find(text):
        assert last <= match.start < match.end <= len(text)
        last = match.end
        stands = fold(text[match.start : match.end]).text
        forms = {form.key for form in forms_of(match.term)}
        stems = tuple(form.key for form in forms_of(match.term) if form.stem)
        assert stands in forms or (stems and stands.startswith(stems))


@given(texts, st.sampled_from(list(Language)))
@settings(max_examples=300)
def test_a_text_adheres_to_itself(text: str, language: Language) -> None:
    outcomes = ITSELF[language].adherence(text, text)
    assert {outcome.outcome for outcome in outcomes} <= {Outcome.APPLIED}
    for outcome in outcomes:
        assert set(outcome.source_spans) & set(outcome.target_spans)


@given(texts, texts, st.sampled_from(list(Language)))
def test_what_was_found_stands_in_the_translation(a: str, b: str, language: Language) -> None:
    for outcome in ITSELF[language].adherence(a, b):
        assert (outcome.found is None) == (outcome.outcome is Outcome.MISSED)
        assert all(0 <= start < end <= len(b) for start, end in outcome.target_spans)
        if outcome.found is not None:
            assert b[slice(*outcome.target_spans[0])] == outcome.found


@given(texts, st.sampled_from(list(Language)))
def test_finding_twice_is_finding_the_same(text: str, language: Language) -> None:
    assert MATCHERS[language].find(text) == MATCHERS[language].find(text)


@given(st.sampled_from([(language, word) for language in WORDS for word in WORDS[language]]))
def test_a_term_by_itself_is_found_whole(chosen: tuple[Language, str]) -> None:
    language, word = chosen
    [match] = MATCHERS[language].find(word)
    assert (match.start, match.end, match.term.text) == (0, len(word), word)


@given(texts)
@settings(max_examples=50)
def test_text_around_in_other_paragraphs_changes_nothing(text: str) -> None:
    alone = [(m.start, m.end) for m in VERBS.find(text)]
    offset = len("before\n\n")
    among = [(m.start - offset, m.end - offset) for m in VERBS.find(f"before\n\n{text}\n\nafter")]
    # White space at the edges of the text joins the paragraph's break.
    assert not text.strip() or among == alone or text != text.strip()


def test_the_result_is_the_same_in_every_process() -> None:
    code = (
        "from bench.glossary_labelled import *\n"
        "for l in LANGUAGES:\n"
        "    d = read(f'match_{l}.yaml'); m = Matcher([glossary_of(d['glossary'], l)], l)\n"
        "    for s in d['sentences']:\n"
        "        print([(x.start, x.end, x.concept.id) for x in m.find(unmarked(s)[0])])"
    )
    outputs = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


@pytest.mark.parametrize(
    ("language", "unit"),
    [
        (Language.EN, "AI-"),
        (Language.EN, "a"),
        (Language.EN, "\u0301\u0316"),
        (Language.EN, " \n"),
        (Language.EN, "AI \u200b"),
        (Language.ZH_TW, "大學生活"),
        (Language.ZH_TW, "學"),
        (Language.ZH_TW, "AI模型率"),
        (Language.ZH_CN, "数据库"),
        (Language.KO, "기계학습하였다"),
        (Language.KO, "\u1112\u1161\u11a8"),
        (Language.KO, "수는 "),
    ],
)
def test_time_grows_with_the_length_only(language: Language, unit: str) -> None:
    """The worst of texts takes about eight times an eighth of it, not sixty-four."""
    seconds = []
    for size in (31_250, 250_000):
        text = unit * (size // len(unit.encode()))
        start = time.process_time()
        MATCHERS[language].find(text)
        seconds.append(time.process_time() - start)
    assert seconds[1] < max(24 * seconds[0], 1.0)


@pytest.mark.parametrize(
    ("language", "unit"),
    [(Language.EN, "ai train-"), (Language.ZH_TW, "大學生活"), (Language.KO, "학습득")],
)
def test_a_megabyte_takes_seconds(language: Language, unit: str) -> None:
    text = unit * (1_000_000 // len(unit.encode()))
    start = time.process_time()
    MATCHERS[language].find(text)
    assert time.process_time() - start < 20
