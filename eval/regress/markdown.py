"""A comparison as Markdown: what a reviewer reads in a pull request."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from eval.regress.result import Comparison, ItemChange
from eval.regress.shown import COLUMNS, notes, row, scores, texts

ITEMS = 20
"""So many items are shown with their texts; more than that nobody reads there."""
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~$]|^[-+=]|(?<=[wW])\.")
_CALLS = re.compile("(?<=@)|(?<=:)(?=//)")
_JOINER = "\u2060"
"""Invisible; with it in between nobody is called by an @, and an address is no link."""


def as_markdown(result: Comparison, title: str = "Regression of translations") -> str:
    """A table, the items that got worse and those that moved, each with both texts.

    Texts of items stand in fences longer than any run of backticks inside, everything else is
    escaped: nothing of theirs becomes markup.
    """
    lines = [f"## {_plain(title)}", "", f"**{_plain(result.headline)}**", ""]
    if result.systems:
        lines += ["What translates is another:", ""]
        lines += [f"- {_plain(difference)}" for difference in result.systems] + [""]
    lines += [_cells(COLUMNS), _cells(["---"] * len(COLUMNS))]
    lines += [_cells(map(_plain, row(change))) for change in result.changes] + [""]
    lines += [f"- {_plain(note)}" for note in notes(result)]
    lines += _part("Items that got worse", result.regressed)
    lines += _part("Other items that moved most", result.moved)
    return "\n".join(lines) + "\n"


def _part(title: str, items: tuple[ItemChange, ...]) -> Iterator[str]:
    if not items:
        return
    yield from ("", f"### {title}", "")
    for item in items[:ITEMS]:
        yield from _item(item)
    if len(items) > ITEMS:
        yield f"and {len(items) - ITEMS:,} more"


def _item(item: ItemChange) -> Iterator[str]:
    causes = f" ({', '.join(item.causes)})" if item.causes else ""
    title = f"{item.pair.id}{causes}: {scores(item)}"
    yield f"<details><summary>{_plain_html(title)}</summary>"
    yield ""
    for why in item.why:
        yield f"- {_plain(why)}"
    for segment, source, old, new in texts(item):
        yield from ("", _plain(segment), "")
        for name, text in (("source", source), ("old", old), ("new", new)):
            yield from _fenced(name, text)
    yield from ("", "</details>", "")


def _fenced(name: str, text: str | None) -> Iterator[str]:
    """A text as it is, in a fence that it cannot close."""
    if text is None:
        yield f"{name}: no translation\n"
        return
    runs = (len(run) for run in re.findall("`+", text))
    fence = "`" * max(3, max(runs, default=0) + 1)
    yield from (f"{name}:", fence, text, fence)


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """One line of text in which nothing is markup, links and mentions included."""
    return _SPECIAL.sub(r"\\\g<0>", _plain_html(text))


def _plain_html(text: str) -> str:
    return html.escape(_CALLS.sub(_JOINER, " ".join(text.split())), quote=False)
