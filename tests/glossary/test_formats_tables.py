"""Tables as people have them: every encoding, every slip, and files that mean harm."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from glossary.errors import GlossaryError
from glossary.exchange import read_glossary
from glossary.formats import FORMATS, load_format
from glossary.formats.columns import parse_columns
from glossary.formats.errors import (
    BadColumns,
    BadEncoding,
    BadFile,
    FileTooLarge,
    FormatError,
    UnknownLayout,
)
from glossary.formats.port import Limits, ReadOptions, WriteOptions
from glossary.formats.text import decode
from glossary.language import Language, parse_pair
from tests.glossary.tables import read_table, terms

KO = (
    "en\tko\tnote\nLinked list\t연결 리스트\t자료 구조인 경우\n"
    "queue\t대기열\t\nhash table\t해시 표\t\n"
)
TW = "en\tzh_TW\nlinked list\t鏈結串列\nqueue\t佇列\nhash table\t雜湊表\nsorting\t排序演算法\n"
CN = (
    "en\tzh_CN\nlinked list\t链表\nqueue\t队列\n"
    "hash table\t散列表\nsorting\t排序算法\ntree\t数据结构\n"
)
LATIN = "en\tko\tnote\ncafé culture\tcafe munhwa\tnaïve spelling\nfaçade\tpasadeu\tdéjà vu\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (text, encoding)
        for text in (KO, TW, CN)
        for encoding in (
            "utf-8",
            "utf-8-sig",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
        )
    ]
    + [
        (KO, "cp949"),
        (KO, "euc-kr"),
        (TW, "big5"),
        (TW, "cp950"),
        (CN, "gb18030"),
        (CN, "gb2312"),
        (CN, "gbk"),
        (LATIN, "latin-1"),
        (LATIN, "cp1252"),
    ],
)
def test_the_encoding_is_found(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert decode(data).text == text
    assert terms(read_table(data)) == terms(read_table(text))


def _short_texts() -> Iterator[tuple[str, str]]:
    """The first rows of each text in each encoding that has its characters."""
    for text in (TW, CN, KO):
        for rows in (1, 2, 3, 5):
            part = "\n".join(text.splitlines()[1 : rows + 1])
            for encoding in ("gb18030", "big5", "cp949"):
                if part.encode(encoding, "ignore").decode(encoding) == part:
                    yield part, encoding


@pytest.mark.parametrize(("part", "encoding"), list(_short_texts()))
def test_a_guess_is_right_or_not_made(part: str, encoding: str) -> None:
    """Never garbage: any text in any of the encodings, however short."""
    data = part.encode(encoding)
    try:
        decoded = decode(data)
    except BadEncoding:
        return
    assert decoded.text == part


def test_a_guess_is_told_and_can_be_overruled() -> None:
    data = CN.encode("gb18030")
    assert any("gb18030" in note for note in read_table(data).notes)
    assert read_table(data, encoding="gb18030").notes == ()
    with pytest.raises(BadEncoding) as caught:
        read_table(data, encoding="utf-8")
    assert "line 2" in str(caught.value)
    with pytest.raises(BadEncoding):
        read_table(data, encoding="klingon")


@pytest.mark.parametrize(
    "data",
    [
        KO.encode()[:-3] + b"\xff\xfe\n",
        b"en\tko\nqueue\t\xbb\xf0",
        bytes(range(256)) * 4,
        "en\tja\nqueue\t待ち行列、キューとスタックについて\n".encode("euc-jp"),
        "en\tja\nqueue\tキューとスタックについての待ち行列\n".encode("shift-jis"),
    ],
)
def test_what_cannot_be_told_is_an_error_with_a_remedy(data: bytes) -> None:
    with pytest.raises(BadEncoding) as caught:
        decode(data)
    assert "UTF-8" in caught.value.remedy


def test_characters_lost_before_are_told() -> None:
    assert any("lost" in note for note in read_table("en\tko\nqueue\t대\ufffd열\n").notes)


def test_delimiters_quotes_and_newlines_in_cells() -> None:
    csv = 'en,ko,definition\n"queue, simple",대기열,"first in,\nfirst ""out"""\n'
    (concept,) = read_table(csv).glossary.concepts
    assert concept.terms[0].text == "queue, simple"
    assert concept.definition == 'first in,\nfirst "out"'
    assert terms(read_table("sep=;\r\nen;ko\r\nqueue;대기열\r\n")) == [["queue", "대기열"]]
    # In a table with tabs a quote may be nothing but a quote.
    assert terms(read_table('en\tko\n"big" O\t빅 오\n5" disk\t디스크\n')) == [
        ['"big" O', "빅 오"],
        ['5" disk', "디스크"],
    ]
    assert terms(read_table('en\tko\n"a\tb"\t다\n', split=False)) == []
    assert terms(read_table('en\tko\n"queue"\t"대기열"\n')) == [["queue", "대기열"]]


def test_tabs_that_are_said_or_told_stand_above_commas_in_the_first_row() -> None:
    rows = "en\tko\nred, green, blue\t빨강\n"
    assert terms(read_table("sep=\t\r\n" + rows)) == [["red, green, blue", "빨강"]]
    columns = parse_columns("en=A,ko=B")
    bare = "red, green, blue\t빨강\n"
    read = read_table(bare, columns=columns, header=False, delimiter="\t")
    assert terms(read) == [["red, green, blue", "빨강"]]


def test_a_note_beside_a_condition_is_a_note() -> None:
    for header in ("en,ko,condition,note", "en,ko,note,condition"):
        cells = dict(zip(header.split(","), ("queue", "대기열", "c", "n"), strict=True))
        row = ",".join(("when" if name == "condition" else text) for name, text in cells.items())
        (concept,) = read_table(f"{header}\n{row}\n").glossary.concepts
        assert concept.terms[1].condition == "when"
        assert concept.note == cells["note"]
    (concept,) = read_table("en,zh-TW,備註\nqueue,佇列,資料結構\n").glossary.concepts
    assert concept.note == "資料結構"
    read = read_table("en,ko,note\nqueue,대기열,c\n")
    assert read.glossary.concepts[0].terms[1].condition == "c", "alone it is the condition"
    assert read.notes


def test_the_names_that_the_pages_give_to_languages_are_known() -> None:
    for names in ("英文,繁中（臺灣）,簡中（大陸）,韓文", "영어,중국어(대만),중국어(중국),한국어"):
        (concept,) = read_table(f"{names}\nqueue,佇列,队列,대기열\n").glossary.concepts
        assert [term.language for term in concept.terms] == list(Language)


def test_a_term_that_is_too_long_is_told_in_characters() -> None:
    (problem,) = read_table("en,ko\n" + "x" * 501 + ",가\n").problems
    assert problem.text == "it has more than 500 characters"


def test_ragged_rows() -> None:
    read = read_table("en,ko,note\nqueue,대기열\nlist,목록,n,surplus\nstack,스택,,,\n,,\n\ntree,\n")
    assert terms(read) == [["queue", "대기열"], ["stack", "스택"]]
    assert [(problem.row, bool(problem.remedy)) for problem in read.problems] == [
        (3, True),
        (7, True),
    ]


def test_an_unclosed_quote_names_its_line() -> None:
    with pytest.raises(BadFile) as caught:
        read_table('en,ko\n"queue,대기열\nlist,목록\n')
    assert "quotation mark" in caught.value.remedy


@pytest.mark.parametrize("data", [b"", b"\n\n \n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_an_empty_file_says_so(data: bytes) -> None:
    with pytest.raises(BadFile) as caught:
        read_table(data)
    assert "empty" in str(caught.value)


@pytest.mark.parametrize("text", ["en,ko\n", "id,language,term\n", "source,target,fuzzy\n"])
def test_a_header_alone_is_no_error(text: str) -> None:
    read = read_table(text, pair=parse_pair("en>ko"))
    assert read.glossary.concepts == ()
    assert any("no terms" in note for note in read.notes)


@pytest.mark.parametrize(
    "text",
    ["en,ko,ko\na,b,c\n", "en,en-US,ko\na,b,c\n", "en,ko,x,x\na,b,c,d\n", "id,id,language,term\n"],
)
def test_double_headers_are_an_error(text: str) -> None:
    with pytest.raises(BadColumns) as caught:
        read_table(text)
    assert caught.value.remedy


def test_columns_are_languages_by_tag_name_or_option() -> None:
    for header in ("en,zh_TW,zh-Hans,KO-kr", "English,繁體中文,简体中文,한국어"):
        (concept,) = read_table(f"{header}\nqueue,佇列,队列,대기열\n").glossary.concepts
        assert [term.language for term in concept.terms] == [
            Language.EN,
            Language.ZH_TW,
            Language.ZH_CN,
            Language.KO,
        ]
    columns = parse_columns("en=C, ko=Korean term, condition=A")
    (concept,) = read_table(
        "when,Korean term,t\n경우,대기열,queue\n", columns=columns
    ).glossary.concepts
    assert [term.text for term in concept.terms] == ["queue", "대기열"]
    assert concept.terms[1].condition == "경우"
    columns = parse_columns("en=A,ko=B")
    assert terms(read_table("queue,대기열\n", columns=columns, header=False)) == [
        ["queue", "대기열"]
    ]
    assert terms(read_table("source,target\nqueue,대기열\n", pair=parse_pair("en>ko"))) == [
        ["queue", "대기열"]
    ]


@pytest.mark.parametrize("text", ["en=A,ko=Z9", "en=A,ko=Q", "fr=A", "en", "zh=B"])
def test_columns_that_are_not_there(text: str) -> None:
    with pytest.raises(BadColumns) as caught:
        read_table("en,ko\na,b\n", columns=parse_columns(text))
    assert "columns=" in caught.value.remedy


@pytest.mark.parametrize("text", ["en,zh\na,b\n", "foo,bar\na,b\n", "en\nqueue\n"])
def test_a_table_that_says_too_little(text: str) -> None:
    with pytest.raises((BadColumns, UnknownLayout)) as caught:
        read_table(text)
    assert "columns=" in caught.value.remedy


def test_cells_taken_apart_can_stay_whole() -> None:
    text = "en\tko\tzh_TW\nheap\theap (힙), 더미\theap（堆積）\nset\t집합; 세트\tset -- 集合\n"
    assert terms(read_table(text)) == [
        ["heap", "heap (힙)", "더미", "堆積"],
        ["set", "집합", "세트", "集合"],
    ]
    assert terms(read_table(text, split=False)) == [
        ["heap", "heap (힙), 더미", "heap（堆積）"],
        ["set", "집합; 세트", "set -- 集合"],
    ]


def test_same_words_are_different_concepts_unless_the_row_is_the_same() -> None:
    read = read_table("en,ko\nbank,은행\nbank,둑\nbank,은행\n")
    assert [concept.id for concept in read.glossary.concepts] == ["bank", "bank-2"]
    assert any("Row 4 repeats row 2" in note for note in read.notes)


def test_limits() -> None:
    small = Limits(file_bytes=500, rows=3, columns=4, cell_characters=50)
    for text in (
        "en,ko\n" + "a,b\n" * 200,
        "en,ko\n" + "a,b\n" * 4,
        "en,ko,a,b,c,d\n",
        "en,ko\na," + "b" * 60 + "\n",
    ):
        with pytest.raises(FileTooLarge) as caught:
            read_table(text, limits=small)
        assert caught.value.remedy


@pytest.mark.parametrize("data", [b"{", b'{"a": 1}', b"[" * 100_000, b'{"concepts": 1}', b"{\xff}"])
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(GlossaryError):
        read_table(data)


@pytest.mark.parametrize(
    "text",
    [
        "concepts:\n- &a [x, x]\n- [*a, *a]\n",
        "name: x\nconcepts: [\n",
        "name: !!python/object:os.system x\n",
        "name: " + "[" * 5_000,
        "name: x\n",
        "concepts: []\n#" + "x" * 1_000_000,
    ],
)
def test_what_is_no_yaml(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_glossary(text.encode(), ReadOptions(), file_name="x.yaml")
    assert caught.value.remedy


def test_json_with_problems() -> None:
    data = (
        '{"concepts": [{"terms": [{"language": "en", "text": "queue"}]}, '
        '{"id": "x", "terms": []}, 3,'
        '{"id": "y", "terms": [{"language": "fr", "text": "file"}]}]}'
    )
    read = read_table(data)
    assert [concept.id for concept in read.glossary.concepts] == ["queue"]
    assert [problem.row for problem in read.problems] == [2, 3, 4]


def _damaged(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        at = chance.randrange(len(damaged) + 1)
        if chance.random() < 0.5:
            damaged[at : at + 1] = bytes([chance.randrange(256)])
        else:
            del damaged[at : at + chance.randrange(30)]
    return bytes(damaged)


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_reader(name: str) -> None:
    chance = random.Random(name)
    pair = parse_pair("en>ko")
    whole = load_format(name).write(read_table(KO).glossary, WriteOptions(pair)).data
    for _ in range(60):
        try:
            read_glossary(_damaged(whole, chance), ReadOptions(pair=pair))
        except GlossaryError as error:
            assert str(error)  # noqa: PT017
