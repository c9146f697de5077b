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
from eval.checks.replies import is_reply, lead_in, stands_around
from eval.segment import FieldKind

_ANCHORS = {
    "start": r"\A[\s\"'“「]{0,9}+",
    "sentence": r"(?:\A|[\n(（\[【]|[.。!！?？]\s?)[\s*]{0,9}+",
    "anywhere": "",
    "end": "",
    "prose": "",
}
_BEGINNING = 60
"""Characters in which the source says itself what stands at the start of the target."""
_LAST = 30
_ANYWHERE = sys.maxsize // 4
_HEADING = re.compile(r"[:：]\s*\Z|\A\s*(?:\*\*[^*\n]+\*\*|#{1,4} [^\n]+)\s*\Z")
_ADDED = "A paragraph that the source does not have."
_LEAD = "Words stand before the translation that the source does not have."
_REPLY = "A reply stands in the place of the translation."
_AROUND = "Words or signs stand around the translation that the source does not have."
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
    needs: re.Pattern[str] | None
    tail: int
    prose: bool

    def find(self, text: str) -> re.Match[str] | None:
        if self.needs is not None and self.needs.search(text) is None:
            return None
        return self.pattern.search(text, max(0, len(text) - self.tail))


def chatter(item: ItemPair) -> Iterator[Finding]:
    """Nothing but the translation: no announcement, label, note, refusal, offer or thinking.

    Always hard. Only what the source does not say itself is reported: an item that contains a note
    or an apology, in whatever language, may have one in its translation. The words are a list that
    can be edited, `eval/checks/lists/chatter.yaml`, for all four languages at once, because models
    chat in the language of the prompt as well as in that of the text. Tokens of chat formats are
    known by their shape (`<|...|>`, `[/INST]`, a last line `assistant`).

    Beside the list, by what adds up (`eval/checks/lists/replies.yaml`):

    - where the source is one paragraph, a heading before and a paragraph behind the translation;
    - a reply in place of the translation: words of a request, of help, of a reason, and what is
      lost of the source: its length, figures, names, quotes, question mark;
    - words around the translation of an option: the source beside it, signs, words about words.

    Known limits:

    - a refusal of a few words is missed where the source is as short or speaks of the same;
    - an option of more than a few words must have more around it to be reported;
    - an option with its source in brackets is reported where no other option has that;
    - code fences and tags around the text are reported by `protected` too.
    """
    for segment in item.segments:
        if segment.unchanged:
            continue
        taken: list[tuple[int, int]] = []
        for kind in _kinds():
            match = kind.find(segment.target_prose if kind.prose else segment.target)
            if match is None or kind.unless.search(segment.source, 0, kind.reach + 2 * match.end()):
                continue
            span = _marked(segment.target, match.span("said"), kind.marks)
            if not any(span[0] < end and start < span[1] for start, end in taken):
                taken.append(span)
                yield segment.finding(
                    "chatter", kind.severity, kind.message, hard=True, target=span
                )
        if not taken:
            yield from _unlisted(segment, item)


def _unlisted(segment: SegmentPair, item: ItemPair) -> Iterator[Finding]:
    """What is known by its shape where none of the listed words stands."""
    whole = (0, len(segment.target))
    added = _added_paragraph(segment)
    if added is not None:
        yield segment.finding("chatter", Severity.MAJOR, _ADDED, hard=True, target=added)
    elif (lead := lead_in(segment)) is not None:
        yield segment.finding("chatter", Severity.MAJOR, _LEAD, hard=True, target=lead)
    elif is_reply(segment):
        yield segment.finding("chatter", Severity.CRITICAL, _REPLY, hard=True, target=whole)
    elif segment.segment.kind is FieldKind.OPTION:
        others = [other for other in item.segments if other.segment.kind is FieldKind.OPTION]
        if stands_around(segment, others, item.pair):
            yield segment.finding("chatter", Severity.MAJOR, _AROUND, hard=True, target=whole)


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
        re.compile(entry["needs"]) if "needs" in entry else None,
        _LAST if entry["where"] == "end" else _ANYWHERE,
        entry["where"] == "prose",
    )
