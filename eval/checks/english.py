"""Is a piece of Latin text English prose, or a name, a symbol, a foreign term?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from eval.checks.phrases import word_list

_WORD = re.compile(
    r"(?<![A-Za-z0-9'’.@/-])[A-Za-z]++(?:-[a-z]{3,}+)?+(?:['’][a-z]{1,2})?+(?![\w@/])"
)
_CODE = re.compile(r"[={}<>\[\]\\]|\w\(|[a-z]_[a-z]|[a-z]\.[a-z]")
_ACRONYM = 3
_MANY = 4
"""Function words that a name does not hold."""
_PHRASE = 3
_LONG = 8
"""Points from which a text with code in it is prose all the same."""


class Sure(IntEnum):
    """How sure it is that a text is English that was to be translated."""

    NO = 0
    PERHAPS = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class _Words:
    exam: frozenset[str]
    function: frozenset[str]
    content: frozenset[str]
    foreign: frozenset[str]
    endings: tuple[str, ...]
    lower_endings: tuple[str, ...]


def english(text: str) -> Sure:
    """How sure it is that ``text`` holds English prose.

    Two points are enough. A word of answers ("None") counts two; so does a school word or a word
    with an English ending ("velocity"), in lower case or at the head ("Velocity"); a function word
    and a lower-case word of no list count one. In a text whose later words have capitals ("Bank of
    America") only lower-case words count, and one function word of up to three. A lower-case word
    of no list alone ("torque", "malloc") is a guess.
    """
    words = [match.group() for match in _WORD.finditer(text)]
    named = any(word[0].isupper() and len(word) > 1 for word in words[1:])
    known = _words()
    points = small = unknown = 0
    for place, word in enumerate(words):
        folded, lower = word.lower(), word.islower()
        if folded in known.foreign or _is_acronym(word):
            continue
        if folded in known.exam:
            points += 2
        elif folded in known.function:
            small += 1
        elif lower or (place == 0 and not named):
            endings = known.lower_endings + known.endings if lower else known.endings
            if folded in known.content or (len(word) > 4 and folded.endswith(endings)):
                points += 2
            elif lower and len(word) > 3:
                unknown += 1
    if named and small < _MANY and not (points or unknown):
        small = min(small, 1)
    # Four words without one that is known to be English may be another language.
    foreign = len(words) > _PHRASE and points + small == 0
    points += small + unknown
    if points < 2 or foreign:
        return Sure.PERHAPS if unknown else Sure.NO
    return Sure.PERHAPS if points < _LONG and _CODE.search(text) else Sure.YES


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) <= _ACRONYM and word not in ("NOT", "ALL")


@cache
def _words() -> _Words:
    lists = {name: words.split() for name, words in word_list("english").items()}
    return _Words(
        frozenset(lists["exam"]),
        frozenset(lists["function"]),
        frozenset(lists["content"]),
        frozenset(lists["foreign"]),
        tuple(lists["endings"]),
        tuple(lists["lower_endings"]),
    )
