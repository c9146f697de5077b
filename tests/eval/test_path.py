from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.path import bind, locate, parse_path, show, value_at
from eval.errors import BadPath

LOCATIONS = st.lists(st.one_of(st.text(), st.integers(0, 10**6)), min_size=1, max_size=6).map(tuple)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("question", ("question",)),
        ("choices.text[*]", ("choices", "text", None)),
        ("turns[0]", ("turns", 0)),
        ("[1][*].choice[*]", (1, None, "choice", None)),
        ("['key.with.dots']", ("key.with.dots",)),
        ("a['b c'].d", ("a", "b c", "d")),
        ("['']", ("",)),
        (r"['it\'s']", ("it's",)),
        (r"['back\\slash']", ("back\\slash",)),
        ("题目.选项[*]", ("题目", "选项", None)),
        ("with space.key", ("with space", "key")),
    ],
)
def test_a_path_is_read(text: str, steps: tuple[str | int | None, ...]) -> None:
    assert parse_path(text) == steps


@pytest.mark.parametrize(
    "text",
    ["", ".", "a..b", "a[", "a]", "a[-1]", "a[*", "a[1:2]", "a['b]", "a.'b'", "a."],
)
def test_what_is_no_path_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadPath) as caught:
        parse_path(text)
    assert repr(text) in str(caught.value)


@given(LOCATIONS)
def test_a_shown_location_is_a_path_to_it(location: tuple[str | int, ...]) -> None:
    assert parse_path(show(location)) == location


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_a_bad_path(text: str) -> None:
    try:
        steps = parse_path(text)
    except BadPath:
        return
    assert steps


def test_every_element_is_located_in_order() -> None:
    item = {"q": [{"a": ["x", "y"]}, {"b": 1}, {"a": []}, {"a": ["z"]}]}
    found = locate("q[*].a[*]", item)
    assert [value for _, value in found] == ["x", "y", "z"]
    assert all(value_at(location, item) == value for location, value in found)


@pytest.mark.parametrize("item", [None, 3, "text", [], {}, {"q": None}, {"q": {"a": 1}}, [[[]]]])
def test_a_path_that_leads_nowhere_finds_nothing(item: object) -> None:
    assert locate("q[*].a[0]", item) == []


@pytest.mark.parametrize(
    ("path", "beside", "bound"),
    [
        ("context", ("answers", "text", 2), ("context",)),
        ("answers[*].text", ("answers", 2, "start"), ("answers", 2, "text")),
        ("answers.text[*]", ("answers", "start", 1), ("answers", "text", 1)),
        ("qas[*].answers[*].text", ("qas", 1, "answers", 0, "s"), ("qas", 1, "answers", 0, "text")),
        ("p[*].context", ("p", 3, "qas", 1, "a", 0), ("p", 3, "context")),
        ("a[*].b[*]", ("a", 3), None),
    ],
)
def test_a_path_is_bound_beside_a_place(
    path: str, beside: tuple[str | int, ...], bound: tuple[str | int, ...] | None
) -> None:
    assert bind(path, beside) == bound
