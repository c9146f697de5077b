"""XML that comes from anywhere: no entities, no bombs, nothing fetched."""

from __future__ import annotations

import re
from xml.parsers import expat

from lxml import etree

from glossary.formats.errors import BadFile, UnsafeFile
from glossary.formats.text import decode

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def refuse_entities(data: bytes) -> None:
    """Look through XML for declarations of entities and stop at the first.

    Raises:
        UnsafeFile: it declares one. BadFile: it is no well-formed XML.
    """

    def refuse(name: str, *_: object) -> None:
        raise UnsafeFile(
            f"The file declares the XML entity {name!r}, which can hide other files or a bomb.",
            "Write the text itself where the entity stands, and remove the declaration.",
        )

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadFile(
            f"the XML is not well-formed ({expat.ErrorString(error.code)}).",
            "Export it anew from the tool that wrote it.",
            error.lineno,
        ) from None


def parse_xml(data: bytes, encoding: str | None = None) -> etree._Element:
    """The root element. A DOCTYPE that only names a DTD is passed over; the DTD is never read.

    Raises:
        UnsafeFile: it declares entities. BadFile: no well-formed XML. BadEncoding.
    """
    declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
    said = encoding or (declared[1].decode("ascii") if declared else None)
    text = decode(data, said).text
    # What it said of its encoding is no longer true.
    clean = _DECLARATION.sub("", text, count=1).encode("utf-8")
    refuse_entities(clean)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(clean, parser)
    except etree.XMLSyntaxError as error:
        raise BadFile(
            f"the XML cannot be read ({error.msg}).",
            "Export it anew from the tool that wrote it.",
            error.lineno,
        ) from None
