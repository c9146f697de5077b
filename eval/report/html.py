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
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from eval.report.payload import item_json, script_safe
from eval.report.summary import Tally
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Pair, parse_pair

_SCRIPTS = ("text.js", "card.js", "state.js", "report.js")
_STYLES = ("report.css", "items.css")


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
    tally = Tally()
    shown, items = [], []
    for number, (info, records) in enumerate(runs):
        shown.append(ShownRun(info, parse_pair(info.pair)))
        for record in records:
            tally.add(record)
            items.append(item_json(record, info.signature, number))
    script, style = _script(), _style()
    page = _environment().get_template("report.html.j2")
    return _writable(
        page.render(
            runs=shown,
            pairs=list(dict.fromkeys(run.pair for run in shown)),
            counted=sum(run.info.counts.items for run in shown),
            title=title,
            tally=tally,
            script=Markup(script),
            style=Markup(style),
            script_hash=_csp_hash(script),
            style_hash=_csp_hash(style),
            data=script_safe("[" + ",\n".join(items) + "]"),
        )
    )


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run as the page names it."""

    info: RunInfo
    pair: Pair

    @property
    def engine(self) -> str:
        """The engine, and its model where it has one."""
        model = self.info.model
        return f"{self.info.engine} ({model})" if model else self.info.engine

    @property
    def sides(self) -> str:
        """What the page's scripts must know of it."""
        return json.dumps([self.pair.source, self.pair.target, self.engine])


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
