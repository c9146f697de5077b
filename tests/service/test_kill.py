"""What the service acknowledged is there after ``kill -9``; ``bench.glossary_kill`` in short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.glossary_kill import one_round


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kill.db"
    new: Callable[[], str] = request.getfixturevalue("new_postgres")
    return new()


@pytest.mark.timeout(180)
def test_no_acknowledged_edit_is_lost_and_none_is_there_in_part(database: str) -> None:
    result = one_round(database, edits=120, clients=12, seed=1)
    assert result["faults"] == []
    assert 30 <= result["acknowledged_at_first_kill"] < 120 <= result["acknowledged"]
    assert result["in_doubt"] > 0, "nobody was in the middle of an edit: the kill came too late"
