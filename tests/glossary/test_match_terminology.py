"""What the glossaries of a request tell about a source."""

from __future__ import annotations

from typing import Any

from glossary.concept import Concept, Glossary, Status, Strength, Term
from glossary.language import Language, Pair
from glossary.terminology import TermEntry, Terminology

EN, KO, TW = Language.EN, Language.KO, Language.ZH_TW


def term(language: Language, text: str, **fields: Any) -> Term:
    return Term(language=language, text=text, **fields)


def glossary(*concepts: Concept, name: str = "g", version: int = 3) -> Glossary:
    return Glossary(name=name, version=version, concepts=concepts)


MODEL = Concept(
    id="model",
    domain="machine learning",
    terms=(
        term(EN, "model", condition="not of people"),
        term(KO, "모델링 결과", status=Status.PROPOSED),
        term(KO, "모형", status=Status.DEPRECATED),
        term(KO, "본", status=Status.ADMITTED),
        term(KO, "모델", strength=Strength.PREFER),
    ),
)


def test_an_entry_tells_the_preferred_term_first() -> None:
    [entry] = Terminology([glossary(MODEL)], Pair(EN, KO)).entries(["Two models", "A model"])
    assert entry == TermEntry(
        concept_id="model",
        glossary="g",
        source="model",
        targets=("모델", "본", "모델링 결과"),
        banned=("모형",),
        keep=False,
        condition="not of people",
        strength=Strength.PREFER,
        domain="machine learning",
    )


def test_only_what_says_something_for_the_target_is_found() -> None:
    longer = Concept(id="lm", terms=(term(EN, "language model"), term(TW, "語言模型")))
    told = Terminology([glossary(MODEL, longer)], Pair(EN, KO))
    text = "a language model"
    assert [text[m.start : m.end] for m in told.find(text)] == ["model"]


def test_a_banned_term_alone_is_worth_telling() -> None:
    concept = Concept(id="c", terms=(term(EN, "model"), term(KO, "모형", status=Status.FORBIDDEN)))
    [entry] = Terminology([glossary(concept)], Pair(EN, KO)).entries(["model"])
    assert (entry.targets, entry.banned) == ((), ("모형",))


def test_what_is_kept_is_its_own_target() -> None:
    concept = Concept(id="c", terms=(term(EN, "Python", keep=True), term(KO, "파이썬")))
    for pair in (Pair(EN, KO), Pair(TW, EN)):
        [entry] = Terminology([glossary(concept)], pair).entries(["Python"])
        assert (entry.keep, entry.targets) == (True, ("Python",))


def test_each_homonym_has_its_entry() -> None:
    cells = [
        Concept(id=id_, domain=id_, terms=(term(EN, "cell"), term(KO, korean)))
        for id_, korean in (("biology", "세포"), ("power", "전지"))
    ]
    entries = Terminology([glossary(*cells)], Pair(EN, KO)).entries(["a cell"])
    assert [(entry.domain, entry.targets) for entry in entries] == [
        ("biology", ("세포",)),
        ("power", ("전지",)),
    ]


def test_the_stamp_names_every_glossary_in_order() -> None:
    told = Terminology([glossary(name="exams", version=12), glossary(name="school")], Pair(EN, KO))
    assert told.stamp == "exams@12+school@3"
    assert Terminology([], Pair(EN, KO)).stamp == ""


def test_a_concept_of_another_benchmark_is_not_told() -> None:
    scoped = MODEL.model_copy(update={"benchmarks": ("mmlu",)})
    assert Terminology([glossary(scoped)], Pair(EN, KO)).entries(["model"]) == []
    told = Terminology([glossary(scoped)], Pair(EN, KO), benchmark="mmlu")
    assert len(told.entries(["model"])) == 1
