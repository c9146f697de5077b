"""The marks around an item: what lies between them is text to translate and nothing else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

FENCE_DIGITS = 12


def fence_for(texts: Mapping[str, str], beside: Sequence[str] = ()) -> str:
    """Make the code of an item's marks: 12 hexadecimal digits that occur in none of its texts.

    Nor do they occur in the texts that stand ``beside`` the item, which do not change the code
    otherwise. A model that saw the item's marks may have written them into such a text.

    The code is the beginning of the SHA-256 of the keys and texts. It is derived, not random, so
    that the same item always gives the same prompt: translations can be cached, replayed and
    compared. It is as safe as a random one, because an author would have to write a text that
    contains its own hash, and if one ever does, the hash is taken again with a counter until the
    code is in no text.
    """
    content = "".join(f"{len(key)}:{key}{len(text)}:{text}" for key, text in texts.items())
    # A lone surrogate cannot be sent, but saying so is the border's work, not the hash's.
    data = content.encode("utf-8", errors="surrogatepass")
    counter = 0
    while True:
        digest = hashlib.sha256(data + (f"#{counter}".encode() if counter else b""))
        fence = digest.hexdigest()[:FENCE_DIGITS]
        if not any(fence in text for text in (*texts, *texts.values(), *beside)):
            return fence
        counter += 1


def field_mark(fence: str, key: str) -> str:
    """The line before a field's text."""
    return f"[[{fence}:{key}]]"


def end_mark(fence: str) -> str:
    """The line after the last field's text."""
    return f"[[/{fence}]]"


def fenced(fence: str, texts: Mapping[str, str]) -> str:
    """Write texts between their marks, one below the other."""
    sections = [f"{field_mark(fence, key)}\n{text}" for key, text in texts.items()]
    return "\n".join([*sections, end_mark(fence)])


def mark_pattern(fence: str) -> re.Pattern[str]:
    """Match a mark that stands alone on its line; group ``key`` is empty for the end mark."""
    code = re.escape(fence)
    return re.compile(
        rf"^[ \t]*\[\[(?:{code}:(?P<key>[A-Za-z0-9_]+)|/{code})\]\][ \t\r]*$", re.MULTILINE
    )
