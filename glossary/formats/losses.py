"""What a layout leaves out of a glossary, in sentences for the person who exports."""

from __future__ import annotations

from collections import Counter

from glossary.concept import Concept, Glossary, Status, Strength, Term

_WORDS = {
    "strength": "strength",
    "keep": "do not translate",
    "case_sensitive": "case sensitivity",
    "part_of_speech": "part of speech",
    "condition": "condition",
    "note": "note",
    "examples": "examples",
    "domain": "domain",
    "definition": "definition",
    "benchmarks": "benchmarks",
    "contrasts": "contrasts",
}


class Losses:
    """Counts what is left out; only what the glossary really has is told."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self._terms: Counter[str] = Counter()
        self._other: Counter[str] = Counter()

    def all_of(self, *fields: str) -> None:
        """These fields of terms are left out."""
        for concept in self.glossary.concepts:
            for term in concept.terms:
                self._terms.update(_WORDS[field] for field in fields if _set(term, field))

    def all_of_concepts(self, *fields: str) -> None:
        """These fields of concepts are left out."""
        for concept in self.glossary.concepts:
            names = [_WORDS[field] for field in fields if _set(concept, field)]
            self._other.update(f"concepts lose: {name}" for name in names)

    def status(self, *statuses: Status) -> None:
        """Terms of these statuses are left out, or their status is."""
        for concept in self.glossary.concepts:
            for term in concept.terms:
                if term.status in statuses:
                    self._other[f"terms lose their status or are left out: {term.status}"] += 1

    def count(self, what: str) -> None:
        """One more of something that is left out."""
        self._other[what] += 1

    def told(self) -> tuple[str, ...]:
        """One sentence for each kind."""
        return (
            *(f"{count} terms lose: {name}" for name, count in self._terms.items()),
            *(f"{count} {what}" for what, count in self._other.items()),
        )


def _set(thing: Term | Concept, field: str) -> bool:
    value = getattr(thing, field)
    return value is not Strength.HARD if field == "strength" else bool(value)
