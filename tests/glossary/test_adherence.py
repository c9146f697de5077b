"""What became of the terms of a source in its translation."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bench.glossary_labelled import alarms, judged
from glossary.adherence import Outcome, TermOutcome
from glossary.concept import Concept, Glossary, Status, Strength, Term
from glossary.language import Language, Pair
from glossary.terminology import Terminology

EN, KO, TW = Language.EN, Language.KO, Language.ZH_TW
TO_KOREAN = Pair(EN, KO)


def concept(id_: str, *terms: Term, **fields: Any) -> Concept:
    return Concept(id=id_, terms=terms, **fields)


def term(language: Language, text: str, **fields: Any) -> Term:
    return Term(language=language, text=text, **fields)


def banned(language: Language, text: str, **fields: Any) -> Term:
    return term(language, text, status=Status.FORBIDDEN, **fields)


def terminology(*concepts: Concept, pair: Pair = TO_KOREAN) -> Terminology:
    return Terminology([Glossary(name="g", version=3, concepts=concepts)], pair)


MODEL = concept("model", term(EN, "model"), term(KO, "모델"), banned(KO, "모형"))
LM = concept("lm", term(EN, "language model"), term(KO, "언어 모델"))


def only(outcomes: list[TermOutcome]) -> TermOutcome:
    [outcome] = outcomes
    return outcome


def test_labelled_pairs() -> None:
    pairs = judged()
    assert len(pairs) >= 200
    tally = alarms(pairs)
    assert tally.precision >= 0.98, tally.faults
    assert tally.recall >= 0.98, tally.faults
    assert len(tally.faults) <= 4, tally.faults


def test_spans_lie_on_both_sides() -> None:
    source, target = "Two models: a model.", "두 ｍ 모델들과\u200b 한 모델이다."
    outcome = only(terminology(MODEL).adherence(source, target))
    assert [source[slice(*span)] for span in outcome.source_spans] == ["models", "model"]
    assert [target[slice(*span)] for span in outcome.target_spans] == ["모델", "모델"]
    assert (outcome.source, outcome.found, outcome.expected) == ("model", "모델", ("모델",))
    assert not outcome.rarer


def test_what_is_said_less_often_is_applied_but_rarer() -> None:
    outcome = only(terminology(MODEL).adherence("The model is a model.", "모델이다."))
    assert outcome.outcome is Outcome.APPLIED
    assert outcome.rarer


def test_a_banned_term_weighs_more_than_a_usable_one_beside_it() -> None:
    outcome = only(terminology(MODEL).adherence("model", "모델은 모형이다"))
    assert (outcome.outcome, outcome.found) == (Outcome.VIOLATED, "모형")


def test_a_banned_term_inside_a_usable_one_is_no_violation() -> None:
    memory = concept("m", term(EN, "memory"), term(TW, "內存記憶體"), banned(TW, "內存"))
    outcome = only(terminology(memory, pair=Pair(EN, TW)).adherence("memory", "內存記憶體"))
    assert outcome.outcome is Outcome.APPLIED


def test_a_deprecated_term_is_a_violation_too() -> None:
    old = concept("c", term(EN, "model"), term(KO, "모형", status=Status.DEPRECATED))
    outcome = only(terminology(old).adherence("model", "모형"))
    assert (outcome.outcome, outcome.expected) == (Outcome.VIOLATED, ())


def test_a_concept_that_only_bans_says_nothing_when_it_is_respected() -> None:
    old = concept("c", term(EN, "model"), banned(KO, "모형"))
    assert terminology(old).adherence("model", "모델") == []


def test_what_stands_in_a_longer_term_is_not_counted_twice() -> None:
    both = terminology(MODEL, LM)
    outcomes = {o.concept_id: o for o in both.adherence("A language model is a model", "언어 모델")}
    assert outcomes["lm"].outcome is Outcome.APPLIED
    assert outcomes["model"].outcome is Outcome.MISSED


def test_a_longer_term_said_more_often_serves_the_shorter() -> None:
    both = terminology(MODEL, LM)
    outcomes = both.adherence(
        "The language model stopped. The model failed.", "언어 모델 … 언어 모델"
    )
    assert {outcome.outcome for outcome in outcomes} == {Outcome.APPLIED}


def test_two_concepts_may_share_one_term_of_the_target() -> None:
    both = terminology(
        concept("a", term(EN, "data set"), term(KO, "데이터셋")),
        concept("b", term(EN, "corpus"), term(KO, "데이터셋")),
    )
    outcomes = both.adherence("a data set or a corpus", "데이터셋")
    assert {outcome.outcome for outcome in outcomes} == {Outcome.APPLIED}


def test_the_first_glossary_decides_about_a_source_term() -> None:
    own = Glossary(name="own", concepts=(concept("a", term(EN, "model"), term(KO, "모형")),))
    common = Glossary(name="common", concepts=(concept("b", term(EN, "model"), term(KO, "모델")),))
    for order, applied in (([own, common], "모형"), ([common, own], "모델")):
        outcome = only(Terminology(order, Pair(EN, KO)).adherence("model", applied))
        assert outcome.outcome is Outcome.APPLIED
        assert outcome.glossary == order[0].name
        assert outcome.expected == (applied,)
        other = "모델" if applied == "모형" else "모형"
        missed = only(Terminology(order, Pair(EN, KO)).adherence("model", other))
        assert missed.outcome is Outcome.MISSED


def test_any_homonym_of_one_glossary_is_enough() -> None:
    cell = concept("bio", term(EN, "cell"), term(KO, "세포"), domain="biology")
    battery = concept("power", term(EN, "cell"), term(KO, "전지"), domain="electricity")
    both = terminology(cell, battery)
    for target in ("세포가", "전지가"):
        outcome = only(both.adherence("a cell", target))
        assert outcome.outcome is Outcome.APPLIED
        assert (outcome.concept_id, outcome.homonyms) == ("bio", ("power",))
        assert outcome.expected == ("세포", "전지")
    assert only(both.adherence("a cell", "방")).outcome is Outcome.MISSED


def test_several_terms_of_one_concept_are_one_outcome() -> None:
    either = concept("lm", term(EN, "language model"), term(EN, "LM"), term(KO, "언어 모델"))
    outcome = only(terminology(either).adherence("A language model (LM)", "언어 모델"))
    assert len(outcome.source_spans) == 2


def test_strength_and_condition_stay_with_the_outcome() -> None:
    soft = concept(
        "c",
        term(EN, "object", condition="only in programming"),
        term(KO, "객체", strength=Strength.HINT),
        banned(KO, "오브젝트", condition="outside of names"),
    )
    missed = only(terminology(soft).adherence("an object", "물체"))
    assert missed.outcome is Outcome.MISSED
    assert missed.strength is Strength.HINT
    assert missed.condition == "only in programming"
    violated = only(terminology(soft).adherence("an object", "오브젝트"))
    assert violated.strength is Strength.HARD
    assert violated.condition == "only in programming; outside of names"


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("Python을 쓴다", Outcome.APPLIED),
        ("「Python」", Outcome.APPLIED),
        ("python을 쓴다", Outcome.MISSED),
        ("Ｐｙｔｈｏｎ을 쓴다", Outcome.MISSED),
        ("CPython을 쓴다", Outcome.MISSED),
        ("파이썬을 쓴다", Outcome.MISSED),
    ],
)
def test_what_is_kept_stands_unchanged(target: str, outcome: Outcome) -> None:
    kept = terminology(concept("py", term(EN, "Python", keep=True)))
    assert only(kept.adherence("Use Python", target)).outcome is outcome


def test_what_is_kept_may_stand_as_in_the_source() -> None:
    kept = terminology(concept("api", term(EN, "API", keep=True)))
    assert only(kept.adherence("two APIs", "APIs 두 개")).outcome is Outcome.APPLIED
    assert only(kept.adherence("two APIs", "API 두 개")).outcome is Outcome.APPLIED


def test_a_case_sensitive_term_may_open_a_sentence() -> None:
    pair = Pair(KO, EN)
    sensitive = concept("c", term(KO, "스칼라"), term(EN, "scalar", case_sensitive=True))
    checked = terminology(sensitive, pair=pair)
    assert only(checked.adherence("스칼라", "Scalar values")).outcome is Outcome.APPLIED
    assert only(checked.adherence("스칼라", "the Scalar language")).outcome is Outcome.MISSED


@pytest.mark.parametrize("target", ["fine-tuning", "fine tuning", "finetuning", "Fine-Tuning"])
def test_hyphen_and_space_are_one(target: str) -> None:
    checked = terminology(
        concept("ft", term(KO, "미세 조정"), term(EN, "fine-tuning")), pair=Pair(KO, EN)
    )
    assert only(checked.adherence("미세 조정은", target)).outcome is Outcome.APPLIED


def test_nothing_is_expected_of_a_text_without_terms() -> None:
    assert terminology(MODEL).adherence("Nothing here", "모델") == []
    assert terminology(MODEL).adherence("", "") == []


def test_an_empty_translation_misses_every_term() -> None:
    assert only(terminology(MODEL).adherence("a model", "")).outcome is Outcome.MISSED


def test_time_grows_with_the_length_of_the_translation_only() -> None:
    both = terminology(MODEL, LM, concept("py", term(EN, "Python", keep=True)))
    seconds = []
    for size in (5_000, 40_000):
        start = time.process_time()
        both.adherence("The language model, the model, Python", "언어 모델모형 " * size)
        seconds.append(time.process_time() - start)
    assert seconds[1] < max(24 * seconds[0], 1.0)
