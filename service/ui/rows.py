"""A concept as a row of the grid, and what becomes of it when a cell of the row is edited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from glossary.concept import Concept, Status, Strength, Term
from glossary.language import Language
from glossary.store.port import StoredConcept
from service.ui.words import Words

COLUMNS = (
    "id",
    "version",
    *Language,
    "status",
    "domain",
    "strength",
    "keep",
    "condition",
    "note",
    "benchmarks",
    "contrasts",
    "changed_at",
    "changed_by",
)
"""What stands in a row, in order. A language's cell is ``null`` or
``[text, status, [other usable terms], [banned terms]]``, with an empty text where all are banned.
"""

_MAIN = (Status.PREFERRED, Status.PROPOSED, Status.ADMITTED)
_LANGUAGES = tuple(language.value for language in Language)
_COMMAS = re.compile(r"\s*[,，、;；\n]\s*")


class MixedCell(ValueError):
    """The terms of a concept do not agree on what one cell of its row would set for all."""


def main_term(concept: Concept, language: Language) -> Term | None:
    """The term that a row shows: the first preferred one, or else proposed, or else admitted."""
    return _main(concept.in_language(language))


def _main(terms: Sequence[Term]) -> Term | None:
    for status in _MAIN:
        for term in terms:
            if term.status is status:
                return term
    return None


def row_of(stored: StoredConcept) -> list[Any]:
    """A row as it is sent to the grid; written for speed, as there may be 50,000 to send."""
    concept = stored.concept
    by_language: dict[str, list[Term]] = {language: [] for language in _LANGUAGES}
    for term in concept.terms:
        by_language[term.language].append(term)
    mains = {language: _main(terms) for language, terms in by_language.items()}
    conditions = [term.condition for term in concept.terms if term.condition]
    return [
        concept.id,
        stored.version,
        *(_cell(terms, mains[language]) for language, terms in by_language.items()),
        _status(concept, mains.values()),
        concept.domain,
        _strength(concept),
        any(term.keep for term in concept.terms),
        " / ".join(dict.fromkeys(conditions)),
        concept.note,
        ", ".join(concept.benchmarks),
        ", ".join(concept.contrasts),
        stored.changed_at.isoformat(timespec="seconds"),
        stored.changed_by,
    ]


def _cell(terms: list[Term], main: Term | None) -> list[Any] | None:
    if not terms:
        return None
    others = [term.text for term in terms if term is not main and term.status in _MAIN]
    banned = [term.text for term in terms if term.status not in _MAIN]
    return [main.text if main else "", main.status if main else "", others, banned]


def _status(concept: Concept, mains: Iterable[Term | None]) -> Status:
    """Proposed as long as any term is, or else what the first term of the row is."""
    for term in concept.terms:
        if term.status is Status.PROPOSED:
            return Status.PROPOSED
    return next((term.status for term in mains if term), concept.terms[0].status)


def _strength(concept: Concept) -> str:
    """What all usable terms share; empty where they differ."""
    strengths = {term.strength for term in concept.terms if term.status in _MAIN}
    return strengths.pop() if len(strengths) == 1 else ""


def edited(concept: Concept, column: str, value: Any) -> Concept:
    """The concept after a cell of its row was given a new value.

    Raises:
        MixedCell: its terms differ in this, so that one value for all would lose something.
        ValidationError: the value does not fit.
    """
    text = value if isinstance(value, str) else ""
    if column in list(Language):
        return _with_term(concept, Language(column), text.strip())
    if column == "status":
        return with_status(concept, Status(value))
    if column == "strength":
        return _with_all(concept, strength=Strength(value))
    if column == "keep":
        return _with_all(concept, keep=bool(value))
    if column == "condition":
        if len({term.condition for term in concept.terms if term.condition}) > 1:
            raise MixedCell(column)
        return _with_all(concept, condition=text)
    if column in ("benchmarks", "contrasts"):
        labels = tuple(dict.fromkeys(filter(None, _COMMAS.split(text.strip()))))
        return checked(concept, **{column: labels})
    if column in ("domain", "note", "definition"):
        return checked(concept, **{column: text})
    raise ValueError(f"no column {column!r} can be edited")


def checked(concept: Concept, **changes: Any) -> Concept:
    """A copy with other fields, validated; terms may be given as they are.

    Raises:
        ValidationError: they do not fit.
    """
    fields = {name: getattr(concept, name) for name in Concept.model_fields}
    return Concept.model_validate({**fields, **changes})


def changed(term: Term, **changes: Any) -> Term:
    """A copy of a term with other fields, validated.

    Raises:
        ValidationError: they do not fit.
    """
    fields = {name: getattr(term, name) for name in Term.model_fields}
    return Term.model_validate({**fields, **changes})


def _with_term(concept: Concept, language: Language, text: str) -> Concept:
    """What was typed into a language's cell; another of its usable terms changes places with it."""
    main = main_term(concept, language)
    if main is None:
        return checked(concept, terms=(*concept.terms, *_new_term(language, text)))
    other = next(
        (t for t in concept.in_language(language) if t.text == text and t is not main), None
    )
    terms = []
    for term in concept.terms:
        if other and other.status.usable and term in (main, other):
            status = main.status if term is other else Status.ADMITTED
            terms.append(changed(term, status=status))
        elif term is not main:
            terms.append(term)
        elif text:
            terms.append(changed(term, text=text))
    return checked(concept, terms=tuple(terms))


def _new_term(language: Language, text: str) -> list[Term]:
    return [Term(language=language, text=text)] if text else []


def _with_all(concept: Concept, **changes: Any) -> Concept:
    terms = (changed(term, **changes) if term.status.usable else term for term in concept.terms)
    return checked(concept, terms=tuple(terms))


def with_status(concept: Concept, status: Status) -> Concept:
    """What a row's status is set to goes to its proposed terms, or else to those that it shows.

    A second preferred term of a language becomes an admitted one.
    """
    proposed = [term for term in concept.terms if term.status is Status.PROPOSED]
    targets = proposed or [main for lang in Language if (main := main_term(concept, lang))]
    targets = targets or list(concept.terms)
    settled = {
        t.language for t in concept.terms if t.status is Status.PREFERRED and t not in targets
    }
    terms = []
    for term in concept.terms:
        if term not in targets:
            terms.append(term)
            continue
        taken = status is Status.PREFERRED and term.language in settled
        terms.append(changed(term, status=Status.ADMITTED if taken else status))
        settled.add(term.language)
    return checked(concept, terms=tuple(terms))


def concept_of(id_: str, values: dict[str, Any]) -> Concept:
    """A new concept from the cells of an empty row; it needs a term in some language.

    Raises:
        ValidationError: there is none, or a value does not fit.
    """
    terms = [t for lang in Language for t in _new_term(lang, str(values.get(lang) or "").strip())]
    concept = Concept.model_validate({"id": id_, "terms": terms})
    for column, value in values.items():
        if value not in ("", None, False) and column not in list(Language):
            concept = edited(concept, column, value)
    return concept


def told(error: ValidationError, words: Words) -> str:
    """What is wrong, in one line and without pydantic's wording."""
    return "; ".join(dict.fromkeys(_fault(fault, words) for fault in error.errors()[:3]))


def _fault(fault: ErrorDetails, words: Words) -> str:
    limits = fault.get("ctx") or {}
    if fault["type"] in ("too_long", "string_too_long"):
        return words("too_long", most=limits["max_length"])
    if fault["type"] == "too_short":
        return words("no_term_left")
    return words.message(str(fault["msg"]).removeprefix("Value error, "))
