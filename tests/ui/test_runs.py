"""Reading finished runs for the page that says where terms are used."""

from __future__ import annotations

import json
from pathlib import Path

from eval.run_log import ItemRecord, Provenance, SegmentRecord, TermRecord, Verdict
from glossary.adherence import Outcome
from glossary.concept import Strength
from service.ui.runs import runs, usage, uses


def record(index: int, outcome: Outcome, glossary: str = "exams") -> ItemRecord:
    term = TermRecord(
        segment="question",
        term="token",
        outcome=outcome,
        strength=Strength.HARD,
        expected=["詞元"],
        glossary=glossary,
        concept="token",
    )
    segment = SegmentRecord(id="question", kind="text", source="a token", target="一個詞元")
    provenance = Provenance(signature="s", source_sha256="0")
    return ItemRecord(
        index=index,
        id=f"q{index}",
        verdict=Verdict.OK,
        segments=[segment],
        terms=[term],
        provenance=provenance,
    )


def write(folder: Path, records: list[ItemRecord], *, finished: bool = True) -> None:
    folder.mkdir(parents=True)
    lines = "".join(each.model_dump_json() + "\n" for each in records)
    (folder / "records.jsonl").write_text(lines + '{"cut', "utf-8")
    manifest = {"finished": finished, "benchmark": "mmlu", "pair": "en>zh-TW", "engine": "e"}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")


def test_finished_runs_are_counted_and_missed_terms_come_first(tmp_path):
    outcomes = [Outcome.APPLIED, Outcome.MISSED, Outcome.APPLIED]
    records = [record(n, outcome) for n, outcome in enumerate(outcomes)]
    write(tmp_path / "demo" / "mmlu.zh-TW", [*records, record(9, Outcome.VIOLATED, "other")])
    write(tmp_path / "half", records, finished=False)
    (run,) = runs(tmp_path)
    assert (run.key, run.benchmark, run.pair) == ("demo/mmlu.zh-TW", "mmlu", "en>zh-TW")
    assert usage(run, "exams").counts == {"token": {"applied": 2, "missed": 1}}
    assert [use.item for use in uses(run, "exams", "token", limit=2)] == ["q1", "q0"]


def test_a_folder_that_is_not_there_has_no_runs(tmp_path):
    assert runs(tmp_path / "nowhere") == []


def test_a_missed_term_is_found_in_its_items_by_keys(served, visit):
    name = served.glossary()
    records = [record(1, Outcome.MISSED, name), record(2, Outcome.APPLIED, name)]
    write(served.folder / "runs" / name, records)
    page = visit(f"/g/{name}/used")
    row = page.locator(".ig-row", has_text="token")
    row.focus()
    page.keyboard.press("Enter")
    page.locator(".ig-use").nth(1).wait_for()
    assert row.get_attribute("aria-pressed") == "true"
    assert page.locator(".ig-use .ig-chip").all_inner_texts() == ["missed", "applied"]
