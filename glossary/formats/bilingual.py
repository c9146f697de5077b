"""What the layouts of two languages share: rows of source and target, to concepts and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from glossary.concept import Concept, Glossary, Status, Term
from glossary.formats.builder import Builder, join
from glossary.formats.losses import Losses
from glossary.language import Language, Pair


@dataclass(frozen=True, slots=True)
class PairRow:
    """One row: a source term and one way to say it."""

    row: int
    source: str
    target: str
    key: str = ""
    """Rows with the same key are one concept; empty: those with the same source term."""
    note: str = ""
    definition: str = ""
    domain: str = ""
    proposed: bool = False


@dataclass(slots=True)
class Pairs:
    """Gathers rows into concepts: the first target is preferred, later ones are admitted."""

    builder: Builder
    pair: Pair
    groups: dict[tuple[str, str], list[PairRow]] = field(default_factory=dict)

    def add(self, row: PairRow) -> None:
        """Take a row in; one without both terms is a problem."""
        if row.source and row.target:
            key = (row.key, "") if row.key else (row.source, row.domain)
            self.groups.setdefault(key, []).append(row)
            return
        missing = "the source term" if not row.source else "the translation"
        self.builder.problem(row.row, "", f"{missing} is missing", "Fill it in, or remove the row.")

    def finish(self) -> None:
        """Make the concepts."""
        for (key, _), rows in self.groups.items():
            sources = list(dict.fromkeys(row.source for row in rows))
            targets: dict[str, PairRow] = {}
            for row in rows:
                targets.setdefault(row.target, row)
            first = rows[0]
            keep = sources == list(targets)
            terms = [self._source(first, text, index, keep) for index, text in enumerate(sources)]
            terms += [
                self.builder.term(
                    row.row,
                    "target",
                    self.pair.target,
                    text,
                    status=_status(index, row.proposed),
                    keep=keep,
                    note=row.note,
                )
                for index, (text, row) in enumerate(targets.items())
            ]
            self.builder.concept(
                first.row,
                self.builder.usable_id(key, first.source),
                terms,
                domain=first.domain,
                definition=first.definition,
            )

    def _source(self, row: PairRow, text: str, index: int, keep: bool) -> Term | None:
        status = Status.ADMITTED if index else Status.PREFERRED
        return self.builder.term(
            row.row, "source", self.pair.source, text, status=status, keep=keep
        )


def _status(index: int, proposed: bool) -> Status:
    if proposed:
        return Status.PROPOSED
    return Status.ADMITTED if index else Status.PREFERRED


def usable(concept: Concept, language: Language) -> list[Term]:
    """Terms that may be used, the preferred ones first."""
    terms = [term for term in concept.in_language(language) if term.status.usable]
    return sorted(terms, key=lambda term: term.status is not Status.PREFERRED)


def term_pairs(
    glossary: Glossary, pair: Pair, losses: Losses
) -> Iterator[tuple[Concept, Term, Term]]:
    """Each way to say each source term: the best source with all targets, then its synonyms."""
    for concept in glossary.concepts:
        sources, targets = usable(concept, pair.source), usable(concept, pair.target)
        others = {term.language for term in concept.terms} - {pair.source, pair.target}
        if others:
            losses.count("concepts lose their terms in other languages")
        if not sources or not targets:
            losses.count(f"concepts are left out: without a usable term in {pair}")
            continue
        for target in targets:
            yield concept, sources[0], target
        for source in sources[1:]:
            yield concept, source, targets[0]


def comment(concept: Concept, target: Term) -> str:
    """What a person should know: the condition, the note."""
    return join([target.condition, target.note, concept.note])
