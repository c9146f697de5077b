"""What the routes share."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from eval.checks.word_lists import WordLists
from glossary.store.port import Store
from service.api.matching import Matchers
from service.counters import Metrics
from service.scoring.metrics import ScoringMetrics
from service.settings import Settings
from service.terms import Terms
from service.wiring import Engines


@dataclass(frozen=True, slots=True)
class Parts:
    """Made once by whoever builds the app."""

    settings: Settings
    engines: Engines
    metrics: Metrics
    lists: WordLists
    store: Store
    terms: Terms
    scoring: ScoringMetrics
    matchers: Matchers = field(default_factory=Matchers)


def parts_of(request: Request) -> Parts:
    """The parts of the app that serves this request."""
    parts: Parts = request.app.state.parts
    return parts
