from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from glossary.store.port import Store
from tests.glossary.stores import store_at


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deep/glossary.db"
    new: Callable[[], str] = request.getfixturevalue("new_postgres")
    return new()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = store_at(url)
    made.create("exams", "ann", title="Exams")
    yield made
    made.close()
