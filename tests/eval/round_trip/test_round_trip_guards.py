"""Copies and sentences known by heart."""

from __future__ import annotations

import pytest

from eval.round_trip.guards import copied_share, is_copied, is_verbatim
from glossary.language import parse_pair

QUESTION = "Which of the following quantities stays constant during one lap of the track?"


@pytest.mark.parametrize(
    ("pair", "source", "target"),
    [
        ("en>zh-TW", QUESTION, QUESTION),
        ("en>zh-TW", QUESTION, "Which of the following quantities stays constant 繞行一圈時？"),
        ("en>ko", "None of the above", "None of the above"),
        ("ko>en", "다음 중 색을 나타내는 단어는 무엇인가?", "다음 중 색을 나타내는 단어는 what?"),
        ("zh-CN>en", "下列哪个词语表示颜色？", "下列哪个词语表示 a colour?"),
        ("zh-CN>zh-TW", "电脑的网络很快", "电脑的網絡很快"),
    ],
)
def test_a_text_that_was_left_wholly_or_partly_is_a_copy(
    pair: str, source: str, target: str
) -> None:
    assert is_copied(source, target, parse_pair(pair))


@pytest.mark.parametrize(
    ("pair", "source", "target"),
    [
        ("en>zh-TW", QUESTION, "繞行跑道一圈的過程中，下列哪一個量保持不變？"),
        ("en>ko", "Kant published it in Riga in that year.", "Kant는 그해 리가에서 출판했다."),
        ("zh-CN>zh-TW", "电脑的网络很快", "電腦的網路很快"),
        ("ko>zh-TW", "다음 중 색을 나타내는 단어는?", "下列哪個詞語表示顏色？"),
    ],
)
def test_a_translation_is_none(pair: str, source: str, target: str) -> None:
    assert copied_share(source, target, parse_pair(pair)) == 0


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        ("en>ko", r"$E = mc^2$"),
        ("en>zh-TW", "`print(total)`"),
        ("zh-CN>zh-TW", "大小"),
    ],
)
def test_where_nothing_is_to_be_translated_nothing_can_be_copied(pair: str, text: str) -> None:
    assert copied_share(text, text, parse_pair(pair)) is None
    assert not is_copied(text, text, parse_pair(pair))


def test_only_a_long_text_that_comes_back_word_for_word_is_suspicious() -> None:
    assert is_verbatim(QUESTION, QUESTION.lower().rstrip("?"))
    assert not is_verbatim(QUESTION, QUESTION.replace("stays", "remains"))
    assert not is_verbatim("None of the above", "None of the above")
