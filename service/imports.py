"""An import compared with what a glossary holds now: for the command, the API and the pages."""

from __future__ import annotations

from glossary.concept import Glossary
from glossary.exchange import Preview, preview
from glossary.formats.port import Imported
from glossary.store.errors import UnknownGlossary
from glossary.store.port import Query, Store

_ALL = 2**31 - 1


def compare(store: Store, name: str, imported: Imported) -> tuple[Preview, dict[str, int]]:
    """What the import would do, with the concepts' versions that this was made from.

    A glossary that is not there yet counts as an empty one.

    Raises:
        UnknownGlossary: it was deleted: restore it first.
    """
    try:
        version = store.info(name).version
        stored = store.concepts(name, Query(limit=_ALL)).records
    except UnknownGlossary as error:
        if error.deleted_in is not None:
            raise
        version, stored = 0, []
    concepts = tuple(each.concept for each in stored)
    glossary = Glossary(name=name, version=version, concepts=concepts)
    changed_in = {each.concept.id: each.changed_in for each in stored}
    versions = {each.concept.id: each.version for each in stored}
    return preview(imported, glossary, changed_in=changed_in), versions


def make_if_new(store: Store, name: str, said: Glossary, who: str) -> None:
    """Create the glossary, with the title that the file gives, unless it is there."""
    if name not in (each.name for each in store.glossaries()):
        store.create(name, who, title=said.title, description=said.description)
