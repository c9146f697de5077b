"""Changing values inside JSON text without touching any other byte of it.

A translated file differs from its source only where a translation stands: spacing, key order,
escapes and number formats (``1.0`` or ``1.00``) are copied, because the text is edited and never
serialised anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eval.benchmarks.path import Location

# Possessive repeats: a string of many megabytes is matched without a stack entry per character.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s{}\[\],:"]+')
_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*+\\u(?!00[0-7])[0-9a-fA-F]{4}")


@dataclass(slots=True)
class _Frame:
    """A container that is being read."""

    location: Location
    start: int
    array: bool
    step: str | int = 0


def value_spans(raw: str) -> dict[Location, tuple[int, int]]:
    """Range of code points of every value in ``raw``, which must be valid JSON."""
    spans: dict[Location, tuple[int, int]] = {}
    stack: list[_Frame] = []
    expecting_key = False
    for match in _TOKEN.finditer(raw):
        token = match.group()
        if token in "{[":
            here = (*stack[-1].location, stack[-1].step) if stack else ()
            stack.append(_Frame(here, match.start(), array=token == "["))
            expecting_key = token == "{"
        elif token in "}]":
            frame = stack.pop()
            spans[frame.location] = (frame.start, match.end())
            expecting_key = False
        elif token == ",":
            frame = stack[-1]
            if frame.array and isinstance(frame.step, int):
                frame.step += 1
            expecting_key = not frame.array
        elif token == ":":
            expecting_key = False
        elif expecting_key:
            stack[-1].step = json.loads(token)
        else:
            here = (*stack[-1].location, stack[-1].step) if stack else ()
            spans[here] = match.span()
    return spans


def is_escaped(text: str) -> bool:
    r"""Was this JSON written in pure ASCII, with ``\uXXXX`` for everything else?"""
    return text.isascii() and _ESCAPE.search(text) is not None


def edit_json(
    raw: str,
    edits: Mapping[Location, str | int],
    removed: Iterable[Location] = (),
    *,
    escape: bool | None = None,
) -> str:
    r"""``raw`` with the values at ``edits`` replaced and the array elements at ``removed`` cut out.

    Everything outside the replaced literals and the cut elements (with one comma and the white
    space beside it) is copied. New strings are escaped as the text does it: ``\uXXXX`` where it is
    pure ASCII with such escapes, UTF-8 otherwise; ``escape`` says so for a line of a longer file.

    Raises:
        KeyError: ``raw`` has nothing at one of the places.
    """
    gone = set(removed)
    gone = {place for place in gone if not _inside(place[:-1], gone)}
    if not edits and not gone:
        return raw
    spans = value_spans(raw)
    if not gone <= spans.keys():
        raise KeyError(next(iter(gone - spans.keys())))
    escape = is_escaped(raw) if escape is None else escape
    changes = [
        (*spans[place], json.dumps(value, ensure_ascii=escape))
        for place, value in edits.items()
        if not _inside(place, gone)
    ]
    pieces, position = [], 0
    for start, end, text in sorted(changes + _cuts(spans, gone)):
        pieces += [raw[position:start], text]
        position = end
    return "".join([*pieces, raw[position:]])


def _inside(place: Location, gone: set[Location]) -> bool:
    return any(place[:depth] in gone for depth in range(len(place) + 1))


def _cuts(
    spans: Mapping[Location, tuple[int, int]], gone: set[Location]
) -> list[tuple[int, int, str]]:
    """Ranges to cut so that the arrays stay valid: an element goes with one of its commas."""
    cuts = []
    for array in {place[:-1] for place in gone}:
        elements = _elements(spans, array)
        kept = [index for index in range(len(elements)) if (*array, index) not in gone]
        for index, (start, end) in enumerate(elements):
            if (*array, index) not in gone:
                continue
            if kept and index > kept[-1]:
                start = elements[index - 1][1]
            elif index + 1 < len(elements):
                end = elements[index + 1][0]
            cuts.append((start, end, ""))
    return cuts


def _elements(spans: Mapping[Location, tuple[int, int]], array: Location) -> list[tuple[int, int]]:
    """Spans of the array's elements; those of an earlier value of a repeated key lie before it."""
    found: list[tuple[int, int]] = []
    while True:
        span = spans.get((*array, len(found)))
        if span is None or span[0] < spans[array][0]:
            return found
        found.append(span)
