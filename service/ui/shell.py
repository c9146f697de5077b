"""The frame of every page: header, who is working, language, light or dark, and how errors show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from nicegui import ui
from pydantic import ValidationError
from starlette.requests import Request

from eval.errors import EvalError
from glossary.errors import GlossaryError
from glossary.store.port import Store
from service.errors import ServiceError
from service.terms import Terms
from service.ui.rows import told
from service.ui.words import LANGUAGES, Words, preferred

STATIC = Path(str(resources.files("service.ui") / "static"))
_TABS = (
    ("editor", ""),
    ("proposals", "/proposals"),
    ("history", "/history"),
    ("exchange", "/exchange"),
    ("tryout", "/try"),
    ("used", "/used"),
)
_THEMES: dict[str, tuple[bool | None, str]] = {
    "auto": (None, "brightness_auto"),
    "light": (False, "light_mode"),
    "dark": (True, "dark_mode"),
}


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages work with."""

    store: Store
    terms: Terms
    runs: Path


class Visitor:
    """Who looks at a page, as the browser remembers it in cookies."""

    def __init__(self, request: Request) -> None:
        cookies = {name: unquote(value) for name, value in request.cookies.items()}
        self.name = _one_line(cookies.get("isogloss_who", ""))
        language = cookies.get("isogloss_language") or preferred(
            request.headers.get("accept-language", "")
        )
        self.words = Words(language)
        theme = cookies.get("isogloss_theme", "auto")
        self.theme = theme if theme in _THEMES else "auto"
        forwarded = request.headers.get("x-forwarded-prefix", "")
        self.prefix = forwarded + str(request.scope.get("root_path", ""))

    @property
    def who(self) -> str:
        """The name that the history shows."""
        return self.name or self.words("anonymous")


def _one_line(name: str) -> str:
    return "".join(filter(str.isprintable, name)).strip()[:100]


def remember(key: str, value: str) -> None:
    """Keep a choice in the browser for a year."""
    given = json.dumps(value)
    ui.run_javascript(
        f"document.cookie = 'isogloss_{key}=' + encodeURIComponent({given})"
        " + ';path=/;max-age=31536000;samesite=lax'"
    )


@contextmanager
def frame(
    visitor: Visitor, title: str, glossary: str = "", tab: str = "", proposals: int = 0
) -> Iterator[None]:
    """A page: what is built inside stands under the header."""
    words = visitor.words
    ui.page_title(f"{title} · Isogloss")
    ui.add_head_html(_head(visitor))
    ui.colors(primary="#2b6a6c", secondary="#5b6b7a", accent="#8a5a2b", positive="#2f7d4f")
    dark = ui.dark_mode(_THEMES[visitor.theme][0])
    with ui.header(elevated=False).classes("ig-header"):
        with ui.link(target="/").classes("ig-brand").props(f'aria-label="{words("home")}"'):
            ui.html('<span class="ig-mark">≈</span>Isogloss', sanitize=False)
        if glossary:
            ui.label(glossary).classes("ig-glossary")
            with ui.element("nav").classes("ig-tabs"):
                for name, path in _TABS:
                    _tab(words(f"tab_{name}"), f"/g/{glossary}{path}", name == tab)
                    if name == "proposals":
                        ui.label(str(proposals)).classes(
                            "ig-count" if proposals else "ig-count ig-hidden"
                        )
        ui.space()
        _who(visitor)
        _language(visitor)
        _theme(visitor, dark)
    with ui.element("main").classes(f"ig-main ig-main-{tab or 'home'}"):
        yield


def _tab(text: str, target: str, chosen: bool) -> None:
    link = ui.link(text, target).classes("ig-tab")
    if chosen:
        link.classes("chosen").props('aria-current="page"')


def _head(visitor: Visitor) -> str:
    files = []
    for name in ("pages.css", "pages.js", "editor.js", "keys.js", "clipboard.js"):
        stamp = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
        url = f"{visitor.prefix}/static/{name}?{stamp}"
        files.append(
            f'<link rel="stylesheet" href="{url}">'
            if name.endswith(".css")
            else f'<script src="{url}"></script>'
        )
    language = visitor.words.language
    lost = json.dumps([visitor.words("connection_lost"), visitor.words("reconnecting")])
    return "".join(files) + (
        f"<script>document.documentElement.lang = '{language}'; isogloss.lost = {lost}</script>"
    )


def _who(visitor: Visitor) -> None:
    words = visitor.words

    def keep() -> None:
        visitor.name = _one_line(field.value or "")
        button.classes(remove="ig-unnamed")
        remember("who", visitor.name)
        button.set_text(visitor.name or words("who"))
        menu.close()

    with ui.button(visitor.name or words("who"), icon="person_outline", color=None).classes(
        "ig-quiet"
    ) as button:
        button.props("flat no-caps dense").classes("" if visitor.name else "ig-unnamed")
        with ui.menu().props("no-focus").classes("ig-menu") as menu, ui.column().classes("ig-pad"):
            field = ui.input(words("who"), value=visitor.name).props("dense outlined autofocus")
            field.on("keydown.enter", keep)
            ui.label(words("who_why")).classes("ig-faint ig-narrow")
            ui.button(words("keep"), on_click=keep).props("unelevated no-caps dense")


def _language(visitor: Visitor) -> None:
    def choose(event: Any) -> None:
        remember("language", event.value)
        ui.run_javascript("location.reload()")

    ui.select(LANGUAGES, value=visitor.words.language, on_change=choose).props(
        f'dense borderless options-dense aria-label="{visitor.words("language")}"'
    ).classes("ig-language")


def _theme(visitor: Visitor, dark: Any) -> None:
    def turn() -> None:
        names = list(_THEMES)
        visitor.theme = names[(names.index(visitor.theme) + 1) % len(names)]
        dark.value, icon = _THEMES[visitor.theme]
        button.set_icon(icon)
        remember("theme", visitor.theme)

    button = ui.button(icon=_THEMES[visitor.theme][1], on_click=turn, color=None)
    button.props(f'flat round dense aria-label="{visitor.words("theme")}"')
    button.classes("ig-quiet").tooltip(visitor.words("theme"))


def toast(text: str, kind: str = "info", undo: str = "") -> None:
    """A short message at the bottom, with a button to take it back when ``undo`` names one."""
    arguments = ", ".join(json.dumps(each) for each in (text, kind, undo))
    ui.run_javascript(f"isogloss.toast({arguments})")


@contextmanager
def telling(words: Words) -> Iterator[None]:
    """What a linguist can mend is told on the page; the page goes on."""
    try:
        yield
    except ValidationError as error:
        toast(f"{words('not_saved')} {told(error, words)}", "error")
    except (GlossaryError, EvalError, ServiceError) as error:
        toast(said(error, words), "error")


def said(error: Exception, words: Words) -> str:
    """What happened and what to do, in the reader's language as far as it is known there."""
    remedy = getattr(error, "remedy", "")
    return " ".join(words.message(text) for text in (str(error), remedy) if text)


def trouble(visitor: Visitor, error: Exception) -> None:
    """A page that cannot be shown says why."""
    with frame(visitor, visitor.words("trouble")), ui.column().classes("ig-sheet"):
        ui.label(visitor.words.message(str(error))).classes("ig-title")
        remedy = str(getattr(error, "remedy", ""))
        ui.label(visitor.words.message(remedy)).classes("ig-faint")
        ui.link(visitor.words("home"), "/").classes("ig-link")
