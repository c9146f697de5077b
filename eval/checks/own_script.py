"""Texts without a word in their language's script: another language, or letters without sense."""

from __future__ import annotations

import re

from eval.checks.base import ItemPair, SegmentPair
from eval.checks.english import Sure, english
from glossary.language import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_OWN = {Language.ZH_TW: _HAN, Language.ZH_CN: _HAN, Language.KO: _HANGUL}
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]{3,}+")
_SMALL = re.compile(r"(?<![A-Za-z])[a-z]{2,}+")
_NAME = 4
"""Characters of a Chinese or Korean name, which may be written in Latin letters."""
_FEW_WORDS = 3
"""Of English: "for all n" may become a formula."""


def words_of_another(item: ItemPair, segment: SegmentPair) -> tuple[int, int] | None:
    """The whole target if its words are Latin ones that the source does not have.

    ``None`` too where the source's words may well stand so in the target's language: a name, a unit
    (公里 is km), a formula. English that was left as it was is not meant: it is in the source.
    """
    text, own = segment.target_prose, _OWN.get(item.pair.target)
    if own is None or own.search(text):
        return None
    there = segment.source.casefold()
    found = sum(word.casefold() not in there for word in _LATIN.findall(text))
    if not found or not _has_words(item, segment, found):
        return None
    return len(text) - len(text.lstrip()), len(text.rstrip())


def _has_words(item: ItemPair, segment: SegmentPair, latin: int) -> bool:
    """Would the source's words be written in the target's script?"""
    source = _OWN.get(item.pair.source)
    if source is None:
        few = _FEW_WORDS
        return latin >= few and len(_SMALL.findall(segment.source_prose)) > few
    characters = len(source.findall(segment.source_prose))
    if item.pair.same_script_family:
        return characters > 0
    named = characters <= _NAME or latin < 2
    return characters > 0 and (not named or english(segment.target_prose) is Sure.YES)
