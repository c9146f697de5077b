"""Multiple-choice items that are one string: ``1. stem (A) ... (B) ... (C) ... (D) ...``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# The ways in which exams write the letter of an option inside running text.
_BRACKETED = re.compile(r"[(（](?P<letter>[A-JＡ-Ｊ])[)）]\s*")
_BARE = re.compile(r"(?<![A-Za-zＡ-Ｚ])(?P<letter>[A-JＡ-Ｊ])[.．、：:](?![A-ZＡ-Ｚ][.．、])\s*")
# Exams number their items, so "54.12歲女童" is number 54: in TMMLU all five such stems are.
_NUMBER = re.compile(r"\s*\d{1,4}\s*[.．、)）]\s*")
# Behind the last option: a blank line, or the cue for the answer that prompts append.
_CUE = re.compile(r"\n[^\S\n]*(?:\n|#|정답|答案|答[:：]|A:|Answer)")


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

    Of several runs the one with most options is taken, of equally long ones the last: a stem may
    itself mention "(A)" and "(B)". Bare letters (``A.``, ``A、``) are options where there are three
    of them or each begins a line; otherwise they are points of a figure or initials.
    """
    bare = [
        run
        for run in _runs(_BARE.finditer(text))
        if len(run) > 2 or all(_begins_line(text, mark) for mark in run)
    ]
    items = [
        (filled, run[0].start(), run)
        for run in (*_runs(_BRACKETED.finditer(text)), *bare)
        if (filled := _filled(text, run)) > 1
    ]
    return _item(text, max(items, key=lambda item: item[:2])[2]) if items else None


def _item(text: str, marks: Sequence[re.Match[str]]) -> InlineItem:
    number = _NUMBER.match(text)
    stem_start = number.end() if number and number.end() <= marks[0].start() else 0
    end = _end(text, marks[-1].end())
    borders = [*(mark.start() for mark in marks[1:]), end]
    options = tuple(
        (_letter(mark), mark.group(), text[mark.end() : border])
        for mark, border in zip(marks, borders, strict=True)
    )
    stem = text[stem_start : marks[0].start()]
    return InlineItem(text[:stem_start], stem, options, text[end:])


def _end(text: str, start: int) -> int:
    """Where the last option ends: before its full stop, a blank line or a cue."""
    cue = _CUE.search(text, start)
    if cue:
        return start + len(text[start : cue.start()].rstrip())
    body = text[start:].rstrip()
    return start + len(body.rstrip("。").rstrip())


def _filled(text: str, run: Sequence[re.Match[str]]) -> int:
    """How many of the marks are followed by some text before the next."""
    borders = [*(mark.start() for mark in run[1:]), len(text)]
    return sum(mark.end() < border for mark, border in zip(run, borders, strict=True))


def _begins_line(text: str, mark: re.Match[str]) -> bool:
    line = text[text.rfind("\n", 0, mark.start()) + 1 : mark.start()]
    return not line.strip()


def _letter(mark: re.Match[str]) -> str:
    letter = mark["letter"]
    return chr(ord(letter) - 0xFEE0) if letter > "z" else letter


def _runs(marks: Iterable[re.Match[str]]) -> list[list[re.Match[str]]]:
    """Runs that start with A and go up one letter at a time, at least to B.

    A mark goes on with the latest run that waits for its letter, so an option may mention others:
    in "(C)(A) and (B)(D) none" the D belongs to the outer run.
    """
    runs: list[list[re.Match[str]]] = []
    waiting: dict[str, list[list[re.Match[str]]]] = {}
    for mark in marks:
        letter = _letter(mark)
        if letter == "A":
            run: list[re.Match[str]] = []
            runs.append(run)
        elif waiting.get(letter):
            run = waiting[letter].pop()
        else:
            continue
        run.append(mark)
        waiting.setdefault(chr(ord(letter) + 1), []).append(run)
    return [run for run in runs if len(run) > 1]
