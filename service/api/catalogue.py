"""What the service can do: benchmarks, languages, engines."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request

from eval.benchmarks.library import all_recipes, load_recipe
from eval.benchmarks.recipe import Recipe
from glossary.language import Language, Pair
from service.api.bodies import BenchmarkInfo, EngineStatus, LanguageInfo
from service.api.parts import Parts, parts_of
from service.engines.errors import EngineError

router = APIRouter(tags=["catalogue"])


@router.get("/languages")
async def languages() -> list[LanguageInfo]:
    """The languages; any two of them are a pair, as far as an engine serves it."""
    return [
        LanguageInfo(
            tag=language,
            english_name=language.english_name,
            native_name=language.native_name,
        )
        for language in Language
    ]


@router.get("/benchmarks")
async def benchmarks() -> list[BenchmarkInfo]:
    """The benchmarks whose shape is known."""
    return [
        BenchmarkInfo(
            name=recipe.name,
            title=recipe.title,
            source_language=recipe.source_language,
            category=recipe.category,
            scoring=recipe.scoring,
            licence=recipe.licence.name,
            licence_note=recipe.licence.note,
            layouts=[layout.name for layout in recipe.layouts],
        )
        for recipe in all_recipes()
    ]


@router.get("/benchmarks/{name}")
async def benchmark(name: str) -> Recipe:
    """One recipe as a whole: fields, licence, known traps."""
    return load_recipe(name)


@router.get("/engines")
async def engines(request: Request) -> list[EngineStatus]:
    """The configured engines and whether they are ready."""
    parts = parts_of(request)
    return list(await asyncio.gather(*(engine_status(parts, name) for name in parts.engines.names)))


async def engine_status(parts: Parts, name: str) -> EngineStatus:
    """Make an engine ready if it is not, look whether it still is, and say how it is."""
    settings = parts.engines.settings_of(name)
    status = EngineStatus(
        name=name,
        kind=settings.kind,
        ready=False,
        pairs=[],
        max_concurrency=settings.max_concurrency,
    )
    try:
        engine = parts.engines.get(name)
        info = await engine.info()
        await engine.check()
    except EngineError as error:
        return status.model_copy(update={"error": str(error)})
    pairs = [Pair(source, target) for source in Language for target in Language]
    return status.model_copy(
        update={
            "ready": True,
            "model": info.model,
            "revision": info.revision,
            "profile": info.profile,
            "answer_format": info.answer_format,
            "pairs": [str(pair) for pair in pairs if engine.serves(pair)],
            "licence_notes": list(info.licence_notes),
        }
    )
