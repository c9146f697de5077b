"""How strictly an item is judged: a level per check, the linguists' word lists and terms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from eval.checks.word_lists import PACKAGED, WordLists
from glossary.terminology import Terminology


class Level(StrEnum):
    """What the findings of a check do to an item's verdict."""

    HARD = "hard"
    SOFT = "soft"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Rules:
    """Levels by name of check, word lists, and the terms of the glossaries, if there are any.

    A check that has no level here decides for each of its findings whether it is hard.
    """

    levels: Mapping[str, Level] = field(default_factory=dict)
    lists: WordLists = PACKAGED
    terminology: Terminology | None = None

    @property
    def signature(self) -> dict[str, str]:
        """What of this makes verdicts of two runs incomparable: levels, own lists, glossaries."""
        parts = {}
        if self.levels:
            levels = sorted(self.levels.items())
            parts["checks"] = ",".join(f"{name}={level}" for name, level in levels)
        if self.lists is not PACKAGED:
            parts["lists"] = hashlib.sha256(repr(self.lists).encode()).hexdigest()[:12]
        if self.terminology is not None:
            parts["terms"] = self.terminology.stamp
        return parts


DEFAULT_RULES = Rules()
