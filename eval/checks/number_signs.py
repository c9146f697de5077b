"""Numbers that are signs of their own (½, ①, Ⅳ), powers of ten, and minus signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from eval.checks.number_words import Word

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
_SIGN = re.compile(
    r"\^\{?(?P<caret>[-−]?[0-9]{1,3}+)\}?|(?P<raised>⁻?[⁰¹²³⁴-⁹]{1,3})"
    r"|(?P<fraction>[¼-¾⅐-⅞])|(?P<single>[①-⒇Ⅰ-Ⅻⅰ-ⅻ])"
)
_BASE = re.compile(r"(?:(?<![0-9.,])(?P<factor>[0-9]{1,9}(?:\.[0-9]{1,9})?)\s?[x×·⋅*]\s?)?10\Z")
_WHOLE = re.compile(r"(?<![0-9.,])[0-9]{1,9}\s?\Z")
_EXPONENT = re.compile(
    r"(?<![A-Za-z0-9.])([0-9]{1,9}(?:\.[0-9]{1,9})?)[eE]([-+]?[0-9]{1,2})(?![0-9A-Za-z])"
)
_ROMAN = re.compile(r"[IVX]{2,5}+")
_ROMANS = {
    tens + ones: Decimal(value)
    for value, (tens, ones) in enumerate(
        (tens, ones)
        for tens in ("", "X")
        for ones in ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    )
    if len(tens + ones) > 1
}
_BEHIND = 24
"""Code points before a raised number that may hold the rest of a power of ten."""
_STROKE = "-−–"
_MONEY = frozenset("$€£¥₩")
_RANGE = re.compile(
    r"(?:[A-Za-z0-9_)%°\]]|[0-9一二三四五六七八九十百千萬万億亿]\s?[^\W0-9a-zA-Z]{0,4}|[0-9]\s)[-−–]\Z"
)
_MINUS = re.compile(
    r"(?:(?P<sure>negative\s|(?:零下|영하)\s?(?:攝氏|摄氏|華氏|华氏|섭씨|화씨)?\s?|(?<![0-9勝胜])(?<![0-9勝胜]\s)[负負]\s?|(?<![0-9])(?<![0-9]\s)마이너스\s?)"
    r"|(?:(?P<start>^|[,.:;(]\s?|(?<!\w)(?:is|to|of|at|was|by|be|equals|and|or|than|from"
    r"|[a-z]+ed|reads?|shows?|hits?|hit|about|around|nearly|almost|with|stands|falls|fell|dips)\s)|\s)"
    r"minus\s|마이너스\s?)\Z",
    re.IGNORECASE,
)
_BEFORE = frozenset("-−–eEsS下负負하스氏씨 ")
_AFTER = re.compile(r"[^.!?\n]{0,20}below (?:zero|freezing)", re.IGNORECASE)


def blanked_signs(text: str) -> tuple[str, list[Word]]:
    """The numbers of such signs, and the text with spaces in their place."""
    found = list(_romans(text))
    if "^" in text or not text.isascii():
        found += _signs(text)
    if "e" in text or "E" in text:
        found += _exponents(text)
    if not found:
        return text, found
    signs = list(text)
    for word in found:
        signs[word.start : word.end] = " " * (word.end - word.start)
    return "".join(signs), found


def _signs(text: str) -> Iterator[Word]:
    for match in _SIGN.finditer(text):
        start, end = match.span()
        before = text[max(0, start - _BEHIND) : start]
        if match["fraction"]:
            yield from _fraction(match.group(), before, start, end)
        elif match["single"]:
            value = Decimal(int(unicodedata.numeric(match["single"])))
            yield Word((value,), start, end, sure=match["single"] >= "①")
        elif base := _BASE.search(before):
            exponent = int((match["caret"] or match["raised"]).translate(_SUPERSCRIPTS))
            value = Decimal(base["factor"] or 1).scaleb(exponent)
            yield Word((value,), start - len(base.group()), end, sure=True)
        elif match["raised"] and before[-1:] in tuple("0123456789)"):
            value = abs(Decimal(match["raised"].translate(_SUPERSCRIPTS)))
            yield Word((value,), start, end, sure=True)


@cache
def _value(sign: str) -> Decimal:
    upper, lower = (Decimal(part or 1) for part in unicodedata.normalize("NFKC", sign).split("⁄"))
    return upper / lower if lower else Decimal(0)


def _fraction(sign: str, before: str, start: int, end: int) -> Iterator[Word]:
    """½ is 0.5 or 50 %; 2½ is 2.5, or 2 and a half."""
    part = _value(sign)
    whole = _WHOLE.search(before)
    if whole:
        value = Decimal(whole.group())
        yield Word((value + part, value), start - len(whole.group()), start, sure=True)
    yield Word((round(part, 6), round(part * 100, 4)), start, end, sure=whole is None)


def _exponents(text: str) -> Iterator[Word]:
    for match in _EXPONENT.finditer(text):
        yield Word((Decimal(match[1]).scaleb(int(match[2])),), *match.span(), sure=True)


def _romans(text: str) -> Iterator[Word]:
    for match in _ROMAN.finditer(text):
        value = _ROMANS.get(match.group())
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if value and not (around.isascii() and any(map(str.isalnum, around))):
            yield Word((value,), *match.span(), sure=False)


def is_negative(text: str, start: int, end: int) -> bool | None:
    """Is the number at ``[start, end)`` below zero? None where a stroke may be a range."""
    last = text[start - 1 : start]
    if last in _MONEY and text[start - 2 : start - 1] in tuple(_STROKE):
        start, last = start - 1, text[start - 2]
    if last in _BEFORE and last:
        before = text[max(0, start - 14) : start]
        if last in _STROKE:
            return None if _RANGE.search(before) else True
        if minus := _MINUS.search(before):
            return True if minus["sure"] or minus["start"] is not None else None
    return _AFTER.match(text, end) is not None
