"""Which of the four languages a text is in, by its characters."""

from __future__ import annotations

import re

from glossary.language import Language

_HANGUL = re.compile("[\uac00-\ud7af]")
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_ENOUGH = 0.2
"""Share of a script's characters from which on the text is in its language: terms may be Latin."""


def language_of(text: str) -> Language | None:
    """The language; ``None`` where the characters do not tell, as in Chinese common to both."""
    hangul, han, latin = (len(script.findall(text)) for script in (_HANGUL, _HAN, _LATIN))
    letters = hangul + han + latin
    if not letters:
        return None
    if hangul >= _ENOUGH * letters:
        return Language.KO
    if han >= _ENOUGH * letters:
        return _chinese(text)
    return Language.EN


def _chinese(text: str) -> Language | None:
    import opencc

    simplified, traditional = (
        sum(
            one != other for one, other in zip(text, opencc.OpenCC(way).convert(text), strict=False)
        )
        for way in ("s2t", "t2s")
    )
    if simplified == traditional:
        return None
    return Language.ZH_CN if simplified > traditional else Language.ZH_TW
