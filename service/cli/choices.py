"""Options that several commands share, and the engine that they choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.benchmarks.library import load_recipe
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.checks.rules import Level
from eval.errors import BadRecipe
from prompts.profile import load_profile
from service.pipeline.levels import THOROUGH_CANDIDATES, Effort, Method
from service.settings import EngineKind, EngineSettings, Settings

ENGINE_PANEL = "Who translates"
EFFORT_PANEL = "How much is done for an item"
"""Headings in the help of a command that has many options."""

To = Annotated[str, typer.Option("--to", help="Target language: en, zh-TW, zh-CN or ko.")]
Benchmark = Annotated[
    str | None, typer.Option("--benchmark", "-b", help="Its recipe: isogloss recipe list.")
]
RecipeFile = Annotated[Path | None, typer.Option("--recipe", help="A recipe of your own (YAML).")]
ToIfAny = Annotated[
    str | None, typer.Option("--to", help="Target language: en, zh-TW, zh-CN or ko.")
]
SourceColumn = Annotated[
    str | None, typer.Option("--source-column", help="Default: `source`, or the language's tag.")
]
TargetColumn = Annotated[
    str | None, typer.Option("--target-column", help="Default: `target`, or the language's tag.")
]
Source = Annotated[
    str | None, typer.Option("--from", help="Source language; default: the recipe's.")
]
EngineName = Annotated[
    str | None,
    typer.Option(
        "--engine",
        help="A configured engine, e.g. opencc or identity.",
        rich_help_panel=ENGINE_PANEL,
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        help="An OpenAI-compatible server, e.g. http://127.0.0.1:8000.",
        rich_help_panel=ENGINE_PANEL,
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="With --base-url: the model's name there. Alone: a model for this process, "
        "a folder or hub name.",
        rich_help_panel=ENGINE_PANEL,
    ),
]
ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile",
        help="How the model is prompted; default: by the model's name.",
        rich_help_panel=ENGINE_PANEL,
    ),
]
Server = Annotated[
    str | None,
    typer.Option(
        "--server", help="Work through this running Isogloss service.", rich_help_panel=ENGINE_PANEL
    ),
]
Efforts = Annotated[
    Effort,
    typer.Option(
        "--effort",
        help="draft: one call. checked: what the checks find is mended once. thorough: candidates, "
        "a critique and an edit besides (docs/effort.md).",
        rich_help_panel=EFFORT_PANEL,
    ),
]
Methods = Annotated[
    Method | None,
    typer.Option(
        "--method",
        help="With --effort thorough: what becomes of candidates; default: best_of_n.",
        rich_help_panel=EFFORT_PANEL,
    ),
]
Candidates = Annotated[
    int | None,
    typer.Option(
        "--candidates",
        "-n",
        min=1,
        help="Translations per item to choose from, with --effort thorough the most of them. "
        f"Default: 1, with thorough {THOROUGH_CANDIDATES}.",
        rich_help_panel=EFFORT_PANEL,
    ),
]
BudgetCalls = Annotated[
    int | None,
    typer.Option(
        "--budget-calls",
        min=1,
        help="Most calls of the model per item.",
        rich_help_panel=EFFORT_PANEL,
    ),
]
BudgetTokens = Annotated[
    int | None,
    typer.Option(
        "--budget-tokens",
        min=1,
        help="Most tokens that the model writes per item.",
        rich_help_panel=EFFORT_PANEL,
    ),
]
BudgetSeconds = Annotated[
    float | None,
    typer.Option(
        "--budget-seconds", min=0.001, help="Most seconds per item.", rich_help_panel=EFFORT_PANEL
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed",
        min=0,
        help="Makes sampling repeatable where it can be.",
        rich_help_panel=EFFORT_PANEL,
    ),
]
Checks = Annotated[
    list[str] | None,
    typer.Option(
        "--check",
        metavar="NAME=LEVEL",
        help="Level of a check (docs/checks.md): hard, soft or off. May be given several times.",
    ),
]
AD_HOC = "cli"
"""Name of an engine that was described on the command line."""


def refuse(*rules: tuple[object, str]) -> None:
    """Options that do not go together: the first rule that holds says why.

    Raises:
        BadParameter: one of them holds.
    """
    for holds, why in rules:
        if holds:
            raise typer.BadParameter(why)


def with_engine(
    settings: Settings,
    *,
    name: str | None,
    base_url: str | None,
    model: str | None,
    profile: str | None,
) -> tuple[Settings, str | None]:
    """The settings with the engine described on the command line, and the chosen engine's name.

    Raises:
        UnknownProfile: no profile of that name.
    """
    if base_url is None and model is None:
        if profile is not None:
            raise typer.BadParameter("--profile is for the model of --base-url or --model")
        return settings, name
    if profile is not None:
        load_profile(profile)
    kind = EngineKind.OPENAI if base_url else EngineKind.TRANSFORMERS
    engine = EngineSettings(kind=kind, base_url=base_url, model=model, profile=profile)
    return settings.model_copy(update={"engines": {**settings.engines, AD_HOC: engine}}), AD_HOC


def levels(given: Sequence[str] | None) -> dict[str, Level]:
    """Levels by name of check, from ``NAME=LEVEL``."""
    chosen = {}
    for text in given or ():
        name, _, level = text.partition("=")
        if level not in list(Level):
            known = ", ".join(Level)
            raise typer.BadParameter(f"--check {text}: write NAME=LEVEL, the level one of {known}")
        chosen[name] = Level(level)
    return chosen


def chosen_recipe(benchmark: str | None, file: Path | None) -> Recipe:
    """A recipe by name or from a file.

    Raises:
        UnknownBenchmark, BadRecipe: neither can be had.
    """
    if file is not None and benchmark is not None:
        raise typer.BadParameter("give either --benchmark or --recipe")
    if file is not None:
        return read_recipe(_yaml(file), str(file))
    if benchmark is None:
        raise typer.BadParameter(
            "say which benchmark it is: --benchmark NAME (isogloss recipe list) or --recipe FILE"
        )
    return load_recipe(benchmark)


def _yaml(file: Path) -> Any:
    import yaml

    try:
        return yaml.safe_load(file.read_text("utf-8"))
    except OSError as error:
        raise BadRecipe(str(file), error.strerror or "it cannot be read") from error
    except UnicodeDecodeError as error:
        raise BadRecipe(str(file), f"it is not UTF-8 at byte {error.start}") from error
    except yaml.YAMLError as error:
        raise BadRecipe(str(file), f"it is not YAML: {error}") from error
