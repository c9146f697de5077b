"""Text with marks in it as safe HTML: differences word by word, and terms at their places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

_WORD = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|\w+|\s+|.", re.DOTALL)
"""A Han character is a word of its own: Chinese has no spaces to go by."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of code points that gets a CSS class, and a title to be shown on hovering."""

    start: int
    end: int
    kind: str
    title: str = ""
    note: str = ""
    """Stands small behind the marked text."""


def difference(before: str, after: str) -> str:
    """What was taken away (``del``) and what came (``ins``), in one line of HTML."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    parts = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[a:b])), escape("".join(new[c:d]))
        if kind == "equal":
            parts.append(gone)
            continue
        parts.append(f"<del>{gone}</del>" if gone else "")
        parts.append(f"<ins>{come}</ins>" if come else "")
    return "".join(parts)


def marked(text: str, marks: Iterable[Mark]) -> str:
    """The text with its marks; of two that overlap the earlier stands."""
    parts, place = [], 0
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if mark.start < place or mark.end > len(text):
            continue
        parts.append(escape(text[place : mark.start]))
        note = f'<span class="ig-note">{escape(mark.note)}</span>' if mark.note else ""
        parts.append(
            f'<mark class="ig-{mark.kind}" title="{escape(mark.title)}">'
            f"{escape(text[mark.start : mark.end])}{note}</mark>"
        )
        place = mark.end
    parts.append(escape(text[place:]))
    return "".join(parts)


def occurrences(text: str, terms: Iterable[str], kind: str) -> list[Mark]:
    """Where terms stand in a sentence that is known to use one; case does not matter."""
    found = []
    for term in sorted(terms, key=len, reverse=True):
        for match in re.finditer(re.escape(term), text, re.IGNORECASE):
            found.append(Mark(match.start(), match.end(), kind))
    return found
