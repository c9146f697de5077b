"""Errors of the ground floor.

GlossaryError
├── UnknownLanguage     a tag that is none of the four languages
├── AmbiguousLanguage   bare ``zh``: the script decides the translation, so it must be said
└── BadPair             not of the form ``en>zh-TW``
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import ClassVar


def nearest(name: str, known: Iterable[str]) -> str:
    """``Did you mean ...`` for an unknown name, or the list of the known ones."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Known: {', '.join(known)}." if known else "There is none yet."


class GlossaryError(Exception):
    """Root of the package's errors; ``code`` is stable, the message is for people."""

    code: ClassVar[str] = "glossary_error"


class UnknownLanguage(GlossaryError):
    """A language tag that this service does not translate."""

    code = "unknown_language"

    def __init__(self, tag: str, known: list[str]) -> None:
        self.tag, self.known = tag, known
        super().__init__(f"Unknown language {tag!r}. Use one of: {', '.join(known)}.")


class AmbiguousLanguage(GlossaryError):
    """Bare ``zh`` says neither script nor country."""

    code = "ambiguous_language"

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(
            f"Language {tag!r} is ambiguous. Say zh-TW (Traditional Chinese, Taiwan) "
            "or zh-CN (Simplified Chinese, mainland China)."
        )


class BadPair(GlossaryError):
    """A language pair that cannot be read."""

    code = "bad_pair"

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"Cannot read the language pair {text!r}. Write it like en>zh-TW.")
