"""Word lists: ours are sound, and a linguist's own ones are added or refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmarks.item import read_item
from eval.benchmarks.recipe import read_recipe
from eval.checks.base import Finding, pair_up
from eval.checks.rules import Rules
from eval.checks.suite import check_item
from eval.checks.word_lists import PACKAGED, WordLists, read_word_lists
from eval.checks.wording import wording
from eval.errors import FileError
from glossary.language import Language, Pair, parse_pair

GOOD = "zh-TW:\n  - {avoid: 水筆, prefer: 鋼珠筆, unless: [墨水筆]}\n"


def judged(pair: str, source: str, target: str, lists: WordLists = PACKAGED) -> list[Finding]:
    item = read_item({"q": source}, read_recipe({"fields": {"q": "text"}}))
    return check_item(item, {"q": target}, parse_pair(pair), "knowledge", Rules(lists=lists))


def marked(findings: list[Finding], check: str) -> list[str | None]:
    return [finding.found or finding.expected for finding in findings if finding.check == check]


def words_found(language: Language, target: str) -> list[str | None]:
    item = read_item({"q": "A word."}, read_recipe({"fields": {"q": "text"}}))
    laid = pair_up(item, {"q": target}, Pair(Language.EN, language), "knowledge")
    return [finding.found for finding in wording(laid)]


def test_each_word_is_found_and_not_in_what_we_propose_nor_where_it_is_right() -> None:
    for entry in PACKAGED.wording:
        assert words_found(entry.language, entry.avoid) == [entry.avoid]
        assert words_found(entry.language, entry.prefer) == [], entry
        for longer in entry.unless:
            assert entry.avoid not in words_found(entry.language, longer), entry


@pytest.mark.parametrize("text", ["誰發明了電話？", "研究對象", "三角函數", "血液循環", "法律文件"])
def test_what_published_lists_convert_wrongly_is_left_alone(text: str) -> None:
    assert words_found(Language.ZH_TW, text) == []


def test_our_lists_are_of_useful_size_and_speak_four_languages() -> None:
    by_language = [entry.language for entry in PACKAGED.wording]
    assert by_language.count(Language.ZH_TW) >= 150
    assert by_language.count(Language.ZH_CN) >= 60
    assert len(PACKAGED.contrasts) >= 60
    for contrast in PACKAGED.contrasts:
        assert all(concept.keys() == set(Language) for concept in contrast.concepts), contrast.name


def test_no_folder_means_ours() -> None:
    assert read_word_lists(None) is PACKAGED


def test_own_words_are_added_to_ours(tmp_path: Path) -> None:
    (tmp_path / "wording.yaml").write_text(GOOD, encoding="utf-8")
    lists = read_word_lists(tmp_path)
    found = judged("en>zh-TW", "Pens and software.", "墨水筆、水筆和軟件", lists)
    assert marked(found, "wording") == ["水筆", "軟件"]


def test_an_own_entry_takes_the_place_of_ours(tmp_path: Path) -> None:
    entry = "zh-TW:\n  - {avoid: 軟件, prefer: 程式, note: 本公司用語。}\n"
    (tmp_path / "wording.yaml").write_text(entry, encoding="utf-8")
    (finding,) = judged("en>zh-TW", "Software.", "軟件", read_word_lists(tmp_path))
    assert finding.message == "Taiwan says 程式. 本公司用語。"


def test_an_own_set_of_terms_is_kept_apart(tmp_path: Path) -> None:
    concepts = "stock and flow:\n  - {en: [stock], ko: [저량]}\n  - {en: [flow], ko: [유량]}\n"
    (tmp_path / "contrasts.yaml").write_text(concepts, encoding="utf-8")
    lists = read_word_lists(tmp_path)
    found = judged("en>ko", "Stocks are not flows.", "유량은 유량이 아니다.", lists)
    assert marked(found, "contrast") == ["Stocks"]


@pytest.mark.parametrize(
    ("name", "text", "names"),
    [
        ("wording.yaml", "zh-TW: [{avoid: 水筆}]", "zh-TW entry 1: needs `avoid` and `prefer`"),
        ("wording.yaml", "zh-TW: [水筆]", "zh-TW entry 1"),
        ("wording.yaml", "zh-TW: [{avoid: 水筆, prefer: ''}]", "zh-TW entry 1"),
        ("wording.yaml", "zh-TW: [{avoid: 水筆, prefer: 筆, until: []}]", "unknown keys: until"),
        ("wording.yaml", "zh-TW: [{avoid: 水筆, prefer: 筆, unless: [鋼筆]}]", "'鋼筆'"),
        ("wording.yaml", "ko: []", "one for zh-CN"),
        ("wording.yaml", "- 水筆", "is not a mapping"),
        ("wording.yaml", "a: [", "cannot be read as YAML"),
        ("contrasts.yaml", "a and b: [{en: [a]}]", "a and b: needs two concepts"),
        ("contrasts.yaml", "a and b: [{en: [a]}, {fr: [b]}]", "a and b: a concept has words for"),
        ("contrasts.yaml", "a and b: [{en: [a]}, {en: b}]", "a and b: has words that are not"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, name: str, text: str, names: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match=name) as refused:
        read_word_lists(tmp_path)
    assert names in str(refused.value)
    assert "docs/word-lists.md" in refused.value.remedy


def test_a_folder_without_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="has neither"):
        read_word_lists(tmp_path)
