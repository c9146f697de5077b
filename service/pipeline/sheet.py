"""The term sheet of a benchmark: what a pre-pass proposes, as a glossary of hints."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from glossary.concept import Concept, Glossary, PartOfSpeech, Status, Strength, Term
from glossary.extraction.extract import Candidate
from glossary.language import Language, Pair
from glossary.matching.match import Matcher
from glossary.store.port import Action, Edit, Store

NAME = "learned"
"""Of every sheet: an item whose terms are the same in two sheets is told the same."""
_EXAMPLES = 3
_VERSION_BYTES = 4


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a candidate is to be called; with ``keep`` it stays as it is everywhere.

    ``condition`` says in which sense, where the benchmark uses it in several.
    """

    candidate: Candidate
    translations: Mapping[Language, str]
    domain: str = ""
    part_of_speech: PartOfSpeech | None = None
    keep: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What linguists have decided already: their glossaries, and what they rejected."""

    glossaries: Sequence[Glossary] = ()
    rejected: Sequence[Concept] = ()

    def open_targets(
        self, source: Language, targets: Sequence[Language], benchmark: str
    ) -> OpenTargets:
        """Answers for one direction; made once for many candidates."""
        refused = Glossary(name="rejected", concepts=_once(self.rejected))
        matcher = Matcher([*self.glossaries, refused], source, benchmark=benchmark)
        return OpenTargets(matcher, source, tuple(targets))

    def without_known(self, sheet: Glossary, pair: Pair, benchmark: str) -> Glossary:
        """A sheet without the terms that have been decided meanwhile, one way or another."""
        opened = self.open_targets(pair.source, [pair.target], benchmark)
        return holding(
            sheet,
            [
                concept
                for concept in sheet.concepts
                if any(opened.of(term.text) for term in concept.in_language(pair.source))
            ],
        )


@dataclass(frozen=True, slots=True)
class OpenTargets:
    """Says for which languages nothing is known of a term."""

    matcher: Matcher
    source: Language
    targets: tuple[Language, ...]

    def of(self, text: str) -> list[Language]:
        """The languages for which a proposal is wanted."""
        closed: set[Language] = set()
        for match in self.matcher.find(text):
            if (match.start, match.end) == (0, len(text)):
                for concept in (match.concept, *match.homonyms):
                    closed |= _closed(concept, self.source)
        return [target for target in self.targets if target not in closed]


def _closed(concept: Concept, source: Language) -> set[Language]:
    others = {term.language for term in concept.terms if term.language != source}
    kept = any(term.keep for term in concept.terms)
    return set(Language) if kept or not others else others


def _once(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Rejected concepts may have had the same id one after the other."""
    return tuple(
        concept.model_copy(update={"id": f"r{number}"}) for number, concept in enumerate(concepts)
    )


@dataclass(slots=True)
class Learned:
    """What a pre-pass found: the sheet for the run, and what became of the candidates."""

    glossary: Glossary
    candidates: list[Candidate]
    """All that counting found, also without a proposal."""
    known: int = 0
    asked: int = 0
    calls: int = 0
    tokens: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    """Reasons for which candidates have no proposal, with how many."""


def sheet_of(proposals: Sequence[Proposal], source: Language, benchmark: str) -> Glossary:
    """The proposals as a glossary of hints."""
    sheet = Glossary(
        name=NAME,
        title=f"Proposals for {benchmark}"[:200],
        description="Found by counting, translated by a model, decided by nobody yet.",
    )
    return holding(sheet, [_concept(proposal, source, benchmark) for proposal in proposals])


def holding(sheet: Glossary, concepts: Iterable[Concept]) -> Glossary:
    """The sheet with these concepts; its version is a number made of them, so stamps differ."""
    held = tuple(concepts)
    content = "\n".join(concept.model_dump_json() for concept in held)
    digest = hashlib.sha256(content.encode()).digest()
    version = int.from_bytes(digest[:_VERSION_BYTES], "big")
    return sheet.model_copy(update={"concepts": held, "version": version})


def distinct(proposals: Sequence[Proposal]) -> tuple[list[Proposal], int]:
    """The proposals without those that would give two terms one translation; how many went.

    Options that differ must differ in the translation. Of two terms the one in more items stays.
    """
    taken: dict[tuple[Language, str], str] = {}
    kept, lost = {}, 0
    for place, proposal in sorted(
        enumerate(proposals), key=lambda entry: (-entry[1].candidate.items, entry[0])
    ):
        own = _spelling(proposal.candidate.text)
        free = {}
        for language, text in proposal.translations.items():
            if taken.setdefault((language, _spelling(text)), own) == own:
                free[language] = text
        lost += len(proposal.translations) - len(free)
        if free or proposal.keep:
            kept[place] = _with_translations(proposal, free)
    return [kept[place] for place in sorted(kept)], lost


def _with_translations(proposal: Proposal, free: Mapping[Language, str]) -> Proposal:
    return Proposal(
        proposal.candidate,
        free,
        proposal.domain,
        proposal.part_of_speech,
        proposal.keep,
        proposal.condition,
    )


def _spelling(text: str) -> str:
    return re.sub(r"[-\s]+", "", text).casefold()


def _concept(proposal: Proposal, source: Language, benchmark: str) -> Concept:
    candidate = proposal.candidate
    part = proposal.part_of_speech
    own = f"{source}:{candidate.text}:{proposal.condition}"
    first = Term(
        language=source,
        text=candidate.text,
        status=Status.PROPOSED,
        strength=Strength.HINT,
        keep=proposal.keep,
        case_sensitive=_needs_case(candidate.text),
        part_of_speech=part,
        condition=proposal.condition,
        examples=tuple(sentence.text for sentence in candidate.sentences[:_EXAMPLES]),
    )
    others = [
        Term(
            language=language,
            text=text,
            status=Status.PROPOSED,
            strength=Strength.HINT,
            part_of_speech=part,
        )
        for language, text in proposal.translations.items()
    ]
    return Concept(
        id=f"p-{hashlib.sha256(own.encode()).hexdigest()[:12]}",
        terms=(first, *others),
        domain=proposal.domain[:200],
        benchmarks=(benchmark[:100],),
        note=f"Stands in {candidate.items:,} items.",
    )


def _needs_case(text: str) -> bool:
    """A name or an acronym of one word: march and aids are not March and AIDS."""
    return text != text.lower() and " " not in text


def edits_for(store: Store, name: str, sheet: Glossary) -> list[Edit]:
    """What puts a sheet into a stored glossary as proposals for a linguist.

    A concept that is there under the same id gets the languages that it lacks; what it has stays.
    """
    there = {concept.id for concept in store.glossary(name).concepts}
    edits = []
    for concept in sheet.concepts:
        if concept.id not in there:
            edits.append(Edit.put(concept, action=Action.PROPOSED))
            continue
        own = store.concept(name, concept.id)
        languages = {term.language for term in own.concept.terms}
        more = tuple(term for term in concept.terms if term.language not in languages)
        if more:
            grown = own.concept.model_copy(update={"terms": (*own.concept.terms, *more)})
            edits.append(Edit.put(grown, own.version, Action.PROPOSED))
    return edits
