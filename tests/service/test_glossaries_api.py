"""``/glossaries``: glossaries and concepts, edits that meet, many at once, matching."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.service.glossaries_rig import ANN, FRACTION, add, ask, exams_service, problem_type
from tests.service.rig import client


@pytest.fixture
async def http(tmp_path: Path) -> AsyncIterator[Any]:
    async with exams_service(tmp_path) as opened:
        yield opened


# Glossaries


async def test_a_glossary_is_made_described_deleted_and_restored(http: Any) -> None:
    (info,) = await ask(http, "GET", "", 200)
    assert (info["name"], info["version"], info["changed_by"]) == ("exams", 1, "ann")
    told = await http.patch(
        "/glossaries/exams", json={"title": "Terms"}, headers={"If-Match": '"1"'}
    )
    assert (told.json()["title"], told.headers["etag"]) == ("Terms", '"2"')
    stale = await ask(http, "DELETE", "/exams", 412, headers={"If-Match": '"1"'})
    assert problem_type(stale) == "glossary_changed"
    deleted = await ask(http, "DELETE", "/exams", 200, headers={"If-Match": '"2"'})
    assert deleted == {"version": 3}
    assert await ask(http, "GET", "", 200) == []
    gone = await ask(http, "GET", "/exams", 404)
    assert gone["remedy"] == "Restore it to version 2."
    assert (await ask(http, "GET", "?deleted=true", 200))[0]["name"] == "exams"
    taken = await ask(http, "POST", "", 409, json={"name": "exams"})
    assert problem_type(taken) == "glossary_exists"
    assert await ask(http, "POST", "/exams/restore", 200, json={"version": 2}) == {"version": 4}
    assert (await ask(http, "GET", "/exams/info", 200))["title"] == "Terms"


async def test_a_glossary_is_read_at_any_version(http: Any) -> None:
    await add(http, "a", "b")
    await ask(http, "DELETE", "/exams/concepts/a", 200, headers={"If-Match": '"1"'})
    now = await http.get("/glossaries/exams")
    assert now.headers["etag"] == '"3"'
    assert [each["id"] for each in now.json()["concepts"]] == ["b"]
    then = await ask(http, "GET", "/exams?version=2", 200)
    assert [each["id"] for each in then["concepts"]] == ["a", "b"]
    never = await ask(http, "GET", "/exams?version=4", 404)
    assert problem_type(never) == "unknown_version"


# Concepts


async def test_a_concept_is_added_changed_deleted_and_restored(http: Any) -> None:
    added = await http.post("/glossaries/exams/concepts", json=FRACTION, headers=ANN)
    assert added.status_code == 201
    assert added.headers["etag"] == '"1"'
    assert added.headers["location"] == "/glossaries/exams/concepts/fraction"
    path = "/exams/concepts/fraction"
    patched = await http.patch(
        f"/glossaries{path}", json={"note": "n"}, headers={"If-Match": added.headers["etag"]}
    )
    assert patched.headers["etag"] == '"2"'
    assert patched.json()["concept"]["note"] == "n"
    assert patched.json()["concept"]["domain"] == "maths", "what is left out stays"
    written = await http.put(f"/glossaries{path}", json=FRACTION, headers={"If-Match": '"2"'})
    assert (written.status_code, written.headers["etag"]) == (200, '"3"')
    assert written.json()["concept"]["note"] == "", "what is left out of a whole is as usual"
    assert await ask(http, "DELETE", path, 200, headers={"If-Match": '"3"'}) == {"version": 5}
    gone = await ask(http, "GET", path, 404)
    assert problem_type(gone) == "unknown_concept"
    (listed,) = await ask(http, "GET", "/exams/deleted", 200)
    assert (listed["concept"]["id"], listed["version"]) == ("fraction", 4)
    back = await ask(http, "POST", f"{path}/restore", 200, json={"version": 2})
    assert (back["version"], back["concept"]["note"]) == (5, "n")
    history = await ask(http, "GET", f"{path}/history", 200)
    assert [each["action"] for each in history["records"]] == [
        "restored",
        "deleted",
        "edited",
        "edited",
        "created",
    ]
    assert history["records"][-1]["who"] == "ann"
    assert history["records"][0]["who"] == "anonymous"
    assert history["records"][0]["before"] is None
    assert history["records"][0]["after"]["note"] == "n"


async def test_a_concept_without_an_id_is_given_one(http: Any) -> None:
    terms = {"terms": [{"language": "ko", "text": "분수"}]}
    one = await ask(http, "POST", "/exams/concepts", 201, json=terms)
    two = await ask(http, "POST", "/exams/concepts", 201, json=terms)
    assert one["concept"]["id"] != two["concept"]["id"]


async def test_an_id_is_taken_once(http: Any) -> None:
    await add(http, "fraction")
    taken = await ask(http, "POST", "/exams/concepts", 409, json=FRACTION)
    assert problem_type(taken) == "concept_exists"


async def test_a_new_concept_may_be_put_under_its_id(http: Any) -> None:
    path = "/exams/concepts/fraction"
    await ask(http, "PUT", path, 201, json=FRACTION, headers={"If-None-Match": "*"})
    again = await ask(http, "PUT", path, 412, json=FRACTION, headers={"If-None-Match": "*"})
    assert again["conflicts"][0]["your_version"] == 0
    wrong = await ask(http, "PUT", "/exams/concepts/other", 422, json=FRACTION)
    assert problem_type(wrong) == "id_mismatch"
    await ask(
        http,
        "PUT",
        "/exams/concepts/x",
        404,
        json={**FRACTION, "id": "x"},
        headers={"If-Match": '"1"'},
    )


async def test_a_refused_edit_shows_both_sides(http: Any) -> None:
    await add(http, "fraction")
    path = "/exams/concepts/fraction"
    theirs = {**FRACTION, "note": "theirs"}
    await ask(http, "PUT", path, 200, json=theirs, headers={"If-Match": '"1"', **ANN})
    mine = {**FRACTION, "note": "mine"}
    refused = await ask(http, "PUT", path, 412, json=mine, headers={"If-Match": '"1"'})
    assert problem_type(refused) == "concept_changed"
    (conflict,) = refused["conflicts"]
    assert (conflict["id"], conflict["your_version"]) == ("fraction", 1)
    assert conflict["yours"]["note"] == "mine"
    assert conflict["current"]["concept"]["note"] == "theirs"
    assert (conflict["current"]["version"], conflict["current"]["changed_by"]) == (2, "ann")
    await ask(http, "PUT", path, 200, json=mine, headers={"If-Match": '"2"'})
    deleted = await ask(http, "DELETE", path, 412, headers={"If-Match": '"1"'})
    assert deleted["conflicts"][0]["yours"] is None
    await ask(http, "DELETE", path, 200, headers={"If-Match": "*"})
    late = await ask(http, "PUT", path, 412, json=mine, headers={"If-Match": '"3"'})
    assert late["conflicts"][0]["current"] is None, "it was deleted meanwhile"
    assert late["conflicts"][0]["yours"]["note"] == "mine"
    gone = await ask(http, "PUT", path, 404, json=mine, headers={"If-Match": "*"})
    assert gone["remedy"] == "Restore it to its version 3."


async def test_a_change_must_say_what_it_has_seen(http: Any) -> None:
    await add(http, "fraction")
    path = "/exams/concepts/fraction"
    for method, body in (("PUT", FRACTION), ("PATCH", {"note": "x"}), ("DELETE", None)):
        missing = await ask(http, method, path, 428, json=body)
        assert '"1"' in missing["detail"]
    await ask(http, "PATCH", "/exams", 428, json={"title": "x"})
    await ask(http, "DELETE", "/exams", 428)


@pytest.mark.parametrize("tag", ["3", 'W/"1"', '"x"', '"1", "2"', '"1', "", '"99999999999999"'])
async def test_a_condition_that_cannot_be_read_is_refused(http: Any, tag: str) -> None:
    await add(http, "fraction")
    refused = await ask(http, "DELETE", "/exams/concepts/fraction", 400, headers={"If-Match": tag})
    assert problem_type(refused) == "bad_condition"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"ann", "ann"),
        ("王小明".encode(), "王小明"),
        (b"%ED%99%8D%EA%B8%B8%EB%8F%99", "홍길동"),
        (b"", "anonymous"),
        (b"  ", "anonymous"),
    ],
)
async def test_the_history_shows_who_it_was(http: Any, sent: bytes, shown: str) -> None:
    headers = [(b"x-isogloss-user", sent)]
    await ask(http, "POST", "/exams/concepts", 201, json=FRACTION, headers=headers)
    history = await ask(http, "GET", "/exams/history?limit=1", 200)
    assert history["records"][0]["who"] == shown


@pytest.mark.parametrize("name", [b"\xff", b"%00", b"%ff", b"x" * 101])
async def test_a_name_that_cannot_be_shown_is_refused(http: Any, name: bytes) -> None:
    headers = [(b"x-isogloss-user", name)]
    refused = await ask(http, "POST", "/exams/concepts", 400, json=FRACTION, headers=headers)
    assert problem_type(refused) == "bad_user"


# Many at once


async def test_edits_are_made_together_or_not_at_all(http: Any) -> None:
    await add(http, "a", "b")
    edits = [
        {"concept": {**FRACTION, "id": "c"}, "version": 0},
        {"concept": {**FRACTION, "id": "a", "note": "x"}, "version": 1},
        {"delete": "b", "version": 9},
    ]
    refused = await ask(http, "POST", "/exams/edits", 412, json={"edits": edits})
    assert [each["id"] for each in refused["conflicts"]] == ["b"]
    assert (await ask(http, "GET", "/exams/info", 200))["version"] == 2
    edits[2]["version"] = None
    body = {"edits": edits, "comment": "agreed"}
    await ask(http, "POST", "/exams/edits", 412, json=body, headers={"If-Match": '"1"'})
    made = await ask(http, "POST", "/exams/edits", 200, json=body, headers={"If-Match": '"2"'})
    assert made == {"version": 3}
    page = await ask(http, "GET", "/exams/concepts", 200)
    assert [each["concept"]["id"] for each in page["records"]] == ["a", "c"]
    history = await ask(http, "GET", "/exams/history?version=3", 200)
    assert [each["comment"] for each in history["records"]] == ["agreed"] * 3
    sets = await ask(http, "GET", "/exams/changesets?limit=1", 200)
    assert sets["records"][0]["actions"] == {"created": 1, "edited": 1, "deleted": 1}
    assert sets["total"] == 3
    diff = await ask(http, "GET", "/exams/diff?since=2", 200)
    assert [each["id"] for each in diff["records"]] == ["c", "a", "b"]
    assert diff["records"][2]["after"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"edits": []},
        {"edits": [{"version": 0}]},
        {"edits": [{"delete": "a"}]},
        {"edits": [{"delete": "a", "concept": FRACTION, "version": 1}]},
        {"edits": [{"delete": "a", "version": -1}]},
        {"edits": [{"concept": {**FRACTION, "terms": []}, "version": 0}]},
        {"edits": [{"delete": "a", "version": 1}], "typo": 1},
    ],
    ids=str,
)
async def test_edits_that_cannot_be_read_are_refused(http: Any, body: Any) -> None:
    refused = await ask(http, "POST", "/exams/edits", 422, json=body)
    assert refused["errors"]


async def test_too_many_edits_are_refused(tmp_path: Path) -> None:
    async with client(Settings(database=f"sqlite:///{tmp_path}/a.db", max_items=2)) as http:
        await http.post("/glossaries", json={"name": "exams"})
        edits = [{"delete": str(number), "version": None} for number in range(3)]
        refused = await ask(http, "POST", "/exams/edits", 413, json={"edits": edits})
        http.app.state.parts.store.close()
    assert "3 edits" in refused["detail"]


async def test_concepts_are_filtered_sorted_and_paged(http: Any) -> None:
    await add(http, "b", "a")
    await add(http, "c", terms=[{"language": "ko", "text": "각", "status": "forbidden"}])
    for query, found in (
        ("", "bac"),
        ("?sort=id", "abc"),
        ("?sort=id&descending=true&limit=2", "cb"),
        ("?q=FRACTION", "ba"),
        ("?language=zh-Hant", "ba"),
        ("?status=forbidden", "c"),
        ("?domain=maths&offset=2", "c"),
        ("?domain=", ""),
        ("?benchmark=mmlu&limit=1", "b"),
    ):
        page = await ask(http, "GET", f"/exams/concepts{query}", 200)
        assert "".join(each["concept"]["id"] for each in page["records"]) == found, query
    for query in ("?sort=colour", "?limit=0", "?limit=1001", "?offset=-1", "?language=zh"):
        await ask(http, "GET", f"/exams/concepts{query}", 422)


async def test_proposals_are_accepted_and_rejected(http: Any) -> None:
    proposed = [
        {"language": "en", "text": "numerator", "status": "proposed"},
        {"language": "ko", "text": "분자", "status": "proposed"},
    ]
    await add(http, "a", "b", "c", terms=proposed)
    await add(http, "d")
    page = await ask(http, "GET", "/exams/proposals?language=ko", 200)
    assert page["total"] == 3
    accept = {"concepts": [{"id": "a", "version": 1}, {"id": "b"}]}
    await ask(http, "POST", "/exams/proposals/accept", 200, json=accept, headers=ANN)
    again = await ask(http, "POST", "/exams/proposals/accept", 409, json=accept | {"languages": []})
    assert problem_type(again) == "not_proposed" or again["conflicts"]
    ko = {"concepts": [{"id": "c"}], "languages": ["ko"]}
    await ask(http, "POST", "/exams/proposals/reject", 200, json=ko)
    (rejected,) = await ask(http, "GET", "/exams/rejected", 200)
    assert rejected["id"] == "c"
    history = await ask(http, "GET", "/exams/concepts/a/history", 200)
    assert (history["records"][0]["action"], history["records"][0]["who"]) == ("accepted", "ann")
    assert [each["status"] for each in history["records"][0]["after"]["terms"]] == ["preferred"] * 2


# Matching


async def test_terms_of_a_text_are_found_with_their_places(http: Any) -> None:
    await add(http, "fraction")
    body = {"text": "A fraction, and 分數.", "language": "en"}
    answer = await ask(http, "POST", "/exams/match", 200, json=body)
    assert answer["glossary"] == "exams@2"
    (found,) = answer["matches"]
    assert body["text"][found["start"] : found["end"]] == "fraction"
    assert (found["concept"]["id"], found["term"]["text"]) == ("fraction", "fraction")
    told = await ask(http, "POST", "/exams/match", 200, json=body | {"target": "zh-TW"})
    assert len(told["matches"]) == 1
    nothing = await ask(http, "POST", "/exams/match", 200, json=body | {"target": "ko"})
    assert nothing["matches"] == []
