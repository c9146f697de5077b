"""Try a glossary: its terms in a source text, and what became of them in a translation."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from glossary.adherence import Outcome, TermOutcome
from glossary.concept import Concept
from glossary.language import Language, Pair
from glossary.terminology import Terminology
from service.ui.marks import Mark, marked
from service.ui.shell import Site, Visitor, frame, telling

_KINDS = {Outcome.APPLIED: "applied", Outcome.MISSED: "missed", Outcome.VIOLATED: "violated"}


class TryPage:
    """Two texts side by side; marks follow while one types."""

    def __init__(self, site: Site, visitor: Visitor, name: str) -> None:
        self.site, self.words, self.name = site, visitor.words, name
        self._source_text = self._target_text = ""
        own = visitor.words.language
        self._from, self._to = Language.EN, Language.KO if own == "ko" else Language.ZH_TW

    def build(self) -> None:
        """Draw it."""
        words = self.words
        with ui.element("section").classes("ig-sheet ig-try"):
            with ui.element("header").classes("ig-sheet-head"):
                ui.label(words("tab_tryout")).classes("ig-title")
                languages = {lang.value: words(f"language_{lang}") for lang in Language}
                self._select(languages, "_from")
                ui.icon("arrow_forward").classes("ig-faint")
                self._select(languages, "_to")
            with ui.element("div").classes("ig-halves"):
                with ui.element("div"):
                    self._area(words("source_text"), "_source_text")
                    self._source = ui.element("div").classes("ig-marked")
                with ui.element("div"):
                    self._area(words("translation"), "_target_text")
                    self._target = ui.element("div").classes("ig-marked")
            self._table = ui.element("div").classes("ig-outcomes")

    def _select(self, options: dict[str, str], name: str) -> None:
        async def choose(event: Any) -> None:
            setattr(self, name, Language(event.value))
            await self._look()

        value = getattr(self, name).value
        select = ui.select(options, value=value, on_change=choose)
        select.props("dense outlined options-dense")

    def _area(self, label: str, name: str) -> None:
        async def typed(event: Any) -> None:
            setattr(self, name, event.value or "")
            await self._look()

        area = ui.textarea(label, on_change=typed)
        area.props("outlined dense debounce=300 rows=5").classes("ig-wide-field")

    async def _look(self) -> None:
        if self._from is self._to:
            for box in (self._source, self._target, self._table):
                box.clear()
            with self._table:
                ui.label(self.words("same_language")).classes("ig-why")
            return
        with telling(self.words):
            pair = Pair(self._from, self._to)
            terms = await self.site.terms.terminology([self.name], pair, "")
            if terms is not None:
                self._draw(terms)

    def _draw(self, terms: Terminology) -> None:
        self._source.clear()
        self._target.clear()
        self._table.clear()
        source, target = self._source_text, self._target_text
        if not target:
            found = self._found(terms)
            with self._source:
                self._text(source, found, self._from)
            if source and not found:
                with self._table:
                    ui.label(self.words("no_terms")).classes("ig-faint")
            return
        outcomes = terms.adherence(source, target)
        with self._source:
            self._text(source, _marks(outcomes, of_source=True), self._from)
        with self._target:
            self._text(target, _marks(outcomes, of_source=False), self._to)
        with self._table:
            self._outcomes(outcomes)

    def _text(self, text: str, marks: list[Mark], language: Language) -> None:
        if text:
            ui.html(marked(text, marks), sanitize=False).classes(f"ig-l-{language}")

    def _found(self, terms: Terminology) -> list[Mark]:
        return [
            Mark(
                match.start,
                match.end,
                "found",
                match.term.condition,
                match.term.text if match.term.keep else _said(match.concept, self._to),
            )
            for match in terms.find(self._source_text)
        ]

    def _outcomes(self, outcomes: list[TermOutcome]) -> None:
        words = self.words
        if not outcomes:
            ui.label(words("no_terms")).classes("ig-faint")
        for outcome in outcomes:
            with ui.element("div").classes("ig-outcome"):
                kind = _KINDS[outcome.outcome]
                ui.label(words(f"outcome_{kind}")).classes(f"ig-chip ig-{kind}")
                ui.link(outcome.source, f"/g/{self.name}?show={outcome.concept_id}").classes(
                    "ig-link"
                )
                ui.label("→ " + " / ".join(outcome.expected))
                if outcome.found and outcome.outcome is not Outcome.APPLIED:
                    ui.label(words("found_instead", text=outcome.found)).classes("ig-why")
                ui.label(outcome.condition).classes("ig-faint")


def _said(concept: Concept, language: Language) -> str:
    usable = [term.text for term in concept.in_language(language) if term.status.usable]
    return " / ".join(usable[:2])


def _marks(outcomes: list[TermOutcome], *, of_source: bool) -> list[Mark]:
    marks = []
    for outcome in outcomes:
        spans = outcome.source_spans if of_source else outcome.target_spans
        title = " / ".join(outcome.expected)
        marks += [Mark(start, end, _KINDS[outcome.outcome], title) for start, end in spans]
    return marks


def build(site: Site, visitor: Visitor, name: str, proposals: int) -> None:
    """The page to try a glossary."""
    with frame(visitor, visitor.words("tab_tryout"), name, "tryout", proposals):
        TryPage(site, visitor, name).build()
