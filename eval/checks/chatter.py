"""Chatter: what a chat model says around a translation."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from eval.checks.base import Finding, ItemPair, Severity

_ANCHORS = {
    "start": r"\A[\s\"'“「]{0,9}+",
    "sentence": r"(?:\A|[\n(（\[【]|[.。!！?？]\s?)[\s*]{0,9}+",
    "anywhere": "",
}
_BEGINNING = 60
"""Characters in which the source says itself what stands at the start of the target."""
_SENTENCE_END = re.compile(r"[.。!！?？:：]\s?|\n")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of chatter: where it begins, what the source may say, and what to mark."""

    message: str
    severity: Severity
    pattern: re.Pattern[str]
    unless: re.Pattern[str]
    reach: int
    marks: str


def chatter(item: ItemPair) -> Iterator[Finding]:
    """Nothing but the translation: no announcement, label, note, refusal, offer or thinking.

    Always hard. Only what the source does not say itself is reported: an item that contains a note
    or an apology, in whatever language, may have one in its translation. The words are a list that
    can be edited, `eval/checks/lists/chatter.yaml`, for all four languages at once, because models
    chat in the language of the prompt as well as in that of the text.

    Known limits:

    - an explanation without any of the listed words is seen by `length` at most;
    - code fences and tags around the text are reported by `protected` too.
    """
    for segment in item.segments:
        if segment.unchanged:
            continue
        taken: list[tuple[int, int]] = []
        for kind in _kinds():
            match = kind.pattern.search(segment.target)
            if match is None or kind.unless.search(segment.source, 0, kind.reach):
                continue
            span = _marked(segment.target, match.span("said"), kind.marks)
            if not any(span[0] < end and start < span[1] for start, end in taken):
                taken.append(span)
                yield segment.finding(
                    "chatter", kind.severity, kind.message, hard=True, target=span
                )


def _marked(text: str, said: tuple[int, int], marks: str) -> tuple[int, int]:
    start, end = said
    if marks == "rest":
        return start, len(text)
    if marks == "sentence":
        before = [match.end() for match in _SENTENCE_END.finditer(text, 0, start)]
        after = _SENTENCE_END.search(text, end)
        return before[-1] if before else 0, after.end() if after else len(text)
    return said


@cache
def _kinds() -> tuple[_Kind, ...]:
    text = files("eval.checks").joinpath("lists", "chatter.yaml").read_text(encoding="utf-8")
    return tuple(
        _Kind(
            entry["message"],
            Severity(entry["severity"]),
            re.compile(_ANCHORS[entry["where"]] + _any(entry["patterns"]), re.IGNORECASE),
            re.compile(
                _any(entry["unless"])
                if "unless" in entry
                else _ANCHORS[entry["where"]] + _any(entry["patterns"]),
                re.IGNORECASE,
            ),
            _BEGINNING if entry["where"] == "start" else sys.maxsize,
            entry.get("marks", "words"),
        )
        for entry in yaml.safe_load(text).values()
    )


def _any(patterns: list[str]) -> str:
    return f"(?P<said>{'|'.join(patterns)})"
