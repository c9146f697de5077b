"""Rows between a spreadsheet and the grid."""

from __future__ import annotations

import pytest

from service.ui.paste import _guessed, _without_first
from tests.ui.browsing import cell, grid, paste, preview, until


def test_rows_that_were_copied_come_back_unchanged(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    cell(page, "mass", "domain").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.wait_for_timeout(200)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.count("\n") == 8
    paste(page, copied)
    page.locator(".ig-columns .q-field").first.wait_for()
    assert preview(page) == ["0", "0", "0", "8"]


def test_what_a_spreadsheet_would_run_is_copied_as_text_and_comes_back(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    cell(page, "mass", "zh-TW").click()
    paste(page, "=cmd|' /C calc'!A0")
    until(lambda: served.store.concept(name, "mass").version == 2)
    page.locator('.ag-row[row-id="mass"] .ag-selection-checkbox').click()
    cell(page, "mass", "domain").click()
    page.keyboard.press("Control+c")
    page.wait_for_timeout(200)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "\t'=cmd|" in copied
    paste(page, copied)
    page.locator(".ig-columns .q-field").first.wait_for()
    assert preview(page) == ["0", "0", "0", "1"]


def test_windows_lines_quoted_cells_and_empty_columns_are_read(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    rows = (
        'gold, silver, bronze\t金、銀、銅\t금은동\t"two lines\r\nof ""notes"""\t\t\r\n'
        "\t\t\t\t\t\r\nseed\t種子\t\t\t\t\r\n"
    )
    cell(page, "mass", "en").click()
    paste(page, rows)
    page.locator(".ig-columns .q-field").nth(3).wait_for()
    assert page.locator(".ig-columns .q-field").count() == 4, "empty columns are not asked about"
    assert preview(page) == ["2", "0", "0", "0"]
    page.get_by_role("button", name="Apply").click()
    until(lambda: served.store.info(name).concepts == 10)
    made = served.store.glossary(name).concepts[8]
    assert made.terms[0].text == "gold, silver, bronze", "commas are text between tabs"
    assert made.note == 'two lines\nof "notes"'


def test_one_cell_with_lines_goes_into_the_cell(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    cell(page, "mass", "note").click()
    paste(page, '"first line\r\nsecond ""line"""\r\n')
    until(lambda: served.store.concept(name, "mass").concept.note == 'first line\nsecond "line"')


def test_more_rows_than_one_message_holds_arrive(served, visit):
    name = served.glossary()
    page = grid(visit(f"/g/{name}"))
    rows = "\n".join(
        f"pasted {n}\t貼上的術語 {n}\t붙여 넣은 용어 {n}\t{'註' * 50}" for n in range(15_000)
    )
    cell(page, "mass", "en").click()
    paste(page, rows)
    page.get_by_text("15,000 lines pasted").wait_for()
    page.wait_for_timeout(300)
    assert preview(page) == ["15,000", "0", "0", "0"]


@pytest.mark.parametrize(
    ("rows", "roles"),
    [
        ([["token", "詞元", "词元", "토큰"]], ["en", "zh-TW", "zh-CN", "ko"]),
        ([["token", "词元"]], ["en", "zh-CN"]),
        ([["token", "詞元", "這是一個備註，說明何時使用。"]], ["en", "zh-TW", "note"]),
        ([["token", "詞元", "NLP"]], ["en", "zh-TW", "domain"]),
        ([["token", "詞元", "a sentence\nof two lines"]], ["en", "zh-TW", "note"]),
    ],
)
def test_columns_without_a_name_are_guessed(rows, roles):
    assert _guessed(rows, len(rows[0])) == roles


def test_rows_below_a_header_keep_their_numbers():
    text = '\r\nen\t"ko\r\nKR"\r\ntoken\t토큰\r\n'
    assert _without_first(text) == "\n\ntoken\t토큰\r\n"
