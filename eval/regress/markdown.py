"""A comparison as Markdown: what a reviewer reads in a pull request."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from eval.regress.result import Comparison, ItemChange
from eval.regress.shown import COLUMNS, notes, row, scores, texts

ITEMS = 20
"""So many items are shown with their texts; more than that nobody reads there."""
FULL = 60_000
"""Characters that a page may have: a comment on GitHub takes 65,536."""
_LEFT_OUT = "\nIts texts are too long for this page."
_SPECIAL = re.compile(r"[\\`*_{}\[\]#|~$]|^[-+=]|(?<=[wW])\.")
_CALLS = re.compile("(?<=@)|(?<=:)(?=//)")
_JOINER = "\u2060"
"""Invisible; with it in between nobody is called by an @, and an address is no link."""


def as_markdown(result: Comparison) -> str:
    """A table, the items that got worse and those that moved, each with both texts.

    Texts of items stand in fences longer than any run of backticks inside, everything else is
    escaped: nothing of theirs becomes markup. Where the page would be too long for a comment, texts
    are left out, and then items; it says so.
    """
    title = f"Regression of translations: {result.benchmark}, {result.pair}"
    lines = [f"## {_plain(title)}", "", f"**{_plain(result.headline)}**", ""]
    if result.systems:
        lines += ["What translates is another:", ""]
        lines += [f"- {_plain(difference)}" for difference in result.systems] + [""]
    lines += [_cells(COLUMNS), _cells(["---"] * len(COLUMNS))]
    lines += [_cells(map(_plain, row(change))) for change in result.changes] + [""]
    lines += [f"- {_plain(note)}" for note in notes(result)]
    for part, items in (
        ("Items that got worse", result.regressed),
        ("Other items that moved most", result.moved),
    ):
        lines += _part(part, items, FULL - _length(lines))
    return "\n".join(lines) + "\n"


def _part(title: str, items: tuple[ItemChange, ...], room: int) -> Iterator[str]:
    """Items while there is room for them; the others are counted."""
    if not items:
        return
    yield from ("", f"### {title}", "")
    shown = 0
    for item in items[:ITEMS]:
        whole, short = [*_item(item, _texts(item))], [*_item(item, [_LEFT_OUT])]
        lines = whole if _length(whole) <= room else short
        room -= _length(lines)
        if room < 0:
            break
        shown += 1
        yield from lines
    if len(items) > shown:
        yield f"and {len(items) - shown:,} more"


def _length(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _item(item: ItemChange, shown: Iterable[str]) -> Iterator[str]:
    causes = f" ({', '.join(item.causes)})" if item.causes else ""
    title = f"{item.pair.id}{causes}: {scores(item)}".removesuffix(": ")
    yield f"<details><summary>{_plain_html(title)}</summary>"
    yield ""
    for why in item.why:
        yield f"- {_plain(why)}"
    yield from shown
    yield from ("", "</details>", "")


def _texts(item: ItemChange) -> Iterator[str]:
    for segment, source, old, new in texts(item):
        yield from ("", _plain(segment), "")
        for name, text in (("source", source), ("old", old), ("new", new)):
            yield from _fenced(name, text)


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
