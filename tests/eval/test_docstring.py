"""Programs with prose inside: only the prose is found, and a broken program is noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.docstring import code_skeleton, docstring_prose
from eval.benchmarks.item import BenchmarkItem

Read = Callable[..., BenchmarkItem]
CODE = {"code": "code"}
MEDIAN = '''\
from typing import List


def median(xs: List[int]) -> float:
    """Return the middle number of the list,
    or the mean of the two middle ones.

    The list is not empty.
    >>> median([3, 1, 2])
    2
    >>> median([1, 2])
    1.5

    Numbers may repeat.
    Input: [1, 1]
    """
'''


def prose(code: str) -> list[str]:
    return [code[found.start : found.end] for found in docstring_prose(code)]


def translated(read: Read, code: str, text: str = "譯文") -> str:
    item = read({"code": code}, CODE)
    target: str = item.rebuild({segment.id: text for segment in item.segments})["code"]
    return target


def test_paragraphs_of_prose_are_found() -> None:
    assert prose(MEDIAN) == [
        "Return the middle number of the list,\n    or the mean of the two middle ones.",
        "The list is not empty.",
        "Numbers may repeat.",
    ]


def test_a_segment_has_no_indentation_and_its_translation_gets_it_back(read: Read) -> None:
    item = read({"code": MEDIAN}, CODE)
    first = item.segments[0]
    assert (
        first.text == "Return the middle number of the list,\nor the mean of the two middle ones."
    )
    target = item.rebuild({first.id: "傳回串列\n的\n中位數。"})["code"]
    assert '"""傳回串列\n    的\n    中位數。\n\n    The list' in target


def test_the_program_and_its_doctests_stay(read: Read) -> None:
    target = translated(read, MEDIAN)
    assert code_skeleton(target) == code_skeleton(MEDIAN)
    doctest = ">>> median([3, 1, 2])\n    2\n    >>> median([1, 2])\n    1.5\n"
    assert doctest in target
    assert "Input: [1, 1]" in target
    assert target.count("譯文") == 3


@pytest.mark.parametrize(
    "code",
    [
        'def f():\n    r"""Split at every \\d."""\n',
        "def f():\n    '''Say it in two words.'''\n",
        "def f():\n    'Say it in two words.'\n",
        'def f():\n\t"""Say it\n\tin two words."""\n\treturn 1\n',
        'def f():\r\n    """Say it\r\n    in two words."""\r\n    return 1\r\n',
        '\x0cdef f():\n    """Say it in two words."""\n',
        'def f():\n    """Say it\x0c in two words."""\n',
        'class A:\n    """Say it in two words."""\n    def g(self):\n        """And again."""\n',
        '"""Say it in two words."""\nx = 1\n',
        'x = "é漢字"; "Say it in two words."\n',
        '漢 = "漢字漢字"\ndef 函數(參):\n    """Say it in two words."""\n',
        'def f(a="漢字", b="é"): """Say it in two words."""\n',
        'async def f():\n    """Say it in two words."""\n',
        'def f():\n    """Say it in two words, not "three"."""\n',
        'def f():\n    """Say it in two words.\\\n    Go on."""\n',
        'def f():\n    """Say it in two words."""',
        'def f():\n    """\n    Say it in two words.\n\n    """\n    x = """not prose at all"""\n',
        "def f():\n    \"\"\"Say it in two words.\"\"\"\n    return '''kept as it is'''\n",
    ],
)
def test_the_program_is_the_same_in_every_style(read: Read, code: str) -> None:
    compile(code, "source", "exec")
    target = translated(read, code)
    assert "譯文" in target
    assert code_skeleton(target) == code_skeleton(code) is not None
    assert target.count("\r\n") == code.count("\r\n") or "\r" in code
    item = read({"code": code}, CODE)
    assert item.rebuild({s.id: s.text for s in item.segments}) == {"code": code}


@pytest.mark.parametrize(
    "code",
    [
        "",
        "def f(:\n    'Say it in two words.'\n",
        'def f():\n    """Say it in two words.\n',
        'def f():\n  """Say it in two words."""\n    return 1\n',
        'print "Say it in two words."\n',
        "x = 'Say it in two words.'\n",
        'f("Say it in two words.")\n',
        'def f():\n    b"Say it in two words."\n',
        'def f(x):\n    f"Say it in {x} words."\n',
        "# Say it in two words.\nx = 1\n",
        'def f():\n    """Say it.\r    in two words."""\r    return 1\n',
        "(" * 300 + "1" + ")" * 300,
        "-" * 200_000 + "1",
        "a" + ".b" * 100_000,
        "+".join(["1"] * 20_000),
    ],
)
def test_nothing_is_taken_for_prose_that_is_none(read: Read, code: str) -> None:
    assert prose(code) == []
    assert read({"code": code}, CODE).segments == ()


@pytest.mark.parametrize(
    "line",
    [
        ">>> f(1)",
        "f(1, 2) == 3",
        "f('a b c') returns 'c b a'",
        "f([1, 2]) => [2, 1]",
        "Output: [1, 2]",
        "Input: n = 5",
        '"YES"',
        "[1, 2, 3]",
        "x = {'a': 1}",
        "@param x",
        "return x + 1",
        "for i in range(3):",
        "if x > 2:",
        "import math",
        "1, 2, 3",
        "- 'a'",
    ],
)
def test_lines_of_code_and_data_stay(line: str) -> None:
    assert prose(f'def f():\n    """\n    {line}\n    """\n') == []


@pytest.mark.parametrize(
    "line",
    [
        "Return the sum of both numbers.",
        "If the list is empty, return None:",
        "Note: 2 of the numbers may be equal to each other.",
        'Note: a "word" is what stands between two spaces.',
        "For xs = [1, 2] the output should be 3",
        "- The file's name has exactly one dot '.'",
        "Explanation: 0 is the smallest value of all.",
        "注意：2 個數可以相等。",
        "若 xs = [] 則傳回空字串 ''",
        "빈 목록이면 0을 돌려준다.",
    ],
)
def test_sentences_are_prose_although_they_show_data(line: str) -> None:
    code = (
        f"def f():\n    '''\n    {line}\n    '''\n"
        if '"' in line
        else (f'def f():\n    """\n    {line}\n    """\n')
    )
    assert prose(code) == [line]


def test_values_that_a_sentence_shows_must_stay(check: Callable[..., Any]) -> None:
    code = 'def f(xs):\n    """For xs = [1, 2] the output should be ("a", 3)\n    """\n'
    good = '若 xs = [1, 2]，輸出應為 ("a", 3)'
    assert check({"code": code}, CODE, {"code#docstring 1": good}, category="code") == []
    bad = '若 xs = [1, 2]，輸出應為 ("甲", 3)'
    findings = check({"code": code}, CODE, {"code#docstring 1": bad}, category="code")
    assert [(f.check, f.expected) for f in findings if f.hard] == [("protected", '("a", 3)')]


@pytest.mark.parametrize(
    "translation",
    [
        'He said """stop""" and x = 1',
        'ends with a quote"',
        "ends with a backslash\\",
        '"""\n    import os\n    """',
        "\\",
        "bad escape \\x1",
        "bad name \\N{no such}",
    ],
)
def test_a_translation_that_breaks_the_program_is_caught(
    check: Callable[..., Any], translation: str
) -> None:
    code = 'def f():\n    """Say it in two words."""\n    return 1\n'
    findings = check({"code": code}, CODE, {"code#docstring 1": translation}, category="code")
    assert ("structure", True, "code#docstring 1") in [
        (finding.check, finding.hard, finding.segment) for finding in findings
    ]


@pytest.mark.parametrize(
    "translation", ["他說「好」", "say \"yes\" or 'no'", "two\nlines", "C:\\d"]
)
def test_harmless_quotes_are_not_reported(check: Callable[..., Any], translation: str) -> None:
    code = 'def f():\n    """Say it in two words."""\n    return 1\n'
    findings = check({"code": code}, CODE, {"code#docstring 1": translation}, category="code")
    assert [finding for finding in findings if finding.check == "structure"] == []


def test_a_line_break_in_a_short_string_is_caught(check: Callable[..., Any]) -> None:
    findings = check({"code": "'Say it in two words.'\n"}, CODE, {"code#docstring 1": "一\n二"})
    about_code = [finding.check for finding in findings if finding.check != "truncated"]
    assert about_code == ["structure"]


def test_the_same_paragraph_in_two_functions_is_one_segment(read: Read) -> None:
    code = (
        'def f():\n    """Go on\n    and on."""\n\n'
        'class A:\n    def g(self):\n        """Go on\n        and on."""\n'
    )
    item = read({"code": code}, CODE)
    assert [segment.text for segment in item.segments] == ["Go on\nand on."]
    target = item.rebuild({item.segments[0].id: "一\n二"})["code"]
    assert '"""一\n    二"""' in target
    assert '"""一\n        二"""' in target


@given(st.text(alphabet="ab1 \n\t\r\f\\'\"#:()[]=>.漢字한", max_size=80))
def test_any_docstring_comes_back_and_is_found_inside(body: str) -> None:
    code = f'def f():\n    """{body}"""\n    return 1\n'
    if code_skeleton(code) is None:
        assert prose(code) == []
        return
    inside = range(code.index('"""') + 3, code.rindex('"""') + 1)
    position = 0
    for found in docstring_prose(code):
        assert position <= found.start < found.end
        assert found.start in inside
        assert found.end in inside
        position = found.end
