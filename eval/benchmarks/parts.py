"""A field's string taken apart into what is translated and what stays.

Every kind of field is read the same way: ``"".join(part.text) == value`` always holds, so a string
whose segments are translated to themselves comes back byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eval.benchmarks.docstring import docstring_prose
from eval.benchmarks.inline_options import split_inline_options
from eval.benchmarks.protect import has_prose
from eval.benchmarks.recipe import FieldSpec
from eval.segment import FieldKind


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a field's string.

    ``translate`` says whether it becomes a segment; ``option`` whether it is an answer option (an
    option may well be a number that nobody translates); ``indent`` as in ``Segment``.
    """

    text: str
    translate: bool = False
    option: bool = False
    label: str = ""
    indent: str = ""


_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)
_FINAL_ANSWER = re.compile(r"\s*####[^\n]*\s*$")
_OPTION_LABEL = re.compile(r"\s*(?:[(（][A-JＡ-Ｊ][)）]|[A-JＡ-Ｊ][.．、:：)）])\s*")


def take_apart(value: str, spec: FieldSpec, literals: tuple[str, ...] = ()) -> list[Part]:
    """Split a field's string by its kind into parts that join to ``value``."""
    split = _SPLITTERS.get(spec.kind, _whole)
    parts: list[Part] = []
    for part in split(value, spec):
        parts.extend(_trim(part, literals) if part.translate else [part])
    return [part for part in parts if part.text]


def _trim(part: Part, literals: tuple[str, ...]) -> Iterator[Part]:
    """White space at the edges stays; a text without a word to translate stays as a whole."""
    match = _EDGES.match(part.text)
    assert match is not None
    head, core, tail = match.groups()
    yield Part(head)
    translate = has_prose(core, literals)
    yield Part(core, translate, part.option, part.label, part.indent)
    yield Part(tail)


def _whole(value: str, spec: FieldSpec) -> Iterator[Part]:
    yield Part(value, translate=True)


def _option(value: str, spec: FieldSpec) -> Iterator[Part]:
    label = _OPTION_LABEL.match(value)
    if label:
        yield Part(label.group())
    yield Part(value[label.end() if label else 0 :], translate=True, option=True)


def _solution(value: str, spec: FieldSpec) -> Iterator[Part]:
    final = _FINAL_ANSWER.search(value)
    end = final.start() if final else len(value)
    yield Part(value[:end], translate=True)
    yield Part(value[end:])


def _text_list(value: str, spec: FieldSpec) -> Iterator[Part]:
    separator = spec.separator or "\n"
    for number, text in enumerate(value.split(separator), start=1):
        if number > 1:
            yield Part(separator)
        yield Part(text, translate=True, label=str(number))


def _inline_options(value: str, spec: FieldSpec) -> Iterator[Part]:
    pieces = split_inline_options(value)
    if pieces is None:
        yield Part(value, translate=True)
        return
    yield Part(pieces.number)
    yield Part(pieces.stem, translate=True, label="question")
    for letter, mark, text in pieces.options:
        yield Part(mark)
        yield Part(text, translate=True, option=True, label=f"option {letter}")
    yield Part(pieces.tail, translate=True, label="answer cue")


def _code(value: str, spec: FieldSpec) -> Iterator[Part]:
    position = 0
    for number, prose in enumerate(docstring_prose(value), start=1):
        yield Part(value[position : prose.start])
        yield Part(
            value[prose.start : prose.end],
            translate=True,
            label=f"docstring {number}",
            indent=prose.indent,
        )
        position = prose.end
    yield Part(value[position:])


_SPLITTERS: dict[FieldKind, Callable[[str, FieldSpec], Iterator[Part]]] = {
    FieldKind.OPTION: _option,
    FieldKind.SOLUTION: _solution,
    FieldKind.TEXT_LIST: _text_list,
    FieldKind.INLINE_OPTIONS: _inline_options,
    FieldKind.CODE: _code,
}
