"""The starter glossary: it loads, has all languages, and each language is written as it should."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import opencc
import pytest
import yaml

from glossary.concept import Concept, Glossary, Status, Strength, Term
from glossary.language import Language

FILE = Path(__file__).resolve().parents[2] / "samples" / "glossary" / "starter.yaml"
DOMAINS = (
    *("LLM evaluation", "mathematics", "statistics", "physics", "chemistry", "biology"),
    *("history", "geography", "economics", "law", "medicine", "computing", "linguistics"),
)
BOTH_SCRIPTS = "污占干"
"""OpenCC converts them by itself, and Taiwan writes them in 汙染, 獨占, 干擾."""


@cache
def starter() -> Glossary:
    """The glossary as it is read by anyone."""
    return Glossary.model_validate(yaml.safe_load(FILE.read_text("utf-8")))


def terms(language: Language) -> Iterator[Term]:
    for concept in starter().concepts:
        yield from concept.in_language(language)


def usable(concept: Concept, language: Language) -> set[str]:
    return {term.text for term in concept.in_language(language) if term.status.usable}


def preferred(id_: str, language: Language) -> str:
    (concept,) = (each for each in starter().concepts if each.id == id_)
    (term,) = (t for t in concept.in_language(language) if t.status is Status.PREFERRED)
    return term.text


def test_it_is_large_and_covers_the_subjects() -> None:
    counts = Counter(concept.domain for concept in starter().concepts)
    assert counts.total() >= 400
    assert all(counts[domain] >= 10 for domain in DOMAINS), counts
    assert len({concept.id for concept in starter().concepts}) == counts.total()


def test_its_readme_tells_its_size() -> None:
    readme = (FILE.parent / "README.md").read_text("utf-8")
    assert f"{len(starter().concepts)} concepts" in readme


@pytest.mark.parametrize("language", Language)
def test_every_concept_has_one_preferred_term_with_a_part_of_speech(language: Language) -> None:
    for concept in starter().concepts:
        found = [t for t in concept.in_language(language) if t.status is Status.PREFERRED]
        assert len(found) == 1, (concept.id, language)
        assert found[0].part_of_speech, concept.id


@pytest.mark.parametrize("language", Language)
def test_contrasts_are_distinct(language: Language) -> None:
    sets: defaultdict[str, list[Concept]] = defaultdict(list)
    for concept in starter().concepts:
        for label in concept.contrasts:
            sets[label].append(concept)
    assert len(sets) >= 20
    for label, concepts in sets.items():
        assert len(concepts) >= 2, label
        shared = Counter(text for concept in concepts for text in usable(concept, language))
        assert [text for text, count in shared.items() if count > 1] == [], label


@pytest.mark.parametrize(
    ("language", "conversion"), [(Language.ZH_TW, "s2tw"), (Language.ZH_CN, "t2s")]
)
def test_each_chinese_is_written_in_its_own_characters(language: Language, conversion: str) -> None:
    convert = opencc.OpenCC(conversion).convert
    wrong = [
        text
        for term in terms(language)
        if term.status.usable
        for text in (term.text, *term.examples)
        if any(convert(char) != char for char in text if char not in BOTH_SCRIPTS)
    ]
    assert wrong == []


def test_korean_is_written_in_hangul() -> None:
    han = [term.text for term in terms(Language.KO) if any("一" <= c <= "鿿" for c in term.text)]
    assert han == []


@pytest.mark.parametrize(
    ("concept", "taiwan", "mainland"),
    [
        ("program", "程式", "程序"),
        ("information", "資訊", "信息"),
        ("probability", "機率", "概率"),
        ("quality", "品質", "质量"),
        ("mass", "質量", "质量"),
        ("variable", "變數", "变量"),
        ("function", "函數", "函数"),
        ("regression", "迴歸", "回归"),
        ("memory", "記憶體", "内存"),
        ("algorithm", "演算法", "算法"),
        ("nuclear-fusion", "核融合", "核聚变"),
        ("vowel", "母音", "元音"),
    ],
)
def test_each_region_has_its_word(concept: str, taiwan: str, mainland: str) -> None:
    assert preferred(concept, Language.ZH_TW) == taiwan
    assert preferred(concept, Language.ZH_CN) == mainland


def test_a_domain_has_an_english_word_once() -> None:
    english = [(c.domain, preferred(c.id, Language.EN).lower()) for c in starter().concepts]
    assert [word for word, count in Counter(english).items() if count > 1] == []


@pytest.mark.parametrize("language", Language)
def test_a_word_of_two_concepts_is_never_repaired_by_force(language: Language) -> None:
    meanings: defaultdict[str, set[str]] = defaultdict(set)
    for concept in starter().concepts:
        for text in usable(concept, language):
            meanings[text.lower()].add(concept.id)
    forced = {t.text.lower() for t in terms(language) if t.strength is Strength.HARD}
    assert [w for w, ids in meanings.items() if len(ids) > 1 and w in forced] == []


def test_a_banned_word_is_not_right_for_the_same_concept() -> None:
    for concept in starter().concepts:
        for term in concept.terms:
            if term.status.banned:
                assert term.text not in usable(concept, term.language), concept.id


def test_names_of_formats_and_models_are_kept_as_they_are_written() -> None:
    kept = {term.text for term in terms(Language.EN) if term.keep}
    assert {"BLEU", "JSON", "GPU"} <= kept
    for concept in starter().concepts:
        if any(term.keep for term in concept.terms):
            assert len({term.text for term in concept.terms}) == 1, concept.id
            assert all(term.keep and term.case_sensitive for term in concept.terms), concept.id


def test_everyday_words_ask_for_a_condition() -> None:
    for term in terms(Language.EN):
        if term.text in ("class", "work", "field", "function", "object", "set", "solution"):
            assert term.strength is not Strength.HARD, term.text
            assert term.condition, term.text


def test_examples_use_their_term() -> None:
    shown = 0
    for language in Language:
        for concept in starter().concepts:
            words = {text.lower() for text in usable(concept, language)}
            for term in concept.in_language(language):
                for example in term.examples:
                    shown += 1
                    assert any(word in example.lower() for word in words), example
    assert shown >= 40
