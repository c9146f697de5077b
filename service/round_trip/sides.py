"""A finished item read again: as an item of the target language, and as the source it was."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from eval.benchmarks.item import BenchmarkItem, read_item
from eval.benchmarks.path import show, value_at
from eval.benchmarks.protect import has_prose
from eval.benchmarks.recipe import Recipe
from eval.benchmarks.slot import Slot
from eval.run_log import ItemRecord
from eval.segment import FieldKind, Segment


def target_item(record: ItemRecord, recipe: Recipe) -> BenchmarkItem:
    """The translated item, read like any other.

    Raises:
        EvalError: the translation left nothing that can be read.
    """
    return read_item(record.item, recipe, record.index)


def source_item(record: ItemRecord, recipe: Recipe) -> BenchmarkItem:
    """The item as it was before, put together from the record, which keeps its texts.

    Offsets of answer spans are those of the translation.

    Raises:
        EvalError: the translation left nothing that can be read.
    """
    return _with_texts(record, recipe, [segment.source for segment in record.segments])


def back_item(record: ItemRecord, recipe: Recipe) -> BenchmarkItem | None:
    """The item as it came back, or ``None`` where a text of it did not.

    Raises:
        EvalError: the translation, or the way back, left nothing that can be read.
    """
    texts = [segment.back_translation for segment in record.segments]
    there = [text for text in texts if text is not None]
    return _with_texts(record, recipe, there) if texts and len(there) == len(texts) else None


def _with_texts(record: ItemRecord, recipe: Recipe, texts: Sequence[str]) -> BenchmarkItem:
    """The translated item with these texts, one for each segment, in place of its own."""
    item = target_item(record, recipe)
    data = copy.deepcopy(record.item)
    segments = list(zip(record.segments, texts, strict=True))
    by_id = {segment.id: text for segment, text in segments}
    by_text = {segment.target.strip(): text for segment, text in segments}
    for slot in item.slots:
        made = _text_of(slot, item, by_id, by_text)
        value_at(slot.location[:-1], data)[slot.location[-1]] = made
    return read_item(data, recipe, record.index)


def _text_of(
    slot: Slot, item: BenchmarkItem, by_id: dict[str, str], by_text: dict[str, str]
) -> str:
    """The other text of a whole string of the item."""
    place, stripped = show(slot.location), slot.source.strip()
    if place in by_id and not any(part.segment for part in slot.parts):
        # The translation has no word ("42" of "forty-two"): read by itself it is no segment.
        return slot.source.replace(stripped, by_id[place])
    return slot.target(_placed(slot, item, by_id, by_text))


def _placed(
    slot: Slot, item: BenchmarkItem, by_id: dict[str, str], by_text: dict[str, str]
) -> dict[str, str]:
    """The other text of each segment of a slot: by its place, or else by its text.

    By place first: two options may have become one word.
    """
    texts = {segment.id: segment.text for segment in item.segments}
    ids = [part.segment for part in slot.parts if part.segment]
    if len(ids) == 1 and show(slot.location) in by_id:
        return {ids[0]: by_id[show(slot.location)]}
    return {id_: by_text.get(texts[id_], by_id.get(id_, texts[id_])) for id_ in ids}


def target_segments(record: ItemRecord, recipe: Recipe) -> dict[str, Segment]:
    """What there is to translate back, by the id of the record's segment.

    Equal translations share a segment. A translation without a word in it is left out.

    Raises:
        EvalError: the translation left nothing that can be read.
    """
    known = {segment.text: segment for segment in target_item(record, recipe).segments}
    found: dict[str, Segment] = {}
    for each in record.segments:
        text = each.target.strip()
        if has_prose(text):
            alone = Segment(each.id, text, FieldKind(each.kind), each.kind)
            found[each.id] = known.setdefault(text, alone)
    return found
