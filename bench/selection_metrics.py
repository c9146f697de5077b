"""Metrics of the settings, on outputs and on lists of candidates."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.console import Console
from rich.progress import track

from bench.selection_data import PAIR, Output
from bench.selection_lists import Choice
from eval.metrics.base import Metric, Row
from service.settings import load_settings
from service.wiring import make_metrics

_BAR = Console(stderr=True)


def scored_outputs(outputs: Sequence[Output]) -> dict[str, list[float]]:
    """Each metric's scores; one that needs a reference is given the correction, and marked *."""
    return asyncio.run(_scored_outputs(outputs))


async def _scored_outputs(outputs: Sequence[Output]) -> dict[str, list[float]]:
    metrics, found = make_metrics(load_settings()), {}
    try:
        for name in metrics.names:
            metric = metrics.get(name)
            needs = (await metric.info()).needs_reference
            rows = [
                Row(o.source, o.raw, o.corrected if needs else None, PAIR.target) for o in outputs
            ]
            values = await _values(metric, rows)
            found[f"{name} with the correction *" if needs else name] = _complete(name, values)
    finally:
        await metrics.close()
    return found


async def _values(metric: Metric, rows: Sequence[Row]) -> list[float | None]:
    sign = 1 if (await metric.info()).higher_is_better else -1
    scores = await metric.score(rows)
    return [None if each.value is None else sign * each.value for each in scores]


def _complete(name: str, values: Sequence[float | None]) -> list[float]:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        raise SystemExit(f"{name} has no score for {len(values) - len(known)} outputs.")
    return known


Families = Mapping[str, Sequence[Choice]]


def scored_families(families: Families) -> tuple[Families, list[str]]:
    """The lists with the scores of every metric that needs no reference, and their names."""
    return asyncio.run(_scored_families(families))


async def _scored_families(families: Families) -> tuple[Families, list[str]]:
    metrics, used = make_metrics(load_settings()), []
    try:
        for name in metrics.names:
            metric = metrics.get(name)
            if not (await metric.info()).needs_reference:
                used.append(name)
                families = {
                    title: [
                        await _with_scores(each, metric)
                        for each in track(lists, f"{name}: {title}", console=_BAR, transient=True)
                    ]
                    for title, lists in families.items()
                }
    finally:
        await metrics.close()
    return families, used


async def _with_scores(choice: Choice, metric: Metric) -> Choice:
    source, language = choice.text.source, choice.text.pair.target
    values = await _values(
        metric, [Row(source, each.texts[0], None, language) for each in choice.candidates]
    )
    scored = [
        replace(each, scores={**each.scores, metric.name: value})
        for each, value in zip(choice.candidates, values, strict=True)
    ]
    return replace(choice, candidates=scored)
