"""What an engine is: segments of one item in, candidate translations out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from eval.segment import Segment
from glossary.language import Language, Pair
from glossary.terminology import TermEntry
from prompts.profile import Profile
from prompts.prompt import RenderedPrompt
from service.errors import EngineError

ALL_PAIRS = frozenset(
    Pair(source, target) for source in Language for target in Language if source != target
)


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """All segments of one item: a translator sees stem and options together.

    ``terms`` are the glossary's, by segment id. ``draft`` is a translation by segment id that
    missed them: only these are to be mended.
    """

    pair: Pair
    segments: Sequence[Segment]
    category: str = ""
    candidates: int = 1
    seed: int | None = None
    terms: Mapping[str, Sequence[TermEntry]] = field(default_factory=dict)
    draft: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost; tokens are ``None`` where the engine does not count them."""

    calls: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            _sum(self.prompt_tokens, other.prompt_tokens),
            _sum(self.completion_tokens, other.completion_tokens),
        )


def _sum(left: int | None, right: int | None) -> int | None:
    return None if left is None and right is None else (left or 0) + (right or 0)


Wording = Callable[[Profile, bool], RenderedPrompt]
"""Words a question for a model family; the second argument: does the server obey JSON schemas?"""

Candidate = Mapping[str, str] | EngineError
"""Translations by segment id, or why this candidate has none."""


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """Candidates in the order in which the engine gave them; at least one."""

    candidates: tuple[Candidate, ...]
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What is known of an engine once it is ready.

    One that takes terms can be asked again for those that it missed.
    """

    name: str
    kind: str
    model: str | None = None
    revision: str | None = None
    profile: str | None = None
    answer_format: str | None = None
    takes_terms: bool = False
    licence_notes: tuple[str, ...] = ()
    caveats: Mapping[Language, str] = field(default_factory=dict)
    signature: Mapping[str, str] = field(default_factory=dict)


@runtime_checkable
class Asking(Protocol):
    """Port of an engine with a model behind it that may be asked something else."""

    async def follows_instructions(self) -> bool:
        """Whether the model takes prompts of ours, and not only its makers' for translation."""
        ...

    async def ask(self, word: Wording, max_tokens: int) -> tuple[str, RenderedPrompt, Usage]:
        """The answer to one question, with the prompt that it answers.

        Raises:
            EngineError: there was no whole answer.
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
        """
        ...

    async def preview(self, request: TranslationRequest) -> list[dict[str, Any]]:
        """What ``translate`` would send, without sending it."""
        ...

    async def close(self) -> None:
        """Let go of connections and memory."""
        ...
