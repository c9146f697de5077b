"""Candidate terms of texts: words and phrases that come back, without a list of terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from glossary.consistency.units import Unit, plain_words
from glossary.language import Language

Key = tuple[str, ...]
_LONGEST = 5
_COHESION = 0.25
"""A phrase makes up so much at least of what its rarer word occurs, or it is no phrase."""
_NESTED = 0.5
"""And so much of the shorter phrases in it: else the shorter one is the term."""
_INSIDE = frozenset({"of"})
"""Empty words that a term may hold."""


def candidate_terms(texts: Sequence[Sequence[Unit]], language: Language, least: int) -> set[Key]:
    """Keys of words and phrases that occur ``least`` times and are not everyday words."""
    counts = Counter(
        tuple(unit.key for unit in phrase)
        for units in texts
        for phrase in _phrases(units, language)
    )
    return {key for key, count in counts.items() if count >= least and _coheres(key, counts)}


def merged(units: Sequence[Unit], terms: set[Key]) -> list[Unit]:
    """The words of a text with each term as one of them; of several at a place the longest."""
    found: list[Unit] = []
    place = 0
    while place < len(units):
        term = _longest_at(units, place, terms)
        first, last = units[place], units[place + len(term) - 1] if term else units[place]
        key = " ".join(term) if term else first.key
        empty = first.empty and not term
        found.append(Unit(key, first.start, last.end, empty, first.joined, first.hyphen))
        place += max(1, len(term))
    return found


def merged_at(units: Sequence[Unit], places: Mapping[tuple[int, int], str]) -> list[Unit]:
    """The words of a text with those of each place as one word of the key that is given for it."""
    found: list[Unit] = []
    for unit in units:
        key = next((k for (s, e), k in places.items() if unit.start < e and s < unit.end), None)
        if key is None:
            found.append(unit)
        elif found and found[-1].key == key and unit.joined:
            found[-1] = replace(found[-1], end=unit.end)
        else:
            found.append(replace(unit, key=key, empty=False))
    return found


def _longest_at(units: Sequence[Unit], place: int, terms: set[Key]) -> Key:
    for length in range(_LONGEST, 0, -1):
        phrase = units[place : place + length]
        key = tuple(unit.key for unit in phrase)
        if len(phrase) == length and key in terms and all(unit.joined for unit in phrase[1:]):
            return key
    return ()


def _phrases(units: Sequence[Unit], language: Language) -> Iterator[Sequence[Unit]]:
    plain = plain_words(language).plain
    for place in range(len(units)):
        for length in range(1, _LONGEST + 1):
            phrase = units[place : place + length]
            if len(phrase) < length or (length > 1 and not phrase[-1].joined):
                break
            if _may_be_term(phrase, plain, language):
                yield phrase


def _may_be_term(phrase: Sequence[Unit], plain: frozenset[str], language: Language) -> bool:
    first, last = phrase[0], phrase[-1]
    if first.empty or last.empty or any(unit.key[0].isdigit() for unit in (first, last)):
        return False
    if any(unit.empty and unit.key not in _INSIDE for unit in phrase[1:-1]):
        return False
    everyday = [unit.key in plain for unit in phrase]
    if len(phrase) == 1:
        verb = language is Language.EN and len(first.key) > 5 and first.key.endswith("ed")
        return len(first.key) > 1 and not everyday[0] and not verb
    if all(everyday):
        return False
    # the fine of fine-tuning is a part of the word, the good of good answers is not
    return not (everyday[0] and not phrase[1].hyphen) and not (everyday[-1] and not last.hyphen)


def _coheres(key: Key, counts: Counter[Key]) -> bool:
    if len(key) == 1:
        return True
    if len(key) == 2:
        ends = [counts[end] for end in (key[:1], key[-1:]) if counts[end]]
        return not ends or counts[key] >= _COHESION * min(ends)
    inner = max(counts[key[1:]], counts[key[:-1]])
    return counts[key] >= _NESTED * inner
