"""What workers are made of, as far as it needs no model."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.worker.embedding_cache import EmbeddingCache
from eval.metrics.worker.token_batches import token_batches
from eval.metrics.worker.wire import fault, packed


@dataclass(frozen=True)
class Embedding:
    nbytes: int


@given(st.lists(st.integers(2, 510)), st.integers(1, 4000))
def test_batches_hold_every_text_once_and_stay_within_the_limit(
    lengths: list[int], limit: int
) -> None:
    batches = list(token_batches(lengths, limit))
    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[place] for place in batch)
        assert len(batch) == 1 or len(batch) * longest <= limit


def test_texts_of_a_batch_are_nearly_alike_in_length() -> None:
    assert list(token_batches([9, 100, 10, 99], 200)) == [[1, 3], [2, 0]]


def test_the_cache_forgets_what_was_used_longest_ago() -> None:
    cache = EmbeddingCache(3 * (100 + 4))
    for text in "abc":
        cache.put(text, Embedding(100))
    assert cache.get("a") is not None
    cache.put("d", Embedding(100))
    assert [text for text in "abcd" if cache.get(text) is not None] == ["a", "c", "d"]
    cache.put("e", Embedding(1000))
    assert cache.get("e") is None


def test_rows_name_each_text_once() -> None:
    texts, rows = packed([("s", "h", "r"), ("s", "r", None), ("s", "h", "r")])
    assert texts == ["s", "h", "r"]
    assert rows == [(0, 1, 2), (0, 2, None), (0, 1, 2)]


def test_a_fault_is_that_of_the_texts_that_matter() -> None:
    faults = ["", "is empty", ""]
    assert fault(faults, (0, 2, None), (0, 1)) == ""
    assert fault(faults, (0, 2, None), (0, 1, 2)) == "no reference"
    assert fault(faults, (0, 1, 2), (0, 1, 2)) == "hypothesis is empty"
