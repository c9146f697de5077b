"""A comparison as JUnit XML, which continuous integration shows: a case per number and per item."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from eval.regress.result import Comparison, Decision
from eval.regress.shown import COLUMNS, notes, row, scores, texts

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write, not even escaped."""

_COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def as_junit(result: Comparison) -> str:
    """One case for each number, one for the items together, one for each item that got worse.

    A case fails where it is a regression, and is an error where scores are missing; an item that is
    tolerated is told of as skipped. Names of classes hold benchmark and pair, so that no build
    server takes a case of one language for that of another.
    """
    title = _safe(f"isogloss.{result.benchmark}.{result.pair.replace('>', '-to-')}")
    of_numbers, of_items = f"{title}.numbers", f"{title}.items"
    suite = Xml.Element("testsuite", name=title)
    for change in result.changes:
        case = Xml.SubElement(suite, "testcase", classname=of_numbers, name=change.key)
        cells = [f"{name}: {cell}" for name, cell in zip(COLUMNS, row(change), strict=True)]
        if change.decision is Decision.WORSE:
            _told(case, "failure", f"{change.key} is worse: {change.why}", "\n".join(cells))
        elif change.unmeasured:
            _told(case, "error", f"{change.key}: scores are missing", "\n".join(cells))
        else:
            _text(Xml.SubElement(case, "system-out"), "\n".join(cells))
    items = Xml.SubElement(suite, "testcase", classname=of_items, name="all items")
    _text(Xml.SubElement(items, "system-out"), "\n".join([result.headline, *notes(result)]))
    for item in result.regressed:
        name = _safe(item.pair.id)
        case = Xml.SubElement(suite, "testcase", classname=of_items, name=name)
        lines = [*item.why, *filter(None, [scores(item)])]
        for segment, source, old, new in texts(item):
            lines += ["", f"{segment}:", f"  source: {source}", f"  old: {old}", f"  new: {new}"]
        kind = "failure" if result.fails(item) else "skipped"
        _told(case, kind, ", ".join(item.causes), "\n".join(lines))
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for kind, attribute in _COUNTED.items():
        suite.set(attribute, str(sum(case.find(kind) is not None for case in cases)))
    return Xml.tostring(suite, encoding="unicode", xml_declaration=False) + "\n"


def _told(case: Xml.Element, kind: str, message: str, text: str) -> None:
    _text(Xml.SubElement(case, kind, message=_safe(message)), text)


def _text(element: Xml.Element, text: str) -> None:
    element.text = _safe(text)


def _safe(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
