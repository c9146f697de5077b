"""What the keys do."""

from __future__ import annotations

from html import escape

from nicegui import ui

from service.ui.words import Words

_KEYS = (
    ("← ↑ → ↓", "move"),
    ("Enter · F2", "edit"),
    ("Tab · Shift+Tab", "next"),
    ("Esc", "cancel"),
    ("Alt+N", "add"),
    ("Space", "open"),
    ("Space · Space", "panel"),
    ("Ctrl+S", "save"),
    ("Shift+Space · Ctrl+A", "tick"),
    ("Ctrl+V", "paste"),
    ("Ctrl+C", "copy"),
    ("Ctrl+Z · Ctrl+Y", "undo"),
    ("Ctrl+Del", "delete"),
    ("/ · Ctrl+F", "search"),
    ("?", "help"),
)


def show_help(words: Words) -> None:
    """The dialog with all keys, and what the colours mean."""
    with ui.dialog(value=True) as dialog, ui.card().classes("ig-dialog"):
        ui.label(words("help_title")).classes("ig-title")
        with ui.element("div").classes("ig-keys"):
            for keys, what in _KEYS:
                parts = "".join(f"<kbd>{escape(key)}</kbd>" for key in keys.split(" · "))
                ui.html(parts, sanitize=False)
                ui.label(words(f"key_{what}"))
        ui.label(words("help_status")).classes("ig-faint")
        with ui.element("div").classes("ig-legend"):
            for status in ("proposed", "preferred", "admitted", "deprecated", "forbidden"):
                ui.label(words(f"status_{status}")).classes(f"ig-status ig-s-{status}")
                ui.label(words(f"about_status_{status}"))
        with ui.row().classes("ig-actions"):
            ui.button(words("close"), on_click=dialog.close).props("unelevated no-caps")
    dialog.on("hide", dialog.delete)
