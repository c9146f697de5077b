"""Where terms were used and where they were missed in a finished run."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from nicegui import ui

from glossary.language import parse_pair
from service.files.run_files import REPORT
from service.ui.marks import Mark, marked
from service.ui.runs import Run, Usage, Use, runs, usage, uses
from service.ui.shell import Site, Visitor, frame, telling

_ROWS, _ITEMS = 300, 100
_OUTCOMES = ("missed", "violated", "applied")


class UsedPage:
    """Choose a run, then a term; missed ones come first."""

    def __init__(self, site: Site, visitor: Visitor, name: str) -> None:
        self.site, self.words, self.name = site, visitor.words, name

    async def build(self, concept: str) -> None:
        """Draw it; ``concept`` is opened at once."""
        words = self.words
        found = await asyncio.to_thread(runs, self.site.runs)
        self._runs = {run.key: run for run in found}
        with ui.element("section").classes("ig-sheet"):
            with ui.element("header").classes("ig-sheet-head"):
                ui.label(words("tab_used")).classes("ig-title")
                if found:
                    options = {run.key: run.label for run in found}
                    ui.select(
                        options, value=found[0].key, on_change=lambda e: self._choose(e.value)
                    ).props("dense outlined options-dense").classes("ig-grow")
            if not found:
                with ui.element("div").classes("ig-nothing"):
                    ui.icon("folder_open")
                    ui.label(words("no_runs", folder=self.site.runs))
                return
            with ui.element("div").classes("ig-halves"):
                self._list = ui.element("div").classes("ig-usage")
                self._items = ui.element("div").classes("ig-items")
        await self._choose(found[0].key)
        if concept:
            await self._open(concept)

    async def _choose(self, key: str) -> None:
        with telling(self.words):
            self._run = self._runs[key]
            found = await asyncio.to_thread(usage, self._run, self.name)
            self._list.clear()
            self._items.clear()
            with self._list:
                self._counts(found)

    def _counts(self, found: Usage) -> None:
        self._rows: dict[str, Any] = {}
        rows = list(found.counts.items())
        rows.sort(key=lambda row: (-row[1]["missed"] - row[1]["violated"], -sum(row[1].values())))
        if not rows:
            ui.label(self.words("no_terms_in_run")).classes("ig-faint")
        with ui.element("table").classes("ig-table"):
            with ui.element("tr"):
                for text in (self.words("term"), *(self.words(f"outcome_{o}") for o in _OUTCOMES)):
                    with ui.element("th"):
                        ui.label(text)
            for id_, counts in rows[:_ROWS]:
                row = ui.element("tr").classes("ig-row").props("tabindex=0 role=button")
                for event in ("click", "keydown.enter"):
                    row.on(event, lambda id_=id_: self._open(id_))
                self._rows[id_] = row
                with row:
                    with ui.element("td"):
                        ui.label(found.terms[id_]).classes("ig-strong")
                    for outcome in _OUTCOMES:
                        with ui.element("td").classes(f"ig-n ig-n-{outcome}"):
                            ui.label(str(counts[outcome] or ""))
        if (rest := len(rows) - _ROWS) > 0:
            ui.label(self.words("and_more", n=rest)).classes("ig-faint")

    async def _open(self, concept: str) -> None:
        with telling(self.words):
            found = await asyncio.to_thread(uses, self._run, self.name, concept, limit=_ITEMS)
            counts = (await asyncio.to_thread(usage, self._run, self.name)).counts
            here = counts[concept].total() if concept in counts else 0
            for id_, row in self._rows.items():
                row.props(f"aria-pressed={'true' if id_ == concept else 'false'}")
            self._items.clear()
            with self._items:
                ui.link(self.words("open_concept"), f"/g/{self.name}?show={concept}").classes(
                    "ig-link"
                )
                if not found:
                    ui.label(self.words("not_in_run")).classes("ig-faint")
                for use in found:
                    self._use(use, self._run)
                if (rest := here - len(found)) > 0:
                    ui.label(self.words("and_more", n=rest)).classes("ig-faint")

    def _use(self, use: Use, run: Run) -> None:
        kind, pair = use.term.outcome.value, parse_pair(run.pair)
        with ui.element("article").classes("ig-use"):
            with ui.element("header"):
                ui.label(self.words(f"outcome_{kind}")).classes(f"ig-chip ig-{kind}")
                if (run.folder / REPORT).is_file():
                    target = f"/data/reports/{quote(run.key)}#q={quote(use.item)}"
                    text = f"{use.item} · {use.segment.id}"
                    ui.link(text, target, new_tab=True).classes("ig-link")
                else:
                    ui.label(f"{use.item} · {use.segment.id}").classes("ig-faint")
                if use.term.found and kind != "applied":
                    ui.label(self.words("found_instead", text=use.term.found)).classes("ig-why")
            for text, spans, language in (
                (use.segment.source, use.term.source_spans, pair.source),
                (use.segment.target, use.term.target_spans, pair.target),
            ):
                marks = [Mark(start, end, kind) for start, end in spans]
                ui.html(marked(text, marks), sanitize=False).classes(f"ig-l-{language} ig-passage")


async def build(site: Site, visitor: Visitor, name: str, proposals: int, concept: str) -> Any:
    """The page that says where terms are used."""
    with frame(visitor, visitor.words("tab_used"), name, "used", proposals):
        await UsedPage(site, visitor, name).build(concept)
