"""What may not change in a text, and what must stay translatable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.protect import has_prose, protected_spans, without_protected

MARKS = r"""
$ \( \) \[ \] $$ \frac { } \text{ \begin{a} \end{a} << >> #### ` ``` <| |> <b> </b> (A) （Ａ）
https://a.b/c a@b.cc %s ____ （） () _ 速度 속도 x 5 ， 。
"""
PIECES = st.sampled_from([" ", "\n", "（　）", *MARKS.split()])
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=25).map("".join)


def found(text: str, *literals: str) -> list[str]:
    return [span.text for span in protected_spans(text, literals)]


def kinds(text: str) -> list[str]:
    return [str(span.kind) for span in protected_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "One costs $2, the other $3.",
        "from $5 to $10",
        "$5-$6",
        "$20, 30 or 40",
        "He had $5. She had $7.50.",
        "a $1,000/month job and a $2,000 one",
        "He pays $5 in NT$ or US$.",
        "售价$5，另一个$6",
        "5$와 6$",
        "5$和6$",
        "$ 5 and $ 6",
        "\\$5 and \\$6",
        "only one $ sign",
    ],
)
def test_money_is_not_mathematics(text: str) -> None:
    assert "latex" not in kinds(text)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("If $x^2+1=5$, find $x$.", ["$x^2+1=5$", "$x$"]),
        ("Let \\(a<b\\) and \\[c = d\\].", ["\\(a<b\\)", "\\[c = d\\]"]),
        ("$$\nx = 1\n$$", ["$$\nx = 1\n$$"]),
        ("\\begin{align*}a&=b\\\\c&=d\\end{align*}!", ["\\begin{align*}a&=b\\\\c&=d\\end{align*}"]),
        ("\\[a \\\\[2pt] b\\] ok", ["\\[a \\\\[2pt] b\\]"]),
        ("half is \\frac{1}{2} here", ["\\frac{1}{2}"]),
        ("\\sqrt[3]{x_{1}} is", ["\\sqrt[3]{x_{1}}"]),
        ("the price is $\\$5$ now", ["$\\$5$"]),
        ("面积$S=ab$最大", ["$S=ab$"]),
        ("求 3$x$ 的值", ["$x$"]),
        ("$5$ apples", ["$5$"]),
    ],
)
def test_mathematics_is_protected(text: str, spans: list[str]) -> None:
    assert found(text) == spans


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("$v=3\\text{ metres per second}$", "metres per second"),
        ("$\\frac{路程}{时间}=5$", "路程时间"),
        ("$x$ 的平方", "的平方"),
        ("\\text{if } x>0", "if"),
        ("\\begin{cases}1 & \\text{when } x>0\\end{cases}", "when"),
        ("$\\mbox{속도}=3$", "속도"),
    ],
)
def test_words_inside_mathematics_are_translated(text: str, prose: str) -> None:
    left = without_protected(text, protected_spans(text))
    assert all(char in left for char in prose)
    assert has_prose(text)
    assert not any(char in left for char in "\\{}$")


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("见https://a.org/b?c=d#e。谢谢", ["https://a.org/b?c=d#e"]),
        ("见https://a.org/路径", ["https://a.org/"]),
        ("看www.a.org吧", ["www.a.org"]),
        ("주소는 http://a.org/b입니다", ["http://a.org/b"]),
        ("(see https://a.org/b).", ["https://a.org/b"]),
        ("https://a.org/b_(c), d", ["https://a.org/b_(c)"]),
        ("[text](https://a.org/b) more", ["https://a.org/b"]),
        ('"https://a.org/b", he said', ["https://a.org/b"]),
        ("https://a.org/b!", ["https://a.org/b"]),
        ("邮箱a.b@c.org。", ["a.b@c.org"]),
        ("이메일은a@b.co.kr입니다", ["a@b.co.kr"]),
        ("a@b is no address", []),
    ],
)
def test_addresses_end_where_the_sentence_goes_on(text: str, spans: list[str]) -> None:
    assert found(text) == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("他____来了", ["____"]),
        ("他（　）来了（）", ["（　）", "（）"]),
        ("because the _ was", ["_"]),
        ("他 _ 来了", ["_"]),
        ("填【　】或( )", ["【　】", "( )"]),
        ("snake_case a_b", []),
        ("x_1 and S_5", []),
        ("＿＿", ["＿＿"]),
        ("以下(A)和（Ｂ）", ["(A)", "（Ｂ）"]),
        ("(AB) (a)", []),
        ("共%s个，%d%%，%(name)s", ["%s", "%d", "%(name)s"]),
        ("增加50%，5% discount, 100%d", []),
        ("Dear {name}, {{user.id}} ${HOME}", ["{name}", "{{user.id}}", "${HOME}"]),
        ("<b>很</b>好<br/>", ["<b>", "</b>", "<br/>"]),
        ('<a href="https://a.org" id=x>text</a>', ['<a href="https://a.org" id=x>', "</a>"]),
        ("if a <b and c> d", []),
        ("<MISSING CONDITION>", ["<MISSING CONDITION>"]),
        ("[header] Wash [step] Rinse", ["[header]", "[step]"]),
        ("3*4=<<3*4=12>>12\n#### 12", ["<<3*4=12>>", "####"]),
        ("# Title\n##### five", []),
        ("use `x + 1` or ```\ncode\n```", ["`x + 1`", "```\ncode\n```"]),
        ("<|im_end|> and [MASK] [/INST]", ["<|im_end|>", "[MASK]", "[/INST]"]),
        ("答ANSWER: $LETTER", ["ANSWER: $LETTER"]),
    ],
)
def test_marks_of_every_kind(text: str, spans: list[str]) -> None:
    assert found(text) == spans


@pytest.mark.parametrize(
    ("text", "literals", "spans"),
    [
        ("The cat sat in a category.", ["cat"], ["cat"]),
        ("关键词cat在此", ["cat"], ["cat"]),
        ("Cat and cat", ["cat"], ["cat"]),
        ("use 도서관에서", ["도서관"], ["도서관"]),
        ("P.S. and P.P.S.", ["P.P.S", "P.S."], ["P.S.", "P.P.S"]),
        ("say catnip or cat", ["cat", "catnip"], ["catnip", "cat"]),
        ("a.b*c", ["b*c", ".", "*"], [".", "b*c"]),
        ("in $cat$ and cat", ["cat"], ["$cat$", "cat"]),
        ("nothing", ["", " ", "\n"], []),
        ("end", ["end"], ["end"]),
    ],
)
def test_literals_are_words_of_their_own(text: str, literals: list[str], spans: list[str]) -> None:
    assert found(text, *literals) == spans


@pytest.mark.parametrize(
    ("text", "other"),
    [("(A)", "（Ａ）"), ("（  ）", "()"), ("_____", "__"), ("＿＿", "___"), ("【 】", "（）")],
)
def test_width_and_length_of_marks_may_follow_the_language(text: str, other: str) -> None:
    (one,), (two,) = protected_spans(text), protected_spans(other)
    assert one.canonical == two.canonical


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("$x$", False),
        ("3.14", False),
        ("（）", False),
        ("____", False),
        ("https://a.org", False),
        ("\\frac{1}{2}", False),
        ("。", False),
        ("①②", False),
        ("", False),
        ("x", True),
        ("一", True),
        ("$x$ m", True),
    ],
)
def test_only_letters_outside_marks_are_worth_translating(text: str, prose: bool) -> None:
    assert has_prose(text) is prose


@given(TEXTS, st.lists(st.text(max_size=4), max_size=3))
def test_spans_are_in_order_inside_the_text_and_apart(text: str, literals: list[str]) -> None:
    spans = protected_spans(text, literals)
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == span.text
        assert span.canonical
        position = span.end
    left = without_protected(text, spans)
    assert len(left) == len(text)
    assert all(left[n] in (" ", char) for n, char in enumerate(text))
    assert spans == protected_spans(text, reversed(literals))


@given(st.lists(st.sampled_from(["速度", " and ", "，", "\n", "it costs $5"]), max_size=6), TEXTS)
def test_a_mark_is_found_wherever_it_stands(around: list[str], noise: str) -> None:
    before = "".join(around)
    text = f"{before} <<3*4=12>> {noise}"
    assert "<<3*4=12>>" in found(text) or "$" in before or "`" in noise or "\\" in noise


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Double it:\n>>> double(4)\n8\nThen stop.", [">>> double(4)\n8"]),
        (">>> for n in x:\n...     n\n[1,\n 2]\n\nDone", [">>> for n in x:\n...     n\n[1,\n 2]"]),
        (">>> is_even(4)\nTrue", [">>> is_even(4)\nTrue"]),
        ("Do it:\n    >>> f()\n    'a'", [">>> f()\n    'a'"]),
        ("8 >>> 2 is 2", []),
        (">>> \nquoted mail", []),
    ],
)
def test_a_doctest_is_code_and_the_prose_behind_it_is_not(text: str, spans: list[str]) -> None:
    assert found(text) == spans


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$x+1$", "$x + 1$", True),
        ("$\\pi r$", "$\\pi  r$", True),
        ("$\\pi r$", "$\\pir$", False),
        ("$x$", "$X$", False),
        ("```\na = 1  # one\n```", "```\na = 1  # 一\n```", True),
        ("```\na = 1  # one\n```", "```\na = 2  # one\n```", False),
        ("(　)", "( )", True),
        ("___", "＿＿", True),
    ],
)
def test_what_must_stay_equal(one: str, other: str, same: bool) -> None:
    first, second = (protected_spans(text)[0].canonical for text in (one, other))
    assert (first == second) is same
