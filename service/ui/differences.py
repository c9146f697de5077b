"""What a change did, cell by cell, with marks on what went and what came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from nicegui import ui

from glossary.concept import Concept, Term
from glossary.language import Language
from glossary.store.port import Change
from service.ui.cells import OF_TERM, cells_of
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
    every = frozenset(Language)
    old = cells_of(before, every) if before else {}
    new = cells_of(after, every) if after else {}
    found = []
    for key in {**old, **new}:
        if before and after and key[0] in every:
            found += _terms(old[key], new[key], words(f"language_{key[0]}"), words)
            continue
        was, became = shown(old.get(key), words), shown(new.get(key), words)
        if was != became:
            found.append((cell_name(key, words), difference(was, became)))
    return found


def _terms(
    before: Sequence[Term], after: Sequence[Term], name: str, words: Words
) -> list[tuple[str, str]]:
    """What changed in the terms of a language, each known by its text."""
    gone = [term for term in before if term.text not in {each.text for each in after}]
    come = [term for term in after if term.text not in {each.text for each in before}]
    rewritten = dict(zip(gone, come, strict=True)) if len(gone) == len(come) else {}
    by_text = {term.text: term for term in after}
    found = []
    for term in before:
        became = rewritten.get(term) or by_text.get(term.text)
        if became is None:
            found.append((name, difference(shown(term, words), "")))
        else:
            found += _fields(term, became, name, words)
    if not rewritten:
        found += [(name, difference("", shown(term, words))) for term in come]
    if not found and before != after:
        orders = ("; ".join(term.text for term in side) for side in (before, after))
        found.append((name, difference(*orders)))
    return found


def _fields(before: Term, after: Term, name: str, words: Words) -> list[tuple[str, str]]:
    found = []
    for field in OF_TERM:
        was, became = (shown(getattr(side, field), words) for side in (before, after))
        if was != became:
            label = name if field == "text" else f"{name} {after.text}: {words(f'field_{field}')}"
            found.append((label, difference(was, became)))
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
                says = words("restore_this" if change.after else "bring_back")
                ui.button(icon="restore", color=None, on_click=restore).props(
                    f'flat dense round size=sm aria-label="{says}"'
                ).classes("ig-quiet").tooltip(says)
        if change.comment:
            ui.label(change.comment).classes("ig-faint")
        if change.about_after:
            before = change.about_before
            old = f"{before.title} {before.description}" if before else ""
            new = f"{change.about_after.title} {change.about_after.description}"
            ui.html(difference(old, new), sanitize=False)
        compared(change.before, change.after, words)
