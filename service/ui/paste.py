"""Rows from a spreadsheet: paste, see what they would change, apply as one change set."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from glossary.formats.columns import Columns, find_columns, names_languages
from glossary.formats.errors import FormatError
from glossary.formats.port import ReadOptions
from glossary.guess import language_of
from glossary.language import Language
from service.ui.desk import Desk
from service.ui.preview import Given, PreviewView, prepare
from service.ui.shell import Visitor, telling
from service.ui.words import Words

_ROLES = (*Language, "domain", "definition", "condition", "note", "id")
_SKIP = "-"
_COLUMNS = 12
_LOOKED_AT = 20_000
_SHOWN = 100_000
"""A longer text is not shown in a field: each key in it would send all of it."""
_SENTENCE = 40
_HAN = re.compile("[\u4e00-\u9fff]")
_ARMED = re.compile(r"(^|\t)'(?=[=+@-])", re.MULTILINE)
"""The apostrophe with which the editor copies what a spreadsheet would run."""


class PasteDialog:
    """The dialog; ``open`` may bring the text along, from the clipboard."""

    def __init__(
        self, desk: Desk, visitor: Visitor, refresh: Callable[[], Awaitable[None]]
    ) -> None:
        self.desk, self.words, self._refresh = desk, visitor.words, refresh
        self._roles: list[str] = []
        self._header: list[str] = []
        self._coming: list[str] = []

    def come(self, part: str, *, last: bool) -> None:
        """Take a part of a pasted text; the last one opens the dialog with all of it."""
        self._coming.append(part)
        if last:
            text, self._coming = "".join(self._coming), []
            self.open(text)

    def open(self, text: str) -> None:
        """Show it."""
        words = self.words
        with ui.dialog(value=True) as self._dialog, ui.card().classes("ig-dialog ig-wide"):
            ui.label(words("paste_title")).classes("ig-title")
            ui.label(words("paste_lead")).classes("ig-lead")
            get = self._text_field(text)
            self._columns = ui.element("div").classes("ig-columns")
            with ui.row().classes("ig-actions"):
                ui.button(words("cancel"), on_click=self._dialog.close).props("flat no-caps")
                ui.button(words("preview"), on_click=lambda: self._preview(get())).props(
                    "unelevated no-caps"
                )
            self._result = ui.element("div").classes("ig-result")
        self._dialog.on("hide", self._dialog.delete)
        self._guess(text)

    def _text_field(self, text: str) -> Callable[[], str]:
        if len(text) > _SHOWN:
            lines = text.splitlines()
            ui.label(self.words("pasted_lines", n=f"{len(lines):,}")).classes("ig-strong")
            ui.label("\n".join(line[:120] for line in lines[:5])).classes("ig-mono-text")
            return lambda: text
        field = ui.textarea(value=text, placeholder=self.words("paste_here"))
        field.props("outlined dense rows=7").classes("ig-mono")
        field.on_value_change(lambda e: self._guess(e.value or ""))
        return lambda: field.value or ""

    def _guess(self, text: str) -> None:
        rows = [row for row in _rows(text[:_LOOKED_AT])[:20] if any(map(str.strip, row))]
        named = bool(rows) and names_languages(rows[0])
        self._header = rows[0] if named else []
        said = rows[1:] if named else rows
        width = min(max((len(row) for row in rows), default=0), _COLUMNS)
        self._roles = _named(self._header, width) or _guessed(said, width)
        self._columns.clear()
        with self._columns:
            for place in range(width):
                cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
                if cells:
                    self._column(place, cells[0])

    def _column(self, place: int, sample: str) -> None:
        def choose(role: str) -> None:
            self._roles[place] = role

        options = {
            _SKIP: self.words("skip"),
            **{role: role_name(role, self.words) for role in _ROLES},
        }
        select = ui.select(options, value=self._roles[place], label=sample[:24])
        select.props("dense outlined options-dense").on_value_change(lambda e: choose(e.value))

    async def _preview(self, text: str) -> None:
        chosen = {
            str(role): chr(ord("A") + place)
            for place, role in enumerate(self._roles)
            if role != _SKIP
        }
        options = ReadOptions(columns=chosen, header=False, encoding="utf-8", delimiter="\t")
        body = _ARMED.sub(r"\1", _without_first(text) if self._header else text)
        self._result.clear()
        with telling(self.words):
            prepared = await prepare(
                self.desk.store, self.desk.name, Given(body.encode(), "", options, "plain")
            )
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


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))


def _without_first(text: str) -> str:
    """An empty row instead of the first one that says something: the others keep their numbers."""
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter="\t")
    for number, row in enumerate(reader, start=1):
        if any(map(str.strip, row)):
            return "\n" * number + "".join(lines[reader.line_num :])
    return text


def _named(header: Sequence[str], width: int) -> list[str]:
    """The role of each column by its name; nothing where names are double or say too little."""
    names = [name.strip() for name in header]
    try:
        columns = find_columns(names, ReadOptions()) if names else Columns()
    except FormatError:
        return []
    of = {at: str(role) for role, at in (*columns.languages.items(), *columns.roles.items())}
    return [of.get(place, _SKIP) for place in range(width)] if of else []


def _guessed(rows: list[list[str]], width: int) -> list[str]:
    """By the script of most cells."""
    roles: list[str] = []
    for place in range(width):
        cells = [row[place] for row in rows if place < len(row) and row[place].strip()]
        likely = ["note"] if place > 1 and _is_prose(cells) else _by_script("".join(cells))
        found = next((role for role in likely if role not in roles), _SKIP)
        roles.append(found)
    return roles


def _is_prose(cells: list[str]) -> bool:
    return any("\n" in cell for cell in cells) or len("".join(cells)) > _SENTENCE * len(cells)


def _by_script(text: str) -> list[str]:
    language = language_of(text)
    if language is None:  # no letters, or Chinese that both sides write alike
        return [Language.ZH_TW, Language.ZH_CN, "note"] if _HAN.search(text) else []
    return [language, "domain", "note"] if language is Language.EN else [language, "note"]
