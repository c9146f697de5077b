"""Items that are one string: stem, options and answer cue taken apart and joined again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.inline_options import split_inline_options


def joined(text: str) -> str:
    item = split_inline_options(text)
    assert item is not None
    options = "".join(mark + option for _, mark, option in item.options)
    return item.number + item.stem + options + item.tail


@pytest.mark.parametrize(
    ("text", "stem", "options", "tail"),
    [
        ("12. 何者為金屬(A)木(B)鐵(C)紙(D)布。", "何者為金屬", "木|鐵|紙|布", "。"),
        ("1.何者為金屬？\n(A) 木\n(B) 鐵\n(C) 紙\n", "何者為金屬？\n", "木\n|鐵\n|紙", "\n"),
        ("何者為金屬？（Ａ）木（Ｂ）鐵（Ｃ）紙", "何者為金屬？", "木|鐵|紙", ""),
        ("Which? A. wood B. iron C. paper", "Which? ", "wood |iron |paper", ""),
        ("哪个？\nA、木\nB、铁", "哪个？\n", "木\n|铁", ""),
        ("哪个？Ａ．木Ｂ．铁Ｃ．纸", "哪个？", "木|铁|纸", ""),
        ("Q (A) x (B) y\n\nAnswer:", "Q ", "x |y", "\n\nAnswer:"),
        ("Q (A) x (B) y\n答案：", "Q ", "x |y", "\n答案："),
        ("질문\n(A) 가\n(B) 나\n### 정답:", "질문\n", "가\n|나", "\n### 정답:"),
    ],
)
def test_the_ways_of_exams(text: str, stem: str, options: str, tail: str) -> None:
    item = split_inline_options(text)
    assert item is not None
    assert item.stem == stem
    assert [option for _, _, option in item.options] == options.split("|")
    assert "".join(letter for letter, _, _ in item.options) == "ABCDE"[: len(item.options)]
    assert item.tail == tail
    assert joined(text) == text


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("由(A)與(B)可知何者正確？(A)甲(B)乙(C)丙(D)丁", "由(A)與(B)可知何者正確？"),
        ("關於(A)到(D)的敘述(A)甲(B)乙(C)丙(D)丁", "關於(A)到(D)的敘述"),
        ("大腸桿菌((E) coli)屬於(A)甲(B)乙(C)丙(D)丁", "大腸桿菌((E) coli)屬於"),
        ("如圖，A、B、C、D四點共圓(A)甲(B)乙(C)丙(D)丁", "如圖，A、B、C、D四點共圓"),
    ],
)
def test_letters_in_the_stem_belong_to_the_stem(text: str, stem: str) -> None:
    item = split_inline_options(text)
    assert item is not None
    assert item.stem == stem
    assert [option for _, _, option in item.options] == ["甲", "乙", "丙", "丁"]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("何者正確(A)甲(B)乙(C)(A)與(B)皆是(D)以上皆非", ["甲", "乙", "(A)與(B)皆是", "以上皆非"]),
        ("何者正確(A)甲(B)乙(C)丙(D)(A)(B)(C)皆是", ["甲", "乙", "丙", "(A)(B)(C)皆是"]),
        ("何者正確(A)甲(B)(A)的相反(C)丙", ["甲", "(A)的相反", "丙"]),
    ],
)
def test_options_may_mention_options(text: str, options: list[str]) -> None:
    item = split_inline_options(text)
    assert item is not None
    assert [option for _, _, option in item.options] == options


@pytest.mark.parametrize(
    "text",
    [
        "",
        "說明下列名詞。",
        "如图，连接A、B两点。",
        "J. S. Bach wrote it.",
        "看圖回答(A)(B)(C)(D)",
        "(A) alone",
        "(B) 先 (A) 後",
        "A.D. 500 and B.C. 300",
    ],
)
def test_text_without_a_set_of_options_is_left_whole(text: str) -> None:
    assert split_inline_options(text) is None


@given(st.text(alphabet="ABCDEＡＢ(（)）.．、: \n甲乙。#12Answer答案", max_size=60))
def test_pieces_always_join_to_the_text(text: str) -> None:
    item = split_inline_options(text)
    if item is not None:
        assert joined(text) == text
        letters = [letter for letter, _, _ in item.options]
        assert letters == [chr(ord("A") + n) for n in range(len(letters))]
