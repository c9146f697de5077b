"""The language of a text by its characters."""

from __future__ import annotations

import pytest

from glossary.guess import language_of
from glossary.language import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Let's dive in.", Language.EN),
        ("這堂課你將學習 Post-training 的概念。", Language.ZH_TW),
        ("这节课你将学习 Post-training 的概念。", Language.ZH_CN),
        ("이 수업에서는 post-training의 개념을 배웁니다.", Language.KO),
        ("漢字와 한글", Language.KO),
        ("人工", None),
        ("1 + 1 = 2", None),
        ("", None),
    ],
)
def test_the_language_is_told_by_its_characters(text: str, language: Language | None) -> None:
    assert language_of(text) is language
