"""Reading the items of a run: within bounds, and each id once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.benchmarks.item import BenchmarkItem, item_id, read_item
from eval.benchmarks.recipe import Recipe
from eval.errors import DuplicateId, ItemTooLarge
from service.pipeline.bounds import refuse_too_large, refuse_unknown_numbers
from service.pipeline.record import printable


class ItemReader:
    """Reads items by the run's recipe and remembers their ids."""

    def __init__(self, recipe: Recipe, max_characters: int) -> None:
        self._recipe, self._max_characters = recipe, max_characters
        self._ids: dict[str, int] = {}

    def take_ids(self, taken: Mapping[str, int]) -> None:
        """Know ids of items that an earlier part of the run has finished, with their positions."""
        self._ids |= taken

    def id_of(self, index: int, data: Any) -> str:
        """What records call the item: its own id, or its position where it has none."""
        return printable(item_id(data, self._recipe, index))

    def read(self, index: int, data: Any) -> BenchmarkItem:
        """Read one item.

        Raises:
            EvalError: the item cannot be used, is too large, or has the id of another.
        """
        refuse_too_large(data, self._recipe, self._max_characters)
        item = read_item(data, self._recipe, index)
        refuse_unknown_numbers(data)
        if item.characters > self._max_characters:
            raise ItemTooLarge(item.characters, self._max_characters)
        id_ = self.id_of(index, data)
        first = self._ids.setdefault(id_, index)
        if first != index:
            raise DuplicateId(id_, first)
        return item
