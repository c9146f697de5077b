"""Finding one's way in many concepts, and working without a mouse."""

from __future__ import annotations

import pytest

from glossary.concept import Status, Strength
from glossary.language import Language
from glossary.store.port import Edit
from tests.ui.browsing import cell, grid, until
from tests.ui.conftest import concept

SHOWN = """column => {
    const seen = [];
    isogloss.grid.applyColumnState({
        state: [{colId: column, sort: 'asc'}], defaultState: {sort: null},
    });
    isogloss.grid.forEachNodeAfterFilterAndSort(node => seen.push(node.data[column]));
    return seen;
}"""


@pytest.fixture
def words(served):
    name = served.glossary()
    rows = [
        ("apple", "乙", "나"),
        ("Zebra", "丁", "가"),
        ("äther", "一", "다"),
        ("grade 10", "", ""),
    ]
    made = [concept(f"w{n}", en, tw or "龜", ko) for n, (en, tw, ko) in enumerate(rows)]
    served.store.apply(name, [Edit.put(each, 0) for each in made], "Lin")
    served.store.apply(name, [Edit.put(concept("w9", "grade 9", "龜"), 0)], "Lin")
    return name


def test_terms_are_ordered_as_in_a_dictionary_and_empty_cells_come_last(words, visit):
    page = grid(visit(f"/g/{words}"))
    english = page.evaluate(SHOWN, "en")
    few = ["apple", "äther", "grade 9", "grade 10", "Zebra"]
    assert [each for each in english if each in few] == few
    chinese = page.evaluate(SHOWN, "zh-TW")
    assert [each for each in chinese if each in "一乙丁龜"][:4] == ["一", "乙", "丁", "龜"], (
        "by strokes"
    )
    korean = page.evaluate(SHOWN, "ko")
    assert not korean[-1]
    assert [each for each in korean if each in ("가", "나", "다")] == ["가", "나", "다"]


def test_a_search_without_a_hit_says_so(words, visit):
    page = grid(visit(f"/g/{words}"))
    note = page.get_by_text("Nothing matches the search")
    assert not note.is_visible()
    page.locator(".ig-search input").fill("no such word")
    note.wait_for()
    page.locator(".ig-search input").fill("")
    note.wait_for(state="hidden")


def test_a_concept_far_down_is_gone_to(served, visit):
    name = served.glossary()
    many = [concept(f"c{n}", f"word {n}", f"詞{n}") for n in range(3000)]
    served.store.apply(name, [Edit.put(each, 0) for each in many], "Lin")
    page = grid(visit(f"/g/{name}?show=c2990"))
    cell(page, "c2990", "en").wait_for()
    page.locator(".ig-panel .ig-title", has_text="word 2990").wait_for()


def test_the_panel_is_reached_edited_saved_and_left_by_keys(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    cell(page, "recall", "en").click()
    page.keyboard.press("Space")
    page.locator(".ig-panel .ig-title", has_text="recall").wait_for()
    page.keyboard.press("Space")
    page.wait_for_function("document.activeElement.closest('.ig-panel')")
    page.keyboard.press("Control+a")
    page.keyboard.type("recall rate")
    page.get_by_text("Unsaved changes").wait_for()
    page.keyboard.press("Control+s")
    until(lambda: served.store.concept(name, "recall").concept.terms[0].text == "recall rate")
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    cell(page, "recall", "en").and_(page.locator(".ag-cell-focus")).wait_for()


def test_rows_are_ticked_by_keys(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    cell(page, "token", "en").click()
    page.keyboard.press("Shift+Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    page.keyboard.press("Control+Delete")
    until(lambda: served.store.info(name).concepts == 6)
    left = {each.id for each in served.store.glossary(name).concepts}
    assert not {"token", "prompt"} & left


def test_a_proposal_is_changed_and_accepted_by_keys(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/proposals")
    page.locator(".ig-card.at").wait_for()
    page.keyboard.press("j")
    page.locator(".ig-card.at", has_text="proposal 2").wait_for()
    page.keyboard.press("e")
    page.keyboard.type("typed over")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.press("a")
    until(lambda: served.store.concept(name, "proposed-2").concept.terms[0].text == "typed over")


def test_the_card_that_one_types_in_is_the_one_that_keys_decide(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/proposals")
    page.locator(".ig-card").nth(2).locator("input.q-field__native").first.focus()
    page.locator(".ig-card.at", has_text="proposal 3").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    until(lambda: [each.id for each in served.store.rejected(name)] == ["proposed-3"])


def test_a_linguist_decides_on_her_language_alone(served, visit):
    name = served.glossary()
    two = concept("seed", "seed", "種子", "시드", status="proposed").model_dump(mode="json")
    for each in two["terms"]:
        each |= {"status": "proposed", "strength": "hint"}
    served.store.apply(name, [Edit.put(type(concept("a", "b", "c")).model_validate(two), 0)], "Lin")
    page = visit(f"/g/{name}/proposals")
    page.locator(".ig-choice").first.click()
    page.get_by_role("option", name="Chinese (TW)").click()
    card = page.locator(".ig-card", has_text="시드")
    card.wait_for()
    assert card.locator("input.q-field__native").count() == 2, "source and her own language"
    card.get_by_role("button", name="Accept").click()

    def terms():
        return served.store.concept(name, "seed").concept.terms

    until(lambda: terms()[1].status is Status.PREFERRED)
    assert [each.status for each in terms()] == [
        Status.PREFERRED, Status.PREFERRED, Status.PROPOSED
    ]  # fmt: skip
    assert terms()[1].strength is Strength.HARD, "what is accepted binds; a hint does not"
    assert terms()[2].strength is Strength.HINT
    assert terms()[2].language is Language.KO


def test_space_presses_the_button_that_has_the_focus(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    cell(page, "recall", "en").click()
    page.locator(".ig-tool").last.focus()
    page.keyboard.press("Space")
    page.locator(".ig-keys").wait_for()
    assert page.locator(".ig-panel:not(.ig-hidden)").count() == 0
