"""How much is done for an item: levels of effort, and the ways to choose among candidates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.engines.purse import UNLIMITED, Budget
from service.errors import TooManyCandidates
from service.pipeline.scorer import BackTranslating, CandidateScorer

THOROUGH_CANDIDATES = 8
ONLY_TRANSLATES = (
    "This model takes only its makers' prompts for translation: candidates are chosen and missed "
    "terms asked for again, but it is told of no findings, and merges and judges nothing."
)
"""Caveat of a run whose effort asks for more than its model can be asked."""
_FIRST = 2


class Effort(StrEnum):
    """How much is done for an item (docs/effort.md).

    ``DRAFT``: translated, and checked. ``CHECKED``: what the checks found is mended once, if that
    makes it better. ``THOROUGH``: candidates, selection, a critique and one edit besides.
    """

    DRAFT = "draft"
    CHECKED = "checked"
    THOROUGH = "thorough"


class Method(StrEnum):
    """What becomes of the candidates of a thorough translation."""

    BEST_OF_N = "best_of_n"
    FUSE = "fuse"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class Way:
    """All that decides what is done for each item of a run; ``candidates`` is the most.

    ``back`` shows the critique of a thorough run what a translation says in the source's language.
    """

    effort: Effort = Effort.CHECKED
    method: Method = Method.BEST_OF_N
    candidates: int = 1
    budget: Budget = UNLIMITED
    scorer: CandidateScorer | None = None
    back: BackTranslating | None = None

    @property
    def thorough(self) -> bool:
        """Are candidates added as long as they differ?"""
        return self.effort is Effort.THOROUGH

    @property
    def first(self) -> int:
        """Candidates to begin with."""
        return min(_FIRST, self.candidates) if self.thorough else self.candidates

    def __str__(self) -> str:
        return f"{self.effort}/{self.method}" if self.thorough else str(self.effort)

    @property
    def signature(self) -> dict[str, str | None]:
        """What of this makes translations of two runs incomparable."""
        return {
            "effort": str(self.effort),
            "method": str(self.method) if self.thorough else None,
            "n": str(self.candidates),
            "budget": str(self.budget) or None,
            "scorer": self.scorer.signature if self.scorer else None,
            "critique": self.back.signature if self.thorough and self.back else None,
        }


def candidates_for(effort: Effort, wanted: int | None, limit: int) -> int:
    """The most candidates per item; where nobody says a number, it follows from the effort.

    Raises:
        TooManyCandidates: more are wanted than allowed.
    """
    if wanted is None:
        return min(THOROUGH_CANDIDATES, limit) if effort is Effort.THOROUGH else 1
    if wanted > limit:
        raise TooManyCandidates(wanted, limit)
    return wanted
