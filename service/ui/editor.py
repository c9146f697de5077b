"""The editor: a grid of all concepts, edited in place, and a panel for what no row can show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from glossary.concept import Status, Strength
from glossary.language import Language
from glossary.store.errors import ConceptChanged
from glossary.store.port import Edit, StoredConcept, new_concept_id
from service.ui.conflict import decide, refused
from service.ui.desk import Clashed, Desk, Saved
from service.ui.help import show_help
from service.ui.panel import Panel
from service.ui.paste import PasteDialog
from service.ui.rows import COLUMNS, MixedCell, concept_of, edited, row_of
from service.ui.shell import Site, Visitor, frame, telling, toast

_OPTIONS = (
    "columnDefs",
    "defaultColDef",
    "getRowId",
    "suppressFieldDotNotation",
    "rowHeight",
    "headerHeight",
    "floatingFiltersHeight",
    "rowSelection",
    "selectionColumnDef",
    "cacheQuickFilter",
    "singleClickEdit",
    "stopEditingWhenCellsLoseFocus",
    "enterNavigatesVerticallyAfterEdit",
    "animateRows",
    "tooltipShowDelay",
    "pinnedTopRowData",
    "localeText",
    "rowClassRules",
    "onGridReady",
    "onCellEditingStarted",
    "onCellEditingStopped",
    "onCellValueChanged",
    "onCellFocused",
    "onModelUpdated",
    "onSelectionChanged",
)
"""What ``editor.js`` says of the grid; NiceGUI takes options one by one."""
_POLL_S = 2.5
_ASK_FROM = 20
"""So many concepts are deleted only after a question; fewer at once, as it can be taken back."""


class Editor:
    """One open editor page."""

    def __init__(self, site: Site, visitor: Visitor, name: str) -> None:
        self.visitor, self.words, self.name = visitor, visitor.words, name
        self.desk = Desk(site.store, name, lambda: visitor.who)
        self.panel = Panel(self.desk, visitor, self.settle)
        self._paste = PasteDialog(self.desk, visitor, self.refresh)

    def build(self, show: str = "", only: str = "") -> None:
        """Draw it; ``show`` is a concept to go to, ``only`` a status to filter by."""
        self._show, self._only = show, only
        with ui.element("section").classes("ig-grid-page"):
            self._toolbar()
            self._bar = ui.element("div").classes("ig-bar ig-hidden")
            with ui.element("div").classes("ig-body"):
                ui.add_head_html(f"<script>isogloss.given = {self._config()}</script>")
                options = {f":{key}": f"isogloss.option('{key}')" for key in _OPTIONS}
                ui.aggrid(options, theme="quartz", auto_size_columns=False).classes("ig-grid")
                ui.label(self.words("no_match")).classes("ig-no-match-note")
                self.panel.build()
        handlers: dict[str, Any] = {
            "loading": self._loading,
            "cell": self._cell,
            "add": self._add,
            "delete": self._delete,
            "undo": lambda: self._back(undo=True),
            "redo": lambda: self._back(undo=False),
            "open": self._open,
            "close": self.panel.close,
            "paste": lambda e: self._paste.come(str(e.args["text"]), last=bool(e.args["last"])),
            "help": lambda: show_help(self.words),
        }
        for event, handler in handlers.items():
            ui.on(f"ig-{event}", handler)
        ui.timer(_POLL_S, self._poll)

    def _toolbar(self) -> None:
        words = self.words
        with ui.element("div").classes("ig-toolbar"):
            search = ui.input(placeholder=words("search")).props(
                f'dense outlined clearable debounce=150 aria-label="{words("search")}"'
            )
            search.classes("ig-search").on(
                "update:model-value", js_handler="(text) => isogloss.search(text)"
            )
            with search.add_slot("prepend"):
                ui.icon("search")
            ui.html('<span class="ig-rows"></span>', sanitize=False)
            ui.space()
            self._tool("add", "add", js="isogloss.begin()")
            self._tool("content_paste", "paste", lambda: self._paste.open(""))
            self._tool("delete_outline", "delete", js="isogloss.delete()", extra="ig-needs-row")
            self._tool("undo", "undo", lambda: self._back(undo=True))
            self._tool("redo", "redo", lambda: self._back(undo=False))
            self._tool("filter_alt_off", "clear", js="isogloss.clear()")
            self._tool("keyboard", "help", lambda: show_help(words))

    def _tool(
        self, icon: str, key: str, handler: Any = None, *, js: str = "", extra: str = ""
    ) -> None:
        button = ui.button(icon=icon, color=None).props(
            f'flat dense no-caps aria-label="{self.words(f"tool_{key}")}"'
        )
        button.classes(f"ig-quiet ig-tool {extra}").tooltip(self.words(f"about_tool_{key}"))
        if js:
            button.on("click", js_handler=f"() => {js}")
        else:
            button.on_click(handler)

    def _config(self) -> str:
        config = {
            "url": f"{self.visitor.prefix}/data/{self.name}",
            "columns": COLUMNS,
            "languages": list(Language),
            "statuses": list(Status),
            "strengths": list(Strength),
            "locale": self.words.language,
            "words": self.words.of(""),
            "grid": self.words.of("grid_"),
        }
        return json.dumps(config, ensure_ascii=False).replace("<", "\\u003c")

    async def _loading(self, event: GenericEventArguments) -> None:
        self.desk.seen = int(event.args)
        if self._only:
            ui.run_javascript(f"isogloss.only({json.dumps(self._only)})")
        if self._show:
            ui.run_javascript(f"isogloss.show({json.dumps(self._show)})")
            await self.panel.show(self._show)
        self._show = self._only = ""

    async def _cell(self, event: GenericEventArguments) -> None:
        id_, column = str(event.args["id"]), str(event.args["column"])
        value, seen = event.args["value"], int(event.args["version"])
        done: Saved | Clashed | None = None
        with self._settling(event.args["number"]), telling(self.words):
            try:
                done = await self.desk.edit(id_, seen, lambda c: edited(c, column, value))
            except MixedCell:
                toast(self.words("mixed_cell"), "warn")
                await self.panel.show(id_)
            if done is not None:
                await self.settle(done)
        if done is None:
            await self._redraw(id_)

    @contextmanager
    def _settling(self, number: Any) -> Iterator[None]:
        """The browser need not keep an edit any longer: it is saved, refused or decided."""
        yield
        ui.run_javascript(f"isogloss.settled({json.dumps(str(number))})")

    async def settle(self, done: Saved | Clashed) -> bool:
        """Show how an edit ended; where it met another one, let the linguist decide."""
        words = self.words
        if isinstance(done, Clashed):
            saved = await decide(self.desk, done, words)
            await self._redraw(done.id)
            toast(words("decided" if saved else "theirs_kept"), "good" if saved else "info")
        else:
            saved = True
            text = words("merged", who=done.beside) if done.beside else words("saved")
            toast(text, "warn" if done.beside else "good")
        await self.refresh()
        return saved

    async def _add(self, event: GenericEventArguments) -> None:
        with telling(self.words):
            concept = concept_of(new_concept_id(), dict(event.args))
            await self.desk.apply([Edit.put(concept, 0)])
            stored = await self.desk.current(concept.id)
            if stored:
                ui.run_javascript(f"isogloss.added({json.dumps(row_of(stored))})")
            toast(self.words("added"), "good", self.words("tool_undo"))

    async def _delete(self, event: GenericEventArguments) -> None:
        seen = {str(id_): int(version) for id_, version in dict(event.args).items()}
        if len(seen) >= _ASK_FROM and not await self._sure(len(seen)):
            return
        with telling(self.words):
            try:
                await self.desk.delete(seen)
                toast(self.words("deleted", n=len(seen)), "good", self.words("tool_undo"))
            except ConceptChanged as error:
                await refused(error, self.words)
        await self.refresh()

    async def _sure(self, number: int) -> bool:
        words = self.words
        with ui.dialog() as dialog, ui.card().classes("ig-dialog"):
            ui.label(words("sure_delete", n=number)).classes("ig-title")
            with ui.row().classes("ig-actions"):
                ui.button(words("cancel"), on_click=dialog.close).props("flat no-caps")
                ui.button(words("tool_delete"), on_click=lambda: dialog.submit(True)).props(
                    "unelevated no-caps color=negative"
                )
        answer = await dialog
        dialog.delete()
        return bool(answer)

    async def _back(self, *, undo: bool) -> None:
        with telling(self.words):
            try:
                done = await (self.desk.undo() if undo else self.desk.redo())
                what = "undone" if undo else "redone"
                toast(
                    self.words(what if done else "nothing_to_" + what), "good" if done else "info"
                )
            except ConceptChanged as error:
                await refused(error, self.words)
        await self.refresh()

    async def _open(self, event: GenericEventArguments) -> None:
        with telling(self.words):
            await self.panel.show(str(event.args))

    async def _redraw(self, id_: str) -> None:
        """The row as it is in the store, instead of what was typed."""
        stored = await self.desk.current(id_)
        if stored is None:
            ui.run_javascript(f"isogloss.remove([{json.dumps(id_)}])")
        else:
            ui.run_javascript(f"isogloss.update([{json.dumps(row_of(stored))}])")

    async def _poll(self) -> None:
        if self.desk.seen and ui.context.client.has_socket_connection:
            await self.refresh()

    async def refresh(self) -> None:
        """Bring the grid up to date, and say whose changes came."""
        with telling(self.words):
            news = await self.desk.news()
            if news.too_many:
                ui.run_javascript("isogloss.load()")
            rows, gone = [], []
            for change in news.changes:
                if change.after is None:
                    gone.append(change.concept_id)
                    continue
                stored = StoredConcept(
                    change.after, change.concept_version, change.version, change.at, change.who
                )
                rows.append(row_of(stored))
            if gone:
                ui.run_javascript(f"isogloss.remove({json.dumps(gone)})")
            if rows:
                flash = "true" if news.others else "false"
                ui.run_javascript(f"isogloss.update({json.dumps(rows)}, {flash})")
            if news.others:
                toast(self.words("changed_by_others", who=", ".join(news.others)), "info")
            await self.panel.heard(news)


def build(site: Site, visitor: Visitor, name: str, proposals: int, show: str, only: str) -> None:
    """The page of a glossary."""
    with frame(visitor, name, name, "editor", proposals):
        Editor(site, visitor, name).build(show, only)
