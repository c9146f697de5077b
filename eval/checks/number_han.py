"""Chinese numerals written as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from eval.checks.number_words import HALF, LONGEST, SCALES, Word, discount, more_times, numeral

_DIGITS = {
    char: value
    for value, chars in enumerate(
        ("零〇○", "一壹", "二两兩贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_DIGIT, _UNIT = "".join(_DIGITS), "".join(char for char in SCALES if char < "가")
_NUMERAL = re.compile(
    rf"(?P<whole>[{_DIGIT}{_UNIT}]++)(?=[点點](?P<part>[{_DIGIT}]++))?|[半雙双倆俩]"
)
_COUNTED = frozenset(
    "個个名位次倍天年歲岁人隻只張张本條条件場场週周日月號号項项顆颗枚輛辆架艘座棟栋層层樓楼"
    "分小秒元塊块美英公千平碼码磅噸吨克米里度億萬亿万局屆届輪轮支枝塊瓶杯盒箱袋包頁页章"
    "句字行列組组班級级種种處处家間间所門门階阶節节代胞箭"
    "冊册匹頭头尾棵株朵盞盏幅封篇首台臺件套雙對对戶户題题根粒滴片"
)
"""What stands behind a numeral that counts. 分 and 人 are units too: 三分, 四人."""
_WORD_OF_ITS_OWN = frozenset("三四五六七八九十两兩")
_NOT_COUNTED = frozenset(("十分", "十字", "四处", "四處"))
_THOUSANDS = frozenset("米克瓦卡焦赫伏帕噸吨")
"""千米 is a unit: 一千米 may be one kilometre."""
_KINDS = frozenset(("人賽", "人赛", "人組", "人组", "人制", "人行", "人戰", "人战"))
_LARGE = frozenset("百萬万億亿")
"""五十萬 is a number whatever it counts."""
_VEHICLE = re.compile(r"[輪轮](?:車|车|自行|腳踏|脚踏|摩托|機車|机车)")
_VAGUE = frozenset("期拜几幾数數週周上成点點")
"""What stands before a numeral of another meaning: 星期三, 數千, 上千, 三點五."""


def han_words(text: str) -> Iterator[Word]:
    """``三百二十``, ``二〇二四``, ``一亿二千万``, ``三点五``, ``七五折``, ``一半``."""
    for match in _NUMERAL.finditer(text):
        whole, start, end = match["whole"], match.start(), match.end()
        if whole is None:
            readings = HALF if match.group() == "半" else (Decimal(2),)
            yield Word(readings, start, end, sure=False)
            continue
        value = numeral(whole, _DIGITS)
        if value is None:
            continue
        yield Word(_readings(text, match, value), start, end, sure=_sure(text, whole, start, end))


def _readings(text: str, match: re.Match[str], value: Decimal) -> tuple[Decimal, ...]:
    if match["part"]:
        digits = "".join(str(_DIGITS[char]) for char in match["part"][:LONGEST])
        return (Decimal(f"{value:f}.{digits}"), value)
    if text[match.end() : match.end() + 1] == "折":
        return (value, *discount(value))
    whole = match["whole"]
    if text[match.end() : match.end() + 1] == "倍":
        return more_times(value, text[match.start() - 1 : match.start()])
    if len(whole) > 1 and whole[-1] == "千" and text[match.end() : match.end() + 1] in _THOUSANDS:
        return (value, numeral(whole[:-1], _DIGITS) or value)
    if _is_range(whole):
        return (value, Decimal(_DIGITS[whole[0]]), Decimal(_DIGITS[whole[1]]))
    return (value,)


def _sure(text: str, whole: str, start: int, end: int) -> bool:
    """Does it count something (三個, 十五年, 第三), rather than belong to a word (三明治, 十分)?"""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in _VAGUE or whole + after in _NOT_COUNTED:
        return False
    if (
        (len(whole) == 1 and whole not in _WORD_OF_ITS_OWN)
        or _is_range(whole)
        or set(whole) == {"一"}
    ):
        return False
    if whole[-1] == "千" and after in _THOUSANDS:
        return False
    if whole[0] in _UNIT and whole[0] != "十":
        return False
    if text[end : end + 2] in _KINDS or _VEHICLE.match(text, end):
        return False
    if whole[0] in _DIGITS and len(whole) > 1 and whole[-1] in _LARGE:
        return True
    return before == "第" or after in _COUNTED or text[start - 2 : start] == "分之"


def _is_range(whole: str) -> bool:
    """三四个 is three or four of them."""
    return len(whole) == 2 and _DIGITS.get(whole[1]) == _DIGITS.get(whole[0], 10) + 1
