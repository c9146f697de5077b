"""Numerals written as words: English, Chinese and Korean.

Every function yields ``(readings, start, end)``: the values that the words may stand for, and the
range of code points that holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

Words = tuple[tuple[Decimal, ...], int, int]


def _table(lines: dict[str, str]) -> dict[str, Decimal]:
    return {word: Decimal(value) for value, words in lines.items() for word in words.split()}


_CARDINALS = _table(
    {
        "0": "zero",
        "1": "one first",
        "2": "two second",
        "3": "three third",
        "4": "four fourth",
        "5": "five fifth",
        "6": "six sixth",
        "7": "seven seventh",
        "8": "eight eighth",
        "9": "nine ninth",
        "10": "ten tenth",
        "11": "eleven eleventh",
        "12": "twelve twelfth",
        "13": "thirteen thirteenth",
        "14": "fourteen fourteenth",
        "15": "fifteen fifteenth",
        "16": "sixteen sixteenth",
        "17": "seventeen seventeenth",
        "18": "eighteen eighteenth",
        "19": "nineteen nineteenth",
        "20": "twenty twentieth",
        "30": "thirty thirtieth",
        "40": "forty",
        "50": "fifty",
        "60": "sixty",
        "70": "seventy",
        "80": "eighty",
        "90": "ninety",
    }
)
_MULTIPLIERS = _table(
    {
        "10": "decade",
        "12": "dozen",
        "100": "hundred",
        "1000": "thousand",
        "1000000": "million",
        "1000000000": "billion",
        "1000000000000": "trillion",
    }
)
_HALF = (Decimal("0.5"), Decimal(1), Decimal(2))
_OTHER_ENGLISH: dict[str, tuple[Decimal, ...]] = {
    "half": _HALF,
    "quarter": (Decimal("0.25"), Decimal(1), Decimal(4), Decimal(15)),
    "midnight": (Decimal(0), Decimal(12), Decimal(24)),
    **{
        word: (value,)
        for word, value in _table(
            {
                "0": "none",
                "1": "a an once single january jan",
                "2": "twice double pair couple both february feb",
                "3": "triple thrice march mar",
                "4": "quadruple april apr",
                "5": "may",
                "6": "june jun",
                "7": "july jul",
                "8": "august aug",
                "9": "september sept sep",
                "10": "october oct",
                "11": "november nov",
                "12": "december dec noon",
                "100": "century",
            }
        ).items()
    },
}
_ENGLISH_WORD = re.compile(
    r"(?<![A-Za-z])(?:"
    r"half[\s-](?:an?\s)?(?P<halved>dozen|hundred|thousand|million|billion|trillion)"
    rf"|(?P<cardinal>{'|'.join([*_CARDINALS, *_MULTIPLIERS])})s?"
    rf"|(?P<other>{'|'.join(_OTHER_ENGLISH)})s?)(?![A-Za-z])",
    re.IGNORECASE,
)
_JOINT = re.compile(r"[\s-]{1,3}(?:and\s{1,3})?", re.IGNORECASE)
_ANYTHING = Decimal(10**15)


def english_words(text: str) -> Iterator[Words]:
    """``twenty-five``, ``two hundred and fifty thousand``, ``half a million``, ``twice``."""
    run: list[tuple[str, int, int]] = []
    for match in _ENGLISH_WORD.finditer(text):
        joint = run and _JOINT.fullmatch(text, run[-1][2], match.start())
        if run and not (joint and match["cardinal"]):
            yield from _composed(run)
            run = []
        if match["cardinal"]:
            run.append((match["cardinal"].lower(), match.start(), match.end()))
        elif match["halved"]:
            value = _MULTIPLIERS[match["halved"].lower()] / 2
            yield (value,), match.start(), match.end()
        else:
            yield _OTHER_ENGLISH[match["other"].lower()], match.start(), match.end()
    yield from _composed(run)


def _composed(run: list[tuple[str, int, int]]) -> Iterator[Words]:
    """Numbers of a run of words: ``one hundred two`` is one number, ``one two`` are two."""
    total = section = Decimal(0)
    room, begun = _ANYTHING, 0
    for place, (word, _, _) in enumerate(run):
        scale = _MULTIPLIERS.get(word)
        value = _CARDINALS.get(word, Decimal(0))
        fits = value < room if scale is None else section < scale and (total == 0 or section > 0)
        if place > begun and not fits:
            yield _readings(total + section, run[begun:place]), run[begun][1], run[place - 1][2]
            total = section = Decimal(0)
            room, begun = _ANYTHING, place
        if scale is None:
            section += value
            room = Decimal(10) if value >= 20 else Decimal(0)
        elif scale < 1000:
            section, room = max(section, Decimal(1)) * scale, scale
        else:
            total, section, room = total + max(section, Decimal(1)) * scale, Decimal(0), scale
    if run:
        yield _readings(total + section, run[begun:]), run[begun][1], run[-1][2]


def _readings(value: Decimal, words: list[tuple[str, int, int]]) -> tuple[Decimal, ...]:
    """An ordinal from the third on may be the lower part of a fraction: a third is 1/3."""
    ordinal = words[-1][0].endswith(("rd", "th")) and words[-1][0] not in _MULTIPLIERS
    return (value, Decimal(1)) if ordinal else (value,)


SCALES = {
    **dict.fromkeys("十拾십", Decimal(10)),
    **dict.fromkeys("百佰백", Decimal(100)),
    **dict.fromkeys("千仟천", Decimal(1000)),
    **dict.fromkeys("万萬만", Decimal(10**4)),
    **dict.fromkeys("亿億억", Decimal(10**8)),
    **dict.fromkeys("兆조", Decimal(10**12)),
}
_HAN_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("零〇○", "一壹", "二两兩贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_SINO_KOREAN = dict(zip("영일이삼사오육칠팔구", range(10), strict=True)) | {"공": 0}
_HAN_DIGIT, _HAN_UNIT = "".join(_HAN_DIGITS), "".join(char for char in SCALES if char < "가")
_KOREAN_DIGIT, _KOREAN_UNIT = "".join(_SINO_KOREAN), "".join(c for c in SCALES if c >= "가")
_HAN_NUMERAL = re.compile(
    rf"(?P<whole>[{_HAN_DIGIT}{_HAN_UNIT}]++)(?=[点點](?P<part>[{_HAN_DIGIT}]++))?|半"
)
_KOREAN = rf"[{_KOREAN_DIGIT}{_KOREAN_UNIT}]"
_KOREAN_NUMERAL = re.compile(
    rf"(?P<lower>{_KOREAN}++)분의\s?(?P<upper>{_KOREAN}++)"
    rf"|(?P<whole>{_KOREAN}{{2,}}+(?:(?<=[만억조])\s{_KOREAN}++)*+)|(?P<half>절?반)"
)
_NATIVE_TENS = _table(
    {"10": "열", "20": "스물 스무", "30": "서른", "40": "마흔", "50": "쉰", "60": "예순"}
    | {"70": "일흔", "80": "여든", "90": "아흔"}
)
_NATIVE_ONES = _table(
    {"1": "하나 한 첫", "2": "둘 두", "3": "셋 세", "4": "넷 네", "5": "다섯", "6": "여섯"}
    | {"7": "일곱", "8": "여덟", "9": "아홉"}
)
_NATIVE = re.compile(
    rf"(?P<tens>{'|'.join(_NATIVE_TENS)})\s?(?P<more>{'|'.join(_NATIVE_ONES)})?"
    rf"|(?P<ones>{'|'.join(_NATIVE_ONES)})"
)
_LONGEST = 30
"""Longer runs of numerals are lists or noise."""


def han_words(text: str) -> Iterator[Words]:
    """``三百二十``, ``二〇二四``, ``一亿二千万``, ``三点五``, ``七五折``, ``一半``."""
    for match in _HAN_NUMERAL.finditer(text):
        value = _numeral(match["whole"], _HAN_DIGITS) if match["whole"] else None
        if value is not None:
            readings: tuple[Decimal, ...] = (value,)
            if match["part"]:
                digits = "".join(str(_HAN_DIGITS[char]) for char in match["part"][:_LONGEST])
                readings = (Decimal(f"{value:f}.{digits}"), value)
            if text[match.end() : match.end() + 1] == "折":
                readings = (value, *discount(value))
            yield readings, match.start(), match.end()
        elif match.group() == "半":
            yield _HALF, match.start(), match.end()


def korean_words(text: str) -> Iterator[Words]:
    """``삼백이십``, ``일억 이천만``, ``삼분의 일``, ``스물다섯``, ``절반``."""
    for match in _KOREAN_NUMERAL.finditer(text):
        if match["half"]:
            yield _HALF, match.start(), match.end()
        for group in ("lower", "upper", "whole"):
            written = "".join((match[group] or "").split())
            # The last digit may be a particle or the word for day: 일억이다, 십일.
            shorter = written[:-1] if written[-1:] in _SINO_KOREAN else ""
            values = [_numeral(each, _SINO_KOREAN) for each in (written, shorter) if each]
            readings = tuple(value for value in values if value is not None)
            if readings:
                yield readings, match.start(group), match.end(group)
    for match in _NATIVE.finditer(text):
        if match["ones"]:
            yield (_NATIVE_ONES[match["ones"]],), match.start(), match.end()
            continue
        tens = _NATIVE_TENS[match["tens"]]
        ones = _NATIVE_ONES.get(match["more"] or "", Decimal(0))
        # 배열 한 개 is not eleven: a syllable may belong to another word.
        yield tuple({tens + ones, tens, ones or tens}), match.start(), match.end()


def discount(value: Decimal) -> tuple[Decimal, ...]:
    """What N折 says otherwise: 八折 is 80 % of the price or 20 % off, 七五折 is 75 %."""
    percent = value * 10 if value < 10 else value
    return (percent, 100 - percent, percent / 100)


def _numeral(text: str, digits: dict[str, int]) -> Decimal | None:
    """A numeral in characters: positional (二〇二四) or with scale words (三百二十)."""
    if len(text) > _LONGEST:
        return None
    if all(char in digits for char in text):
        return Decimal("".join(str(digits[char]) for char in text))
    total = section = Decimal(0)
    digit: Decimal | None = None
    last = Decimal(0)
    for char in text:
        scale = SCALES.get(char)
        if scale is None:
            digit = Decimal(digits[char])
        elif scale < 10**4:
            section += (Decimal(1) if digit is None else digit) * scale
            digit = None
        else:
            section += digit or 0
            # 一亿二千万 adds the smaller scale, 一万亿 multiplies by the larger.
            total = (total + section) * scale if 0 < last < scale else total + section * scale
            section, digit, last = Decimal(0), None, scale
    value = total + section + (digit or 0)
    return value or None
