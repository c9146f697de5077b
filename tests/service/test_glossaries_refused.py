"""``/glossaries``: what cannot be served is refused with a reason, and nothing is undocumented."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.service.glossaries_rig import FRACTION, add, ask, exams_service, problem_type
from tests.service.rig import client


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Any]:
    async with exams_service(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/none"),
        ("GET", "/none/info"),
        ("GET", "/none/concepts"),
        ("GET", "/none/history"),
        ("GET", "/none/changesets"),
        ("GET", "/none/diff?since=1"),
        ("GET", "/none/rejected"),
        ("GET", "/none/deleted"),
        ("GET", "/none/proposals"),
        ("GET", "/exams/concepts/none"),
        ("GET", "/exams/concepts/none/history"),
        ("GET", "/exams/history?version=9"),
        ("GET", "/exams/diff?since=9"),
    ],
)
async def test_what_is_not_there_is_a_404(http: Any, method: str, path: str) -> None:
    await ask(http, method, path, 404)


@pytest.mark.parametrize("name", ["UPPER", "%00", "a b", "x" * 65, "..%2f", "%ff"])
async def test_names_that_cannot_be_are_refused(http: Any, name: str) -> None:
    answer = await http.get(f"/glossaries/{name}/info")
    assert answer.status_code in (404, 422)
    await ask(http, "POST", "", 422, json={"name": name})


@pytest.mark.parametrize(
    "change",
    [
        {"id": "a b"},
        {"terms": []},
        {"terms": [{"language": "fr", "text": "x"}]},
        {"terms": [{"language": "en", "text": "a\nb"}]},
        {"terms": [{"language": "en", "text": "a"}, {"language": "en", "text": "a"}]},
        {"note": "NUL \u0000"},
        {"colour": "red"},
    ],
    ids=str,
)
async def test_a_concept_that_cannot_be_is_refused(http: Any, change: dict[str, Any]) -> None:
    refused = await ask(http, "POST", "/exams/concepts", 422, json=FRACTION | change)
    assert refused["errors"]


async def test_a_lone_surrogate_is_refused(http: Any) -> None:
    content = b'{"id": "a", "note": "\\ud800", "terms": [{"language": "en", "text": "a"}]}'
    await ask(
        http,
        "POST",
        "/exams/concepts",
        422,
        content=content,
        headers={"Content-Type": "application/json"},
    )


async def test_a_database_that_does_not_answer_is_a_503() -> None:
    settings = Settings(database="postgresql://ann:secret@127.0.0.1:9/none")
    async with client(settings) as http:
        refused = await ask(http, "GET", "", 503)
    assert problem_type(refused) == "database_unavailable"
    assert "secret" not in str(refused)


async def test_a_slow_store_does_not_hold_others_up(
    http: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = http.app.state.parts.store
    asked, answers = threading.Event(), threading.Event()

    def info(name: str) -> None:
        asked.set()
        answers.wait(60)

    monkeypatch.setattr(store, "info", info)
    slow = asyncio.create_task(http.get("/glossaries/exams/info"))
    await asyncio.to_thread(asked.wait, 60)
    assert (await http.get("/healthz")).status_code == 200
    assert not slow.done()
    answers.set()
    await slow


async def test_examples_of_the_description_are_accepted(http: Any) -> None:
    schemas = (await http.get("/openapi.json")).json()["components"]["schemas"]
    example = {name: schema["example"] for name, schema in schemas.items() if "example" in schema}
    await ask(http, "POST", "/exams/concepts", 201, json=example["NewConcept"])
    await add(http, "vulgar-fraction")
    numerator = {**FRACTION, "id": "numerator"}
    numerator["terms"] = [{"language": "ko", "text": "분자", "status": "proposed"}]
    await ask(http, "POST", "/exams/concepts", 201, json=numerator)
    await ask(http, "POST", "/exams/proposals/accept", 200, json=example["DecisionRequest"])
    any_version = {"If-Match": "*"}
    path = "/exams/concepts/fraction"
    await ask(http, "PATCH", path, 200, json=example["ConceptPatch"], headers=any_version)
    await ask(http, "PATCH", "/exams", 200, json=example["GlossaryPatch"], headers=any_version)
    await ask(http, "POST", "/exams/match", 200, json=example["MatchRequest"])
    await ask(http, "POST", "/exams/restore", 200, json=example["RestoreRequest"])
    edits = example["EditsRequest"]["edits"]
    edits[0]["version"] = edits[1]["version"] = None
    await ask(http, "POST", "/exams/edits", 200, json=example["EditsRequest"])


async def test_every_answer_is_described(http: Any) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]
    for path, operations in paths.items():
        if not path.startswith("/glossaries"):
            continue
        for method, operation in operations.items():
            assert {"404", "503"} <= operation["responses"].keys(), path
            for parameter in operation.get("parameters", []):
                if parameter["name"] != "descending":
                    assert parameter.get("description"), (path, parameter["name"])
            if method in ("put", "patch", "delete"):
                assert {"412", "428"} <= operation["responses"].keys(), path
