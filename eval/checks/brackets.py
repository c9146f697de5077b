"""Brackets and quotation marks: in pairs where they are in the source, none dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from glossary.language import Language

_BRACKETS = "(（[［【〔)）]］】〕"
_BRACES = "{｛}｝"
_DOUBLE = '“”"„'
_TITLES = "《》〈〉"
# A mark closes any open mark of its family: (0, 1] is an interval, and “so" is quoted.
_FAMILY = {
    mark: family
    for family in (_BRACKETS, _BRACES, _DOUBLE, _TITLES, "‘’", "「」", "『』", "«»")
    for mark in family
}
_OPENS = frozenset("(（[［【〔{｛‘「『《〈«")
_ANY = re.compile(f"[{re.escape(''.join(_FAMILY))}]")
# "a)", "12)", "가)", "甲）" at the beginning of a line.
_LIST_LABEL = re.compile(r"(?m)^[ \t]*+(?:[A-Za-z]|\d{1,2}|[ivxIVX]{1,4}|[가-힣㐀-鿿])\Z")
_EMOTICON = re.compile(r"[:;=][-'^]?\Z")
_STRAIGHT_OPENS = re.compile(r"['‘](?<!\w.)(?=\w)")
_STRAIGHT_CLOSES = re.compile(r"['’](?<=[\w.,?!].)(?!\w)")
_LATIN = re.compile("[A-Za-z]")
_SAID = re.compile(r"[，。！？,.!?]|.{16}")
"""A quotation of what someone says, as opposed to a title or a word in quotation marks."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """Places of marks without a partner, and the pieces that pairs of marks enclose."""

    alone: list[int]
    bracketed: list[tuple[int, int]]
    quoted: list[tuple[int, int]]


def brackets(item: ItemPair) -> Iterator[Finding]:
    """Brackets and quotation marks are in pairs where the source's are, and none is dropped.

    Hard are more brackets without a partner than the source has, `( [ {` in half or full width.
    Soft are more quotation marks without a partner, and brackets or quotations of which the target
    has none left.

    Any mark closes an open one of its family, so `(0, 1]` is an interval and the marks of another
    language are as good: `「」`, `『』`, `“”`, `""` and `《》` stand for each other. `a)` at the
    beginning of a line, an emoticon, an apostrophe and inches need no partner. A bracket around the
    original of a name, `巴黎（Paris）`, may come and go, and a title may lose its marks.

    Known limits:

    - English single quotation marks are not looked at: most of them are apostrophes;
    - one of several pairs lost is not seen, nor is one added: translators put names into quotation
      marks, originals of names into brackets, and Chinese says in brackets what English says in
      a relative clause, which is also what most alarms on human translations are;
    - a quotation that goes on in the next item is reported when only the target shows it.
    """
    for segment in item.segments:
        if segment.unchanged:
            continue
        before = _marks(segment.source_prose, item.pair.source)
        after = _marks(segment.target_prose, item.pair.target)
        yield from _alone(segment, before, after)
        yield from _brackets_lost(item, segment, before, after)
        yield from _quotation_lost(item, segment, before, after)


def _marks(text: str, language: Language) -> _Marks:
    marks = _Marks([], [], [])
    opened: dict[str, list[int]] = {}
    for match in _ANY.finditer(text):
        place = match.start()
        family = _FAMILY[text[place]]
        if family == "‘’" and language is Language.EN:
            continue  # as often apostrophes
        waiting = opened.setdefault(family, [])
        if text[place] in _OPENS or (family is _DOUBLE and not waiting):
            waiting.append(place)
        elif waiting:
            piece = (waiting.pop(), place + 1)
            (marks.bracketed if _is_bracket(family) else marks.quoted).append(piece)
        else:
            marks.alone.append(place)
    marks.alone.extend(place for waiting in opened.values() for place in waiting)
    marks.alone[:] = sorted(place for place in marks.alone if _needs_partner(text, place))
    return marks


def _is_bracket(family: str) -> bool:
    return family in (_BRACKETS, _BRACES)


def _needs_partner(text: str, place: int) -> bool:
    mark, last = text[place], text[max(0, place - 1) : place]
    if mark in '’"':  # an apostrophe, or inches
        return not (last.isascii() and last.isalnum())
    before = (text, max(0, place - 8), place)
    smiles = mark in "()" and not text[place + 1 : place + 2].isalnum()
    return not (
        (smiles and _EMOTICON.search(*before)) or (mark in ")）" and _LIST_LABEL.search(*before))
    )


def _alone(segment: SegmentPair, before: _Marks, after: _Marks) -> Iterator[Finding]:
    """The first bracket and quotation mark without a partner, if the source has fewer of them."""
    for bracket, what in ((True, "bracket"), (False, "quotation mark")):
        places = [n for n in after.alone if _is_bracket(_FAMILY[segment.target[n]]) is bracket]
        wanted = sum(_is_bracket(_FAMILY[segment.source[n]]) is bracket for n in before.alone)
        if len(places) <= wanted or not (bracket or _straight_in_pairs(segment.source)):
            continue
        yield segment.finding(
            "brackets",
            Severity.MAJOR,
            f"This {what} has no partner.",
            hard=bracket,
            target=(places[0], places[0] + 1),
        )


def _straight_in_pairs(text: str) -> bool:
    """Are ' and ’ in pairs? A quotation of several sentences may be open."""
    opening = sum(1 for _ in _STRAIGHT_OPENS.finditer(text))
    return opening == sum(1 for _ in _STRAIGHT_CLOSES.finditer(text))


def _brackets_lost(
    item: ItemPair, segment: SegmentPair, before: _Marks, after: _Marks
) -> Iterator[Finding]:
    if after.bracketed or after.alone:
        return
    for start, end in before.bracketed:
        if item.pair.source is Language.EN or not _LATIN.search(segment.source, start, end):
            message = "The source says this in brackets; the target has no brackets."
            yield segment.finding(
                "brackets", Severity.MINOR, message, hard=False, source=(start, end), found=""
            )
            return


def _quotation_lost(
    item: ItemPair, segment: SegmentPair, before: _Marks, after: _Marks
) -> Iterator[Finding]:
    if after.quoted or after.alone or _STRAIGHT_OPENS.search(segment.target):
        return
    for start, end in (*before.quoted, *((n, n + 1) for n in before.alone)):
        mark = segment.source[start]
        if mark in _TITLES or _is_bracket(_FAMILY[mark]):
            continue
        if item.pair.source is Language.EN or _SAID.search(segment.source, start + 1, end - 1):
            message = "The source quotes this; the target has no quotation marks."
            yield segment.finding(
                "brackets", Severity.MINOR, message, hard=False, source=(start, end), found=""
            )
            return
