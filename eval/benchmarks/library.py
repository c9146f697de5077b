"""The recipes that come with Isogloss."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from eval.benchmarks.recipe import Recipe, read_recipe
from eval.errors import UnknownBenchmark

_FOLDER = resources.files("eval.benchmarks") / "recipes"


def recipe_names() -> list[str]:
    """All names, sorted."""
    return sorted(
        entry.name.removesuffix(".yaml")
        for entry in _FOLDER.iterdir()
        if entry.name.endswith(".yaml")
    )


@cache
def load_recipe(name: str) -> Recipe:
    """One recipe by name.

    Raises:
        UnknownBenchmark: with the nearest known names.
        BadRecipe: the file does not follow the format.
    """
    if name not in recipe_names():
        raise UnknownBenchmark(name, recipe_names())
    return read_recipe(yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8")), name)


def all_recipes() -> list[Recipe]:
    """Every recipe, sorted by name."""
    return [load_recipe(name) for name in recipe_names()]
