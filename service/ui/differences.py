"""What a change did, cell by cell, with marks on what went and what came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from nicegui import ui

from glossary.concept import Concept
from glossary.language import Language
from glossary.store.port import Change
from service.ui.cells import cells_of
from service.ui.conflict import cell_name, shown
from service.ui.marks import difference
from service.ui.words import Words


def when(at: datetime) -> None:
    """A time in the reader's own zone and language."""
    iso = at.isoformat(timespec="seconds")
    ui.html(f'<ig-time at="{iso}"></ig-time>', sanitize=False)


def name_of(concept: Concept | None) -> str:
    """A concept by its first terms."""
    if concept is None:
        return ""
    firsts = [terms[0].text for lang in Language if (terms := concept.in_language(lang))]
    return " · ".join(firsts)


def compared(before: Concept | None, after: Concept | None, words: Words) -> None:
    """A list of the cells that differ."""
    with ui.element("div").classes("ig-diff"):
        for name, html in _differences(before, after, words):
            ui.label(name).classes("ig-cell-name")
            ui.html(html, sanitize=False)


def _differences(
    before: Concept | None, after: Concept | None, words: Words
) -> list[tuple[str, str]]:
    sides = [side for side in (before, after) if side]
    whole = frozenset(
        language
        for language in Language
        if len(sides) < 2 or len({len(side.in_language(language)) for side in sides}) > 1
    )
    old = cells_of(before, whole) if before else {}
    new = cells_of(after, whole) if after else {}
    found = []
    for key in {**old, **new}:
        was, became = shown(old.get(key), words), shown(new.get(key), words)
        if was != became:
            found.append((cell_name(key, words), difference(was, became)))
    return found


def entry(change: Change, words: Words, restore: Callable[[], Any] | None, *, named: bool) -> None:
    """One change: who, when, what; with a button to make the concept what it was then.

    A deletion's button brings back what was deleted.
    """
    with ui.element("article").classes("ig-change"):
        with ui.element("header"):
            ui.label(words(f"action_{change.action}")).classes(f"ig-action ig-a-{change.action}")
            if named:
                name = name_of(change.after or change.before) or words("the_glossary")
                ui.label(name).classes("ig-strong")
            ui.label(change.who)
            when(change.at)
            if restore:
                ui.button(icon="restore", color=None, on_click=restore).props(
                    "flat dense round size=sm"
                ).classes("ig-quiet").tooltip(
                    words("restore_this" if change.after else "bring_back")
                )
        if change.comment:
            ui.label(change.comment).classes("ig-faint")
        if change.about_after:
            before = change.about_before
            old = f"{before.title} {before.description}" if before else ""
            new = f"{change.about_after.title} {change.about_after.description}"
            ui.html(difference(old, new), sanitize=False)
        compared(change.before, change.after, words)
