"""The real benchmark files that people have, where they are at hand."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from eval.benchmarks.file import BenchmarkFile, read_file
from eval.benchmarks.guess import known_recipes
from eval.benchmarks.item import BenchmarkItem, read_item
from eval.benchmarks.library import load_recipe
from eval.benchmarks.protect import protected_spans
from eval.benchmarks.recipe import Recipe
from eval.checks.suite import check_item
from eval.segment import FieldKind
from glossary.language import Language, Pair

DATA = Path(os.environ.get("ISOGLOSS_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
RECIPES = {"mmlu_dev": "mmlu", "kmmlu_sample": "kmmlu"}
FILES = sorted((DATA / "benchmarks").glob("*/*.jsonl"))
pytestmark = pytest.mark.skipif(
    not FILES, reason=f"no benchmark files under {DATA} (ISOGLOSS_SHARED_DATA)"
)
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def opened() -> dict[Path, tuple[BenchmarkFile, Recipe, list[BenchmarkItem]]]:
    """Every file is read once."""
    files = {}
    for path in FILES:
        recipe = load_recipe(RECIPES.get(path.stem, path.stem))
        file = read_file(path, recipe)
        items = [read_item(record.data, recipe, record.index) for record in file.records]
        files[path] = (file, recipe, items)
    return files


Opened = dict[Path, tuple[BenchmarkFile, Recipe, list[BenchmarkItem]]]


@each_file
def test_every_line_is_an_item_of_its_recipe(opened: Opened, path: Path) -> None:
    _, recipe, items = opened[path]
    assert len(items) == len(path.read_bytes().splitlines())
    assert recipe.source_language == path.parent.name
    assert len({item.id for item in items}) == len(items)
    assert sum(bool(item.segments) for item in items) > 0.98 * len(items)


@each_file
def test_identity_writes_the_same_bytes(opened: Opened, path: Path) -> None:
    file, _, items = opened[path]
    edits = {item.index: item.edits({s.id: s.text for s in item.segments}) for item in items}
    assert not any(edits.values())
    assert file.written(edits).encode() == path.read_bytes()


@each_file
def test_marking_every_segment_changes_nothing_else(opened: Opened, path: Path) -> None:
    """Answer keys, ids and numbers stay; keys and types are those of the source."""
    file, recipe, items = opened[path]
    edits = {
        item.index: item.edits({s.id: f"{s.text}\u00a7" for s in item.segments}) for item in items
    }
    lines = file.written(edits).encode().splitlines()
    assert len(lines) == len(items)
    for line, record, item in list(zip(lines, file.records, items, strict=True))[:1500]:
        written = json.loads(line)
        changed = {slot.location[0] for slot in item.slots if slot.location in edits[item.index]}
        assert {key: type(value) for key, value in written.items()} == {
            key: type(value) for key, value in record.data.items()
        }
        kept = [key for key in written if key not in changed]
        assert [written[key] for key in kept] == [record.data[key] for key in kept]
        again = read_item(written, recipe, item.index)
        assert len(again.segments) == len(item.segments)


@each_file
def test_the_file_is_recognised(opened: Opened, path: Path) -> None:
    file, recipe, _ = opened[path]
    known = known_recipes([record.data for record in file.records[:200]])
    assert known[0].name == recipe.name


@each_file
def test_protected_spans_lie_in_their_texts(opened: Opened, path: Path) -> None:
    for item in opened[path][2][:1500]:
        for segment in item.segments:
            position = 0
            for span in protected_spans(segment.text, segment.literals):
                assert position <= span.start < span.end <= len(segment.text)
                position = span.end


@each_file
def test_copying_the_source_is_reported_and_nothing_else(opened: Opened, path: Path) -> None:
    """No check raises on real text; the findings say that nothing was translated."""
    source = Language(path.parent.name)
    target = Language.KO if source is not Language.KO else Language.ZH_TW
    _, recipe, items = opened[path]
    found: Counter[str] = Counter()
    for item in items[:300]:
        same = {segment.id: segment.text for segment in item.segments}
        findings = check_item(item, same, Pair(source, target), recipe.category)
        found.update({finding.check for finding in findings})
    assert set(found) <= {"untranslated", "script", "comparable"}
    assert found["untranslated"] > 0.9 * min(300, len(items))


def test_exam_items_in_one_string_are_taken_apart(opened: Opened) -> None:
    (path,) = [path for path in FILES if path.stem == "tmmlu"]
    items = opened[path][2]
    options = Counter(
        sum(part.option for slot in item.slots for part in slot.parts) for item in items
    )
    assert options[4] > 0.96 * len(items)
    assert options[0] == 81, "the open questions of exam groups"


def test_solutions_keep_their_final_answers(opened: Opened) -> None:
    (path,) = [path for path in FILES if path.stem == "gsm8k"]
    for item in opened[path][2]:
        target = item.rebuild({segment.id: "譯" for segment in item.segments})
        assert target["answer"].endswith(f"\n#### {item.data['final']}")


def test_literals_of_instructions_are_protected(opened: Opened) -> None:
    (path,) = [path for path in FILES if path.stem == "ifeval"]
    items = opened[path][2]
    assert sum(bool(segment.literals) for item in items for segment in item.segments) > 150


def test_programs_are_taken_apart(opened: Opened) -> None:
    (path,) = [path for path in FILES if path.stem == "humaneval"]
    for item in opened[path][2]:
        assert item.segments, item.id
        assert {segment.kind for segment in item.segments} == {FieldKind.CODE}
        doctests = [line for line in item.data["prompt"].splitlines() if ">>>" in line]
        target = item.rebuild({segment.id: "譯" for segment in item.segments})["prompt"]
        assert [line for line in target.splitlines() if ">>>" in line] == doctests
