"""What the pre-pass found: kept for linguists, written as a sheet, used by a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from glossary.concept import Glossary
from glossary.language import Language
from glossary.store.port import Action, Edit, Store
from service.cli.sheets import put_into
from service.pipeline.sheet import Known, Proposal, sheet_of
from service.settings import Settings
from service.wiring import make_store
from tests.service.prepass_rig import (
    EN,
    KO,
    KOREAN,
    TW,
    Isogloss,
    candidate,
    items,
    learned,
    says,
    told,
)
from tests.service.test_files import jsonl
from tests.service.upstream import Step, Upstream, contents, texts_of


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = make_store(Settings(database=f"sqlite:///{tmp_path}/terms.db"))
    made.create("exams", "Lin")
    yield made
    made.close()


def proposals(*targets: Language) -> Glossary:
    words = {KO: "법원", TW: "法院"}
    proposal = Proposal(candidate("court"), {target: words[target] for target in targets}, "law")
    return sheet_of([proposal], EN, "mmlu")


def test_proposals_wait_in_the_glossary_for_a_linguist(store: Store) -> None:
    put_into(store, "exams", proposals(KO))
    assert store.info("exams").proposals == 1
    (change,) = [change for change in store.history("exams").records if change.concept_id]
    assert (change.action, change.who) == (Action.PROPOSED, "pre-pass")


def test_the_same_proposals_again_change_nothing(store: Store) -> None:
    put_into(store, "exams", proposals(KO))
    version = store.info("exams").version
    put_into(store, "exams", proposals(KO))
    assert store.info("exams").version == version


def test_another_language_joins_the_concept(store: Store) -> None:
    put_into(store, "exams", proposals(KO))
    put_into(store, "exams", proposals(TW))
    (concept,) = store.glossary("exams").concepts
    assert [term.language for term in concept.terms] == [EN, KO, TW]


async def test_what_a_linguist_rejected_is_not_proposed_again(
    store: Store, upstream: Upstream
) -> None:
    upstream.reply = says(KOREAN)
    put_into(store, "exams", proposals(KO))
    (concept,) = store.glossary("exams").concepts
    store.apply("exams", [Edit.delete(concept.id, action=Action.REJECTED)], "Lin")
    known = Known(rejected=store.rejected("exams"))
    result = await learned(upstream, known=known)
    assert "court" not in told(result.glossary)


def test_the_command_writes_a_sheet_and_fills_a_glossary(
    isogloss: Isogloss,
    threaded_upstream: Upstream,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATABASE", f"sqlite:///{tmp_path}/terms.db")
    threaded_upstream.reply = says(KOREAN)
    file = jsonl(tmp_path / "mmlu.jsonl", *items())
    out = tmp_path / "sheet.json"
    shown = isogloss(
        "terms", "learn", file, "-b", "mmlu", "--to", "ko", "--base-url", threaded_upstream.url,
        "--into", "exams", "--out", out,
    )  # fmt: skip
    assert shown.code == 0, shown.err
    assert "5 proposals put into glossary exams" in shown.told
    assert told(Glossary.model_validate_json(out.read_text("utf-8"))) == KOREAN
    again = isogloss(
        "terms", "learn", file, "-b", "mmlu", "--to", "ko", "--base-url", threaded_upstream.url,
        "--into", "exams", "--out", out,
    )  # fmt: skip
    assert "5 of them known" in again.told
    assert "0 proposals put into glossary exams" in again.told


def test_a_sheet_is_a_glossary_like_any_other(
    isogloss: Isogloss, threaded_upstream: Upstream, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATABASE", f"sqlite:///{tmp_path}/none/terms.db")
    threaded_upstream.reply = answering(KOREAN)
    file = jsonl(tmp_path / "mmlu.jsonl", *items())
    command = ("-b", "mmlu", "--to", "ko", "--base-url", threaded_upstream.url)
    assert isogloss("terms", "learn", file, *command, "--out", tmp_path / "s.json").code == 0
    threaded_upstream.bodies.clear()
    shown = isogloss(
        "translate", file, *command, "--glossary", tmp_path / "s.json", "--out", tmp_path / "run"
    )
    assert shown.code == 0, shown.err
    assert sum("court => 법원" in told_of(body) for body in threaded_upstream.bodies) == 3
    again = isogloss("terms", "learn", file, *command, "--glossary", tmp_path / "s.json")
    assert "5 of them known" in again.told
    assert not (tmp_path / "none").exists(), "no database where none is needed"


def test_the_command_counts_without_a_model(isogloss: Isogloss, tmp_path: Path) -> None:
    file = jsonl(tmp_path / "mmlu.jsonl", *items())
    shown = isogloss("terms", "learn", file, "-b", "mmlu", "--to", "ko", "--engine", "none")
    assert shown.code == 0, shown.err
    assert "No model was asked" in shown.told
    assert "cell membrane" in shown.told
    assert (tmp_path / "mmlu.terms.json").exists()


def told_of(body: dict[str, Any]) -> str:
    """What a request for a translation says before the item."""
    content = body["messages"][-1]["content"]
    return str(content).split("Fields of the item")[0]


def answering(table: Mapping[str, Any]) -> Callable[[dict[str, Any]], Step | None]:
    """A model that knows these terms and translates items by calling everything 번역."""
    terms = says(table)

    def reply(body: dict[str, Any]) -> Step | None:
        schema = body["response_format"]["json_schema"]["schema"]
        if "terms" in schema["properties"]:
            return terms(body)
        texts = dict.fromkeys(texts_of(body), "법원의 방사선 번역인가?")
        return contents(json.dumps(texts, ensure_ascii=False))

    return reply


def test_a_run_learns_its_terms_first_and_tells_them(
    isogloss: Isogloss, threaded_upstream: Upstream, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATABASE", f"sqlite:///{tmp_path}/terms.db")
    threaded_upstream.reply = answering(KOREAN)
    file = jsonl(tmp_path / "mmlu.jsonl", *items())
    out = tmp_path / "run"
    command = (
        "translate", file, "-b", "mmlu", "--to", "ko", "--base-url", threaded_upstream.url,
        "--out", out, "--learn-terms", "--effort", "draft",
    )  # fmt: skip
    shown = isogloss(*command)
    assert shown.code == 0, shown.err
    asked, *translated = threaded_upstream.bodies
    assert "candidates" in asked["messages"][-1]["content"]
    hints = [told_of(body) for body in translated if "court" in told_of(body)]
    assert len(hints) == 3
    assert all("법원" in hint and "a suggestion" in hint for hint in hints)
    assert told(Glossary.model_validate_json((out / "terms.json").read_text("utf-8"))) == KOREAN

    threaded_upstream.bodies.clear()
    again = isogloss(*command)
    assert again.code == 0, again.err
    assert threaded_upstream.bodies == [], "nothing is asked twice"

    sheet = json.loads((out / "terms.json").read_text("utf-8"))
    for concept in sheet["concepts"]:
        for term in concept["terms"]:
            term["text"] = "재판소" if term["text"] == "법원" else term["text"]
    (out / "terms.json").write_text(json.dumps(sheet), "utf-8")
    assert isogloss(*command).code == 0
    assert len(threaded_upstream.bodies) == 3, "only the items with the changed term"


def test_a_run_puts_its_proposals_into_the_first_glossary(
    isogloss: Isogloss, threaded_upstream: Upstream, tmp_path: Path, monkeypatch: Any, store: Store
) -> None:
    monkeypatch.setenv("ISOGLOSS_DATABASE", f"sqlite:///{tmp_path}/terms.db")
    threaded_upstream.reply = answering(KOREAN)
    file = jsonl(tmp_path / "mmlu.jsonl", *items())
    command = (
        "translate", file, "-b", "mmlu", "--to", "ko", "--base-url", threaded_upstream.url,
        "--out", tmp_path / "run", "--learn-terms", "--glossary", "exams", "--effort", "draft",
    )  # fmt: skip
    shown = isogloss(*command)
    assert shown.code == 0, shown.err
    assert store.info("exams").proposals == len(KOREAN)

    court = next(c for c in store.glossary("exams").concepts if c.terms[0].text == "court")
    store.apply("exams", [Edit.delete(court.id, action=Action.REJECTED)], "Lin")
    threaded_upstream.bodies.clear()
    assert isogloss(*command).code == 0
    assert len(threaded_upstream.bodies) == 3, "only the items with the rejected term"
    assert not any("court =>" in told_of(body) for body in threaded_upstream.bodies)


def test_terms_are_not_learned_where_nobody_can_be_asked(
    isogloss: Isogloss, tmp_path: Path
) -> None:
    file = jsonl(tmp_path / "mmlu.jsonl", *items())
    for more in (("--dry-run",), ("--server", "http://127.0.0.1:1")):
        shown = isogloss("translate", file, "-b", "mmlu", "--to", "ko", "--learn-terms", *more)
        assert shown.code == 2
        assert "--learn-terms" in shown.told
