"""Probing the back-translator: a number is changed in the translation, and must come back so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from eval.benchmarks.recipe import Recipe
from eval.errors import EvalError
from eval.metrics.base import MetricInfo
from eval.round_trip.outcomes import ProbeOutcome, ProbeResult
from eval.round_trip.probe import Corruption, corrupted, probed
from eval.run_log import ItemRecord, StageOutcome, Step
from eval.segment import FieldKind, Segment
from glossary.language import Pair
from prompts.errors import PromptError
from service.engines.errors import EngineError
from service.round_trip.back_translate import WAY_BACK, BackTranslator
from service.round_trip.sides import target_segments
from service.round_trip.stage import Bill


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

    def count(self, records: Iterable[ItemRecord]) -> None:
        """Count items that were probed before among those that are to be."""
        self._left = max(0, self._left - sum(record.probe is not None for record in records))

    async def info(self) -> Mapping[str, MetricInfo]:
        """No scores; make the back-translator ready.

        Raises:
            EngineError: it cannot be made ready.
        """
        return await self._back.info()

    async def measure(self, record: ItemRecord) -> ItemRecord:
        """The record with what came of its probe, if it was one of those probed."""
        if not self._left or record.probe is not None:
            return record
        bill = Bill(Step.BACK_TRANSLATE)
        try:
            wanted = target_segments(record, self._recipe)
        except EvalError as error:
            return bill.added_to(record, StageOutcome.FAILED, note=f"probe: {error}")
        chosen = self._chosen(wanted)
        if chosen is None:
            return record
        place, corruption = chosen
        # Alone: the rest of the item, a worked solution most of all, has the same numbers.
        shown = replace(place, text=corruption.text)
        self._left -= 1  # before the call: others come while it is under way
        try:
            backs, _ = await self._back.translated([shown], bill.purse)
            if isinstance(backs, EngineError):
                raise backs
        except (PromptError, EngineError) as error:
            self._left += 1  # another item is probed instead
            return bill.added_to(record, StageOutcome.FAILED, note=f"probe: {error}")
        outcome = _outcome(place.id, corruption, backs.get(place.id, ""), self._pair)
        self._results.setdefault(outcome.result, []).append(record.id)
        record = record.model_copy(update={"probe": outcome})
        note = f"probe: {outcome.original} was changed to {outcome.changed}: {outcome.result}"
        return bill.added_to(record, note=note)

    def _chosen(self, wanted: Mapping[str, Segment]) -> tuple[Segment, Corruption] | None:
        """The longest text that has a number to change, a worked solution last."""

        def rank(segment: Segment) -> tuple[bool, int]:
            return segment.kind is FieldKind.SOLUTION, -len(segment.text)

        for segment in sorted(wanted.values(), key=rank):
            target = self._pair.target
            corruption = corrupted(segment.text, target, self._seed, segment.literals)
            if corruption is not None:
                return segment, corruption
        return None


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
