"""What each step of a run cost and what it brought, over all items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eval.report.plots import Part, stacked
from eval.run_log import ItemRecord, StageOutcome, StageRecord, Step
from eval.selection.positions import position_bias

STEP_NAMES = {step: step.value.replace("_", " ") for step in Step}


@dataclass(slots=True)
class StepCount:
    """One step of the run: how often it was done, what came of it, what it cost.

    ``uncounted`` stages had calls whose tokens the engine did not count; ``tokens`` leaves them
    out. ``removed`` counts hard findings that were there before the step and not after it.
    """

    step: Step
    times: int = 0
    items: int = 0
    outcomes: Counter[StageOutcome] = field(default_factory=Counter)
    calls: int = 0
    tokens: int = 0
    counted: int = 0
    uncounted: int = 0
    seconds: float = 0.0
    removed: int = 0
    compared: int = 0

    def add(self, stage: StageRecord) -> None:
        """Count one stage of one item."""
        self.times += 1
        self.outcomes[stage.outcome] += 1
        self.calls += stage.calls
        self.seconds += stage.seconds
        known = [n for n in (stage.prompt_tokens, stage.completion_tokens) if n is not None]
        self.tokens += sum(known)
        self.counted += bool(known)
        self.uncounted += not known and stage.calls > 0
        if stage.hard_before is not None and stage.hard_after is not None:
            self.compared += 1
            self.removed += stage.hard_before - stage.hard_after

    @property
    def name(self) -> str:
        """The step as a person reads it."""
        return STEP_NAMES[self.step]

    @property
    def tokens_known(self) -> int | None:
        """Tokens of prompts and completions; ``None`` where the engine counted none."""
        return self.tokens if self.counted or not self.uncounted else None

    @property
    def brought(self) -> int | None:
        """Hard findings taken away; ``None`` where none could be compared."""
        return self.removed if self.compared else None

    @property
    def per_thousand(self) -> float | None:
        """Hard findings taken away per 1,000 tokens; ``None`` where tokens are not all known."""
        if self.brought is None or self.uncounted or not self.tokens:
            return None
        return 1000 * self.removed / self.tokens

    @property
    def outcome_parts(self) -> list[Part]:
        """The outcomes as parts of a bar, the empty ones left out."""
        return stacked([(o.value, self.outcomes[o]) for o in StageOutcome if self.outcomes[o]], 3)


class StageTally:
    """Steps counted record by record."""

    def __init__(self, records: Iterable[ItemRecord] = ()) -> None:
        self._steps: dict[Step, StepCount] = {}
        self.efforts: Counter[str] = Counter()
        self._rankings: list[StageRecord] = []
        for record in records:
            self.add(record)

    def add(self, record: ItemRecord) -> None:
        """Count the stages of one item."""
        made = record.provenance
        if made.effort:
            self.efforts[made.effort] += 1
        for stage in made.stages:
            self._steps.setdefault(stage.step, StepCount(stage.step)).add(stage)
            if stage.step is Step.RANK:
                self._rankings.append(stage)
        for step in {stage.step for stage in made.stages}:
            self._steps[step].items += 1

    @property
    def steps(self) -> list[StepCount]:
        """The steps that were done, in the order in which an item goes through them."""
        return [self._steps[step] for step in Step if step in self._steps]

    @property
    def bias(self) -> str:
        """How much the judge favoured places, in a sentence; empty where nothing was ranked."""
        return str(position_bias(self._rankings))

    @property
    def telling(self) -> bool:
        """Is there more to say than that a draft was made without a call?"""
        return any(step.step is not Step.DRAFT or step.calls for step in self.steps)

    @property
    def costs(self) -> Sequence[tuple[str, float, list[Part]]]:
        """Calls, tokens and seconds: what it is, its sum, and the parts of the steps in it."""
        steps = self.steps
        kinds = {
            "calls": [(s.step.value, float(s.calls)) for s in steps],
            "tokens": [(s.step.value, float(s.tokens)) for s in steps],
            "seconds": [(s.step.value, s.seconds) for s in steps],
        }
        sums = {kind: sum(value for _, value in values) for kind, values in kinds.items()}
        return [(kind, sums[kind], stacked(kinds[kind])) for kind in kinds if sums[kind]]
