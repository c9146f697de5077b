"""Two people changed the same thing: both sides next to each other, chosen cell by cell."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from pydantic import ValidationError

from glossary.concept import Strength, Term
from glossary.store.errors import ConceptChanged
from glossary.store.port import Edit
from service.ui.cells import Clash, Key, Merge
from service.ui.desk import Clashed, Desk
from service.ui.marks import difference
from service.ui.rows import told
from service.ui.shell import toast
from service.ui.words import Words


async def decide(desk: Desk, clashed: Clashed, words: Words) -> bool:
    """Ask, and save what was chosen; ``False`` when theirs stays as it is.

    Somebody may change it again while the dialog is open: then it is asked again.
    """
    while True:
        edit = await _asked(clashed, words)
        if edit is None:
            return False
        try:
            await desk.apply([edit])
        except ConceptChanged:
            assert clashed.mine is not None
            again = await desk.put(clashed.mine, clashed.theirs.version if clashed.theirs else 0)
            if not isinstance(again, Clashed):
                return True
            clashed = again
            continue
        return True


async def refused(error: ConceptChanged, words: Words) -> None:
    """A change set that met other people's changes: which, and by whom."""
    with ui.dialog() as dialog, ui.card().classes("ig-dialog"):
        ui.label(words("refused")).classes("ig-title")
        ui.label(words("refused_why")).classes("ig-faint")
        with ui.element("div").classes("ig-scroll"):
            for conflict in error.conflicts[:50]:
                current = conflict.current
                name = current.concept.terms[0].text if current else conflict.edit.id
                who = current.changed_by if current else ""
                text = words("changed_by", who=who) if current else words("is_deleted")
                ui.label(f"{name} · {text}")
        with ui.row().classes("ig-actions"):
            ui.button(words("close"), on_click=dialog.close).props("unelevated no-caps")
    await dialog
    dialog.delete()


async def _asked(clashed: Clashed, words: Words) -> Edit | None:
    chosen: dict[Key, bool] = {}
    with ui.dialog().props("persistent") as dialog, ui.card().classes("ig-dialog ig-wide"):
        with ui.row().classes("ig-title-row"):
            ui.icon("call_split").classes("ig-warn-icon")
            ui.label(words("conflict_title")).classes("ig-title")
        if clashed.merge is None:
            ui.label(words("conflict_deleted", who=clashed.who)).classes("ig-lead")
        else:
            ui.label(words("conflict_lead", who=clashed.who)).classes("ig-lead")
            _table(clashed.merge, chosen, clashed.who, words)
        with ui.row().classes("ig-actions"):
            _actions(dialog, clashed, chosen, words)
    dialog.open()
    edit: Edit | None = await dialog
    dialog.delete()
    return edit


def _table(merge: Merge, chosen: dict[Key, bool], who: str, words: Words) -> None:
    with ui.element("div").classes("ig-conflict"):
        for text in ("", words("it_was"), words("mine"), words("theirs", who=who)):
            ui.label(text).classes("ig-head")
        for clash in merge.clashes:
            chosen[clash.key] = True
            ui.label(cell_name(clash.key, words)).classes("ig-cell-name")
            ui.label(shown(clash.base, words) or "—").classes("ig-faint")
            _sides(clash, chosen, words)


def _sides(clash: Clash, chosen: dict[Key, bool], words: Words) -> None:
    sides: dict[bool, Any] = {}

    def choose(mine: bool) -> None:
        chosen[clash.key] = mine
        for side, element in sides.items():
            element.classes(
                add="chosen" if side == mine else "", remove="" if side == mine else "chosen"
            )
            element.props(f"aria-checked={'true' if side == mine else 'false'}")

    base = shown(clash.base, words)
    for mine, value in ((True, clash.mine), (False, clash.theirs)):
        with ui.element("button").classes("ig-side").props("role=radio type=button") as element:
            ui.html(difference(base, shown(value, words)) or "—", sanitize=False)
        element.on("click", lambda mine=mine: choose(mine))
        sides[mine] = element
    choose(True)


def _actions(dialog: Any, clashed: Clashed, chosen: dict[Key, bool], words: Words) -> None:
    def save() -> None:
        edit = _edit(clashed, chosen, words)
        if edit is not None:
            dialog.submit(edit)

    ui.button(words("keep_theirs"), on_click=lambda: dialog.submit(None)).props("flat no-caps")
    label = words("keep_mine" if clashed.merge is None else "save_chosen")
    ui.button(label, on_click=save).props("unelevated no-caps")


def _edit(clashed: Clashed, chosen: dict[Key, bool], words: Words) -> Edit | None:
    if clashed.theirs is None:
        return Edit.put(clashed.mine, 0) if clashed.mine else None
    if clashed.mine is None or clashed.merge is None:
        return Edit.delete(clashed.id, clashed.theirs.version)
    try:
        concept = clashed.merge.concept(key for key, mine in chosen.items() if mine)
    except ValidationError as error:
        toast(f"{words('not_saved')} {told(error, words)}", "error")
        return None
    return Edit.put(concept, clashed.theirs.version)


def cell_name(key: Key, words: Words) -> str:
    """What a cell is called: "Korean term", "English, 2nd term: note" and so on."""
    if len(key) == 1 and f"column_{key[0]}" in words.of(""):
        return words(f"column_{key[0]}")
    name = words(f"language_{key[0]}")
    if len(key) == 1:
        return name
    number = f" {int(key[1]) + 1}" if int(key[1]) else ""
    what = words(f"field_{key[2]}")
    return f"{name}{number}: {what}"


def _said_of(term: Term, words: Words) -> str:
    said = [words(f"status_{term.status}")]
    if term.strength is not Strength.HARD:
        said.append(words(f"strength_{term.strength}"))
    if term.keep:
        said.append(words("field_keep"))
    return ", ".join([*said, *filter(None, (term.condition, term.note))])


def shown(value: Any, words: Words) -> str:
    """A cell's value as text."""
    if isinstance(value, bool):
        return words("yes" if value else "no")
    if value is None:
        return ""
    if isinstance(value, Term):
        return f"{value.text} ({_said_of(value, words)})"
    if isinstance(value, tuple):
        return "; ".join(shown(each, words) for each in value)
    for prefix in ("status_", "strength_", "pos_"):
        if type(value) is not str and f"{prefix}{value}" in words.of(""):
            return words(f"{prefix}{value}")
    return str(value)
