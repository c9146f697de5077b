"""Nothing that a linguist typed is lost without a word."""

from __future__ import annotations

from glossary.store.port import Action, Edit
from tests.ui.browsing import grid, term, type_into, until
from tests.ui.conftest import concept


def test_an_edit_that_never_arrived_is_saved_after_the_page_is_loaded_anew(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    page.evaluate("window.emitEvent = () => {}")  # as when the service was just stopped
    type_into(page, "prompt", "zh-TW", "提示語")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert term(served, name, "prompt", "zh-TW") == "提示詞"
    page.reload()
    until(lambda: term(served, name, "prompt", "zh-TW") == "提示語")
    page.get_by_text("saved now").wait_for()
    page.wait_for_timeout(500)
    page.reload()
    grid(page)
    page.wait_for_timeout(500)
    assert served.store.concept(name, "prompt").version == 2, "it is sent once"


def test_an_edit_that_never_arrived_does_not_write_over_a_later_one(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    page.evaluate("window.emitEvent = () => {}")
    type_into(page, "recall", "zh-TW", "查全率")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    theirs = concept("recall", "recall", "回收率", "재현율", domain="statistics")
    served.store.apply(name, [Edit.put(theirs, 1)], "Joon")
    page.reload()
    page.locator(".ig-conflict").wait_for()
    assert term(served, name, "recall", "zh-TW") == "回收率"


def test_a_new_row_that_was_not_added_yet_is_still_there(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    page.keyboard.press("Alt+n")
    page.keyboard.type("seed")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.reload()
    grid(page)
    page.locator(".ag-floating-top").get_by_text("seed").wait_for()


def test_a_page_with_unsaved_changes_asks_before_it_goes(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}?show=mass"))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".ig-panel").get_by_label("Definition").fill("How much matter there is.")
    page.get_by_text("Unsaved changes").wait_for()
    page.get_by_role("link", name="Try it").click()
    until(lambda: asked == ["beforeunload"])
    page.keyboard.press("Control+s")
    until(lambda: served.store.concept(name, "mass").concept.definition.startswith("How"))
    page.get_by_text("Unsaved changes").wait_for(state="hidden")
    page.get_by_role("link", name="Try it").click()
    page.wait_for_url("**/try")
    assert asked == ["beforeunload"]


def test_what_was_typed_over_a_proposal_stays_while_another_is_decided(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/proposals")
    page.on("dialog", lambda dialog: dialog.accept())
    field = "input.q-field__native"
    page.locator(".ig-card").nth(1).locator(field).first.fill("changed words")
    page.wait_for_timeout(300)
    page.locator(".ig-card").first.get_by_role("button", name="Accept").click()
    page.wait_for_function("document.querySelectorAll('.ig-card').length === 3")
    assert page.locator(".ig-card").first.locator(field).first.input_value() == "changed words"


def test_a_lost_connection_is_told_in_the_language_of_the_page(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}", "Minji"))
    page.context.add_cookies([{"name": "isogloss_language", "value": "ko", "url": served.url}])
    page.reload()
    grid(page)
    assert "연결이 끊겼습니다" in page.locator("#popup").text_content()


def test_a_proposal_that_joins_while_one_reads_does_not_take_the_typed_words(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/proposals")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator(".ig-card").nth(2).locator("input.q-field__native").first.fill("mine")
    page.wait_for_timeout(300)
    fresh = concept("proposed-9", "proposal 9", "提案9", status="proposed")
    served.store.apply(name, [Edit.put(fresh, 0, Action.PROPOSED)], "Joon")
    page.locator(".ig-card").first.get_by_role("button", name="Reject").click()
    page.wait_for_function("document.querySelectorAll('.ig-card').length === 4")
    assert (
        page.locator(".ig-card").nth(1).locator("input.q-field__native").first.input_value()
        == "mine"
    )
