"""A run as one HTML file that opens anywhere: no network, no second file.

The page's header, charts and a summary for readers without JavaScript are written here; the items
are embedded as JSON and turned into elements page by page in the browser, so that 14,000 of them
stay usable. Text of an item reaches the page as JSON or autoescaped, never as markup, and the
page's own content security policy allows no script but ours and no request at all.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from eval.report.payload import Legend, item_json, script_safe
from eval.report.plots import share
from eval.report.scores import (
    DRAWS,
    LEVEL,
    ScoreTally,
    in_order,
    interval_text,
    lower_first,
    worth_grouping,
)
from eval.report.stages import STEP_NAMES, StageTally
from eval.report.summary import Tally
from eval.report.worst import Worst, marked, worst_items
from eval.run_log import ItemRecord, RunInfo, StageOutcome
from glossary.language import Pair, parse_pair

_SCRIPTS = ("text.js", "scores.js", "card.js", "state.js", "report.js")
_STYLES = ("report.css", "plots.css", "items.css")
_WORST = 10


def render_report(info: RunInfo, records: Iterable[ItemRecord], *, title: str | None = None) -> str:
    """Write the report of a run.

    Args:
        info: what is true of all items.
        records: the items, read once, shown in this order where the reader asks for it.
        title: heading of the page; the benchmark's name if left out.

    Returns:
        A complete HTML document. Encode it as UTF-8; it holds no lone surrogates.

    Raises:
        GlossaryError: ``info.pair`` cannot be read as a language pair.
    """
    return render_runs([(info, records)], title=title or info.benchmark)


def render_runs(runs: Iterable[tuple[RunInfo, Iterable[ItemRecord]]], *, title: str) -> str:
    """Write one report of several runs, which may differ in engine and languages.

    Each record's index must be its own among all runs. Otherwise like ``render_report``.
    """
    content = _Content()
    for info, records in runs:
        content.add(info, records)
    script, style, groups = _script(), _style(), content.legend.words("groups")
    page = _environment().get_template("report.html.j2")
    return _writable(
        page.render(
            runs=content.runs,
            pairs=list(dict.fromkeys(run.pair for run in content.runs)),
            caveats=_caveats(content.runs),
            counted=sum(run.info.counts.items for run in content.runs),
            title=title,
            tally=content.tally,
            stages=content.stages,
            legend=_legend(content.legend, content.runs),
            groups=sorted(groups) if worth_grouping(len(groups)) else [],
            back=content.legend.back_translated,
            draws=DRAWS,
            level=f"{LEVEL:.0%}",
            script=Markup(script),
            style=Markup(style),
            script_hash=_csp_hash(script),
            style_hash=_csp_hash(style),
            data=script_safe("[" + ",\n".join(content.items) + "]"),
        )
    )


@dataclass(slots=True)
class ShownRun:
    """A run as the page shows it."""

    info: RunInfo
    pair: Pair
    scores: ScoreTally
    worst: list[Worst] = field(default_factory=list)

    @property
    def engine(self) -> str:
        """The engine, and its model where it has one."""
        model = self.info.model
        return f"{self.info.engine} ({model})" if model else self.info.engine

    @property
    def sides(self) -> str:
        """What the page's scripts must know of it."""
        return json.dumps([self.pair.source, self.pair.target, self.engine])


@dataclass(slots=True)
class _Content:
    """What the page says, gathered run by run."""

    tally: Tally = field(default_factory=Tally)
    stages: StageTally = field(default_factory=StageTally)
    legend: Legend = field(default_factory=Legend)
    runs: list[ShownRun] = field(default_factory=list)
    items: list[str] = field(default_factory=list)

    def add(self, info: RunInfo, records: Iterable[ItemRecord]) -> None:
        run = ShownRun(info, parse_pair(info.pair), ScoreTally(info.metrics))
        kept = []
        for record in records:
            kept.append(record)
            self.tally.add(record)
            self.stages.add(record)
            run.scores.add(record)
            self.items.append(item_json(record, info.signature, self.legend, len(self.runs)))
        run.worst = worst_items(kept, info.metrics, _WORST)
        self.runs.append(run)


def _caveats(runs: list[ShownRun]) -> dict[str, list[str]]:
    """What is to be read first, each once, and the pairs that it holds for."""
    found: dict[str, list[str]] = {}
    for run in runs:
        for caveat in run.info.caveats:
            found.setdefault(caveat, []).append(str(run.pair))
    return found


def _legend(legend: Legend, runs: list[ShownRun]) -> dict[str, Any]:
    """What the page's scripts must know to read the records."""
    keys = legend.words("keys")
    metrics = {key: metric for run in runs for key, metric in run.info.metrics.items()}
    names = [key.partition(".")[2] or key for key in keys]
    ordered = in_order(keys, metrics)
    digits = {s.key: s.digits for run in runs for s in run.scores.summaries}
    return {
        "scores": [
            {
                "key": key,
                "name": name if names.count(name) == 1 else key.replace(".", " "),
                "lower": lower_first(key, metrics),
                "digits": digits.get(key, 3),
            }
            for key, name in zip(keys, names, strict=True)
        ],
        "order": [keys.index(key) for key in ordered],
        "reasons": legend.words("reasons"),
        "groups": legend.words("groups"),
        "steps": list(STEP_NAMES.values()),
        "outcomes": [outcome.value for outcome in StageOutcome],
        "back": legend.back_translated,
        "field": next((r.scores.field_name for r in runs if r.scores.field_name), "group"),
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    environment.filters["duration"] = _duration
    environment.filters["time"] = _time
    environment.filters["fixed"] = lambda number, digits: f"{number:,.{digits}f}"
    environment.filters["percent"] = lambda number: f"{number:.3f}%"
    environment.filters["json"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.globals |= {"marked": marked, "place": share, "interval_text": interval_text}
    return environment


def _asset(name: str) -> str:
    return files("eval.report").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """All scripts as one that leaves no names behind."""
    return '(() => {\n"use strict";\n' + "\n".join(map(_asset, _SCRIPTS)) + "})();\n"


@cache
def _style() -> str:
    return "\n".join(map(_asset, _STYLES))


def _csp_hash(text: str) -> str:
    """A source expression of CSP Level 3 (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _writable(page: str) -> str:
    """A lone surrogate in a heading or the summary must not make the file unwritable."""
    return page.encode("utf-8", "replace").decode()


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def _time(stamp: str) -> str:
    """``2026-01-31 09:30 UTC``; what is not ISO 8601 is shown as it is."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    if moment.tzinfo is None:
        return f"{moment:%Y-%m-%d %H:%M}"
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
