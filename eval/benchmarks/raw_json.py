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

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")


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


def edit_json(
    raw: str, edits: Mapping[Location, str | int], removed: Iterable[Location] = ()
) -> str:
    r"""``raw`` with the values at ``edits`` replaced and the array elements at ``removed`` cut out.

    New strings are escaped as the text does it: ``\uXXXX`` where it is pure ASCII with such
    escapes, UTF-8 otherwise.
    """
    removed = list(removed)
    if not edits and not removed:
        return raw
    spans = value_spans(raw)
    ascii_only = raw.isascii() and _ESCAPE.search(raw) is not None
    changes = [
        (*spans[location], json.dumps(value, ensure_ascii=ascii_only))
        for location, value in edits.items()
    ]
    cuts = [(start, end, "") for start, end in _cuts(spans, set(removed))]
    changes = [
        change
        for change in changes
        if not any(start <= change[0] and change[1] <= end for start, end, _ in cuts)
    ]
    pieces, position = [], 0
    for start, end, text in sorted(changes + cuts):
        pieces += [raw[position:start], text]
        position = end
    return "".join([*pieces, raw[position:]])


def _cuts(
    spans: Mapping[Location, tuple[int, int]], removed: set[Location]
) -> list[tuple[int, int]]:
    """Ranges to cut so that the arrays stay valid: an element goes with one of its commas."""
    cuts = []
    for array in {location[:-1] for location in removed}:
        length = 0
        while (*array, length) in spans:
            length += 1
        kept = [index for index in range(length) if (*array, index) not in removed]
        for index in range(length):
            if (*array, index) not in removed:
                continue
            start, end = spans[*array, index]
            if kept and index > kept[-1]:
                start = spans[*array, index - 1][1]
            elif index + 1 < length:
                end = spans[*array, index + 1][0]
            cuts.append((start, end))
    return cuts
