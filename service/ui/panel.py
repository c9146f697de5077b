"""The panel beside the grid: a concept with all its terms, fields and history."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from glossary.concept import Concept, PartOfSpeech, Status, Strength
from glossary.language import Language
from glossary.store.port import StoredConcept
from service.ui.desk import Clashed, Desk, News, Saved
from service.ui.differences import entry, name_of, when
from service.ui.rows import told
from service.ui.shell import Visitor, telling, toast

_HISTORY = 50
_COMMAS = ",，、;；"


class Panel:
    """Shows one concept; edits wait for the save button, so that none is half a thought."""

    def __init__(
        self,
        desk: Desk,
        visitor: Visitor,
        settle: Callable[[Saved | Clashed], Awaitable[bool]],
    ) -> None:
        self.desk, self.words, self._settle = desk, visitor.words, settle
        self._stored: StoredConcept | None = None
        self._terms: list[dict[str, Any]] = []
        self._fields: dict[str, Any] = {}
        self._dirty = False
        self._tab = "terms"

    def build(self) -> None:
        """An empty, hidden panel at this place of the page."""
        self._box = ui.element("aside").classes("ig-panel ig-hidden")

    async def show(self, id_: str) -> None:
        """Show a concept, unless another one has unsaved edits."""
        if self._stored and self._stored.concept.id == id_:
            return  # it is there already, perhaps with somebody's fingers on it
        if self._dirty:
            toast(self.words("save_first"), "warn")
            return
        await self._load(id_)

    async def _load(self, id_: str) -> None:
        stored = await self.desk.current(id_)
        if stored is None:
            self.close()
            return
        self._stored, self._dirty = stored, False
        concept = stored.concept
        self._terms = [term.model_dump() for term in concept.terms]
        self._fields = {
            "domain": concept.domain,
            "definition": concept.definition,
            "note": concept.note,
            "benchmarks": ", ".join(concept.benchmarks),
            "contrasts": ", ".join(concept.contrasts),
        }
        await self._draw()

    def close(self) -> None:
        """Put the panel away; unsaved edits stay on the screen."""
        if self._dirty:
            toast(self.words("save_first"), "warn")
            return
        self._stored = None
        self._box.classes(add="ig-hidden")

    async def heard(self, news: News) -> None:
        """Draw anew what changed elsewhere; with unsaved edits, saving asks what to keep."""
        changed = {change.concept_id: change for change in news.changes}
        if self._stored is None or self._stored.concept.id not in changed:
            return
        change = changed[self._stored.concept.id]
        if not self._dirty:
            await self._load(self._stored.concept.id)
        elif change.concept_version != self._stored.version:
            toast(self.words("changed_under", who=change.who), "warn")

    async def _draw(self) -> None:
        assert self._stored is not None
        words, stored = self.words, self._stored
        self._box.classes(remove="ig-hidden").props(f'data-concept="{stored.concept.id}"')
        self._box.clear()
        with self._box:
            with ui.element("header").classes("ig-panel-head"):
                with ui.element("div"):
                    ui.label(name_of(stored.concept)).classes("ig-title")
                    with ui.element("div").classes("ig-faint ig-inline"):
                        ui.label(
                            f"{stored.concept.id} · v{stored.version} · {stored.changed_by} · "
                        )
                        when(stored.changed_at)
                ui.button(icon="close", color=None, on_click=self.close).props(
                    f'flat round dense aria-label="{words("close")}"'
                ).classes("ig-quiet")
            with ui.element("nav").classes("ig-subtabs"):
                self._subtab("terms")
                self._subtab("history")
                ui.space()
                used = f"/g/{self.desk.name}/used?concept={stored.concept.id}"
                ui.link(words("tab_used"), used).classes("ig-link ig-used")
            if self._tab == "history":
                await self._history(stored)
            else:
                self._form()

    def _subtab(self, name: str) -> None:
        async def turn() -> None:
            if self._dirty:
                toast(self.words("save_first"), "warn")
                return
            self._tab = name
            await self._draw()

        button = ui.button(self.words(f"panel_{name}"), on_click=turn, color=None).props(
            "flat no-caps dense"
        )
        button.classes("ig-subtab")
        if name == self._tab:
            button.classes("chosen")

    def _form(self) -> None:
        with ui.element("div").classes("ig-form"):
            for language in Language:
                self._language(language)
            ui.separator()
            for name in ("definition", "domain", "benchmarks", "contrasts", "note"):
                area = name in ("definition", "note")
                make: Any = ui.textarea if area else ui.input
                field = make(self.words(f"column_{name}"), value=self._fields[name])
                field.props("dense outlined" + (" autogrow" if area else ""))
                field.on_value_change(lambda e, name=name: self._set(self._fields, name, e.value))
        with ui.element("footer").classes("ig-panel-foot ig-unsaved") as self._foot:
            ui.label(self.words("unsaved")).classes("ig-faint")
            ui.space()
            ui.button(self.words("discard"), on_click=self._discard).props("flat no-caps dense")
            ui.button(self.words("save"), on_click=self._save).props(
                "unelevated no-caps dense"
            ).classes("ig-save").tooltip("Ctrl+S")
        self._foot.set_visibility(self._dirty)

    def _language(self, language: Language) -> None:
        words = self.words
        with ui.element("section").classes("ig-language-terms"):
            with ui.element("header"):
                ui.label(words(f"language_{language}")).classes("ig-strong")
                ui.button(icon="add", color=None, on_click=lambda: self._add_term(language)).props(
                    f'flat dense round size=sm aria-label="{words("add_term")}"'
                ).classes("ig-quiet").tooltip(words("add_term"))
            for term in self._terms:
                if term["language"] == language:
                    self._term(term, language)

    def _term(self, term: dict[str, Any], language: Language) -> None:
        words = self.words
        with ui.element("div").classes(f"ig-term-card ig-edge-{term['status']}"):
            with ui.element("div").classes("ig-line"):
                self._input(term, "text", words("field_text")).classes(f"ig-l-{language} ig-grow")
                self._choice(term, "status", list(Status), "status_")
                ui.button(icon="close", color=None, on_click=lambda: self._drop(term)).props(
                    f'flat dense round size=sm aria-label="{words("remove_term")}"'
                ).classes("ig-quiet").tooltip(words("remove_term"))
            said = [
                name for name in ("condition", "note", "examples", "part_of_speech") if term[name]
            ]
            label = words("more") + (f" ({len(said)})" if said else "")
            with ui.expansion(label).props("dense dense-toggle").classes("ig-more"):
                with ui.element("div").classes("ig-line"):
                    self._choice(term, "strength", list(Strength), "strength_")
                    self._choice(term, "part_of_speech", list(PartOfSpeech), "pos_", empty=True)
                with ui.element("div").classes("ig-line"):
                    for name in ("keep", "case_sensitive"):
                        box = ui.checkbox(words(f"field_{name}"), value=term[name]).props("dense")
                        box.on_value_change(lambda e, name=name: self._set(term, name, e.value))
                for name in ("condition", "note"):
                    self._input(term, name, words(f"field_{name}"), ui.textarea).props("autogrow")
                examples = ui.textarea(words("field_examples"), value="\n".join(term["examples"]))
                examples.props("dense outlined autogrow").classes(f"ig-l-{language}")
                examples.on_value_change(
                    lambda e: self._set(term, "examples", (e.value or "").splitlines())
                )

    def _input(
        self, term: dict[str, Any], name: str, label: str, make: Callable[..., Any] = ui.input
    ) -> Any:
        field = make(label, value=term[name]).props("dense outlined")
        field.on_value_change(lambda e: self._set(term, name, e.value or ""))
        return field

    def _choice(
        self,
        term: dict[str, Any],
        name: str,
        values: list[Any],
        prefix: str,
        *,
        empty: bool = False,
    ) -> None:
        options: dict[Any, str] = {value.value: self.words(prefix + value) for value in values}
        if empty:
            options = {None: "—", **options}
        value = term[name].value if term[name] is not None else None
        field = ui.select(options, value=value, label=self.words(f"field_{name}"))
        field.props("dense outlined options-dense").classes("ig-choice")
        field.on_value_change(lambda e: self._set(term, name, e.value))

    def _set(self, of: dict[str, Any], name: str, value: Any) -> None:
        of[name] = value
        self._touch()

    def _touch(self) -> None:
        self._dirty = True
        self._foot.set_visibility(True)

    async def _add_term(self, language: Language) -> None:
        has = any(term["language"] == language for term in self._terms)
        status = Status.ADMITTED if has else Status.PREFERRED
        self._terms.append(
            {
                "language": language,
                "text": "",
                "status": status,
                "strength": Strength.HARD,
                "keep": False,
                "case_sensitive": False,
                "part_of_speech": None,
                "condition": "",
                "note": "",
                "examples": [],
            }
        )
        self._dirty = True
        await self._draw_form()

    async def _drop(self, term: dict[str, Any]) -> None:
        self._terms = [other for other in self._terms if other is not term]
        self._dirty = True
        await self._draw_form()

    async def _draw_form(self) -> None:
        for term in self._terms:
            for name, kind in (("status", Status), ("strength", Strength)):
                term[name] = kind(term[name])
            if term["part_of_speech"] is not None:
                term["part_of_speech"] = PartOfSpeech(term["part_of_speech"])
        await self._draw()

    async def _discard(self) -> None:
        assert self._stored is not None
        await self._load(self._stored.concept.id)

    async def _save(self) -> None:
        assert self._stored is not None
        seen, id_ = self._stored.version, self._stored.concept.id
        try:
            concept = self._concept(id_)
        except ValidationError as error:
            toast(f"{self.words('not_saved')} {told(error, self.words)}", "error")
            return
        done: Saved | Clashed | None = None
        with telling(self.words):
            done = await self.desk.put(concept, seen)
        if done is not None:
            self._dirty = False
            await self._settle(done)
            await self._load(id_)

    def _concept(self, id_: str) -> Concept:
        lists = {
            name: [part.strip() for part in _split(self._fields[name])]
            for name in ("benchmarks", "contrasts")
        }
        terms = [
            {**term, "examples": [line for line in term["examples"] if line.strip()]}
            for term in self._terms
            if term["text"].strip()
        ]
        return Concept.model_validate({"id": id_, **self._fields, **lists, "terms": terms})

    async def _history(self, stored: StoredConcept) -> None:
        page = await asyncio.to_thread(
            self.desk.store.history, self.desk.name, concept=stored.concept.id, limit=_HISTORY
        )
        with ui.element("div").classes("ig-form"):
            for change in page.records:
                now = change.concept_version == stored.version

                async def back(version: int = change.concept_version) -> None:
                    await self._restore(stored, version)

                can = not now and change.after is not None
                entry(change, self.words, back if can else None, named=False)

    async def _restore(self, stored: StoredConcept, version: int) -> None:
        with telling(self.words):
            concept = await self.desk.version(stored.concept.id, version)
            if concept is not None:
                done = await self.desk.put(concept, stored.version, restored=True)
                await self._settle(done)
                await self._load(stored.concept.id)


def _split(text: str) -> list[str]:
    for comma in _COMMAS:
        text = text.replace(comma, "\n")
    return [part for part in text.splitlines() if part.strip()]
