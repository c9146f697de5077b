"""Numbers, and what the readers of numerals in words share in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Word:
    """A numeral in words at ``[start, end)`` and the values that it may stand for.

    ``sure`` says that it counts something: not ``one`` or ``a``, not the 三 of 三明治.
    """

    readings: tuple[Decimal, ...]
    start: int
    end: int
    sure: bool


class Written(IntEnum):
    """How sure it is that a number is meant, and must be in the translation."""

    LOOSE = 0
    """It may be part of a word (一, half, March): it only explains a number on the other side."""
    WORD = 1
    """It counts something: ``three apples``, 三個."""
    DIGITS = 2


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``[start, end)``.

    It has several ``readings`` where the text alone does not decide: 3千米 is 3 km or 3,000 m,
    2 p.m. is 14 o'clock, 300K is 300 kelvin or 300,000. ``readings`` are without the sign;
    ``negative`` is None where a stroke before it may be a minus or a range.
    """

    readings: tuple[Decimal, ...]
    start: int
    end: int
    written: Written
    negative: bool | None = False
    half: str = ""
    """``am`` or ``pm`` where the text says it of an hour before twelve."""


def table(lines: dict[str, str]) -> dict[str, Decimal]:
    """Values by word, from words by value."""
    return {word: Decimal(value) for value, words in lines.items() for word in words.split()}


HALF = tuple(map(Decimal, ("0.5", "1", "2", "30", "50")))
"""What a half may be: 1/2, 50 %, 30 minutes."""
SCALES = {
    **dict.fromkeys("十拾십", Decimal(10)),
    **dict.fromkeys("百佰백", Decimal(100)),
    **dict.fromkeys("千仟천", Decimal(1000)),
    **dict.fromkeys("万萬만", Decimal(10**4)),
    **dict.fromkeys("亿億억", Decimal(10**8)),
    **dict.fromkeys("兆조", Decimal(10**12)),
}
LONGEST = 30
"""Longer runs of numerals are lists or noise."""


def discount(value: Decimal) -> tuple[Decimal, ...]:
    """What N折 says otherwise: 八折 is 80 % of the price or 20 % off, 七五折 is 75 %."""
    percent = value * 10 if value < 10 else value
    return (percent, 100 - percent, percent / 100)


def tenths(value: Decimal) -> tuple[Decimal, ...]:
    """三成 and 3할 are three tenths, 30 %."""
    return (value * 10, value / 10)


def more_times(value: Decimal, before: str) -> tuple[Decimal, ...]:
    """大三倍 is three times as large or, added to the first, four times."""
    return (
        (value, value + 1)
        if before and before in "多大高旧舊老重长長快贵貴厚深远遠宽寬"
        else (value,)
    )


def numeral(text: str, digits: dict[str, int]) -> Decimal | None:
    """A numeral in characters: positional (二〇二四) or with scale words (三百二十)."""
    if len(text) > LONGEST:
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
