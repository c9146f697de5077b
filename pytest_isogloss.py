"""For a team's own tests: the fixture ``isogloss_regress`` compares two runs.

    def test_korean_has_not_become_worse(isogloss_regress):
        isogloss_regress("snapshots/ko", "runs/now").assert_no_regression()

pytest loads this file in every project of the environment, so it imports nothing until it is used;
and it stands outside ``service``, so that it takes that name from no project with such a package.
Margins that hold for all tests are set in the project's configuration:

    [tool.pytest.ini_options]
    isogloss_margins = ["round_trip.chrf=0.5", "share.unusable=0.01"]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from eval.regress.result import Comparison

_MARGINS = "isogloss_margins"


@dataclass(frozen=True, slots=True)
class Compared:
    """The outcome of comparing two runs; ``result`` has everything that was found."""

    result: Comparison

    def assert_no_regression(self) -> None:
        """Fail the test if the newer run is a regression, or if scores are missing.

        Raises:
            AssertionError: naming numbers and items, with the same text as ``isogloss regress
                compare --markdown``.
        """
        __tracebackhide__ = True
        if not self.result.passes:
            from eval.regress.markdown import as_markdown

            raise AssertionError(as_markdown(self.result))


def pytest_addoption(parser: pytest.Parser) -> None:
    """The setting for margins."""
    parser.addini(_MARGINS, "Differences that do not matter, KEY=VALUE.", type="linelist")


@pytest.fixture
def isogloss_regress(request: pytest.FixtureRequest) -> Callable[..., Compared]:
    """Compare two snapshots, or folders of runs; relative paths start at pytest's root folder.

    Called with the old and the new folder, and with anything that
    ``eval.regress.criteria.Criteria`` knows: ``margins``, ``item_margins``, ``alpha``,
    ``tolerated``, ``metrics``, ``same_system``. Margins go before those of the configuration.
    Errors of this package are raised as they are, with what to do as a note.
    """
    root, stated = request.config.rootpath, request.config.getini(_MARGINS)

    def regress(old: str | Path, new: str | Path, **criteria: Any) -> Compared:
        from eval.errors import EvalError
        from eval.regress.compare import compare
        from eval.regress.criteria import Criteria, read_margins
        from service.files.snapshots import load_snapshot

        margins: Mapping[str, float] = criteria.pop("margins", {})
        try:
            chosen = Criteria(margins={**read_margins(stated), **margins}, **criteria)
            return Compared(compare(load_snapshot(root / old), load_snapshot(root / new), chosen))
        except EvalError as error:
            error.add_note(f"What to do: {error.remedy}")
            raise

    return regress
