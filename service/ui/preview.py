"""What an import or a paste would change, to be looked at before it is done."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from glossary.concept import Concept, Term
from glossary.exchange import Effect, Entry, Preview, read_glossary
from glossary.formats.port import Problem, ReadOptions
from glossary.language import Language
from glossary.store.errors import ConceptChanged
from glossary.store.port import Store
from service.imports import compare
from service.ui.conflict import refused
from service.ui.desk import Desk
from service.ui.differences import compared, name_of
from service.ui.shell import telling, toast
from service.ui.words import Words

_SHOWN = 200


_LANGUAGES = re.compile(r"; (?=[\w-]+: the glossary has )")


@dataclass(frozen=True, slots=True)
class Given:
    """A file, or what was pasted."""

    data: bytes
    name: str = ""
    options: ReadOptions = ReadOptions()  # noqa: RUF009
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A preview with the versions of the concepts that it was made from."""

    preview: Preview
    versions: dict[str, int]


async def prepare(store: Store, name: str, given: Given) -> Prepared:
    """Read what was given and compare it with the glossary.

    Raises:
        FormatError: it cannot be read.
    """
    return await asyncio.to_thread(_prepared, store, name, given)


def _prepared(store: Store, name: str, given: Given) -> Prepared:
    imported = read_glossary(
        given.data, given.options, file_name=given.name, format_name=given.format
    )
    return Prepared(*compare(store, name, imported))


def _problem(problem: Problem, words: Words) -> str:
    where = words("row", n=problem.row) if problem.row else ""
    place = ", ".join(filter(None, (where, problem.column)))
    text = f"{words.message(problem.text)}{words('stop')}{words.message(problem.remedy)}"
    return f"{place}: {text}" if place else text


def _bare(concept: Concept) -> Concept:
    """What the name of a new concept shows already: the first term of each language."""
    firsts = [terms[0] for lang in Language if (terms := concept.in_language(lang))]
    terms = tuple(Term(language=term.language, text=term.text) for term in firsts)
    return Concept(id=concept.id, terms=terms)


def why(text: str, words: Words) -> str:
    """Why an entry is in conflict, language by language."""
    return "; ".join(map(words.message, _LANGUAGES.split(text)))


class PreviewView:
    """Shows a preview; conflicts are left out unless they are ticked."""

    def __init__(self, desk: Desk, words: Words, done: Callable[[], Awaitable[None]]) -> None:
        self.desk, self.words, self._done = desk, words, done
        self._accepted: set[str] = set()

    def show(self, prepared: Prepared, comment: str) -> None:
        """Draw it at this place."""
        words, found = self.words, prepared.preview
        self._accepted.clear()
        with ui.element("div").classes("ig-counts"):
            for effect, number in found.counts.items():
                with ui.element("div").classes(f"ig-count-box ig-e-{effect}"):
                    ui.label(f"{number:,}").classes("ig-number")
                    ui.label(words(f"effect_{effect}"))
            if found.imported.problems:
                with ui.element("div").classes("ig-count-box ig-e-problem"):
                    ui.label(f"{len(found.imported.problems):,}").classes("ig-number")
                    ui.label(words("effect_problem"))
        for note in (*found.imported.notes, *found.notes):
            ui.label(words.message(note)).classes("ig-faint")
        with ui.element("div").classes("ig-scroll"):
            for problem in found.imported.problems[:_SHOWN]:
                ui.label(_problem(problem, words)).classes("ig-problem")
            if (rest := len(found.imported.problems) - _SHOWN) > 0:
                ui.label(words("and_more", n=rest)).classes("ig-problem")
            for effect in (Effect.CONFLICT, Effect.CHANGED, Effect.ADDED):
                for entry in found.of(effect)[:_SHOWN]:
                    self._entry(entry)
                if (rest := len(found.of(effect)) - _SHOWN) > 0:
                    ui.label(words("and_more", n=rest)).classes("ig-faint")
        with ui.row().classes("ig-actions"):
            if conflicts := found.of(Effect.CONFLICT):
                ui.label(words("conflicts_left_out", n=len(conflicts))).classes("ig-faint")
            button = ui.button(words("apply"), on_click=lambda: self._apply(prepared, comment))
            button.props("unelevated no-caps")
            some = found.of(Effect.ADDED) or found.of(Effect.CHANGED) or found.of(Effect.CONFLICT)
            button.set_enabled(bool(some))

    def _entry(self, entry: Entry) -> None:
        id_ = entry.concept.id

        def tick(accepted: bool) -> None:
            (self._accepted.add if accepted else self._accepted.discard)(id_)

        with ui.element("article").classes(f"ig-entry ig-e-{entry.effect}"):
            with ui.element("header"):
                ui.label(self.words(f"effect_{entry.effect}")).classes("ig-effect")
                ui.label(name_of(entry.existing or entry.concept)).classes("ig-strong")
                if entry.row:
                    ui.label(self.words("row", n=entry.row)).classes("ig-faint")
                if entry.effect is Effect.CONFLICT:
                    ui.space()
                    box = ui.checkbox(self.words("take_it")).props("dense")
                    box.on_value_change(lambda e: tick(bool(e.value)))
            if entry.why:
                ui.label(why(entry.why, self.words)).classes("ig-why")
            compared(entry.existing or _bare(entry.concept), entry.concept, self.words)

    async def _apply(self, prepared: Prepared, comment: str) -> None:
        edits = prepared.preview.edits(accept=self._accepted, versions=prepared.versions)
        if not edits:
            toast(self.words("nothing_to_apply"), "info")
            return
        with telling(self.words):
            try:
                await self.desk.apply(edits, comment)
            except ConceptChanged as error:
                await refused(error, self.words)
                return
            toast(self.words("applied", n=len(edits)), "good")
            await self._done()
