"""Answer spans and their offsets in a translated context."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.benchmarks.item import BenchmarkItem
from eval.errors import WrongType

Read = Callable[..., BenchmarkItem]
SPAN = {"context": "text", "answer": {"kind": "answer_span", "context": "context"}}
START = {"kind": "answer_start", "span": "answer", "context": "context"}
COLUMNS = {
    "context": "text",
    "answers.text[*]": {"kind": "answer_span", "context": "context"},
    "answers.start[*]": {"kind": "answer_start", "span": "answers.text[*]", "context": "context"},
}


def test_the_offset_is_found_again(read: Read) -> None:
    data = {"context": "He lives in Rome.", "answer": "Rome", "start": 12}
    item = read(data, {**SPAN, "start": START})
    target = item.rebuild({"context": "他住在羅馬。", "answer": "羅馬"})
    assert target == {"context": "他住在羅馬。", "answer": "羅馬", "start": 3}


@pytest.mark.parametrize(("start", "expected"), [(0, 0), (15, 5), (31, 10)])
def test_of_several_occurrences_the_same_one_is_meant(
    read: Read, start: int, expected: int
) -> None:
    context = "Rome is old, b Rome is big, ok Rome"
    item = read({"context": context, "answer": "Rome", "start": start}, {**SPAN, "start": START})
    target = item.rebuild({"context": "羅馬很舊，羅馬很大，羅馬", "answer": "羅馬"})
    assert target["start"] == expected


def test_of_fewer_occurrences_the_nearest_in_proportion_is_taken(read: Read) -> None:
    data = {"context": "x Rome x Rome x Rome xx", "answer": "Rome", "start": 16}
    item = read(data, {**SPAN, "start": START})
    assert item.rebuild({"context": "甲羅馬乙丙丁戊羅馬", "answer": "羅馬"})["start"] == 7


def test_offsets_in_columns_of_lists(read: Read) -> None:
    data = {"context": "one two three", "answers": {"text": ["two", "three"], "start": [4, 8]}}
    item = read(data, COLUMNS)
    texts = {"context": "eins zwei drei", "answers.text[0]": "zwei", "answers.text[1]": "drei"}
    assert item.rebuild(texts)["answers"] == {"text": ["zwei", "drei"], "start": [5, 10]}


def test_a_lost_span_gets_minus_one_and_a_hard_finding(check: Callable[..., Any]) -> None:
    data = {"context": "He lives in Rome.", "answer": "Rome", "start": 12}
    fields = {**SPAN, "start": START}
    (finding,) = check(data, fields, {"context": "他住在那裡。", "answer": "羅馬"})
    assert (finding.check, finding.hard, finding.segment) == ("structure", True, "answer")
    assert finding.target_span == (0, 2)


def test_a_lost_number_is_a_finding_too(check: Callable[..., Any]) -> None:
    data = {"context": "It was built in 1902.", "answer": "1902", "start": 16}
    findings = check(data, {**SPAN, "start": START}, {"context": "建於一九〇二年。"})
    assert [(f.segment, f.expected) for f in findings if f.check == "structure"] == [
        ("context", "1902")
    ]


def test_a_lost_span_of_a_plain_text_field_is_a_finding(
    read: Read, check: Callable[..., Any]
) -> None:
    data = {"context": "He lives in Rome.", "answer": "Rome", "start": 12}
    fields = {"context": "text", "answer": "text", "start": START}
    translations = {"context": "他住在那裡。", "answer": "羅馬"}
    assert read(data, fields).rebuild(translations)["start"] == -1
    assert [f.check for f in check(data, fields, translations)] == ["structure"]


@pytest.mark.parametrize("start", [-1, 0, 5])
def test_a_blank_span_keeps_its_offset(read: Read, start: int) -> None:
    data = {"context": "Nobody knows.", "answers": {"text": [""], "start": [start]}}
    item = read(data, COLUMNS)
    assert item.rebuild({"context": "沒有人知道。"})["answers"] == {"text": [""], "start": [start]}


def test_an_offset_counts_code_points(read: Read) -> None:
    data = {"context": "ab Rome", "answer": "Rome", "start": 3}
    item = read(data, {**SPAN, "start": START})
    assert item.rebuild({"context": "𠮷😀羅馬", "answer": "羅馬"})["start"] == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"context": "c", "answers": {"text": ["a"], "start": [1, 2]}}, "answers.start[1]"),
        ({"context": "c", "answers": {"text": ["a"], "start": ["1"]}}, "answers.start[0]"),
        ({"context": "c", "answers": {"text": ["a"], "start": [True]}}, "answers.start[0]"),
        ({"context": "c", "answers": {"text": ["a"], "start": [1.5]}}, "answers.start[0]"),
        ({"context": "c", "answers": {"text": [None], "start": [1]}}, "answers.text[0]"),
        ({"context": ["c"], "answers": {"text": ["a"], "start": [0]}}, "context"),
        ({"context": None, "answers": {"text": ["a"], "start": [0]}}, "context"),
    ],
)
def test_spans_that_do_not_fit_are_an_error_with_the_field(
    read: Read, data: Any, field: str
) -> None:
    with pytest.raises(WrongType) as caught:
        read(data, COLUMNS)
    assert caught.value.field == field
    assert caught.value.remedy
