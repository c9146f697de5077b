"""What a linguist looks at: lists of concepts, proposals."""

from __future__ import annotations

from typing import Any

import pytest

from glossary.concept import Status
from glossary.store import proposals
from glossary.store.errors import (
    ConceptChanged,
    NotProposed,
    UnknownConcept,
)
from glossary.store.port import Action, Edit, Query, Sort, Store
from tests.glossary.stores import EN, KO, ZH_TW, concept, ids, put, term

# Lists


@pytest.fixture
def filled(store: Store) -> Store:
    put(
        store,
        concept("b", term("Fraction"), term("分數", ZH_TW), domain="maths"),
        concept("a", term("angle"), term("각", KO, Status.FORBIDDEN), benchmarks=("mmlu",)),
        concept("c", term("API"), definition="An interface", domain="computing"),
    )
    return store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "bac"),
        ({"text": "FRAC"}, "b"),
        ({"text": "分數"}, "b"),
        ({"text": "ａｐｉ"}, "c"),  # full-width letters
        ({"text": "interface"}, "c"),
        ({"text": "nothing"}, ""),
        ({"language": ZH_TW}, "b"),
        ({"status": Status.FORBIDDEN}, "a"),
        ({"status": Status.FORBIDDEN, "language": EN}, ""),
        ({"domain": "maths"}, "b"),
        ({"benchmark": "mmlu"}, "bac"),
        ({"benchmark": "gsm8k"}, "bc"),
        ({"sort": Sort.ID}, "abc"),
        ({"sort": Sort.ID, "descending": True}, "cba"),
        ({"sort": Sort.TERM, "language": EN}, "acb"),
        ({"sort": Sort.DOMAIN}, "cba"),
        ({"limit": 1, "offset": 1}, "a"),
    ],
    ids=str,
)
def test_concepts_are_filtered_sorted_and_paged(
    filled: Store, query: dict[str, Any], found: str
) -> None:
    assert "".join(ids(filled, **query)) == found


def test_a_page_tells_how_many_there_are(filled: Store) -> None:
    page = filled.concepts("exams", Query(offset=2, limit=10))
    assert (page.total, page.offset, len(page.records)) == (3, 2, 1)
    filled.apply("exams", [Edit.put(concept("b", term("new")))], "bob")
    changed = filled.concepts("exams", Query(sort=Sort.CHANGED, descending=True)).records[0]
    assert (changed.concept.id, changed.version, changed.changed_in) == ("b", 2, 3)
    assert changed.changed_by == "bob"
    assert ids(filled, text="new") == ["b"]
    assert ids(filled, text="fraction") == []


# Proposals


def test_accepted_terms_are_preferred_or_admitted_beside_a_preferred_one(store: Store) -> None:
    put(
        store,
        concept(
            "a",
            term("velocity"),
            term("speed", EN, Status.PROPOSED),
            term("速度", ZH_TW, Status.PROPOSED),
            term("속도", KO, Status.PROPOSED),
        ),
    )
    assert store.info("exams").proposals == 1
    put(store, concept("b", term("other"), note='"status":"proposed"'))
    assert store.info("exams").proposals == 1
    proposals.accept(store, "exams", {"a": 1}, "bob", languages=[EN, ZH_TW])
    accepted = store.concept("exams", "a").concept
    assert [each.status.value for each in accepted.terms] == [
        "preferred",
        "admitted",
        "preferred",
        "proposed",
    ]
    change = store.history("exams", concept="a").records[0]
    assert (change.action, change.who) == (Action.ACCEPTED, "bob")
    proposals.accept(store, "exams", {"a": None}, "bob")
    assert store.info("exams").proposals == 0
    with pytest.raises(NotProposed):
        proposals.accept(store, "exams", {"a": None}, "bob")


def test_rejected_proposals_are_remembered_until_they_stand_again(store: Store) -> None:
    new = concept("n", term("numerator", EN, Status.PROPOSED), term("分子", ZH_TW, Status.PROPOSED))
    old = concept("o", term("odd"), term("홀수", KO, Status.PROPOSED))
    put(store, new, old)
    proposals.reject(store, "exams", {"n": 1, "o": 1}, "bob")
    assert ids(store) == ["o"]
    assert store.concept("exams", "o").concept.terms == (term("odd"),)
    assert store.rejected("exams") == [new, old]
    assert store.change_sets("exams").records[0].actions == {Action.REJECTED: 2}
    store.restore_concept("exams", "n", 1, "cho")
    assert store.rejected("exams") == [old]
    store.put("exams", concept("o", term("odd"), term("홀수", KO)), "cho")
    assert store.rejected("exams") == []


def test_a_decision_on_what_has_changed_is_refused(store: Store) -> None:
    put(store, concept("a", term("x", EN, Status.PROPOSED)), concept("b"))
    put(store, concept("a", term("y", EN, Status.PROPOSED)))
    with pytest.raises(ConceptChanged):
        proposals.accept(store, "exams", {"a": 1}, "bob")
    with pytest.raises(NotProposed):
        proposals.reject(store, "exams", {"a": 2, "b": 1}, "bob")
    with pytest.raises(UnknownConcept):
        proposals.reject(store, "exams", {"nobody": None}, "bob")
    assert store.info("exams").version == 3
