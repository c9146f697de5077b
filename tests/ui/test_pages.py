"""The linguists' pages in a real browser against a real service."""

from __future__ import annotations

import json

from glossary.concept import Status
from glossary.store.port import Edit
from tests.ui.browsing import cell, grid, term, type_into, until
from tests.ui.conftest import concept
from tests.ui.test_mount import contrast

PAGES = ("", "/proposals", "/history", "/exchange", "/try", "/used")


def test_an_edit_in_place_is_saved_shown_in_the_history_and_taken_back(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    type_into(page, "prompt", "zh-TW", "提示語")
    page.keyboard.press("Enter")
    until(lambda: term(served, name, "prompt", "zh-TW") == "提示語")
    assert served.store.concept(name, "prompt").changed_by == "Mei"

    cell(page, "prompt", "open").locator("button").click()
    panel = page.locator(".ig-panel")
    panel.get_by_text("History").click()
    diff = panel.locator(".ig-change").first
    assert diff.locator("del").inner_text() == "詞"
    assert diff.locator("ins").inner_text() == "語"

    cell(page, "mass", "en").click()
    page.keyboard.press("Control+z")
    until(lambda: term(served, name, "prompt", "zh-TW") == "提示詞")
    page.wait_for_function(
        """() => document.querySelector('.ag-row[row-id="prompt"] [col-id="zh-TW"]')
              .innerText.includes('提示詞')"""
    )


def test_a_concept_is_typed_deleted_and_brought_back_by_keys_alone(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    page.keyboard.press("Alt+n")
    page.keyboard.type("seed")
    page.keyboard.press("Tab")
    page.keyboard.type("種子")
    page.keyboard.press("Enter")

    def new():
        return served.store.glossary(name).concepts[8:]

    until(new)
    assert [each.text for each in new()[0].terms] == ["seed", "種子"]

    cell(page, "mass", "en").click()
    page.keyboard.press("Control+Delete")

    def ids():
        return {each.id for each in served.store.glossary(name).concepts}

    until(lambda: "mass" not in ids())
    cell(page, "mass", "en").wait_for(state="detached")
    page.keyboard.press("Control+z")
    until(lambda: "mass" in ids())
    cell(page, "mass", "en").wait_for()


def test_what_was_deleted_comes_back_from_the_history(served, visit):
    name = served.glossary()
    served.store.apply(name, [Edit.delete("mass")], "Joon")
    page = visit(f"/g/{name}/history")
    page.locator(".ig-set .q-btn").first.click()
    page.locator(".ig-set-body .q-btn").first.click()
    page.get_by_text("The concept is restored").wait_for()
    assert served.store.concept(name, "mass").changed_by == "Mei"


def test_a_concept_that_was_changed_since_one_looked_is_not_written_over(served, visit):
    name = served.glossary()
    served.store.apply(name, [Edit.put(concept("mass", "mass", "份量"), 1)], "Joon")
    page = visit(f"/g/{name}/history")
    page.locator(".ig-set").nth(1).locator(".q-btn").last.click()
    old = page.locator(".ig-change", has_text="mass").first
    old.wait_for()
    served.store.apply(name, [Edit.put(concept("mass", "mass", "質量數"), 2)], "Joon")
    old.locator(".q-btn").click()
    page.get_by_text("Somebody changed the glossary meanwhile").wait_for()
    assert term(served, name, "mass", "zh-TW") == "質量數"


def test_a_glossary_is_made_what_it_was_after_a_look_at_the_difference(served, visit):
    name = served.glossary()
    version = served.store.info(name).version
    served.store.apply(name, [Edit.delete("mass"), Edit.delete("token")], "Joon")
    page = visit(f"/g/{name}/history")
    page.locator(".ig-set", has_text=f"v{version}").locator(".q-btn").first.click()
    page.get_by_text("2 concepts would change").wait_for()
    page.get_by_role("button", name="Restore").click()
    until(lambda: served.store.info(name).concepts == 8)


def test_rows_of_a_spreadsheet_are_previewed_and_applied_as_one_change(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    rows = "few-shot\t少樣本\t퓨샷\ntoken\t詞元\t토큰\nrecall\t回收\t재현율\n"
    page.evaluate("rows => navigator.clipboard.writeText(rows)", rows)
    cell(page, "mass", "en").click()
    page.keyboard.press("Control+v")
    page.locator(".ig-columns .q-field").nth(2).wait_for()
    page.get_by_role("button", name="Preview").click()
    page.locator(".ig-count-box").first.wait_for()
    counts = page.locator(".ig-count-box .ig-number").all_inner_texts()
    assert counts == ["1", "0", "1", "1"], "new, changed, conflict, unchanged"
    before = served.store.info(name).version
    page.get_by_role("button", name="Apply").click()
    until(lambda: served.store.info(name).version == before + 1)
    page.get_by_text("few-shot").first.wait_for()
    assert term(served, name, "recall", "zh-TW") == "召回率", "a conflict waits for a tick"


def test_a_file_is_imported_after_a_preview_and_comes_out_again(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/exchange")
    table = "en,zh-TW,ko\nvariance,變異數,분산\n".encode()
    file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": table}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Apply").click()
    until(lambda: served.store.info(name).concepts == 9)
    with page.expect_download() as download:
        page.locator(".ig-format", has_text="JSON").click()
    saved = json.loads(download.value.path().read_text("utf-8"))
    assert "變異數" in json.dumps(saved, ensure_ascii=False)


def test_proposals_are_decided_by_keys_one_and_many(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/proposals")
    first = page.locator(".ig-card").first
    assert first.locator("mark").inner_text() == "proposal 1"
    first.locator("input[type=text], input:not([type])").first.fill("first proposal")
    page.wait_for_timeout(200)
    page.locator(".ig-title").first.click()
    page.keyboard.press("a")

    def status(id_):
        return served.store.concept(name, id_).concept.terms[0].status

    until(lambda: status("proposed-1") is Status.PREFERRED)
    assert term(served, name, "proposed-1", "en") == "first proposal"

    page.locator(".ig-card").nth(2).wait_for()
    page.wait_for_function("document.querySelectorAll('.ig-card').length === 3")
    page.keyboard.press("j")
    page.locator(".ig-card.at", has_text="proposal 3").wait_for()
    page.keyboard.press("r")
    until(lambda: served.store.info(name).proposals == 2)
    assert [each.id for each in served.store.rejected(name)] == ["proposed-3"]

    page.wait_for_function("document.querySelectorAll('.ig-card').length === 2")
    page.get_by_text("All shown").click()
    page.get_by_role("button", name="Accept ticked").click()
    until(lambda: served.store.info(name).proposals == 0)
    page.locator(".ig-count").wait_for(state="hidden")
    page.keyboard.press("z")
    until(lambda: served.store.info(name).proposals == 2)


def test_two_people_at_one_term_are_asked_and_nothing_is_lost(served, visit):
    name = served.glossary()
    mei, joon = grid(visit(f"/g/{name}", "Mei")), grid(visit(f"/g/{name}", "Joon"))
    type_into(joon, "recall", "zh-TW", "查全率")
    type_into(mei, "recall", "zh-TW", "回收率")
    mei.keyboard.press("Enter")
    until(lambda: term(served, name, "recall", "zh-TW") == "回收率")
    joon.keyboard.press("Enter")
    dialog = joon.locator(".ig-conflict")
    dialog.wait_for()
    assert "Mei" in joon.locator(".q-dialog .ig-lead").inner_text()
    sides = dialog.locator(".ig-side").evaluate_all(
        "sides => sides.map(side => [...side.querySelectorAll('del')].reduce("
        "(text, gone) => text.replace(gone.textContent, ''), side.textContent))"
    )
    assert sides == ["查全率", "回收率"], "mine and theirs"
    assert term(served, name, "recall", "zh-TW") == "回收率", "nothing is written over"

    joon.get_by_role("button", name="Save what is chosen").click()
    until(lambda: term(served, name, "recall", "zh-TW") == "查全率")
    written = [change.after for change in served.store.history(name, concept="recall").records]
    assert [each.terms[1].text for each in written] == ["查全率", "回收率", "召回率"]
    cell(mei, "recall", "zh-TW").get_by_text("查全率").wait_for()


def test_edits_of_different_cells_are_both_kept(served, visit):
    name = served.glossary()
    joon = grid(visit(f"/g/{name}", "Joon"))
    type_into(joon, "recall", "ko", "회수율")
    now = served.store.concept(name, "recall")
    terms = (now.concept.terms[0], now.concept.terms[1].model_copy(update={"text": "回收率"}))
    mine = now.concept.model_copy(update={"terms": (*terms, now.concept.terms[2])})
    served.store.apply(name, [Edit.put(mine, now.version)], "Mei")
    joon.keyboard.press("Enter")
    until(lambda: term(served, name, "recall", "ko") == "회수율")
    assert term(served, name, "recall", "zh-TW") == "回收率"
    joon.get_by_text("Mei changed other cells").wait_for()


def test_a_panel_edit_of_what_somebody_deleted_is_asked_about(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}?show=mass"))
    page.locator(".ig-panel").get_by_label("Definition").fill("How much matter there is.")
    page.get_by_text("Unsaved changes").wait_for()
    served.store.apply(name, [Edit.delete("mass")], "Joon")
    page.locator(".ig-panel-foot").get_by_role("button", name="Save").click()
    page.get_by_text("Joon deleted this concept").wait_for()
    page.get_by_role("button", name="Bring mine back").click()
    until(lambda: any(each.id == "mass" for each in served.store.glossary(name).concepts))
    assert served.store.concept(name, "mass").concept.definition == "How much matter there is."


def test_terms_are_marked_in_a_text_and_its_translation(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/try")
    page.get_by_label("Source text").fill("The mass of each token.")
    page.locator(".ig-marked mark").nth(1).wait_for()
    page.get_by_label("Translation").fill("每個詞元的重量。")
    page.locator(".ig-marked mark.ig-applied").first.wait_for()
    assert page.locator(".ig-marked mark.ig-missed").all_inner_texts() == ["mass"]
    assert page.locator(".ig-marked mark.ig-applied").all_inner_texts() == ["token", "詞元"]


def test_the_language_of_the_pages_is_remembered(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}", "Minji"))
    page.locator(".ig-language").click()
    page.get_by_role("option", name="한국어").click()
    page.get_by_role("link", name="이력").wait_for()
    page.goto(f"{served.url}/ui/g/{name}/proposals")
    page.get_by_text("검토할 제안 4건").wait_for()
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_every_page_opens_in_every_language_and_asks_nobody_else(served, visit, watched):
    name = served.glossary()
    page = visit("/", "Ada")
    page.locator(".ig-tile").first.wait_for()
    for language, path in [("en", path) for path in PAGES] + [("zh-TW", ""), ("ko", "/history")]:
        cookie = {"name": "isogloss_language", "value": language, "url": served.url}
        page.context.add_cookies([cookie])
        page.goto(f"{served.url}/ui/g/{name}{path}")
        page.locator(".ig-tab.chosen").wait_for()
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.lang") == language
    assert watched.errors == []
    ours = (served.url, "data:", "blob:")
    assert [url for url in watched.requests if not url.startswith(ours)] == []


def test_a_new_glossary_is_made_under_the_name_that_the_browser_remembers(served, visit):
    page = visit("/", "Nobody")
    page.locator(".ig-header .q-btn").first.click()
    page.locator(".ig-menu input").fill("Sora")
    page.locator(".ig-menu").get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="New glossary").click()
    page.get_by_label("Name", exact=True).fill("Wrong Name")
    page.get_by_role("button", name="Create").click()
    page.get_by_text("Small letters, digits").wait_for()
    page.get_by_label("Name", exact=True).fill("made-here")
    page.get_by_role("button", name="Create").click()
    page.locator(".ag-overlay", has_text="No concepts yet").wait_for()
    assert served.store.info("made-here").changed_by == "Sora"
    page.reload()
    page.locator(".ig-header").get_by_text("Sora").wait_for()


def test_an_unknown_glossary_says_so(visit):
    page = visit("/g/nowhere")
    page.get_by_text("Unknown glossary").wait_for()


def test_text_of_terms_is_never_markup(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    type_into(page, "mass", "en", "<img src=x onerror=document.title='owned'>")
    page.keyboard.press("Enter")
    until(lambda: "<img" in term(served, name, "mass", "en"))
    page.goto(f"{served.url}/ui/g/{name}/history")
    page.locator(".ig-set .q-btn").last.wait_for()
    page.locator(".ig-set").first.locator(".q-btn").last.click()
    page.locator(".ig-set-body ins").first.wait_for()
    assert "owned" not in page.title()


def test_a_word_without_end_stays_within_its_page(served, visit):
    name = served.glossary()
    long = concept("long", "x" * 500, "長" * 500, "가" * 500, domain="d" * 200, note="n" * 900)
    served.store.apply(name, [Edit.put(long, 0)], "Lin")
    page = grid(visit(f"/g/{name}?show=long"))
    page.locator(".ig-panel .ig-title").wait_for()
    close = page.locator(".ig-panel-head").get_by_role("button", name="Close").bounding_box()
    assert close["x"] + close["width"] <= 1500
    page.goto(f"{served.url}/ui/g/{name}/history")
    page.locator(".ig-set .q-btn").first.click()
    page.locator(".ig-set-body ins").first.wait_for()
    sizes = page.evaluate(
        "(m => [m.scrollWidth, m.clientWidth])(document.querySelector('.ig-main'))"
    )
    assert sizes[0] <= sizes[1]


def test_a_text_without_terms_is_told_to_have_none(served, visit):
    page = visit(f"/g/{served.glossary()}/try")
    page.get_by_label("Source text").fill("Nothing of it stands here.")
    page.get_by_text("No term of this glossary occurs").wait_for()


def test_the_history_says_which_concept_a_change_was_about(served, visit):
    name = served.glossary()
    served.store.apply(name, [Edit.put(concept("mass", "mass", "份量"), 1)], "Joon")
    page = visit(f"/g/{name}/history")
    page.locator(".ig-set").first.get_by_text("mass · 份量").wait_for()


def test_every_button_has_a_name_that_can_be_read_aloud(served, visit):
    name = served.glossary()
    served.store.apply(name, [Edit.delete("mass")], "Joon")
    nameless = """() => [...document.querySelectorAll('button')].filter(button => {
        const text = button.cloneNode(true);
        text.querySelectorAll('i').forEach(icon => icon.remove());
        return !text.textContent.trim() && !button.ariaLabel && !button.title;
    }).map(button => button.outerHTML)"""
    page = visit("/")
    for path in ("?show=token", "/proposals", "/history", "/exchange", "/try", "/used"):
        page.goto(f"{served.url}/ui/g/{name}{path}")
        page.locator(".ig-tab.chosen").wait_for()
        page.wait_for_timeout(500)
        assert page.evaluate(nameless) == []


def test_buttons_without_a_ground_can_be_read_in_the_dark(served, visit):
    page = visit(f"/g/{served.glossary()}/proposals", "Sora")
    page.context.add_cookies([{"name": "isogloss_theme", "value": "dark", "url": served.url}])
    page.reload()
    button = page.locator(".ig-card").first.get_by_role("button", name="Reject")
    colour = button.evaluate("element => getComputedStyle(element).color")
    red, green, blue = (int(part) for part in colour.strip("rgb()").split(","))
    assert contrast(f"#{red:02x}{green:02x}{blue:02x}", "#1b2124") > 4.5
