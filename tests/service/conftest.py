from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from service.cli.main import main
from tests.service.upstream import Upstream, in_thread, running


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """A model server that does what the test tells it."""
    async with running(Upstream()) as server:
        yield server


@pytest.fixture
def threaded_upstream() -> Iterator[Upstream]:
    """The same for a test without an event loop."""
    with in_thread(Upstream()) as server:
        yield server


@dataclass(frozen=True)
class Outcome:
    """What a command left on the screen; ``told`` is the error channel without line breaks."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> str:
        return " ".join(self.err.split())


@pytest.fixture
def isogloss(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Outcome]:
    """Run the command line in this process."""

    def run(*arguments: Any) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["isogloss", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return Outcome(int(ended.value.code or 0), shown.out, shown.err)

    return run
