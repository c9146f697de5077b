"""Does a form that was found in a text stand there as a word, or inside another one?"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from glossary.matching.chinese import HAN, ChineseText, is_han
from glossary.matching.korean import attached_before, noun_stands, verb_stands
from glossary.matching.normalize import Folded
from glossary.matching.particles import following

_ALPHABETS = (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xAA, 0x530))
WORD = frozenset({"_", *(chr(code) for code in _ALPHABETS if chr(code).isalnum())})
"""Letters and digits of alphabets: next to one, a term in an alphabet is part of a longer word."""

_JOINTS = frozenset("'.,-+#@\\")
_HAN_RUN = re.compile(f"[{HAN}]+")
_CHAIN = re.compile(r"[0-9A-Za-z_-]*")
_LONGEST_CHAIN = 40
# Inside a compound with hyphens they make it one: state-of-the-art.
_LINKING = "a and as at by for from in is of off on or out the to up with"
_LINKS = frozenset(_LINKING.split())
# Make another concept of what follows a hyphen: semi-supervised.
_PREFIXING = (
    "anti co de dis ex hyper meta mis non over post pre pseudo quasi re self semi sub super "
    "un under"
)
_PREFIXES = frozenset(_PREFIXING.split())


class Bounds(Enum):
    """Which neighbours a form has to be protected from, by what it begins and ends with."""

    ALPHABETIC = "letters or digits at both ends"
    HAN = "Han characters only"
    HANGUL = "Hangul at both ends"
    MIXED = "anything else"


def bounds_of(key: str) -> Bounds:
    """How a form, folded, must be bounded."""
    if key[0] in WORD and key[-1] in WORD:
        return Bounds.ALPHABETIC
    if _HAN_RUN.fullmatch(key):
        return Bounds.HAN
    return Bounds.HANGUL if _is_hangul(key[0]) and _is_hangul(key[-1]) else Bounds.MIXED


class Words:
    """The words of one folded text; made for one text, then dropped."""

    def __init__(self, folded: Folded) -> None:
        # A barrier at either end spares each look at a neighbour the question if it is there.
        self.padded = f"\n{folded.cased}\n"
        self._chinese: ChineseText | None = None

    def stand(self, start: int, end: int, bounds: Bounds, *, lenient: bool = False) -> bool:
        """Is what stands here a word or words of its own?

        Args:
            start: Offset in the folded text.
            end: Offset in the folded text.
            bounds: What the form asks.
            lenient: Also admit parts of longer words as far as they keep their meaning.
        """
        padded = self.padded
        start, end = start + 1, end + 1
        before, after = padded[start - 1], padded[end]
        if bounds is Bounds.ALPHABETIC:
            return self._alphabetic_before(start, end) and self._alphabetic_after(start, end)
        if bounds is Bounds.HAN:
            if not is_han(before) and not is_han(after):
                return True
            return self._words_of_chinese().stands(start, end, lenient=lenient)
        if bounds is Bounds.HANGUL:
            return self._hangul(start, end, _is_hangul(before), _is_hangul(after), lenient)
        return self._mixed(start, end, lenient)

    def verb_end(self, start: int, end: int) -> int | None:
        """Where the verb that begins with this stem ends; None if there is none."""
        after = following(self.padded, end + 1)
        if not verb_stands(attached_before(self.padded, start + 1), after):
            return None
        return end + len(after)

    def cased(self, start: int, end: int) -> str:
        """What stands here, for terms whose case matters."""
        return self.padded[start + 1 : end + 1].replace("-", " ")

    def opens_sentence(self, start: int) -> bool:
        """May the first letter be a capital only because a sentence begins?"""
        before = self.padded[max(start - 8, 0) : start + 1].rstrip(" \"'“(")
        return not before or before[-1] in "\n.!?:。"

    def _mixed(self, start: int, end: int, lenient: bool) -> bool:
        """Each edge by itself: AI模型, AI 모델, C++."""
        padded = self.padded
        first, last = padded[start], padded[end - 1]
        if first in WORD and not self._alphabetic_before(start, end):
            return False
        if last in WORD and not self._alphabetic_after(start, end):
            return False
        hangul_before = _is_hangul(first) and _is_hangul(padded[start - 1])
        hangul_after = _is_hangul(last) and _is_hangul(padded[end])
        if not self._hangul(start, end, hangul_before, hangul_after, lenient):
            return False
        if is_han(first) and is_han(padded[start - 1]):
            run = _HAN_RUN.match(padded, start, end)
            if run and not self._words_of_chinese().stands(start, run.end(), lenient=lenient):
                return False
        if is_han(last) and is_han(padded[end]):
            at = end
            while at > start and is_han(padded[at - 1]):
                at -= 1
            return self._words_of_chinese().stands(at, end, lenient=lenient)
        return True

    def _words_of_chinese(self) -> ChineseText:
        if self._chinese is None:
            self._chinese = ChineseText(self.padded)
        return self._chinese

    def _hangul(self, start: int, end: int, before: bool, after: bool, lenient: bool) -> bool:
        if not before and not after:
            # 할 수 있다: not a number but a way.
            return end - start > 1 or not self.padded.startswith(("수 있", "수 없"), start)
        return noun_stands(
            self.padded[start:end],
            attached_before(self.padded, start) if before else "",
            following(self.padded, end) if after else "",
            lenient,
        )

    def _alphabetic_before(self, start: int, end: int) -> bool:
        padded = self.padded
        sign = padded[start - 1]
        if sign not in _JOINTS:
            return sign not in WORD
        before, first = padded[max(start - 2, 0)], padded[start]
        if sign == "-":
            return not self._chained(start, end)
        if sign == ".":  # numpy.array, 1.5
            return before not in WORD or not (first.islower() or first.isdigit())
        if sign == ",":
            return not (before.isdigit() and first.isdigit())
        if sign == "'":
            return before not in WORD or end - start > 2
        return sign not in "@\\"

    def _alphabetic_after(self, start: int, end: int) -> bool:
        padded = self.padded
        sign = padded[end]
        if sign not in _JOINTS:
            return sign not in WORD
        last, after = padded[end - 1], padded[min(end + 1, len(padded) - 1)]
        if sign == "-":
            return not self._chained(start, end)
        if sign == ".":
            return after not in WORD or not (after.islower() or after.isdigit())
        if sign == ",":
            return not (last.isdigit() and after.isdigit())
        if sign == "'":  # can't
            return after not in "tT" or padded[min(end + 2, len(padded) - 1)] in WORD
        return sign not in "+#" or end - start > 1 or last.isdigit()

    def _chained(self, start: int, end: int) -> bool:
        before = self.padded[max(start - _LONGEST_CHAIN, 0) : start]
        return _is_chained(before, self.padded[end : end + _LONGEST_CHAIN])


@lru_cache(maxsize=4_096)
def _is_chained(before: str, after: str) -> bool:
    """Is a term between these only a part of a compound with hyphens, a concept of its own?

    That is what a prefix makes (semi-supervised), and a small word inside: state-of-the-art.
    """
    chain_before, chain_after = _CHAIN.match(before[::-1]), _CHAIN.match(after)
    ahead = chain_before[0][::-1].lower().split("-") if chain_before else []
    behind = chain_after[0].lower().split("-") if chain_after else []
    if len(ahead) > 1 and not ahead[-1] and ahead[-2] in _PREFIXES:
        return True
    return not _LINKS.isdisjoint(ahead) or not _LINKS.isdisjoint(behind)


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣"
