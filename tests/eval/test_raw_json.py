"""JSON text is edited in place: what is not replaced stays byte for byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.path import Location
from eval.benchmarks.raw_json import edit_json, is_escaped, value_spans

SPACES = st.text(" \t\n\r", max_size=3)
NUMBERS = st.sampled_from(["0", "-0", "1.00", "1e5", "-2.50E-3", "1E+400", "9" * 40, "0.1"]) | (
    st.integers().map(str)
)


@st.composite
def strings(draw: st.DrawFn) -> str:
    """A string as some program writes it: escaped or not, with short or long escapes."""
    text = draw(st.text(max_size=6))
    escaped = json.dumps(text, ensure_ascii=draw(st.booleans()))
    return escaped.replace("/", draw(st.sampled_from(["/", "\\/", "\\u002F"])))


@st.composite
def documents(draw: st.DrawFn, depth: int = 3) -> str:
    """JSON text with any spacing, key order, escapes and ways to write a number."""
    kinds = ["string", "number", "word"] + ["object", "array"] * (2 if depth else 0)
    kind = draw(st.sampled_from(kinds))
    if kind == "string":
        return draw(strings())
    if kind == "number":
        return draw(NUMBERS)
    if kind == "word":
        return draw(st.sampled_from(["true", "false", "null", "NaN", "-Infinity"]))
    inner = documents(depth=depth - 1)
    if kind == "array":
        cells = draw(st.lists(st.tuples(SPACES, inner, SPACES).map("".join), max_size=4))
        return "[" + ",".join(cells) + (draw(SPACES) if not cells else "") + "]"
    pairs = draw(st.lists(st.tuples(strings(), inner), max_size=4, unique_by=lambda p: loads(p[0])))
    members = [
        f"{draw(SPACES)}{key}{draw(SPACES)}:{draw(SPACES)}{value}{draw(SPACES)}"
        for key, value in pairs
    ]
    return "{" + ",".join(members) + (draw(SPACES) if not members else "") + "}"


def loads(raw: str) -> Any:
    """Parsed with numbers as they are written."""
    return json.loads(raw, parse_int=str, parse_float=str, parse_constant=str)


def leaves(value: Any, at: Location = ()) -> list[Location]:
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        return [place for step, inner in entries for place in leaves(inner, (*at, step))]
    return [at]


def replaced(value: Any, edits: dict[Location, Any], at: Location = ()) -> Any:
    if at in edits:
        return edits[at]
    if isinstance(value, dict):
        return {key: replaced(inner, edits, (*at, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner, edits, (*at, n)) for n, inner in enumerate(value)]
    return value


@given(SPACES, documents(), SPACES)
def test_every_value_is_found(before: str, document: str, after: str) -> None:
    raw = before + document + after
    spans = value_spans(raw)
    value = loads(raw)
    assert set(leaves(value)) <= set(spans)
    for place, (start, end) in spans.items():
        inner = value
        for step in place:
            inner = inner[step]
        assert loads(raw[start:end]) == inner


@given(documents())
def test_no_edit_is_no_change(raw: str) -> None:
    assert edit_json(raw, {}) == raw


@given(documents(), st.data())
def test_only_the_literals_change(raw: str, data: st.DataObject) -> None:
    value = loads(raw)
    places = data.draw(st.lists(st.sampled_from(leaves(value) or [()]), unique=True, max_size=4))
    places = [place for place in places if place in leaves(value)]
    edits = {place: data.draw(st.text(max_size=6) | st.just('譯文\n"')) for place in places}
    edited = edit_json(raw, edits)
    assert loads(edited) == replaced(value, edits)
    spans = value_spans(raw)
    position, rest = 0, edited
    for start, end in sorted(spans[place] for place in places):
        kept = raw[position:start]
        assert rest.startswith(kept)
        _, length = json.JSONDecoder().raw_decode(rest[len(kept) :])
        rest, position = rest[len(kept) + length :], end
    assert rest == raw[position:]
    if is_escaped(raw):
        assert edited.isascii()


@given(st.lists(documents(depth=1), max_size=6), SPACES, st.data())
def test_elements_are_removed_and_the_rest_stays(
    elements: list[str], space: str, data: st.DataObject
) -> None:
    raw = '{"x": 1.00, "list": [' + f",{space}".join(elements) + space + '], "y": [ ]}'
    gone = data.draw(st.sets(st.integers(0, max(0, len(elements) - 1)), max_size=len(elements)))
    gone = {n for n in gone if n < len(elements)}
    edited = edit_json(raw, {}, [("list", n) for n in gone])
    kept = [loads(element) for n, element in enumerate(elements) if n not in gone]
    assert loads(edited) == {"x": "1.00", "list": kept, "y": []}
    assert edited.startswith('{"x": 1.00, "list": [')
    assert edited.endswith('], "y": [ ]}')


def test_numbers_keys_and_spacing_survive() -> None:
    raw = '{ "b" : 1.00,"a":[ 1e5 ,123456789012345678901234567890 ],\n\t"b2":"x"  , "c":-0}\r\n'
    assert edit_json(raw, {("b2",): "y"}) == raw.replace('"x"', '"y"')


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('{"a": "caf\\u00e9", "b": "x"}', '{"a": "caf\\u00e9", "b": "\\u8b6f"}'),
        ('{"a": "café", "b": "x"}', '{"a": "café", "b": "譯"}'),
        ('{"a": "cafe", "b": "x"}', '{"a": "cafe", "b": "譯"}'),
        ('{"a": "\\u001f", "b": "x"}', '{"a": "\\u001f", "b": "譯"}'),
        ('{"a": "\\\\u00e9", "b": "x"}', '{"a": "\\\\u00e9", "b": "譯"}'),
        ('{"a": "\\\\\\u00e9", "b": "x"}', '{"a": "\\\\\\u00e9", "b": "\\u8b6f"}'),
    ],
)
def test_new_strings_are_escaped_as_the_text_does_it(raw: str, expected: str) -> None:
    assert edit_json(raw, {("b",): "譯"}) == expected


def test_a_longer_file_may_say_how_to_escape() -> None:
    assert edit_json('{"a": "x"}', {("a",): "譯"}, escape=True) == '{"a": "\\u8b6f"}'


def test_of_a_repeated_key_the_last_value_counts() -> None:
    raw = '{"a": ["x", "y", "z"], "a": ["p", "q"]}'
    assert edit_json(raw, {("a", 1): "Q"}) == '{"a": ["x", "y", "z"], "a": ["p", "Q"]}'
    assert edit_json(raw, {}, [("a", 1)]) == '{"a": ["x", "y", "z"], "a": ["p"]}'
    assert edit_json(raw, {}, [("a", 0)]) == '{"a": ["x", "y", "z"], "a": ["q"]}'


def test_edits_inside_a_removed_element_go_with_it() -> None:
    raw = '[{"a": ["x", "y"]}, {"a": ["z"]}]'
    assert edit_json(raw, {(0, "a", 0): "X", (1, "a", 0): "Z"}, [(0,), (0, "a", 1)]) == (
        '[{"a": ["Z"]}]'
    )


@pytest.mark.parametrize(("edits", "gone"), [({("b",): "x"}, []), ({}, [("a", 5)])])
def test_a_place_that_is_not_there_is_an_error(edits: Any, gone: Any) -> None:
    with pytest.raises(KeyError):
        edit_json('{"a": [1]}', edits, gone)
