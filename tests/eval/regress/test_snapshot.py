"""A snapshot is read back as it was, is the same for the same run, and does not hide damage."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.regress import CHRF, snapshot
from eval.errors import EvalError, FileError
from eval.metrics.base import Score
from eval.regress.errors import BadSnapshot
from eval.regress.snapshot import Snapshot, read_snapshot, take_snapshot, write_snapshot
from eval.run_log import ItemRecord, StageOutcome, StageRecord, Step

SCORES = np.full((3, 2), 70.0)


def taken(seconds: float, value: float = 70.0, started: str = "2026") -> Snapshot:
    """A run that took so long and scored this on its first segment."""
    made = snapshot(SCORES)
    manifest = made.run.model_dump(mode="json")
    manifest |= {"run_id": started, "started": started, "seconds": seconds, "file": "q.jsonl"}
    return take_snapshot(manifest, [_slow(record, seconds, value) for record in made.records])


def _slow(record: ItemRecord, seconds: float, value: float) -> ItemRecord:
    stage = StageRecord(step=Step.DRAFT, outcome=StageOutcome.DONE, seconds=seconds)
    first, *others = record.segments
    first = first.model_copy(update={"scores": {**first.scores, CHRF: Score(value=value)}})
    made = record.provenance.model_copy(update={"seconds": seconds, "stages": [stage]})
    return record.model_copy(update={"segments": [first, *others], "provenance": made})


def written(made: Snapshot, folder: Path) -> dict[str, bytes]:
    write_snapshot(made, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    made = taken(1.0)
    write_snapshot(made, tmp_path / "new" / "ko")
    assert read_snapshot(tmp_path / "new" / "ko") == made


def test_a_second_run_of_the_same_gives_the_same_bytes(tmp_path: Path) -> None:
    first = written(taken(1.0, started="2026-01-01"), tmp_path / "a")
    again = written(taken(2.5, value=70.0 + 1e-9, started="2026-01-02"), tmp_path / "b")
    assert first == again
    assert written(taken(1.0, value=70.1), tmp_path / "c") != first


def test_items_lie_in_their_order_however_they_were_finished(tmp_path: Path) -> None:
    made = snapshot(SCORES)
    mixed = take_snapshot(made.run.model_dump(mode="json"), reversed(made.records))
    assert written(mixed, tmp_path / "a") == written(made, tmp_path / "b")


def test_texts_of_all_kinds_survive(tmp_path: Path) -> None:
    made = snapshot(SCORES)
    odd = made.records[0].segments[0].model_copy(update={"target": "a\u2028b\r\n\x85\x1b ￿ 😀"})
    records = (made.records[0].model_copy(update={"segments": [odd]}), *made.records[1:])
    write_snapshot(replace(made, records=records), tmp_path)
    assert read_snapshot(tmp_path).records[0].segments[0].target == odd.target


def test_other_line_ends_after_a_checkout_do_not_matter(tmp_path: Path) -> None:
    write_snapshot(taken(1.0), tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_snapshot(tmp_path) == taken(1.0)


def _edit_records(folder: Path) -> None:
    path = folder / "records.jsonl"
    path.write_text(path.read_text("utf-8").replace("70.0", "90.0"), "utf-8")


def _edit_info(folder: Path) -> None:
    path = folder / "snapshot.json"
    info = json.loads(path.read_text("utf-8"))
    del info["run"]["signature"]
    path.write_text(json.dumps(info), "utf-8")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda folder: (folder / "records.jsonl").unlink(), "no records.jsonl"),
        (lambda folder: (folder / "snapshot.json").unlink(), "no snapshot.json"),
        (lambda folder: (folder / "snapshot.json").write_text("{"), "not the JSON"),
        (lambda folder: (folder / "snapshot.json").write_text("[" * 9999), "not the JSON"),
        (lambda folder: (folder / "snapshot.json").write_text("[]"), "format"),
        (lambda folder: (folder / "snapshot.json").write_text('{"format": 2}'), "format"),
        (lambda folder: (folder / "snapshot.json").write_bytes(b"\xff"), "UTF-8"),
        (_edit_records, "not the one"),
        (_edit_info, "a field is wrong"),
    ],
)
def test_damage_is_told(damage, told: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write_snapshot(taken(1.0), tmp_path)
    damage(tmp_path)
    with pytest.raises(BadSnapshot, match=told) as caught:
        read_snapshot(tmp_path)
    assert caught.value.remedy


def test_a_snapshot_without_items_is_none(tmp_path: Path) -> None:
    write_snapshot(replace(taken(1.0), records=()), tmp_path)
    with pytest.raises(BadSnapshot, match="no items"):
        read_snapshot(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError) as caught:
        write_snapshot(taken(1.0), tmp_path / "file" / "ko")
    assert isinstance(caught.value, EvalError)
