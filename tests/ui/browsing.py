"""What tests in the browser do over and over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from glossary.language import Language


def until(true: Callable[[], Any], what: str = "") -> None:
    """Wait for something that the service does."""
    for _ in range(100):
        if true():
            return
        time.sleep(0.05)
    pytest.fail(f"it did not happen: {what}")


def grid(page: Any) -> Any:
    page.wait_for_function("document.body.dataset.loaded")
    return page


def cell(page: Any, id_: str, column: str) -> Any:
    return page.locator(f'.ag-row[row-id="{id_}"] .ag-cell[col-id="{column}"]')


def type_into(page: Any, id_: str, column: str, text: str) -> None:
    cell(page, id_, column).dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def term(served: Any, name: str, id_: str, language: str) -> str:
    stored = served.store.concept(name, id_)
    return stored.concept.in_language(Language(language))[0].text


def paste(page: Any, text: str) -> None:
    """Ctrl+V with this in the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def preview(page: Any) -> list[str]:
    """How many concepts are new, changed, in conflict, unchanged."""
    page.get_by_role("button", name="Preview").click()
    page.locator(".ig-count-box").first.wait_for(timeout=60_000)
    return page.locator(".ig-count-box .ig-number").all_inner_texts()


def compose(page: Any, steps: list[str], text: str, *, enter: bool = True) -> None:
    """Type with an input method: what it shows in between, and what it takes in the end."""
    ime = page.context.new_cdp_session(page)
    for step in steps:
        ime.send("Input.dispatchKeyEvent", _key(229, "Process"))
        ime.send(
            "Input.imeSetComposition",
            {"text": step, "selectionStart": len(step), "selectionEnd": len(step)},
        )
    if enter:  # takes the syllable
        ime.send("Input.dispatchKeyEvent", _key(229, "Enter"))
    ime.send("Input.insertText", {"text": text})


def _key(code: int, key: str) -> dict[str, Any]:
    return {"type": "rawKeyDown", "windowsVirtualKeyCode": code, "key": key}
