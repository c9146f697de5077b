"""Loops: the same piece of text again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity

_FARTHEST = 60
"""Longest piece, in characters, whose repetition is looked for character by character."""
_STEP, _PIECE = 5, 4
_LEAST = 12
"""A loop has at least four rounds and this many characters."""
_SENTENCE = re.compile(r"[^.?!。？！\n]{10,}+[.?!。？！]*")
_DIGITS = str.maketrans("123456789０１２３４５６７８９", "0" * 19)


def loops(item: ItemPair) -> Iterator[Finding]:
    """No piece of text is repeated over and over, unless the source repeats itself too.

    A language model that got stuck says the same words until its answer is cut off. Hard: a piece
    of up to 60 characters four times in a row (12 characters or more in all), also when only its
    numbers change; a sentence of ten characters or more three times more often than in the source;
    the whole translation given twice.

    Known limits:

    - a loop of paragraphs that differ by more than numbers is not seen;
    - rows of signs without a letter (dots, blanks, dashes) are no loop.
    """
    for segment in item.segments:
        if segment.unchanged or len(segment.target) < _LEAST:
            continue
        span = _loop(segment.target)
        if span is None:
            span = _twice(segment) or _repeated_sentence(segment)
        elif _loop(segment.source) is not None:
            span = None
        if span is not None:
            yield segment.finding(
                "loops",
                Severity.CRITICAL,
                "The translation repeats itself.",
                hard=True,
                target=span,
            )


def _loop(text: str) -> tuple[int, int] | None:
    """The first run of a repeated piece.

    Every loop is entered by an anchor of a few characters that comes again one round later, so
    it is enough to look for anchors at every fifth place.
    """
    folded = text.translate(_DIGITS)
    for place in range(0, len(folded) - _LEAST + _PIECE, _STEP):
        piece = folded[place : place + _PIECE]
        if not any(map(str.isalpha, piece)):
            continue
        again = folded.find(piece, place + 1, place + _FARTHEST + _PIECE)
        while again >= 0:
            span = _run(folded, place, again - place)
            if span is not None:
                return span
            again = folded.find(piece, again + 1, place + _FARTHEST + _PIECE)
    return None


def _run(text: str, place: int, period: int) -> tuple[int, int] | None:
    """The stretch around ``place`` that repeats with ``period``, if it is a loop."""
    length = max(4 * period, _LEAST)
    start = max(0, place - _STEP + 1)
    while (
        start < place and text[start : start + period] != text[start + period : start + 2 * period]
    ):
        start += 1
    end = start + period
    while end < len(text) and text[end] == text[end - period]:
        end += 1
    if end - start < length:
        return None
    while not text[start].isalnum():
        start += 1
    return start, end


def _twice(segment: SegmentPair) -> tuple[int, int] | None:
    """The second half of a text that is the same text two times."""
    text = segment.target
    start = text.find(text[:_LEAST], max(_LEAST, len(text) // 3))
    first = text[:start].strip()
    if (
        start < 0
        or first != text[start:].strip()
        or segment.source.count(segment.source[:_LEAST]) > 1
    ):
        return None
    return start, len(text)


def _repeated_sentence(segment: SegmentPair) -> tuple[int, int] | None:
    """The second of three or more equal sentences."""
    found = _SENTENCE.findall(segment.target)
    if len(found) < 3:
        return None
    sentence, count = Counter(part.strip() for part in found).most_common(1)[0]
    if count < 3 or len(sentence) < 10:
        return None
    before = Counter(part.strip() for part in _SENTENCE.findall(segment.source))
    if count - max(before.values(), default=0) < 2:
        return None
    start = segment.target.index(sentence, segment.target.index(sentence) + 1)
    return start, start + len(sentence)
