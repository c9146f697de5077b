"""What is the same for all items of a run."""

from __future__ import annotations

from dataclasses import dataclass

from eval.benchmarks.recipe import Recipe
from eval.checks.rules import Rules
from glossary.language import Pair
from service.engines.base import Engine


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Engine, recipe, direction and rules; ``takes_terms`` is the engine's."""

    engine: Engine
    recipe: Recipe
    pair: Pair
    signature: str
    rules: Rules
    candidates: int = 1
    seed: int | None = None
    max_item_characters: int = 40_000
    takes_terms: bool = False
