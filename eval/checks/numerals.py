"""Numbers in a text, by value: digits with their scale words, and numerals written as words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from glossary.language import Language


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``[start, end)``; ``digits`` says that it was written with digits."""

    value: Decimal
    start: int
    end: int
    digits: bool


_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALES = {
    **dict.fromkeys("十拾십", Decimal(10)),
    **dict.fromkeys("百佰백", Decimal(100)),
    **dict.fromkeys("千仟천", Decimal(1000)),
    **dict.fromkeys("万萬만", Decimal(10**4)),
    **dict.fromkeys("亿億억", Decimal(10**8)),
    **dict.fromkeys("兆조", Decimal(10**12)),
}
_ENGLISH_SCALES = {
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
    "k": Decimal(1000),
}
_MYRIADS = "万萬만亿億억兆조"
_UNIT = "".join(_SCALES)
# 1億2千万, 3만 5천: numbers and scale words in a chain are one number.
_CHAIN = re.compile(
    rf"(?:(?:{_NUM})\s?[{_UNIT}]+\s?)+(?:(?:{_NUM})(?![\d.]|\s?[{_UNIT}%]))?|{_NUM}"
)
_LINK = re.compile(rf"(?P<number>{_NUM})\s?(?P<units>[{_UNIT}]*)")
_ENGLISH = re.compile(
    rf"(?<![\w.])(?P<number>{_NUM})(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion|k)\b"
    r"|\s?(?P<half>[ap])\.?m\b)?",
    re.IGNORECASE,
)
_WORDS = {
    word: Decimal(value)
    for value, words in {
        "0": "zero none",
        "0.5": "half",
        "1": "one once first january single",
        "2": "two twice second double february pair both",
        "3": "three third triple march thrice",
        "4": "four fourth quarter april quadruple",
        "5": "five fifth may",
        "6": "six sixth june",
        "7": "seven seventh july",
        "8": "eight eighth august",
        "9": "nine ninth september",
        "10": "ten tenth october decade",
        "11": "eleven eleventh november",
        "12": "twelve twelfth december dozen noon",
        "13": "thirteen",
        "14": "fourteen",
        "15": "fifteen",
        "16": "sixteen",
        "17": "seventeen",
        "18": "eighteen",
        "19": "nineteen",
        "20": "twenty",
        "30": "thirty",
        "40": "forty",
        "50": "fifty",
        "60": "sixty",
        "70": "seventy",
        "80": "eighty",
        "90": "ninety",
        "100": "hundred century",
        "1000": "thousand",
    }.items()
    for word in words.split()
}
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ENGLISH_WORD = re.compile(
    rf"\b(?:(?P<tens>{_TENS})[\s-](?P<ones>one|two|three|four|five|six|seven|eight|nine)"
    rf"|(?P<word>{'|'.join(_WORDS)})s?)\b",
    re.IGNORECASE,
)
_HAN_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("零〇○", "一壹", "二两兩贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_HAN_NUMERAL = re.compile(rf"[{''.join(_HAN_DIGITS)}{_UNIT}]+")
_SINO_KOREAN = dict(zip("영일이삼사오육칠팔구", range(10), strict=True)) | {"공": 0}
_KOREAN_NUMERAL = re.compile(rf"[{''.join(_SINO_KOREAN)}{_UNIT}]{{2,}}")
_KOREAN_NATIVE = {
    word: Decimal(value)
    for value, words in {
        1: "하나 한 첫",
        2: "둘 두",
        3: "셋 세",
        4: "넷 네",
        5: "다섯",
        6: "여섯",
        7: "일곱",
        8: "여덟",
        9: "아홉",
        10: "열",
        20: "스물 스무",
    }.items()
    for word in words.split()
}
_KOREAN_WORD = re.compile("|".join(sorted(_KOREAN_NATIVE, key=len, reverse=True)))


def numbers(text: str, language: Language) -> list[Number]:
    """All numbers of ``text``, full-width digits included, in order of their place."""
    folded = unicodedata.normalize("NFKC", text)
    if len(folded) != len(text):
        folded = text
    found = list(_english(folded) if language is Language.EN else _chains(folded))
    taken = [(number.start, number.end) for number in found]
    words = {Language.EN: _english_words, Language.KO: _korean_words}.get(language, _han_words)
    for number in words(folded):
        if not any(start < number.end and number.start < end for start, end in taken):
            found.append(number)
    return sorted(found, key=lambda number: number.start)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _chains(text: str) -> Iterator[Number]:
    for match in _CHAIN.finditer(text):
        total = section = Decimal(0)
        for link in _LINK.finditer(match.group()):
            value = _decimal(link["number"])
            if value is None:
                break
            for unit in link["units"]:
                value *= _SCALES[unit]
            if any(unit in _MYRIADS for unit in link["units"]):
                total, section = total + (section * _myriad(link["units"]) + value), Decimal(0)
            else:
                section += value
        else:
            yield Number(total + section, match.start(), match.end(), digits=True)


def _myriad(units: str) -> Decimal:
    product = Decimal(1)
    for unit in units:
        if unit in _MYRIADS:
            product *= _SCALES[unit]
    return product


def _english(text: str) -> Iterator[Number]:
    for match in _ENGLISH.finditer(text):
        value = _decimal(match["number"])
        if value is None:
            continue
        if match["scale"]:
            value *= _ENGLISH_SCALES[match["scale"].lower()]
        yield Number(value, match.start(), match.end(), digits=True)
        if (match["half"] or "").lower() == "p" and value < 12:
            yield Number(value + 12, match.start(), match.end(), digits=False)


def _english_words(text: str) -> Iterator[Number]:
    for match in _ENGLISH_WORD.finditer(text):
        if match["tens"]:
            value = _WORDS[match["tens"].lower()] + _WORDS[match["ones"].lower()]
        else:
            value = _WORDS[match["word"].lower()]
        yield Number(value, match.start(), match.end(), digits=False)


def _han_words(text: str) -> Iterator[Number]:
    for match in _HAN_NUMERAL.finditer(text):
        value = _numeral(match.group(), _HAN_DIGITS)
        if value is not None:
            yield Number(value, match.start(), match.end(), digits=False)


def _korean_words(text: str) -> Iterator[Number]:
    for match in _KOREAN_NUMERAL.finditer(text):
        value = _numeral(match.group(), _SINO_KOREAN)
        if value is not None:
            yield Number(value, match.start(), match.end(), digits=False)
    for match in _KOREAN_WORD.finditer(text):
        yield Number(_KOREAN_NATIVE[match.group()], match.start(), match.end(), digits=False)


def _numeral(text: str, digits: dict[str, int]) -> Decimal | None:
    """A numeral in characters: positional (二〇二四) or with scale words (三百二十)."""
    if all(char in digits for char in text):
        return Decimal("".join(str(digits[char]) for char in text))
    total = section = Decimal(0)
    digit: Decimal | None = None
    for char in text:
        if char in digits:
            digit = Decimal(digits[char])
        elif char in _MYRIADS:
            section += digit or Decimal(0)
            total = (total + section) * _SCALES[char] if section else total * _SCALES[char]
            section, digit = Decimal(0), None
        else:
            section += (Decimal(1) if digit is None else digit) * _SCALES[char]
            digit = None
    value = total + section + (digit or Decimal(0))
    return value or None
