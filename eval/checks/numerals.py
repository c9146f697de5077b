"""Numbers in a text, by value: digits with their scale words, and numerals written as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Context, Decimal

from eval.checks.number_calendar import DAY, names
from eval.checks.number_clock import with_hours, with_parts
from eval.checks.number_english import english_words
from eval.checks.number_han import han_words
from eval.checks.number_korean import korean_words
from eval.checks.number_signs import blanked_signs, is_negative
from eval.checks.number_words import SCALES, Number, Written, discount, more_times, tenths
from glossary.language import Language

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_NUM = (
    r"(?:(?<![A-Za-z0-9_.])\.[0-9]++"
    r"|(?<![A-Za-z0-9_])(?<![0-9]\.)"
    r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])(?:\.[0-9]++)?|[0-9]++(?:\.[0-9]++)*+))"
)
_MYRIAD = Decimal(10**4)
_UNIT = "".join(SCALES)
_ODD = "[多余餘幾几여]?"
"""More than, within a number: 550多万, 30여만."""
# 1억2千만, 3만 5천, 3만5,000: numbers and scale words in a chain are one number.
_CHAIN = re.compile(
    rf"(?:{_NUM}\s?{_ODD}[{_UNIT}]{{1,6}}+\s?)++"
    rf"(?:(?:(?<!\s){_NUM}|(?<=\s)[0-9],?[0-9]{{3}})(?![0-9.]|\s?[{_UNIT}%]))?|{_NUM}"
)
_LINK = re.compile(rf"(?P<number>{_NUM})\s?(?:{_ODD}(?=[{_UNIT}]))?(?P<units>[{_UNIT}]*+)")
# A scale word that begins another word: 千克 (kilogram), 百分点, 만큼 (as much as), 조각 (piece).
_OTHER_WORD = {
    **dict.fromkeys("千", "米克瓦卡赫伏帕焦吨噸升字安欧歐"),
    **dict.fromkeys("百", "分货貨科帕"),
    **dict.fromkeys("万萬", "有圣聖一物位瓦赫帕伏焦像"),
    **dict.fromkeys("億亿", "位瓦赫帕"),
    **dict.fromkeys("兆", "比字赫帕瓦焦伏位歐欧"),
    **dict.fromkeys("만", "큼나들점족"),
    **dict.fromkeys("천", "안장체문연막사"),
    **dict.fromkeys("조", "각건직합사금"),
    **dict.fromkeys("백", "분"),
}
# 조 is 10^12 and the article of a law (헌법 제10조, 민법 4조, 5조 2항); 4인 1조 is a group of four.
_ARTICLE = re.compile(r"(?:제|법|령|규칙|규정|조례|협약|조약)\s?\Z")
_GROUP = re.compile(r"[0-9]인\s?\Z")
_PARAGRAPH = re.compile(r"\s?(?:제?\s?[0-9]+항|의\s?[0-9])")
_NUMBERED = re.compile(r"제\s?[0-9]+조")
_MONEY = re.compile(r"\s?(?:원|달러|엔|위안|유로|파운드)")
_CENTURY = re.compile(r"\s?(?:世紀|世纪|세기)\s?[0-9一二三四五六七八九]0?十?年[代대]")
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
_LOWER = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_TENTHS = frozenset(f"{word}s" for word in _LOWER) - {"quarters"}
_PARTED = re.compile(r"半|반|half|quarter|minute|差", re.IGNORECASE)
_RUN = re.compile(r"[0-9]++")
_CONTEXT = Context(prec=60, traps=[])
_LARGEST = 15
"""Power of ten up to which a fraction can be rounded; what is larger is no fraction."""
_WORDS = {Language.EN: english_words, Language.KO: korean_words}


def numbers(text: str, language: Language) -> list[Number]:
    """All numbers of ``text``, full-width digits included, in order of their place."""
    folded = text if text.isascii() else text.translate(_WIDTH)
    folded, signs = blanked_signs(folded)
    found = [
        Number(sign.readings, sign.start, sign.end, Written.DIGITS if sign.sure else Written.LOOSE)
        for sign in signs
    ]
    taken = bytearray(len(folded))
    if _RUN.search(folded):
        digits = list(_english(folded) if language is Language.EN else _chains(folded))
        for number in digits:
            taken[number.start : number.end] = b"\x01" * (number.end - number.start)
        found += digits
    for word in _WORDS.get(language, han_words)(folded):
        if not any(taken[word.start : word.end]):
            written = Written.WORD if word.sure else Written.LOOSE
            found.append(Number(word.readings, word.start, word.end, written))
    found = [
        replace(number, negative=sign)
        if number.written and (sign := is_negative(folded, number.start, number.end)) is not False
        else number
        for number in found
    ]
    found = _with_fractions(folded, sorted(found, key=lambda number: number.start))
    if _PARTED.search(folded):
        found = list(with_parts(folded, found))
    days = [name for name in names(text, language) if name.group == DAY] if found else []
    return list(with_hours(folded, found, days)) if days else found


def _with_fractions(text: str, found: list[Number]) -> list[Number]:
    """三分之二, 3분의 2, 2/3 and two-thirds are one number, 0.667 or 66.7 %.

    Of 五分之一 and 1/5 the 5 may be 0.2 or 20 % (one in five, 20 %).
    """
    merged: list[Number] = []
    for number in found:
        one = merged[-1] if merged else None
        upper, lower = _parts(text, one, number) if one else (None, None)
        if one is None or upper is None or lower is None or not lower.readings[0]:
            merged.append(number)
            continue
        part = _CONTEXT.divide(upper.readings[0], lower.readings[0])
        if part.adjusted() > _LARGEST:
            merged.append(number)
            continue
        readings = (round(part, 6), round(part * 100, 4))
        if upper.readings[0] == 1:
            written = max(lower.written, Written.WORD)
            fifth = replace(lower, readings=(*lower.readings, *readings), written=written)
            merged[-1:] = [fifth, number] if lower is one else [one, fifth]
        else:
            merged[-1] = replace(one, readings=readings, end=number.end, written=Written.DIGITS)
    return merged


def _parts(text: str, one: Number, two: Number) -> tuple[Number | None, Number | None]:
    """What stands above and below the line, if the two numbers are a fraction."""
    link = text[one.end : two.start].strip()
    if link in ("分之", "분의") and one.readings[0] != 100:
        return two, one
    if link == "/" and 1 < two.readings[0] <= 10:
        return one, two
    if one.written and link in ("-", ""):
        below = text[two.start : two.end].lower()
        known = below.removesuffix("s") in _LOWER
        if known and (link or below in _TENTHS or text.startswith(" of ", two.end)):
            return one, replace(two, readings=(Decimal(_LOWER[below.removesuffix("s")]),))
    return None, None


def _values(written: str) -> list[Decimal]:
    """``1,000.5`` is one value, ``2024.5.1`` and ``3.2.1`` are one for each part."""
    parts = written.split(".") if written.count(".") > 1 else [written.replace(",", "")]
    return [_CONTEXT.create_decimal(part) for part in parts if part]


def _plain(text: str, start: int, written: str) -> Iterator[Number]:
    """The full minutes of a clock time (``14:00``) need not be said again."""
    end = start + len(written)
    minutes = written == "00" and text[start - 1 : start] == ":"
    for value in _values(written):
        yield Number((value,), start, end, Written.LOOSE if minutes else Written.DIGITS)


def _at_digits(
    pattern: re.Pattern[str], text: str
) -> Iterator[tuple[re.Match[str] | None, re.Match[str]]]:
    """What the pattern matches at each run of digits, and the run."""
    place = 0
    while run := _RUN.search(text, place):
        start = run.start() - (text[run.start() - 1 : run.start()] == ".")
        match = pattern.match(text, start) or pattern.match(text, run.start())
        yield match, run
        place = match.end() if match else run.end()


def _glued(run: re.Match[str]) -> Number:
    """Digits behind a letter belong to a name or formula: WW1 may be the first, H2O hold two."""
    return Number((_CONTEXT.create_decimal(run.group()),), run.start(), run.end(), Written.LOOSE)


def _chains(text: str) -> Iterator[Number]:
    law = "제" in text and _NUMBERED.search(text) is not None
    for match, run in _at_digits(_CHAIN, text):
        if match is None:
            yield _glued(run)
            continue
        start, written = match.start(), match.group().rstrip()
        links = [(link["number"], link["units"]) for link in _LINK.finditer(written)]
        if len(links) == 1 and not links[0][1]:
            yield from (_in_context(text, number) for number in _plain(text, start, written))
            continue
        end = start + len(written)
        readings, written_as = [_sum(links)], Written.DIGITS
        last_number, last_units = links[-1]
        if last_units == "조" and len(links) == 1 and not _MONEY.match(text, end):
            readings, written_as = _articles(text, start, end, readings[0], law=law)
        if last_units and text[end : end + 1] in set(_OTHER_WORD.get(last_units[-1], "")):
            readings += [_sum([*links[:-1], (last_number, u)]) for u in {last_units[:-1], ""}]
        yield Number(tuple(readings), start, end, written_as)


def _articles(
    text: str, start: int, end: int, trillions: Decimal, *, law: bool
) -> tuple[list[Decimal], Written]:
    """What ``N조`` at ``[start, end)`` may be: 10^12 times a number, or the number of an article.

    ``law``: the text names an article elsewhere.
    """
    article = trillions.scaleb(-12, _CONTEXT)
    if _GROUP.search(text[max(0, start - 4) : start]):
        return [article], Written.LOOSE
    if _ARTICLE.search(text[max(0, start - 4) : start]) or _PARAGRAPH.match(text, end):
        return [article], Written.DIGITS
    return [trillions, article] if law else [trillions], Written.DIGITS


def _in_context(text: str, number: Number) -> Number:
    """8折 is 20 % off, and the 80 of 80年代 may be 1980."""
    (value,) = number.readings
    before, after = text[max(0, number.start - 1) : number.start], text[number.end : number.end + 3]
    more = discount(value) if after[:1] == "折" else ()
    if after[:1] in ("成", "할"):
        more = tenths(value)
    if after[:1] == "倍":
        more = more_times(value, before)[1:]
    if value < 100 and after.startswith(("年代", "년대")):
        more = (value + 1900,)
    elif _CENTURY.match(text, number.end) or (value == 10 and after[:1] == "대"):
        return replace(number, written=Written.LOOSE)
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
    for match, run in _at_digits(_ENGLISH, text):
        if match is None:
            yield _glued(run)
            continue
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
        yield Number(readings, match.start(), match.end(), Written.DIGITS)


def _clock(match: re.Match[str]) -> Iterator[Number]:
    """``2:30 p.m.``: the hour by both clocks, and the minutes unless they are 00."""
    hour, afternoon = Decimal(match["hour"]), match["half"].lower() == "p"
    other = hour + 12 if afternoon and hour < 12 else hour
    if not afternoon and hour == 12:
        other = Decimal(0)
    half = match["half"].lower() + "m" if hour < 12 else ""
    yield Number((hour, other), match.start(), match.end(), Written.DIGITS, half=half)
    if match["minute"]:
        start, end = match.span("minute")
        written = Written.LOOSE if match["minute"] == "00" else Written.DIGITS
        yield Number((Decimal(match["minute"]),), start, end, written)
