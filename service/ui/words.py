"""What the pages say, in the reader's language."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

LANGUAGES = {"en": "English", "zh-TW": "繁體中文", "ko": "한국어"}
"""Languages of the pages and their names."""


@cache
def table(language: str) -> dict[str, str]:
    """All words of a language by key."""
    file = resources.files("service.ui") / "words" / f"{language}.yaml"
    words: dict[str, str] = yaml.safe_load(file.read_text("utf-8"))
    return words


class Words:
    """The words of one language: ``words("changed_by", who="Lin")``."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self._table = table(self.language)

    def __call__(self, key: str, **fields: Any) -> str:
        """The words of a key with its fields filled in."""
        return self._table[key].format(**fields)

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
