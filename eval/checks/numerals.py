"""Numbers in a text, by value: digits with their scale words, and numerals written as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Context, Decimal

from eval.checks.number_words import SCALES, discount, english_words, han_words, korean_words
from glossary.language import Language


@dataclass(frozen=True, slots=True)
class Number:
    """A number at ``[start, end)``; ``digits`` says that it was written with digits.

    It has several ``readings`` where the text alone does not decide: 3千米 is 3 km or 3,000 m,
    2 p.m. is 14 o'clock, 300K is 300 kelvin or 300,000.
    """

    readings: tuple[Decimal, ...]
    start: int
    end: int
    digits: bool


_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Digits behind a letter belong to a name or formula (H2O, F125, S_5): every language skips them.
_NUM = (
    r"(?:(?<![A-Za-z0-9_.])\.[0-9]++"
    r"|(?<![A-Za-z0-9_])(?<![0-9]\.)"
    r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])(?:\.[0-9]++)?|[0-9]++(?:\.[0-9]++)*+))"
)
_MYRIAD = Decimal(10**4)
_UNIT = "".join(SCALES)
# 1억2千万, 3만 5천, 3만5,000: numbers and scale words in a chain are one number.
_CHAIN = re.compile(
    rf"(?:{_NUM}\s?[{_UNIT}]{{1,6}}+\s?)++"
    rf"(?:(?:(?<!\s){_NUM}|(?<=\s)[0-9],?[0-9]{{3}})(?![0-9.]|\s?[{_UNIT}%]))?|{_NUM}"
)
_LINK = re.compile(rf"(?P<number>{_NUM})\s?(?P<units>[{_UNIT}]*+)")
# A scale word that begins another word: 千克 (kilogram), 百分点, 만큼 (as much as), 조각 (piece).
_OTHER_WORD = {
    **dict.fromkeys("千", "米克瓦卡赫伏帕焦吨噸升字安欧歐"),
    **dict.fromkeys("百", "分货貨科"),
    **dict.fromkeys("万萬", "有圣聖一物"),
    **dict.fromkeys("만", "큼나들점족"),
    **dict.fromkeys("천", "안장체문연막사"),
    **dict.fromkeys("조", "각건직합사금"),
    **dict.fromkeys("백", "분"),
}
_AFTERNOON = re.compile(r"(?:下午|午後|午后|晚上|晚間|晚间|傍晚|中午|오후|저녁|밤)\s?[約约]?\s?\Z")
_ENGLISH_SCALES = {
    "hundred": Decimal(100),
    **dict.fromkeys(("thousand", "k"), Decimal(1000)),
    **dict.fromkeys(("million", "m"), Decimal(10**6)),
    **dict.fromkeys(("billion", "bn", "b"), Decimal(10**9)),
    **dict.fromkeys(("trillion", "tn"), Decimal(10**12)),
}
_ENGLISH = re.compile(
    r"(?<![\w.:])(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s?(?P<half>[ap])\.?\s?m(?![a-z])"
    rf"|(?P<number>{_NUM})(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion)(?![a-z])"
    r"|(?P<short>[kmb]|\s?(?:bn|tn))(?![a-z])|(?P<decade>s)(?![a-z]))?",
    re.IGNORECASE,
)
_CONTEXT = Context(prec=60, traps=[])
_WORDS = {Language.EN: english_words, Language.KO: korean_words}


def numbers(text: str, language: Language) -> list[Number]:
    """All numbers of ``text``, full-width digits included, in order of their place."""
    folded = text.translate(_WIDTH)
    found = list(_english(folded) if language is Language.EN else _chains(folded))
    taken = bytearray(len(folded))
    for number in found:
        taken[number.start : number.end] = b"\x01" * (number.end - number.start)
    for readings, start, end in _WORDS.get(language, han_words)(folded):
        if not any(taken[start:end]):
            found.append(Number(readings, start, end, digits=False))
    return sorted(found, key=lambda number: number.start)


def _values(written: str) -> list[Decimal]:
    """``1,000.5`` is one value, ``2024.5.1`` and ``3.2.1`` are one for each part."""
    parts = written.split(".") if written.count(".") > 1 else [written.replace(",", "")]
    return [_CONTEXT.create_decimal(part) for part in parts if part]


def _plain(text: str, start: int, written: str) -> Iterator[Number]:
    """The full minutes of a clock time (``14:00``) need not be said again."""
    end = start + len(written)
    minutes = written == "00" and text[start - 1 : start] == ":"
    for value in _values(written):
        yield Number((value,), start, end, digits=not minutes)


def _chains(text: str) -> Iterator[Number]:
    for match in _CHAIN.finditer(text):
        start, written = match.start(), match.group().rstrip()
        links = [(link["number"], link["units"]) for link in _LINK.finditer(written)]
        if len(links) == 1 and not links[0][1]:
            yield from (_in_context(text, number) for number in _plain(text, start, written))
            continue
        end = start + len(written)
        readings = [_sum(links)]
        last_number, last_units = links[-1]
        if last_units and text[end : end + 1] in set(_OTHER_WORD.get(last_units[-1], "")):
            readings.append(_sum([*links[:-1], (last_number, last_units[:-1])]))
        yield Number(tuple(readings), start, end, digits=True)


def _in_context(text: str, number: Number) -> Number:
    """The afternoon hour 2 is 14 as well, and 8折 is 20 % off."""
    (value,) = number.readings
    more = discount(value) if text[number.end : number.end + 1] == "折" else ()
    if value < 12 and _AFTERNOON.search(text[max(0, number.start - 6) : number.start]):
        more = (*more, value + 12)
    return replace(number, readings=(value, *more))


def _sum(links: list[tuple[str, str]]) -> Decimal:
    total = section = Decimal(0)
    for number, units in links:
        value, myriads = sum(_values(number), Decimal(0)), Decimal(1)
        for unit in units:
            value = _CONTEXT.multiply(value, SCALES[unit])
            myriads *= SCALES[unit] if SCALES[unit] >= _MYRIAD else 1
        if myriads > 1:
            total, section = total + section * myriads + value, Decimal(0)
        else:
            section += value
    return total + section


def _english(text: str) -> Iterator[Number]:
    for match in _ENGLISH.finditer(text):
        if match["half"]:
            yield from _clock(match)
            continue
        plain = list(_plain(text, match.start(), match["number"]))
        scale = _ENGLISH_SCALES.get((match["scale"] or match["short"] or "").strip().lower())
        if scale is None or len(plain) > 1:
            decade = match["decade"] and len(match["number"]) == 4
            more = tuple(number.readings[0] % 100 for number in plain if decade)
            yield from (replace(number, readings=number.readings + more) for number in plain)
            continue
        (value,) = plain[0].readings
        scaled = _CONTEXT.multiply(value, scale)
        readings = (scaled,) if match["scale"] else (scaled, value)
        yield Number(readings, match.start(), match.end(), digits=True)


def _clock(match: re.Match[str]) -> Iterator[Number]:
    """``2:30 p.m.``: the hour by both clocks, and the minutes unless they are 00."""
    hour, afternoon = Decimal(match["hour"]), match["half"].lower() == "p"
    other = hour + 12 if afternoon and hour < 12 else hour
    if not afternoon and hour == 12:
        other = Decimal(0)
    yield Number((hour, other), match.start(), match.end(), digits=True)
    if match["minute"]:
        start, end = match.span("minute")
        yield Number((Decimal(match["minute"]),), start, end, digits=match["minute"] != "00")
