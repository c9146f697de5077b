"""Files that cannot be read, and what the pages say of it, in the reader's language."""

from __future__ import annotations

import re

import pytest
import yaml

from glossary.concept import Concept, Glossary
from glossary.exchange import read_glossary
from glossary.formats import load_format
from glossary.formats.errors import FormatError
from glossary.formats.port import ReadOptions, WriteOptions
from glossary.language import Language, Pair
from service.ui.differences import _differences
from service.ui.preview import why
from service.ui.words import Words, messages
from tests.ui.conftest import ROOT, concept

SAID = yaml.safe_load((ROOT / "service/ui/words/messages.yaml").read_text("utf-8"))
BROKEN = {
    "xml.tbx": b"<tbx><text>",
    "other.xml": b"<html></html>",
    "entity.tbx": b'<!DOCTYPE t [<!ENTITY a "b">]><tbx></tbx>',
    "zip.xlsx": b"PK\x03\x04nothing",
    "nul.csv": bytes(range(256)),
    "names.csv": b"a,b\nx,y\n",
    "double.csv": b"en,English,ko\na,b,c\n",
    "zh.csv": b"en,zh\na,b\n",
    "list.json": b"{}",
    "empty.csv": b"",
    "bytes.csv": "en,zh-TW\na,測試字\n".encode("big5") + b"\xff\xff",
    "quote.csv": b'en,ko\n"a,b\n',
}
ROWS = (
    "en,ko,condition\n,비어,\na,,\nb,비,\nb,비,\nbad\x01,나쁨,\nc,하나; 둘,x\n"
    + "d" * 600
    + ",디,\n"
)


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", ["zh-TW", "ko"])
def test_every_message_is_translated_without_inventing_gaps(language):
    assert len(messages(language)) == len(SAID)
    assert [text for text, told in SAID.items() if gaps(told[language]) - gaps(text)] == []


@pytest.mark.parametrize("language", ["zh-TW", "ko"])
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_with_a_file_is_said_in_the_readers_language(name, language):
    words = Words(language)
    with pytest.raises(FormatError) as caught:
        read_glossary(BROKEN[name], ReadOptions(), file_name=name)
    for text in (str(caught.value), caught.value.remedy):
        assert words.message(text) != text, text


@pytest.mark.parametrize("language", ["zh-TW", "ko"])
def test_problems_and_notes_of_rows_are_said_in_the_readers_language(language):
    words = Words(language)
    imported = read_glossary(ROWS.encode(), ReadOptions(), file_name="rows.csv")
    assert len(imported.problems) == 4
    texts = [text for each in imported.problems for text in (each.text, each.remedy)]
    assert [text for text in (*texts, *imported.notes) if words.message(text) == text] == []
    assert "600" not in str(imported.problems), "pydantic's counting of items is no help"


@pytest.mark.parametrize("name", ["weblate", "matecat", "deepl", "omegat", "plain"])
@pytest.mark.parametrize("language", ["zh-TW", "ko"])
def test_what_a_format_loses_is_said_in_the_readers_language(name, language):
    full = concept("a", "=a", "甲", "가", domain="d", definition="e", benchmarks=["m"], note="n")
    terms = [each.model_dump() for each in full.terms]
    terms[1] |= {"condition": "c", "strength": "hint", "keep": True, "examples": ["x"]}
    terms.append({"language": "zh-TW", "text": "乙", "status": "deprecated"})
    concepts = [Concept.model_validate(full.model_dump() | {"terms": terms})]
    pair = Pair(Language.EN, Language.ZH_TW)
    written = load_format(name).write(Glossary(name="g", concepts=concepts), WriteOptions(pair))
    words = Words(language)
    assert written.losses
    assert [text for text in written.losses if words.message(text) == text] == []


def test_a_message_keeps_what_it_speaks_of():
    words = Words("zh-TW")
    told = words.message("zh-TW: the glossary has 詞元, token, the file 標記")
    assert told == "zh-TW：詞彙表為「詞元, token」，檔案為「標記」"
    told = words.message("en: the glossary has note, the file condition")
    assert told == "en：詞彙表為「note」，檔案為「condition」", "terms are not translated"
    both = "en: the glossary has a; b, the file c; ko: the glossary has 가, the file 나"
    assert why(both, words) == "en：詞彙表為「a; b」，檔案為「c」; ko：詞彙表為「가」，檔案為「나」"
    assert words.message("nobody said this before") == "nobody said this before"


def test_a_difference_shows_every_field_of_every_term():
    before = concept("a", "token", "詞元", note="n")
    terms = [each.model_dump() for each in before.terms]
    terms[1] |= {"condition": "only of text"}
    terms.append({"language": "zh-TW", "text": "權杖", "status": "forbidden"})
    after = Concept.model_validate(before.model_dump() | {"terms": terms})
    shown = dict(_differences(before, after, Words("en")))
    assert shown == {
        "Chinese (TW) 詞元: Condition (told to the model)": "<ins>only of text</ins>",
        "Chinese (TW)": "<ins>權杖 (forbidden)</ins>",
    }


def test_a_file_that_is_too_large_is_told(served, visit):
    page = visit(f"/g/{served.glossary()}/exchange")
    table = b"en,ko\n" + b"a" * (33 * 2**20)
    file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": table}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("larger than 32 MiB").wait_for()


def test_why_a_file_is_refused_stays_on_the_page(served, visit):
    page = visit(f"/g/{served.glossary()}/exchange")
    file = {"name": "terms.tbx", "mimeType": "text/xml", "buffer": BROKEN["xml.tbx"]}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("alert").get_by_text("not well-formed").wait_for()


def test_the_encoding_of_a_short_list_can_be_chosen(served, visit):
    name = served.glossary()
    page = visit(f"/g/{name}/exchange")
    table = "en,ko\nseed,씨\n".encode("cp949")
    file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": table}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("alert").wait_for()
    page.get_by_text("If the file is not understood", exact=True).click()
    page.get_by_label("Encoding, of text").click()
    page.get_by_role("option", name="cp949").click()
    page.get_by_role("button", name="Read again").click()
    page.get_by_text("씨").wait_for()


def test_two_equal_languages_are_no_pair_to_try(served, visit):
    page = visit(f"/g/{served.glossary()}/try")
    page.get_by_label("Source text").fill("The mass of each token.")
    page.locator(".ig-marked mark").first.wait_for()
    page.locator(".ig-sheet-head .q-select").nth(1).click()
    page.get_by_role("option", name="English").click()
    page.get_by_text("Choose two different languages").wait_for()
