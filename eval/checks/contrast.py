"""Contrast: terms that an item keeps apart stay apart in its translation."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from eval.checks.base import Finding, ItemPair, Severity
from eval.checks.word_lists import WordLists, alternation, with_contrasts
from glossary.language import Language

_WORD = re.compile(r"\w+")


def contrast(item: ItemPair) -> Iterator[Finding]:
    """Speed and velocity, accuracy and precision, murder and manslaughter do not become one term.

    Always soft. All texts of an item count together: the source names two concepts of a set, and
    the translation has no word for the one and more words for the other than the source. The sets
    are in `eval/checks/lists/contrasts.yaml`; sets of your own are added to them
    ([word lists](../word-lists.md)), and those of the request's glossaries.

    Known limits:

    - a concept under a name that is not listed counts as missing;
    - an item in which only some places of a term were confused is not found.
    """
    lists = item.rules.lists
    if item.rules.terminology is not None:
        lists = with_contrasts(lists, item.rules.terminology)
    terms = _terms(lists, item.pair.source)
    before = [terms.concepts(segment.source_prose) for segment in item.segments]
    used = Counter(concept for found in before for concept, _ in found)
    sets = Counter(concept.set for concept in used)
    if not any(concepts > 1 for concepts in sets.values()):
        return
    targets = _terms(lists, item.pair.target)
    after = Counter(
        concept
        for segment in item.segments
        for concept, _ in targets.concepts(segment.target_prose)
    )
    told: set[tuple[str, tuple[int, int]]] = set()
    for segment, found in zip(item.segments, before, strict=True):
        for concept, span in found:
            if used[concept] == 0 or after[concept] or concept not in targets.named:
                continue
            place = segment.segment.id, span
            if place in told:  # two sets may hold the same words
                continue
            used[concept] = 0  # once per item
            if any(other.set == concept.set and 0 < used[other] < after[other] for other in used):
                told.add(place)
                message = f"The difference between {concept.set} is lost."
                yield segment.finding("contrast", Severity.MAJOR, message, hard=False, source=span)


@dataclass(frozen=True, slots=True)
class _Concept:
    """One of the concepts of a set."""

    set: str
    number: int


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of all sets in one language."""

    pattern: re.Pattern[str]
    meanings: Mapping[str, tuple[_Concept, ...]]
    first_words: frozenset[str]
    """Of each English term: a word is looked up faster than a pattern is tried."""

    @property
    def named(self) -> frozenset[_Concept]:
        """The concepts that have a word in the language."""
        return frozenset(concept for concepts in self.meanings.values() for concept in concepts)

    def concepts(self, text: str) -> list[tuple[_Concept, tuple[int, int]]]:
        """The concepts that a text names, with their places."""
        return [
            (concept, match.span())
            for match in self._matches(text)
            for concept in self.meanings[match.group().lower()]
        ]

    def _matches(self, text: str) -> Iterator[re.Match[str]]:
        if not self.first_words:
            yield from self.pattern.finditer(text)
            return
        end = 0
        for word in _WORD.finditer(text):
            if word.start() >= end and word.group().lower() in self.first_words:
                match = self.pattern.match(text, word.start())
                if match is not None:
                    end = match.end()
                    yield match


@lru_cache(maxsize=32)
def _terms(lists: WordLists, language: Language) -> _Terms:
    meanings: defaultdict[str, tuple[_Concept, ...]] = defaultdict(tuple)
    for entry in lists.contrasts:
        for number, concept in enumerate(entry.concepts):
            for word in concept.get(language, ()):
                for form in _forms(word.lower(), language):
                    meanings[form] += (_Concept(entry.name, number),)
    if language is not Language.EN:
        return _Terms(re.compile(alternation(meanings)), dict(meanings), frozenset())
    pattern = re.compile(rf"{alternation(meanings)}\b", re.ASCII | re.IGNORECASE)
    first_words = frozenset(_first(form) for form in meanings)
    return _Terms(pattern, dict(meanings), first_words)


def _first(term: str) -> str:
    word = _WORD.match(term)
    return word.group() if word else term


def _forms(word: str, language: Language) -> tuple[str, ...]:
    """The word and its English plural."""
    if language is not Language.EN:
        return (word,)
    return word, f"{word}s", f"{word}es", f"{word.removesuffix('y')}ies"
