"""Script: the listed words are found in the wrong script and left alone in the right one."""

from __future__ import annotations

import time
from importlib.resources import files

import opencc
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from eval.checks.base import Finding, pair_up
from eval.checks.script import script
from glossary.language import parse_pair

LISTS = yaml.safe_load(
    files("eval.checks").joinpath("lists", "script.yaml").read_text(encoding="utf-8")
)
TO_TAIWAN, TO_MAINLAND = opencc.OpenCC("s2tw"), opencc.OpenCC("t2s")
SENTENCES = [
    "戰爭結束以後，許多人開始研究這個問題。",
    "圖書館裡面有幾張桌子？",
    "下列關於光合作用的敘述，何者正確？",
    "電流通過電阻時會產生熱。",
    "皇后在山谷裡住了三年，若干年後才離開。",
    "政府於去年公布新的規定，並且採取措施。",
]


def found(pair: str, target: str, source: str = "A question.") -> list[Finding]:
    item = read_item({"q": source}, read_recipe({"fields": {"q": "text"}}))
    return list(script(pair_up(item, {"q": target}, parse_pair(pair), "knowledge")))


@pytest.mark.parametrize("language", ["zh-TW", "zh-CN"])
def test_each_listed_word_is_hard_at_its_place(language: str) -> None:
    for word in LISTS[language]["words"].split():
        marks = [(f.hard, *(f.target_span or ())) for f in found(f"en>{language}", f"「{word}」")]
        assert marks, word
        assert all(hard and 1 <= start < end <= 1 + len(word) for hard, start, end in marks), word


@pytest.mark.parametrize("language", ["zh-TW", "zh-CN"])
def test_each_right_word_is_left_alone(language: str) -> None:
    for word in LISTS[language]["right"].split():
        words = [f.found for f in found(f"en>{language}", f"「{word}」")]
        assert not set(words) & set(LISTS[language]["words"].split()), word


@pytest.mark.parametrize("text", SENTENCES)
def test_the_same_sentence_in_the_other_script_is_found(text: str) -> None:
    mainland = TO_MAINLAND.convert(text)
    assert found("en>zh-TW", text) == []
    assert found("en>zh-CN", mainland) == []
    assert any(finding.hard for finding in found("en>zh-TW", mainland))
    assert any(finding.hard for finding in found("en>zh-CN", TO_TAIWAN.convert(mainland)))


@pytest.mark.parametrize("pair", ["zh-TW>en", "en>ko", "ko>zh-TW", "zh-CN>zh-TW", "zh-TW>zh-CN"])
@given(text=st.text())
def test_any_text_is_judged_within_its_bounds(pair: str, text: str) -> None:
    findings = found(pair, text)
    assert findings == found(pair, text)
    for finding in findings:
        start, end = finding.target_span or (-1, -1)
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize("source", ["d% " * 13_000, "가 나 다 " * 6_000])
def test_a_long_text_of_foreign_words_takes_no_long_time(source: str) -> None:
    words = [chr(0xAC00 + n % 11_172) + chr(0xAC00 + n % 97) for n in range(13_000)]
    start = time.process_time()
    assert len(found("en>zh-TW", " · ".join(words), source)) == 1
    assert len(found("en>zh-TW", "정답: " * 10_000, source)) == 1
    assert time.process_time() - start < 2
