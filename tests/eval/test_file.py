"""Benchmark files are read leniently and written exactly."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.file import BenchmarkFile, FileFormat, read_file
from eval.benchmarks.library import load_recipe
from eval.benchmarks.raw_table import edit_row, table_rows
from eval.benchmarks.recipe import read_recipe
from eval.errors import FileError

Write = Callable[..., BenchmarkFile]


@pytest.fixture
def load(tmp_path: Path) -> Write:
    def write_and_read(name: str, content: bytes | str, recipe: str | None = None) -> BenchmarkFile:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, load_recipe(recipe) if recipe else None)

    return write_and_read


LINES = [b'{"q": "one", "n": 1.00}', b'{ "q":"two" }', '{"q": "三"}'.encode()]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("between", [b"", b"\n", b" \t\n\n"])
@pytest.mark.parametrize("last", [b"", b"\n", b"\n\n  \n"])
def test_lines_come_back_byte_for_byte(
    load: Write, end: bytes, mark: bytes, between: bytes, last: bytes
) -> None:
    content = mark + between + (end + between).join(LINES) + last
    file = load("items.jsonl", content)
    assert [record.data["q"] for record in file.records] == ["one", "two", "三"]
    assert file.written({}).encode() == content
    edited = file.written({1: {("q",): "zwei"}}).encode()
    assert edited == content.replace(b'"two"', b'"zwei"')


def test_a_broken_line_hides_no_other(load: Write) -> None:
    content = '{"q": "one"}\n\n{"q": "two"\n{"q": "three"}'
    file = load("items.jsonl", content)
    assert [record.index for record in file.records] == [0, 1, 2]
    assert [record.error is None for record in file.records] == [True, False, True]
    error = file.records[1].error
    assert error is not None
    assert "items.jsonl, line 3" in str(error)
    assert error.remedy
    assert file.written({}) == content
    assert file.written({2: {("q",): "drei"}}, dropped=[1]) == '{"q": "one"}\n{"q": "drei"}'


@pytest.mark.parametrize(
    "line", ["{", "nul", "'a'", '{"a": }', "[" * 100_000, '{"a": ' + "9" * 5_000 + "}", '"\x01"']
)
def test_any_broken_line_is_a_record_with_an_error(load: Write, line: str) -> None:
    file = load("items.jsonl", f'{{"q": "one"}}\n{line}\n')
    assert [record.error is None for record in file.records] == [True, False]


def test_dropped_lines_leave_the_others(load: Write) -> None:
    file = load("items.jsonl", '{"q": "a"}\n{"q": "b"}\n{"q": "c"}\n')
    assert file.written({}, dropped=[0, 2]) == '{"q": "b"}\n'


def test_all_lines_are_escaped_alike(load: Write) -> None:
    """Not every line of a file that was written in ASCII holds an escape."""
    file = load("items.jsonl", '{"q": "caf\\u00e9"}\n{"q": "tea"}\n')
    assert file.written({1: {("q",): "茶"}}) == '{"q": "caf\\u00e9"}\n{"q": "\\u8336"}\n'


def test_an_array_of_items(load: Write) -> None:
    content = '[\n  {"q": "one", "n": 1.0},\n  {"q": "two"},\n  {"q": "three"}\n]\n'
    file = load("items.json", content)
    assert file.format is FileFormat.JSON
    assert [record.data["q"] for record in file.records] == ["one", "two", "three"]
    assert file.written({}) == content
    assert file.written({0: {("q",): "eins"}, 1: {("q",): "zwei"}}, dropped=[2]) == (
        '[\n  {"q": "eins", "n": 1.0},\n  {"q": "zwei"}\n]\n'
    )
    assert json.loads(file.written({}, dropped=[0, 1, 2])) == []


def test_items_inside_one_document(load: Write) -> None:
    document = {
        "version": "v1.0",
        "data": [
            {"title": "a", "paragraphs": [{"id": "1", "context": "老橋", "qas": []}]},
            {"title": "b", "paragraphs": [{"id": "2", "context": "塔"}, {"id": "3"}]},
        ],
    }
    content = json.dumps(document, ensure_ascii=False, indent=1)
    file = load("DRCD_dev.json", content, "drcd")
    assert [record.data["id"] for record in file.records] == ["1", "2", "3"]
    assert file.written({}) == content
    edited = json.loads(file.written({0: {("context",): "老桥"}}, dropped=[1]))
    assert edited["data"][0]["paragraphs"][0]["context"] == "老桥"
    assert [item["id"] for item in edited["data"][1]["paragraphs"]] == ["3"]
    assert edited["version"] == "v1.0"


def test_wrapped_items_are_dropped_with_their_wrapping(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('{"rows": [{"n": 0, "row": {"q": "one"}}, {"n": 1, "row": {"q": "two"}}]}')
    recipe = read_recipe({"fields": {"q": "text"}, "items": "rows[*].row"})
    file = read_file(path, recipe)
    assert json.loads(file.written({1: {("q",): "zwei"}}, dropped=[0])) == {
        "rows": [{"n": 1, "row": {"q": "zwei"}}]
    }


def test_a_document_without_a_list_of_items_says_what_is_inside(load: Write) -> None:
    with pytest.raises(FileError) as caught:
        load("x.json", '{"data": [{"q": "one"}], "version": 1}')
    assert "data" in str(caught.value)
    assert "items:" in caught.value.remedy


def test_lines_under_the_name_json(load: Write) -> None:
    file = load("items.json", '{"q": "one"}\n{"q": "two"}\n')
    assert file.format is FileFormat.JSONL
    assert len(file.records) == 2


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.JSONL", '{"q": 1}', "jsonl"),
        ("a.ndjson", '{"q": 1}', "jsonl"),
        ("a", '{"q": 1}\n{"q": 2}', "jsonl"),
        ("a.txt", ' [ {"q": 1} ]', "json"),
        ("a.Csv", "q\n1\n", "csv"),
        ("a.tsv", "q\ta\n1\t2\n", "tsv"),
    ],
)
def test_the_format_follows_name_and_content(
    load: Write, name: str, content: str, format_: str
) -> None:
    assert load(name, content).format == format_


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b"", "no records"),
        ("a.jsonl", b"\n \n", "no records"),
        ("a.json", b"", "no records"),
        ("a.json", b"[]", "no records"),
        ("a.csv", b"", "no records"),
        ("a.csv", b"q,a\n", "no records"),
        ("a", b"\xef\xbb\xbf", "no records"),
        ("a.jsonl", '{"q": "é"}'.encode("latin-1"), "not UTF-8 at byte 7"),
        ("a.csv", "q\n中文".encode("utf-16"), "not UTF-8 at byte 0"),
        ("a.json", b'[{"q": 1},]', "not JSON"),
        ("a.json", b'{"q": ', "not JSON"),
        ("a.txt", b"hello", "neither JSON nor CSV"),
        ("a.csv", b"q,q\n1,2\n", "repeat"),
        ("missing/a.csv", None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_file(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.remedy


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_file(tmp_path)


TABLE = (
    '"id",question,A,"answer"\r\n'
    '1,"Say ""hi"", then go",  two ,B\r\n'
    "\r\n"
    '2,"first line\nsecond, line","x",""\r\n'
    '3,plain 中文,"",C'
)


def test_a_table_comes_back_byte_for_byte(load: Write) -> None:
    file = load("items.csv", TABLE.encode())
    assert [record.data for record in file.records] == [
        {"id": "1", "question": 'Say "hi", then go', "A": "  two ", "answer": "B"},
        {"id": "2", "question": "first line\nsecond, line", "A": "x", "answer": ""},
        {"id": "3", "question": "plain 中文", "A": "", "answer": "C"},
    ]
    assert file.written({}).encode() == TABLE.encode()


def test_only_edited_cells_of_a_table_change(load: Write) -> None:
    file = load("items.csv", TABLE)
    written = file.written({0: {("question",): 'a "b"'}, 2: {("A",): "x, y", ("answer",): "D"}})
    assert written == TABLE.replace('"Say ""hi"", then go"', '"a ""b"""').replace(
        'plain 中文,"",C', 'plain 中文,"x, y",D'
    )
    assert file.written({}, dropped=[0, 1]) == '"id",question,A,"answer"\r\n3,plain 中文,"",C'


def test_rows_of_another_length_are_errors_and_stay(load: Write) -> None:
    content = "q,a\n1,2\n3\n4,5,6\n7,8\n"
    file = load("items.csv", content)
    assert [record.error is None for record in file.records] == [True, False, False, True]
    errors = [str(record.error) for record in file.records if record.error]
    assert errors == [
        "items.csv, line 3: 1 cells, 2 columns",
        "items.csv, line 4: 3 cells, 2 columns",
    ]
    assert file.written({}) == content
    assert file.written({3: {("q",): "sieben"}}) == content.replace("7,8", "sieben,8")


def test_quotes_in_a_table_that_is_written_without_quoting(load: Write) -> None:
    content = 'text\tlabel\n"Hello," he said.\t0\nsay "no" 5" long\t1\n"\t2\n"whole"\t3\n'
    file = load("items.tsv", content)
    assert [record.data["text"] for record in file.records] == [
        '"Hello," he said.',
        'say "no" 5" long',
        '"',
        "whole",
    ]
    assert file.written({}) == content
    edited = file.written({0: {("text",): "「你好」，他說。"}, 1: {("text",): 'a "b" c'}})
    assert edited.startswith('text\tlabel\n「你好」，他說。\t0\na "b" c\t1\n')


def test_a_cell_may_be_long(load: Write) -> None:
    file = load("items.csv", "q,a\n" + "x" * 3_000_000 + ",1\n")
    assert len(file.records[0].data["q"]) == 3_000_000


CELLS = st.text(alphabet='ab,;"\t\n\r 中', max_size=5)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=5), st.data())
def test_what_a_csv_writer_wrote_is_read_and_edited(
    rows: list[list[str]], data: st.DataObject
) -> None:
    style = data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    delimiter = data.draw(st.sampled_from([",", "\t"]))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=style).writerows(rows)
    text = out.getvalue()
    found = list(table_rows(text, delimiter))
    assert [row.values for row in found] == rows
    assert "".join(text[row.start : row.end] for row in found) == text
    row, cells = data.draw(st.sampled_from(list(zip(found, rows, strict=True))))
    column = data.draw(st.integers(0, len(cells) - 1))
    new = data.draw(CELLS)
    edited = edit_row(text[row.start : row.end], {column: new}, delimiter)
    (again,) = table_rows(edited, delimiter)
    assert again.values == [*cells[:column], new, *cells[column + 1 :]]


@given(st.text(alphabet='a,"\t\n\r', max_size=30))
def test_any_text_is_a_table_whose_rows_join_to_it(text: str) -> None:
    rows = list(table_rows(text, ","))
    end = 0
    for row in rows:
        assert row.start == end
        end = row.end
        for cell in row.cells:
            assert row.start <= cell.start <= cell.end <= row.end
    assert not text[end:].strip("\r\n")
