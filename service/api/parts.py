"""What the routes share."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from eval.checks.word_lists import WordLists
from service.metrics import Metrics
from service.settings import Settings
from service.wiring import Engines


@dataclass(frozen=True, slots=True)
class Parts:
    """Made once by whoever builds the app."""

    settings: Settings
    engines: Engines
    metrics: Metrics
    lists: WordLists


def parts_of(request: Request) -> Parts:
    """The parts of the app that serves this request."""
    parts: Parts = request.app.state.parts
    return parts
