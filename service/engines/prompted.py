"""A language model as an engine: words the item, asks the model, reads the answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from glossary.language import Pair
from prompts.answer import read_answer
from prompts.errors import PromptError
from prompts.library import templates_fingerprint
from prompts.profile import Profile, profile_for_model
from prompts.prompt import AnswerFormat, RenderedPrompt
from service.engines.base import (
    ALL_PAIRS,
    Candidate,
    EngineAnswer,
    EngineInfo,
    TranslationRequest,
    Wording,
)
from service.engines.calls import Call, Reader, another_seed, calls_of
from service.engines.errors import AnswerTruncated, AnswerUnusable, EngineError
from service.engines.generator import (
    Completion,
    Generation,
    GenerationRequest,
    Generator,
    ModelInfo,
)
from service.engines.purse import Purse, Usage
from service.engines.together import together
from service.settings import EngineSettings


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

    async def _reader(self) -> Reader:
        model, profile, answer_format = await self._made_ready()
        most = self._settings.max_answer_tokens
        return Reader(profile, answer_format, model.context_tokens, most)

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
            follows_instructions=not profile.documented,
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

    async def preview(self, request: TranslationRequest) -> list[dict[str, Any]]:
        """The prompts with their bounds, as they would be sent."""
        reader = await self._reader()
        sampling = self._sampling(reader.profile, request.candidates)
        return [
            {
                "endpoint": call.prompt.endpoint,
                "messages": [
                    {"role": message.role, "content": message.content}
                    for message in call.prompt.messages
                ],
                "prompt": call.prompt.prompt,
                "schema": call.prompt.schema,
                "max_tokens": call.max_tokens,
                "sampling": sampling,
                "templates": dict(call.prompt.templates),
            }
            for call in calls_of(request, reader)
        ]

    async def translate(self, request: TranslationRequest) -> EngineAnswer:
        """One call for the whole item, or one per segment where the model takes single texts.

        All calls are paid, or none is made.

        Raises:
            BudgetSpent: the request's purse does not suffice.
            EngineError: the engine failed; a candidate that cannot be read is an error of its own.
        """
        calls = calls_of(request, await self._reader())
        bounds = [call.max_tokens for call in calls]
        grant = request.purse.grant(bounds, request.candidates, request.leave)
        answers = await together(
            [
                self._answered(request, replace(call, max_tokens=bound), grant.candidates)
                for call, bound in zip(calls, grant.bounds, strict=True)
            ]
        )
        usage = Usage()
        merged: list[Candidate] = [dict(request.draft or {}) for _ in range(grant.candidates)]
        for candidates, cost in answers:
            usage += cost
            merged = [_joined(left, right) for left, right in zip(merged, candidates, strict=False)]
        return EngineAnswer(tuple(merged), usage, fewer=len(merged) < grant.candidates)

    async def _answered(
        self, request: TranslationRequest, call: Call, candidates: int
    ) -> tuple[list[Candidate], Usage]:
        generation, usage = await self._generated(
            call.prompt, call.max_tokens, request.purse, candidates, request.seed
        )
        # Answers often come in a burst: let the requests that wait for a slot go out first.
        await asyncio.sleep(0)
        return [_candidate(completion, call) for completion in generation.completions], usage

    async def _generated(
        self,
        prompt: RenderedPrompt,
        max_tokens: int,
        purse: Purse,
        candidates: int = 1,
        seed: int | None = None,
    ) -> tuple[Generation, Usage]:
        """The only way to the model that is paid for."""
        _, profile, _ = await self._made_ready()
        sampling = self._sampling(profile, candidates)
        asked = GenerationRequest(prompt, candidates, max_tokens, sampling, seed)
        async with purse.call(candidates * max_tokens) as told:
            generation = await self._generator.generate(asked)
            usage = Usage(1, generation.prompt_tokens, generation.completion_tokens)
            told(usage)
        return generation, usage

    async def follows_instructions(self) -> bool:
        """Not those that are trained on their makers' prompts for translation alone."""
        _, profile, _ = await self._made_ready()
        return not profile.documented

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
        model, profile, _ = await self._made_ready()
        prompt = word(profile, model.structured)
        purse = purse or Purse()
        (bound,) = purse.grant([(await self._reader()).bounded(max_tokens)]).bounds
        generation, usage = await self._generated(prompt, bound, purse, seed=seed)
        completion = generation.completions[0]
        if error := _unfinished(completion, bound):
            raise error
        return completion.text, prompt, usage

    async def ask_often(
        self,
        word: Wording,
        max_tokens: int,
        times: int,
        purse: Purse | None = None,
        seed: int | None = None,
    ) -> tuple[list[str | EngineError], RenderedPrompt, Usage]:
        """Several answers to one question, sampled so that they may differ.

        One call, or more where the server gives fewer answers than it was asked for.

        Raises:
            BudgetSpent: the purse does not suffice.
            EngineError: the engine failed; an answer that is not whole is an error of its own.
            PromptError: the question cannot be worded for this model.
        """
        model, profile, _ = await self._made_ready()
        prompt, usage, purse = word(profile, model.structured), Usage(), purse or Purse()
        bound = (await self._reader()).bounded(max_tokens)
        answers: list[str | EngineError] = []
        while len(answers) < times:
            wanted = max(2, times - len(answers))  # one alone would not be sampled
            drawn = another_seed(seed, len(answers))
            generation, cost = await self._generated(prompt, bound, purse, wanted, drawn)
            usage += cost
            answers += [_unfinished(each, bound) or each.text for each in generation.completions]
        return answers[:times], prompt, usage

    async def check(self) -> None:
        """Look whether the generator can be used at this moment."""
        await self._generator.check()

    async def close(self) -> None:
        """Close the generator."""
        await self._generator.close()


def _candidate(completion: Completion, call: Call) -> Candidate:
    if error := _unfinished(completion, call.max_tokens):
        return error
    try:
        fields = read_answer(completion.text, call.prompt)
    except PromptError as error:
        return AnswerUnusable(str(error))
    return {call.by_key[key]: text.strip() for key, text in fields.items()}


def _unfinished(completion: Completion, max_tokens: int) -> EngineError | None:
    if completion.truncated:
        return AnswerTruncated(max_tokens)
    if completion.stopped:
        return AnswerUnusable(f"the server ended it early ({completion.stopped})")
    return None


def _joined(left: Candidate, right: Candidate) -> Candidate:
    """Two parts of one candidate; a part that failed fails the whole."""
    if isinstance(left, EngineError):
        return left
    return right if isinstance(right, EngineError) else {**left, **right}


def _licence_note(profile: Profile) -> str:
    licence = profile.licence
    regions = ", ".join(licence.excluded_regions)
    excluded = f" Not licensed for use in: {regions}." if regions else ""
    where = f" ({licence.url})" if licence.url else ""
    return f"{profile.title}: {licence.name}{where}. {licence.note}{excluded}".strip()


def _shown(sampling: dict[str, Any]) -> str:
    return ",".join(f"{name}={value:g}" for name, value in sampling.items())
