"""Probing the back-translator: a number is changed in the translation, and must come back so."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from eval.benchmarks.recipe import Recipe
from eval.errors import EvalError
from eval.metrics.base import MetricInfo
from eval.round_trip.outcomes import ProbeOutcome, ProbeResult
from eval.round_trip.probe import Corruption, corrupted, probed
from eval.run_log import ItemRecord, StageOutcome, Step
from eval.segment import Segment
from glossary.language import Pair
from prompts.errors import PromptError
from service.engines.base import Usage
from service.engines.errors import EngineError
from service.round_trip.back_translate import WAY_BACK, BackTranslator
from service.round_trip.sides import target_segments
from service.round_trip.stage import with_stage


class NumberProbe:
    """Probes the first items with a usable number, one more call each (a ``Measure``).

    A back-translator that writes the number of the source, which it was not shown, knows the
    benchmark by heart: its way back says nothing about the translation (``FROM_MEMORY``).

    Args:
        back: who translates back.
        recipe: reads the translated items.
        pair: that of the run.
        count: in how many items; the first that come.
        seed: which of an item's numbers is changed, and to what.
    """

    def __init__(
        self, back: BackTranslator, recipe: Recipe, pair: Pair, count: int, seed: int = 0
    ) -> None:
        self._back, self._recipe, self._pair = back, recipe, pair
        self._count, self._left, self._seed = count, count, seed
        self._results: dict[ProbeResult, list[str]] = {}

    @property
    def signature(self) -> str:
        """How many items."""
        return f"probes/{self._count}"

    @property
    def caveats(self) -> Sequence[str]:
        """What the probes have shown of the back-translator so far."""
        caveat = memory_caveat(self._results)
        return (caveat,) if caveat else ()

    async def info(self) -> Mapping[str, MetricInfo]:
        """No scores; make the back-translator ready.

        Raises:
            EngineError: it cannot be made ready.
        """
        return await self._back.info()

    async def measure(self, record: ItemRecord) -> ItemRecord:
        """The record with what came of its probe, if it was one of those probed."""
        if record.probe is not None:
            self._left = max(0, self._left - 1)  # one of an earlier, broken-off run
        if not self._left or record.probe is not None:
            return record
        started = time.monotonic()
        try:
            wanted = target_segments(record, self._recipe)
            chosen = self._chosen(wanted)
            if chosen is None:
                return record
            self._left -= 1  # before the call: others come while it is under way
            place, corruption = chosen
            shown = [
                replace(segment, text=corruption.text) if segment.id == place.id else segment
                for segment in wanted.values()
            ]
            backs, usage = await self._back.translated(shown)
        except (EvalError, PromptError, EngineError) as error:
            cost = Usage(1) if isinstance(error, EngineError) else Usage()
            return self._failed(record, started, cost, error)
        if isinstance(backs, EngineError):
            return self._failed(record, started, usage, backs)
        outcome = _outcome(place.id, corruption, backs.get(place.id, ""), self._pair)
        self._results.setdefault(outcome.result, []).append(record.id)
        record = record.model_copy(update={"probe": outcome})
        note = f"probe: {outcome.original} was changed to {outcome.changed}: {outcome.result}"
        return with_stage(record, Step.BACK_TRANSLATE, started, usage, note=note)

    def _chosen(self, wanted: Mapping[str, Segment]) -> tuple[Segment, Corruption] | None:
        """The longest text that has a number to change: as a rule the question."""
        for segment in sorted(wanted.values(), key=lambda each: -len(each.text)):
            target = self._pair.target
            corruption = corrupted(segment.text, target, self._seed, segment.literals)
            if corruption is not None:
                return segment, corruption
        return None

    def _failed(
        self,
        record: ItemRecord,
        started: float,
        usage: Usage,
        error: EvalError | PromptError | EngineError,
    ) -> ItemRecord:
        self._left += isinstance(error, EngineError)  # another item is probed instead
        note = f"probe: {error}"
        return with_stage(
            record, Step.BACK_TRANSLATE, started, usage, StageOutcome.FAILED, note=note
        )


def _outcome(place: str, corruption: Corruption, back: str, pair: Pair) -> ProbeOutcome:
    return ProbeOutcome(
        segment=place,
        original=corruption.original,
        changed=corruption.changed,
        back_translation=back,
        result=probed(corruption, back, pair.source),
    )


def probes_of(records: Iterable[ItemRecord]) -> dict[ProbeResult, list[str]]:
    """Ids of the probed items by what came of it."""
    found: dict[ProbeResult, list[str]] = {}
    for record in records:
        if record.probe is not None:
            found.setdefault(record.probe.result, []).append(record.id)
    return found


def memory_caveat(probes: Mapping[ProbeResult, Sequence[str]]) -> str | None:
    """What to say of a back-translator that wrote numbers which it was not shown."""
    known = len(probes.get(ProbeResult.FROM_MEMORY, ()))
    if not known:
        return None
    count = sum(map(len, probes.values()))
    return (
        f"{WAY_BACK} is not to be believed: of {count} changed numbers {known} came back as the "
        "source has them. The back-translator knows the benchmark by heart; choose another one."
    )
