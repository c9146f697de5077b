"""TBX: what we write keeps the rules of TBX-Basic, and what others write is understood."""

from __future__ import annotations

import pytest
from lxml import etree

from glossary.concept import Concept, Glossary, PartOfSpeech, Status, Strength, Term
from glossary.exchange import read_glossary
from glossary.formats import load_format
from glossary.formats.errors import BadFile, UnsafeFile
from glossary.formats.port import ReadOptions, WriteOptions
from glossary.language import Language

CORE = "urn:iso:std:iso:30042:ed-2"
MIN = "http://www.tbxinfo.net/ns/min"
BASIC = "http://www.tbxinfo.net/ns/basic"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STATUSES = {
    "preferredTerm-admn-sts",
    "admittedTerm-admn-sts",
    "deprecatedTerm-admn-sts",
    "supersededTerm-admn-sts",
}
PARTS = {"adjective", "noun", "other", "verb", "adverb"}
TERM_NOTES = {
    "administrativeStatus",
    "partOfSpeech",
    "geographicalUsage",
    "grammaticalGender",
    "termLocation",
    "termType",
}


def _term(language: Language, text: str, **said: object) -> Term:
    return Term(language=language, text=text, **said)


EVERYTHING = Glossary(
    name="exams",
    version=12,
    title="Exam terms",
    description="For the exams.",
    concepts=(
        Concept(
            id="velocity",
            terms=(
                _term(
                    Language.EN, "velocity", part_of_speech=PartOfSpeech.NOUN, examples=("a", "b")
                ),
                _term(Language.KO, "속도", strength=Strength.PREFER, condition="물리", note="n"),
                _term(Language.KO, "속력", status=Status.FORBIDDEN),
                _term(Language.ZH_TW, "速度", status=Status.PROPOSED, case_sensitive=True),
                _term(Language.ZH_CN, "速率", status=Status.DEPRECATED),
            ),
            domain="physics",
            definition="speed with a direction",
            benchmarks=("mmlu",),
            contrasts=("speed",),
            note="two words",
        ),
        Concept(
            id="1:pod",
            terms=(
                _term(Language.EN, "Pod", keep=True, part_of_speech=PartOfSpeech.PROPER_NOUN),
                _term(Language.KO, "Pod", keep=True),
                _term(Language.EN, "pod", status=Status.ADMITTED, keep=True),
            ),
        ),
    ),
)


def _root(name: str) -> etree._Element:
    return etree.fromstring(load_format(name).write(EVERYTHING, WriteOptions()).data)


def _children(element: etree._Element) -> list[str]:
    return [etree.QName(child).localname for child in element]


@pytest.mark.parametrize("name", ["tbx", "tbx-dct"])
def test_the_structure_is_that_of_the_core(name: str) -> None:
    root = _root(name)
    assert root.tag == f"{{{CORE}}}tbx"
    assert root.get("type") == "TBX-Basic"
    assert root.get("style") == ("dca" if name == "tbx" else "dct")
    assert root.get(LANG)
    assert _children(root) == ["tbxHeader", "text"]
    assert _children(root[0][0]) == ["titleStmt", "sourceDesc"]
    assert _children(root[1]) == ["body"]
    ids = [entry.get("id") for entry in root[1][0]]
    assert len(set(ids)) == len(ids)
    assert all(each[0].isalpha() or each[0] == "_" for each in ids)
    assert not any(":" in each for each in ids)
    for entry in root[1][0]:
        sections = [child for child in entry if child.tag == f"{{{CORE}}}langSec"]
        assert list(entry)[-len(sections) :] == sections
        tags = [section.get(LANG) for section in sections]
        assert len(set(tags)) == len(tags)
        for section in sections:
            assert set(_children(section)) == {"termSec"}
            for term in section:
                names = _children(term)
                assert names[0] == "term"
                assert names.count("term") == 1
                notes = [n for n in names if n in ("termNote", *TERM_NOTES)]
                assert names[1 : 1 + len(notes)] == notes


def test_attributes_of_dca_are_those_that_basic_permits() -> None:
    root = _root("tbx")
    for element in root.iter(etree.Element):
        assert etree.QName(element).namespace == CORE
        category, parent = element.get("type"), element.getparent()
        level = etree.QName(parent).localname if parent is not None else ""
        match etree.QName(element).localname:
            case "termNote":
                assert level == "termSec"
                assert category in TERM_NOTES
                allowed = STATUSES if category == "administrativeStatus" else PARTS
                assert element.text in allowed
            case "descrip":
                assert (category, level) in {
                    ("subjectField", "conceptEntry"),
                    ("definition", "conceptEntry"),
                    ("context", "termSec"),
                }
            case "admin" | "transac" | "ref" | "xref":
                pytest.fail("we write none of these")


def test_tags_of_dct_stand_in_their_modules() -> None:
    root = _root("tbx-dct")
    found = set()
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        if name.namespace != CORE:
            found.add((name.namespace, name.localname))
        elif element is not root:
            assert element.get("type") is None
    assert found == {
        (MIN, "subjectField"),
        (MIN, "administrativeStatus"),
        (MIN, "partOfSpeech"),
        (BASIC, "definition"),
        (BASIC, "context"),
    }
    assert {e.text for e in root.iter(f"{{{MIN}}}administrativeStatus")} <= STATUSES
    assert {e.text for e in root.iter(f"{{{MIN}}}partOfSpeech")} <= PARTS


@pytest.mark.parametrize("name", ["tbx", "tbx-dct", "tbx-v2"])
def test_what_basic_has_no_word_for_is_a_note_that_people_can_read(name: str) -> None:
    notes = {note.text for note in _root(name).iter("{*}note")}
    assert {
        "Isogloss keep: yes",
        "Isogloss strength: prefer",
        "Isogloss condition: 물리",
        "Isogloss case-sensitive: yes",
        "Isogloss benchmark: mmlu",
        "Isogloss contrast: speed",
        "Isogloss status: proposed",
        "Isogloss id: 1:pod",
        "two words",
    } <= notes
    read = load_format(name).read(
        load_format(name).write(EVERYTHING, WriteOptions()).data, ReadOptions()
    )
    assert read.glossary == EVERYTHING


def test_the_translate_toolkit_reads_version_2() -> None:
    tbx = pytest.importorskip("translate.storage.tbx", reason="a test tool, not a dependency")
    data = load_format("tbx-v2").write(EVERYTHING, WriteOptions()).data
    store = tbx.tbxfile.parsestring(data, sourcelanguage="en", targetlanguage="ko")
    velocity, pod = store.units
    assert (velocity.source, velocity.target) == ("velocity", "속도")
    assert velocity.getid() == "velocity"
    terms = {term.text: term.administrative_status for term in velocity.get_target_terms("ko")}
    assert terms == {"속도": "preferredTerm-admn-sts", "속력": "forbidden"}
    assert "speed with a direction" in velocity.getnotes(origin="definition")
    assert velocity.istranslatable()
    assert not pod.istranslatable()


V2 = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE martif PUBLIC "ISO 12200:1999A//DTD MARTIF core (DXFcdV04)//EN" "TBXcdv04.dtd">
<martif type="TBX" xml:lang="en"><martifHeader><fileDesc><sourceDesc><p>other</p></sourceDesc>
</fileDesc></martifHeader><text><body>
<termEntry id="7 a">
  <descrip type="subjectField">maths</descrip>
  <descripGrp><descrip type="definition">a thing
      with two lines</descrip><admin type="source">book</admin></descripGrp>
  <langSet xml:lang="en-US"><tig><term>limit</term></tig></langSet>
  <langSet xml:lang="zh-Hant"><ntig><termGrp><term>極限</term>
    <termNote type="partOfSpeech">noun</termNote></termGrp></ntig></langSet>
  <langSet xml:lang="fr"><tig><term>limite</term></tig></langSet>
  <langSet xml:lang="ko"><tig><term>극한</term></tig>
    <tig><term>한계</term><termNote type="administrativeStatus">{status}</termNote>
      <note from="translator">아님</note></tig></langSet>
</termEntry>
<termEntry><descrip type="Translation needed">No</descrip>
  <langSet xml:lang="en"><tig><term>API</term></tig></langSet></termEntry>
<termEntry><langSet xml:lang="de"><tig><term>nur</term></tig></langSet></termEntry>
</body></text></martif>
"""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("forbidden", Status.FORBIDDEN),
        ("obsolete", Status.DEPRECATED),
        ("deprecatedTerm-admn-sts", Status.DEPRECATED),
        ("supersededTerm-admn-sts", Status.DEPRECATED),
        ("deprecatedTermAdmnSts", Status.DEPRECATED),
        ("admittedTerm-admn-sts", Status.ADMITTED),
    ],
)
def test_version_2_of_other_tools(said: str, status: Status) -> None:
    read = read_glossary(V2.format(encoding="UTF-8", status=said).encode(), ReadOptions())
    first, second = read.glossary.concepts
    assert first.id == "limit"
    assert (first.domain, first.definition) == ("maths", "a thing with two lines")
    assert [(t.language, t.text) for t in first.terms] == [
        (Language.EN, "limit"),
        (Language.ZH_TW, "極限"),
        (Language.KO, "극한"),
        (Language.KO, "한계"),
    ]
    assert first.terms[1].part_of_speech is PartOfSpeech.NOUN
    assert (first.terms[3].status, first.terms[3].note) == (status, "아님")
    assert second.terms[0].keep
    assert [problem.row for problem in read.problems] == [19]
    assert any("fr" in note for note in read.notes)
    assert not read.own


@pytest.mark.parametrize("encoding", ["UTF-16", "GB18030", "UTF-8"])
def test_the_encoding_that_xml_declares_is_used(encoding: str) -> None:
    data = V2.format(encoding=encoding, status="forbidden").encode(encoding)
    read = read_glossary(data, ReadOptions())
    assert read.glossary.concepts[0].terms[1].text == "極限"


V3_DCT = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="{ns}"
  xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
<tbxHeader><fileDesc><sourceDesc><p>x</p></sourceDesc></fileDesc></tbxHeader><text><body>
<conceptEntry id="c1"><basic:subjectField>sky</basic:subjectField>
<langSec xml:lang="en"><descripGrp><basic:definition>stars</basic:definition>
<basic:source>book</basic:source></descripGrp><termSec><term>open <hi>cluster</hi></term>
<min:partOfSpeech>noun</min:partOfSpeech>
<min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus>
<descripGrp><basic:context>many open clusters</basic:context></descripGrp></termSec></langSec>
<langSec xml:lang="zh"><termSec><term>星团</term></termSec></langSec></conceptEntry>
</body></text></tbx>"""


@pytest.mark.parametrize("namespace", [CORE, "urn:iso:std:iso:30042:ed:3.0"])
def test_version_3_of_other_tools(namespace: str) -> None:
    data = V3_DCT.format(ns=namespace).encode()
    options = ReadOptions(columns={"zh-CN": "zh"})
    read = read_glossary(data, options)
    assert read.format == "tbx-dct"
    (concept,) = read.glossary.concepts
    assert (concept.id, concept.domain, concept.definition) == ("c1", "sky", "stars")
    term = concept.terms[0]
    assert (term.text, term.status, term.examples) == (
        "open cluster",
        Status.ADMITTED,
        ("many open clusters",),
    )
    assert concept.terms[1].language is Language.ZH_CN


def test_bare_chinese_has_to_be_told() -> None:
    read = read_glossary(V3_DCT.format(ns=CORE).encode(), ReadOptions())
    (problem,) = read.problems
    assert "zh-TW=zh" in problem.remedy


BOMB = """<?xml version="1.0"?><!DOCTYPE martif [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>
<martif type="TBX"><text><body><termEntry><langSet xml:lang="en"><tig><term>&b;</term></tig>
</langSet></termEntry></body></text></martif>"""
OUTSIDE = BOMB.replace('"lol"', 'SYSTEM "file:///etc/passwd"')
PARAMETER = BOMB.replace('<!ENTITY a "lol">', '<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;')


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, PARAMETER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(text: str, encoding: str) -> None:
    with pytest.raises(UnsafeFile) as caught:
        read_glossary(text.encode(encoding), ReadOptions())
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text", ["<martif><text>", "<html><body/></html>", "<tbx/><tbx/>", "<martif>&nbsp;</martif>"]
)
def test_what_is_no_tbx_is_told(text: str) -> None:
    with pytest.raises(BadFile) as caught:
        read_glossary(text.encode(), ReadOptions())
    assert caught.value.remedy


def test_nothing_is_as_deep_as_this() -> None:
    with pytest.raises(BadFile):
        read_glossary(b"<martif>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</martif>", ReadOptions())
