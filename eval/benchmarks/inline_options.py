"""Multiple-choice items that are one string: ``1. stem (A) ... (B) ... (C) ... (D) ...``."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The ways in which exams write the letter of an option inside running text.
_MARK_STYLES = (
    re.compile(r"[(（](?P<letter>[A-JＡ-Ｊ])[)）]\s*"),
    re.compile(r"(?<![A-Za-z])(?P<letter>[A-J])[.．、：:]\s*"),
)
_NUMBER = re.compile(r"\s*\d{1,4}\s*[.．、)）]\s*")
# The last option ends before its full stop, or before the cue for the answer that prompts append.
_TAIL = re.compile(r"\s*\n\s*\n[\s\S]*$|\s*\n(?:#|정답|答案|答[:：]|A:|Answer)[\s\S]*$|[\s。]*$")


@dataclass(frozen=True, slots=True)
class InlineItem:
    """The pieces in their order; joined they are the original string."""

    number: str
    stem: str
    options: tuple[tuple[str, str, str], ...]
    """Letter, mark as written, text."""
    tail: str
    """What follows the last option: a full stop, or a cue such as ``Answer:``."""


def split_inline_options(text: str) -> InlineItem | None:
    """Take a one-string item apart; ``None`` where no run A, B, ... of marks is found.

    Of several runs the longest is taken, of equally long ones the last: a stem may itself mention
    "(A)" and "(B)".
    """
    runs = [run for style in _MARK_STYLES for run in _runs(list(style.finditer(text)))]
    if not runs:
        return None
    marks = max(runs, key=lambda run: (len(run), run[0].start()))
    number = _NUMBER.match(text)
    stem_start = number.end() if number and number.end() <= marks[0].start() else 0
    tail = _TAIL.search(text, marks[-1].end())
    end = tail.start() if tail else len(text)
    borders = [*(mark.start() for mark in marks[1:]), end]
    options = tuple(
        (_letter(mark), mark.group(), text[mark.end() : border])
        for mark, border in zip(marks, borders, strict=True)
    )
    stem = text[stem_start : marks[0].start()]
    return InlineItem(text[:stem_start], stem, options, text[end:])


def _letter(mark: re.Match[str]) -> str:
    letter = mark["letter"]
    return chr(ord(letter) - 0xFEE0) if letter > "z" else letter


def _runs(marks: list[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Runs that start with A and go up one letter at a time, at least to B."""
    runs: list[list[re.Match[str]]] = []
    for mark in marks:
        if _letter(mark) == "A":
            runs.append([mark])
        elif runs and ord(_letter(mark)) == ord(_letter(runs[-1][-1])) + 1:
            runs[-1].append(mark)
    return [run for run in runs if len(run) > 1]
