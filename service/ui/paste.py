"""Rows from a spreadsheet: paste, see what they would change, apply as one change set."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Awaitable, Callable

from nicegui import ui

from glossary.formats.columns import names_languages
from glossary.formats.port import ReadOptions
from glossary.language import Language
from service.ui.desk import Desk
from service.ui.preview import Given, PreviewView, prepare
from service.ui.shell import Visitor, telling
from service.ui.words import Words

_ROLES = (*Language, "domain", "definition", "condition", "note", "id")
_SKIP = "-"
_COLUMNS = 12


class PasteDialog:
    """The dialog; ``open`` may bring the text along, from the clipboard."""

    def __init__(
        self, desk: Desk, visitor: Visitor, refresh: Callable[[], Awaitable[None]]
    ) -> None:
        self.desk, self.words, self._refresh = desk, visitor.words, refresh
        self._roles: list[str] = []
        self._named = False

    def open(self, text: str) -> None:
        """Show it."""
        words = self.words
        with ui.dialog(value=True) as self._dialog, ui.card().classes("ig-dialog ig-wide"):
            ui.label(words("paste_title")).classes("ig-title")
            ui.label(words("paste_lead")).classes("ig-lead")
            field = ui.textarea(value=text, placeholder=words("paste_here"))
            field.props("outlined dense rows=7").classes("ig-mono")
            self._columns = ui.element("div").classes("ig-columns")
            with ui.row().classes("ig-actions"):
                ui.button(words("cancel"), on_click=self._dialog.close).props("flat no-caps")
                ui.button(
                    words("preview"), on_click=lambda: self._preview(field.value or "")
                ).props("unelevated no-caps")
            self._result = ui.element("div").classes("ig-result")
        field.on_value_change(lambda e: self._guess(e.value or ""))
        self._dialog.on("hide", self._dialog.delete)
        self._guess(text)

    def _guess(self, text: str) -> None:
        rows = list(csv.reader(io.StringIO(text[:20_000]), delimiter="\t"))[:20]
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        self._named = bool(rows) and names_languages(rows[0])
        width = min(max((len(row) for row in rows), default=0), _COLUMNS)
        self._roles = [] if self._named else _guessed(rows, width)
        self._columns.clear()
        with self._columns:
            for place in range(len(self._roles)):
                self._column(place, rows[0][place] if place < len(rows[0]) else "")

    def _column(self, place: int, sample: str) -> None:
        def choose(role: str) -> None:
            self._roles[place] = role

        options = {
            _SKIP: self.words("skip"),
            **{role: role_name(role, self.words) for role in _ROLES},
        }
        select = ui.select(options, value=self._roles[place], label=sample[:24] or "—")
        select.props("dense outlined options-dense").on_value_change(lambda e: choose(e.value))

    async def _preview(self, text: str) -> None:
        chosen = {
            str(role): chr(ord("A") + place)
            for place, role in enumerate(self._roles)
            if role != _SKIP
        }
        options = ReadOptions(columns=chosen, header=self._named, encoding="utf-8")
        self._result.clear()
        with telling(self.words):
            given = Given(text.encode(), "pasted.tsv", options)
            prepared = await prepare(self.desk.store, self.desk.name, given)
            with self._result:
                view = PreviewView(self.desk, self.words, self._applied)
                view.show(prepared, self.words("pasted_rows"))

    async def _applied(self) -> None:
        self._dialog.close()
        await self._refresh()


def role_name(role: str, words: Words) -> str:
    """What a column is called."""
    kind = "language" if role in list(Language) else "column"
    return words(f"{kind}_{role}")


def _guessed(rows: list[list[str]], width: int) -> list[str]:
    """By the script of most cells; a second column of Chinese is taken for zh-CN."""
    roles: list[str] = []
    for place in range(width):
        text = "".join(row[place] for row in rows if place < len(row))
        found = next((role for role in _by_script(text) if role not in roles), _SKIP)
        roles.append(found)
    return roles


def _by_script(text: str) -> list[str]:
    if re.search(r"[가-힣]", text):
        return [Language.KO, "note"]
    if re.search(r"[\u4e00-\u9fff]", text):
        return [Language.ZH_TW, Language.ZH_CN, "note"]
    return [Language.EN, "domain", "note"] if re.search(r"[A-Za-z]", text) else []
