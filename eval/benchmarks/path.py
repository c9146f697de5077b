"""Paths to the fields of an item: the part of JSONPath (RFC 9535) that names things.

``question``, ``choices.text[*]``, ``turns[0]``, ``['key.with.dots']``; inside the quotes a
backslash stands before a quote or backslash of the key. No filters, no slices, no descent: a recipe
names fields, it does not search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from eval.errors import BadPath

Step = str | int | None
"""A key, an index, or ``None`` for every element."""

Location = tuple[str | int, ...]
"""Where one value lies: keys and indices from the item down."""

_STEP = re.compile(
    r"\.(?P<key>[^.\[\]']+)"
    r"|\[(?:(?P<star>\*)|(?P<index>[0-9]{1,9})|'(?P<quoted>(?:[^'\\]|\\.)*)')\]",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^.\[\]']+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@lru_cache(maxsize=4096)
def parse_path(text: str) -> tuple[Step, ...]:
    """Read a path.

    Raises:
        BadPath: it does not follow the grammar above.
    """
    steps: list[Step] = []
    rest = text if text.startswith("[") else f".{text}"
    position = 0
    while position < len(rest):
        match = _STEP.match(rest, position)
        if match is None:
            raise BadPath(text)
        if match["star"]:
            steps.append(None)
        elif match["index"]:
            steps.append(int(match["index"]))
        else:
            quoted = match["quoted"]
            steps.append(match["key"] if quoted is None else _ESCAPED.sub(r"\1", quoted))
        position = match.end()
    return tuple(steps)


def locate(path: str, value: Any) -> list[tuple[Location, Any]]:
    """All places of ``value`` that ``path`` names, in order, each with what lies there."""
    return list(_walk(parse_path(path), value, ()))


def _walk(steps: tuple[Step, ...], value: Any, done: Location) -> Iterator[tuple[Location, Any]]:
    if not steps:
        yield done, value
        return
    step, rest = steps[0], steps[1:]
    if step is None:
        if isinstance(value, list):
            for index, element in enumerate(value):
                yield from _walk(rest, element, (*done, index))
    elif isinstance(step, int):
        if isinstance(value, list) and step < len(value):
            yield from _walk(rest, value[step], (*done, step))
    elif isinstance(value, dict) and step in value:
        yield from _walk(rest, value[step], (*done, step))


def bind(path: str, location: Location) -> Location | None:
    """The place that ``path`` names beside ``location``: each ``[*]`` takes the same element.

    ``bind("answers[*].text", ("answers", 2, "start"))`` is ``("answers", 2, "text")``. Where the
    two run through different lists (columns: ``answers.text[*]`` beside ``answers.start[*]``), the
    n-th ``[*]`` takes the n-th index of the location. ``None`` where there is none left.
    """
    indices = [step for step in location if isinstance(step, int)]
    bound: list[str | int] = []
    stars = 0
    for depth, step in enumerate(parse_path(path)):
        if step is not None:
            bound.append(step)
            continue
        if depth < len(location) and tuple(bound) == location[:depth]:
            bound.append(location[depth])
        elif stars < len(indices):
            bound.append(indices[stars])
        else:
            return None
        stars += 1
    return tuple(bound)


def value_at(location: Location, value: Any) -> Any:
    """What lies at ``location``."""
    for step in location:
        value = value[step]
    return value


def show(location: Location) -> str:
    """A location as a path that ``parse_path`` reads again: ``choices.text[2]``."""
    text = ""
    for step in location:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += "['" + re.sub(r"(['\\])", r"\\\1", step) + "']"
    return text
