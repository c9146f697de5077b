"""Reading TBX of any kind: version 2 (martif) and 3, data categories as attributes or as tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from glossary.concept import Status, Term
from glossary.errors import GlossaryError
from glossary.formats.builder import Builder, join
from glossary.formats.errors import BadFile
from glossary.formats.port import Imported, ReadOptions
from glossary.formats.tbx_fields import (
    POS_FROM_TBX,
    concept_fields,
    split_notes,
    status_of,
    term_fields,
)
from glossary.formats.xml import parse_xml
from glossary.language import Language, parse_language

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTRY = ("conceptEntry", "termEntry")
_SECTION = ("langSec", "langSet")
_TERM = ("termSec", "tig", "ntig")
_WRAPPED = re.compile(r"\s*\n\s*")


def read_tbx(data: bytes, options: ReadOptions, format_name: str) -> Imported:
    """Read a TBX file.

    Raises:
        FormatError: no TBX, unsafe or no well-formed XML.
    """
    root = parse_xml(data, options.encoding)
    if _name(root) not in ("tbx", "martif"):
        raise BadFile(
            f"The file is XML, but <{_name(root)}>, not TBX.",
            "Export it as TBX, or as CSV, from the tool that wrote it.",
        )
    reader = _Reader(Builder(format_name, options), root)
    for entry in root.iter(etree.Element):
        if _name(entry) in _ENTRY:
            reader.entry(entry)
    reader.tell_unread()
    header = reader.header
    return reader.builder.finish(
        stamp=header.get("glossary", [""])[0],
        title=header.get("title", [""])[0],
        description=header.get("description", [""])[0],
    )


class _Reader:
    def __init__(self, builder: Builder, root: etree._Element) -> None:
        self.builder = builder
        self.unread: Counter[str] = Counter()
        paragraphs = [_raw(each) for each in root.iter("{*}p") if _in_header(each)]
        _, self.header = split_notes(paragraphs)
        # Others wrap their lines; what we wrote holds just the breaks that are meant.
        self.own = "glossary" in self.header
        titles = [self._text(each) for each in root.iter("{*}title")]
        if titles:
            self.header["title"] = titles

    def _text(self, element: etree._Element) -> str:
        text = _raw(element)
        return text if self.own else _WRAPPED.sub(" ", text)

    def entry(self, entry: etree._Element) -> None:
        """One concept."""
        builder, row = self.builder, _line(entry)
        found = len(builder.problems)
        said = self._categories(entry)
        fields = concept_fields(said.pop("note", []))
        id_ = fields.pop("id", entry.get("id", ""))
        terms: list[tuple[int, Term]] = []
        for section in entry.iterchildren(etree.Element):
            if _name(section) in _SECTION:
                self._section(section, terms, said)
        if len(builder.problems) > found:
            return
        if not terms:
            builder.problem(
                row,
                id_,
                "no term is in a language that we have",
                "Nothing is to be done, unless a language is missing: see the notes.",
            )
            return
        terms.sort(key=lambda pair: pair[0])
        keep = "no" in (text.casefold() for text in said.get("Translation needed", []))
        builder.concept(
            row,
            builder.usable_id(id_, terms[0][1].text),
            [_kept(term) if keep else term for _, term in terms],
            domain=join(said.get("subjectField", [])),
            definition=join(said.get("definition", [])),
            **fields,
        )

    def _section(
        self,
        section: etree._Element,
        terms: list[tuple[int, Term]],
        concept: dict[str, list[str]],
    ) -> None:
        language = self._language(section)
        if language is None:
            return
        said = self._categories(section)
        concept.setdefault("definition", []).extend(said.get("definition", []))
        for element in section.iterchildren(etree.Element):
            if _name(element) in _TERM:
                first = not any(term.language is language for _, term in terms)
                self._term(element, language, first, terms)

    def _language(self, section: etree._Element) -> Language | None:
        tag = section.get(_LANG) or section.get("lang") or ""
        for role, named in self.builder.options.columns.items():
            if named == tag:
                tag = role
        try:
            return parse_language(tag)
        except GlossaryError:
            self.unread[tag] += 1
            return None

    def _term(
        self,
        element: etree._Element,
        language: Language,
        first: bool,
        terms: list[tuple[int, Term]],
    ) -> None:
        row = _line(element)
        said = self._categories(element)
        texts = said.get("term", [])
        fields = term_fields([*said.get("note", []), *said.get("usageNote", [])])
        position = fields.pop("position", str(len(terms)))
        if "status" not in fields:
            given = [*said.get("administrativeStatus", []), *said.get("normativeAuthorization", [])]
            status = status_of(given[0]) if given else None
            fields["status"] = status or (Status.PREFERRED if first else Status.ADMITTED)
        part = POS_FROM_TBX.get(next(iter(said.get("partOfSpeech", [])), "").casefold())
        fields.setdefault("part_of_speech", part)
        # Weblate says it of a term, the Translate Toolkit of an entry.
        fields["keep"] |= "no" in (text.casefold() for text in said.get("translationNote", []))
        term = self.builder.term(
            row,
            f"{language} term",
            language,
            texts[0] if texts else "",
            examples=tuple(said.get("context", [])),
            **fields,
        )
        if term is not None:
            terms.append((int(position) if position.isdecimal() else len(terms), term))

    def _categories(self, level: etree._Element) -> dict[str, list[str]]:
        """Texts by data category, of this level and not of those inside it."""
        said: dict[str, list[str]] = {}
        for element in _own_level(level):
            category = element.get("type") or _name(element)
            if len(element) == 0 or _name(element) in ("term", "note", "descrip", "termNote"):
                said.setdefault(category, []).append(self._text(element))
        return said

    def tell_unread(self) -> None:
        """Say which languages were passed over."""
        for tag, count in self.unread.items():
            if tag.casefold() == "zh":
                self.builder.problem(
                    None,
                    tag,
                    f"{count} entries are in zh, which says neither Traditional nor Simplified",
                    "Say which it is: columns=zh-TW=zh or columns=zh-CN=zh.",
                )
            else:
                self.builder.notes.append(
                    f"Passed over: {count} sections in {tag or 'no language'}, which we have not."
                )


def _own_level(level: etree._Element) -> Iterator[etree._Element]:
    for child in level.iterchildren(etree.Element):
        if _name(child) in _SECTION or (_name(level) not in _TERM and _name(child) in _TERM):
            continue
        yield child
        yield from _own_level(child)


def _kept(term: Term) -> Term:
    return term.model_copy(update={"keep": True})


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _line(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def _raw(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext()).strip()


def _in_header(element: etree._Element) -> bool:
    return any(_name(parent) in ("tbxHeader", "martifHeader") for parent in element.iterancestors())
