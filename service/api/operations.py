"""Health, readiness and metrics."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.api.catalogue import engine_status
from service.api.parts import parts_of

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "An engine is not ready."}})
async def readyz(request: Request) -> JSONResponse:
    """Every configured engine answers; 503 with the reasons otherwise."""
    parts = parts_of(request)
    states = await asyncio.gather(*(engine_status(parts, name) for name in parts.engines.names))
    ready = all(state.ready for state in states)
    engines = {state.name: "ready" if state.ready else state.error for state in states}
    body = {"status": "ready" if ready else "not ready", "engines": engines}
    return JSONResponse(body, 200 if ready else 503)


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Counters in Prometheus' text format."""
    registry = parts_of(request).metrics.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
