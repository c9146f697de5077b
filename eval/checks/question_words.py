"""Does a text ask? From the words of questions in four languages."""

from __future__ import annotations

import re
from functools import cache

from eval.checks.phrases import family, word_list
from glossary.language import Language

_QUESTION = re.compile(r"(?:[^.。!！?？]|[.](?!\s))*+[?？]\W*+")
_BLANK = " \t\r\n\u3000()（）_＿:：。"
"""What may follow a sentence that an option completes."""
_EMPHASIS = re.compile(
    r"\b(?:NOT|EXCEPT|EXCLUDING|LEAST|FALSE|UNTRUE|INCORRECT|INVALID|NEVER|CANNOT|WRONG|UNLIKELY)\b"
)


def is_stem(text: str, language: Language) -> bool:
    """Is it the question of an exam ("which of the following", 下列何者, …的是, "NOT")?"""
    if language is Language.EN and _EMPHASIS.search(text):
        return True
    if text.rstrip(_BLANK).endswith("的是"):
        return True
    return _pattern(language, ("stem",)).search(text) is not None


def is_question(text: str, language: Language) -> bool:
    """Is it one sentence that asks for something ("what", 何, 무엇), with a question mark?"""
    if not _QUESTION.fullmatch(text):
        return False
    return _pattern(language, ("open",)).search(text) is not None


def orders(text: str, language: Language) -> bool:
    """Does it hold an order that asks for an answer ("find", 求, 구하시오)?"""
    return _pattern(language, ("request",)).search(text) is not None


def asks(text: str, language: Language) -> bool:
    """Does it hold a word that asks?"""
    if _pattern(language, ("asks",)).search(text):
        return True
    return language is Language.EN and _pattern(language, ("first",)).search(text) is not None


@cache
def _pattern(language: Language, lists: tuple[str, ...]) -> re.Pattern[str]:
    entries = word_list("questions")[family(language)]
    words = [re.escape(word.replace("_", " ")) for name in lists for word in entries[name].split()]
    before = r"(?:\A|[.!?:;,\n\"“‘(])\s?" if "first" in lists else ""
    border = r"\b" if language is Language.EN else ""
    return re.compile(f"{before}{border}(?:{'|'.join(words)}){border}", re.IGNORECASE)
