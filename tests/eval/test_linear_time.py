"""No text takes long: ten times the length takes about ten times the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from eval.benchmarks.docstring import docstring_prose
from eval.benchmarks.inline_options import split_inline_options
from eval.benchmarks.parts import take_apart
from eval.benchmarks.protect import protected_spans
from eval.benchmarks.raw_json import edit_json, value_spans
from eval.benchmarks.raw_table import table_rows
from eval.benchmarks.recipe import FieldSpec
from eval.checks.numerals import numbers
from glossary.language import Language

SECONDS = 4.0
"""A quadratic pattern takes longer at these lengths, a linear one a small part of a second."""

WORDS = r"""
$ $$ $a $$a \$ \( \[ \{ { {{a ${ %(a \begin{a} \text{ \aa{ \aa{{a \aa[ << < <a <|a <A
( （ 【 [ _ ＿ ` ``` #### www. http:// http://a( a@ a. a A. (A) (A)b A、 。 1 1, 1. .1 １
一 十 万 1万 点 半 만 일 열 折 if= f( " ' \ 가 漢
"""
FRAGMENTS = [
    *WORDS.split(),
    *(" ", "\n", "\n ", "\u3000", "$a ", "<a ", "<a b=", "# ", "one ", "half ", "a b ", "12:00 "),
    *("2:30 p.m.", "下午兩點", "오후 2시 ", "a quarter to six "),
    *("- ", ">>> a\n", "if =", "a\r\n", "\u0301", "\U0001f600"),
]
each_fragment = pytest.mark.parametrize("fragment", FRAGMENTS)


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def filled(fragment: str, length: int) -> str:
    return f"x {fragment * (length // len(fragment))}y\nz"


@each_fragment
def test_protecting(fragment: str) -> None:
    text = filled(fragment, 40_000)
    assert seconds(lambda: protected_spans(text)) < SECONDS
    assert seconds(lambda: protected_spans(text[:8_000], [fragment, "x"])) < SECONDS


@each_fragment
def test_taking_apart(fragment: str) -> None:
    text = filled(fragment, 20_000)
    solution, texts = FieldSpec(kind="solution"), FieldSpec(kind="text_list", separator="; ")
    assert seconds(lambda: split_inline_options(f"Q (A) x (B) {text}")) < SECONDS
    assert seconds(lambda: [take_apart(text, solution), take_apart(text, texts)]) < SECONDS


@each_fragment
def test_finding_numbers(fragment: str) -> None:
    text = filled(fragment, 20_000)
    for language in (Language.EN, Language.ZH_TW, Language.KO):
        assert seconds(lambda language=language: numbers(text, language)) < SECONDS


@each_fragment
def test_checking(fragment: str, check: Callable[..., Any]) -> None:
    text = filled(fragment, 8_000)

    def work() -> None:
        check({"q": text}, {"q": "text"}, {"q": f"{fragment} {text}"}, "en>zh-TW")
        check({"q": text}, {"q": "text"}, {"q": text[:4_000]}, "zh-CN>ko")

    assert seconds(work) < SECONDS


@pytest.mark.parametrize("fragment", [f for f in FRAGMENTS if '"' not in f and "\\" not in f])
def test_reading_docstrings(fragment: str) -> None:
    code = f'def f():\n    """\n    {filled(fragment, 40_000)}\n    """\n'
    assert seconds(lambda: docstring_prose(code)) < SECONDS


@pytest.mark.parametrize("cell", ['"', '""', '"a', 'a"', ",", '",', '"",', "\n", '"\n', "a,b\r\n"])
def test_reading_tables(cell: str) -> None:
    assert seconds(lambda: list(table_rows(cell * (40_000 // len(cell)), ","))) < SECONDS


def test_a_string_of_ten_megabytes_is_edited() -> None:
    raw = '{"a": "' + "漢字 \\n\\u0041" * 1_000_000 + '", "b": "x"}'
    assert seconds(lambda: edit_json(raw, {("b",): "y"})) < SECONDS


def test_a_document_of_many_values_is_edited() -> None:
    raw = "[" + ",".join(['{"a": ["x", 1]}'] * 30_000) + "]"

    def work() -> None:
        edits = {(n, "a", 0): "y" for n in range(0, 30_000, 2)}
        edited = edit_json(raw, edits, [(n,) for n in range(1, 30_000, 2)])
        assert edited.count("y") == 15_000
        assert len(value_spans(edited)) == 1 + 15_000 * 4

    assert seconds(work) < SECONDS
