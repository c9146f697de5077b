"""Korean numerals written as words: native (스물다섯) and Sino-Korean (이십오)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from eval.checks.number_words import HALF, SCALES, Word, numeral, table

_DIGITS = dict(zip("영일이삼사오육칠팔구", range(10), strict=True)) | {"공": 0}
_DIGIT, _UNIT = "".join(_DIGITS), "".join(char for char in SCALES if char >= "가")
_NUMERALS = rf"[{_DIGIT}{_UNIT}]"
_COUNTER = (
    r"(?:개|명|번|살|가지|시간|시|배|달|마리|권|장|대|채|사람|곳|차례|병|그루|송이|켤레|쌍|주"
    r"|자루|자리|갑|상자|병|잔|컵|그릇|접시|판|통|봉지|묶음|다발|줄|칸|쪽|페이지|장면|편|곡|척|량|채|필"
    r"|벌|켤레|짝|군데|방울|알|톨|쪽|조각|토막|겹|끼|살|해|달|밤|박|주|바퀴|발|걸음|모금|술|숟갈"
    r"|단계|등급|세대|세기|분기|학기|평|되|말|근|돈|냥|마일|인치|피트|톤|그램|리터|도|배|할|푼"
    r"|년|월|일|점|층|위|회|차|분|초|학년|원|달러|세|미터|킬로|퍼센트)"
)
_SINO = re.compile(
    rf"(?P<lower>{_NUMERALS}++)분의\s?(?P<upper>{_NUMERALS}++)"
    rf"|(?P<whole>{_NUMERALS}{{2,}}+(?:(?<=[만억조])\s{_NUMERALS}++)*+)(?P<counter>\s?{_COUNTER})?"
    rf"|(?<![가-힣])(?P<single>{_NUMERALS})\s?{_COUNTER}"
    r"|(?P<half>절?반)"
)
_TENS = table(
    {"10": "열", "20": "스물 스무", "30": "서른", "40": "마흔", "50": "쉰", "60": "예순"}
    | {"70": "일흔", "80": "여든", "90": "아흔"}
)
_ONES = table(
    {"1": "하나 한 첫", "2": "둘 두", "3": "셋 세", "4": "넷 네", "5": "다섯", "6": "여섯"}
    | {"7": "일곱", "8": "여덟", "9": "아홉"}
)
_DAYS = table(
    {"1": "하루", "2": "이틀 양측 양국 양쪽", "3": "사흘", "4": "나흘", "5": "닷새", "6": "엿새"}
    | {"8": "여드레", "9": "아흐레", "10": "열흘", "15": "보름"}
)
_NATIVE = re.compile(
    rf"(?P<days>{'|'.join(_DAYS)})"
    rf"|(?P<tens>{'|'.join(_TENS)})\s?(?P<more>{'|'.join(_ONES)})?|(?P<ones>{'|'.join(_ONES)})"
)
_BEHIND = re.compile(r"\s(?=[가-힣])|개|명|번|가지|살|시간|마리|사람")
_COUNTED = re.compile(rf"\s{_COUNTER}|개|명|번|가지|살|시간|마리|사람")
_LARGE = re.compile(rf"[{_DIGIT}]?[십백천]|[{_DIGIT}][만억조]")


def korean_words(text: str) -> Iterator[Word]:
    """``삼백이십``, ``일억 이천만``, ``삼분의 일``, ``스물다섯``, ``절반``."""
    for match in _SINO.finditer(text):
        if match["half"]:
            yield Word(HALF, *match.span(), sure=match["half"] == "절반")
        for group in ("lower", "upper", "whole", "single"):
            written = "".join((match[group] or "").split())
            # The last digit may be a particle or the word for day: 일억이다, 십일.
            shorter = written[:-1] if written[-1:] in _DIGITS else ""
            values = [numeral(each, _DIGITS) for each in (written, shorter) if each]
            readings = tuple(value for value in values if value is not None)
            if readings:
                counted = match["counter"] is not None and _LARGE.match(written) is not None
                yield Word(readings, *match.span(group), sure=counted and _alone(text, match))
    for match in _NATIVE.finditer(text):
        yield _native(text, match)


def _alone(text: str, match: re.Match[str]) -> bool:
    """No syllable of another word, and no digit (30세), stands before the numeral."""
    before = text[match.start() - 1 : match.start()]
    return not ("가" <= before <= "힣" or before.isdigit())


def _native(text: str, match: re.Match[str]) -> Word:
    """Sure where it is a word of its own before what it counts: 세 명, but not 세금 or 만세."""
    alone = _alone(text, match)
    if match["days"]:
        return Word((_DAYS[match["days"]],), *match.span(), sure=False)
    if match["ones"]:
        value = _ONES[match["ones"]]
        sure = alone and value > 1 and _BEHIND.match(text, match.end()) is not None
        return Word((value,), *match.span(), sure)
    tens = _TENS[match["tens"]]
    ones = _ONES.get(match["more"] or "", Decimal(0))
    # 배열 한 개 is not eleven: a syllable may belong to another word.
    sure = alone and _COUNTED.match(text, match.end()) is not None
    readings = (tens + ones,) if sure else (tens + ones, tens, ones or tens)
    return Word(readings, *match.span(), sure)
