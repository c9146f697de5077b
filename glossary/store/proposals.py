"""What a linguist decides about proposed terms, as edits of a store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from glossary.concept import Concept, Status, Term
from glossary.language import Language
from glossary.store.errors import NotProposed
from glossary.store.port import Action, Edit, Query, Store

_ALL = 10**9


def accepted(concept: Concept, languages: Collection[Language] = ()) -> Concept:
    """A concept with its proposed terms accepted: preferred, or admitted beside a preferred one.

    Only terms of ``languages``, if any are given.
    """
    preferred = {term.language for term in concept.terms if term.status is Status.PREFERRED}
    terms = []
    for term in concept.terms:
        if _asked(term, languages):
            status = Status.ADMITTED if term.language in preferred else Status.PREFERRED
            preferred.add(term.language)
            term = term.model_copy(update={"status": status})
        terms.append(term)
    return concept.model_copy(update={"terms": tuple(terms)})


def without_proposed(concept: Concept, languages: Collection[Language] = ()) -> Concept | None:
    """A concept without its proposed terms; ``None`` where nothing else is in it."""
    terms = tuple(term for term in concept.terms if not _asked(term, languages))
    return concept.model_copy(update={"terms": terms}) if terms else None


def accept(
    store: Store,
    name: str,
    seen: Mapping[str, int | None],
    who: str,
    *,
    languages: Collection[Language] = (),
) -> int:
    """Accept the proposed terms of concepts, all or none; the glossary's version then.

    ``seen`` has the concepts' versions by id, ``None`` for whichever it is.

    Raises:
        NotProposed: a concept has no such term.
        UnknownConcept, ConceptChanged: as of ``Store.apply``.
    """
    return _decide(store, name, seen, who, Action.ACCEPTED, accepted, languages)


def reject(
    store: Store,
    name: str,
    seen: Mapping[str, int | None],
    who: str,
    *,
    languages: Collection[Language] = (),
) -> int:
    """Take proposed terms out of concepts, and concepts that hold nothing else out of the glossary.

    ``Store.rejected`` remembers them. Otherwise as ``accept``.
    """
    return _decide(store, name, seen, who, Action.REJECTED, without_proposed, languages)


def _decide(
    store: Store,
    name: str,
    seen: Mapping[str, int | None],
    who: str,
    action: Action,
    decided: Callable[[Concept, Collection[Language]], Concept | None],
    languages: Collection[Language],
) -> int:
    proposals = store.concepts(name, Query(status=Status.PROPOSED, limit=_ALL)).records
    by_id = {each.concept.id: each for each in proposals if each.concept.id in seen}
    edits = []
    for id_, version in seen.items():
        now = by_id.get(id_) or store.concept(name, id_)
        if version is None or version == now.version:
            if not any(_asked(term, languages) for term in now.concept.terms):
                raise NotProposed(id_)
            version = now.version
        edits.append(Edit(id_, decided(now.concept, languages), version, action))
    return store.apply(name, edits, who)


def _asked(term: Term, languages: Collection[Language]) -> bool:
    return term.status is Status.PROPOSED and (not languages or term.language in languages)
