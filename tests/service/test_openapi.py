"""The API's description of itself: whole, and true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.service.rig import client, question, request


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from walk(inner)


@pytest.fixture
async def openapi() -> dict[str, Any]:
    async with client() as http:
        return dict((await http.get("/openapi.json")).json())


async def test_the_description_hangs_together(openapi: dict[str, Any]) -> None:
    assert openapi["openapi"].startswith("3.1")
    schemas = openapi["components"]["schemas"]
    for node in walk(openapi):
        if isinstance(node.get("$ref"), str):
            assert node["$ref"].removeprefix("#/components/schemas/") in schemas
    operations = [each for path in openapi["paths"].values() for each in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    assert all(operation["description"] for operation in operations)


async def test_the_description_names_every_route(openapi: dict[str, Any]) -> None:
    assert openapi["paths"].keys() == {
        "/translate",
        "/translate/benchmark",
        "/score",
        "/scoring-metrics",
        "/benchmarks",
        "/benchmarks/{name}",
        "/languages",
        "/engines",
        "/healthz",
        "/readyz",
        "/metrics",
        "/glossaries",
        "/glossaries/{name}",
        "/glossaries/{name}/info",
        "/glossaries/{name}/restore",
        "/glossaries/{name}/history",
        "/glossaries/{name}/changesets",
        "/glossaries/{name}/diff",
        "/glossaries/{name}/rejected",
        "/glossaries/{name}/deleted",
        "/glossaries/{name}/match",
        "/glossaries/{name}/edits",
        "/glossaries/{name}/import",
        "/glossaries/{name}/export",
        "/glossaries/{name}/concepts",
        "/glossaries/{name}/concepts/{id}",
        "/glossaries/{name}/concepts/{id}/restore",
        "/glossaries/{name}/concepts/{id}/history",
        "/glossaries/{name}/proposals",
        "/glossaries/{name}/proposals/accept",
        "/glossaries/{name}/proposals/reject",
    }


async def test_problems_are_described_with_their_media_type(openapi: dict[str, Any]) -> None:
    responses = openapi["paths"]["/translate/benchmark"]["post"]["responses"]
    for status in ("400", "404", "413", "415", "422", "502", "503"):
        content = responses[status]["content"]
        assert list(content) == ["application/problem+json"], status
        assert content["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


async def test_every_field_of_a_request_is_described(openapi: dict[str, Any]) -> None:
    for name in ("TranslateRequest", "BenchmarkRequest"):
        for field, schema in openapi["components"]["schemas"][name]["properties"].items():
            assert schema.get("description"), f"{name}.{field}"


async def test_examples_are_accepted_by_the_api_itself(openapi: dict[str, Any]) -> None:
    schemas = openapi["components"]["schemas"]
    async with client() as http:
        for path, name in (
            ("/translate", "TranslateRequest"),
            ("/translate/benchmark", "BenchmarkRequest"),
        ):
            found = schemas[name].get("examples") or [schemas[name]["example"]]
            for example in found:
                answer = await http.post(path, json=example)
                assert answer.status_code == 200, answer.text
                assert answer.json()["results"][0]["verdict"] == "ok"


async def test_the_example_of_a_problem_is_what_the_api_answers(openapi: dict[str, Any]) -> None:
    schema = openapi["components"]["schemas"]["Problem"]
    example = (schema.get("examples") or [schema["example"]])[0]
    async with client() as http:
        answer = await http.post("/translate/benchmark", json=request(question(), benchmark="cmlu"))
    told = answer.json()
    assert {key: told[key] for key in ("type", "title", "status", "detail")} == {
        key: example[key] for key in ("type", "title", "status", "detail")
    }


async def test_the_pages_for_people_are_there() -> None:
    async with client() as http:
        assert "swagger" in (await http.get("/docs")).text.lower()
