"""Texts that come back well for the wrong reason: copies, and sentences known by heart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from eval.benchmarks.protect import protected_spans, without_protected
from glossary.language import Language, Pair

_COPIED_FROM = 0.3
"""Reached by at most 8 of 1,997 human translations, which keep names (NTREX); by more than 80 % of
texts of which the first half was left as it was."""
_WORD = re.compile(r"[A-Za-z]{3,}")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_WORDS_IN_A_ROW, _CHARACTERS_IN_A_ROW = 3, 4
_LONG_WORDS, _LONG_CHARACTERS = 12, 25
"""A sentence this long has many wordings; two people do not find the same one."""


def copied_share(
    source: str, target: str, pair: Pair, literals: Sequence[str] = ()
) -> float | None:
    """Share of the source's wording that stands in the translation letter by letter, 0 to 1.

    Wording is three words in a row (of three letters or more), or four characters in a row of
    Chinese or Korean; of a shorter text all of it. Between the Chinese languages it is the
    characters that only the source's script writes.

    Returns:
        ``None`` where the source has nothing to translate: formulas, code, shared characters.
    """
    prose = without_protected(source, protected_spans(source, literals))
    if pair.same_script_family:
        told = _only_here(prose, pair.source)
        there = _pieces(list(target), 1)
    else:
        told = _in_a_row(prose, pair.source)
        there = _in_a_row(target, pair.source, len(next(iter(told), ())))
    return len(told & there) / len(told) if told else None


def is_copied(source: str, target: str, pair: Pair, literals: Sequence[str] = ()) -> bool:
    """Was much of the source left as it was? It comes back perfectly, and that proves nothing.

    Copies are what made early round trips look good (arXiv 2209.07351).
    """
    share = copied_share(source, target, pair, literals)
    return share is not None and share >= _COPIED_FROM


def is_verbatim(source: str, back_translation: str) -> bool:
    """Did a long text come back word for word? Whoever wrote it may have known the source.

    Case, punctuation and spaces do not count.
    """
    folded = _folded(source)
    if folded != _folded(back_translation):
        return False
    words = len(re.findall(r"[A-Za-z]+", source))
    characters = len(_HAN.findall(source)) + len(_HANGUL.findall(source))
    return words >= _LONG_WORDS or characters >= _LONG_CHARACTERS


def _only_here(text: str, language: Language) -> set[tuple[str, ...]]:
    # Reads OpenCC's tables, which only runs between the Chinese languages need.
    from eval.checks.script import only_in

    variant = "traditional" if language is Language.ZH_TW else "simplified"
    return {(char,) for run in only_in(variant).findall(text) for char in run}


def _in_a_row(text: str, language: Language, length: int | None = None) -> set[tuple[str, ...]]:
    """Pieces of ``length`` neighbours; of a text with fewer its whole, unless ``length`` says."""
    if language is Language.EN:
        units, usual = _WORD.findall(text.lower()), _WORDS_IN_A_ROW
    else:
        script = _HANGUL if language is Language.KO else _HAN
        units, usual = script.findall(text), _CHARACTERS_IN_A_ROW
    return _pieces(units, length or min(usual, len(units)))


def _pieces(units: Sequence[str], size: int) -> set[tuple[str, ...]]:
    if not size:
        return set()
    return {tuple(units[at : at + size]) for at in range(len(units) - size + 1)}


def _folded(text: str) -> str:
    return "".join(
        char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum()
    )
