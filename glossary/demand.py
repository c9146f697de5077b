"""What a concept that occurs in a source demands of the translation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glossary.concept import Concept, Status, Strength, Term
from glossary.language import Language
from glossary.matching.boundaries import Bounds, bounds_of
from glossary.matching.surface import Form, forms_of

_STATUSES = (Status.PREFERRED, Status.ADMITTED, Status.PROPOSED)
_STRENGTHS = (Strength.HARD, Strength.PREFER, Strength.HINT)


@dataclass(frozen=True, slots=True)
class Sought:
    """A form to be looked for in a translation.

    ``verbatim``, where given, are the only ways in which it may stand there, to the letter.
    """

    form: Form
    bounds: Bounds
    term: Term
    banned: bool = False
    verbatim: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """What one concept, or several that the source does not tell apart, demand.

    ``usable`` are the terms that fulfil it, preferred first; ``strength`` is the weakest and
    ``condition`` all conditions of the source's term and of the first usable ones.
    """

    concepts: tuple[Concept, ...]
    term: Term
    usable: tuple[Term, ...]
    banned: tuple[Term, ...]
    strength: Strength
    condition: str

    @property
    def expected(self) -> tuple[str, ...]:
        """The usable terms as the glossary writes them."""
        return tuple(dict.fromkeys(term.text for term in self.usable))

    def sought(self) -> tuple[Sought, ...]:
        """All forms of its terms in a translation."""
        if self.term.keep:
            return tuple(_kept(self.term))
        usable = _forms(self.usable, self.term, banned=False)
        return (*usable, *_forms(self.banned, self.term, banned=True))


def tells(concept: Concept, source: Language, target: Language) -> bool:
    """Has the concept something to say about translations between these languages?

    It has with a term of the target, usable or banned, or where a term of the source is kept.
    """
    return any(term.keep for term in concept.terms) or (
        any(term.language is source for term in concept.terms)
        and any(term.language is target for term in concept.terms)
    )


def demand_of(term: Term, concepts: Sequence[Concept], target: Language) -> Demand:
    """What is demanded where this term of the source may mean any of these concepts.

    What is banned for one of them and usable for another is not banned.
    """
    if term.keep:
        return Demand(tuple(concepts), term, (term,), (), term.strength, term.condition)
    terms = [each for concept in concepts for each in concept.in_language(target)]
    usable = sorted(
        (each for each in terms if each.status.usable),
        key=lambda each: _STATUSES.index(each.status),
    )
    texts = {each.text for each in usable}
    banned = [each for each in terms if each.status.banned and each.text not in texts]
    firsts = [_first(concept, target) for concept in concepts]
    deciding = [term, *(each for each in firsts if each is not None)]
    return Demand(
        tuple(concepts),
        term,
        tuple(usable),
        tuple(banned),
        max((each.strength for each in deciding), key=_STRENGTHS.index),
        joined_conditions(deciding),
    )


def joined_conditions(terms: Iterable[Term]) -> str:
    """The conditions of several terms, each once."""
    return "; ".join(dict.fromkeys(term.condition for term in terms if term.condition))


def _first(concept: Concept, target: Language) -> Term | None:
    usable = [term for term in concept.in_language(target) if term.status.usable]
    return min(usable, key=lambda term: _STATUSES.index(term.status), default=None)


def _forms(terms: Iterable[Term], source: Term, *, banned: bool) -> Iterable[Sought]:
    for term in terms:
        known = term
        if term.part_of_speech is None and term.language is Language.KO:
            # 만들다 is a verb where build is one; Korean verbs share no form with nouns.
            known = term.model_copy(update={"part_of_speech": source.part_of_speech})
        for form in forms_of(known, lenient=True):
            yield Sought(form, bounds_of(form.key), term, banned)


def _kept(term: Term) -> Iterable[Sought]:
    written = frozenset({term.text, *(form.text for form in forms_of(term))})
    for form in forms_of(term):
        yield Sought(form, bounds_of(form.key), term, verbatim=written)
