"""A field's string taken apart into what is translated and what stays.

Every kind of field is read the same way: ``"".join(part.text) == value`` always holds, so a string
whose segments are translated to themselves comes back byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from eval.benchmarks.docstring import docstring_prose
from eval.benchmarks.inline_options import split_inline_options
from eval.benchmarks.protect import has_prose
from eval.benchmarks.recipe import FieldSpec
from eval.segment import FieldKind


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a field's string.

    ``translate`` says whether it becomes a segment; ``option`` whether it is an answer option (an
    option may well be a number that nobody translates); ``indent`` is what every further line of
    the piece begins with; ``literals`` as in ``Segment``.
    """

    text: str
    translate: bool = False
    option: bool = False
    label: str = ""
    indent: str = ""
    literals: tuple[str, ...] = ()


_OPTION_LABEL = re.compile(
    r"\s*(?:[(（](?P<bracketed>[A-JＡ-Ｊ])[)）]|(?P<bare>[A-JＡ-Ｊ])[.．、:：)）])\s*"
)
_LABELLED = {FieldKind.OPTION, FieldKind.ANSWER_TEXT}


def take_apart(
    value: str, spec: FieldSpec, literals: tuple[str, ...] = (), *, labelled: bool = False
) -> list[Part]:
    """Split a field's string by its kind into parts that join to ``value``.

    ``labelled`` says that the item's options carry their letters inside (``(A) ...``), which stay.
    """
    parts: list[Part] = []
    for part in pieces_of(value, spec, labelled=labelled):
        parts.extend(_trim(part, (*literals, *part.literals)) if part.translate else [part])
    return [part for part in parts if part.text]


def pieces_of(value: str, spec: FieldSpec, *, labelled: bool) -> list[Part]:
    """The parts before white space and texts without a word are told from what is translated."""
    pieces = []
    if labelled and spec.kind in _LABELLED and (label := _OPTION_LABEL.match(value)):
        pieces.append(Part(label.group()))
        value = value[label.end() :]
    return [*pieces, *_SPLITTERS.get(spec.kind, _whole)(value, spec)]


def is_option_label(text: str) -> bool:
    """Is this nothing but the letter of an option with its brackets or point?"""
    return _OPTION_LABEL.fullmatch(text) is not None


def has_option_label(options: Sequence[str]) -> bool:
    """Do these options begin with A, B, C ... in this order?"""
    labels = [_OPTION_LABEL.match(option) for option in options]
    letters = [label["bracketed"] or label["bare"] for label in labels if label]
    folded = [chr(ord(letter) - 0xFEE0) if letter > "z" else letter for letter in letters]
    return len(labels) > 1 and folded == [chr(ord("A") + n) for n in range(len(labels))]


def _trim(part: Part, literals: tuple[str, ...]) -> Iterator[Part]:
    """White space at the edges stays; a text without a word to translate stays as a whole."""
    core = part.text.strip()
    start = len(part.text) - len(part.text.lstrip())
    yield Part(part.text[:start])
    translate = has_prose(core, literals)
    yield replace(part, text=core, translate=translate, literals=literals)
    yield Part(part.text[start + len(core) :])


def _whole(value: str, spec: FieldSpec) -> Iterator[Part]:
    yield Part(value, translate=True)


def _option(value: str, spec: FieldSpec) -> Iterator[Part]:
    yield Part(value, translate=True, option=True)


def _solution(value: str, spec: FieldSpec) -> Iterator[Part]:
    """The last line stays where it holds the final answer, ``#### 42``."""
    body = value.rstrip()
    last_line = body.rfind("\n") + 1
    mark = body.find("####", last_line)
    end = len(value) if mark < 0 else mark
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
            literals=prose.literals,
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
