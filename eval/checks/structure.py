"""Structure: nothing empty, code still the same program, answer spans still in their context."""

from __future__ import annotations

from collections.abc import Iterator

from eval.benchmarks.docstring import code_skeleton
from eval.benchmarks.path import Location, show, value_at
from eval.benchmarks.slot import Slot
from eval.checks.base import Finding, ItemPair, Severity
from eval.segment import FieldKind


def structure(item: ItemPair) -> Iterator[Finding]:
    """Nothing is missing or empty, and all that is not text is as it was.

    Hard: an empty translation; a program that is another one outside its docstrings; an answer
    that no longer occurs in its context. In a translation made elsewhere also whatever the recipe
    reads and the translation has otherwise: fields or options missing or added, another type, a
    changed answer key, id or other kept value, an option without its letter, a worked solution
    without its last line, a changed doctest, an offset that points elsewhere, a gold answer
    rendered in another way than the option that it repeats.

    Soft: fields that the recipe does not name and that were added, removed or changed (metadata); a
    docstring with another number of paragraphs.

    Known limits:

    - Translated options that changed places are not seen here; numbers in them often show it.
    - Of an option without a word, such as "$20", only digits, signs and letters are compared; "20%"
      rendered in words is found although it is right.
    """
    for difference in item.differences:
        yield Finding(
            "structure",
            Severity.CRITICAL if difference.serious else Severity.MINOR,
            difference.serious,
            difference.place,
            difference.message,
            expected=difference.expected,
            found=difference.found,
        )
    for segment in item.segments:
        if not segment.target.strip():
            yield _critical(segment.segment.id, "The translation is empty.")
    for slot in item.item.slots:
        if slot.kind is FieldKind.CODE:
            yield from _same_program(slot, item)
    yield from _spans_in_contexts(item)


def _same_program(slot: Slot, item: ItemPair) -> Iterator[Finding]:
    target = slot.target(item.translations)
    if target == slot.source:
        return
    skeleton = code_skeleton(target)
    if skeleton is None or skeleton != code_skeleton(slot.source):
        message = "Outside its docstrings the program is no longer the same."
        yield _critical(_segment_of(slot) or show(slot.location), message)


def _spans_in_contexts(item: ItemPair) -> Iterator[Finding]:
    """Spans that stood in their context and do so no longer.

    Those of ``answer_span`` fields, and those whose offset is to be found again.
    """
    slots = {slot.location: slot for slot in item.item.slots}
    pairs: dict[Location, Location] = {
        slot.location: slot.context
        for slot in item.item.slots
        if slot.kind is FieldKind.ANSWER_SPAN and slot.context is not None
    }
    pairs |= {offset.span: offset.context for offset in item.item.offsets}
    for place, context_place in pairs.items():
        span, context = slots.get(place), slots.get(context_place)
        if context is None or value_at(place, item.item.data) not in context.source:
            continue  # broken in the source already: not the translation's fault
        text = span.target(item.translations) if span else value_at(place, item.item.data)
        if text not in context.target(item.translations):
            yield _lost_span(text, span, context, item)


def _lost_span(text: str, span: Slot | None, context: Slot, item: ItemPair) -> Finding:
    """At the answer's segment; a number has none, then at the context's."""
    segment = _segment_of(span) if span else None
    length = len(item.translations.get(segment, "")) if segment else 0
    return Finding(
        check="structure",
        severity=Severity.CRITICAL,
        hard=True,
        segment=segment or _segment_of(context) or show(context.location),
        message="The answer no longer occurs in the translated context.",
        target_span=(0, length) if length else None,
        expected=None if segment else text,
        found=text if segment else None,
    )


def _segment_of(slot: Slot) -> str | None:
    return next((part.segment for part in slot.parts if part.segment), None)


def _critical(segment: str, message: str) -> Finding:
    return Finding("structure", Severity.CRITICAL, True, segment, message)
