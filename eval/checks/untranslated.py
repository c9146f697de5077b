"""Untranslated: what was left in the source language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.english import Sure, english
from eval.checks.script import only_in, pieces
from eval.segment import FieldKind
from glossary.language import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]++(?:\s[\u4e00-\u9fff]++)*+")
_HANGUL = re.compile(r"[\uac00-\ud7af]++(?:\s[\uac00-\ud7af]++)*+")
_LATIN = re.compile(r"(?<![A-Za-zÀ-ɏ])[A-Za-z]++(?:[ ,.'’&-]{1,3}+[A-Za-z]++)*+(?![A-Za-zÀ-ɏ])")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_NAME = re.compile(r"[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})?")
_LABELS = frozenset("甲乙丙丁戊己庚辛壬癸가나다라마바사아자차카타파하")
_BRACKETS = ("(（[［《〈", ")）]］》〉")
_QUOTES = ("「『“‘", "」』”’")
_NEAR = 120
"""Characters before a place in which a bracket around it opens."""
_QUOTED = 16
_QUOTED_ENGLISH = 30
"""Characters of a quotation that may stay: a word or a phrase, not a sentence."""
_MOST = 0.4
"""Share of a text from which it is one fault, not several."""


def untranslated(item: ItemPair) -> Iterator[Finding]:
    """No text of the source language was left where there was something to translate.

    Hard is a whole text without a word of the target's script (a copy, as a rule) if it holds
    prose:

    - Han or Hangul; between the Chinese languages a copy with a character that only the source's
      script has. Labels such as 甲 and 가 may stay.
    - English with a word of answers ("None of the above"), a school word or a word with an English
      ending ("velocity"), or two other words in lower case. Names ("Kant", "Bank of America"),
      acronyms, symbols, code and foreign terms ("mens rea") may stay.

    An option of one lower-case word of no list ("torque", "malloc") is hard where other options
    were translated and soft elsewhere. A name is soft where the names beside it were translated.

    Hard is a part of a text: Han or Hangul of the source, or English prose with a lower-case word,
    unless it stands in brackets, as an original behind its translation does, or is a word or phrase
    in quotation marks.

    Known limits:

    - names are never translated for certain: a title with capitals that was left is not found;
    - a quoted word or phrase that should have been translated is not found;
    - one English word that was left in a Chinese or Korean sentence is found only if it is on the
      list or has an English ending;
    - the list of words (`eval/checks/lists/english.yaml`) is short. What it lacks counts half.
    """
    source, target = item.pair.source, item.pair.target
    if source == target:
        return
    for segment in item.segments:
        if item.pair.same_script_family:
            yield from _copied_han(source, segment)
        elif source is not Language.EN:
            yield from _left(_HANGUL if source is Language.KO else _HAN, segment)
        elif _CJK.search(segment.target):
            yield from _left_english(segment)
        else:
            yield from _all_english(item, segment)


def _copied_han(source: Language, segment: SegmentPair) -> Iterator[Finding]:
    variant = "traditional" if source is Language.ZH_TW else "simplified"
    if _same(segment) and only_in(variant).search(segment.target_prose):
        yield _finding(segment, _whole(segment))


def _left(script: re.Pattern[str], segment: SegmentPair) -> Iterator[Finding]:
    """Runs of the source's script that the source holds."""
    text = segment.target_prose
    found = [match for match in script.finditer(text) if match.group() not in _LABELS]
    if not found:
        return
    there = pieces(segment.source)
    runs = [match.span() for match in found if pieces(match.group()) <= there]
    if sum(end - start for start, end in runs) > _MOST * len(text.strip()):
        yield _finding(segment, (runs[0][0], runs[-1][1]))
        return
    for span in runs:
        if not _quoted(text, span, _QUOTED):
            yield _finding(segment, span)


def _left_english(segment: SegmentPair) -> Iterator[Finding]:
    text = segment.target_prose
    for match in _LATIN.finditer(text):
        run = match.group()
        if run.isupper() or english(run) < Sure.YES:
            continue
        if _quoted(text, match.span(), _QUOTED_ENGLISH):
            continue
        if any(word.islower() and len(word) > 1 for word in run.split()):
            yield _finding(segment, match.span(), hard=run.casefold() in segment.source.casefold())


def _all_english(item: ItemPair, segment: SegmentPair) -> Iterator[Finding]:
    sure = english(segment.target_prose)
    option = segment.segment.kind is FieldKind.OPTION
    if sure is Sure.YES:
        yield _finding(segment, _whole(segment))
    elif sure is Sure.PERHAPS:
        yield _finding(segment, _whole(segment), hard=option and _others_translated(item))
    elif option and _same(segment) and _NAME.fullmatch(segment.source) and _names_translated(item):
        yield _finding(segment, _whole(segment), hard=False)


def _others_translated(item: ItemPair) -> bool:
    return any(_CJK.search(other.target) for other in _options(item))


def _names_translated(item: ItemPair) -> bool:
    """Of the options that are names, any was translated."""
    names = (other for other in _options(item) if _NAME.fullmatch(other.source))
    return any(_CJK.search(other.target) for other in names if english(other.source) is Sure.NO)


def _options(item: ItemPair) -> Iterator[SegmentPair]:
    return (segment for segment in item.segments if segment.segment.kind is FieldKind.OPTION)


def _same(segment: SegmentPair) -> bool:
    return segment.unchanged or _folded(segment.target) == _folded(segment.source)


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _quoted(text: str, span: tuple[int, int], longest: int) -> bool:
    """Does it stand in brackets, or in quotation marks and is short?"""
    start, end = span
    before = text[max(0, start - _NEAR) : start]
    if _opened(before, *_BRACKETS):
        return True
    return end - start <= longest and (before[-1:] in ("'", '"') or _opened(before, *_QUOTES))


def _opened(before: str, opening: str, closing: str) -> bool:
    return max(map(before.rfind, opening)) > max(map(before.rfind, closing))


def _whole(segment: SegmentPair) -> tuple[int, int]:
    text = segment.target
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _finding(segment: SegmentPair, span: tuple[int, int], *, hard: bool = True) -> Finding:
    return segment.finding(
        "untranslated",
        Severity.CRITICAL if hard else Severity.MINOR,
        "Left in the source language." if hard else "Perhaps left in the source language.",
        hard=hard,
        target=span,
    )
