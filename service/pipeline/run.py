"""A run: what is decided once for all its items, and the stream of their records."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from eval.benchmarks.recipe import Recipe
from eval.checks.rules import Level, Rules
from eval.checks.suite import rules_for
from eval.checks.word_lists import PACKAGED, WordLists
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Language, Pair
from glossary.terminology import Terminology
from service.engines.base import Engine, EngineInfo
from service.engines.purse import UNLIMITED, Budget
from service.errors import SourceLanguageMissing
from service.pipeline.levels import (
    ONLY_TRANSLATES,
    THOROUGH_CANDIDATES,
    Effort,
    Method,
    Way,
    candidates_for,
)
from service.pipeline.measure import Measure, made_ready, measured, warned
from service.pipeline.plan import RunPlan
from service.pipeline.schedule import as_finished, in_order
from service.pipeline.scorer import BackTranslating, CandidateScorer
from service.pipeline.translate import ItemTranslator


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a request may choose beside benchmark, engine and pair.

    ``candidates`` is the most per item; ``None`` leaves it to the effort.
    """

    effort: Effort = Effort.CHECKED
    method: Method = Method.BEST_OF_N
    candidates: int | None = None
    budget: Budget = UNLIMITED
    scorer: CandidateScorer | None = None
    back: BackTranslating | None = None
    seed: int | None = None
    in_input_order: bool = True
    max_item_characters: int = 40_000
    checks: Mapping[str, Level] = field(default_factory=dict)
    lists: WordLists = PACKAGED
    terminology: Terminology | None = None
    measures: Sequence[Measure] = ()

    @property
    def way(self) -> Way:
        """What is done for each item."""
        candidates = self.candidates or candidates_for(self.effort, None, THOROUGH_CANDIDATES)
        return Way(self.effort, self.method, candidates, self.budget, self.scorer, self.back)


class Run:
    """One benchmark, one direction, one engine."""

    def __init__(self, plan: RunPlan, info: RunInfo, options: RunOptions) -> None:
        self.plan, self.info, self.options = plan, info, options
        self._translator = ItemTranslator(plan)
        self._started = time.monotonic()

    async def records(self, items: Iterable[tuple[int, Any]]) -> AsyncGenerator[ItemRecord, None]:
        """Translate ``(index, item)`` one by one; counts and seconds of ``info`` follow."""

        async def work(entry: tuple[int, Any]) -> ItemRecord:
            record = await self._translator.translate(*entry)
            return await measured(record, self.options.measures, self.info)

        # The engine bounds its own calls; as many items again are worded and checked meanwhile. Not
        # where each item has its seconds: they would be spent in waiting for the others' calls.
        at_once = 1 if self.plan.way.budget.seconds is not None else 2
        workers = at_once * self.plan.engine.max_concurrency
        if self.options.in_input_order:
            async with aclosing(in_order(items, work, workers)) as records:
                async for record in records:
                    yield self._counted(record)
        else:
            async with aclosing(as_finished(items, work, workers)) as results:
                async for _, record in results:
                    yield self._counted(record)
        warned([self._translator, *self.options.measures], self.info)

    def _counted(self, record: ItemRecord) -> ItemRecord:
        self.info.counts.add(record.verdict)
        if record.probe is not None:
            self.info.probes.setdefault(record.probe.result, []).append(record.id)
        self.info.seconds = round(time.monotonic() - self._started, 3)
        return record

    @property
    def translator(self) -> ItemTranslator:
        """For a dry run."""
        return self._translator


def pair_of(recipe: Recipe, source: Language | None, target: Language) -> Pair:
    """The direction of a run; the recipe's language unless the request names another.

    Raises:
        SourceLanguageMissing: neither says it.
    """
    if source is None and recipe.source_language is None:
        raise SourceLanguageMissing(recipe.name)
    return Pair(source or recipe.source_language or target, target)


async def prepare_run(engine: Engine, recipe: Recipe, pair: Pair, options: RunOptions) -> Run:
    """Settle everything that is the same for all items.

    Raises:
        UnknownCheck: a level is given for a check that is not there.
        EngineError: the engine cannot be made ready.
    """
    rules = rules_for(recipe, options.checks, options.lists, options.terminology)
    known = await engine.info()
    info = RunInfo(
        run_id=uuid.uuid4().hex[:12],
        benchmark=recipe.name,
        pair=str(pair),
        engine=engine.name,
        model=known.model,
        profile=known.profile,
        signature=signature_of(known, recipe, pair, options, rules),
        licence_notes=_licence_notes(known, recipe),
        caveats=_caveats(known, pair, options.way),
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    await made_ready(options.measures, info)
    plan = RunPlan(
        engine,
        recipe,
        pair,
        info.signature,
        rules,
        options.way,
        options.seed,
        options.max_item_characters,
        known.takes_terms,
        known.follows_instructions,
    )
    return Run(plan, info, options)


def signature_of(
    engine: EngineInfo, recipe: Recipe, pair: Pair, options: RunOptions, rules: Rules
) -> str:
    """How the translations were made, in one line: equal signatures may be compared."""
    parts = {
        "engine": engine.kind,
        "model": f"{engine.model}@{engine.revision}" if engine.model else None,
        "profile": engine.profile,
        "format": engine.answer_format,
        **engine.signature,
        **options.way.signature,
        "seed": None if options.seed is None else str(options.seed),
        "measured": "+".join(each.signature for each in options.measures) or None,
    }
    return joined_signature(recipe, pair, parts, rules)


def joined_signature(
    recipe: Recipe, pair: Pair, made: Mapping[str, str | None], rules: Rules
) -> str:
    """A signature whose middle says how the translations were made."""
    parts = {
        "bench": f"{recipe.name}@{recipe.fingerprint}",
        "pair": str(pair),
        **made,
        **rules.signature,
        "version": version("isogloss"),
    }
    return "|".join(f"{name}:{value}" for name, value in parts.items() if value is not None)


def _caveats(engine: EngineInfo, pair: Pair, way: Way) -> list[str]:
    caveats = [engine.caveats[pair.target]] if pair.target in engine.caveats else []
    if engine.profile and not engine.follows_instructions and way.effort is not Effort.DRAFT:
        caveats.append(ONLY_TRANSLATES)
    return caveats


def _licence_notes(engine: EngineInfo, recipe: Recipe) -> list[str]:
    notes = [note for note in engine.licence_notes if note]
    if recipe.licence.note:
        notes.append(
            f"{recipe.title or recipe.name} ({recipe.licence.name}): {recipe.licence.note}"
        )
    return notes
