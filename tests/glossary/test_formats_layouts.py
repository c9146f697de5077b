"""Layouts of other tools: read as they are, written as they must be, with the losses told."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from glossary.concept import Concept, Glossary, Status, Strength, Term
from glossary.exchange import read_glossary
from glossary.formats import load_format
from glossary.formats.errors import PairNeeded
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written
from glossary.language import Language, parse_pair

EN, KO, TW = Language.EN, Language.KO, Language.ZH_TW
PAIR = parse_pair("en>ko")
GLOSSARY = Glossary(
    name="exams",
    concepts=(
        Concept(
            id="queue",
            terms=(
                Term(language=EN, text="queue"),
                Term(language=EN, text="FIFO", status=Status.ADMITTED),
                Term(language=KO, text="큐", status=Status.ADMITTED, strength=Strength.PREFER),
                Term(language=KO, text="대기열", condition="자료 구조", note="n", examples=("예",)),
                Term(language=KO, text="줄", status=Status.FORBIDDEN),
                Term(language=TW, text="佇列"),
            ),
            domain="data structures",
            definition="first in, first out",
        ),
        Concept(
            id="api",
            terms=(Term(language=EN, text="API", keep=True), Term(language=KO, text="API")),
        ),
        Concept(id="only", terms=(Term(language=TW, text="甲"), Term(language=KO, text="=갑"))),
        Concept(id="sum", terms=(Term(language=EN, text="=SUM"), Term(language=KO, text="합"))),
    ),
)


def _write(name: str, pair: str | None = "en>ko") -> Written:
    options = WriteOptions(parse_pair(pair) if pair else None)
    return load_format(name).write(GLOSSARY, options)


def _read(data: bytes | str, **said: object) -> Imported:
    raw = data.encode() if isinstance(data, str) else data
    return read_glossary(raw, ReadOptions(pair=PAIR), **said)  # type: ignore[arg-type]


def _terms(read: Imported) -> dict[str, list[tuple[str, str]]]:
    return {c.id: [(t.text, t.status.value) for t in c.terms] for c in read.glossary.concepts}


@pytest.mark.parametrize("name", ["weblate", "deepl", "deepl-tsv", "omegat"])
def test_two_languages_must_be_said(name: str) -> None:
    with pytest.raises(PairNeeded) as caught:
        _write(name, None)
    assert "en>ko" in caught.value.remedy
    two = Glossary(name="x", concepts=GLOSSARY.concepts[3:])
    assert load_format(name).write(two, WriteOptions()).data


@pytest.mark.parametrize("name", ["weblate", "deepl-tsv", "omegat"])
def test_a_file_that_does_not_say_its_languages(name: str) -> None:
    with pytest.raises(PairNeeded):
        load_format(name).read(_write(name).data, ReadOptions())


@pytest.mark.parametrize(
    "name", ["weblate", "matecat", "matecat-csv", "deepl", "deepl-tsv", "omegat"]
)
def test_losses_are_told(name: str) -> None:
    told = " ".join(_write(name).losses)
    assert "strength" in told
    if name != "matecat":
        assert "apostrophe" in told
    if name not in ("matecat", "matecat-csv"):
        assert "without a usable term in en>ko" in told
    if name in ("weblate", "deepl"):
        assert "forbidden" in told


def test_a_glossary_that_fits_loses_nothing() -> None:
    fits = Glossary(name="x", concepts=GLOSSARY.concepts[3:])
    fits = fits.model_copy(
        update={
            "concepts": (
                Concept(
                    id="sum", terms=(Term(language=EN, text="sum"), Term(language=KO, text="합"))
                ),
            )
        }
    )
    for name in ("weblate", "matecat", "matecat-csv", "deepl", "deepl-tsv", "omegat"):
        written = load_format(name).write(fits, WriteOptions())
        assert written.losses == ()
        read = load_format(name).read(written.data, ReadOptions(pair=PAIR))
        assert _terms(read) == {"sum": [("sum", "preferred"), ("합", "preferred")]}


def test_weblate() -> None:
    rows = list(csv.DictReader(io.StringIO(_write("weblate").data.decode())))
    assert list(rows[0]) == [
        "location",
        "source",
        "target",
        "id",
        "fuzzy",
        "context",
        "translator_comments",
        "developer_comments",
    ]
    assert [(row["source"], row["target"]) for row in rows] == [
        ("queue", "대기열"),
        ("queue", "큐"),
        ("FIFO", "대기열"),
        ("API", "API"),
        ("'=SUM", "합"),
    ]
    assert rows[0]["context"] == "data structures"
    assert rows[0]["translator_comments"] == "자료 구조\nn"
    read = _read(_write("weblate").data)
    assert read.format == "weblate"
    assert _terms(read)["queue"] == [
        ("queue", "preferred"),
        ("FIFO", "admitted"),
        ("대기열", "preferred"),
        ("큐", "admitted"),
    ]
    assert read.glossary.concepts[1].terms[0].keep
    assert read.glossary.concepts[2].terms[0].text == "=SUM"


def test_weblate_needs_editing_means_proposed() -> None:
    read = _read("source,target,id,fuzzy\nqueue,줄,,True\nheap,힙,,\n,빈,,\n")
    assert _terms(read) == {
        "queue": [("queue", "preferred"), ("줄", "proposed")],
        "heap": [("heap", "preferred"), ("힙", "preferred")],
    }
    assert [problem.row for problem in read.problems] == [4]


def test_the_translate_toolkit_reads_weblates_csv() -> None:
    csvl10n = pytest.importorskip("translate.storage.csvl10n", reason="a test tool")
    store = csvl10n.csvfile.parsestring(_write("weblate").data)
    assert [(unit.source, unit.target) for unit in store.units][:2] == [
        ("queue", "대기열"),
        ("queue", "큐"),
    ]


def test_matecat() -> None:
    sheet = load_workbook(io.BytesIO(_write("matecat", None).data)).active
    assert sheet is not None
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == [
        "Forbidden",
        "Domain",
        "Subdomain",
        "Definition",
        *("en-US", "Notes", "Example of use"),
        *("zh-TW", "Notes", "Example of use"),
        *("ko-KR", "Notes", "Example of use"),
    ]
    assert [(row[0], row[4], row[7], row[10]) for row in rows[1:4]] == [
        ("", "queue", "佇列", "대기열"),
        ("", "FIFO", "佇列", "큐"),
        ("TRUE", "queue", "", "줄"),
    ]


@pytest.mark.parametrize("name", ["matecat", "matecat-csv"])
def test_matecat_forbidden_rows_come_back(name: str) -> None:
    read = read_glossary(_write(name, None).data, ReadOptions())
    assert read.format == "matecat"
    concepts = _terms(read)
    assert concepts["queue"] == [
        ("queue", "preferred"),
        ("佇列", "preferred"),
        ("대기열", "preferred"),
        ("줄", "forbidden"),
    ]
    assert read.glossary.concepts[0].domain == "data structures"
    assert read.glossary.concepts[0].terms[2].examples == ("예",)
    assert concepts["sum"][0] == ("=SUM", "preferred")


def test_matecat_of_others() -> None:
    read = read_glossary(
        b"Forbidden,Domain,Subdomain,en-US,Notes,Example of use,it-IT,ko-KR\n"
        b",maths,algebra,field,a note,an example,campo,\xec\xb2\xb4\nTRUE,,,,,,,\xeb\xb0\xad\n",
        ReadOptions(),
    )
    field, banned = read.glossary.concepts
    assert (field.domain, field.terms[0].note) == ("maths / algebra", "a note")
    assert [(term.text, term.status) for term in banned.terms] == [("밭", Status.FORBIDDEN)]
    assert any("it-IT" in note for note in read.notes)


def test_deepl() -> None:
    rows = list(csv.reader(io.StringIO(_write("deepl").data.decode())))
    assert rows == [
        ["queue", "대기열", "EN", "KO"],
        ["FIFO", "대기열", "EN", "KO"],
        ["API", "API", "EN", "KO"],
        ["'=SUM", "합", "EN", "KO"],
    ]
    assert read_glossary(_write("deepl").data, ReadOptions()).format == "deepl"
    assert _write("deepl-tsv").data.decode().splitlines()[0] == "queue\t대기열"
    assert any("DeepL takes a source term once" in loss for loss in _write("deepl").losses)


def test_deepl_knows_one_chinese_only() -> None:
    data = _write("deepl", "ko>zh-TW").data
    with pytest.raises(PairNeeded) as caught:
        read_glossary(data, ReadOptions())
    assert "zh-CN" in str(caught.value)
    read = read_glossary(data, ReadOptions(pair=parse_pair("ko>zh-TW")))
    assert read.glossary.concepts[0].terms[1].language is TW
    mixed = read_glossary(b"a,b,EN,KO,3\nc,d,KO,EN,2\n", ReadOptions())
    assert [problem.row for problem in mixed.problems] == [2]


def test_omegat() -> None:
    lines = _write("omegat").data.decode().splitlines()
    assert lines[0] == "queue\t대기열\t자료 구조 n / not: 줄"
    assert lines[3] == "API\tAPI"
    read = _read(
        "# remark\nqueue\t대기열\t자료 구조\nqueue\t큐\n\nheap\n", file_name="glossary.txt"
    )
    assert read.format == "omegat"
    assert _terms(read) == {
        "queue": [("queue", "preferred"), ("대기열", "preferred"), ("큐", "admitted")]
    }
    assert read.glossary.concepts[0].terms[1].note == "자료 구조"
    assert [problem.row for problem in read.problems] == [5]
    assert (
        _read(_write("omegat").data, format_name="omegat").glossary.concepts[-1].terms[0].text
        == "=SUM"
    )


def test_plain_puts_the_best_terms_beside_each_other() -> None:
    written = load_format("plain").write(GLOSSARY, WriteOptions())
    rows = list(csv.DictReader(io.StringIO(written.data.decode("utf-8-sig"))))
    assert (rows[0]["en"], rows[0]["zh-TW"], rows[0]["ko"]) == ("queue", "佇列", "대기열")
    assert rows[0]["condition"] == "자료 구조"
    read = read_glossary(written.data, ReadOptions())
    assert read.format == "plain"
    assert [concept.id for concept in read.glossary.concepts][:2] == ["queue", "api"]
