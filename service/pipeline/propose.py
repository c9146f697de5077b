"""One translation for each candidate term: asked of the model, believed only after checks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Protocol

from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from eval.checks.suite import check_item
from eval.segment import FieldKind, Segment
from glossary.language import Language, Pair
from prompts.errors import PromptError
from prompts.propose import (
    Asked,
    Proposed,
    read_proposals,
    read_sorting,
    render_proposal,
    render_sorting,
)
from service.engines.base import Asking, Engine, TranslationRequest, Usage
from service.engines.errors import AnswerUnusable, EngineError

_TOKENS_PER_TERM, _TOKENS_PER_TRANSLATION, _TOKENS_PER_ITEM = 80, 60, 24
_OVERHEAD_TOKENS = 128


class Proposer(Protocol):
    """Knows what a term may be called in other languages."""

    async def propose(self, asked: Sequence[Asked]) -> tuple[list[Proposed | None], Usage]:
        """What it says of each candidate, in their order.

        Raises:
            EngineError: nothing at all could be had.
        """
        ...

    async def subjects(self, texts: Sequence[str]) -> tuple[list[str], Usage]:
        """The subject of each item, in their order; empty where it does not know.

        Raises:
            EngineError: nothing at all could be had.
        """
        ...


async def proposer_of(
    engine: Engine, source: Language, targets: Sequence[Language]
) -> Proposer | None:
    """How an engine can be asked for terms; ``None`` if no model is behind it.

    Raises:
        EngineError: it cannot be made ready.
    """
    if not isinstance(engine, Asking):
        return None
    if await engine.follows_instructions():
        return _Instructed(engine, source, targets)
    return _Translating(engine, source, targets)


class _Instructed:
    """A model that answers questions."""

    def __init__(self, engine: Asking, source: Language, targets: Sequence[Language]) -> None:
        self._engine, self._source, self._targets = engine, source, targets

    async def propose(self, asked: Sequence[Asked]) -> tuple[list[Proposed | None], Usage]:
        each = _TOKENS_PER_TERM + _TOKENS_PER_TRANSLATION * len(self._targets)
        text, prompt, usage = await self._engine.ask(
            lambda profile, structured: render_proposal(
                profile, self._source, self._targets, asked, structured=structured
            ),
            _OVERHEAD_TOKENS + each * len(asked),
        )
        try:
            return read_proposals(text, prompt, len(asked)), usage
        except PromptError as error:
            raise AnswerUnusable(str(error)) from error

    async def subjects(self, texts: Sequence[str]) -> tuple[list[str], Usage]:
        text, prompt, usage = await self._engine.ask(
            lambda profile, structured: render_sorting(profile, texts, structured=structured),
            _OVERHEAD_TOKENS + _TOKENS_PER_ITEM * len(texts),
        )
        try:
            return read_sorting(text, prompt, len(texts)), usage
        except PromptError as error:
            raise AnswerUnusable(str(error)) from error


class _Translating:
    """A model that is trained to translate and nothing else: it gets the bare candidates."""

    def __init__(self, engine: Engine, source: Language, targets: Sequence[Language]) -> None:
        self._engine, self._source, self._targets = engine, source, targets

    async def propose(self, asked: Sequence[Asked]) -> tuple[list[Proposed | None], Usage]:
        answers = await asyncio.gather(
            *(
                self._translated(each.text, Pair(self._source, target))
                for each in asked
                for target in self._targets
            )
        )
        errors = [text for text, _ in answers if isinstance(text, EngineError)]
        if len(errors) == len(answers):
            raise errors[0]
        per_term = len(self._targets)
        rows = [answers[at : at + per_term] for at in range(0, len(answers), per_term)]
        said = [self._said(number, row) for number, row in enumerate(rows, start=1)]
        return said, sum((usage for _, usage in answers), Usage())

    def _said(self, number: int, row: Sequence[tuple[str | EngineError, Usage]]) -> Proposed | None:
        texts = {
            str(target): text
            for target, (text, _) in zip(self._targets, row, strict=True)
            if isinstance(text, str)
        }
        return Proposed(number=number, is_term=True, translations=texts) if texts else None

    async def _translated(self, text: str, pair: Pair) -> tuple[str | EngineError, Usage]:
        segment = Segment("term", text, FieldKind.TEXT, "term")
        try:
            answer = await self._engine.translate(TranslationRequest(pair, [segment]))
        except EngineError as error:
            return error, Usage()
        first = answer.candidates[0]
        return first if isinstance(first, EngineError) else first["term"].strip(), answer.usage

    async def subjects(self, texts: Sequence[str]) -> tuple[list[str], Usage]:
        return [""] * len(texts), Usage()


_RECIPE = read_recipe({"name": "term", "fields": {"text": "text"}})
_MORE_THAN_A_TERM = re.compile(
    r"[\n\r\t()（）\[\]【】{}:：;；/／=\"“”「」『』<>|*_,，、]|[.。!！?？]\Z"
)
_SOFT_THAT_COUNT = frozenset(("wording", "untranslated"))
"""Words of the neighbour are no good proposal, even where a sentence with one may pass."""


def fault_of(source: str, target: str, pair: Pair) -> str:
    """Why a text cannot be the translation of a term, in a word or two; empty if it can."""
    if not target.strip():
        return "no translation"
    marks = set(_MORE_THAN_A_TERM.findall(target)) - set(source)
    if marks or len(target) > _longest(source, pair):
        return "more than a term"
    item = read_item({"text": source}, _RECIPE)
    translations = {segment.id: target for segment in item.segments}
    findings = check_item(item, translations, pair, _RECIPE.category)
    for finding in findings:
        if finding.hard or finding.check in _SOFT_THAT_COUNT:
            return finding.check
    return ""


def _longest(source: str, pair: Pair) -> int:
    """Characters that a translation may have: one of Chinese is several of English."""
    if pair.target is Language.EN:
        return 20 + (2 if pair.source is Language.EN else 12) * len(source)
    return 8 + (1 if pair.source is Language.EN else 4) * len(source)


def may_be_kept(source: str) -> bool:
    """Is it written so that other languages may take it as it is: DNA, Python, p-value?"""
    return source.isascii() and (
        any(char.isupper() or char.isdigit() for char in source) or "-" in source
    )
