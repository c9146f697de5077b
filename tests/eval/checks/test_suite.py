"""Checks are silent on good translations and point at the fault in broken ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from eval.checks.base import Finding
from eval.checks.suite import CHECKS, check_item, load_check
from glossary.language import Language, Pair, parse_pair

Check = Callable[..., list[Finding]]
TABLE = yaml.safe_load((Path(__file__).parent / "pairs.yaml").read_text("utf-8"))
GOOD = [(pair, *entry) for pair, kinds in TABLE.items() for entry in kinds["good"]]
BROKEN = [
    (pair, source, target, wanted)
    for pair, kinds in TABLE.items()
    for source, target, *wanted in kinds["broken"]
]
OPTIONS = dict.fromkeys("ABCD", "option")
TEXT = {"q": "text"}


def pointed_at(finding: Finding, source: str, target: str) -> str:
    """``check: text`` as in the table."""
    if finding.target_span is not None:
        start, end = finding.target_span
        return f"{finding.check}: {target[start:end]}"
    start, end = finding.source_span or (0, 0)
    return f"{finding.check}: {source[start:end]}"


@pytest.mark.parametrize(("pair", "source", "target"), GOOD)
@pytest.mark.parametrize("category", ["knowledge", "math"])
def test_a_good_translation_has_no_findings(
    check: Check, pair: str, source: str, target: str, category: str
) -> None:
    assert check({"q": source}, TEXT, {"q": target}, pair, category) == []


@pytest.mark.parametrize(("pair", "source", "target", "wanted"), BROKEN)
def test_a_broken_translation_is_marked_at_its_place(
    check: Check, pair: str, source: str, target: str, wanted: list[str]
) -> None:
    findings = check({"q": source}, TEXT, {"q": target}, pair, "math")
    assert sorted(pointed_at(f, source, target) for f in findings) == sorted(wanted)
    assert all(finding.hard and finding.message for finding in findings)
    assert {finding.segment for finding in findings} == {"q"}


@pytest.mark.parametrize(
    ("pair", "category", "kind", "hard"),
    [
        ("en>zh-TW", "knowledge", "text", False),
        ("en>zh-TW", "math", "text", True),
        ("en>zh-TW", "knowledge", "option", True),
        ("en>zh-TW", "knowledge", "solution", True),
        ("zh-CN>zh-TW", "knowledge", "text", False),
        ("ko>en", "reading", "text", False),
    ],
)
def test_numbers_are_soft_in_prose_only(
    check: Check, pair: str, category: str, kind: str, hard: bool
) -> None:
    findings = check({"q": "甲 7 乙"}, {"q": kind}, {"q": "甲乙"}, pair, category)
    (finding,) = [found for found in findings if found.check == "numbers"]
    assert (finding.hard, finding.source_span) == (hard, (2, 3))


# Options


@pytest.mark.parametrize(
    ("targets", "faults"),
    [
        ({"A": "速度", "B": "速率"}, 0),
        ({"A": "速度", "B": "速度"}, 1),
        ({"A": "速度", "B": "速度。"}, 1),
        ({"A": "速 度", "B": "速  度"}, 1),
        ({"A": "速度A", "B": "速度Ａ"}, 1),
        ({"A": "速度", "B": "速度", "C": "速度"}, 2),
        ({"A": "x²", "B": "x2"}, 0),
        ({"A": "速度", "B": "速率", "C": "42"}, 1),
    ],
)
def test_options_that_became_the_same(check: Check, targets: dict[str, str], faults: int) -> None:
    data = {"A": "speed", "B": "velocity", "C": "momentum", "D": "42"}
    good = {"C": "動量"} | targets
    findings = check(data, OPTIONS, good, "en>zh-TW")
    collapsed = [finding for finding in findings if finding.check == "options"]
    assert len(collapsed) == faults
    for finding in collapsed:
        assert finding.hard
        assert finding.target_span == (0, len(good[finding.segment]))


def test_a_number_that_nobody_translates_is_an_option_too(check: Check) -> None:
    """Whichever of the two comes first, the finding is at the one that was translated."""
    for data in ({"A": "five", "B": "5"}, {"A": "5", "B": "five"}):
        (word,) = [key for key, value in data.items() if value == "five"]
        findings = check(data, {"A": "option", "B": "option"}, {word: "5"}, "en>ko")
        assert [(f.check, f.segment) for f in findings] == [("options", word)]


def test_equal_options_of_the_source_are_not_the_translations_fault(check: Check) -> None:
    data = {"A": "speed", "B": "Speed.", "C": "speed", "D": "mass"}
    findings = check(data, OPTIONS, {"A": "速度", "B": "速率", "D": "質量"}, "en>zh-TW")
    assert findings == []


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (
            [["t"], [{"c": ["北京", "上海"]}, {"c": ["北京市", "广州"]}]],
            {"[1][*].c[*]": "option"},
        ),
        (
            {"q": {"c": [["北京", "上海"], ["北京市", "广州"]]}},
            {"q.c[*][*]": "option"},
        ),
        (
            {"q": [{"A": "北京", "B": "上海"}, {"A": "北京市", "B": "广州"}]},
            {"q[*].A": "option", "q[*].B": "option"},
        ),
    ],
)
def test_options_of_different_questions_may_be_equal(
    check: Check, data: Any, fields: dict[str, Any]
) -> None:
    english = {"北京": "Beijing", "上海": "Shanghai", "北京市": "Beijing", "广州": "Guangzhou"}
    item = read_item(data, read_recipe({"fields": fields}))
    targets = {segment.id: english[segment.text] for segment in item.segments}
    assert check(data, fields, targets, "zh-CN>en") == []


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (
            {"right": ["No"], "wrong": ["Not at all"]},
            {"right[*]": "option", "wrong[*]": "option"},
        ),
        (
            {"q": {"c": [{"text": "No"}, {"text": "Not at all"}]}},
            {"q.c[*].text": "option"},
        ),
        ({"o": ["No", "Not at all"]}, {"o[*]": "option"}),
        ({"q": "Is it? (A) No (B) Not at all"}, {"q": "inline_options"}),
    ],
)
def test_options_of_one_question_may_not_be_equal(
    check: Check, data: Any, fields: dict[str, Any]
) -> None:
    item = read_item(data, read_recipe({"fields": fields}))
    targets = {segment.id: "不" for segment in item.segments if segment.kind == "option"}
    findings = check(data, fields, targets, "en>zh-TW")
    assert [finding.check for finding in findings if finding.check == "options"] == ["options"]


# Protected spans


def test_a_lost_span_says_how_often_it_was_there(check: Check) -> None:
    (finding,) = check({"q": "put $x$ and $x$ and $x$ in"}, TEXT, {"q": "放入 $x$"}, "en>zh-TW")
    assert "3 in the source, 1 in the target" in finding.message
    assert finding.source_span == (4, 7)


def test_a_literal_must_stay(check: Check) -> None:
    fields = {"q": {"kind": "text", "protect_from": ["w"]}}
    data = {"q": "Use the word kettle twice.", "w": "kettle"}
    assert check(data, fields, {"q": "使用 kettle 這個詞兩次。"}, "en>zh-TW") == []
    (finding,) = check(data, fields, {"q": "使用水壺這個詞兩次。"}, "en>zh-TW")
    assert (finding.check, finding.expected, finding.hard) == ("protected", "kettle", True)


def test_an_order_that_the_language_wants_is_allowed(check: Check) -> None:
    findings = check({"q": "$a$ is less than $b$"}, TEXT, {"q": "$b$ 大於 $a$"}, "en>zh-TW")
    assert findings == []


@pytest.mark.parametrize(
    ("source", "target", "faults"),
    [
        ("求$面积=5$", "find $area=5$", []),
        ("求$面积=5$", "find $area=6$", ["$", "=5$", "$area=6$"]),
        ("求$x$和$x$", "find $x$ and $x$ and $x$", ["$x$"]),
    ],
)
def test_formulas_with_words(check: Check, source: str, target: str, faults: list[str]) -> None:
    findings = check({"q": source}, TEXT, {"q": target}, "zh-CN>en")
    found = [finding.expected or finding.found for finding in findings]
    assert [text for text in found if text in faults] == [text for text in faults if text in found]
    assert bool(found) == bool(faults)


# The suite


def test_every_check_of_the_table_loads() -> None:
    assert all(callable(load_check(name)) for name in CHECKS)


def test_the_same_language_has_no_script_findings(check: Check) -> None:
    assert check({"q": "这个"}, TEXT, {"q": "这个"}, "zh-CN>zh-CN") == []


FIELDS = {
    "q": {"kind": "text", "optional": True, "protect_from": ["w"]},
    "o[*]": "option",
    "s": "solution",
    "c": "code",
    "i": "inline_options",
    "a[*].t": {"kind": "answer_span", "context": "q"},
    "a[*].n": {"kind": "answer_start", "span": "a[*].t", "context": "q"},
}
LETTERS = st.text(max_size=12) | st.text(
    alphabet="ab1 .,:$\\(){}_#<>`'\"\n한국일이만조萬亿千一三点折半速度简体繁體ABＡ２⁵①%",
    max_size=20,
)
PAIRS = st.sampled_from(
    [Pair(source, target) for source in Language for target in Language if source != target]
)


@given(LETTERS, LETTERS, st.lists(LETTERS, min_size=1, max_size=3), PAIRS, st.data())
def test_no_text_breaks_a_check(
    question: str, other: str, options: list[str], pair: Pair, data: st.DataObject
) -> None:
    clean = {0: None}
    question, other = question.translate(clean), other.translate(clean)
    item_data = {
        "q": question + other,
        "w": other[:3],
        "o": [option.translate(clean) for option in options],
        "s": other + "\n#### 5",
        "c": f'def f():\n    """{other}"""\n',
        "i": f"{question} (A) {other} (B) x",
        "a": [{"t": other, "n": len(question)}],
    }
    item = read_item(item_data, read_recipe({"fields": FIELDS}))
    targets = {segment.id: data.draw(LETTERS | st.just(segment.text)) for segment in item.segments}
    sources = {segment.id: segment.text for segment in item.segments}
    for category in ("math", "knowledge"):
        findings = check_item(item, targets, pair, category)
        assert findings == check_item(item, dict(reversed(targets.items())), pair, category)
        for finding in findings:
            assert finding.check in CHECKS
            assert finding.message
            if finding.segment not in sources:
                assert finding.source_span is None
                assert finding.target_span is None
                continue
            for span, text in (
                (finding.source_span, sources[finding.segment]),
                (finding.target_span, targets[finding.segment]),
            ):
                assert span is None or 0 <= span[0] <= span[1] <= len(text)
    assert item.rebuild(targets).keys() == item_data.keys()


@given(LETTERS, PAIRS)
def test_identity_is_never_hard_but_for_what_was_to_translate(text: str, pair: Pair) -> None:
    text = text.replace("\x00", "")
    data = {"q": f"{text} x", "o": [text, "y"], "s": f"{text}\n#### 1"}
    fields = {"q": "text", "o[*]": "option", "s": "solution"}
    item = read_item(data, read_recipe({"fields": fields}))
    same = {segment.id: segment.text for segment in item.segments}
    assert {finding.check for finding in check_item(item, same, pair, "math")} <= {
        "script",
        "untranslated",
    }


def test_pairs_of_the_table_are_pairs() -> None:
    assert [str(parse_pair(pair)) for pair in TABLE] == list(TABLE)
