"""Control tokens in an item's text: taken out before sending, put back afterwards.

A chat template or tokenizer would read ``<|im_end|>`` in a question as the end of the turn, whoever
wrote it. So every such token is replaced by a placeholder like ``⟦1⟧`` that no text of the item
contains, and restored in the answer. A placeholder that the model loses is not an error here: the
token is then missing in the translation, and the checks see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Sources: the chat templates and tokenizers of the families in prompts/profiles, and of Llama 2-4,
# Mistral, DeepSeek, Phi and Gemma, whose tokens people write into prompts whatever the model is.
_NAMED_TAGS = (
    "s|bos|eos|pad|unk|mask|sep|cls|think|thinking|tool_call|tool_response|tool_code|tools"
    r"|start_of_turn|end_of_turn|start_of_image|end_of_image|image_soft_token"
    r"|unused\d+|extra_id_\d+|(?:bos|eos|pad):[0-9a-f]+"
)
_BRACKETS = (("⟦", "⟧"), ("⟪", "⟫"), ("⦃", "⦄"), ("⦗", "⦘"))
# No tokenizer has a token with such a bracket, so what is left around a placeholder is no token,
# and one pass over the text is enough.
_NOT_IN_TOKEN = r"<>\s" + "".join(left + right for left, right in _BRACKETS)
_CONTROL_TOKEN = re.compile(
    rf"<\|[^|{_NOT_IN_TOKEN}]{{1,64}}\|?>"  # <|im_start|>, <|eot_id|>, <|turn>
    r"|<[a-z0-9_]{1,32}\|>"  # <turn|>
    rf"|<｜[^｜{_NOT_IN_TOKEN}]{{1,64}}｜>"  # full-width bars: DeepSeek, Hunyuan
    rf"|</?(?:{_NAMED_TAGS})>"
    r"|<</?SYS>>"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\]|\[TOOL_CALLS\]|\[multimodal\]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Masked:
    """Texts without control tokens, and the tokens by placeholder."""

    texts: Mapping[str, str]
    tokens: Mapping[str, str]


def find_control_token(text: str, also: Iterable[str] = ()) -> str | None:
    """The first control token in a text; ``also`` are further ones, of one model family."""
    found = _pattern(also).search(text)
    return found.group() if found else None


def mask(texts: Mapping[str, str], also: Iterable[str] = ()) -> Masked:
    """Replace the control tokens in texts by placeholders that occur in none of the texts.

    The same token has the same placeholder everywhere. ``also`` are further tokens to take out.
    """
    pattern = _pattern(also)
    left, right, number = _free_placeholder(texts.values())
    placeholders: dict[str, str] = {}

    def placeholder(match: re.Match[str]) -> str:
        token = match.group()
        return placeholders.setdefault(token, f"{left}{number + len(placeholders)}{right}")

    masked = {key: pattern.sub(placeholder, text) for key, text in texts.items()}
    return Masked(masked, {mark: token for token, mark in placeholders.items()})


def restore(text: str, tokens: Mapping[str, str]) -> str:
    """Put the control tokens back."""
    for placeholder, token in tokens.items():
        text = text.replace(placeholder, token)
    return text


def _pattern(also: Iterable[str]) -> re.Pattern[str]:
    literal = "|".join(map(re.escape, also))
    if not literal:
        return _CONTROL_TOKEN
    return re.compile(f"{literal}|{_CONTROL_TOKEN.pattern}", re.IGNORECASE)


def _free_placeholder(texts: Iterable[str]) -> tuple[str, str, int]:
    """Brackets that occur in no text; if all do, a first number above all that stand in them."""
    joined = "\n".join(texts)
    for left, right in _BRACKETS:
        if left not in joined and right not in joined:
            return left, right, 1
    left, right = _BRACKETS[0]
    used = re.findall(rf"{left}([0-9]{{1,18}}){right}", joined)
    return left, right, 1 + max(map(int, used), default=0)
