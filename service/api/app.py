"""The app: routes, limits, errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from eval.checks.word_lists import read_word_lists
from service.api import (
    catalogue,
    concepts,
    conflict,
    files,
    glossaries,
    operations,
    problem,
    score,
    translate,
)
from service.api.catalogue import engine_status
from service.api.limits import BodyLimit
from service.api.parts import Parts
from service.counters import Metrics
from service.settings import Settings
from service.terms import Terms
from service.wiring import make_engines, make_metrics, make_store

_LOG = logging.getLogger("isogloss")
_DESCRIPTION = (
    "Translates benchmark items between English, Traditional Chinese (Taiwan), Simplified Chinese "
    "and Korean so that nothing but the language changes, with a verdict per item."
)


def create_app(settings: Settings) -> FastAPI:
    """The service, ready to be served by any ASGI server."""
    lists = read_word_lists(settings.word_lists)
    store = make_store(settings)
    engines, scoring = make_engines(settings), make_metrics(settings)
    parts = Parts(settings, engines, Metrics(), lists, store, Terms(store), scoring)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(store.open)
        announcing = [asyncio.create_task(_announce(parts, name)) for name in parts.engines.names]
        yield
        for task in announcing:
            task.cancel()
        await asyncio.gather(*announcing, return_exceptions=True)
        await parts.engines.close()
        await parts.scoring.close()
        await asyncio.to_thread(store.close)

    responses: dict[int | str, dict[str, object]] = {
        status: {"model": problem.Problem, "description": text}
        for status, text in {
            400: "The request cannot be read.",
            404: "An unknown benchmark or engine.",
            413: "Too many items or bytes.",
            415: "The body is not JSON.",
            422: "The body does not fit.",
            502: "The engine refused.",
            503: "The engine is not available.",
            504: "The engine did not answer in time.",
        }.items()
    }
    app = FastAPI(
        title="Isogloss",
        version=version("isogloss"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        responses=responses,
    )
    app.state.parts = parts
    for module in (translate, score, glossaries, concepts, files, catalogue, operations):
        app.include_router(module.router)
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    problem.install(app)
    conflict.install(app)
    return app


async def _announce(parts: Parts, name: str) -> None:
    """Say at start-up what each engine is, and under which terms its model comes."""
    status = await engine_status(parts, name)
    if not status.ready:
        _LOG.warning("engine %s is not ready: %s", name, status.error)
        return
    model = f" model={status.model} profile={status.profile}" if status.profile else ""
    _LOG.info("engine %s (%s) is ready%s", name, status.kind, model)
    for note in status.licence_notes:
        _LOG.info("engine %s: %s", name, note)
