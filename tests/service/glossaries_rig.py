"""A service with one glossary, and what every answer about glossaries must have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from service.settings import Settings
from tests.service.rig import client

FRACTION = {
    "id": "fraction",
    "domain": "maths",
    "terms": [{"language": "en", "text": "fraction"}, {"language": "zh-TW", "text": "分數"}],
}
ANN = {"X-Isogloss-User": "ann"}


@asynccontextmanager
async def exams_service(folder: Path) -> AsyncIterator[Any]:
    """A client of a service that has the glossary ``exams`` and nothing in it."""
    async with client(Settings(database=f"sqlite:///{folder}/a.db")) as opened:
        made = await opened.post("/glossaries", json={"name": "exams"}, headers=ANN)
        assert made.status_code == 201
        yield opened
        opened.app.state.parts.store.close()


async def ask(http: Any, method: str, path: str, status: int, **more: Any) -> Any:
    """The body of an answer that has this status; a refusal says what to do."""
    answer = await http.request(method, f"/glossaries{path}", **more)
    assert answer.status_code == status, answer.text
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert body["detail"]
        assert body["remedy"]
        assert body["type"].startswith("urn:isogloss:problem:")
    return answer.json()


def problem_type(body: dict[str, Any]) -> str:
    return str(body["type"]).removeprefix("urn:isogloss:problem:")


async def add(http: Any, *ids: str, **more: Any) -> None:
    edits = [{"concept": {**FRACTION, "id": id_, **more}, "version": 0} for id_ in ids]
    await ask(http, "POST", "/exams/edits", 200, json={"edits": edits})
