"""Matchers of glossaries, made once: one of 100,000 concepts takes seconds."""

from __future__ import annotations

import threading
from collections import OrderedDict

from glossary.concept import Glossary
from glossary.language import Language
from glossary.match import Matcher

_KEPT = 8


class Matchers:
    """Matchers by glossary, language and benchmark; those used last are kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, Language, str], Matcher] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, glossary: Glossary, language: Language, benchmark: str) -> Matcher:
        """The matcher of a glossary at its version."""
        key = (glossary.stamp, language, benchmark)
        with self._lock:
            found = self._kept.get(key) or Matcher([glossary], language, benchmark=benchmark)
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found
