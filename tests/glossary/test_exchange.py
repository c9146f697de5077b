"""Before an import changes anything, it shows what it would change."""

from __future__ import annotations

import pytest

from glossary.concept import Concept, Glossary, Status, Term
from glossary.exchange import Effect, Preview, preview, read_glossary
from glossary.formats import load_format
from glossary.formats.port import ReadOptions, WriteOptions
from glossary.language import Language
from glossary.store.port import Action

EN, KO, TW = Language.EN, Language.KO, Language.ZH_TW


def _concept(
    id_: str, *terms: tuple[Language, str], domain: str = "", definition: str = ""
) -> Concept:
    made = tuple(Term(language=language, text=text) for language, text in terms)
    return Concept(id=id_, terms=made, domain=domain, definition=definition)


HERE = Glossary(
    name="exams",
    version=5,
    concepts=(
        _concept("queue", (EN, "queue"), (KO, "대기열"), (TW, "佇列"), definition="fifo"),
        _concept("field-maths", (EN, "field"), (KO, "체"), domain="maths"),
        _concept("field-farm", (EN, "field"), (KO, "밭"), domain="farming"),
        _concept("stack", (EN, "stack"), (KO, "스택")),
    ),
)


def _exported(glossary: Glossary, name: str = "csv") -> bytes:
    return load_format(name).write(glossary, WriteOptions()).data


def _previewed(data: bytes | str, changed_in: dict[str, int] | None = None) -> Preview:
    raw = data.encode() if isinstance(data, str) else data
    return preview(read_glossary(raw, ReadOptions()), HERE, changed_in=changed_in)


def _with(*concepts: Concept) -> Glossary:
    changed = {concept.id: concept for concept in concepts}
    kept = [changed.pop(concept.id, concept) for concept in HERE.concepts]
    return HERE.model_copy(update={"concepts": (*kept, *changed.values())})


@pytest.mark.parametrize("name", ["csv", "xlsx", "tbx", "tbx-v2", "json"])
def test_an_export_read_again_changes_nothing(name: str) -> None:
    shown = _previewed(_exported(HERE, name))
    assert shown.counts[Effect.UNCHANGED] == 4
    assert shown.edits() == []


def test_changes_are_told_field_by_field() -> None:
    queue = HERE.concepts[0]
    terms = (
        queue.terms[0],
        queue.terms[1].model_copy(update={"status": Status.ADMITTED, "condition": "자료"}),
        Term(language=KO, text="큐"),
    )
    changed = queue.model_copy(update={"terms": terms, "definition": "first in, first out"})
    shown = _previewed(_exported(_with(changed, _concept("heap", (EN, "heap"), (KO, "힙")))))
    (entry,) = shown.of(Effect.CHANGED)
    assert {(change.where, change.before, change.after) for change in entry.changes} == {
        ("definition", "fifo", "first in, first out"),
        ("ko 대기열: status", "preferred", "admitted"),
        ("ko 대기열: condition", "", "자료"),
        ("ko term", "", "큐"),
        ("zh-TW term", "佇列", ""),
    }
    assert [each.concept.id for each in shown.of(Effect.ADDED)] == ["heap"]
    edits = shown.edits(versions={"queue": 3})
    assert [(edit.id, edit.expected, edit.action) for edit in edits] == [
        ("queue", 3, Action.IMPORTED),
        ("heap", 0, Action.IMPORTED),
    ]
    assert edits[0].concept == changed


def test_a_concept_that_changed_after_the_export_is_a_conflict() -> None:
    stack = HERE.concepts[3].model_copy(update={"definition": "lifo"})
    data = _exported(_with(stack).model_copy(update={"version": 3}))
    assert _previewed(data, {"stack": 3}).counts[Effect.CHANGED] == 1
    shown = _previewed(data, {"stack": 4})
    (entry,) = shown.of(Effect.CONFLICT)
    assert "version 4" in entry.why
    assert "at 3" in entry.why
    assert shown.edits() == []
    assert [edit.id for edit in shown.edits(accept=["stack"])] == ["stack"]
    assert "not told apart" in _previewed(data).notes[0]


def test_a_table_adds_and_takes_nothing_away() -> None:
    shown = _previewed("en,zh_CN,definition\nQueue,队列,\nstack,栈,lifo\n")
    queue, stack = (entry.concept for entry in shown.of(Effect.CHANGED))
    assert [term.text for term in queue.terms] == ["queue", "대기열", "佇列", "队列"]
    assert queue.definition == "fifo"
    assert stack.definition == "lifo"


def test_the_same_term_with_another_translation_is_a_conflict() -> None:
    shown = _previewed("en,ko\nqueue,줄\nstack,스택\n")
    (entry,) = shown.of(Effect.CONFLICT)
    assert entry.why == "ko: the glossary has 대기열, the file 줄"
    assert entry.row == 2
    assert shown.counts[Effect.UNCHANGED] == 1
    (edit,) = shown.edits(accept=["queue"])
    assert edit.concept is not None
    korean = [(term.text, term.status) for term in edit.concept.in_language(KO)]
    assert korean == [("대기열", Status.ADMITTED), ("줄", Status.PREFERRED)]


def test_one_more_translation_beside_a_known_one_is_admitted() -> None:
    shown = _previewed('en,ko\nqueue,"대기열, 큐"\n')
    (entry,) = shown.of(Effect.CHANGED)
    korean = [(term.text, term.status) for term in entry.concept.in_language(KO)]
    assert korean == [("대기열", Status.PREFERRED), ("큐", Status.ADMITTED)]


def test_the_domain_tells_concepts_of_the_same_term_apart() -> None:
    shown = _previewed("en,ko,domain\nfield,들,farming\nfield,필드,computing\nfield,밭,\n")
    conflict, added, same = shown.entries
    assert (conflict.effect, conflict.concept.id) == (Effect.CONFLICT, "field-farm")
    assert (added.effect, added.concept.id) == (Effect.ADDED, "field-2")
    assert (same.effect, same.concept.id) == (Effect.UNCHANGED, "field-farm")


def test_an_id_made_from_the_term_is_no_sign() -> None:
    plain = _concept("field", (EN, "field"), (KO, "체"), domain="maths")
    here = HERE.model_copy(update={"concepts": (plain, *HERE.concepts[2:])})
    data = b"en,ko,domain\nfield,\xeb\xb0\xad,farming\nfield,x,sport\n"
    same, added = preview(read_glossary(data, ReadOptions()), here).entries
    assert (same.effect, same.concept.id) == (Effect.UNCHANGED, "field-farm")
    assert (added.effect, added.concept.id) == (Effect.ADDED, "field-2")


def test_a_term_of_several_concepts_cannot_be_placed() -> None:
    (entry,) = _previewed("en,ko\nfield,들판\n").entries
    assert entry.effect is Effect.CONFLICT
    assert "field-maths, field-farm" in entry.why
    assert entry.existing is None


def test_an_id_of_another_tool_is_not_taken_for_ours() -> None:
    other = Glossary(
        name="other", concepts=(_concept("stack", (EN, "haystack"), (KO, "건초더미")),)
    )
    (entry,) = _previewed(_exported(other)).entries
    assert (entry.effect, entry.concept.id) == (Effect.ADDED, "stack-2")


def test_banned_terms_of_a_table_ban() -> None:
    data = "Forbidden,en-US,Notes,Example of use,ko-KR\n,queue,,,대기열\nTRUE,queue,,,줄\n"
    (entry,) = _previewed(data).entries
    assert entry.effect is Effect.CHANGED
    assert entry.concept.terms[-1].status is Status.FORBIDDEN


def test_rows_with_problems_are_part_of_what_is_shown() -> None:
    shown = _previewed("en,ko\nqueue,\nstack,스택\n")
    assert [problem.row for problem in shown.imported.problems] == [2]
    assert shown.counts[Effect.UNCHANGED] == 1


def test_a_file_twice_is_imported_once() -> None:
    data = "en,ko\nheap,힙\nheap,더미\n"
    shown = _previewed(data)
    assert [entry.effect for entry in shown.entries] == [Effect.ADDED, Effect.CONFLICT]
    after = HERE.model_copy(update={"concepts": (*HERE.concepts, shown.entries[0].concept)})
    again = preview(read_glossary(data.encode(), ReadOptions()), after)
    assert [entry.effect for entry in again.entries] == [Effect.UNCHANGED, Effect.CONFLICT]
