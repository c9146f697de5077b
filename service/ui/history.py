"""The history of a glossary: its change sets, what each did, and the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import ui

from glossary.store.errors import ConceptChanged, GlossaryChanged
from glossary.store.port import Change, ChangeSet
from service.ui.desk import Desk
from service.ui.differences import compared, entry, name_of, when
from service.ui.shell import Site, Visitor, frame, telling, toast

_PAGE = 50
_SHOWN = 100


class HistoryPage:
    """The newest change sets first; each opens to its changes."""

    def __init__(self, site: Site, visitor: Visitor, name: str) -> None:
        self.store, self.visitor, self.words, self.name = site.store, visitor, visitor.words, name
        self.desk = Desk(site.store, name, lambda: visitor.who)
        self._offset = self._newest = 0

    async def build(self) -> None:
        """Draw it."""
        with ui.element("section").classes("ig-sheet"):
            ui.label(self.words("tab_history")).classes("ig-title")
            self._list = ui.element("div").classes("ig-sets")
            self._more = ui.button(self.words("older"), on_click=self._older).props("flat no-caps")
        await self._older()

    async def _older(self) -> None:
        page = await asyncio.to_thread(
            self.store.change_sets, self.name, offset=self._offset, limit=_PAGE
        )
        names = await asyncio.to_thread(self._names, page.records)
        newest = self._offset == 0
        if newest and page.records:
            self._newest = page.records[0].version
        self._offset += len(page.records)
        self._more.set_visibility(self._offset < page.total)
        with self._list:
            for place, changes in enumerate(page.records):
                about = names.get(changes.version, "")
                self._set(changes, about, current=newest and place == 0)

    def _names(self, sets: Sequence[ChangeSet]) -> dict[int, str]:
        """What the change sets of one concept are about, which most are."""
        names = {}
        for changes in sets:
            if sum(changes.actions.values()) == 1:
                (change,) = self.store.history(self.name, version=changes.version, limit=1).records
                names[changes.version] = name_of(change.after or change.before)
        return names

    def _set(self, changes: ChangeSet, about: str, *, current: bool) -> None:
        words = self.words
        with ui.element("article").classes("ig-set"):
            with ui.element("header"):
                ui.label(f"v{changes.version}").classes("ig-version")
                for action, number in changes.actions.items():
                    text = f"{words(f'action_{action}')} {number if number > 1 else ''}"
                    ui.label(text).classes(f"ig-action ig-a-{action}")
                if about:
                    ui.label(about).classes("ig-about")
                ui.label(changes.who).classes("ig-strong")
                when(changes.at)
                ui.label(changes.comment).classes("ig-faint")
                ui.space()
                if current:
                    ui.label(words("now")).classes("ig-now")
                else:
                    says = words("restore_glossary")
                    ui.button(
                        icon="restore", color=None, on_click=lambda: self._ask(changes.version)
                    ).props(f'flat dense round size=sm aria-label="{says}"').classes(
                        "ig-quiet"
                    ).tooltip(says)
                button = ui.button(icon="expand_more", color=None).props(
                    f'flat dense round size=sm aria-label="{words("open")}"'
                )
                button.classes("ig-quiet")
            box = ui.element("div").classes("ig-set-body ig-hidden")
            button.on_click(lambda: self._open(box, changes.version))

    async def _open(self, box: Any, version: int) -> None:
        if "ig-hidden" not in box.classes:
            box.classes(add="ig-hidden")
            return
        box.classes(remove="ig-hidden")
        if box.default_slot.children:
            return
        page = await asyncio.to_thread(self.store.history, self.name, version=version, limit=_SHOWN)
        with box:
            for change in page.records:
                back = None if change.about_after or not change.concept_id else self._back(change)
                entry(change, self.words, back, named=True)
            if (rest := page.total - len(page.records)) > 0:
                ui.label(self.words("and_more", n=rest)).classes("ig-faint")

    def _back(self, change: Change) -> Callable[[], Awaitable[None]]:
        version = change.concept_version - (change.after is None)

        async def restore() -> None:
            with telling(self.words):
                try:
                    await self._restore_concept(change.concept_id, version)
                    toast(self.words("concept_restored"), "good")
                except ConceptChanged:
                    toast(self.words("changed_meanwhile"), "warn")
                await self._anew()

        return restore

    async def _restore_concept(self, id_: str, version: int) -> None:
        """Restore it, unless somebody changed it after this page was read."""
        page = await asyncio.to_thread(self.store.history, self.name, concept=id_, limit=_SHOWN)
        known = (each for each in page.records if each.version <= self._newest)
        seen = next(known, page.records[-1])
        await asyncio.to_thread(
            self.store.restore_concept,
            self.name,
            id_,
            version,
            self.visitor.who,
            expected=seen.concept_version,
        )

    async def _anew(self) -> None:
        self._list.clear()
        self._offset = 0
        await self._older()

    async def _ask(self, version: int) -> None:
        words = self.words
        info = await asyncio.to_thread(self.store.info, self.name)
        with telling(words):
            different = await asyncio.to_thread(self.store.diff, self.name, info.version, version)
            with ui.dialog(value=True) as dialog, ui.card().classes("ig-dialog ig-wide"):
                ui.label(words("restore_title", version=version)).classes("ig-title")
                ui.label(words("restore_lead", n=len(different))).classes("ig-lead")
                with ui.element("div").classes("ig-scroll"):
                    for each in different[:_SHOWN]:
                        ui.label(name_of(each.before or each.after)).classes("ig-strong")
                        compared(each.before, each.after, words)
                    if (rest := len(different) - _SHOWN) > 0:
                        ui.label(words("and_more", n=rest)).classes("ig-faint")
                with ui.row().classes("ig-actions"):
                    ui.button(words("cancel"), on_click=dialog.close).props("flat no-caps")
                    ui.button(words("restore"), on_click=lambda: dialog.submit(True)).props(
                        "unelevated no-caps"
                    )
            if await dialog:
                await self._restore(version, info.version)
            dialog.delete()

    async def _restore(self, version: int, seen: int) -> None:
        words = self.words
        try:
            await asyncio.to_thread(
                self.store.restore, self.name, version, self.visitor.who, expected=seen
            )
        except GlossaryChanged:
            toast(words("changed_meanwhile"), "warn")
            return
        toast(words("restored", version=version), "good")
        await self._anew()


async def build(site: Site, visitor: Visitor, name: str, proposals: int) -> None:
    """The page of a glossary's history."""
    with frame(visitor, visitor.words("tab_history"), name, "history", proposals):
        await HistoryPage(site, visitor, name).build()
