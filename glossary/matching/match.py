"""Where the terms of glossaries stand in a text.

One pass of an automaton over the folded text finds every form of every term; what stands inside a
longer word is dropped, and of what overlaps the longest is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from glossary.concept import Concept, Glossary, Term
from glossary.language import Language
from glossary.matching import chinese
from glossary.matching.boundaries import WORD, Bounds, Words, bounds_of
from glossary.matching.normalize import fold
from glossary.matching.surface import Form, forms_of


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term of a concept in a text; ``start`` and ``end`` are code points of the text as given.

    ``homonyms`` are further concepts of the same glossary that the same words may mean.
    """

    concept: Concept
    term: Term
    glossary: str
    start: int
    end: int
    homonyms: tuple[Concept, ...] = ()


class _Owner(NamedTuple):
    """Whose form it is, and how well it stands for its term: the smaller, the sooner taken."""

    rank: tuple[int, bool]  # place of the glossary; not the very form of the glossary
    concept: Concept
    term: Term
    glossary: str
    cased: str | None


class Matcher:
    """Finds the terms of one language, and those to be kept of any.

    Built once and never changed: it may be cached under the stamps of its glossaries and used by
    many threads. What is code or a formula in a text it does not know: the caller leaves it out.
    """

    def __init__(
        self, glossaries: Sequence[Glossary], language: Language, *, benchmark: str = ""
    ) -> None:
        self.language = language
        forms = _Forms()
        for place, glossary in enumerate(glossaries):
            for concept in glossary.concepts:
                if concept.applies_to(benchmark):
                    forms.add(place, glossary.name, concept, language)
        keys = list(forms.owners)
        self._nouns = list(forms.owners.values())
        self._bounds = [bounds_of(key) for key in keys]
        self._verbs = [forms.stems.get(key) for key in keys] if forms.stems else [None] * len(keys)
        self._cased = bytearray(key in forms.cased for key in keys)
        if Bounds.HAN in self._bounds:
            chinese.load()
        # Read for every place that the automaton reports, most of which lie inside other words.
        self._alphabetic = bytearray(bounds is Bounds.ALPHABETIC for bounds in self._bounds)
        self._automaton = AhoCorasick(keys, MatchKind.Standard, False, Implementation.ContiguousNFA)

    @property
    def patterns(self) -> int:
        """How many forms of terms it knows."""
        return len(self._nouns)

    def find(self, text: str) -> list[TermMatch]:
        """The terms in the text, in order; none overlaps another, and the longest are taken.

        At the same place the earlier glossary decides.
        """
        folded = fold(text)
        words = Words(folded)
        places = self._places(folded.text, words)
        if not places:
            return []
        places.sort()
        taken = bytearray(len(folded.text))
        found: list[TermMatch] = []
        for _, start, end, index in places:
            # What was taken before is at least as long: it covers an edge if it overlaps.
            if taken[start] or taken[end - 1]:
                continue
            owners = self._owners(index, start, end, words)
            if owners:
                taken[start:end] = b"\x01" * (end - start)
                if folded.runs:
                    start, end = folded.given_start(start), folded.given_end(end)
                found.append(_match(owners, start, end))
        found.sort(key=_start)
        return found

    def _places(self, text: str, words: Words) -> list[tuple[int, int, int, int]]:
        """Where forms stand: minus the length, start, end, form (a verb: beyond the last form)."""
        padded, alphabetic, verbs = words.padded, self._alphabetic, self._verbs
        places: list[tuple[int, int, int, int]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if alphabetic[index]:
                if padded[start] in WORD or padded[end + 1] in WORD:
                    continue
            elif verbs[index]:
                verb_end = words.verb_end(start, end)
                if verb_end is not None:
                    places.append((start - verb_end, start, verb_end, index + len(verbs)))
            places.append((start - end, start, end, index))
        return places

    def _owners(self, index: int, start: int, end: int, words: Words) -> list[_Owner]:
        """Whose the form at a place is; none where it is not a word."""
        if index >= len(self._nouns):
            return self._verbs[index - len(self._nouns)] or []
        owners = self._nouns[index]
        if not owners or not words.stand(start, end, self._bounds[index]):
            return []
        if not self._cased[index]:
            return owners
        stands = words.cased(start, end)
        return [owner for owner in owners if owner.cased in (None, stands)]


class _Forms:
    """The forms of all terms while a matcher is built, each with whose it is."""

    def __init__(self) -> None:
        self.owners: dict[str, list[_Owner]] = {}
        self.stems: dict[str, list[_Owner]] = {}
        self.cased: set[str] = set()

    def add(self, place: int, name: str, concept: Concept, language: Language) -> None:
        """Add the terms of a concept; glossaries have to come in their order of precedence."""
        for term in concept.terms:
            if term.language is not language and not term.keep:
                continue
            known: dict[tuple[bool, str | None], _Owner] = {}
            for form in forms_of(term):
                owner = known.get((form.exact, form.cased))
                if owner is None:
                    owner = _Owner((place, not form.exact), concept, term, name, form.cased)
                    known[form.exact, form.cased] = owner
                self._add_form(form, owner)

    def _add_form(self, form: Form, owner: _Owner) -> None:
        owners = self.owners.get(form.key)
        if owners is None:
            owners = self.owners[form.key] = []
        if form.stem:
            owners = self.stems.setdefault(form.key, [])
        owners.append(owner)
        if len(owners) > 1:
            owners.sort(key=_rank)
        if form.cased is not None:
            self.cased.add(form.key)


def _rank(owner: _Owner) -> tuple[int, bool]:
    return owner.rank


def _start(match: TermMatch) -> int:
    return match.start


def _match(owners: list[_Owner], start: int, end: int) -> TermMatch:
    first = owners[0]
    if len(owners) == 1:
        return TermMatch(first.concept, first.term, first.glossary, start, end)
    homonyms: list[Concept] = []
    for owner in owners[1:]:
        known = (first.concept, *homonyms)
        if owner.rank == first.rank and all(owner.concept is not each for each in known):
            homonyms.append(owner.concept)
    return TermMatch(first.concept, first.term, first.glossary, start, end, tuple(homonyms))
