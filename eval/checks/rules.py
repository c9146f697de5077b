"""How strictly an item is judged: a level per check, and the linguists' word lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from eval.checks.word_lists import PACKAGED, WordLists


class Level(StrEnum):
    """What the findings of a check do to an item's verdict."""

    HARD = "hard"
    SOFT = "soft"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Rules:
    """Levels by name of check, and word lists.

    A check that has no level here decides for each of its findings whether it is hard.
    """

    levels: Mapping[str, Level] = field(default_factory=dict)
    lists: WordLists = PACKAGED

    def with_levels(self, levels: Mapping[str, Level]) -> Rules:
        """These rules with other levels for some checks."""
        return replace(self, levels={**self.levels, **levels}) if levels else self


DEFAULT_RULES = Rules()
