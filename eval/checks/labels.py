"""Labels of options and statements (A, III, ②, 甲, ㄱ, (가)), and where they are referred to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise


class System(StrEnum):
    """A way of numbering."""

    LETTER = "letter"
    ROMAN = "roman"
    CIRCLED = "circled"
    STEM = "stem"
    JAMO = "jamo"
    SYLLABLE = "syllable"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Label:
    """The ``rank``-th label of its system, counted from 1, at ``[start, end)``."""

    system: System
    rank: int
    start: int
    end: int


_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
# Each begins with a character or a set of characters, which makes the search fast.
_LATIN = re.compile(r"[A-HIVXＡ-Ｈ](?<![A-Za-z0-9].)[IVX]{0,3}+(?![A-Za-z0-9]|\.[A-Za-z])")
_SIGNS = re.compile(
    r"[①-⑩Ⅰ-Ⅹㄱ-ㅎ甲乙丙丁戊己庚辛갑을병정(（〈]"
    r"(?:(?<=[①-⑩Ⅰ-Ⅹㄱ-ㅎ甲乙丙丁戊己庚辛])"
    r"|(?<=[갑을병정])(?<![가-힣].)(?=[\s,.、·과와은는이가의을를에만])"
    r"|(?<=[(（〈])[가나다라마바사아](?=[)）〉]))"
)
"""Signs of a row; Korean stems that stand alone; Korean syllables in brackets."""
_ORDERS = {
    System.CIRCLED: "①②③④⑤⑥⑦⑧⑨⑩",
    System.ROMAN: "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ",
    System.JAMO: "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    System.STEM: "甲乙丙丁戊己庚辛",
}
_KNOWN: dict[str, tuple[System, int]] = {
    **{sign: (system, n) for system, row in _ORDERS.items() for n, sign in enumerate(row, 1)},
    **{sign: (System.STEM, n) for n, sign in enumerate("갑을병정", 1)},
    **{sign: (System.SYLLABLE, n) for n, sign in enumerate("가나다라마바사아", 1)},
    **{sign: (System.LETTER, n) for n, sign in enumerate("ABCDEFGH", 1)},
    **{sign: (System.LETTER, n) for n, sign in enumerate("ＡＢＣＤＥＦＧＨ", 1)},
    **{sign: (System.ROMAN, n) for n, sign in enumerate(_ROMANS, 1)},
}
_NUMBERS = {
    **{str(n): n for n in range(1, 11)},
    **{sign: n for n, sign in enumerate("一二三四五六七八九十", 1)},
    **{sign: n for n, sign in enumerate("１２３４５６７８９", 1)},
}
_NUMBER = re.compile(r"(?<!\d)10|[1-9１-９](?![0-9０-９])|[一二三四五六七八九十]")
_JOINER = re.compile(
    r"[)）〉]?\s*(?:[,、，/·&;；]\s*(?:and|or|nor|및|또는|和|或)?|and|or|nor|和|與|与|或|及|跟|以及"
    r"|와|과|및|또는|혹은|이나|나)?\s*(?:not\s)?[(（〈]?"
)
_CUE_BEFORE = re.compile(
    r"(?:options?|choices?|answers?|statements?|only|neither|both|either|選項|选项|答案|敘述|叙述|陳述"
    r"|陈述|只有|僅|仅|選|选|선택지|보기|진술|명제)\s*[(（]?\Z",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(r"\s*(?:only\b|項|项|選項|选项|만(?![가-힣])|뿐|번)", re.IGNORECASE)
_SURE = (System.CIRCLED, System.JAMO, System.SYLLABLE)
_FEW = 16


def labels(text: str) -> list[Label]:
    """Everything that can be a label, in order."""
    found = [*_found(_LATIN, text)]
    if not text.isascii():
        found += _found(_SIGNS, text)
        found.sort(key=lambda label: label.start)
    return found


def _found(pattern: re.Pattern[str], text: str) -> Iterator[Label]:
    for match in pattern.finditer(text):
        sign = match.group().lstrip("(（〈")
        if sign in _KNOWN:
            system, rank = _KNOWN[sign]
            yield Label(system, rank, match.end() - len(sign), match.end())


def numbers_as_labels(text: str) -> set[int]:
    """Ranks that stand as numbers: a translation may write Statement I as 敘述一."""
    return {_NUMBERS[match.group()] for match in _NUMBER.finditer(text)}


def references(text: str, found: Sequence[Label]) -> list[Label]:
    """Those labels that refer to an option or a statement.

    They stand in a row ("A and C"), beside a word that says so ("option B", "I only"), alone, or
    are signs that are nothing else (②, ㄴ).
    """
    alone = len(found) == 1 and len(text.strip(" .。()（）")) == found[0].end - found[0].start
    rows = [_in_a_row(text, one, other) for one, other in pairwise(found)]
    return [
        label
        for label, joined, joins in zip(found, [False, *rows], [*rows, False], strict=False)
        if alone or joined or joins or label.system in _SURE or _cued(text, label)
    ]


def _cued(text: str, label: Label) -> bool:
    before = _CUE_BEFORE.search(text, max(0, label.start - _FEW), label.start)
    if before is None and _CUE_AFTER.match(text, label.end) is None:
        return False
    if text[label.start : label.end] != "I" or len(text) <= _FEW:
        return True
    # In a sentence, "only I" and "I only" are the pronoun.
    return before is not None and before[0].lower().startswith(("statement", "option"))


def _in_a_row(text: str, first: Label, second: Label) -> bool:
    between = text[first.end : second.start]
    return (
        first.system is second.system
        and first.rank != second.rank
        and len(between) <= _FEW
        and bool(between.strip() or first.system is not System.LETTER)
        and _JOINER.fullmatch(between) is not None
    )
