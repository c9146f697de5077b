"""Names that stand for a fact as numbers do: weekdays, seasons, parts of the day, years BC."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from eval.checks.phrases import Phrases, family, word_list
from glossary.language import Language

DAY = "part_of_day"
_ALONE = frozenset(["year_before_christ"])
"""What is a fault if it is only lost or added: 70 BC became 70."""
_SURE = frozenset(["weekday", "month", "year_before_christ", "quarter_of_year"])
"""What no translator says in another way."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``[start, end)``, with what it may stand for: days by number, hours."""

    group: str
    values: frozenset[int]
    start: int
    end: int
    required: bool

    @property
    def sure(self) -> bool:
        """Does a change leave no doubt?"""
        return self.group in _SURE


@lru_cache(maxsize=16)
def names(text: str, language: Language) -> tuple[Name, ...]:
    """All names of a text; the last texts are kept, for two readers ask for them."""
    found = [
        Name(group, values, start, end, required)
        for meanings, start, end in _phrases(family(language)).find(text)
        for group, values, required in meanings
    ]
    if language is not Language.EN and ("月" in text or "월" in text):
        found += _months(text)
    return tuple(found)


def _months(text: str) -> Iterator[Name]:
    """7月, 十二月, 7월."""
    for match in _MONTH.finditer(text):
        number = match[1]
        month = int(number) if number.isdecimal() else _HAN_MONTHS.find(number.rjust(2)) // 2 + 1
        if 1 <= month <= 12:
            yield Name("month", frozenset([month - 1]), *match.span(), required=True)


def changed_names(
    source: Sequence[Name], target: Sequence[Name]
) -> Iterator[tuple[Name | None, Name | None]]:
    """Names that the other side does not have, each with the one that stands in its place."""
    lost = _without_match(source, target)
    added: defaultdict[str, deque[Name]] = defaultdict(deque)
    for name in _without_match(target, source):
        added[name.group].append(name)
    for name in lost:
        other = added[name.group].popleft() if added[name.group] else None
        if other or name.group in _ALONE:
            yield name, other
    yield from ((None, name) for group in _ALONE for name in added[group])


def _without_match(names_: Sequence[Name], others: Sequence[Name]) -> list[Name]:
    """Those that none of the others stands for."""
    stand: defaultdict[str, set[int]] = defaultdict(set)
    for other in others:
        stand[other.group] |= other.values
    return [name for name in names_ if name.required and stand[name.group].isdisjoint(name.values)]


_MONTH = re.compile(
    r"(?<![0-9一二三四五六七八九十])([0-9]{1,2}|十?[一二]|[三四五六七八九十])\s?[月월](?![球亮台臺光餅饼牙經经])"
)
_HAN_MONTHS = " 一 二 三 四 五 六 七 八 九 十十一十二"


_Meaning = tuple[str, frozenset[int], bool]


@cache
def _phrases(family: str) -> Phrases[tuple[_Meaning, ...]]:
    groups = dict(word_list("calendar"))
    entries: dict[str, tuple[_Meaning, ...]] = dict.fromkeys(groups.pop("none")[family].split(), ())
    for group, names_ in groups.items():
        for place, name in enumerate(names_):
            values = (
                frozenset(hour % 24 for hour in range(*name["hours"]))
                if "hours" in name
                else frozenset([place])
            )
            for word in name.get(family, "").split():
                meaning = (group, values, not word.endswith("~"))
                word = word.rstrip("~")
                entries[word] = (*entries.get(word, ()), meaning)
    return Phrases(entries, family)
