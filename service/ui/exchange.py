"""Import with a preview, export in all formats."""

from __future__ import annotations

import asyncio
from pathlib import PurePath
from typing import Any

from nicegui import ui
from nicegui.events import UploadEventArguments

from glossary.formats import FORMATS, load_format
from glossary.formats.errors import FormatError
from glossary.formats.port import Limits, ReadOptions, WriteOptions
from glossary.language import Language, parse_pair
from service.ui.desk import Desk
from service.ui.paste import role_name
from service.ui.preview import Given, PreviewView, prepare
from service.ui.shell import Site, Visitor, frame, said, telling, toast
from service.ui.words import Words

_AUTO = ""
_ENCODINGS = ("utf-8", "utf-16", "big5", "gb18030", "cp949", "latin-1")
_MIB = Limits().file_bytes // 2**20


class ExchangePage:
    """Two halves: files in, files out."""

    def __init__(self, site: Site, visitor: Visitor, name: str) -> None:
        self.words, self.name = visitor.words, name
        self.desk = Desk(site.store, name, lambda: visitor.who)
        self._file: tuple[str, bytes] | None = None
        self._format, self._pair, self._encoding = _AUTO, "", _AUTO
        self._split = True
        self._columns: dict[str, str] = {}

    def build(self) -> None:
        """Draw it."""
        with ui.element("div").classes("ig-halves"):
            with ui.element("section").classes("ig-sheet"):
                self._import()
            with ui.element("section").classes("ig-sheet ig-export"):
                self._export()

    def _import(self) -> None:
        words = self.words
        ui.label(words("import")).classes("ig-title")
        ui.label(words("import_lead")).classes("ig-lead")
        upload = ui.upload(
            on_upload=self._uploaded,
            on_rejected=lambda: self._refused(words("file_too_large", most=_MIB)),
            auto_upload=True,
            max_file_size=_MIB * 2**20,
        )
        upload.props(f'flat bordered label="{words("choose_file")}"').classes("ig-upload")
        with ui.expansion(words("import_options")).props("dense dense-toggle").classes("ig-more"):
            with ui.element("div").classes("ig-line"):
                formats = {_AUTO: words("by_content"), **_titles(words)}
                self._select(formats, _AUTO, words("format"), "_format")
                self._select(_pairs(words("none")), "", words("pair"), "_pair")
            with ui.element("div").classes("ig-line"):
                encodings = {_AUTO: words("by_content"), **{name: name for name in _ENCODINGS}}
                self._select(encodings, _AUTO, words("encoding"), "_encoding")
                split = ui.checkbox(words("split"), value=True).props("dense").classes("ig-grow")
                split.on_value_change(lambda e: setattr(self, "_split", bool(e.value)))
            ui.label(words("columns_lead")).classes("ig-faint")
            with ui.element("div").classes("ig-columns"):
                for role in (*Language, "condition", "note", "definition", "domain", "id"):
                    field = ui.input(role_name(role, words)).props("dense outlined")
                    field.on_value_change(lambda e, role=role: self._column(role, e.value or ""))
            ui.button(words("read_again"), on_click=self._preview).props("flat no-caps dense")
        self._result = ui.element("div").classes("ig-result")

    def _select(self, options: dict[str, str], value: str, label: str, name: str) -> None:
        select = ui.select(options, value=value, label=label).props("dense outlined options-dense")
        select.classes("ig-grow").on_value_change(lambda e: setattr(self, name, e.value))

    def _column(self, role: str, column: str) -> None:
        if column.strip():
            self._columns[str(role)] = column.strip()
        else:
            self._columns.pop(str(role), None)

    async def _uploaded(self, event: UploadEventArguments) -> None:
        self._file = (PurePath(event.file.name).name, await event.file.read())
        await self._preview()

    async def _preview(self) -> None:
        if self._file is None:
            return
        name, data = self._file
        self._result.clear()
        with telling(self.words):
            pair = parse_pair(self._pair) if self._pair else None
            options = ReadOptions(
                name=self.name,
                pair=pair,
                columns=dict(self._columns),
                encoding=self._encoding or None,
                split=self._split,
            )
            given = Given(data, name, options, self._format or None)
            try:
                prepared = await prepare(self.desk.store, self.name, given)
            except FormatError as error:
                self._refused(f"{name}: {said(error, self.words)}")
                return
            with self._result:
                PreviewView(self.desk, self.words, self._applied).show(prepared, name)

    def _refused(self, why: str) -> None:
        """Stays on the page: it says what to do with the file."""
        self._result.clear()
        with self._result:
            ui.label(why).classes("ig-problem").props("role=alert")

    async def _applied(self) -> None:
        self._result.clear()
        with self._result, ui.row():
            ui.link(self.words("to_editor"), f"/g/{self.name}").classes("ig-link")
            ui.button(self.words("tool_undo"), icon="undo", on_click=self._undo).props(
                "flat dense no-caps"
            )

    async def _undo(self) -> None:
        with telling(self.words):
            await self.desk.undo()
            self._result.clear()
            toast(self.words("undone"), "good")

    def _export(self) -> None:
        words = self.words
        ui.label(words("export")).classes("ig-title")
        ui.label(words("export_lead")).classes("ig-lead")
        pair = ui.select(_pairs(words("none")), value="", label=words("export_pair"))
        pair.props("dense outlined options-dense").classes("ig-narrow")
        with ui.element("div").classes("ig-formats"):
            for name, title in _titles(words).items():
                button = ui.button(
                    color=None,
                    on_click=lambda name=name, title=title: self._download(name, title, pair.value),
                )
                button.props("flat no-caps align=left").classes("ig-format")
                with button, ui.element("span"):
                    ui.label(title).classes("ig-strong")
                    kept = "lossless" if load_format(name).lossless else "lossy"
                    ui.label(f"{load_format(name).suffix} · {words(kept)}").classes("ig-faint")
        self._losses = ui.element("div").classes("ig-result")

    async def _download(self, name: str, title: str, pair: str) -> None:
        self._losses.clear()
        with telling(self.words):
            options = WriteOptions(pair=parse_pair(pair) if pair else None)
            glossary = await asyncio.to_thread(self.desk.store.glossary, self.name)
            kind = load_format(name)
            written = await asyncio.to_thread(kind.write, glossary, options)
            suffix = kind.suffix if kind.suffix.startswith(".") else f".{kind.suffix}"
            ui.download(written.data, f"{self.name}@{glossary.version}{suffix}", kind.media_type)
            if written.losses:
                with self._losses:
                    ui.label(f"{title}: {self.words('losses')}").classes("ig-strong")
                    for loss in written.losses:
                        ui.label(self.words.message(loss)).classes("ig-why")


def _titles(words: Words) -> dict[str, str]:
    return {name: words.message(load_format(name).title) for name in FORMATS}


def _pairs(none: str) -> dict[str, str]:
    pairs = [f"{a}>{b}" for a in Language for b in Language if a is not b]
    return {"": none, **{pair: pair.replace(">", " → ") for pair in pairs}}


def build(site: Site, visitor: Visitor, name: str, proposals: int) -> Any:
    """The page of import and export."""
    with frame(visitor, visitor.words("tab_exchange"), name, "exchange", proposals):
        ExchangePage(site, visitor, name).build()
