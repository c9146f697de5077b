"""Numbers are read by value in every language and every way of writing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.checks.number_words import Number, Written
from eval.checks.numerals import numbers
from glossary.language import Language

EN, TW, KO = Language.EN, Language.ZH_TW, Language.KO


def values(text: str, language: Language) -> list[str]:
    """Each number's readings as ``1|2``, in order; ``~`` before loose ones, ``w`` before words."""

    mark = {Written.DIGITS: "", Written.WORD: "w", Written.LOOSE: "~"}

    def shown(number: Number) -> str:
        readings = [f"{value.normalize():f}" for value in number.readings]
        return (
            mark[number.written]
            + ("-" if number.negative else "")
            + "|".join(dict.fromkeys(readings))
        )

    return [shown(number) for number in numbers(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35,000 or 35000", ["35000", "35000"]),
        ("1,234,567.89", ["1234567.89"]),
        (".05 and 0.05", ["0.05", "0.05"]),
        ("$.20", ["0.2"]),
        ("1, 2,3", ["1", "2", "3"]),
        ("1.5 million, 2.8bn", ["1500000", "2800000000|2.8"]),
        ("300 K but 300K", ["300", "300000|300"]),
        ("5 m, 5m", ["5", "5000000|5"]),
        ("version 3.2.1", ["3", "2", "1"]),
        ("H2O, x2, S_5, F125, CO2", ["~2", "~2", "~5", "~125", "~2"]),
        ("2nd 21st", ["2", "21"]),
        ("1990s", ["1990|90"]),
        ("at 2 p.m., 2:30pm, 12 a.m.", ["2|14", "2|14", "30", "12|0"]),
        ("at 14:00", ["14", "~0"]),
        ("7.55am", ["7", "55"]),
        ("twenty-five", ["w25"]),
        ("two hundred and fifty thousand", ["w250000"]),
        ("one hundred million two thousand five", ["w100002005"]),
        ("one two three", ["~1", "w2", "w3"]),
        ("nineteen eighty-four", ["w19", "w84"]),
        ("half a million", ["~500000"]),
        ("two dozen", ["w24"]),
        ("two decades", ["~20"]),
        ("a tenth, one quarter", ["~1", "w10|0.1", "~1", "~0.25|4|15|25"]),
        ("twenty-first, fifth", ["w21", "w5|0.2|20"]),
        ("March, Sept., October", ["~3", "~9", "w10"]),
        ("onerous bones often", []),
        ("-3, minus 4, 5-6, -7 degrees", ["-3", "-4", "5", "6", "-7"]),
        ("3 x 10^8, 10^-2, 1e5", ["300000000", "0.01", "100000"]),
        ("½ and 2½ and 5²", ["0.5|50", "2.5|2", "~0.5|50", "5", "2"]),
        ("1/5 of it, 3/5, two-thirds", ["1", "5|0.2|20", "0.6|60", "0.666667|66.6667"]),
        ("World War II, IV", ["~2", "~4"]),
    ],
)
def test_english(text: str, expected: list[str]) -> None:
    assert values(text, EN) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.5萬", ["35000"]),
        ("1億2千萬", ["120000000"]),
        ("3萬5,000", ["35000"]),
        ("150 萬", ["1500000"]),
        ("２０，０００", ["20000"]),
        ("3千米和3千人", ["3000|3", "3000"]),
        ("5百分", ["500|5"]),
        ("三百二十", ["~320"]),
        ("一百零五", ["~105"]),
        ("十五", ["~15"]),
        ("二〇二四年", ["w2024"]),
        ("一亿二千万", ["w120000000"]),
        ("一万亿", ["w1000000000000"]),
        ("三万五千亿", ["w3500000000000"]),
        ("兩千五百", ["w2500"]),
        ("百分之五十", ["~100", "w50"]),
        ("三点五", ["w3.5|3", "~5"]),
        ("七五折和8折", ["w75|25|0.75", "8|80|20|0.8"]),
        ("下午2點30分", ["2|14", "30"]),
        ("三明治和十分好", ["~3", "~10"]),
        ("三個和第四", ["w3", "w4"]),
        ("三四個", ["~34|3|4"]),
        ("零下三度，負5，−6", ["~0", "w-3", "-5", "-6"]),
        ("五分之一和五分之二", ["w5|0.2|20", "~1", "0.4|40"]),
        ("大三倍", ["w3|4"]),
        ("20世纪80年代", ["~20", "80|1980"]),
        ("4×10⁸，①", ["400000000", "1"]),
        ("一半", ["~1", "w0.5|1|2|30|50"]),
        ("H2O和A4", ["~2", "~4"]),
    ],
)
def test_chinese(text: str, expected: list[str]) -> None:
    assert values(text, TW) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3만 5천 원", ["35000"]),
        ("3만5,000원", ["35000"]),
        ("1억 2천만 명", ["120000000"]),
        ("3만큼", ["30000|3"]),
        ("8조각", ["8000000000000|8"]),
        ("100 조각", ["100000000000000|100"]),
        ("오후 2시", ["2|14"]),
        ("삼백이십", ["~320"]),
        ("십일", ["~11|10"]),
        ("일억 이천만", ["~120000000"]),
        ("오분의 일", ["w5|0.2|20", "~1"]),
        ("스물다섯", ["~25|20|5"]),
        ("영하 3도", ["-3"]),
        ("세 명, 세금, 만세", ["w3", "~3", "~3"]),
        ("나흘", ["~4"]),
        ("2024.5.1", ["2024", "5", "1"]),
    ],
)
def test_korean(text: str, expected: list[str]) -> None:
    found = values(text, KO)
    as_sets = [set(number.lstrip("~w").split("|")) for number in found]
    assert as_sets == [set(number.lstrip("~w").split("|")) for number in expected]
    assert [number[0] in "~w" for number in found] == [number[0] in "~w" for number in expected]


@pytest.mark.parametrize(
    ("one", "two", "language"),
    [
        ("10万", "一万", TW),
        ("1.5 million", "15 million", EN),
        ("1986", "1968", EN),
        ("12", "21", KO),
        ("3만 5천", "3만 5백", KO),
        ("三分之一", "四分之一", TW),
        ("一億二千萬", "一億二千", TW),
        ("twenty-five", "twenty", EN),
        ("3.5萬", "3.5", TW),
    ],
)
def test_different_numbers_stay_different(one: str, two: str, language: Language) -> None:
    def readings(text: str) -> set[Decimal]:
        return {value for number in numbers(text, language) for value in number.readings}

    assert readings(one) != readings(two)


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "1" + "万" * 100_000, "兆" * 100_000, "9" * 50 + "億"]
)
def test_absurd_numbers_are_numbers_or_none(text: str) -> None:
    for language in Language:
        numbers(text, language)
        assert numbers(text, language) == numbers(text, language)


@given(
    st.text(
        alphabet="0123456789.,: 十百千万萬億만천억일이삼点折half one twenty-dozen%kmbnpM",
        max_size=30,
    )
)
def test_numbers_are_in_order_inside_the_text(text: str) -> None:
    for language in Language:
        found = numbers(text, language)
        assert [number.start for number in found] == sorted(number.start for number in found)
        for number in found:
            assert number.readings
            assert 0 <= number.start < number.end <= len(text)
            written = text[number.start : number.end]
            assert written == written.strip()
