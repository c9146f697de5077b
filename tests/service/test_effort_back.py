"""The way back as a hint for the critique: shown where there is one, paid, and never needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from eval.segment import Segment
from service.engines.errors import EngineError, EngineUnavailable
from service.engines.purse import Budget, Purse, Usage
from tests.service import upstream as play
from tests.service.effort_rig import (
    PARAPHRASE,
    THOROUGH,
    asked,
    errors,
    good,
    kinds,
    stage,
    stages,
    with_question,
    worked,
)
from tests.service.upstream import Upstream


class Back:
    """Says each text with a word before it, each of its calls for three tokens."""

    signature = "back/scripted"

    def __init__(self, fault: EngineError | None = None, calls: int = 1) -> None:
        self.fault, self.calls = fault, calls

    async def translated(
        self, segments: Iterable[Segment], purse: Purse | None = None, leave: int = 0
    ) -> tuple[Mapping[str, str] | EngineError, Usage]:
        assert purse is not None
        cost = Usage(1, 5, 3)
        for bound in purse.grant([3] * self.calls, leave=leave).bounds:
            async with purse.call(bound) as told:
                told(cost)
        return self.fault or {each.id: f"again {each.text}" for each in segments}, cost


FIRST = play.candidates(good, with_question(PARAPHRASE))


async def test_a_critique_is_shown_the_way_back(upstream: Upstream) -> None:
    record = await worked(upstream, FIRST, errors(), effort=THOROUGH, candidates=2, back=Back())
    assert kinds(upstream) == ["translate", "critique"]
    assert "again 電腦的網絡" in asked(upstream.bodies[1])
    assert stages(record)[1:] == [("back_translate", "done"), ("critique", "done")]
    assert stage(record, "back_translate").calls == 1
    assert "|critique:back/scripted" in record.provenance.signature


async def test_without_it_the_critique_goes_on(upstream: Upstream) -> None:
    gone = Back(EngineUnavailable("b", "it is not there"))
    record = await worked(upstream, FIRST, errors(), effort=THOROUGH, candidates=2, back=gone)
    assert stages(record)[1:] == [("back_translate", "failed"), ("critique", "done")]
    assert "again" not in asked(upstream.bodies[1])


@pytest.mark.parametrize(
    ("budget", "calls", "came_of_it"),
    [(4, 1, "done"), (3, 1, "skipped"), (8, 5, "done"), (7, 5, "skipped")],
    ids=["enough", "none for an edit", "enough for each text", "not enough for each text"],
)
async def test_it_is_paid_from_what_critique_and_edit_leave(
    upstream: Upstream, budget: int, calls: int, came_of_it: str
) -> None:
    """A back-translator that takes one text per request would use up a small budget alone."""
    options: dict[str, Any] = {"effort": THOROUGH, "candidates": 2, "budget": Budget(calls=budget)}
    record = await worked(upstream, FIRST, errors(), **options, back=Back(calls=calls))
    assert stages(record)[1:] == [("back_translate", came_of_it), ("critique", "done")]
    assert record.provenance.calls == 2 + calls * (came_of_it == "done")
    assert budget - record.provenance.calls >= 1


async def test_without_a_call_for_the_edit_nothing_is_criticised(upstream: Upstream) -> None:
    options: dict[str, Any] = {"effort": THOROUGH, "candidates": 2, "budget": Budget(calls=2)}
    record = await worked(upstream, FIRST, **options, back=Back())
    assert stages(record)[1:] == [("critique", "skipped")]
