"""Chinese words: segmented and tagged by jieba's dictionary, which is Simplified."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import cache

import opencc
import rjieba

from glossary.extraction.words import Run, Weight, Word, everyday
from glossary.language import Language

# The inside of a work's title.
_TITLE = re.compile(r"(?<=[《〈])[^《》〈〉\s]{2,15}(?=[》〉])")
# Stand between the parts of a name that is written for its sound: 亚当·斯密.
_MARKS = frozenset("·‧・•．")
_HAN = re.compile(r"[\u3400-\u9fff]+\Z")
_HAN_OR_LATIN = re.compile(r"[\u3400-\u9fffA-Za-z]")
_ACRONYM = re.compile(r"[A-Z]{2}[A-Z0-9]{0,6}\Z|[a-z]?[A-Z]{2,6}\Z")
_NAMES = frozenset(("nr", "nrt", "nrfg", "ns", "nt"))
_TERMS = frozenset(("n", "nz", "vn", "l", "j", "an"))
_PARTS = frozenset(("b", "ng", "vg", "ag", "g", "h", "k", "a"))


# The dictionary's frequencies add up to 60 million words, of 1.7 characters in running text.
_CHARACTERS_ELSEWHERE = 60_000_000 * 1.7
_UNKNOWN_SHARE = 1e-6
_LEAST_UNUSUAL = 0.25


@cache
def _dictionary() -> rjieba.Jieba:
    return rjieba.Jieba()


def _share_elsewhere(word: str) -> float:
    dictionary = _dictionary()
    frequency = dictionary.suggest_freq(word) if dictionary.has_word(word) else 0
    return frequency / _CHARACTERS_ELSEWHERE


class ChineseWords:
    """Words that follow each other without a mark, a particle or an adverb between them."""

    joint = ""
    longest = 4

    def __init__(self, language: Language) -> None:
        lists = everyday("zh")
        self._between, self._plain = lists["between"], lists["plain"]
        self._convert = opencc.OpenCC("t2s").convert if language is Language.ZH_TW else None

    def learn(self, text: str) -> None:
        """The dictionary knows all that is needed."""

    def runs(self, text: str) -> list[Run]:
        """Nouns and what may stand before them; names for their sound and titles are one word."""
        plain = self._simplified(text)
        runs: list[Run] = []
        at = 0
        for match in _TITLE.finditer(plain):
            runs += self._tagged(text, plain, at, match.start())
            key = text[match.start() : match.end()]
            runs.append([Word(key, key, match.start(), match.end(), name=True)])
            at = match.end()
        return runs + self._tagged(text, plain, at, len(plain))

    def unusual(self, words: tuple[str, ...], share: float) -> float:
        """In bits, against the frequencies of jieba's dictionary."""
        text = self._simplified("".join(words))
        elsewhere = min(map(_share_elsewhere, rjieba.cut(text)), default=0.0)
        return max(_LEAST_UNUSUAL, math.log2(share / (elsewhere + _UNKNOWN_SHARE)))

    def _simplified(self, text: str) -> str:
        """Character for character, so that places stay."""
        if self._convert is None:
            return text
        whole = self._convert(text)
        return whole if len(whole) == len(text) else "".join(map(self._one, text))

    def _one(self, char: str) -> str:
        assert self._convert is not None
        other = self._convert(char)
        return other if len(other) == 1 else char

    def _tagged(self, text: str, plain: str, start: int, stop: int) -> list[Run]:
        runs: list[Run] = []
        run: Run = []
        if not _HAN_OR_LATIN.search(plain, start, stop):
            return runs
        for token, tag in _with_names(rjieba.tag(plain[start:stop])):
            end = start + len(token)
            word = self._word(token, tag, text[start:end], start, end)
            start = end
            if word is not None:
                run.append(word)
            elif run:
                runs.append(run)
                run = []
        if run:
            runs.append(run)
        return runs

    def _word(self, token: str, tag: str, key: str, start: int, end: int) -> Word | None:
        if token in self._between:
            return None
        if tag == _SOUND:
            return Word(key, key, start, end, name=True)
        if tag == "eng":
            return Word(key, key, start, end) if _ACRONYM.match(token) else None
        if token in self._plain:
            begins = not tag.startswith("v")
            return Word(key, key, start, end, weight=Weight.PLAIN, begins=begins)
        if tag in _NAMES and _may_be_name(token, tag):
            return Word(key, key, start, end, name=True)
        if tag in _TERMS or tag in _NAMES:
            weight = Weight.TERM if len(token) > 1 else Weight.PART
            return Word(key, key, start, end, weight=weight)
        if tag == "v":
            return Word(key, key, start, end, weight=Weight.PLAIN, begins=False)
        if tag in _PARTS:
            return Word(key, key, start, end, weight=Weight.PLAIN, ends=tag in ("k", "ng", "g"))
        return None


def _may_be_name(token: str, tag: str) -> bool:
    """Of what the dictionary takes for a person only three characters after a surname's like."""
    lists = everyday("zh")
    if len(token) < 2 or token in lists["no_name"] or token[-1] in lists["no_name_ending"]:
        return False
    return tag != "nr" or (len(token) == 3 and token[0] in lists["surnames"]) or token[-1] in "某子"


_SOUND = "name written for its sound"


def _with_names(tokens: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Tokens with ``亚当``, ``·`` and ``斯密`` as one."""
    at = 0
    while at < len(tokens):
        end = at + 1
        while end + 1 < len(tokens) and tokens[end][0] in _MARKS and _all_han(tokens, end):
            end += 2
        if end == at + 1:
            yield tokens[at]
        else:
            yield "".join(token for token, _ in tokens[at:end]), _SOUND
        at = end


def _all_han(tokens: Sequence[tuple[str, str]], mark: int) -> bool:
    before, after = tokens[mark - 1][0], tokens[mark + 1][0]
    return _HAN.match(before) is not None and _HAN.match(after) is not None
