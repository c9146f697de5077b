"""Chinese numerals written as words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from eval.checks.number_words import (
    HALF,
    LONGEST,
    SCALES,
    Word,
    discount,
    more_times,
    numeral,
    tenths,
)

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
    "晚夜罐碗盤盘碟壺壶桶筐籃篮束把串排堆群批份股筆笔團团塊块面扇堵口所幢間台部輯辑集齣出幕"
    "卷捲疊叠管枱尊具副餐頓顿趟遍回拍聲声折成打斤吋寸尺丈坪畝亩哩呎磅瓦伏噸升斗匙滴劑剂"
    "歲族國国州縣县省市鎮镇村街區区校院系科課课代樣样類类款版欄栏格邊边角側侧方"
    "胎手腳脚眼腿翼輪轮缸針针弦維维音節票分點点時时刻旬季期世下"
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
_MONTH = re.compile(r"月(?![球亮台臺光餅饼牙經经])")
_CLOCK = re.compile(r"[點点](?:半|鐘|钟|整|前|後|后|左右|[一二三四五六七八九十零]+分)")
_MINUS, _EQUALS = frozenset("負负"), frozenset("為为是於于")
_STOP = frozenset(("", *"。，；！？,;)）"))
_TO = re.compile(rf"[到至或~～\-–—、](?=([{_DIGIT}{_UNIT}]++)(.?))")
_VAGUE = frozenset("期拜几幾数數週周上点點")
"""What stands before a numeral of another meaning: 星期三, 數千, 上千, 三點五."""


def han_words(text: str) -> Iterator[Word]:
    """``三百二十``, ``二〇二四``, ``一亿二千万``, ``三点五``, ``七五折``, ``一半``."""
    for match in _NUMERAL.finditer(text):
        whole, start, end = match["whole"], match.start(), match.end()
        if whole is None:
            half = match.group() == "半"
            sure = half and text[start - 1 : start] == "一" and text[start - 2 : start] != "一一"
            yield Word(HALF if half else (Decimal(2),), start, end, sure)
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
    if text[match.end() : match.end() + 1] == "成":
        return (value, *tenths(value))
    if text[match.end() : match.end() + 1] == "刻":
        return (value, value * 15)
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
    if _MONTH.match(text, end) or _CLOCK.match(text, end):
        return True
    vague = before in _VAGUE and text[start - 2 : start] not in ("早上", "晚上")
    if vague or whole + after in _NOT_COUNTED:
        return False
    if before in _MINUS or (before in _EQUALS and after in _STOP):
        return True
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
    if before == "第" or after in _COUNTED or text[start - 2 : start] == "分之":
        return True
    link = _TO.match(text, end)
    return link is not None and link[2] != "" and link[2] in _COUNTED


def _is_range(whole: str) -> bool:
    """三四个 is three or four of them."""
    return len(whole) == 2 and _DIGITS.get(whole[1]) == _DIGITS.get(whole[0], 10) + 1
