"""Glossaries that people made, where they are at hand: they come in and go out whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from glossary.concept import Glossary
from glossary.exchange import read_glossary
from glossary.formats import load_format
from glossary.formats.columns import parse_columns
from glossary.formats.errors import UnknownLayout
from glossary.formats.port import Imported, ReadOptions, WriteOptions
from glossary.language import Language

DATA = Path(os.environ.get("ISOGLOSS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
FILES = sorted((DATA / "glossaries").glob("*.tsv"))
pytestmark = pytest.mark.skipif(
    not FILES, reason=f"no glossaries under {DATA} (ISOGLOSS_SHARED_DATA)"
)
COLUMNS: Mapping[str, str] = {"opencc_cn_to_tw_phrases": "zh-CN=A,zh-TW=tw_wording"}


@pytest.fixture(scope="module")
def imported() -> dict[str, Imported]:
    """Every file is read once."""
    return {path.stem: _read(path) for path in FILES}


def _read(path: Path, *, split: bool = True) -> Imported:
    columns = parse_columns(COLUMNS.get(path.stem, ""))
    options = ReadOptions(name="shared", columns=columns, split=split)
    return read_glossary(path.read_bytes(), options, file_name=path.name)


def _concepts(imported: Imported) -> dict[str, list[tuple[str, str]]]:
    return {
        concept.terms[0].text: [(term.language.value, term.text) for term in concept.terms[1:]]
        for concept in imported.glossary.concepts
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_is_a_concept(imported: dict[str, Imported], path: Path) -> None:
    read = imported[path.stem]
    assert read.problems == ()
    assert len(read.glossary.concepts) == len(path.read_text("utf-8").splitlines()) - 1
    lines = path.read_text("utf-8").splitlines()[1:]
    assert {line.split("\t")[0].strip() for line in lines} == set(_concepts(read))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_word_of_a_row_is_lost(path: Path) -> None:
    """Unsplit, every cell stands in its concept as it stood in the file."""
    read = _read(path, split=False)
    for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], start=2):
        concept = next(c for c in read.glossary.concepts if read.rows[c.id] == number)
        whole = concept.model_dump_json()
        for cell in filter(None, (cell.strip() for cell in line.split("\t"))):
            assert cell.replace("\\", "\\\\").replace('"', '\\"') in whole


@pytest.mark.parametrize("name", ["tbx", "tbx-dct", "tbx-v2", "xlsx", "csv", "tsv", "json"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_comes_back_equal(imported: dict[str, Imported], path: Path, name: str) -> None:
    glossary: Glossary = imported[path.stem].glossary
    written = load_format(name).write(glossary, WriteOptions())
    assert written.losses == ()
    assert load_format(name).read(written.data, ReadOptions()).glossary == glossary


def test_kubernetes_keeps_its_conditions(imported: dict[str, Imported]) -> None:
    concepts = {c.terms[0].text: c for c in imported["kubernetes_en_ko"].glossary.concepts}
    assert concepts["ConfigMap"].terms[1].condition == "API 오브젝트인 경우"
    assert concepts["ConfigMap"].terms[0].condition == ""
    assert all(term.keep for term in concepts["Docker Swarm"].terms)
    assert concepts["Active"].terms[0].keep
    assert concepts["Active"].terms[0].condition == "잡의 상태"
    assert [term.text for term in concepts["spec"].terms] == ["spec", "명세", "스펙", "사양"]
    assert sum(concept.terms[0].keep for concept in concepts.values()) == 27


def test_python_names_before_their_translation_are_taken_off(
    imported: dict[str, Imported],
) -> None:
    read = imported["python_glossary_en_zhTW_zhCN_ko"]
    concepts = _concepts(read)
    assert concepts["abstract base class"] == [
        ("zh-TW", "抽象基底類別"),
        ("zh-CN", "抽象基类"),
        ("ko", "추상 베이스 클래스"),
    ]
    # Another word before the bracket than the term: nothing is guessed.
    assert concepts["immortal"][0] == ("zh-TW", "immportal（不滅）")
    assert concepts["standard library"] == [("zh-CN", "标准库")]
    assert any("name（translation）" in note for note in read.notes)


def test_law_codes_are_kept_in_notes(imported: dict[str, Imported]) -> None:
    first = imported["moj_law_names_en_zhTW"].glossary.concepts[0]
    assert first.note == "pcode: A0000001"
    assert first.terms[1].language is Language.ZH_TW


def test_columns_that_name_no_language_must_be_told() -> None:
    data = (DATA / "glossaries" / "opencc_cn_to_tw_phrases.tsv").read_bytes()
    with pytest.raises(UnknownLayout) as caught:
        read_glossary(data, ReadOptions())
    assert "columns=" in caught.value.remedy
