"""The way back as a hint for the critique: shown where there is one, paid, and never needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
    """Says each text with a word before it, for one call of three tokens."""

    signature = "back/scripted"

    def __init__(self, fault: EngineError | None = None) -> None:
        self.fault = fault

    async def translated(
        self, segments: Iterable[Segment], purse: Purse | None = None
    ) -> tuple[Mapping[str, str] | EngineError, Usage]:
        assert purse is not None
        cost = Usage(1, 5, 3)
        async with purse.call(3) as told:
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


@pytest.mark.parametrize(("calls", "paid"), [(4, 3), (3, 1)], ids=["enough", "none for an edit"])
async def test_it_is_paid_from_the_items_budget(upstream: Upstream, calls: int, paid: int) -> None:
    budget = Budget(calls=calls)
    record = await worked(
        upstream, FIRST, errors(), effort=THOROUGH, candidates=2, back=Back(), budget=budget
    )
    done = [("back_translate", "done"), ("critique", "done")]
    assert stages(record)[1:] == (done if paid == 3 else [("critique", "skipped")])
    assert record.provenance.calls == paid
