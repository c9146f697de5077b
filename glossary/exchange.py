"""Glossaries from files: what an import would change, and the edits that do it.

A file never deletes a concept. One that we exported says all of its concepts; any other adds what
it says to what is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from glossary.concept import Concept, Glossary, Status, Term
from glossary.formats.detect import read_glossary
from glossary.formats.port import Imported
from glossary.language import Language
from glossary.store.port import Action, Edit

__all__ = ["Effect", "Entry", "FieldChange", "Preview", "preview", "read_glossary"]


class Effect(StrEnum):
    """What an import would do with a concept."""

    ADDED = "added"
    CHANGED = "changed"
    CONFLICT = "conflict"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a concept or of a term, before and after; empty: not there."""

    where: str
    """``definition``, or ``ko 배열: status``."""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept of the file against the glossary."""

    effect: Effect
    concept: Concept
    """What it would become."""
    existing: Concept | None
    row: int | None
    changes: tuple[FieldChange, ...] = ()
    why: str = ""
    """Of a conflict: what stands against what."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, before it does anything."""

    glossary: str
    imported: Imported
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = field(default=())

    def of(self, effect: Effect) -> list[Entry]:
        """The concepts with this effect."""
        return [entry for entry in self.entries if entry.effect is effect]

    @property
    def counts(self) -> Mapping[Effect, int]:
        """How many concepts each effect has."""
        counted = Counter(entry.effect for entry in self.entries)
        return {effect: counted[effect] for effect in Effect}

    def edits(
        self, *, accept: Iterable[str] = (), versions: Mapping[str, int] | None = None
    ) -> list[Edit]:
        """Edits for the store: what is added and changed, and the conflicts in ``accept`` (ids).

        ``versions`` are the concepts' versions that the preview was made from; with them a change
        that came in between is refused by the store.
        """
        accepted = set(accept)
        edits: dict[str, Edit] = {}
        for entry in self.entries:
            taken = entry.effect in (Effect.ADDED, Effect.CHANGED) or (
                entry.effect is Effect.CONFLICT and entry.concept.id in accepted
            )
            if taken:
                id_ = entry.concept.id
                expected = None if versions is None else versions.get(id_, 0)
                edits[id_] = Edit.put(entry.concept, expected, Action.IMPORTED)
        return list(edits.values())


def preview(
    imported: Imported, glossary: Glossary, *, changed_in: Mapping[str, int] | None = None
) -> Preview:
    """Compare a file with a glossary.

    ``changed_in`` is the glossary's version in which each concept was last changed: with it, a
    concept that was changed after the file was exported is a conflict.
    """
    same = imported.own and imported.glossary.name == glossary.name
    exported_at = imported.glossary.version if same else None
    matcher = _Existing(glossary, trust_ids=same)
    entries = []
    for concept in imported.glossary.concepts:
        entry = _entry(concept, imported, matcher)
        since = (changed_in or {}).get(entry.concept.id, 0)
        if entry.effect is Effect.CHANGED and exported_at is not None and since > exported_at:
            why = f"It was changed in version {since}; the file was exported at {exported_at}."
            entry = Entry(
                Effect.CONFLICT, entry.concept, entry.existing, entry.row, entry.changes, why
            )
        if entry.effect in (Effect.ADDED, Effect.CHANGED):
            matcher.put(entry.concept)
        entries.append(entry)
    notes = []
    if exported_at is not None and exported_at < glossary.version and changed_in is None:
        notes.append(
            f"The file was exported at version {exported_at}, the glossary is at "
            f"{glossary.version}: what was changed between is not told apart."
        )
    return Preview(glossary.name, imported, tuple(entries), tuple(notes))


class _Existing:
    """The glossary as it would be, concept by concept of the file."""

    def __init__(self, glossary: Glossary, *, trust_ids: bool) -> None:
        self.trust_ids = trust_ids
        self.by_id: dict[str, Concept] = {}
        self.by_term: dict[tuple[Language, str], list[str]] = {}
        for concept in glossary.concepts:
            self.put(concept)

    def put(self, concept: Concept) -> None:
        """Add a concept, or put it in place of the one with its id."""
        self.by_id[concept.id] = concept
        for term in concept.terms:
            ids = self.by_term.setdefault((term.language, term.text.casefold()), [])
            if concept.id not in ids:
                ids.append(concept.id)

    def find(self, concept: Concept, *, by_id: bool) -> list[Concept]:
        """The concept that is meant: by id, else those with the same source term and domain."""
        same = self.by_id.get(concept.id) if by_id else None
        if same and (self.trust_ids or _keys(same) & _keys(concept)):
            return [same]
        source = concept.terms[0]
        ids = self.by_term.get((source.language, source.text.casefold()), ())
        found = [self.by_id[id_] for id_ in ids]
        found = [
            each
            for each in found
            if (source.language, source.text.casefold()) in _keys(each)
            and (not concept.domain or not each.domain or each.domain == concept.domain)
        ]
        shared = [each for each in found if len(_keys(each) & _keys(concept)) > 1]
        return shared[:1] or found

    def free_id(self, id_: str) -> str:
        """This id, or with a number where another concept has it."""
        free, count = id_, 1
        while free in self.by_id:
            count += 1
            free = f"{id_[:90]}-{count}"
        return free


def _keys(concept: Concept) -> set[tuple[Language, str]]:
    return {(term.language, term.text.casefold()) for term in concept.terms}


def _entry(concept: Concept, imported: Imported, existing: _Existing) -> Entry:
    row = imported.rows.get(concept.id)
    found = existing.find(concept, by_id=concept.id not in imported.invented)
    if not found:
        new = concept.model_copy(update={"id": existing.free_id(concept.id)})
        return Entry(Effect.ADDED, new, None, row)
    if len(found) > 1:
        names = ", ".join(each.id for each in found[:5])
        new = concept.model_copy(update={"id": existing.free_id(concept.id)})
        why = f"Several concepts have the term {concept.terms[0].text!r}: {names}."
        return Entry(Effect.CONFLICT, new, None, row, why=why)
    (before,) = found
    whole = imported.complete and existing.trust_ids and before.id == concept.id
    after = concept if whole else _merged(before, concept)
    changes = tuple(_changes(before, after))
    if not changes:
        return Entry(Effect.UNCHANGED, before, before, row)
    why = "" if whole else "; ".join(_told(*each) for each in _against(before, concept))
    return Entry(Effect.CONFLICT if why else Effect.CHANGED, after, before, row, changes, why)


def _merged(before: Concept, said: Concept) -> Concept:
    """What is there, with what the file says on top; what it does not say stays."""
    lost = {language for language, _, _ in _against(before, said)}
    terms = [
        _demoted(term) if term.language in lost and term.status is Status.PREFERRED else term
        for term in before.terms
    ]
    for term in said.terms:
        at = next((n for n, each in enumerate(terms) if _same(each, term)), None)
        if at is not None:
            terms[at] = _term_on_top(terms[at], term)
        elif any(_preferred(each, term.language) for each in terms):
            terms.append(_demoted(term) if term.status is Status.PREFERRED else term)
        else:
            terms.append(term)
    update: dict[str, object] = {"terms": tuple(terms)}
    for name in ("domain", "definition", "note", "benchmarks", "contrasts"):
        if getattr(said, name):
            update[name] = getattr(said, name)
    return before.model_copy(update=update)


def _demoted(term: Term) -> Term:
    return term.model_copy(update={"status": Status.ADMITTED})


def _preferred(term: Term, language: Language) -> bool:
    return term.language is language and term.status is Status.PREFERRED


def _same(one: Term, other: Term) -> bool:
    if one.language is not other.language:
        return False
    exact = one.case_sensitive or other.case_sensitive
    return one.text == other.text or (not exact and one.text.casefold() == other.text.casefold())


def _term_on_top(before: Term, said: Term) -> Term:
    update = {
        name: getattr(said, name)
        for name in ("keep", "condition", "note", "examples", "part_of_speech")
        if getattr(said, name)
    }
    if said.status.usable is not before.status.usable:
        update["status"] = said.status
    return before.model_copy(update=update)


def _against(before: Concept, said: Concept) -> list[tuple[Language, list[str], list[str]]]:
    """Languages in which the two share no term that may be used, with the terms of both."""
    against = []
    for language in dict.fromkeys(term.language for term in said.terms):
        ours = [term.text for term in before.in_language(language) if term.status.usable]
        theirs = [term.text for term in said.in_language(language) if term.status.usable]
        shared = set(map(str.casefold, ours)) & set(map(str.casefold, theirs))
        if ours and theirs and not shared:
            against.append((language, ours, theirs))
    return against


def _told(language: Language, ours: Sequence[str], theirs: Sequence[str]) -> str:
    return f"{language}: the glossary has {', '.join(ours)}, the file {', '.join(theirs)}"


def _changes(before: Concept, after: Concept) -> Iterable[FieldChange]:
    for name in ("domain", "definition", "benchmarks", "contrasts", "note"):
        yield from _change(name, getattr(before, name), getattr(after, name))
    ours = {(term.language, term.text): term for term in before.terms}
    theirs = {(term.language, term.text): term for term in after.terms}
    for key, term in ours.items():
        if key not in theirs:
            yield FieldChange(f"{term.language} term", term.text, "")
    for key, term in theirs.items():
        if key not in ours:
            yield FieldChange(f"{term.language} term", "", term.text)
            continue
        for name in Term.model_fields:
            where = f"{term.language} {term.text}: {name}"
            yield from _change(where, getattr(ours[key], name), getattr(term, name))
    kept = [key for key in ours if key in theirs]
    if kept != [key for key in theirs if key in ours]:
        yield FieldChange("order of terms", _listed(before.terms), _listed(after.terms))


def _change(where: str, before: object, after: object) -> Iterable[FieldChange]:
    if before != after:
        yield FieldChange(where, _shown(before), _shown(after))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _listed(terms: Sequence[Term]) -> str:
    return ", ".join(term.text for term in terms)
