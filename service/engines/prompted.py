"""A language model as an engine: words the item, asks the model, reads the answer."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from eval.segment import Segment
from glossary.language import Pair
from glossary.terminology import TermEntry
from prompts.answer import read_answer
from prompts.errors import PromptError
from prompts.library import templates_fingerprint
from prompts.profile import Profile, profile_for_model
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.render import render
from service.engines.base import (
    ALL_PAIRS,
    Candidate,
    EngineAnswer,
    EngineInfo,
    TranslationRequest,
    Usage,
    Wording,
)
from service.engines.generator import Completion, GenerationRequest, Generator, ModelInfo
from service.errors import AnswerTruncated, AnswerUnusable, EngineError
from service.settings import EngineSettings

Result = TypeVar("Result")

# Generous bounds on what a translation needs, so that "cut off" means "ran on". A token is taken as
# 2 characters of Latin text and 0.6 of CJK, well below what tokenizers of current models reach.
_TOKENS_PER_LATIN = 0.5
_TOKENS_PER_CJK = 1.7
_GROWTH = 2.0
_OVERHEAD_TOKENS = 64
_OVERHEAD_PER_FIELD = 24
_KEY_CHARS = 48


class PromptedEngine:
    """Any generator with the profile of its model family."""

    def __init__(
        self, name: str, settings: EngineSettings, generator: Generator, profile: Profile | None
    ) -> None:
        self.name, self.max_concurrency = name, settings.max_concurrency
        self._settings, self._generator, self._profile = settings, generator, profile
        self._info: tuple[ModelInfo, Profile, AnswerFormat] | None = None

    def serves(self, pair: Pair) -> bool:
        """Every pair of two languages."""
        return pair in ALL_PAIRS

    async def _made_ready(self) -> tuple[ModelInfo, Profile, AnswerFormat]:
        return self._info or await self._described()

    async def _described(self) -> tuple[ModelInfo, Profile, AnswerFormat]:
        wants_json = self._profile is None or AnswerFormat.JSON in self._profile.formats
        model = await self._generator.describe(probe_structured=wants_json)
        named = self._profile.for_model(model.model) if self._profile else None
        profile = named or profile_for_model(model.model)
        usable = [
            format_
            for format_ in profile.formats
            if format_ is not AnswerFormat.JSON or model.structured
        ]
        self._info = (model, profile, (usable or [AnswerFormat.SECTIONS])[0])
        return self._info

    async def info(self) -> EngineInfo:
        """Model, profile and answer format, found out on the first call and after a failure."""
        model, profile, answer_format = await self._described()
        return EngineInfo(
            name=self.name,
            kind=str(self._settings.kind),
            model=model.model,
            revision=model.revision,
            profile=profile.name,
            answer_format=str(answer_format),
            takes_terms=not profile.documented or any(each.terms for each in profile.documented),
            licence_notes=(_licence_note(profile),),
            caveats=profile.caveats,
            signature={
                "prompts": f"{profile.fingerprint}+{templates_fingerprint()}",
                "sampling": _shown(self._sampling(profile, 1)),
                "diverse": _shown(self._sampling(profile, 2)),
            },
        )

    def _sampling(self, profile: Profile, candidates: int) -> dict[str, Any]:
        """One draft is greedy in most profiles; several candidates must differ."""
        sampling = (profile.diverse if candidates > 1 else profile.sampling).body()
        temperature = self._settings.temperature
        if temperature is not None and (candidates == 1 or temperature > 0):
            sampling["temperature"] = temperature
        return sampling

    async def _prompts(
        self, request: TranslationRequest
    ) -> list[tuple[RenderedPrompt, dict[str, str], int]]:
        """Rendered prompts with the segment of each key, and the most tokens an answer may have."""
        model, profile, answer_format = await self._made_ready()
        segments = list(request.segments)
        whole = profile.unit_for(answer_format) == "item"
        groups = [segments] if whole else [[segment] for segment in segments]
        if request.draft is not None:
            groups = [group for group in groups if _terms(request, group)]
        prompts = []
        for group in groups:
            keys = _keys(group)
            fields = [
                PromptField(key, segment.label, segment.text)
                for key, segment in zip(keys, group, strict=True)
            ]
            prompt = render(
                profile,
                request.pair,
                fields,
                answer_format=answer_format,
                category=request.category,
                terms=_terms(request, group),
                draft=_draft(request, keys, group),
            )
            by_key = {key: segment.id for key, segment in zip(keys, group, strict=True)}
            prompts.append((prompt, by_key, self._max_tokens(group, model.context_tokens)))
        return prompts

    def _max_tokens(self, segments: Sequence[Segment], context: int | None) -> int:
        """The answer's bound follows the source's length; half the context stays for the prompt."""
        latin = sum(char < "\u2e80" for segment in segments for char in segment.text)
        cjk = sum(len(segment.text) for segment in segments) - latin
        tokens = _GROWTH * (latin * _TOKENS_PER_LATIN + cjk * _TOKENS_PER_CJK)
        bound = math.ceil(tokens) + _OVERHEAD_TOKENS + _OVERHEAD_PER_FIELD * len(segments)
        return min(bound, self._settings.max_answer_tokens, (context or 2 * bound) // 2)

    async def preview(self, request: TranslationRequest) -> list[dict[str, Any]]:
        """The prompts with their bounds, as they would be sent."""
        _, profile, _ = await self._made_ready()
        return [
            {
                "endpoint": prompt.endpoint,
                "messages": [
                    {"role": message.role, "content": message.content}
                    for message in prompt.messages
                ],
                "prompt": prompt.prompt,
                "schema": prompt.schema,
                "max_tokens": max_tokens,
                "sampling": self._sampling(profile, request.candidates),
                "templates": dict(prompt.templates),
            }
            for prompt, _, max_tokens in await self._prompts(request)
        ]

    async def translate(self, request: TranslationRequest) -> EngineAnswer:
        """One call for the whole item, or one per segment where the model takes single texts.

        Of a draft only the texts with terms to mend are sent, if texts go alone.

        Raises:
            EngineError: the engine failed; a candidate that cannot be read is an error of its own.
        """
        prompts = await self._prompts(request)
        answers = await _together([self._ask(request, *prompt) for prompt in prompts])
        usage = Usage()
        merged: list[Candidate] = [dict(request.draft or {}) for _ in range(request.candidates)]
        for candidates, cost in answers:
            usage += cost
            merged = [_joined(left, right) for left, right in zip(merged, candidates, strict=False)]
        return EngineAnswer(tuple(merged), usage)

    async def _ask(
        self,
        request: TranslationRequest,
        prompt: RenderedPrompt,
        by_key: dict[str, str],
        max_tokens: int,
    ) -> tuple[list[Candidate], Usage]:
        _, profile, _ = await self._made_ready()
        generation = await self._generator.generate(
            GenerationRequest(
                prompt,
                request.candidates,
                max_tokens,
                self._sampling(profile, request.candidates),
                request.seed,
            )
        )
        # Answers often come in a burst: let the requests that wait for a slot go out first.
        await asyncio.sleep(0)
        usage = Usage(1, generation.prompt_tokens, generation.completion_tokens)
        return [
            _candidate(completion, prompt, by_key, max_tokens)
            for completion in generation.completions
        ], usage

    async def follows_instructions(self) -> bool:
        """Not those that are trained on their makers' prompts for translation alone."""
        _, profile, _ = await self._made_ready()
        return not profile.documented

    async def ask(self, word: Wording, max_tokens: int) -> tuple[str, RenderedPrompt, Usage]:
        """The answer to one question, with the prompt that it answers.

        Raises:
            EngineError: there was no whole answer.
            PromptError: the question cannot be worded for this model.
        """
        model, profile, _ = await self._made_ready()
        prompt = word(profile, model.structured)
        bound = min(max_tokens, self._settings.max_answer_tokens)
        asked = GenerationRequest(prompt, 1, bound, self._sampling(profile, 1))
        generation = await self._generator.generate(asked)
        usage = Usage(1, generation.prompt_tokens, generation.completion_tokens)
        completion = generation.completions[0]
        if completion.truncated:
            raise AnswerTruncated(bound)
        if completion.stopped:
            raise AnswerUnusable(f"the server ended it early ({completion.stopped})")
        return completion.text, prompt, usage

    async def check(self) -> None:
        """Look whether the generator can be used at this moment."""
        await self._generator.check()

    async def close(self) -> None:
        """Close the generator."""
        await self._generator.close()


async def _together(work: Sequence[Coroutine[Any, Any, Result]]) -> list[Result]:
    """All results; the first failure ends the others, whose results nobody would read."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def _candidate(
    completion: Completion, prompt: RenderedPrompt, by_key: dict[str, str], max_tokens: int
) -> Candidate:
    if completion.truncated:
        return AnswerTruncated(max_tokens)
    if completion.stopped:
        return AnswerUnusable(f"the server ended it early ({completion.stopped})")
    try:
        fields = read_answer(completion.text, prompt)
    except PromptError as error:
        return AnswerUnusable(str(error))
    return {by_key[key]: text.strip() for key, text in fields.items()}


def _joined(left: Candidate, right: Candidate) -> Candidate:
    """Two parts of one candidate; a part that failed fails the whole."""
    if isinstance(left, EngineError):
        return left
    return right if isinstance(right, EngineError) else {**left, **right}


def _terms(request: TranslationRequest, group: Sequence[Segment]) -> list[TermEntry]:
    """The terms of these segments, each once."""
    entries = (entry for segment in group for entry in request.terms.get(segment.id, ()))
    return list(dict.fromkeys(entries))


def _draft(
    request: TranslationRequest, keys: Sequence[str], group: Sequence[Segment]
) -> dict[str, str] | None:
    if request.draft is None:
        return None
    return {key: request.draft[segment.id] for key, segment in zip(keys, group, strict=True)}


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


def _licence_note(profile: Profile) -> str:
    licence = profile.licence
    regions = ", ".join(licence.excluded_regions)
    excluded = f" Not licensed for use in: {regions}." if regions else ""
    where = f" ({licence.url})" if licence.url else ""
    return f"{profile.title}: {licence.name}{where}. {licence.note}{excluded}".strip()


def _shown(sampling: dict[str, Any]) -> str:
    return ",".join(f"{name}={value:g}" for name, value in sampling.items())
