"""Model text into fields: strict about what belongs to the answer, lenient about what wraps it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from prompts.answer_errors import EmptyAnswer, ExtraField, FenceDamaged, LeftoverText, MissingField
from prompts.fence import mark_pattern
from prompts.json_answer import latex_commands, read_object
from prompts.mask import find_control_token, restore
from prompts.prompt import AnswerFormat, RenderedPrompt, StripRule

_END_OF_THINKING = "</think>"
_CODE_FENCE = re.compile(
    r"(?P<mark>`{3,}|~{3,})[^\n`]*\n(?P<body>.*?)\n?[ \t]*(?P=mark)", re.DOTALL
)


def read_answer(text: str, rendered: RenderedPrompt) -> dict[str, str]:
    """Read a model's answer to a prompt.

    The values have the control tokens of the item's text again, and the white space that stood
    around it: neither is the model's to change.

    Args:
        text: the answer as the server returned it; one that stopped at the token limit should not
            come here.
        rendered: the prompt that was answered.

    Returns:
        key -> translation, in the item's order.

    Raises:
        EmptyAnswer: no text, or none in a field.
        NotJson, BadValue: the JSON cannot be read (format ``JSON``).
        FenceDamaged: the marks cannot be read (format ``SECTIONS``).
        MissingField, ExtraField: other fields than the item's.
        LeftoverText: text outside the fields, or a control token inside one.
    """
    bare = bare_answer(text, rendered)
    if not bare:
        raise EmptyAnswer
    values = _fields(bare, rendered)
    if extra := [key for key in values if key not in rendered.keys]:
        raise ExtraField(extra)
    if missing := [key for key in rendered.keys if key not in values]:
        raise MissingField(missing)
    return {key: _finish(key, values[key], rendered) for key in rendered.keys}


def _fields(text: str, rendered: RenderedPrompt) -> dict[str, str]:
    if rendered.format is AnswerFormat.JSON:
        return read_object(text, latex_commands(rendered.shown.values()))
    # A model that is asked for the bare text sometimes repeats the marks it was shown.
    if rendered.format is AnswerFormat.SECTIONS or (rendered.fence and rendered.fence in text):
        return _sections(text, rendered.fence)
    return {rendered.keys[0]: text}


def _sections(text: str, fence: str) -> dict[str, str]:
    marks = list(mark_pattern(fence).finditer(text))
    if not marks:
        raise FenceDamaged("no mark of the item in it", text)
    if before := text[: marks[0].start()].strip():
        raise LeftoverText("before the first mark", before)
    if marks[-1]["key"] is not None:
        raise FenceDamaged("the end mark is missing, perhaps it was cut off", text[-60:])
    if after := text[marks[-1].end() :].strip():
        raise LeftoverText("after the end mark", after)
    keys = [mark["key"] for mark in marks[:-1]]
    if None in keys:
        raise FenceDamaged("the end mark stands twice", text)
    if twice := [key for key, times in Counter(keys).items() if times > 1]:
        raise ExtraField(twice)
    parts = [text[mark.end() : following.start()] for mark, following in pairwise(marks)]
    if broken := next((part for part in parts if fence in part), None):
        raise FenceDamaged("a mark does not stand alone on its line", broken.strip())
    return dict(zip(keys, parts, strict=True))


def bare_answer(text: str, rendered: RenderedPrompt) -> str:
    """An answer without the model's thinking and without a code fence around it."""
    bare = text.strip()
    if StripRule.THINKING in rendered.strip and _END_OF_THINKING in bare:
        # Without an opening tag too: some chat templates write it into the prompt themselves. The
        # item's own tags are masked, so the last one ends the thinking.
        bare = bare.rpartition(_END_OF_THINKING)[2].strip()
    if StripRule.CODE_FENCE in rendered.strip and not _starts_with_code(rendered):
        wrapped = _CODE_FENCE.fullmatch(bare)
        bare = wrapped["body"].strip() if wrapped else bare
    return bare


def _starts_with_code(rendered: RenderedPrompt) -> bool:
    """Whether a plain answer is right to begin with a code fence, because the text does."""
    plain = rendered.format is AnswerFormat.PLAIN
    return plain and any(text.startswith(("```", "~~~")) for text in rendered.shown.values())


def _finish(key: str, value: str, rendered: RenderedPrompt) -> str:
    value = value.strip()
    if not value:
        raise EmptyAnswer(key)
    if token := find_control_token(value):
        raise LeftoverText(f"in field {key!r} that is a control token", token)
    before, after = rendered.edges.get(key, ("", ""))
    return f"{before}{restore(value, rendered.masked)}{after}"
