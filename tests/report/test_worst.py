from hypothesis import given
from hypothesis import strategies as st

from eval.report.worst import excerpt, marked, worst_items
from tests.report.conftest import KEY, METRIC

PLACES = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=5)


@given(st.text(max_size=50), PLACES)
def test_pieces_are_the_text_and_what_is_covered_is_marked(text, places):
    pieces = list(marked(text, places))
    assert "".join(piece for piece, _ in pieces) == text
    covered = [any(start <= at < end for start, end in places) for at in range(len(text))]
    assert [lit for piece, lit in pieces for _ in piece] == covered


@given(st.text(max_size=200), st.integers(0, 199), st.integers(1, 9))
def test_an_excerpt_holds_the_start_of_the_first_place(text, start, length):
    end = min(start + length, len(text))
    cut, places = excerpt(text, [(start, end)] if start < end else [], 40)
    assert len(cut) <= 42
    assert len(text) > 40 or cut == text
    for first, last in places:
        assert cut[first:last] == text[start:end][: last - first]
    assert bool(places) == (start < end)


def test_the_segment_with_most_against_it_is_shown(scored, finding):
    said = [finding("numbers", segment="part[1]"), finding("length", hard=False, segment="part[0]")]
    item = scored(0, 0.1, 0.9, texts=["first", "second"], findings=said)
    [worst] = worst_items([item], {KEY: METRIC})
    assert worst.segment.source == "second"
    assert worst.others == 1
    [worst] = worst_items([item.model_copy(update={"findings": []})], {KEY: METRIC})
    assert worst.segment.source == "first"


def test_items_without_anything_against_them_or_a_translation_are_not_the_worst(record, failed):
    assert worst_items([record(0), failed(1)], {}) == []


def test_the_leading_score_says_which_way_is_worse(scored):
    items = [scored(0, 1.0), scored(1, 5.0), scored(2, None)]
    error = METRIC.model_copy(update={"higher_is_better": False})
    assert [worst.id for worst in worst_items(items, {KEY: METRIC})] == ["item-0", "item-1"]
    assert [worst.id for worst in worst_items(items, {KEY: error})] == ["item-1", "item-0"]
