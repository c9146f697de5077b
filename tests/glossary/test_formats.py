"""Loss-free formats give back the very glossary that was written."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from glossary.concept import Concept, Glossary, PartOfSpeech, Status, Strength, Term
from glossary.exchange import read_glossary
from glossary.formats import FORMATS, load_format
from glossary.formats.errors import UnknownFormat
from glossary.formats.port import ReadOptions, WriteOptions
from glossary.formats.table import armed, disarmed
from glossary.language import Language

LOSSLESS = [name for name in FORMATS if load_format(name).lossless]
each_lossless = pytest.mark.parametrize("name", LOSSLESS)

NASTY = (
    "=SUM(A1:A9)",
    "+1",
    "-ing",
    "@property",
    "'=x",
    "''+y",
    "a,b;c d",
    'say "so"',
    "<b>&amp;</b>",
    "]]>",
    "_x000D_",
    "_x005F_",
    "[1]",
    '["a"]',
    "#glossary",
    "#N/A",
    "TRUE",
    "001",
    "1E5",
    "1-2",
    "Isogloss note: x",
    "Isogloss strength: hint",
    "Isogloss id: x",
    "臺灣／台湾",
    "컨피그맵(ConfigMap)",
    "한글",
    "e\u0301",
    "\U0001f600\u200d",
    "\u00a0x\u3000y",
    "yes",
    "zh",
)


def _free(text: str) -> bool:
    return bool(unicodedata.normalize("NFC", text).strip())


_chars = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"
)
_prose_chars = st.one_of(_chars, st.sampled_from("\n\t\r\u2028"))
lines = st.one_of(st.sampled_from(NASTY), st.text(_chars, min_size=1, max_size=20)).filter(_free)
proses = st.one_of(
    st.just(""),
    st.sampled_from(NASTY),
    st.sampled_from(("one\ntwo", "a\n\n\nb", "  x ", "[\n]", "a; b")),
    st.text(_prose_chars, max_size=30),
)
labels = st.lists(lines, max_size=3).map(tuple)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,12}", fullmatch=True)
terms = st.builds(
    Term,
    language=st.sampled_from(Language),
    text=lines,
    status=st.sampled_from(Status),
    strength=st.sampled_from(Strength),
    keep=st.booleans(),
    case_sensitive=st.booleans(),
    part_of_speech=st.none() | st.sampled_from(PartOfSpeech),
    condition=proses,
    note=proses,
    examples=st.lists(proses, max_size=3).map(tuple),
)
concepts = st.builds(
    Concept,
    id=ids,
    terms=st.lists(terms, min_size=1, max_size=5, unique_by=lambda t: (t.language, t.text)).map(
        tuple
    ),
    domain=proses,
    definition=proses,
    benchmarks=labels,
    contrasts=labels,
    note=proses,
)
glossaries = st.builds(
    Glossary,
    name=st.sampled_from(("exams", "a", "x-1.b_c")),
    version=st.integers(0, 999),
    title=proses,
    description=proses,
    concepts=st.lists(concepts, max_size=4, unique_by=lambda c: c.id).map(tuple),
)


@each_lossless
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(glossary=glossaries)
def test_what_was_written_is_read_back(name: str, glossary: Glossary) -> None:
    written = load_format(name).write(glossary, WriteOptions())
    read = load_format(name).read(written.data, ReadOptions())
    assert read.problems == ()
    assert read.glossary == glossary
    assert read.own


@each_lossless
def test_the_format_is_told_by_the_content(name: str) -> None:
    glossary = Glossary(name="exams", version=7, concepts=(_many_examples(),))
    data = load_format(name).write(glossary, WriteOptions()).data
    assert read_glossary(data, ReadOptions()).format == name
    assert read_glossary(data, ReadOptions()).glossary == glossary


def _many_examples() -> Concept:
    """More than the cells of a spreadsheet hold each."""
    examples = tuple(f"{n} " + "문장 " * 1300 for n in range(50))
    return Concept(id="c", terms=(Term(language=Language.KO, text="용어", examples=examples),))


def test_a_long_list_goes_on_in_further_columns() -> None:
    glossary = Glossary(name="exams", concepts=(_many_examples(),))
    for name in ("csv", "xlsx"):
        data = load_format(name).write(glossary, WriteOptions()).data
        assert load_format(name).read(data, ReadOptions()).glossary == glossary
    sheet = load_workbook(io.BytesIO(data))["terms"]
    assert "examples 2" in [cell.value for cell in sheet[1]]
    assert all(len(str(cell.value)) <= 32_767 for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("name", ["csv", "tsv"])
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'=1", "''@"])
def test_no_cell_of_text_is_a_formula(name: str, text: str) -> None:
    glossary = Glossary(
        name="exams",
        title=text,
        concepts=(
            Concept(id="c", terms=(Term(language=Language.EN, text=text, note=text),), note=text),
        ),
    )
    data = load_format(name).write(glossary, WriteOptions()).data
    delimiter = "," if name == "csv" else "\t"
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_no_cell_of_a_spreadsheet_is_a_formula() -> None:
    texts = ["=1+1", "@x", "-1", "#N/A", "12", "TRUE"]
    found = tuple(Term(language=Language.EN, text=text) for text in texts)
    glossary = Glossary(name="exams", concepts=(Concept(id="c", terms=found),))
    data = load_format("xlsx").write(glossary, WriteOptions()).data
    sheet = load_workbook(io.BytesIO(data))["terms"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == texts


@given(st.text(st.sampled_from("'=+-@\t\rab"), max_size=6))
def test_disarming_a_cell_can_be_undone(cell: str) -> None:
    assert armed(disarmed(cell)) == cell
    assert not disarmed(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_spreadsheet_is_made_for_people() -> None:
    glossary = Glossary(name="exams", concepts=(_many_examples(),))
    data = load_format("xlsx").write(glossary, WriteOptions()).data
    book = load_workbook(io.BytesIO(data))
    sheet = book["terms"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref
    offered = {
        choice.formula1: str(choice.sqref) for choice in sheet.data_validations.dataValidation
    }
    assert offered['"proposed,preferred,admitted,deprecated,forbidden"'].startswith("E2:E")
    assert offered['"hard,prefer,hint"'].startswith("F2:F")
    assert any(
        "one row per term" in str(row[1].value).casefold() for row in book["about"].iter_rows()
    )


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(UnknownFormat) as caught:
        load_format("tbx-v3")
    assert "tbx" in caught.value.remedy


def _edited(rows: list[dict[str, str]]) -> bytes:
    """The CSV as a person saves it: other order of columns, ``;`` between cells, no mark."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0])[::-1], delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _row(**said: str) -> dict[str, str]:
    return {"id": "", "concept": "", "language": "en", "term": "x", "status": "", **said}


def test_a_person_may_move_columns_and_add_concepts() -> None:
    data = _edited(
        [
            _row(id="a", term="array"),
            _row(id="", concept="heap", term="heap"),
            _row(id="a", language="KO", term="배열", status="Preferred"),
            _row(id="", concept="heap", language="zh_Hant", term="堆積"),
        ]
    )
    read = read_glossary(data, ReadOptions(name="mine"))
    assert read.problems == ()
    assert [(c.id, [t.text for t in c.terms]) for c in read.glossary.concepts] == [
        ("a", ["array", "배열"]),
        ("heap", ["heap", "堆積"]),
    ]
    assert read.glossary.concepts[1].terms[1].language is Language.ZH_TW
    assert not read.own


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        (_row(id="a", language="zh"), "language"),
        (_row(id="a", status="best"), "status"),
        (_row(id="a", term=""), "term"),
        (_row(id="a b"), "id"),
        (_row(), "id"),
        (_row(id="a", term="y" * 501), "term"),
    ],
)
def test_a_wrong_row_is_told_and_its_concept_left_out(wrong: dict[str, str], column: str) -> None:
    read = read_glossary(_edited([_row(id="ok"), wrong]), ReadOptions())
    assert [concept.id for concept in read.glossary.concepts] == ["ok"]
    (problem,) = read.problems
    assert (problem.row, problem.column) == (3, column)
    assert problem.remedy


def test_a_concept_is_left_out_whole_or_not_at_all() -> None:
    data = _edited([_row(id="a"), _row(id="a", language="fr", term="tableau")])
    read = read_glossary(data, ReadOptions())
    assert read.glossary.concepts == ()
    assert "fr" in str(read.problems[0])
