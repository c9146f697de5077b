"""What a model server is to an engine: a rendered prompt in, completions out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from prompts.render import RenderedPrompt


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """One call: ``n`` completions of the same prompt."""

    prompt: RenderedPrompt
    n: int
    max_tokens: int
    sampling: Mapping[str, Any]
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """One text; ``truncated`` when the model did not come to an end.

    ``stopped`` says what else ended it early, for example a content filter.
    """

    text: str
    truncated: bool
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """What came back from one call, with the tokens it cost where the server tells."""

    completions: tuple[Completion, ...]
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model as its server describes it; ``context_tokens`` and ``revision`` where it tells."""

    model: str
    revision: str | None
    context_tokens: int | None
    structured: bool


class Generator(Protocol):
    """Port of a language model, wherever it runs."""

    async def describe(self, *, probe_structured: bool) -> ModelInfo:
        """Make ready and tell what is served; cheap from the second call on, unless it failed.

        ``probe_structured`` asks to find out by trial whether JSON schemas are obeyed: a server
        that ignores the field answers 200 all the same.
        """
        ...

    async def check(self) -> None:
        """Look whether it can be used at this moment; quick, also when it cannot.

        Raises:
            EngineError: it cannot.
        """
        ...

    async def generate(self, request: GenerationRequest) -> Generation:
        """Complete one prompt.

        Raises:
            EngineError: no completion could be had.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and memory."""
        ...
