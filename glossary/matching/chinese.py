"""Chinese words: does a term stand in a text as words of its own, or across others?

大學生活 holds 大學 and 生活, not 學生. A segmenter with a dictionary of Simplified Chinese says
where words end; Traditional characters are turned into Simplified ones one for one before.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import rjieba

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
"""Han characters, to be put into a character class."""

_RUN = re.compile(f"[{HAN}]+")
# Terms of this length do not come about by chance across words.
_CERTAIN = 4
# Make another concept of what follows: 非線性, 半監督學習, 超參數.
_PREFIX = frozenset("非半超弱反偽伪逆亞亚準准擬拟")
# The same, but words of their own too (無資料, 自模型): only before a term that is long.
_PREFIX_OF_LONG = {"無": 4, "无": 4, "自": 3, "次": 3}
# May stand before a noun without making another word of it: 大學生 is a 學生.
_OPEN_PREFIX = frozenset(
    "大小女男老新旧总副微多单双全子母主高低前后各该本此每某其求设令取用对从在把将与和或为按以由"
)
# As the second part they make another concept of the first: 經濟學家, 社會主義.
_CLOSED_SUFFIX = frozenset(("学家", "主义", "学派", "学会", "学院", "学科", "学系", "化学"))
# Words of one character, so that one of them left over speaks for no other reading.
_SMALL = frozenset(
    "的了在中上下里内外前后与和是为及或也都不有对被把将时其该此这那个条种项从用以之"
    "裡內後與為對將時該這個條種項從"
)
_UNKNOWN, _INSIDE, _CUT = 0, 1, 2


def is_han(char: str) -> bool:
    """Is it a Han character?"""
    if "\u3400" <= char <= "\u9fff":
        return char <= "\u4dbf" or char >= "\u4e00"
    return "\U00020000" <= char <= "\U000323af" or char in "\u3005\u3007"


@cache
def _simplified() -> dict[int, str]:
    """Each Traditional character and its Simplified one."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    ranges = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
    pairs = ((code, converter.convert(chr(code))) for codes in ranges for code in codes)
    return {code: plain for code, plain in pairs if len(plain) == 1 and ord(plain) != code}


@cache
def _segmenter() -> rjieba.Jieba:
    import rjieba  # half a second, which only Chinese is to cost

    return rjieba.Jieba()


def _words(simplified: str) -> list[str]:
    # Without the hidden Markov model: it guesses words the dictionary lacks, and guesses badly.
    return _segmenter().cut(simplified, False) if simplified else []


def load() -> None:
    """Load the dictionary now (most of a second, 60 MB), so that no text has to wait for it."""
    _simplified()
    _words("大学")


class ChineseText:
    """A text whose words are looked up where they are asked for; made for one, then dropped."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._edges = bytearray(len(text) + 1)

    def stands(self, start: int, end: int, *, lenient: bool = False) -> bool:
        """Does a term of Han characters at this place keep to the words around it?

        Args:
            start: Where the term begins.
            end: Where it ends.
            lenient: Also admit a part of a longer word (資料 in 資料庫), for translations.
        """
        before = self._text[start - 1] if start else ""
        size = end - start
        if before in _PREFIX and size > 1:
            return False
        if before in _PREFIX_OF_LONG and size >= _PREFIX_OF_LONG[before]:
            return False
        if size >= _CERTAIN:
            return True
        edges, text = self._edges, self._text
        if edges[start] == _UNKNOWN:
            # Where no word of the dictionary crosses an edge, no segmentation does; that is the
            # usual case, and found out in a third of the time.
            if _is_free(text[max(start - 3, 0) : start], text[start : start + 3]) and _is_free(
                text[max(end - 3, 0) : end], text[end : end + 3]
            ):
                return True
            self._segment(start)
        if edges[start] == _CUT and edges[end] == _CUT:
            return True
        return size > 1 and self._admissible(start, end, lenient)

    def _segment(self, index: int) -> None:
        """Mark where words end in the run of Han characters around an index."""
        start = index
        while start and is_han(self._text[start - 1]):
            start -= 1
        run = _RUN.match(self._text, start)
        end = run.end() if run else start
        edges = self._edges
        edges[start : end + 1] = bytes((_INSIDE,)) * (end + 1 - start)
        at = start
        edges[at] = _CUT
        for word in _words(self._text[start:end].translate(_simplified())):
            at += len(word)
            edges[at] = _CUT

    def _admissible(self, start: int, end: int, lenient: bool) -> bool:
        """A term that cuts through words of the segmentation: may it be one all the same?"""
        edges, text = self._edges, self._text
        left, right = edges.rindex(_CUT, 0, start + 1), edges.index(_CUT, end)
        # One more word on either side, as far as the run goes.
        first = edges.rfind(_CUT, 0, left) if left and edges[left - 1] else left
        more = right + 1 < len(edges) and edges[right + 1]
        last = edges.find(_CUT, right + 1) if more else right
        before, after = _weight(text[first:start]), _weight(text[end:last])
        bound = (before[0] + 1 + after[0], before[1] + after[1])
        if bound <= self._weight(first, last):
            return True  # with the term as a word there are no more words, nor odd characters
        if edges.find(_CUT, start + 1, end) != -1:
            return False  # it begins in one word and ends in another
        return lenient or _is_part(text[left:start], text[end:right])

    def _weight(self, first: int, last: int) -> tuple[int, int]:
        """How many words the segmentation has here, and how many odd characters among them."""
        words = odd = 0
        at = first
        while at < last:
            end = self._edges.find(_CUT, at + 1)
            words += 1
            odd += end - at == 1 and self._text[at] not in _SMALL
            at = end
        return words, odd


@lru_cache(maxsize=65_536)
def _is_free(before: str, after: str) -> bool:
    """Does no word of the dictionary, of up to four characters, cross the edge between these?"""
    before, after = before.translate(_simplified()), after.translate(_simplified())
    has_word = _segmenter().has_word
    return not any(
        has_word(before[-left:] + after[:right])
        for left in range(1, len(before) + 1)
        for right in range(1, min(len(after), 4 - left) + 1)
    )


@lru_cache(maxsize=16_384)
def _weight(text: str) -> tuple[int, int]:
    """The same for a text by itself."""
    words = _words(text.translate(_simplified()))
    return len(words), sum(len(word) == 1 and word not in _SMALL for word in words)


@lru_cache(maxsize=16_384)
def _is_part(before: str, after: str) -> bool:
    """Is a term between these a word of a compound, rather than a piece of a longer word?"""
    if before and after:
        return False
    before, after = before.translate(_simplified()), after.translate(_simplified())
    if before:
        return before in _OPEN_PREFIX or (len(before) > 1 and _segmenter().has_word(before))
    return len(after) > 1 and after not in _CLOSED_SUFFIX and _segmenter().has_word(after)
