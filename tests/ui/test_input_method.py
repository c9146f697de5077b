"""Zhuyin and Hangul are typed with an input method, whose keys are not those of the page."""

from __future__ import annotations

from tests.ui.browsing import cell, compose, grid, term, until


def test_a_cell_is_opened_by_the_first_key_and_saved_by_the_last_enter(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    cell(page, "prompt", "ko").click()
    compose(page, ["ㅈ", "지", "질"], "질")
    compose(page, ["ㅁ", "무", "문"], "문")
    page.wait_for_timeout(300)
    assert term(served, name, "prompt", "ko") == "프롬프트", (
        "an Enter of the input method saves nothing"
    )
    page.keyboard.press("Enter")
    until(lambda: term(served, name, "prompt", "ko") == "질문")


def test_a_new_row_is_not_added_by_an_enter_of_the_input_method(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    page.keyboard.press("Alt+n")
    page.keyboard.press("Tab")
    compose(page, ["ㄓ", "ㄓㄨ", "種"], "種")
    page.wait_for_timeout(300)
    assert served.store.info(name).concepts == 8
    compose(page, ["ㄗ", "子"], "子", enter=False)
    page.keyboard.press("Enter")
    until(lambda: served.store.info(name).concepts == 9)
    assert served.store.glossary(name).concepts[8].terms[0].text == "種子"


def test_a_proposal_is_written_over_with_an_input_method(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/proposals")
    page.locator(".ig-card.at").wait_for()
    page.locator(".ig-card").first.locator("input.q-field__native").click()
    page.keyboard.press("Control+a")
    compose(page, ["ㄊ", "提"], "提")
    compose(page, ["ㄢ", "案"], "案")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.press("a")
    until(lambda: served.store.concept(name, "proposed-1").concept.terms[0].text == "提案")
