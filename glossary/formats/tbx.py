"""Writing TBX: version 3 (TBX-Basic, both styles) and version 2 (martif), which Weblate loads.

``docs/glossary-formats.md`` tells which field goes where; what TBX has no word for is a note
(``tbx_fields``), so all three read back as the same glossary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from lxml import etree

from glossary.concept import Concept, Glossary, Status, Term
from glossary.formats.port import (
    Imported,
    ReadOptions,
    WriteOptions,
    Written,
    name_and_version,
)
from glossary.formats.tbx_fields import (
    POS_TO_TBX,
    STATUS_TO_TBX,
    concept_notes,
    own_field,
    term_notes,
)
from glossary.formats.tbx_read import read_tbx
from glossary.language import Language

CORE = "urn:iso:std:iso:30042:ed-2"
MIN = "http://www.tbxinfo.net/ns/min"
BASIC = "http://www.tbxinfo.net/ns/basic"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
_MODULES = {
    "subjectField": MIN,
    "partOfSpeech": MIN,
    "administrativeStatus": MIN,
    "definition": BASIC,
    "context": BASIC,
}


class _Tbx:
    name: ClassVar[str]
    media_type = "application/x-tbx"
    suffix = ".tbx"
    lossless = True
    namespace = f"{{{CORE}}}"
    header, entry_tag, section_tag, term_tag = "tbxHeader", "conceptEntry", "langSec", "termSec"
    forbidden_known = False

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read TBX of any version and style."""
        return read_tbx(data, options, self.name)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write all of a glossary."""
        root = self._root(glossary)
        self._add_header(root, glossary)
        body = self._add(self._add(root, "text"), "body")
        for index, concept in enumerate(glossary.concepts, start=1):
            self._concept(body, concept, index)
        etree.indent(root, "  ")
        data = etree.tostring(root, encoding="utf-8", xml_declaration=True)
        empty = () if glossary.concepts else ("TBX wants at least one concept; there is none.",)
        return Written(data + b"\n", empty)

    def _root(self, glossary: Glossary) -> etree._Element:
        raise NotImplementedError

    def _category(self, parent: etree._Element, element: str, category: str, text: str) -> None:
        """A data category as an attribute of a general element."""
        self._add(parent, element, text, type=category)

    def _add(
        self, parent: etree._Element, tag: str, text: str | None = None, **attributes: str
    ) -> etree._Element:
        child = etree.SubElement(parent, f"{self.namespace}{tag}", attributes)
        child.text = text
        return child

    def _add_header(self, root: etree._Element, glossary: Glossary) -> None:
        description = self._add(self._add(root, self.header), "fileDesc")
        if glossary.title:
            self._add(self._add(description, "titleStmt"), "title", glossary.title)
        source = self._add(description, "sourceDesc")
        self._add(source, "p", own_field("glossary", name_and_version(glossary)))
        if glossary.description:
            self._add(source, "p", own_field("description", glossary.description))

    def _concept(self, body: etree._Element, concept: Concept, index: int) -> None:
        # An id of XML begins with a letter and has no colon; ours may.
        shown = concept.id if _XML_ID.fullmatch(concept.id) else f"_{index}"
        entry = self._add(body, self.entry_tag, id=shown)
        if concept.domain:
            self._category(entry, "descrip", "subjectField", concept.domain)
        if concept.definition:
            self._category(entry, "descrip", "definition", concept.definition)
        self._say_keep(entry, concept)
        for note in concept_notes(concept, shown):
            self._add(entry, "note", note)
        for language, terms in _by_language(concept):
            section = self._add(entry, self.section_tag)
            section.set(_LANG, language.value)
            for position, term in terms:
                self._term(section, term, position)

    def _say_keep(self, entry: etree._Element, concept: Concept) -> None:
        """Version 3 has no word for it; the note of the term says it."""

    def _term(self, section: etree._Element, term: Term, position: int | None) -> None:
        element = self._add(section, self.term_tag)
        self._add(element, "term", term.text)
        if term.part_of_speech:
            self._category(element, "termNote", "partOfSpeech", POS_TO_TBX[term.part_of_speech])
        status = self._status(term.status)
        if status:
            self._category(element, "termNote", "administrativeStatus", status)
        for example in term.examples:
            self._category(element, "descrip", "context", example)
        for note in term_notes(term, position, forbidden_known=self.forbidden_known):
            self._add(element, "note", note)

    def _status(self, status: Status) -> str | None:
        return STATUS_TO_TBX.get(status)


class TbxDca(_Tbx):
    """TBX-Basic, data categories as attributes."""

    name = "tbx"
    title = "TBX 3 (TBX-Basic, DCA)"
    style = "dca"

    def _root(self, glossary: Glossary) -> etree._Element:
        root = etree.Element(f"{{{CORE}}}tbx", nsmap=self._prefixes())
        root.set("type", "TBX-Basic")
        root.set("style", self.style)
        root.set(_LANG, "en")
        return root

    def _prefixes(self) -> Any:
        return {None: CORE}


class TbxDct(TbxDca):
    """TBX-Basic, data categories as tags."""

    name = "tbx-dct"
    title = "TBX 3 (TBX-Basic, DCT)"
    style = "dct"

    def _prefixes(self) -> Any:
        return {None: CORE, "min": MIN, "basic": BASIC}

    def _category(self, parent: etree._Element, element: str, category: str, text: str) -> None:
        child = etree.SubElement(parent, f"{{{_MODULES[category]}}}{category}")
        child.text = text


class TbxV2(_Tbx):
    """TBX 2, also called martif: what Weblate and the Translate Toolkit read and write."""

    name = "tbx-v2"
    title = "TBX 2 (martif; Weblate, Translate Toolkit)"
    namespace = ""
    header, entry_tag, section_tag, term_tag = "martifHeader", "termEntry", "langSet", "tig"
    forbidden_known = True

    def _root(self, glossary: Glossary) -> etree._Element:
        root = etree.Element("martif", type="TBX")
        root.set(_LANG, "en")
        return root

    def _say_keep(self, entry: etree._Element, concept: Concept) -> None:
        """Weblate makes the entry read-only."""
        if all(term.keep for term in concept.terms):
            self._category(entry, "descrip", "Translation needed", "No")

    def _status(self, status: Status) -> str | None:
        return "forbidden" if status is Status.FORBIDDEN else STATUS_TO_TBX.get(status)


def _by_language(
    concept: Concept,
) -> Iterator[tuple[Language, Sequence[tuple[int | None, Term]]]]:
    """Terms under their language; with their position where that would change their order."""
    groups: dict[Language, list[tuple[int, Term]]] = {}
    for position, term in enumerate(concept.terms):
        groups.setdefault(term.language, []).append((position, term))
    order = [position for group in groups.values() for position, _ in group]
    moved = order != sorted(order)
    for language, group in groups.items():
        yield language, [(position if moved else None, term) for position, term in group]
