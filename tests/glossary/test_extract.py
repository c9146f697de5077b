"""Candidate terms: what is found in small texts that we wrote, and in real benchmarks."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.benchmarks.protect import protected_spans, without_protected
from glossary.extraction.extract import Candidate, candidates
from glossary.extraction.passages import Passage
from glossary.language import Language

DATA = Path(os.environ.get("ISOGLOSS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
EN, TW, CN, KO = Language.EN, Language.ZH_TW, Language.ZH_CN, Language.KO

ENGLISH = [
    ("biology", "The cell membrane lets water into the cell."),
    ("biology", "Which part of the cell membrane is built of lipids?"),
    ("biology", "Cells are bounded by cell membranes."),
    ("biology", "A virus enters a cell."),
    ("law", "The breach of contract was clear to the court."),
    ("law", "Did the court award damages for breach of contract?"),
    ("law", "The court may find a breach of contract."),
    ("law", "A court heard the case that Marie Curie brought."),
    ("physics", "In Paris, Marie Curie studied radiation with great care."),
    ("physics", "The radiation that Marie Curie measured was weak."),
    ("physics", "DNA is damaged by radiation."),
    ("biology", "Where in a cell is DNA stored?"),
    ("law", "The court accepted DNA as evidence."),
]
CHINESE = [
    ("生物", "细胞膜控制物质进出细胞。"),
    ("生物", "下列关于细胞膜的叙述，正确的是"),
    ("生物", "线粒体位于细胞膜以内。"),
    ("数学", "求等差数列的前10项和。"),
    ("数学", "已知等差数列的首项为3，求公差。"),
    ("数学", "等差数列中任意一项与前一项的差相等。"),
    ("经济", "亚当·斯密写了《国富论》一书。"),
    ("经济", "亚当·斯密认为分工提高效率。"),
    ("经济", "《国富论》的作者亚当·斯密是英国人。"),
    ("经济", "《国富论》出版于1776年。"),
]
TRADITIONAL = [
    ("數學", "求等差數列的前10項和。"),
    ("數學", "已知等差數列的首項為3，求公差。"),
    ("數學", "等差數列中任意一項與前一項的差相等。"),
]
KOREAN = [
    ("컴퓨터", "데이터베이스를 설계할 때 정규화가 필요하다."),
    ("컴퓨터", "데이터베이스의 정규화는 중복을 줄인다."),
    ("컴퓨터", "정규화된 데이터베이스에서 중복을 찾으시오."),
    ("환경", "대기 오염 물질을 줄이는 방법은?"),
    ("환경", "대기 오염 물질의 배출량을 구하시오."),
    ("환경", "대기 오염 물질이 증가하였다."),
    ("역사", "김구 선생은 언제 태어났는가?"),
    ("역사", "김구 선생의 활동으로 옳은 것은?"),
    ("역사", "다음 중 김구 선생이 쓴 글은?"),
]


def found(
    texts: Sequence[tuple[str, str]], language: Language, least: int = 3
) -> dict[str, Candidate]:
    passages = [Passage(item, text, text, subject) for item, (subject, text) in enumerate(texts)]
    return {each.text: each for each in candidates(passages, language, least=least)}


def test_english_phrases_words_and_names() -> None:
    there = found(ENGLISH, EN)
    assert {"cell", "cell membrane", "court", "breach of contract", "radiation"} <= there.keys()
    assert "contract" not in there, "stands only within a longer term"
    assert "DNA" in there
    assert not there["DNA"].is_name
    assert there["Marie Curie"].is_name
    assert not {"the", "which", "great care", "case", "part"} & there.keys()


def test_a_plural_is_its_singular() -> None:
    there = found(ENGLISH, EN)
    assert there["cell membrane"].items == 3
    assert "cells" not in there


def test_a_candidate_brings_its_sentences_and_subjects() -> None:
    cell = found(ENGLISH, EN)["cell"]
    assert dict(cell.domains) == {"biology": 5}
    assert all("cell" in sentence.text.lower() for sentence in cell.sentences)
    assert len({sentence.item for sentence in cell.sentences}) == len(cell.sentences) > 2


def test_chinese_words_names_and_titles() -> None:
    there = found(CHINESE, CN)
    assert {"细胞膜", "等差数列"} <= there.keys()
    assert there["亚当·斯密"].is_name
    assert there["国富论"].is_name
    assert not {"下列", "正确", "叙述", "作者"} & there.keys()


def test_traditional_characters_stay_as_they_are() -> None:
    assert "等差數列" in found(TRADITIONAL, TW)


def test_korean_particles_and_endings_are_cut() -> None:
    there = found(KOREAN, KO)
    assert {"데이터베이스", "정규화", "대기 오염 물질"} <= there.keys()
    assert there["정규화"].items == 3
    assert there["김구"].is_name
    assert not any(text.endswith(("를", "의", "에서", "하였다")) for text in there)


def test_what_is_blanked_out_is_not_looked_at() -> None:
    texts = [f"Let \\alpha be the eigenvalue of `numpy.linalg` in {place}." for place in "XYZ"]
    passages = [
        Passage(item, without_protected(text, protected_spans(text)), text)
        for item, text in enumerate(texts)
    ]
    there = {each.text: each for each in candidates(passages, EN)}
    assert "eigenvalue" in there
    assert not {"alpha", "numpy", "linalg"} & there.keys()


def test_examples_show_what_was_blanked_out() -> None:
    shown = "The eigenvalue of `A` is not zero."
    text = shown.replace("`A`", "   ")
    (only,) = candidates([Passage(item, text, shown) for item in range(3)], EN, least=1)
    assert only.sentences[0].text == shown


def test_a_long_sentence_that_items_share_counts_once() -> None:
    shared = "The reactor vessel of the plant was inspected by an engineer in the spring."
    texts = [("a", f"{shared} Question {number}?") for number in range(5)]
    assert found(texts, EN) == {}


def test_least_is_counted_in_items() -> None:
    texts = [("a", "A quark and a quark and a quark."), ("a", "One quark."), ("b", "No lepton.")]
    assert "quark" in found(texts, EN, least=2)
    assert "quark" not in found(texts, EN, least=3)


@pytest.mark.parametrize("language", list(Language))
def test_nothing_comes_of_nothing(language: Language) -> None:
    assert candidates([], language) == []
    assert candidates([Passage(0, "", "")], language) == []
    assert candidates([Passage(0, " ?!  \n12 + 3", " ?!  \n12 + 3")], language, least=1) == []


SIGNS = st.sampled_from("aA b.·《》国富是을 의하다DNA's-of\n\u00a0é𠮷")


@pytest.mark.parametrize("language", list(Language))
@given(
    st.lists(st.text(st.sampled_from("aA b.·《》国富是을 의하다DNA's-of\n\u00a0é𠮷"), max_size=40))
)
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_read(language: Language, texts: list[str]) -> None:
    passages = [Passage(item, text, text) for item, text in enumerate(texts)]
    there = candidates(passages, language, least=1)
    assert len({each.text for each in there}) == len(there)
    for each in there:
        assert each.text in {text[i:j] for text in texts for i in range(40) for j in range(i, 41)}


def test_senseless_bounds_are_refused() -> None:
    with pytest.raises(ValueError, match="least"):
        candidates([], EN, least=0)


def test_the_same_texts_give_the_same_candidates() -> None:
    assert list(found(ENGLISH, EN).values()) == list(found(ENGLISH, EN).values())


def test_progress_comes_to_its_end() -> None:
    seen: list[tuple[int, int]] = []
    passages = [Passage(item, text, text) for item, (_, text) in enumerate(ENGLISH)]
    candidates(passages, EN, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] > 0


def _real(path: str, fields: Sequence[str]) -> list[Passage]:
    file = DATA / "benchmarks" / path
    if not file.exists():
        pytest.skip(f"no real data: {file} (ISOGLOSS_SHARED_DATA)")
    passages = []
    for number, line in enumerate(file.read_text("utf-8").splitlines()):
        item = json.loads(line)
        for name in fields:
            text = without_protected(item[name], protected_spans(item[name]))
            passages.append(Passage(number, text, item[name], item.get("subject", "")))
    return passages


ABCD = ("question", "A", "B", "C", "D")


@pytest.mark.parametrize(
    ("path", "fields", "language", "expected", "names"),
    [
        (
            "en/mmlu_dev.jsonl",
            ABCD,
            EN,
            {"court", "chromosome", "predicate logic"},
            {"United States"},
        ),
        (
            "zh-CN/cmmlu.jsonl",
            ABCD,
            CN,
            {"细胞", "染色体", "马克思主义", "资产负债表", "质壁分离"},
            {"美国", "毛泽东", "亚里士多德"},
        ),
        ("ko/kmmlu_sample.jsonl", ABCD, KO, {"부채", "공인중개사", "재무상태표"}, {"미국"}),
    ],
)
def test_real_benchmarks(
    path: str, fields: Sequence[str], language: Language, expected: set[str], names: set[str]
) -> None:
    passages = _real(path, fields)
    started = time.monotonic()
    there = {each.text: each for each in candidates(passages, language, most=2000)}
    assert time.monotonic() - started < 90
    assert expected <= there.keys()
    assert names <= there.keys()
