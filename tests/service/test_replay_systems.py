"""``replay`` with recordings of several systems: each candidate is one system's, throughout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.errors import FileError
from eval.segment import FieldKind, Segment
from glossary.language import parse_pair
from service.engines.base import TranslationRequest
from service.engines.errors import NotRecorded
from service.engines.replay import ReplayEngine, read_lines, read_recordings
from tests.service.test_files import jsonl

PAIR = parse_pair("en>ko")


def line(source: str, *hypotheses: str, **more: Any) -> dict[str, Any]:
    return {"pair": "en>ko", "source": source, "hypotheses": list(hypotheses), **more}


async def candidates(path: Path, *sources: str, wanted: int = 9) -> list[list[str]]:
    segments = [Segment(f"s{n}", text, FieldKind.TEXT, "") for n, text in enumerate(sources)]
    engine = ReplayEngine("r", read_lines(path))
    answer = await engine.translate(TranslationRequest(PAIR, segments, candidates=wanted))
    return [[dict(each)[s.id] for s in segments] for each in answer.candidates]  # type: ignore[arg-type]


async def test_systems_are_candidates_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "r.jsonl",
        line("cat", "고양이", "괭이", system="a"),
        line("dog", "강아지", system="b"),
        line("cat", "냥이", system="b"),
        line("dog", "개", "멍멍이", system="a"),
    )
    assert await candidates(path, "cat", "dog") == [
        ["고양이", "개"],
        ["괭이", "멍멍이"],
        ["냥이", "강아지"],
    ]
    assert await candidates(path, "cat", "dog", wanted=1) == [["고양이", "개"]]
    assert read_recordings(path)[PAIR, "cat"] == ("고양이", "괭이", "냥이")


async def test_a_system_that_lacks_a_segment_is_left_out(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "r.jsonl",
        line("cat", "고양이", system="a"),
        line("cat", "냥이", system="b"),
        line("dog", "강아지", system="b"),
    )
    assert await candidates(path, "cat", "dog") == [["냥이", "강아지"]]


async def test_texts_of_two_systems_are_never_one_candidate(tmp_path: Path) -> None:
    path = jsonl(
        tmp_path / "r.jsonl", line("cat", "고양이", system="a"), line("dog", "강아지", system="b")
    )
    with pytest.raises(NotRecorded):
        await candidates(path, "cat", "dog")


async def test_what_a_system_said_last_counts(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "r.jsonl", line("cat", "고양이"), line("cat", "괭이"))
    assert await candidates(path, "cat") == [["괭이"]]


def test_scores_and_items_are_read(tmp_path: Path) -> None:
    more = {"scores": [81.5, None], "item": "q1"}
    (read,) = read_lines(jsonl(tmp_path / "r.jsonl", line("cat", "고양이", "괭이", **more)))
    assert (read.scores, read.item) == ((81.5, None), "q1")


@pytest.mark.parametrize("scores", [[1], [1, 2, 3], ["good", 2], [float("nan"), 1]])
def test_scores_that_cannot_be_are_refused_with_their_line(
    tmp_path: Path, scores: list[Any]
) -> None:
    path = jsonl(
        tmp_path / "r.jsonl", line("cat", "고양이"), line("dog", "개", "멍", scores=scores)
    )
    with pytest.raises(FileError, match="line 2"):
        read_lines(path)
