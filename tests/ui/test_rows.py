"""What an edit of a grid cell does to a concept, and how two edits of one concept meet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from glossary.concept import Concept, Status, Strength
from glossary.language import Language
from glossary.store.port import StoredConcept
from service.ui.cells import build, cells_of, merge
from service.ui.marks import Mark, difference, marked
from service.ui.rows import COLUMNS, MixedCell, concept_of, edited, row_of

TW = Language.ZH_TW


def concept(*terms: str, **fields: object) -> Concept:
    """Terms written like ``zh-TW 詞元 admitted``."""
    split = [term.split(" ") for term in terms]
    made = [
        {"language": language, "text": text, "status": (status or ["preferred"])[0]}
        for language, text, *status in split
    ]
    return Concept.model_validate({"id": "token", "terms": made, **fields})


def texts(of: Concept) -> list[str]:
    return [f"{term.language} {term.text} {term.status}" for term in of.terms]


TOKEN = concept("en token", "zh-TW 詞元", "zh-TW 符元 admitted", "zh-TW 令牌 forbidden", "ko 토큰")


def test_a_row_shows_the_preferred_term_and_what_stands_beside_it():
    stored = StoredConcept(TOKEN, 3, 7, datetime(2026, 1, 2, tzinfo=UTC), "Lin")
    row = dict(zip(COLUMNS, row_of(stored), strict=True))
    assert row["zh-TW"] == ["詞元", "preferred", ["符元"], ["令牌"]]
    assert row["zh-CN"] is None
    assert (row["status"], row["strength"], row["version"]) == ("preferred", "hard", 3)


def test_a_row_is_proposed_as_long_as_any_term_is():
    stored = StoredConcept(
        concept("en token", "ko 토큰 proposed"), 1, 1, datetime(2026, 1, 2), "Lin"
    )
    assert row_of(stored)[COLUMNS.index("status")] == "proposed"


def test_typing_changes_adds_and_removes_the_shown_term():
    assert "zh-TW 字元 preferred" in texts(edited(TOKEN, "zh-TW", " 字元 "))
    assert "zh-CN 词元 preferred" in texts(edited(TOKEN, "zh-CN", "词元"))
    assert "ko 토큰 preferred" not in texts(edited(TOKEN, "ko", ""))


def test_typing_another_term_of_the_concept_makes_them_change_places():
    after = edited(TOKEN, "zh-TW", "符元")
    assert texts(after)[1:3] == ["zh-TW 詞元 admitted", "zh-TW 符元 preferred"]


def test_typing_a_forbidden_term_is_refused():
    with pytest.raises(ValidationError, match="stands twice"):
        edited(TOKEN, "zh-TW", "令牌")


def test_the_last_term_cannot_be_emptied():
    with pytest.raises(ValidationError):
        edited(concept("en token"), "en", "")


def test_a_status_goes_to_what_is_proposed_and_leaves_one_preferred_term():
    before = concept("en token", "zh-TW 詞元", "zh-TW 符元 proposed", "ko 토큰 proposed")
    after = edited(before, "status", "preferred")
    assert texts(after)[1:] == [
        "zh-TW 詞元 preferred",
        "zh-TW 符元 admitted",
        "ko 토큰 preferred",
    ]


def test_what_terms_do_not_share_is_not_set_for_all():
    terms = [term.model_copy(update={"condition": term.text}) for term in TOKEN.terms]
    with pytest.raises(MixedCell):
        edited(TOKEN.model_copy(update={"terms": tuple(terms)}), "condition", "always")


def test_lists_are_typed_with_any_comma():
    assert edited(TOKEN, "benchmarks", "mmlu, gsm8k、kmmlu，mmlu").benchmarks == (
        "mmlu",
        "gsm8k",
        "kmmlu",
    )


def test_a_new_row_becomes_a_concept():
    made = concept_of("c-1", {"en": "seed", "ko": "시드", "strength": "hint", "domain": "LLM"})
    assert texts(made) == ["en seed preferred", "ko 시드 preferred"]
    assert (made.domain, made.terms[0].strength) == ("LLM", Strength.HINT)
    with pytest.raises(ValidationError):
        concept_of("c-2", {"domain": "LLM"})


def test_cells_make_the_concept_again():
    in_order = concept("en token", "zh-TW 詞元", "ko 토큰", note="n", benchmarks=["mmlu"])
    assert build("token", cells_of(in_order)) == in_order
    assert build("token", cells_of(in_order, frozenset(Language))) == in_order


def test_edits_of_different_cells_go_together():
    mine = edited(TOKEN, "ko", "토콘")
    theirs = edited(edited(TOKEN, "domain", "LLM"), "zh-TW", "字元")
    merged = merge(TOKEN, mine, theirs)
    assert merged.clashes == ()
    assert merged.concept() == edited(theirs, "ko", "토콘")


def test_edits_of_the_same_cell_clash_and_either_can_be_chosen():
    mine, theirs = edited(TOKEN, "zh-TW", "甲"), edited(TOKEN, "zh-TW", "乙")
    merged = merge(TOKEN, mine, theirs)
    (clash,) = merged.clashes
    assert (clash.base, clash.mine, clash.theirs) == ("詞元", "甲", "乙")
    assert merged.concept() == theirs
    assert merged.concept([clash.key]) == mine


def test_a_language_with_more_terms_than_before_is_one_cell():
    mine = edited(TOKEN, "ko", "")
    theirs = edited(TOKEN, "ko", "토콘")
    (clash,) = merge(TOKEN, mine, theirs).clashes
    assert clash.key == ("ko",)
    assert [term.text for term in clash.theirs] == ["토콘"]


def test_the_same_edit_by_both_is_no_clash():
    same = edited(TOKEN, "zh-TW", "甲")
    assert merge(TOKEN, same, same).clashes == ()


def test_differences_are_marked_by_words_and_by_han_characters():
    assert difference("the old way", "the new way") == "the <del>old</del><ins>new</ins> way"
    assert difference("提示詞", "提示語") == "提示<del>詞</del><ins>語</ins>"
    assert difference("<b>", "<i>") == "&lt;<del>b</del><ins>i</ins>&gt;"


def test_marks_escape_text_and_count_code_points():
    html = marked("𠮷<野>家", [Mark(1, 4, "found", 'say "x"', "note"), Mark(3, 5, "missed")])
    assert html == (
        '𠮷<mark class="ig-found" title="say &quot;x&quot;">&lt;野&gt;'
        '<span class="ig-note">note</span></mark>家'
    )


def test_every_status_has_a_place_in_the_row():
    for status in Status:
        stored = StoredConcept(concept(f"en token {status}"), 1, 1, datetime(2026, 1, 2), "Lin")
        assert row_of(stored)[COLUMNS.index("status")] == status
