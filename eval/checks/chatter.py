"""Chatter: what a chat model says around a translation."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.phrases import word_list

_ANCHORS = {
    "start": r"\A[\s\"'“「]{0,9}+",
    "sentence": r"(?:\A|[\n(（\[【]|[.。!！?？]\s?)[\s*]{0,9}+",
    "anywhere": "",
}
_BEGINNING = 60
"""Characters in which the source says itself what stands at the start of the target."""
_ANYWHERE = sys.maxsize // 4
_HEADING = re.compile(r"[:：]\s*\Z|\A\s*(?:\*\*[^*\n]+\*\*|#{1,4} [^\n]+)\s*\Z")
_ADDED = "A paragraph that the source does not have."
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
    chat in the language of the prompt as well as in that of the text. Beside the list: where the
    source is one paragraph, a heading before and a paragraph behind the translation.

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
            if match is None or kind.unless.search(segment.source, 0, kind.reach + 2 * match.end()):
                continue
            span = _marked(segment.target, match.span("said"), kind.marks)
            if not any(span[0] < end and start < span[1] for start, end in taken):
                taken.append(span)
                yield segment.finding(
                    "chatter", kind.severity, kind.message, hard=True, target=span
                )
        added = _added_paragraph(segment)
        if added is not None and not taken:
            yield segment.finding("chatter", Severity.MAJOR, _ADDED, hard=True, target=added)


def _added_paragraph(segment: SegmentPair) -> tuple[int, int] | None:
    """A heading before, or a paragraph behind, a translation of a source of one paragraph."""
    target = segment.target.strip()
    if "\n" not in target or "\n\n" in segment.source:
        return None
    start = segment.target.index(target)
    first = target[: target.index("\n")]
    if _HEADING.search(first) and not _HEADING.search(segment.source.strip().split("\n")[0]):
        return start, start + len(first)
    last = target.rfind("\n\n")
    return (start + last + 2, start + len(target)) if last >= 0 else None


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
    return tuple(map(_kind, word_list("chatter").values()))


def _kind(entry: Mapping[str, Any]) -> _Kind:
    start = entry["where"] == "start"
    said = f"(?P<said>{'|'.join(entry['patterns'])})"
    pattern = re.compile(_ANCHORS[entry["where"]] + said, re.IGNORECASE)
    return _Kind(
        entry["message"],
        Severity(entry["severity"]),
        pattern,
        re.compile("|".join(entry["unless"]), re.IGNORECASE) if "unless" in entry else pattern,
        _BEGINNING if start else _ANYWHERE,
        entry.get("marks", "words"),
    )
