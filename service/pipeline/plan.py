"""What is the same for all items of a run."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from eval.benchmarks.recipe import Recipe
from eval.checks.rules import Rules
from glossary.language import Pair
from service.engines.base import Asking, Engine
from service.pipeline.levels import Way


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Engine, recipe, direction, rules and effort.

    ``takes_terms`` and ``follows_instructions`` are the engine's (``EngineInfo``). Who holds
    ``judging`` has a translation checked (``Work.judged``).
    """

    engine: Engine
    recipe: Recipe
    pair: Pair
    signature: str
    rules: Rules
    way: Way
    seed: int | None = None
    max_item_characters: int = 40_000
    takes_terms: bool = False
    follows_instructions: bool = False
    judging: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    @property
    def asks_model(self) -> bool:
        """Is there a model that may say something else when it is asked again?"""
        return isinstance(self.engine, Asking)

    @property
    def judge(self) -> Asking | None:
        """The engine, where it can be asked something else than to translate."""
        if self.follows_instructions and isinstance(self.engine, Asking):
            return self.engine
        return None
