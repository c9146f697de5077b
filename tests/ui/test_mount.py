"""The pages' words, and a service without the pages."""

from __future__ import annotations

import re
import string
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from glossary.adherence import Outcome
from glossary.concept import Concept, PartOfSpeech, Status, Strength, Term
from glossary.exchange import Effect
from glossary.language import Language
from glossary.store.port import Action
from service.store.glossaries import SqlStore
from service.terms import Terms
from service.ui import mount
from service.ui.rows import COLUMNS
from service.ui.words import LANGUAGES, Words, preferred, table

ROOT = Path(__file__).resolve().parents[2]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", set(LANGUAGES) - {"en"})
def test_every_language_has_the_same_words_with_the_same_fields(language):
    english, other = table("en"), table(language)
    assert set(english) == set(other)
    assert {key: fields(text) for key, text in english.items()} == {
        key: fields(text) for key, text in other.items()
    }


def test_every_word_that_a_page_asks_for_is_there():
    asked = set()
    for page in (ROOT / "service" / "ui").glob("*.py"):
        asked |= set(re.findall(r'words\(\s*"(\w+)"', page.read_text("utf-8")))
    assert asked - set(table("en")) == set()


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("action_", Action),
        ("status_", Status),
        ("about_status_", Status),
        ("strength_", Strength),
        ("pos_", PartOfSpeech),
        ("effect_", Effect),
        ("outcome_", Outcome),
        ("language_", Language),
        ("field_", set(Term.model_fields) - {"language"}),
        ("column_", set(Concept.model_fields) - {"terms"}),
        ("column_", set(COLUMNS) - {"version", "changed_by", *Language}),
    ],
)
def test_everything_that_has_a_name_has_words(prefix, names):
    assert {prefix + name for name in names} - set(table("en")) == set()


def test_the_language_of_the_browser_is_taken():
    assert preferred("zh-TW,zh;q=0.9,en;q=0.8") == "zh-TW"
    assert preferred("fr-FR,ko;q=0.7") == "ko"
    assert preferred("") == "en"
    assert Words("fr").language == "en"


def test_without_the_extra_the_address_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(mount, "find_spec", lambda name: None)
    app, store = FastAPI(), SqlStore(f"sqlite:///{tmp_path / 'terms.db'}")
    assert mount.mount_pages(app, store, Terms(store), tmp_path) is False
    for path in ("/ui", "/ui/g/exams"):
        answer = TestClient(app).get(path)
        assert answer.status_code == 501
        assert answer.json()["type"] == "urn:isogloss:problem:pages_not_installed"
        assert "isogloss[ui]" in answer.json()["remedy"]


@pytest.mark.parametrize("module", ["service.api.app", "service.cli.main"])
def test_the_service_starts_without_loading_the_pages(module):
    code = f"import sys, {module}; print('nicegui' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def contrast(one: str, other: str) -> float:
    """Of two colours ``#rrggbb``, from 1 to 21, as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [":root", "body.body--dark"])
def test_small_text_can_be_read_all_day(theme):
    css = (ROOT / "service/ui/static/pages.css").read_text("utf-8")
    rules = css[css.index(theme + " {") :].partition("}")[0]
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", rules))
    marks = ("proposed", "preferred", "admitted", "deprecated", "forbidden", "accent")
    pairs = [(name, f"{name}-soft") for name in marks] + [(name, "sheet") for name in marks]
    grounds = ("sheet", "paper", "head", "hover", "accent-soft")
    pairs += [(ink, ground) for ink in ("ink", "faint") for ground in grounds]
    weak = [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5]
    assert weak == []
