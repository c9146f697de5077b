"""What is to be found out about the items of a run, as requests choose it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from eval.benchmarks.recipe import Recipe
from eval.metrics.base import Metric, Use
from eval.run_log import ItemRecord, RunInfo
from glossary.language import Pair
from service.engines.base import EngineInfo
from service.pipeline.measure import Measure
from service.round_trip.back_translate import BackTranslator
from service.round_trip.choice import back_translator
from service.round_trip.options import RoundTripOptions, SolveOptions
from service.round_trip.probe import NumberProbe
from service.round_trip.solve import AnswerInvariance
from service.scoring.measure import ScoringMeasure
from service.wiring import Engines


@dataclass(frozen=True, slots=True)
class Work:
    """Probes, the way back, a solver's answers, and scores, in this order."""

    back: BackTranslator | None = None
    probe: NumberProbe | None = None
    solver: AnswerInvariance | None = None
    scoring: ScoringMeasure | None = None

    @property
    def measures(self) -> list[Measure]:
        """All of it, for ``RunOptions.measures``."""
        wanted = (self.probe, self.back, self.solver, self.scoring)
        return [each for each in wanted if each is not None]

    def named_in(self, info: RunInfo) -> None:
        """Say in a run who translates back and who solves."""
        info.back_translator = self.back.signature if self.back else ""
        info.solver = self.solver.signature if self.solver else ""

    def missing(self, record: ItemRecord) -> list[Measure]:
        """What an item may still lack; probe and solver know what they have done.

        Scores are always made anew: those there may be older.
        """
        has_back = any(segment.back_translation is not None for segment in record.segments)
        return [each for each in self.measures if not (has_back and each is self.back)]


async def work_of(
    engines: Engines,
    recipe: Recipe,
    pair: Pair,
    forward: EngineInfo,
    round_trip: RoundTripOptions | None,
    solve: SolveOptions | None,
    metrics: Sequence[Metric] = (),
    selected_by: Collection[str] = (),
) -> Work:
    """Make ready what the options ask for.

    Args:
        engines: those that may be asked.
        recipe: reads the items.
        pair: that of the run.
        forward: the engine that translates.
        round_trip: the way back; ``None`` for none.
        solve: a solver; ``None`` for none.
        metrics: score the items, on the way back too where there is one.
        selected_by: families of the metrics that select among candidates.

    Raises:
        UnknownEngine, PairNotServed, CannotSolve: an engine is not there, or not made for it.
        EngineError: an engine cannot be made ready.
    """
    back = probe = solver = None
    if round_trip is not None:
        back = await back_translator(engines, round_trip.engine, recipe, pair, forward)
        if round_trip.probes:
            probe = NumberProbe(back, recipe, pair, round_trip.probes)
    if solve is not None:
        engine = engines.get(solve.engine)
        solver = AnswerInvariance(engine, await engine.info(), recipe, pair, solve.times)
    scoring = _scoring(metrics, pair, back, selected_by) if metrics else None
    return Work(back, probe, solver, scoring)


def _scoring(
    metrics: Sequence[Metric],
    pair: Pair,
    back: BackTranslator | None,
    selected_by: Collection[str],
) -> ScoringMeasure:
    uses = (Use.SOURCE, Use.ROUND_TRIP) if back else (Use.SOURCE,)
    made = back.signature if back else ""
    return ScoringMeasure(metrics, pair, uses, back_translator=made, selected_by=selected_by)
