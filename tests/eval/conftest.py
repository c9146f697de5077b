"""Items by small recipes, and translations that are easy to recognise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from eval.benchmarks.item import BenchmarkItem, read_item
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.checks.base import Finding
from eval.checks.suite import check_item
from glossary.language import parse_pair


def inline_recipe(fields: dict[str, Any], **more: Any) -> Recipe:
    return read_recipe({"fields": fields, **more})


def item_of(data: Any, fields: dict[str, Any], **more: Any) -> BenchmarkItem:
    return read_item(data, inline_recipe(fields, **more))


def findings_of(
    data: Any,
    fields: dict[str, Any],
    translations: dict[str, str],
    pair: str = "en>zh-TW",
    category: str = "knowledge",
) -> list[Finding]:
    """Findings over an item; segments that are not named keep their source text."""
    item = item_of(data, fields)
    source = {segment.id: segment.text for segment in item.segments}
    assert translations.keys() <= source.keys()
    return check_item(item, source | translations, parse_pair(pair), category)


def moved(text: str) -> str:
    """Another letter for every letter, one for one: what stood in a text still stands in it."""

    def other(char: str) -> str:
        if "\u4e00" <= char < "\u9f00" or "\uac00" <= char < "\ud700":
            return chr(ord(char) + 1)
        return char.swapcase()

    return "".join(map(other, text))


@pytest.fixture(scope="session")
def recipe_of() -> Callable[..., Recipe]:
    return inline_recipe


@pytest.fixture(scope="session")
def read() -> Callable[..., BenchmarkItem]:
    return item_of


@pytest.fixture(scope="session")
def check() -> Callable[..., list[Finding]]:
    return findings_of


@pytest.fixture(scope="session")
def move() -> Callable[[str], str]:
    return moved
