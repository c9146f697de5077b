"""Whether a translation uses the terms: one answer for the check and for the metric.

Per concept, not per occurrence: a language may say once what another repeats. What stands inside
a longer term is the longer term's alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from glossary.concept import Strength
from glossary.demand import Demand, Sought, joined_conditions
from glossary.matching.boundaries import Words
from glossary.matching.normalize import Folded, fold

Span = tuple[int, int]


class Outcome(StrEnum):
    """What became of a term: a usable one stands there, none does, or a banned one does."""

    APPLIED = "applied"
    MISSED = "missed"
    VIOLATED = "violated"


@dataclass(frozen=True, slots=True)
class TermOutcome:
    """One concept that occurs in a source, and its term in the translation.

    Spans are code points of the texts as given, end exclusive; those of the translation are the
    usable terms when applied, the banned ones when violated. ``found`` is the first of them as it
    stands there. ``condition`` says when the term applies, in the linguist's words: whoever judges
    a miss has to weigh it. ``homonyms`` are other concepts that the source may mean; a term of any
    of them is enough.
    """

    concept_id: str
    glossary: str
    source: str
    outcome: Outcome
    strength: Strength
    expected: tuple[str, ...]
    found: str | None
    condition: str
    source_spans: tuple[Span, ...]
    target_spans: tuple[Span, ...]
    homonyms: tuple[str, ...] = ()

    @property
    def rarer(self) -> bool:
        """Does the term stand less often in the translation than in the source?

        That is normal (a pronoun, an omission); a sudden other word looks the same, though.
        """
        return self.outcome is Outcome.APPLIED and len(self.target_spans) < len(self.source_spans)


@dataclass(slots=True)
class Occurrence:
    """A demand with the places in the source where it comes from."""

    glossary: str
    demand: Demand
    sought: tuple[Sought, ...]
    source: str
    spans: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class _Finds:
    """What was found in a translation for one demand, in folded offsets."""

    usable: set[Span] = field(default_factory=set)
    banned: dict[Span, Sought] = field(default_factory=dict)
    inside: set[Span] = field(default_factory=set)


def judge(occurrences: Sequence[Occurrence], target: str) -> list[TermOutcome]:
    """What became of every demand in a translation; silent on those that only ban, and are kept."""
    if not occurrences:
        return []
    folded = fold(target)
    finds = _found(occurrences, folded, target)
    _share_spare(occurrences, finds, len(folded.text))
    outcomes = []
    for index, occurrence in enumerate(occurrences):
        banned = _unexplained(index, occurrences, finds)
        if banned or occurrence.demand.usable:
            outcomes.append(_outcome(occurrence, finds[index], banned, folded, target))
    return outcomes


def _found(occurrences: Sequence[Occurrence], folded: Folded, target: str) -> list[_Finds]:
    """Distribute what stands in the translation: longest first, the same words to all who ask."""
    words = Words(folded)
    places: list[tuple[int, int, int, Sought]] = []
    for index, occurrence in enumerate(occurrences):
        for sought in occurrence.sought:
            for start, end in _places(sought, folded, words, target, occurrence.source):
                places.append((start, end, index, sought))
    places.sort(key=lambda place: (place[0] - place[1], place[0]))
    finds = [_Finds() for _ in occurrences]
    taken = bytearray(len(folded.text))
    spans: set[Span] = set()
    for start, end, index, sought in places:
        span = (start, end)
        if span not in spans:
            if taken[start] or taken[end - 1]:
                if not sought.banned:
                    finds[index].inside.add(span)
                continue
            taken[start:end] = b"\x01" * (end - start)
            spans.add(span)
        if sought.banned:
            finds[index].banned.setdefault(span, sought)
        else:
            finds[index].usable.add(span)
    return finds


def _places(
    sought: Sought, folded: Folded, words: Words, target: str, source: str
) -> Iterator[Span]:
    """Where one form stands in the translation as a word."""
    form, text = sought.form, folded.text
    at = text.find(form.key)
    while at >= 0:
        end: int | None = at + len(form.key)
        assert end is not None
        if form.cased is not None and not _cased(form.cased, at, end, words):
            end = None
        elif form.stem:
            end = words.verb_end(at, end)
        elif not words.stand(at, end, sought.bounds, lenient=True):
            end = None
        if end is not None and sought.verbatim is not None:
            stands = target[folded.given_start(at) : folded.given_end(end)]
            if stands not in sought.verbatim and stands != source:
                end = None
        if end is not None:
            yield at, end
        at = text.find(form.key, at + 1)


def _cased(cased: str, start: int, end: int, words: Words) -> bool:
    stands = words.cased(start, end)
    if stands == cased:
        return True
    return stands[1:] == cased[1:] and stands[0] == cased[0].upper() and words.opens_sentence(start)


def _share_spare(occurrences: Sequence[Occurrence], finds: list[_Finds], length: int) -> None:
    """A longer term that stands more often than in the source also serves the shorter inside it.

    "The language model ... the model" may be 언어 모델 both times.
    """
    spare = bytearray(length)
    for occurrence, found in zip(occurrences, finds, strict=True):
        for start, end in sorted(found.usable)[len(occurrence.spans) :]:
            spare[start:end] = b"\x01" * (end - start)
    for found in finds:
        if not found.usable:
            served = {span for span in found.inside if spare[span[0]] and spare[span[1] - 1]}
            found.usable.update(served)


def _unexplained(
    index: int, occurrences: Sequence[Occurrence], finds: list[_Finds]
) -> list[tuple[Span, Sought]]:
    """Banned terms in the translation that no other concept of the source accounts for."""
    mine = finds[index]
    found = []
    for span, sought in sorted(mine.banned.items(), key=lambda item: item[0]):
        users = [at for at, other in enumerate(finds) if at != index and span in other.usable]
        enough = any(len(finds[at].usable) <= len(occurrences[at].spans) for at in users)
        if not users or (not mine.usable and not enough):
            found.append((span, sought))
    return found


def _outcome(
    occurrence: Occurrence,
    found: _Finds,
    banned: list[tuple[Span, Sought]],
    folded: Folded,
    target: str,
) -> TermOutcome:
    demand = occurrence.demand
    strength, condition = demand.strength, demand.condition
    spans = sorted(found.usable)
    outcome = Outcome.APPLIED if spans else Outcome.MISSED
    if banned:
        outcome, spans = Outcome.VIOLATED, [span for span, _ in banned]
        worst = banned[0][1].term
        strength, condition = worst.strength, joined_conditions((demand.term, worst))
    given = tuple((folded.given_start(start), folded.given_end(end)) for start, end in spans)
    first, *homonyms = demand.concepts
    return TermOutcome(
        first.id,
        occurrence.glossary,
        demand.term.text,
        outcome,
        strength,
        demand.expected,
        target[slice(*given[0])] if given else None,
        condition,
        tuple(occurrence.spans),
        given,
        tuple(concept.id for concept in homonyms),
    )
