"""Edits that meet: all or none, and of two writers one wins."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from glossary.store.errors import (
    ConceptChanged,
    DuplicateEdit,
    GlossaryChanged,
    GlossaryExists,
    UnknownConcept,
)
from glossary.store.port import Action, Edit, Store
from tests.glossary.stores import concept, ids, put, store_at


def test_a_change_set_is_refused_as_a_whole_with_both_sides(store: Store) -> None:
    put(store, concept("a"), concept("b"), concept("c"))
    theirs = concept("a", note="theirs")
    store.apply("exams", [Edit.put(theirs, 1), Edit.delete("b", 1)], "bob")
    mine = [
        Edit.put(concept("new"), 0),
        Edit.put(concept("a", note="mine"), 1),
        Edit.put(concept("b", note="mine"), 1),
        Edit.put(concept("c", note="mine"), 0),
    ]
    with pytest.raises(ConceptChanged) as refused:
        store.apply("exams", mine, "ann")
    conflicts = {each.edit.id: each for each in refused.value.conflicts}
    assert conflicts.keys() == {"a", "b", "c"}
    assert conflicts["a"].edit is mine[1]
    assert conflicts["a"].current is not None
    assert conflicts["a"].current.concept == theirs
    assert conflicts["a"].current.changed_by == "bob"
    assert conflicts["b"].current is None
    assert store.glossary("exams").version == 3
    assert ids(store) == ["a", "c"]


@pytest.mark.parametrize(
    ("edits", "error"),
    [
        ([Edit.put(concept("new")), Edit.delete("nobody")], UnknownConcept),
        ([Edit.put(concept("new")), Edit.delete("gone")], UnknownConcept),
        ([Edit.put(concept("new")), Edit.put(concept("nobody"), 3)], UnknownConcept),
        ([Edit.put(concept("new")), Edit.delete("new")], DuplicateEdit),
    ],
    ids=["unknown", "deleted", "never there", "twice"],
)
def test_a_faulty_edit_spoils_the_whole_change_set(
    store: Store, edits: list[Edit], error: type[Exception]
) -> None:
    put(store, concept("gone"))
    store.apply("exams", [Edit.delete("gone")], "ann")
    with pytest.raises(error):
        store.apply("exams", edits, "ann")
    assert store.info("exams").version == 3
    assert ids(store) == []


def test_a_deleted_concept_may_be_written_anew(store: Store) -> None:
    put(store, concept("a"))
    store.apply("exams", [Edit.delete("a")], "ann")
    assert store.put("exams", concept("a", note="again"), "ann", expected=0).version == 3
    assert store.history("exams", concept="a").records[0].action is Action.CREATED


def test_changes_of_the_glossary_itself_say_what_they_have_seen(store: Store) -> None:
    put(store, concept("a"))
    for refused in (
        lambda: store.describe("exams", "bob", title="x", expected=1),
        lambda: store.delete("exams", "bob", expected=1),
        lambda: store.restore("exams", 1, "bob", expected=1),
        lambda: store.apply("exams", [Edit.delete("a")], "bob", expected=1),
    ):
        with pytest.raises(GlossaryChanged, match="at version 2, not 1"):
            refused()
    assert store.apply("exams", [Edit.delete("a")], "bob", expected=2) == 3


def test_of_two_writers_of_one_concept_exactly_one_wins(url: str, store: Store) -> None:
    """Each in a store of its own, as in two processes; 20 times."""
    other = store_at(url)
    put(store, concept("a"))
    start = threading.Barrier(2)

    def write(writer: Store, who: str, seen: int) -> bool:
        start.wait(10)
        try:
            writer.apply("exams", [Edit.put(concept("a", note=f"{who} {seen}"), seen)], who)
        except ConceptChanged:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for seen in range(1, 21):
            won = [
                pool.submit(write, writer, who, seen)
                for writer, who in ((store, "ann"), (other, "bob"))
            ]
            assert sorted(each.result(30) for each in won) == [False, True]
            current = store.concept("exams", "a")
            assert current.version == seen + 1
            assert current.concept.note == f"{current.changed_by} {seen}"
            assert other.glossary("exams") == store.glossary("exams")
    other.close()


def test_many_writers_leave_versions_without_gaps(url: str, store: Store) -> None:
    others = [store_at(url) for _ in range(3)]

    def write(number: int) -> int:
        writer = others[number % 3]
        edits = [Edit.put(concept(f"c{number}")), Edit.put(concept("shared", note=str(number)))]
        return writer.apply("exams", edits, f"w{number}")

    with ThreadPoolExecutor(12) as pool:
        versions = list(pool.map(write, range(90)))
    assert sorted(versions) == list(range(2, 92))
    sets = store.change_sets("exams", limit=1000).records
    assert [each.version for each in sets] == list(range(91, 0, -1))
    shared = store.history("exams", concept="shared", limit=1000).records
    assert [each.concept_version for each in shared] == list(range(90, 0, -1))
    for newer, older in pairwise(shared):
        assert newer.before == older.after
    for other in others:
        assert len(other.glossary("exams").concepts) == 91
        other.close()


def test_names_are_taken_by_one_of_many(url: str, store: Store) -> None:
    others = [store_at(url) for _ in range(4)]

    def create(writer: Store) -> bool:
        try:
            writer.create("school", "ann")
        except GlossaryExists:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, others)) == [False, False, False, True]
    for other in others:
        other.close()
