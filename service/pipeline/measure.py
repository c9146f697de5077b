"""What is found out about an item once it is translated: its way back, its scores, its answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from eval.metrics.base import MetricInfo
from eval.run_log import ItemRecord, RunInfo, Verdict

_LOG = logging.getLogger("isogloss.pipeline")


class Measure(Protocol):
    """Port of everything that measures finished items; one after the other looks at each item."""

    @property
    def signature(self) -> str:
        """What it does, in a few signs, for the run's signature."""
        ...

    @property
    def caveats(self) -> Sequence[str]:
        """What a reader of its results must know; more may come with the items."""
        ...

    async def info(self) -> Mapping[str, MetricInfo]:
        """Make ready and say how its scores are made, by use and metric; cheap when asked again.

        Raises:
            EvalError, ServiceError: it cannot be made ready.
        """
        ...

    async def measure(self, record: ItemRecord) -> ItemRecord:
        """The record with what was found out; what could not be is said in it, with the reason."""
        ...


async def made_ready(measures: Sequence[Measure], info: RunInfo) -> None:
    """Settle everything about the measures that is the same for all items, and say it in ``info``.

    What an earlier attempt could not measure is measured now, and no longer warned of.

    Raises:
        EvalError, ServiceError: one of them cannot be made ready.
    """
    for each in measures:
        info.metrics |= await each.info()
    lost = set(map(_lost, measures))
    info.caveats = [caveat for caveat in info.caveats if caveat not in lost]
    warned(measures, info)


class Cautious(Protocol):
    """Whatever knows something that a reader of its results must know."""

    @property
    def caveats(self) -> Sequence[str]:
        """A sentence each; more may come with the items."""
        ...


def warned(sources: Sequence[Cautious], info: RunInfo) -> None:
    """Say in ``info`` what is to be warned of."""
    for each in sources:
        info.caveats += [caveat for caveat in each.caveats if caveat not in info.caveats]


async def measured(record: ItemRecord, measures: Sequence[Measure], info: RunInfo) -> ItemRecord:
    """The record after all measures; a fault of ours in one of them costs only what it measures."""
    if record.verdict is Verdict.FAILED:
        return record
    for each in measures:
        try:
            record = await each.measure(record)
        except Exception:
            _LOG.exception("unexpected error while measuring item %s", record.id)
            if _lost(each) not in info.caveats:
                info.caveats.append(_lost(each))
    return record


def _lost(measure: Measure) -> str:
    return f"Some items were not measured ({measure.signature}): see the service's log."
