"""The calls that a request takes: prompts, what their answers' keys stand for, and their bounds."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.segment import Segment
from glossary.terminology import TermEntry
from prompts.edit import render_edit, render_fuse
from prompts.profile import Profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.render import render
from service.engines.base import TranslationRequest

# Generous bounds on what a translation needs, so that "cut off" means "ran on". A token is taken as
# 2 characters of Latin text and 0.6 of CJK, well below what tokenizers of current models reach.
_TOKENS_PER_LATIN = 0.5
_TOKENS_PER_CJK = 1.7
_GROWTH = 2.0
_OVERHEAD_TOKENS = 64
_OVERHEAD_PER_FIELD = 24
_KEY_CHARS = 48


@dataclass(frozen=True, slots=True)
class Call:
    """One prompt, the segment's id of each key of its answer, and the answer's most tokens."""

    prompt: RenderedPrompt
    by_key: Mapping[str, str]
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the prompts: a model family, the form of its answers, and its bounds."""

    profile: Profile
    answer_format: AnswerFormat
    context_tokens: int | None
    most_tokens: int

    def bounded(self, tokens: int) -> int:
        """The bound of an answer; half the context stays for the prompt."""
        return min(tokens, self.most_tokens, (self.context_tokens or 2 * tokens) // 2)


def calls_of(request: TranslationRequest, reader: Reader) -> list[Call]:
    """One call for the whole item, or one per segment where the model takes single texts.

    Of a draft only the texts with something to mend are sent, if texts go alone.

    Raises:
        PromptError: the request cannot be worded for this model.
    """
    segments = list(request.segments)
    whole = reader.profile.unit_for(reader.answer_format) == "item"
    groups = [segments] if whole else [[segment] for segment in segments]
    if request.draft is not None:
        groups = [group for group in groups if _is_wrong(request, group)]
    return [_call(request, group, reader) for group in groups]


def fields_of(segments: Sequence[Segment]) -> dict[str, PromptField]:
    """The field of a prompt for each segment, by the segment's id."""
    return {
        segment.id: PromptField(key, segment.label, segment.text)
        for key, segment in zip(_keys(segments), segments, strict=True)
    }


def by_field(fields: Mapping[str, PromptField], texts: Mapping[str, str]) -> dict[str, str]:
    """Texts by segment id as texts by key."""
    return {part.key: texts[id_] for id_, part in fields.items()}


def another_seed(seed: int | None, answers: int) -> int | None:
    """A seed in 31 bits to ask again with: with the same one the same answers would come again."""
    return None if seed is None else (seed + answers) % 2**31


def _call(request: TranslationRequest, group: Sequence[Segment], reader: Reader) -> Call:
    fields = fields_of(group)
    by_key = {part.key: id_ for id_, part in fields.items()}
    bound = reader.bounded(_expected_tokens(group))
    return Call(_worded(request, fields, reader), by_key, bound)


def _worded(
    request: TranslationRequest, fields: Mapping[str, PromptField], reader: Reader
) -> RenderedPrompt:
    """The prompt for a merger, for an edit, or for a translation."""
    profile, pair, parts = reader.profile, request.pair, list(fields.values())
    draft = None if request.draft is None else by_field(fields, request.draft)
    answer_format, category = reader.answer_format, request.category
    terms = _terms(request, fields)
    if request.given:
        given = [by_field(fields, texts) for texts in request.given]
        return render_fuse(
            profile, pair, parts, given, answer_format=answer_format, category=category, terms=terms
        )
    if draft is not None and request.problems:
        wrong = [
            replace(problem, key=fields[problem.key].key)
            for problem in request.problems
            if problem.key in fields
        ]
        return render_edit(
            profile,
            pair,
            parts,
            draft,
            wrong,
            answer_format=answer_format,
            category=category,
            terms=terms,
        )
    return render(
        profile,
        pair,
        parts,
        answer_format=answer_format,
        category=category,
        terms=terms,
        draft=draft,
    )


def _is_wrong(request: TranslationRequest, group: Sequence[Segment]) -> bool:
    """Is there something to mend in these segments of the draft?"""
    wrong = {problem.key for problem in request.problems}
    return any(segment.id in wrong or request.terms.get(segment.id) for segment in group)


def _terms(request: TranslationRequest, ids: Mapping[str, PromptField]) -> list[TermEntry]:
    """The terms of these segments, each once."""
    entries = (entry for id_ in ids for entry in request.terms.get(id_, ()))
    return list(dict.fromkeys(entries))


def _expected_tokens(segments: Sequence[Segment]) -> int:
    """What an answer may need at most; it follows the source's length."""
    latin = sum(char < "\u2e80" for segment in segments for char in segment.text)
    cjk = sum(len(segment.text) for segment in segments) - latin
    tokens = _GROWTH * (latin * _TOKENS_PER_LATIN + cjk * _TOKENS_PER_CJK)
    return math.ceil(tokens) + _OVERHEAD_TOKENS + _OVERHEAD_PER_FIELD * len(segments)


def _keys(segments: Sequence[Segment]) -> list[str]:
    """Names for the fields of a prompt: ``question``, ``option_B``; unique within the item."""
    keys: dict[str, None] = {}
    numbers: dict[str, int] = {}
    for segment in segments:
        base = re.sub(r"\W+", "_", segment.label, flags=re.ASCII).strip("_")[:_KEY_CHARS] or "text"
        key = base
        while key in keys:
            numbers[base] = numbers.get(base, 1) + 1
            key = f"{base}_{numbers[base]}"
        keys[key] = None
    return list(keys)
