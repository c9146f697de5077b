"""Edits of several people through their desks, without a browser."""

from __future__ import annotations

import pytest

from glossary.concept import Concept
from glossary.language import Language
from glossary.store.errors import ConceptChanged
from glossary.store.port import Edit
from service.store.glossaries import SqlStore
from service.ui.desk import Clashed, Desk, Saved
from service.ui.rows import edited

TERMS = [{"language": "en", "text": "token"}, {"language": "zh-TW", "text": "詞元"}]
TOKEN = Concept.model_validate({"id": "token", "terms": TERMS})


@pytest.fixture
def store(tmp_path):
    store = SqlStore(f"sqlite:///{tmp_path / 'terms.db'}")
    store.create("exams", "Lin")
    store.apply("exams", [Edit.put(TOKEN, 0)], "Lin")
    yield store
    store.close()


@pytest.fixture
def desk(store):
    def of(who: str) -> Desk:
        desk = Desk(store, "exams", lambda: who)
        desk.seen = store.info("exams").version
        return desk

    return of


def typed(column: str, text: str):
    return lambda concept: edited(concept, column, text)


def now(store) -> Concept:
    return store.concept("exams", "token").concept


async def test_quick_edits_of_one_row_do_not_meet_themselves(store, desk):
    mei = desk("Mei")
    for column, text in (("en", "Token"), ("zh-TW", "字元"), ("en", "TOKEN")):
        assert await mei.edit("token", 1, typed(column, text)) == Saved()
    assert [term.text for term in now(store).terms] == ["TOKEN", "字元"]


async def test_a_form_that_was_open_while_its_owner_edited_the_row_keeps_both(store, desk):
    mei = desk("Mei")
    await mei.edit("token", 1, typed("zh-TW", "字元"))
    form = edited(edited(TOKEN, "domain", "LLM"), "note", "a unit of text")
    assert await mei.put(form, 1) == Saved()
    assert now(store).in_language(Language.ZH_TW)[0].text == "字元"
    assert (now(store).domain, now(store).note) == ("LLM", "a unit of text")


async def test_the_same_cell_of_two_people_clashes_and_nothing_is_written(store, desk):
    await desk("Mei").edit("token", 1, typed("zh-TW", "字元"))
    clashed = await desk("Joon").edit("token", 1, typed("zh-TW", "符元"))
    assert isinstance(clashed, Clashed)
    assert clashed.who == "Mei"
    assert now(store).terms[1].text == "字元"


async def test_a_write_that_comes_between_look_and_write_is_not_lost(store, desk, monkeypatch):
    joon, apply = desk("Joon"), store.apply

    def late(name, edits, who, **more):
        monkeypatch.setattr(store, "apply", apply)
        apply(name, [Edit.put(edited(TOKEN, "zh-TW", "字元"))], "Mei")
        return apply(name, edits, who, **more)

    monkeypatch.setattr(store, "apply", late)
    assert await joon.edit("token", 1, typed("domain", "LLM")) == Saved(beside="Mei")
    assert (now(store).terms[1].text, now(store).domain) == ("字元", "LLM")


async def test_only_own_changes_are_taken_back_and_never_over_others(store, desk):
    mei, joon = desk("Mei"), desk("Joon")
    await mei.edit("token", 1, typed("domain", "LLM"))
    await joon.edit("token", 2, typed("domain", "parsing"))
    with pytest.raises(ConceptChanged):
        await mei.undo()
    assert await joon.undo()
    assert now(store).domain == "LLM"
    assert not await desk("Ada").undo()


async def test_what_was_taken_back_can_be_made_again(store, desk):
    mei = desk("Mei")
    await mei.delete({"token": 1})
    assert await mei.undo()
    assert now(store) == TOKEN
    assert await mei.redo()
    assert store.info("exams").concepts == 0


async def test_a_change_that_changes_nothing_leaves_others_alone(store, desk):
    mei, joon = desk("Mei"), desk("Joon")
    await mei.edit("token", 1, typed("domain", "LLM"))
    await joon.apply([Edit.put(now(store))])
    assert not await joon.undo()
    assert now(store).domain == "LLM"


async def test_news_tell_what_others_did_and_not_what_one_did_oneself(store, desk):
    mei, joon = desk("Mei"), desk("Joon")
    await mei.edit("token", 1, typed("domain", "LLM"))
    assert (await mei.news()).others == ()
    news = await joon.news()
    assert news.others == ("Mei",)
    assert [change.after.domain for change in news.changes] == ["LLM"]
    assert (await joon.news()).changes == ()
