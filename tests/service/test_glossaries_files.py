"""Glossaries as files over HTTP."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any

import openpyxl
import pytest

from tests.service.rig import client

TSV = "en\tko\nvelocity\t속도\nspeed\t속력\n".encode()
FILE = {"Content-Type": "application/octet-stream", "X-Isogloss-User": "Mei"}


@pytest.fixture
async def http() -> AsyncIterator[Any]:
    async with client() as made:
        yield made
        made.app.state.parts.store.close()


async def test_a_file_is_shown_first_then_imported_as_one_change_and_comes_back_equal(
    http: Any,
) -> None:
    address = "/glossaries/physics/import"
    shown = await http.post(f"{address}?dry_run=true", content=TSV, headers=FILE)
    assert shown.status_code == 200, shown.text
    assert shown.json()["counts"]["added"] == 2
    assert shown.json()["version"] is None
    assert (await http.get("/glossaries/physics/info")).status_code == 404
    done = (await http.post(address, content=TSV, headers=FILE)).json()
    assert (done["written"], done["version"]) == (2, 2)
    (change, *_) = (await http.get("/glossaries/physics/changesets")).json()["records"]
    assert (change["who"], change["actions"]) == ("Mei", {"imported": 2})
    before = (await http.get("/glossaries/physics")).json()
    for name in ("tbx", "xlsx", "csv", "json"):
        file = await http.get(f"/glossaries/physics/export?format={name}")
        assert file.headers["x-isogloss-losses"] == "0"
        again = await http.post(address, content=file.content, headers=FILE)
        assert again.json()["counts"]["unchanged"] == 2, again.text
    assert (await http.get("/glossaries/physics")).json() == before


async def test_what_another_has_settled_is_a_conflict_until_it_is_accepted(http: Any) -> None:
    address = "/glossaries/mechanics/import"
    await http.post(address, content=TSV, headers=FILE)
    other = "en\tko\nvelocity\t빠르기\n".encode()
    shown = (await http.post(address, content=other, headers=FILE)).json()
    (entry,) = shown["entries"]
    assert (entry["effect"], shown["written"]) == ("conflict", 0)
    taken = await http.post(f"{address}?accept=all", content=other, headers=FILE)
    assert taken.json()["written"] == 1


async def test_a_spreadsheet_is_a_spreadsheet(http: Any) -> None:
    await http.post("/glossaries/optics/import", content=TSV, headers=FILE)
    file = await http.get("/glossaries/optics/export")
    assert 'filename="optics.xlsx"' in file.headers["content-disposition"]
    assert openpyxl.load_workbook(io.BytesIO(file.content)).worksheets


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("/import", b"", 422, ""),
        ("/import", b"a,b\n1,2\n", 422, "columns"),
        ("/import?format=tbx", b"<tbx><!DOCTYPE x>", 422, ""),
        ("/import?pair=en", TSV, 422, "en>zh-TW"),
        ("/import?format=exel", TSV, 422, "xlsx"),
        ("/export?format=deepl", None, 404, ""),
    ],
)
async def test_what_cannot_be_read_says_what_to_do(
    http: Any, path: str, body: bytes | None, status: int, told: str
) -> None:
    address = f"/glossaries/nowhere{path}"
    if body is None:
        answer = await http.get(address)
    else:
        answer = await http.post(address, content=body, headers=FILE)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.text
