"""A concept as cells: what can be compared, merged and chosen one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from glossary.concept import Concept, Term
from glossary.language import Language

Key = tuple[str, ...]
"""``("domain",)``, ``("en", "0", "status")``, or ``("en",)`` for all terms of a language."""

_OF_CONCEPT = ("domain", "definition", "benchmarks", "contrasts", "note")
OF_TERM = tuple(name for name in Term.model_fields if name != "language")


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that both sides changed, each in its own way."""

    key: Key
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """``cells`` holds theirs with my changes in it; where both changed a cell, theirs for now."""

    id: str
    cells: dict[Key, Any]
    clashes: tuple[Clash, ...]

    def concept(self, chosen: Iterable[Key] = ()) -> Concept:
        """The concept, with my side of the chosen clashes.

        Raises:
            ValidationError: the sides do not go together.
        """
        mine = {clash.key: clash.mine for clash in self.clashes if clash.key in set(chosen)}
        return build(self.id, {**self.cells, **mine})


def cells_of(concept: Concept, whole: frozenset[Language] = frozenset()) -> dict[Key, Any]:
    """Its cells; the terms of the languages in ``whole`` are one cell each."""
    cells: dict[Key, Any] = {(name,): getattr(concept, name) for name in _OF_CONCEPT}
    for language in Language:
        terms = concept.in_language(language)
        if language in whole:
            cells[(language.value,)] = terms
            continue
        for place, term in enumerate(terms):
            for name in OF_TERM:
                cells[(language.value, str(place), name)] = getattr(term, name)
    return cells


def build(id_: str, cells: Mapping[Key, Any]) -> Concept:
    """The concept that has these cells, its terms in the order of the languages.

    Raises:
        ValidationError: no terms are left, or two are the same.
    """
    terms: list[Any] = []
    for language in Language:
        terms.extend(cells.get((language.value,), ()))
        places: dict[str, dict[str, Any]] = {}
        for key, value in cells.items():
            if key[0] == language and len(key) == 3:
                places.setdefault(key[1], {"language": language})[key[2]] = value
        terms.extend(places[place] for place in sorted(places, key=int))
    fields = {name: cells[(name,)] for name in _OF_CONCEPT}
    return Concept.model_validate({"id": id_, "terms": terms, **fields})


def merge(base: Concept, mine: Concept, theirs: Concept) -> Merge:
    """My changes since ``base`` on top of theirs; cells that both changed differently clash."""
    whole = frozenset(
        language
        for language in Language
        if len({len(side.in_language(language)) for side in (base, mine, theirs)}) > 1
    )
    before, ours, now = (cells_of(side, whole) for side in (base, mine, theirs))
    cells, clashes = dict(now), []
    for key, value in ours.items():
        if value in (before[key], now[key]):
            continue
        if now[key] == before[key]:
            cells[key] = value
        else:
            clashes.append(Clash(key, before[key], value, now[key]))
    return Merge(mine.id, cells, tuple(clashes))
