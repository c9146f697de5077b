"""What goes to a model, and the form in which its answer is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal


class AnswerFormat(StrEnum):
    """The form of the answer; ``PLAIN`` is always one text for one field."""

    JSON = "json"
    SECTIONS = "sections"
    PLAIN = "plain"


class StripRule(StrEnum):
    """What is taken off an answer before it is read."""

    THINKING = "thinking"
    CODE_FENCE = "code_fence"


Endpoint = Literal["chat", "completions"]


@dataclass(frozen=True, slots=True)
class PromptField:
    """One text of an item.

    ``key`` names it in the answer (letters, digits, ``_``; unique in the item); ``label`` says to
    the model what it is, for example "option B".
    """

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat request."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class RenderedPrompt:
    """One request, ready to be sent, with all that is needed to read its answer.

    Attributes:
        endpoint: which of the two OpenAI-compatible endpoints it is for.
        messages: the turns; empty for ``completions``.
        prompt: the text for ``completions``; ``None`` for ``chat``.
        format: the form of the answer.
        schema: JSON schema of the answer; ``None`` unless ``format`` is JSON.
        keys: the keys of the answer, in the item's order.
        fence: the code in the marks around the item; empty where the prompt has no marks.
        masked: placeholder -> control token that was taken out of the item's text.
        stop: stop strings for the request.
        extra: further fields of the request's body.
        templates: template name -> fingerprint of each template used.
        shown: key -> text as the model sees it (control tokens masked, outer white space removed).
        edges: key -> white space that stood before and after the text.
        strip: what to take off the answer before reading it.
    """

    endpoint: Endpoint
    messages: tuple[Message, ...]
    prompt: str | None
    format: AnswerFormat
    schema: Mapping[str, Any] | None
    keys: tuple[str, ...]
    fence: str
    masked: Mapping[str, str]
    stop: tuple[str, ...]
    extra: Mapping[str, Any]
    templates: Mapping[str, str]
    shown: Mapping[str, str] = field(default_factory=dict)
    edges: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    strip: tuple[StripRule, ...] = ()
