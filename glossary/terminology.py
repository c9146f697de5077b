"""The glossaries of a request for one pair: which terms occur, what a prompt tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glossary.adherence import Occurrence, TermOutcome, judge
from glossary.concept import Glossary, Strength
from glossary.demand import Demand, Sought, demand_of, tells
from glossary.language import Language, Pair
from glossary.matching.match import Matcher, TermMatch

Words = Mapping[Language, tuple[str, ...]]
_Key = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TermEntry:
    """What a prompt tells about one concept: ``targets`` are the preferred first, then others.

    With ``keep`` the source stands as it is in the translation, and is the only target.
    """

    concept_id: str
    glossary: str
    source: str
    targets: tuple[str, ...]
    banned: tuple[str, ...]
    keep: bool
    condition: str
    strength: Strength
    domain: str = ""


class Terminology:
    """The glossaries of a request for one pair, first in precedence first.

    Never changes and may be shared by threads; building it takes seconds for a hundred thousand
    concepts, so cache it under ``stamp``, ``pair`` and ``benchmark``.
    """

    def __init__(self, glossaries: Sequence[Glossary], pair: Pair, *, benchmark: str = "") -> None:
        self.pair = pair
        self.benchmark = benchmark
        self.stamp = "+".join(glossary.stamp for glossary in glossaries)
        # A concept that says nothing here must not hide a shorter term that does.
        telling = [_telling(glossary, pair) for glossary in glossaries]
        self._matcher = Matcher(telling, pair.source, benchmark=benchmark)
        self.contrasts = _contrasts(glossaries, benchmark)
        self._demands: dict[tuple[object, ...], tuple[Demand, tuple[Sought, ...]]] = {}

    def find(self, text: str) -> list[TermMatch]:
        """The terms of the source about which the glossaries say something for the target."""
        return self._matcher.find(text)

    def entries(self, texts: Sequence[str]) -> list[TermEntry]:
        """What a prompt tells about the terms in the texts, each concept once, in order."""
        entries: dict[tuple[str, str], TermEntry] = {}
        for text in texts:
            for match in self.find(text):
                for concept in (match.concept, *match.homonyms):
                    key = (match.glossary, concept.id)
                    if key not in entries:
                        demand = demand_of(match.term, (concept,), self.pair.target)
                        entries[key] = _entry(match.glossary, demand)
        return list(entries.values())

    def adherence(self, source: str, target: str) -> list[TermOutcome]:
        """What became of every term of the source in the translation, in the order of the source.

        A concept is applied when one of its usable terms stands in the translation, as a word and
        in any inflected form; violated when a banned one does; missed otherwise.
        """
        occurrences: dict[_Key, Occurrence] = {}
        for match in self.find(source):
            key = _key(match)
            if key not in occurrences:
                demand, sought = self._demand(match)
                stands = source[match.start : match.end]
                occurrences[key] = Occurrence(match.glossary, demand, sought, stands)
            occurrences[key].spans.append((match.start, match.end))
        return judge(list(occurrences.values()), target)

    def _demand(self, match: TermMatch) -> tuple[Demand, tuple[Sought, ...]]:
        key = (*_key(match), match.term.text)
        known = self._demands.get(key)
        if known is None:
            concepts = (match.concept, *match.homonyms)
            demand = demand_of(match.term, concepts, self.pair.target)
            known = self._demands[key] = (demand, demand.sought())
        return known


def _telling(glossary: Glossary, pair: Pair) -> Glossary:
    concepts = tuple(c for c in glossary.concepts if tells(c, pair.source, pair.target))
    return glossary.model_copy(update={"concepts": concepts})


def _contrasts(glossaries: Sequence[Glossary], benchmark: str) -> dict[str, tuple[Words, ...]]:
    """For each label that several concepts share, the usable words of each of them."""
    sets: dict[str, list[Words]] = {}
    for concept in (each for glossary in glossaries for each in glossary.concepts):
        if not concept.contrasts or not concept.applies_to(benchmark):
            continue
        words: dict[Language, tuple[str, ...]] = {}
        for term in concept.terms:
            if term.status.usable:
                words[term.language] = (*words.get(term.language, ()), term.text)
        for label in concept.contrasts:
            sets.setdefault(label, []).append(words)
    return {label: tuple(concepts) for label, concepts in sets.items() if len(concepts) > 1}


def _key(match: TermMatch) -> _Key:
    """What counts as one demand: a concept, whichever of its terms the source has."""
    ids = (match.concept.id, *(concept.id for concept in match.homonyms))
    # Each kept term must itself stay.
    kept = match.term.text if match.term.keep else ""
    return match.glossary, kept, ids


def _entry(glossary: str, demand: Demand) -> TermEntry:
    concept = demand.concepts[0]
    return TermEntry(
        concept.id,
        glossary,
        demand.term.text,
        demand.expected,
        tuple(term.text for term in demand.banned),
        demand.term.keep,
        demand.condition,
        demand.strength,
        concept.domain,
    )
