"""Words of a text as statistics count them: Korean stems, Chinese words, English singulars."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import yaml

from glossary.language import Language

if TYPE_CHECKING:
    import rjieba


@dataclass(frozen=True, slots=True)
class Unit:
    """A word and its place; ``key`` is what equal words share.

    ``empty`` words (articles, particles) have no counterpart of their own. ``joined`` is false
    where a sign or the end of a sentence stands before it, so that no term reaches across;
    ``hyphen`` is true of the second word of a compound, ``bracket`` of all words inside brackets.
    """

    key: str
    start: int
    end: int
    empty: bool = False
    joined: bool = False
    hyphen: bool = False
    bracket: bool = False


@dataclass(frozen=True, slots=True)
class PlainWords:
    """What is no term: words without a counterpart, everyday words, endings of Korean words."""

    empty: frozenset[str]
    plain: frozenset[str]
    endings: frozenset[str]


@cache
def plain_words(language: Language) -> PlainWords:
    """The lists of ``glossary/consistency/lists/plain_words.yaml``."""
    text = files("glossary.consistency").joinpath("lists/plain_words.yaml").read_text("utf-8")
    lists = yaml.safe_load(text)["zh" if language.is_chinese else language.value]
    plain = frozenset(map(_singular, lists["plain"].split()))
    return PlainWords(
        frozenset(lists["empty"].split()), plain, frozenset(lists.get("endings", "").split())
    )


def units_of(texts: Sequence[str], language: Language) -> list[list[Unit]]:
    """The words of every text; Korean stems are found by how the words of all texts end."""
    if language.is_chinese:
        return [_marked(text, _chinese(text, language), language) for text in texts]
    if language is Language.KO:
        stems = _Stems(texts)
        return [_marked(text, stems.words(text), language) for text in texts]
    return [_marked(text, _english(text), language) for text in texts]


_Word = tuple[str, int, int]
_LINK = re.compile(r"[ \t\u00a0\n'’‐-]*")
"""Between two words of one phrase: spaces and hyphens, never another sign."""

_OPENED, _CLOSED = re.compile(r"[(（\[]"), re.compile(r"[)）\]][^(（\[]*\Z")


def _marked(text: str, words: Iterable[_Word], language: Language) -> list[Unit]:
    empty = plain_words(language).empty
    units: list[Unit] = []
    inside = False
    for key, start, end in words:
        between = text[units[-1].end if units else 0 : start]
        inside = (inside or bool(_OPENED.search(between))) and not _CLOSED.search(between)
        joined = bool(units) and _LINK.fullmatch(between) is not None
        units.append(Unit(key, start, end, key in empty, joined, between in ("-", "‐"), inside))
    return units


_LATIN = r"[A-Za-z\u00c0-\u024f]+"
_NUMBER = r"\d+(?:[.,]\d+)*(?:st|nd|rd|th)?"
_INITIALS = r"\b[A-Z](?:\.[A-Z])+\b\.?"
_ENGLISH = re.compile(rf"{_INITIALS}|{_LATIN}(?P<short>['’](?!s\b){_LATIN})?|{_NUMBER}")


def _english(text: str) -> Iterator[_Word]:
    """Words in the singular; of ``don't`` and ``we'll`` nothing, for they are no terms."""
    for match in _ENGLISH.finditer(text):
        if match["short"] is None:
            key = _singular(match.group().replace(".", "").lower())
            yield key, match.start(), match.end()


@cache
def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


_CHINESE = re.compile(rf"(?P<latin>{_LATIN})|{_NUMBER}|(?P<han>[\u3400-\u9fff\uf900-\ufaff]+)")


@cache
def _simplify() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@cache
def _segmenter() -> rjieba.Jieba:
    import rjieba  # half a second, which only Chinese is to cost

    return rjieba.Jieba()


def _chinese(text: str, language: Language) -> Iterator[_Word]:
    """Words by the segmenter, which knows Simplified Chinese; long ones in their parts."""
    for match in _CHINESE.finditer(text):
        if match["han"] is None:
            key = _singular(match.group().lower()) if match["latin"] else match.group()
            yield key, match.start(), match.end()
            continue
        written = match.group()
        known = _simplify()(written) if language is Language.ZH_TW else written
        if len(known) != len(written):
            known = written
        position = 0
        for word in _segmenter().cut(known, False):
            for part in _parts(word):
                start = match.start() + position
                yield written[position : position + len(part)], start, start + len(part)
                position += len(part)


@cache
def _parts(word: str) -> tuple[str, ...]:
    """A word of four characters and more in two known words, if it is made of them."""
    if len(word) < 4:
        return (word,)
    pieces = set(_segmenter().cut_for_search(word, False))
    for at in range(2, len(word) - 1):
        if word[:at] in pieces and word[at:] in pieces:
            return word[:at], word[at:]
    return (word,)


_KOREAN = re.compile(rf"(?P<latin>{_LATIN})|{_NUMBER}|(?P<hangul>[\uac00-\ud7a3]+)")


_CONSONANT = frozenset(["은", "을", "이", "과", "으로"])
_VOWEL = frozenset(["는", "를", "가", "와", "로"])
_RIEUL = 8


def _fits(stem: str, particle: str) -> bool:
    """Is it the form of the particle that follows this stem: 팀이, 국가에 and never 팀가?"""
    final = (ord(stem[-1]) - ord("가")) % 28
    if particle == "로":
        return final in (0, _RIEUL)
    return particle not in (_VOWEL if final else _CONSONANT)


class _Stems:
    """Korean words without what follows them: of several cuts the one found most in all texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._endings = plain_words(Language.KO).endings
        self._seen: Counter[str] = Counter()
        self._with: defaultdict[str, set[str]] = defaultdict(set)
        for text in texts:
            for match in _KOREAN.finditer(text):
                if match["hangul"]:
                    for stem in self._cuts(match.group()):
                        self._seen[stem] += 1
                        self._with[stem].add(match.group()[len(stem) :])

    def words(self, text: str) -> Iterator[_Word]:
        """The stems of a text; a particle after a number or a Latin word is no word."""
        end = -1
        for match in _KOREAN.finditer(text):
            if match["hangul"] is None:
                key = _singular(match.group().lower()) if match["latin"] else match.group()
                yield key, match.start(), match.end()
            elif not self._follows(text, match, end):
                stem = self._stem(match.group())
                yield stem, match.start(), match.start() + len(stem)
            end = match.end()

    def _follows(self, text: str, match: re.Match[str], end: int) -> bool:
        """Is it the particle of a number, a Latin word or what stands in quotation marks?"""
        apart = match.start() != end and text[match.start() - 1 : match.start()] not in "'’\"”)"
        return not apart and match.group() in self._endings

    def _stem(self, word: str) -> str:
        stems = [stem for stem in self._cuts(word) if len(stem) > 1 or self._varied(stem)]
        return max(stems or [word], key=lambda stem: (self._seen[stem], -len(stem)))

    def _cuts(self, word: str) -> Iterator[str]:
        yield word
        for at in range(1, len(word)):
            stem, end = word[:at], word[at:]
            may_end = end in self._endings and (at > 1 or end in _CONSONANT | _VOWEL)
            if may_end and _fits(stem, end):
                yield stem

    def _varied(self, stem: str) -> bool:
        """Is a single syllable a word? If it stands with several particles."""
        return len(self._with[stem]) > 1
