"""One field's string and its translation, piece by piece."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from eval.benchmarks.docstring import code_skeleton
from eval.benchmarks.parts import Part, is_option_label, pieces_of
from eval.benchmarks.recipe import FieldSpec
from eval.benchmarks.slot import Slot
from eval.segment import FieldKind

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2212: 0x2D}
# What a text without a word says: digits with their point and sign, variables, operators. The rest
# (currency and other words, brackets, commas) may follow the language.
_VALUE = re.compile(
    r"[0-9A-Za-zα-ωΑ-Ω²³¹⁰⁴-⁹₀-₉+*/=<>^×÷√±≤≥≠∞]|(?<=\d)[.:](?=\d)|(?<![\dA-Za-z])-(?=\d)"
)
_COMMENT = re.compile(r"#.*")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A kept piece that changed, or pieces of which there are more or fewer.

    ``serious`` says that the item may measure something else.
    """

    message: str
    serious: bool = True
    expected: str | None = None
    found: str | None = None


Texts = list[tuple[str, str]]
"""Segment and its translation."""


def compare_pieces(slot: Slot, target: str, spec: FieldSpec) -> tuple[Texts, list[Mismatch]]:
    """Translations of the slot's segments, and what else is otherwise.

    Where the string falls into other pieces than its source, no segment has a translation.
    """
    labelled = len(slot.parts) > 1 and is_option_label(slot.parts[0].text)
    before = pieces_of(slot.source, spec, labelled=labelled)
    after = pieces_of(target, spec, labelled=labelled)
    mismatches = list(_other_program(slot, target))
    if _shape(before) != _shape(after):
        return [], mismatches or [_other_shape(spec.kind, before, after)]
    segments = _segments(slot, before)
    texts = []
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if number in segments:
            texts.append((segments[number], _unindented(new)))
        elif (mismatch := _kept(old, new, spec.kind)) is not None and not mismatches:
            mismatches.append(mismatch)
    return texts, mismatches


def _shape(pieces: Sequence[Part]) -> list[tuple[str, bool]]:
    return [(piece.label, piece.translate) for piece in pieces]


def _segments(slot: Slot, pieces: Sequence[Part]) -> dict[int, str]:
    """The segment in each piece: beside it there is only white space."""
    ends = list(accumulate(len(piece.text) for piece in pieces))
    found = {}
    position = 0
    for part in slot.parts:
        if part.segment is not None:
            found[bisect_right(ends, position)] = part.segment
        position += len(part.text)
    return found


def _unindented(piece: Part) -> str:
    text = piece.text.replace(f"\n{piece.indent}", "\n") if piece.indent else piece.text
    return text.strip()


def _kept(old: Part, new: Part, kind: FieldKind) -> Mismatch | None:
    """A piece that is not translated, or has no word to translate."""
    if kind is FieldKind.CODE:
        same, what = _code(old.text) == _code(new.text), "Code or a doctest was changed."
    elif kind is FieldKind.SOLUTION and not old.translate:
        same = old.text.strip() == new.text.strip()
        what = "The last line with the final answer was changed."
    else:
        same = _value(old.text) == _value(new.text)
        what = "A text without words was changed." if old.translate else "A mark was changed."
    return None if same else Mismatch(what, True, old.text.strip(), new.text.strip())


def _code(text: str) -> str:
    return " ".join(_COMMENT.sub("", text).split())


def _value(text: str) -> str:
    return "".join(_VALUE.findall(text.translate(_WIDTH)))


def _other_program(slot: Slot, target: str) -> Iterator[Mismatch]:
    if slot.kind is FieldKind.CODE and code_skeleton(slot.source) != code_skeleton(target):
        yield Mismatch("Outside its docstrings the program is no longer the same.")


def _other_shape(kind: FieldKind, before: Sequence[Part], after: Sequence[Part]) -> Mismatch:
    if kind is FieldKind.CODE:
        counts = [sum(piece.translate for piece in pieces) for pieces in (before, after)]
        message = "The docstrings have {} paragraphs in the source, {} in the translation."
        return Mismatch(message.format(*counts), serious=False)
    if kind is FieldKind.TEXT_LIST:
        counts = [sum(piece.translate for piece in pieces) for pieces in (before, after)]
        return Mismatch("{} texts in the source, {} in the translation.".format(*counts))
    if kind is FieldKind.INLINE_OPTIONS:
        letters = [_letters(before), _letters(after)]
        message = "The options are {} in the source, {} in the translation."
        return Mismatch(message.format(*letters), True, *letters)
    return Mismatch("The option has lost its letter.", True, before[0].text.strip())


def _letters(pieces: Sequence[Part]) -> str:
    labels = [piece.label.removeprefix("option ") for piece in pieces if piece.option]
    return ", ".join(labels) or "not to be found"
