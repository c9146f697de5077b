"""Proposed terms with the sentences in which they occur: accept, change, reject; by keys too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from glossary.concept import Concept, Status, Strength, Term
from glossary.language import Language
from glossary.store.errors import ConceptChanged
from glossary.store.port import Action, Edit, Query, StoredConcept
from glossary.store.proposals import accepted, without_proposed
from service.ui.conflict import refused
from service.ui.desk import Desk
from service.ui.marks import marked, occurrences
from service.ui.rows import changed, checked, told
from service.ui.shell import Site, Visitor, frame, telling, toast

_PAGE = 40
_SENTENCES = 4


class Proposals:
    """The open proposals, a page of them at a time; one of them is at hand for the keys."""

    def __init__(self, site: Site, visitor: Visitor, name: str) -> None:
        self.words, self.name = visitor.words, name
        self.desk = Desk(site.store, name, lambda: visitor.who)
        self._shown: list[StoredConcept] = []
        self._texts: dict[tuple[str, int, int], str] = {}
        """What was typed over a term: by concept, its version and the term's place."""
        self._ticked: set[str] = set()
        self._languages: tuple[Language, ...] = ()
        self._strength = Strength.HARD
        self._at = 0

    async def build(self) -> None:
        """Draw it."""
        words = self.words
        with ui.element("section").classes("ig-sheet ig-proposals"):
            with ui.element("header").classes("ig-sheet-head"):
                ui.label(words("tab_proposals")).classes("ig-title")
                self._number = ui.label().classes("ig-faint")
                self._choices()
                ui.space()
                ui.html(words("proposal_keys"), sanitize=False).classes("ig-faint ig-keys-line")
            with ui.element("div").classes("ig-many"):
                self._all = ui.checkbox(
                    words("all_shown"), on_change=lambda e: self._tick_all(e.value)
                )
                self._all.props("dense")
                for key, handler in (("accept", self._accept_many), ("reject", self._reject_many)):
                    ui.button(words(f"{key}_ticked"), on_click=handler).props("flat no-caps dense")
                ui.button(words("tool_undo"), icon="undo", on_click=self._undo).props(
                    "flat no-caps dense"
                )
            self._list = ui.element("div").classes("ig-cards")
        handlers: dict[str, Any] = {
            "accept": lambda: self._decide_at(accept=True),
            "reject": lambda: self._decide_at(accept=False),
            "next": lambda: self._go(self._at + 1),
            "previous": lambda: self._go(self._at - 1),
            "tick": self._tick_at,
            "undo": self._undo,
        }
        for key, handler in handlers.items():
            ui.on(f"ig-{key}", handler)
        keys = {
            "a": "accept", "r": "reject", "j": "next", "k": "previous", "x": "tick", "z": "undo"
        }  # fmt: skip
        keys.update({"ArrowDown": "next", "ArrowUp": "previous"})
        ui.add_body_html(f"<script>isogloss.keys({keys})</script>")
        await self.load()

    def _choices(self) -> None:
        words = self.words

        async def of(event: Any) -> None:
            self._languages = (Language(event.value),) if event.value else ()
            self._at = 0
            await self.load()

        languages = {lang.value: words(f"language_{lang}") for lang in Language}
        options = {"": words("all_languages"), **languages}
        ui.select(options, value="", label=words("proposals_of"), on_change=of).props(
            "dense outlined options-dense"
        ).classes("ig-choice")

        def binding(event: Any) -> None:
            self._strength = Strength(event.value)

        strengths = {each.value: words(f"strength_{each}") for each in Strength}
        select = ui.select(
            strengths, value=self._strength.value, label=words("accept_as"), on_change=binding
        )
        select.props("dense outlined options-dense").classes("ig-choice")
        select.tooltip(words("about_accept_as"))

    async def load(self) -> None:
        """Read the open proposals anew; what was typed into undecided ones stays."""
        language = self._languages[0] if self._languages else None
        query = Query(status=Status.PROPOSED, language=language, limit=_PAGE)
        page = await asyncio.to_thread(self.desk.store.concepts, self.name, query)
        self._shown = list(page.records)
        self._ticked &= {each.concept.id for each in self._shown}
        self._number.set_text(self.words("proposals_left", n=page.total))
        left = (await asyncio.to_thread(self.desk.store.info, self.name)).proposals
        ui.run_javascript(f"isogloss.proposals({left})")
        self._list.clear()
        self._boxes: list[Any] = []
        self._ticks: list[Any] = []
        with self._list:
            if not self._shown:
                with ui.element("div").classes("ig-nothing"):
                    ui.icon("task_alt")
                    ui.label(self.words("no_proposals"))
            for place, stored in enumerate(self._shown):
                self._card(place, stored)
        self._go(self._at)

    def _card(self, place: int, stored: StoredConcept) -> None:
        words, concept = self.words, stored.concept
        with ui.element("article").classes("ig-card") as box:
            for event in ("click", "focusin"):
                box.on(event, lambda: self._go(place, scroll=False))
            with ui.element("header"):
                tick = ui.checkbox(value=concept.id in self._ticked).props("dense")
                tick.on_value_change(lambda e: self._tick(concept.id, bool(e.value)))
                ui.label(concept.domain).classes("ig-domain")
                ui.label(concept.definition or concept.note).classes("ig-faint")
                ui.space()
                ui.label(stored.changed_by).classes("ig-faint")
            with ui.element("div").classes("ig-sides"):
                for language in Language:
                    self._language(stored, language)
            self._sentences(concept)
            with ui.element("footer"):
                ui.button(
                    words("accept"), icon="check", on_click=lambda: self._accept(stored)
                ).props("unelevated no-caps dense")
                ui.button(
                    words("reject"), icon="close", on_click=lambda: self._reject([stored])
                ).props("flat no-caps dense color=negative")
                ui.link(words("open"), f"/g/{self.name}?show={concept.id}").classes("ig-link")
        self._boxes.append(box)
        self._ticks.append(tick)

    def _language(self, stored: StoredConcept, language: Language) -> None:
        concept = stored.concept
        terms = [(n, t) for n, t in enumerate(concept.terms) if t.language == language]
        if not terms:
            return
        with ui.element("div").classes(f"ig-proposed-terms ig-l-{language}"):
            ui.label(self.words(f"language_{language}")).classes("ig-faint")
            for number, term in terms:
                if not self._asked(concept, term):
                    ui.label(term.text).classes(f"ig-beside ig-text ig-s-{term.status}")
                    continue
                key = (concept.id, stored.version, number)
                field = ui.input(value=self._texts.get(key, term.text)).props("dense outlined")
                field.on_value_change(lambda e, key=key: self._texts.update({key: e.value or ""}))
                field.classes("ig-unsaved" if key in self._texts else "").on_value_change(
                    lambda e, field=field: field.classes(add="ig-unsaved")
                )

    def _sentences(self, concept: Concept) -> None:
        sentences = [(term, text) for term in concept.terms for text in term.examples]
        with ui.element("div").classes("ig-sentences"):
            for term, text in sentences[:_SENTENCES]:
                html = marked(text, occurrences(text, [term.text], "found"))
                ui.html(html, sanitize=False).classes(f"ig-l-{term.language}")
            if (rest := len(sentences) - _SENTENCES) > 0:
                ui.label(self.words("and_more", n=rest)).classes("ig-faint")

    def _go(self, place: int, *, scroll: bool = True) -> None:
        self._at = max(0, min(place, len(self._boxes) - 1))
        for each, box in enumerate(self._boxes):
            box.classes(
                add="at" if each == self._at else "", remove="" if each == self._at else "at"
            )
        if scroll and self._boxes:
            id_ = self._boxes[self._at].html_id
            ui.run_javascript(
                f"document.getElementById('{id_}')?.scrollIntoView({{block: 'nearest'}})"
            )

    def _tick(self, id_: str, on: bool) -> None:
        (self._ticked.add if on else self._ticked.discard)(id_)

    def _tick_all(self, on: bool) -> None:
        for tick in self._ticks:
            tick.set_value(on)

    def _tick_at(self) -> None:
        if self._ticks:
            self._ticks[self._at].set_value(not self._ticks[self._at].value)

    async def _decide_at(self, *, accept: bool) -> None:
        if self._shown:
            stored = self._shown[self._at]
            await (self._accept(stored) if accept else self._reject([stored]))

    async def _accept_many(self) -> None:
        ticked = [each for each in self._shown if each.concept.id in self._ticked]
        await self._decide([self._acceptance(each) for each in ticked], "accepted_n")
        self._all.set_value(False)

    async def _reject_many(self) -> None:
        await self._reject([each for each in self._shown if each.concept.id in self._ticked])
        self._all.set_value(False)

    async def _accept(self, stored: StoredConcept) -> None:
        await self._decide([self._acceptance(stored)], "accepted_n")

    async def _reject(self, many: list[StoredConcept]) -> None:
        def rejection(each: StoredConcept) -> Callable[[], Edit]:
            rest = without_proposed(each.concept, self._rejecting(each.concept))
            return lambda: Edit(each.concept.id, rest, each.version, Action.REJECTED)

        await self._decide([rejection(each) for each in many], "rejected_n")

    def _acceptance(self, stored: StoredConcept) -> Callable[[], Edit]:
        return lambda: Edit.put(
            accepted(self._bound(self._typed(stored)), self._accepting(stored.concept)),
            stored.version,
            Action.ACCEPTED,
        )

    def _accepting(self, concept: Concept) -> tuple[Language, ...]:
        """The languages that are accepted: all, or the chosen one with the source term."""
        return (*self._languages, concept.terms[0].language) if self._languages else ()

    def _rejecting(self, concept: Concept) -> tuple[Language, ...]:
        """The source term stays as long as somebody else has to decide on its translation."""
        waiting = {term.language for term in concept.terms if term.status is Status.PROPOSED}
        return self._languages if waiting - set(self._accepting(concept)) else ()

    def _bound(self, concept: Concept) -> Concept:
        """A proposal of the pre-pass is a hint, which binds nobody, until somebody accepts it."""
        terms = tuple(
            changed(term, strength=self._strength)
            if self._asked(concept, term) and term.strength is Strength.HINT
            else term
            for term in concept.terms
        )
        return checked(concept, terms=terms)

    def _asked(self, concept: Concept, term: Term) -> bool:
        """Does the one who looks decide on it?"""
        of = self._accepting(concept)
        return term.status is Status.PROPOSED and (not of or term.language in of)

    def _typed(self, stored: StoredConcept) -> Concept:
        """The concept with what was typed over its proposed terms; an empty one goes."""
        terms = []
        for number, term in enumerate(stored.concept.terms):
            key = (stored.concept.id, stored.version, number)
            text = self._texts.get(key, term.text)
            if text.strip():
                terms.append(changed(term, text=text) if text != term.text else term)
        return checked(stored.concept, terms=tuple(terms))

    async def _decide(self, edits: list[Callable[[], Edit]], key: str) -> None:
        if not edits:
            return
        with telling(self.words):
            try:
                await self.desk.apply([edit() for edit in edits])
                toast(self.words(key, n=len(edits)), "good", self.words("tool_undo"))
            except ConceptChanged as error:
                await refused(error, self.words)
            except ValidationError as error:
                toast(f"{self.words('not_saved')} {told(error, self.words)}", "error")
                return
        await self.load()

    async def _undo(self) -> None:
        with telling(self.words):
            done = await self.desk.undo()
            toast(self.words("undone" if done else "nothing_to_undone"), "good" if done else "info")
        await self.load()


async def build(site: Site, visitor: Visitor, name: str, proposals: int) -> None:
    """The page of a glossary's proposals."""
    with frame(visitor, visitor.words("tab_proposals"), name, "proposals", proposals):
        await Proposals(site, visitor, name).build()
