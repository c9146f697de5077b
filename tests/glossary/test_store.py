"""The term store on both databases: versions without gaps, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from glossary.concept import Concept
from glossary.store.errors import (
    ConceptChanged,
    GlossaryExists,
    UnknownConcept,
    UnknownGlossary,
    UnknownVersion,
)
from glossary.store.port import Action, Edit, Store
from service.store.rows import body_of, concept_of
from tests.glossary.stores import concept, ids, put, term

# Versions


def test_a_new_glossary_is_empty_and_at_version_1(store: Store) -> None:
    info = store.info("exams")
    assert (info.name, info.version, info.title, info.concepts) == ("exams", 1, "Exams", 0)
    assert info.changed_by == "ann"
    assert datetime.now(UTC) - info.changed_at < timedelta(minutes=1)
    assert [each.name for each in store.glossaries()] == ["exams"]
    assert store.glossary("exams").stamp == "exams@1"


def test_a_change_set_is_one_version_however_many_edits_it_holds(store: Store) -> None:
    assert put(store, *(concept(f"c{number}") for number in range(50))) == 2
    assert put(store, concept("c7", term("seven"))) == 3
    assert store.glossary("exams").version == 3
    assert len(store.glossary("exams").concepts) == 50
    assert store.concept("exams", "c7").version == 2
    assert store.concept("exams", "c8").version == 1


def test_an_edit_that_changes_nothing_makes_no_version(store: Store) -> None:
    put(store, concept("a"))
    assert put(store, concept("a")) == 2
    assert store.apply("exams", [], "ann") == 2
    assert store.describe("exams", "ann", title="Exams").version == 2
    assert store.restore("exams", 2, "ann") == 2


def test_concepts_stay_in_the_order_in_which_they_were_added(store: Store) -> None:
    put(store, concept("z"), concept("a"))
    put(store, concept("m"))
    store.apply("exams", [Edit.delete("z")], "ann")
    assert [each.id for each in store.glossary("exams").concepts] == ["a", "m"]
    store.restore_concept("exams", "z", 1, "ann")
    assert [each.id for each in store.glossary("exams").concepts] == ["z", "a", "m"]


def test_every_version_can_be_read_as_it_was(store: Store) -> None:
    put(store, concept("a"), concept("b"))
    kept = {version: store.glossary("exams") for version in [2]}
    put(store, concept("a", note="changed"))
    kept[3] = store.glossary("exams")
    store.apply("exams", [Edit.delete("b")], "bob")
    kept[4] = store.glossary("exams")
    store.describe("exams", "bob", title="Other", description="Words")
    kept[5] = store.glossary("exams")
    store.restore("exams", 2, "cho")
    for version, glossary in kept.items():
        assert store.glossary("exams", version) == glossary
    assert store.glossary("exams", 6) == kept[2].model_copy(update={"version": 6})
    for version in (0, 7):
        with pytest.raises(UnknownVersion, match="it is at 6"):
            store.glossary("exams", version)


def test_what_is_stored_comes_back_with_every_field(store: Store) -> None:
    full = Concept.model_validate(
        {
            "id": "A:1_b.c-d",
            "domain": "математика",
            "definition": "one\nor two",
            "benchmarks": ["mmlu", "gsm8k"],
            "contrasts": ["speed"],
            "note": "𝔘 \U0001f600",
            "terms": [
                {
                    "language": "ko",
                    "text": "값",
                    "status": "forbidden",
                    "strength": "hint",
                    "keep": True,
                    "case_sensitive": True,
                    "part_of_speech": "proper_noun",
                    "condition": "never",
                    "note": "n",
                    "examples": ["보기", "둘"],
                }
            ],
        }
    )
    put(store, full)
    assert store.concept("exams", full.id).concept == full
    assert store.glossary("exams", 2).concepts == (full,)


def test_a_stored_concept_means_the_same_for_ever() -> None:
    """What is as usual is not stored, so what is usual must not change without a migration."""
    body = '{"id":"a","terms":[{"language":"en","text":"a"}]}'
    read = concept_of(body)
    assert read is not None
    assert body_of(read) == body
    assert read.model_dump(mode="json") == {
        "id": "a",
        "domain": "",
        "definition": "",
        "benchmarks": [],
        "contrasts": [],
        "note": "",
        "terms": [
            {
                "language": "en",
                "text": "a",
                "status": "preferred",
                "strength": "hard",
                "keep": False,
                "case_sensitive": False,
                "part_of_speech": None,
                "condition": "",
                "note": "",
                "examples": [],
            }
        ],
    }


# History


def test_history_says_who_did_what_when_and_what_it_was_before(store: Store) -> None:
    first, second = concept("a"), concept("a", note="better")
    put(store, first)
    store.apply("exams", [Edit.put(second, 1)], "bob", comment="agreed")
    store.apply("exams", [Edit.delete("a", 2)], "cho")
    store.restore_concept("exams", "a", 1, "dan")
    found = store.history("exams", concept="a")
    assert found.total == 4
    assert [
        (each.version, each.concept_version, each.action, each.who, each.before, each.after)
        for each in found.records
    ] == [
        (5, 4, Action.RESTORED, "dan", None, first),
        (4, 3, Action.DELETED, "cho", second, None),
        (3, 2, Action.EDITED, "bob", first, second),
        (2, 1, Action.CREATED, "ann", None, first),
    ]
    assert [each.comment for each in found.records][2] == "agreed"
    assert all(each.at.utcoffset() == timedelta(0) for each in found.records)


def test_history_comes_in_pages_and_by_version(store: Store) -> None:
    put(store, concept("a"), concept("b"), concept("c"))
    store.describe("exams", "bob", title="New")
    everything = store.history("exams")
    assert [each.concept_id for each in everything.records] == ["", "a", "b", "c", ""]
    about = everything.records[0]
    assert about.about_before is not None
    assert about.about_after is not None
    assert (about.about_before.title, about.about_after.title) == ("Exams", "New")
    page = store.history("exams", offset=1, limit=2)
    assert ([each.concept_id for each in page.records], page.total) == (["a", "b"], 5)
    assert store.history("exams", version=2).total == 3
    sets = store.change_sets("exams", limit=2)
    assert sets.total == 3
    assert [(each.version, dict(each.actions)) for each in sets.records] == [
        (3, {Action.DESCRIBED: 1}),
        (2, {Action.CREATED: 3}),
    ]


def test_an_action_of_its_own_is_remembered(store: Store) -> None:
    store.apply("exams", [Edit.put(concept("a"), action=Action.IMPORTED)], "ann")
    assert store.history("exams", concept="a").records[0].action is Action.IMPORTED


def test_a_difference_leads_from_one_version_to_another(store: Store) -> None:
    put(store, concept("a"), concept("b"))
    put(store, concept("a", note="1"))
    put(store, concept("a"), concept("c"))
    store.apply("exams", [Edit.delete("b")], "ann")
    forth = {each.id: (each.before, each.after) for each in store.diff("exams", 2, 5)}
    assert forth == {"b": (concept("b"), None), "c": (None, concept("c"))}
    back = {each.id: (each.after, each.before) for each in store.diff("exams", 5, 2)}
    assert back == forth
    assert store.diff("exams", 3, 3) == []
    with pytest.raises(UnknownVersion):
        store.diff("exams", 1, 6)


# Restoring


def test_a_deleted_concept_is_listed_and_restored(store: Store) -> None:
    put(store, concept("a"))
    store.apply("exams", [Edit.delete("a", 1)], "bob")
    with pytest.raises(UnknownConcept) as unknown:
        store.concept("exams", "a")
    assert "Restore it to its version 1" in unknown.value.remedy
    (gone,) = store.deleted("exams")
    assert (gone.concept, gone.version, gone.changed_by) == (concept("a"), 2, "bob")
    restored = store.restore_concept("exams", "a", 1, "cho", expected=gone.version)
    assert (restored.concept, restored.version) == (concept("a"), 3)
    assert store.deleted("exams") == []


def test_a_concept_cannot_be_restored_to_what_it_never_was(store: Store) -> None:
    put(store, concept("a"))
    store.apply("exams", [Edit.delete("a")], "bob")
    for version in (2, 3):
        with pytest.raises(UnknownVersion):
            store.restore_concept("exams", "a", version, "cho")
    with pytest.raises(UnknownConcept):
        store.restore_concept("exams", "b", 1, "cho")
    with pytest.raises(ConceptChanged):
        store.restore_concept("exams", "a", 1, "cho", expected=1)


def test_a_deleted_glossary_keeps_its_name_and_comes_back(store: Store) -> None:
    put(store, concept("a"))
    assert store.delete("exams", "bob") == 3
    assert store.glossaries() == []
    assert [each.name for each in store.glossaries(deleted=True)] == ["exams"]
    for call in (store.info, store.glossary, store.concepts, store.history, store.rejected):
        with pytest.raises(UnknownGlossary, match="deleted in its version 3"):
            call("exams")
    with pytest.raises(GlossaryExists, match="deleted in version 3"):
        store.create("exams", "cho")
    with pytest.raises(UnknownVersion):
        store.restore("exams", 3, "cho")
    assert store.restore("exams", 2, "cho") == 4
    assert ids(store) == ["a"]
    assert store.info("exams").title == "Exams"


def test_names_are_taken_once(store: Store) -> None:
    with pytest.raises(GlossaryExists):
        store.create("exams", "bob")
    with pytest.raises(UnknownGlossary):
        store.info("exam")
