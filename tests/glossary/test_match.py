"""Terms are found where a linguist would mark them."""

from __future__ import annotations

import unicodedata

import pytest

from bench.glossary_labelled import LANGUAGES, Tally, matched, read, unmarked
from glossary.concept import Concept, Glossary, PartOfSpeech, Term
from glossary.language import Language
from glossary.matching.match import Matcher


def glossary(name: str, *terms: Term, benchmarks: tuple[str, ...] = ()) -> Glossary:
    concepts = tuple(
        Concept(id=f"c{number}", terms=(term,), benchmarks=benchmarks)
        for number, term in enumerate(terms)
    )
    return Glossary(name=name, concepts=concepts)


def term(text: str, language: Language = Language.EN, **fields: object) -> Term:
    return Term.model_validate({"language": language, "text": text, **fields})


def found(text: str, *terms: Term) -> list[str]:
    """What is found of these terms, as it stands in the text."""
    matcher = Matcher([glossary("g", *terms)], terms[0].language)
    return [text[match.start : match.end] for match in matcher.find(text)]


def test_there_are_a_hundred_sentences_each() -> None:
    counts = dict.fromkeys(LANGUAGES, 0)
    for language in LANGUAGES:
        data = read(f"match_{language}.yaml")
        counts[language] = len(data["sentences"]) + len(data["fresh"])
    assert counts[Language.EN] >= 100
    assert counts[Language.KO] >= 100
    assert counts[Language.ZH_TW] >= 50
    assert counts[Language.ZH_CN] >= 50


def test_marks_become_spans() -> None:
    assert unmarked("⟦AI⟧ in ⟦TRAIN⟧") == ("AI in TRAIN", [(0, 2), (6, 11)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_labelled_sentences(language: Language) -> None:
    """Not all: some need a reader (수요일 is no demand); docs and benchmark tell how many."""
    tally = matched(language)
    assert tally.precision >= 0.95, tally.faults
    assert tally.recall >= 0.97, tally.faults


def test_sentences_that_were_not_looked_at() -> None:
    tally = Tally()
    for language in LANGUAGES:
        tally += matched(language, "fresh")
    assert tally.precision >= 0.93, tally.faults
    assert tally.recall >= 0.93, tally.faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ＡＩ", ["ＡＩ"]),
        ("A\u200bI", ["A\u200bI"]),
        ("AI's", ["AI"]),
        ("AIs", ["AIs"]),
        ("AI-based", ["AI"]),
        ("AI2", []),
        ("openAI", []),
        ("AI_flag", []),
        ("x.AI", ["AI"]),
        ("ai.example", []),
        ("使用AI時", ["AI"]),
        ("AI를 쓴다", ["AI"]),
    ],
)
def test_an_acronym_stands_alone(text: str, expected: list[str]) -> None:
    assert found(text, term("AI")) == expected


def test_the_longest_term_is_taken_and_none_overlaps() -> None:
    terms = (term("network"), term("neural network"), term("network layer size"))
    text = "neural network layer size, neural networks"
    assert found(text, *terms) == ["network layer size", "neural networks"]


def test_a_longer_term_that_is_no_word_does_not_hide_a_shorter_one() -> None:
    assert found("data models", term("data model sink"), term("data")) == ["data"]
    assert found("test sets", term("test set", case_sensitive=True), term("test")) == ["test sets"]
    assert found("Test set", term("test set", case_sensitive=True), term("test")) == ["Test"]


def test_offsets_count_code_points_of_the_text_as_given() -> None:
    text = "🙂 cafe\u0301  and\tﬁne\u00adtuned model  𠮷 model"
    matcher = Matcher([glossary("g", term("café"), term("model"))], Language.EN)
    slices = [text[match.start : match.end] for match in matcher.find(text)]
    assert slices == ["cafe\u0301", "model", "model"]


def test_a_term_may_break_over_a_line_but_not_over_a_paragraph() -> None:
    assert found("learning\n  rate", term("learning rate")) == ["learning\n  rate"]
    assert found("learning\n\nrate", term("learning rate")) == []


def test_case_matters_only_where_the_term_says_so() -> None:
    assert found("go Go GO", term("Go", case_sensitive=True)) == ["Go"]
    assert found("go Go GO", term("Go")) == ["go", "Go", "GO"]


def test_an_acronym_spelled_like_an_everyday_word_matches_as_written() -> None:
    assert found("IT says it is WHO who", term("IT"), term("WHO")) == ["IT", "WHO"]


def test_verbs_inflect_only_as_verbs() -> None:
    verb = term("map", part_of_speech=PartOfSpeech.VERB)
    assert found("map maps mapped mapping", verb) == ["map", "maps", "mapped", "mapping"]
    assert found("map maps mapped mapping", term("map")) == ["map", "maps"]


def test_decomposed_hangul_is_found() -> None:
    text = unicodedata.normalize("NFD", "학습하는")
    assert found(text, term("학습", Language.KO)) == [unicodedata.normalize("NFD", "학습")]


@pytest.mark.parametrize("written", ["기계학습", "기계 학습"])
def test_korean_compounds_may_have_a_space_or_none(written: str) -> None:
    text = "기계 학습은 기계학습이다"
    assert found(text, term(written, Language.KO)) == ["기계 학습", "기계학습"]


def test_the_earlier_glossary_decides() -> None:
    first, second = glossary("first", term("model")), glossary("second", term("model"))
    matches = Matcher([first, second], Language.EN).find("a model")
    assert [match.glossary for match in matches] == ["first"]
    assert matches[0].homonyms == ()
    matches = Matcher([second, first], Language.EN).find("a model")
    assert [match.glossary for match in matches] == ["second"]


def test_a_longer_term_of_a_later_glossary_is_still_longer() -> None:
    first, second = glossary("first", term("model")), glossary("second", term("language model"))
    matches = Matcher([first, second], Language.EN).find("a language model")
    assert [match.glossary for match in matches] == ["second"]


def test_homonyms_of_one_glossary_come_together() -> None:
    cell, battery = term("cell"), term("cell")
    [match] = Matcher([glossary("g", cell, battery)], Language.EN).find("a cell")
    assert match.concept.id == "c0"
    assert [concept.id for concept in match.homonyms] == ["c1"]


def test_the_very_form_comes_before_an_inflected_one() -> None:
    [match] = Matcher([glossary("g", term("mean"), term("means"))], Language.EN).find("means")
    assert match.term.text == "means"


def test_a_concept_of_one_benchmark_is_found_only_there() -> None:
    scoped = glossary("g", term("model"), benchmarks=("mmlu",))
    assert Matcher([scoped], Language.EN, benchmark="mmlu").find("model")
    assert not Matcher([scoped], Language.EN, benchmark="gsm8k").find("model")
    assert not Matcher([scoped], Language.EN).find("model")


def test_what_is_kept_is_found_in_texts_of_every_language() -> None:
    kept = glossary("g", term("Python", keep=True), term("model"))
    matches = Matcher([kept], Language.ZH_TW).find("Python 的 model")
    assert [match.term.text for match in matches] == ["Python"]


def test_a_chinese_term_inside_another_word_is_not_found() -> None:
    student = term("學生", Language.ZH_TW)
    assert found("大學生活", student) == []
    assert found("學生生活", student) == ["學生"]


def test_an_empty_glossary_finds_nothing() -> None:
    assert Matcher([Glossary(name="g")], Language.EN).find("anything") == []
    assert Matcher([], Language.KO).find("") == []


def test_a_term_of_signs_alone_does_no_harm() -> None:
    assert found("a - b — c", term("-")) == []
    assert found("C++ and C", term("C++"), term("C")) == ["C++", "C"]
