"""Structure: nothing empty, code still the same program, answer spans still in their context."""

from __future__ import annotations

from collections.abc import Iterator

from eval.benchmarks.docstring import code_skeleton
from eval.benchmarks.item import Slot
from eval.benchmarks.path import show, value_at
from eval.checks.base import Finding, ItemPair, Severity
from eval.segment import FieldKind


def structure(item: ItemPair) -> Iterator[Finding]:
    """What the item's shape promises still holds."""
    for segment in item.segments:
        if not segment.target.strip():
            yield _critical(segment.segment.id, "The translation is empty.")
    for slot in item.item.slots:
        if slot.kind is FieldKind.CODE:
            yield from _same_program(slot, item)
        elif slot.kind is FieldKind.ANSWER_SPAN:
            yield from _span_in_context(slot, item)


def _same_program(slot: Slot, item: ItemPair) -> Iterator[Finding]:
    target = slot.target(item.translations)
    if target != slot.source and code_skeleton(target) != code_skeleton(slot.source):
        segment = next((part.segment for part in slot.parts if part.segment), show(slot.location))
        yield _critical(segment, "Outside its docstrings the program is no longer the same.")


def _span_in_context(slot: Slot, item: ItemPair) -> Iterator[Finding]:
    if slot.context is None:
        return
    contexts = {other.location: other for other in item.item.slots}
    context = contexts.get(slot.context)
    if context is None or slot.source not in value_at(slot.context, item.item.data):
        return  # broken in the source already: not the translation's fault
    span = slot.target(item.translations)
    if span not in context.target(item.translations):
        segment = next((part.segment for part in slot.parts if part.segment), show(slot.location))
        yield Finding(
            check="structure",
            severity=Severity.CRITICAL,
            hard=True,
            segment=segment or show(slot.location),
            message="The answer no longer occurs in the translated context.",
            target_span=(0, len(span)),
            found=span,
        )


def _critical(segment: str | None, message: str) -> Finding:
    return Finding("structure", Severity.CRITICAL, True, segment or "", message)
