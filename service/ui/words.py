"""What the pages say, in the reader's language."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

LANGUAGES = {"en": "English", "zh-TW": "繁體中文", "ko": "한국어"}
"""Languages of the pages and their names."""


_OUR_WORDS = ("what", "status")
"""Gaps that the glossary fills with words of its own; in the others a term may stand."""


@cache
def table(language: str) -> dict[str, str]:
    """All words of a language by key."""
    file = resources.files("service.ui") / "words" / f"{language}.yaml"
    words: dict[str, str] = yaml.safe_load(file.read_text("utf-8"))
    return words


@cache
def messages(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What the glossary says of files and terms, as patterns, and how the pages say it."""
    file = resources.files("service.ui") / "words" / "messages.yaml"
    said: dict[str, dict[str, str]] = yaml.safe_load(file.read_text("utf-8"))
    told = {english: in_all[language] for english, in_all in said.items() if language in in_all}
    by_gaps = sorted(told, key=lambda english: english.count("{"))  # one that says more comes first
    return tuple((_pattern(english), told[english]) for english in by_gaps)


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", english)
    gaps = (
        f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile("".join(gaps), re.DOTALL)


class Words:
    """The words of one language: ``words("changed_by", who="Lin")``."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._table = table(self.language)

    def __call__(self, key: str, **fields: Any) -> str:
        """The words of a key with its fields filled in."""
        return self._table[key].format(**fields)

    def message(self, english: str) -> str:
        """A message of the glossary in this language; as it is where nobody translated it."""
        for pattern, told in messages(self.language):
            if found := pattern.fullmatch(english):
                gaps = found.groupdict()
                ours = {name: self.message(gaps[name]) for name in gaps if name in _OUR_WORDS}
                return told.format(**{**gaps, **ours})
        return english

    def of(self, prefix: str) -> dict[str, str]:
        """All words whose key begins so, by the rest of the key: what scripts are given."""
        return {k.removeprefix(prefix): v for k, v in self._table.items() if k.startswith(prefix)}


def preferred(accept: str) -> str:
    """The pages' language for a browser's ``Accept-Language``, which lists the best first."""
    for tag in accept.lower().split(","):
        name = tag.split(";")[0].strip()
        if name.startswith("zh"):
            return "zh-TW"
        if name[:2] in LANGUAGES:
            return name[:2]
    return "en"
