"""The unit that is translated and scored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    """What a benchmark field is, and so how it is taken apart and put together again."""

    TEXT = "text"
    OPTION = "option"
    ANSWER_LABEL = "answer_label"
    ANSWER_TEXT = "answer_text"
    SOLUTION = "solution"
    CODE = "code"
    ANSWER_SPAN = "answer_span"
    ANSWER_START = "answer_start"
    TURN = "turn"
    MESSAGES = "messages"
    TEXT_LIST = "text_list"
    INLINE_OPTIONS = "inline_options"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Segment:
    """One text to translate, with what a translator must know of it.

    ``literals`` must stay as they are wherever they occur in the text.
    """

    id: str
    text: str
    kind: FieldKind
    label: str
    literals: tuple[str, ...] = ()
