"""A finished item read again: as an item of the target language, and as the source it was."""

from __future__ import annotations

import copy

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
    item = target_item(record, recipe)
    data = copy.deepcopy(record.item)
    by_id = {segment.id: segment.source for segment in record.segments}
    by_text = {segment.target.strip(): segment.source for segment in record.segments}
    for slot in item.slots:
        before = slot.target(_sources(slot, item, by_id, by_text))
        value_at(slot.location[:-1], data)[slot.location[-1]] = before
    return read_item(data, recipe, record.index)


def _sources(
    slot: Slot, item: BenchmarkItem, by_id: dict[str, str], by_text: dict[str, str]
) -> dict[str, str]:
    """The source of each segment of a slot: by its place, or else by its text.

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
