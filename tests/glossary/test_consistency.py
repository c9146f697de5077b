"""Renderings of source terms, against parallel sentences in which we marked them."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from glossary.concept import Concept, Glossary, Status, Term
from glossary.consistency.term_uses import Parallel, TermUse, term_uses
from glossary.language import Language, Pair

TUNED, FRESH = "rendered.tsv", "rendered_fresh.tsv"
"""Ours: in each sentence the terms are marked ``{1:token}``, in its translations ``{1:詞元}``.

The first was looked at while the method was made, the second was not.
"""
_MARK = re.compile(r"\{(\d):([^}]*)\}")
TW, KO = Language.ZH_TW, Language.KO
Found = dict[tuple[str, str], str]
"""Rendering by term and place."""


def plain(text: str) -> str:
    return _MARK.sub(r"\2", text)


def folded(term: str) -> str:
    return term.lower().replace("-", " ").removesuffix("s")


@cache
def marked(language: Language, name: str = TUNED) -> tuple[list[Parallel], Found]:
    """The sentences without their marks, and what is marked."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    column = rows[0].index(language)
    texts, right = [], {}
    for number, row in enumerate(rows[1:], start=1):
        texts.append(Parallel(str(number), plain(row[0]), plain(row[column])))
        renderings = dict(_MARK.findall(row[column]))
        for mark, term in _MARK.findall(row[0]):
            right[folded(term), str(number)] = renderings[mark]
    return texts, right


def found(uses: list[TermUse]) -> Found:
    return {
        (folded(use.term), place): rendering.text
        for use in uses
        for rendering in use.renderings
        for place in rendering.places
    }


@cache
def uses(language: Language, name: str = TUNED) -> dict[str, TermUse]:
    texts, _ = marked(language, name)
    return {folded(use.term): use for use in term_uses(texts, Pair(Language.EN, language))}


def ways(language: Language, term: str) -> dict[str, int]:
    return {each.text: each.count for each in uses(language)[term].renderings}


@pytest.mark.parametrize(
    ("name", "language", "precision", "recall"),
    [
        (TUNED, TW, 0.92, 0.9),
        (TUNED, KO, 0.95, 0.95),
        (FRESH, TW, 0.95, 0.95),
        (FRESH, KO, 0.95, 0.95),
    ],
)
def test_renderings_are_found_where_they_stand(
    name: str, language: Language, precision: float, recall: float
) -> None:
    _, right = marked(language, name)
    told = found(list(uses(language, name).values()))
    told = {key: text for key, text in told.items() if key in right}
    hits = sum(text == right[key] for key, text in told.items())
    figures = f"{name} {language}: precision {hits}/{len(told)}, recall {hits}/{len(right)}"
    assert hits >= precision * len(told), figures
    assert hits >= recall * len(right), figures


@pytest.mark.parametrize("name", [TUNED, FRESH])
@pytest.mark.parametrize("language", [TW, KO])
def test_every_marked_term_is_found_without_a_list(language: Language, name: str) -> None:
    _, right = marked(language, name)
    assert {term for term, _ in right} <= uses(language, name).keys()


@pytest.mark.parametrize(("name", "several_at_least"), [(TUNED, 8), (FRESH, 5)])
@pytest.mark.parametrize("language", [TW, KO])
def test_terms_with_several_renderings_are_told_from_those_with_one(
    language: Language, name: str, several_at_least: int
) -> None:
    _, right = marked(language, name)
    ways = defaultdict(set)
    for (term, _), text in right.items():
        ways[term].add(text)
    several = {term for term, texts in ways.items() if len(texts) > 1}
    told = {term for term in ways if uses(language, name)[term].inconsistent}
    assert len(several) >= several_at_least
    assert told == several


def test_a_term_left_in_english_is_marked() -> None:
    (left,) = (each for each in uses(TW)["token"].renderings if each.left)
    assert (left.text, left.places) == ("token", ("6",))
    assert uses(TW)["benchmark"].renderings[0].text == "基準測試"


def test_korean_particles_are_no_part_of_a_rendering() -> None:
    assert ways(KO, "prompt") == {"프롬프트": 4 + 1, "지시문": 2}


def test_the_worst_come_first_and_consistent_ones_last() -> None:
    texts, _ = marked(TW)
    listed = term_uses(texts, Pair(Language.EN, TW))
    assert [use.score for use in listed] == sorted((u.score for u in listed), reverse=True)
    assert listed[-1].inconsistent is False
    assert uses(TW)["reward model"].score == 0
    assert uses(TW)["ostrava"].score == 0


def test_the_same_texts_give_the_same_answer() -> None:
    texts, _ = marked(KO)
    pair = Pair(Language.EN, KO)
    assert term_uses(texts, pair) == term_uses(list(texts), pair)


def test_a_repeated_text_counts_once() -> None:
    texts, _ = marked(TW)
    twice = [each for text in texts for each in (text, text)]
    pair = Pair(Language.EN, TW)
    counts = {use.term: use.count for use in term_uses(texts, pair)}
    assert {use.term: use.count for use in term_uses(twice, pair)} == counts


@pytest.mark.parametrize("least", [2, 4, 6])
def test_rare_terms_are_left_out(least: int) -> None:
    texts, _ = marked(TW)
    listed = term_uses(texts, Pair(Language.EN, TW), least=least)
    assert min(use.count for use in listed) >= least
    assert ("checkpoint" in {use.term for use in listed}) == (least <= 4)


@pytest.mark.parametrize(
    "pair", [Pair(TW, Language.EN), Pair(KO, Language.EN), Pair(TW, KO), Pair(KO, TW)], ids=str
)
def test_other_directions_find_most_terms_of_the_source(pair: Pair) -> None:
    """A name or a term with one rendering keeps it when the sides are changed."""
    sides = {Language.EN: {t.place: t.source for t in marked(TW)[0]}}
    for language in (TW, KO):
        sides[language] = {text.place: text.target for text in marked(language)[0]}
    texts = [
        Parallel(place, sides[pair.source][place], sides[pair.target][place])
        for place in sides[Language.EN]
    ]
    name = {Language.EN: "Ostrava", TW: "俄斯特拉發", KO: "오스트라바"}
    listed = {use.term: use for use in term_uses(texts, pair)}
    assert [each.text for each in listed[name[pair.source]].renderings] == [name[pair.target]]


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [Parallel("1", "", "")],
        [Parallel("1", "Nothing.", "")] * 4,
        [Parallel(str(n), "!!! 12 ...", "？？ 12 …") for n in range(5)],
        [Parallel(str(n), f"a {n} word", "") for n in range(5)],
    ],
    ids=["none", "empty", "no target", "no words", "untranslated"],
)
@pytest.mark.parametrize("target", [TW, KO, Language.ZH_CN])
def test_texts_without_anything_to_find(texts: list[Parallel], target: Language) -> None:
    assert not any(use.inconsistent for use in term_uses(texts, Pair(Language.EN, target)))


def glossary() -> Glossary:
    token = [("en", "token"), ("zh-TW", "詞元")]
    terms = [Term(language=Language(language), text=text) for language, text in token]
    banned = Term(language=TW, text="標記", status=Status.DEPRECATED)
    board = [("en", "leaderboard"), ("zh-TW", "排行榜")]
    others = [Term(language=Language(language), text=text) for language, text in board]
    concepts = (
        Concept(id="token", terms=(*terms, banned)),
        Concept(id="leaderboard", terms=tuple(others)),
    )
    return Glossary(name="mine", concepts=concepts)


def test_with_a_glossary_its_terms_are_looked_for_and_no_others() -> None:
    texts, _ = marked(TW)
    listed = term_uses(texts, Pair(Language.EN, TW), glossary=glossary())
    assert {folded(use.term) for use in listed} == {"token", "leaderboard"}
    (token,) = (use for use in listed if use.inconsistent)
    counts = {each.text: each.count for each in token.renderings}
    assert counts == {"詞元": 4, "標記": 2, "token": 1}


def test_a_large_file_takes_seconds() -> None:
    texts, _ = marked(KO)
    many = [
        Parallel(f"{n}/{text.place}", f"{text.source} {n}", text.target)
        for n in range(20)
        for text in texts
    ]
    start = time.monotonic()
    term_uses(many, Pair(Language.EN, KO))
    assert time.monotonic() - start < 30
