"""The list of glossaries, and making a new one."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from nicegui import ui

from glossary.store.port import GlossaryInfo
from service.ui.differences import when
from service.ui.shell import Site, Visitor, frame, telling

_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")


async def build(site: Site, visitor: Visitor) -> None:
    """The first page."""
    words = visitor.words
    found = await asyncio.to_thread(site.store.glossaries)
    with frame(visitor, words("glossaries")), ui.element("section").classes("ig-home"):
        with ui.element("header").classes("ig-sheet-head"):
            ui.label(words("glossaries")).classes("ig-title")
            ui.space()
            ui.button(
                words("new_glossary"), icon="add", on_click=lambda: _create(site, visitor)
            ).props("unelevated no-caps")
        if not found:
            with ui.element("div").classes("ig-nothing"):
                ui.icon("menu_book")
                ui.label(words("no_glossaries"))
        with ui.element("div").classes("ig-shelf"):
            for info in found:
                _tile(info, visitor)


def _tile(info: GlossaryInfo, visitor: Visitor) -> None:
    words = visitor.words
    with ui.link(target=f"/g/{info.name}").classes("ig-tile"):
        ui.label(info.title or info.name).classes("ig-tile-title")
        ui.label(f"{info.name}@{info.version}").classes("ig-faint")
        ui.label(info.description).classes("ig-tile-text")
        with ui.element("footer"):
            ui.label(words("n_concepts", n=f"{info.concepts:,}"))
            if info.proposals:
                ui.label(words("n_proposals", n=f"{info.proposals:,}")).classes(
                    "ig-status ig-s-proposed"
                )
            ui.space()
            ui.label(info.changed_by)
            when(info.changed_at)


def _create(site: Site, visitor: Visitor) -> None:
    words = visitor.words

    async def create(_: Any = None) -> None:
        if not name.validate():
            return
        with telling(words):
            await asyncio.to_thread(
                site.store.create,
                name.value,
                visitor.who,
                title=title.value,
                description=text.value,
            )
            ui.navigate.to(f"/g/{name.value}")

    with ui.dialog(value=True) as dialog, ui.card().classes("ig-dialog"):
        ui.label(words("new_glossary")).classes("ig-title")
        valid = {words("name_rule"): lambda value: bool(_NAME.match(value or ""))}
        name = ui.input(words("name"), validation=valid).props("dense outlined autofocus")
        name.without_auto_validation()
        ui.label(words("name_why")).classes("ig-faint")
        title = ui.input(words("title")).props("dense outlined")
        text = ui.textarea(words("description")).props("dense outlined autogrow")
        with ui.row().classes("ig-actions"):
            ui.button(words("cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(words("create"), on_click=create).props("unelevated no-caps")
        name.on("keydown.enter", create)
    dialog.on("hide", dialog.delete)
