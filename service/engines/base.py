"""What an engine is: segments of one item in, candidate translations out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from eval.segment import Segment
from glossary.language import Language, Pair
from glossary.terminology import TermEntry
from prompts.problem import Problem
from prompts.profile import Profile
from prompts.prompt import RenderedPrompt
from service.engines.errors import EngineError
from service.engines.purse import Purse, Usage

__all__ = [
    "ALL_PAIRS",
    "Asking",
    "Candidate",
    "Engine",
    "EngineAnswer",
    "EngineInfo",
    "TranslationRequest",
    "Usage",
    "Wording",
]

ALL_PAIRS = frozenset(
    Pair(source, target) for source in Language for target in Language if source != target
)


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """All segments of one item: a translator sees stem and options together.

    Attributes:
        pair: the languages.
        segments: what is to be translated.
        category: kind of benchmark.
        candidates: how many translations are wanted.
        seed: makes sampling repeatable where it can be.
        terms: the glossary's, by segment id.
        draft: a translation by segment id that is to be changed only where it missed ``terms`` or
            has ``problems``.
        problems: what is wrong with the draft, their keys being segment ids; only for models that
            follow instructions.
        given: translations by segment id that are to be made into one, the best first; only for
            models that follow instructions.
        purse: pays the calls.
        leave: calls that must be left in the purse.
    """

    pair: Pair
    segments: Sequence[Segment]
    category: str = ""
    candidates: int = 1
    seed: int | None = None
    terms: Mapping[str, Sequence[TermEntry]] = field(default_factory=dict)
    draft: Mapping[str, str] | None = None
    problems: Sequence[Problem] = ()
    given: Sequence[Mapping[str, str]] = ()
    purse: Purse = field(default_factory=Purse, compare=False, repr=False)
    leave: int = 0


Wording = Callable[[Profile, bool], RenderedPrompt]
"""Words a question for a model family; the second argument: does the server obey JSON schemas?"""

Candidate = Mapping[str, str] | EngineError
"""Translations by segment id, or why this candidate has none."""


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """Candidates in the order in which the engine gave them; at least one.

    ``fewer``: the server gave fewer than it was asked for, as one does that does not know ``n``.
    """

    candidates: tuple[Candidate, ...]
    usage: Usage = field(default_factory=Usage)
    fewer: bool = False


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What is known of an engine once it is ready.

    One that takes terms can be asked again for those that it missed; one that follows instructions
    can be told whatever is wrong with a translation.
    """

    name: str
    kind: str
    model: str | None = None
    revision: str | None = None
    profile: str | None = None
    answer_format: str | None = None
    takes_terms: bool = False
    follows_instructions: bool = False
    licence_notes: tuple[str, ...] = ()
    caveats: Mapping[Language, str] = field(default_factory=dict)
    signature: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Asking(Protocol):
    """Port of an engine with a model behind it that may be asked something else."""

    async def follows_instructions(self) -> bool:
        """Whether the model takes prompts of ours, and not only its makers' for translation."""
        ...

    async def ask(
        self,
        word: Wording,
        max_tokens: int,
        purse: Purse | None = None,
        seed: int | None = None,
    ) -> tuple[str, RenderedPrompt, Usage]:
        """The answer to one question, with the prompt that it answers.

        Raises:
            BudgetSpent: the purse does not suffice.
            EngineError: there was no whole answer.
            PromptError: the question cannot be worded for this model.
        """
        ...

    async def ask_often(
        self,
        word: Wording,
        max_tokens: int,
        times: int,
        purse: Purse | None = None,
        seed: int | None = None,
    ) -> tuple[list[str | EngineError], RenderedPrompt, Usage]:
        """Several answers to one question, sampled so that they may differ.

        Raises:
            BudgetSpent: the purse does not suffice.
            EngineError: the engine failed; an answer that is not whole is an error of its own.
            PromptError: the question cannot be worded for this model.
        """
        ...


class Engine(Protocol):
    """Port of everything that translates."""

    name: str
    max_concurrency: int

    def serves(self, pair: Pair) -> bool:
        """Can it translate this direction?"""
        ...

    async def info(self) -> EngineInfo:
        """Make ready (load, probe) and say what it is; cheap from the second call on.

        Raises:
            EngineError: it cannot be made ready.
        """
        ...

    async def check(self) -> None:
        """Look whether it can be used at this moment; quick, also when it cannot.

        Raises:
            EngineError: it cannot.
        """
        ...

    async def translate(self, request: TranslationRequest) -> EngineAnswer:
        """Translate one item.

        Raises:
            EngineError: no candidate at all could be had.
            BudgetSpent: the request's purse does not suffice; there may be fewer candidates before
                that.
        """
        ...

    async def preview(self, request: TranslationRequest) -> list[dict[str, Any]]:
        """What ``translate`` would send, without sending it."""
        ...

    async def close(self) -> None:
        """Let go of connections and memory."""
        ...
