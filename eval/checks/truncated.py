"""Truncation: the translation breaks off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.length import han_equivalents
from glossary.language import Language

_CLOSERS = "\"'“”‘’」』》〉)）]］】*_ \t\r\n\u3000"
_ENDS = ".?!。？！…．"
_COLONS = ":："
_COMMAS = ",，、;；"
_OPEN = "(（[［【「『《〈-–—/"
_UNFINISHED = {
    Language.EN: re.compile(
        r"\b(?:the|an?|of|and|or|to|in|with|for|by|from|that|which|is|are|was|were|because|but|as|if)\Z",
        re.IGNORECASE,
    ),
    Language.KO: re.compile(r"[\uac00-\ud7a3](?:을|를|의|에서|하고|하며|지만|는데|면서)\Z"),
}
_UNFINISHED_CHINESE = re.compile(
    r"(?:因為|因为|所以|而且|並且|并且|以及|如果|但是|[與与或把被將将從从於于為为並并及且])\Z"
)
_SENTENCE_END = re.compile(r"(?:[.!?](?=[\s\"'”’)]|\Z)|[。！？])[\"'”’」』)）]*\s*")
_SOME_LESS = 0.65
"""A translation that lost a sentence is at most this much of the source, in Han equivalents."""


def truncated(item: ItemPair) -> Iterator[Finding]:
    """A translation of a finished sentence is finished.

    Looks at texts whose source ends with the end of a sentence. Hard: the translation ends with an
    opening bracket, a dash or a word that must be followed by another (*the*, 與, 을); or it ends
    with a comma and has less than two thirds of the usual length. Soft: it ends without a mark or,
    at its full length, with a comma; or it has fewer sentences than the source and less than two
    thirds of the usual length.

    Known limits:

    - a text that is cut at the end of a sentence, and has lost little, is not seen;
    - options and headlines without a final mark are not judged.
    """
    for segment in item.segments:
        target = segment.target.rstrip(_CLOSERS)
        if segment.unchanged or not target:
            continue
        source = segment.source.rstrip(_CLOSERS)
        if source[-1:] not in _ENDS or len(source) < _LEAST:
            continue
        yield from _broken_off(segment, item.pair.target, target)


_LEAST = 15


def _broken_off(segment: SegmentPair, language: Language, target: str) -> Iterator[Finding]:
    if any(len(target) <= span.end for span in segment.target_spans):
        return  # ends in a formula or a blank
    last = target[-1]
    if last in _ENDS:
        yield from _fewer_sentences(segment)
        return
    if last in _COLONS:
        return
    unfinished = _UNFINISHED.get(language, _UNFINISHED_CHINESE).search(target)
    hard = last in _OPEN or unfinished is not None or (last in _COMMAS and _is_short(segment))
    start = unfinished.start() if unfinished else len(target) - 1
    yield segment.finding(
        "truncated",
        Severity.CRITICAL if hard else Severity.MINOR,
        "The translation breaks off." if hard else "The translation has no end mark.",
        hard=hard,
        target=(start, len(target)),
    )


def _fewer_sentences(segment: SegmentPair) -> Iterator[Finding]:
    wanted = len(_SENTENCE_END.findall(segment.source_prose))
    if wanted < 2 or len(_SENTENCE_END.findall(segment.target_prose)) >= wanted:
        return
    if _is_short(segment):
        yield segment.finding(
            "truncated",
            Severity.MAJOR,
            "The translation has fewer sentences than the source and is shorter than usual.",
            hard=False,
            target=(len(segment.target) - 1, len(segment.target)),
        )


def _is_short(segment: SegmentPair) -> bool:
    usual = han_equivalents(segment.source_prose)
    return han_equivalents(segment.target_prose) < _SOME_LESS * usual
