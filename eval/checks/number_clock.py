"""Times of the clock and halves: 2 p.m., 下午兩點, a quarter to six, one and a half."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from eval.checks.number_calendar import Name
from eval.checks.number_words import HALF, Number, Written

_HOUR = re.compile(r"\s?(?:[點点時时시:]|o.clock|[ap]\.?m)")
_TO_HOUR = re.compile(r"\s?[約约大概]{0,2}\s?")
_TO_DAY = re.compile(
    r"(?::[0-9]{2})?(?:\s(?:sharp|o.clock|[a-z]+))?,?\s(?:in the |at |on [A-Z][a-z]+ )?"
)
_HALF_BEHIND = re.compile(
    r"\sand\sa\shalf"
    r"|[^\W\da-zA-Z]{1,3}\s?(?:半(?!徑|径|島|岛|數|数|球)|반(?![가-힣]))"
)
_QUARTER_TO = re.compile(r"\s(?:to|before|till)\s", re.IGNORECASE)
_MINUTES_TO = re.compile(r"\sminutes?\s(?:to|before|till)\s")
_SHORT_OF = re.compile(r"[分刻]鐘?钟?\s?")
_TWELVE = Decimal(12)
_START = attrgetter("start")


def with_parts(text: str, found: list[Number]) -> Iterator[Number]:
    """One and a half is 1.5, 兩公升半 may be 2.5, a quarter to six is 5:45."""
    halved = -1
    for place, number in enumerate(found):
        value = number.readings[0]
        before = found[place - 1] if place else None
        after = found[place + 1] if place + 1 < len(found) else None
        if number.readings == HALF:
            yield replace(number, readings=_PART) if number.end == halved else number
        elif half := _HALF_BEHIND.match(text, number.end):
            halved = half.end()
            yield _and_half(number, sure=half.group().isascii())
        elif after and _is_to(text, number, after):
            minutes = Decimal(15) if "q" in text[number.start : number.end].lower() else value
            yield replace(number, readings=(60 - minutes, minutes))
        elif before and _is_to(text, before, number):
            spoken = text[before.start : before.end].isascii() and text[before.end] == " "
            hour = (value - 1 or _TWELVE) if value <= _TWELVE else value
            yield replace(number, readings=(hour,) if spoken else (value, hour))
        else:
            yield number


_PART = tuple(reading for reading in HALF if reading not in (1, 2))
"""A half behind a whole number."""


def _and_half(number: Number, *, sure: bool) -> Number:
    value = number.readings[0]
    if sure:
        return replace(number, readings=(value + HALF[0], value), written=Written.WORD)
    return replace(number, readings=(*number.readings, value + HALF[0]))


def _is_to(text: str, one: Number, two: Number) -> bool:
    """Does the one say how much is missing to the other, an hour?"""
    link = text[one.end : two.start]
    if link.isascii():
        quarter = text[one.start : one.end].lower() == "quarter"
        pattern = _QUARTER_TO if quarter else _MINUTES_TO
        return pattern.fullmatch(link) is not None
    return text[one.start - 1 : one.start] == "差" and _SHORT_OF.fullmatch(link) is not None


def with_hours(text: str, found: list[Number], days: list[Name]) -> Iterator[Number]:
    """The afternoon hour 2 is 14 as well, and so is the 2 of 下午一點到兩點."""
    afternoon = False
    for number in found:
        value = number.readings[0]
        half = number.half or _half_of_day(text, number, days)
        if half:
            afternoon = half == "pm"
        more: tuple[Decimal, ...] = ()
        if half == "am" and value == _TWELVE:
            more = (Decimal(0), Decimal(24))
        elif value < _TWELVE and (
            half == "pm" or (not half and afternoon and _HOUR.match(text, number.end))
        ):
            more = (value + 12,)
        yield replace(number, readings=(*number.readings, *more), half=half)


def _half_of_day(text: str, number: Number, days: list[Name]) -> str:
    """``am`` or ``pm`` of an hour, where the text says a part of the day beside it."""
    hour = number.readings[0]
    if not 0 < hour <= _TWELVE:
        return ""
    place = bisect_left(days, number.start, key=_START)
    for day in days[max(0, place - 1) : place + 2]:  # those right beside it
        if (
            _TO_HOUR.fullmatch(text, day.end, number.start)
            if day.end <= number.start
            else _TO_DAY.fullmatch(text, number.end, day.start)
        ):
            morning = int(hour) % 12
            if (morning in day.values) != (morning + 12 in day.values):
                return "am" if morning in day.values else "pm"
            if max(day.values) < _TWELVE:  # two in the morning
                return "am"
    return ""
