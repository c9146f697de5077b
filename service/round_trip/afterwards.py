"""Measuring a run that is finished: nothing is translated again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import aclosing
from typing import TypeVar

from eval.metrics.base import Use
from eval.round_trip.invariance import ANSWER_INVARIANCE
from eval.run_log import ItemRecord, RunInfo, verdict_of
from service.pipeline.measure import made_ready, measured, warned
from service.pipeline.schedule import as_finished
from service.round_trip.back_translate import WAY_BACK, BackTranslator
from service.round_trip.finished_run import FinishedRun
from service.round_trip.probe import memory_caveat, probes_of
from service.round_trip.solve import SOLVER, AnswerInvariance, without_back
from service.round_trip.work import Work
from service.scoring.measure import without_scoring
from service.scoring.records import score_key

Kept = TypeVar("Kept")

Progress = Callable[[int, ItemRecord | None], None]
"""Called with the number of items and each finished record; first with ``None``."""
_WORKERS = 64
"""Items in work at a time; the engines bound their own calls."""


async def measure_run(run: FinishedRun, work: Work, progress: Progress) -> None:
    """Add to a run what is to be found out, and write it.

    What an earlier call has found with the same engines is kept. Items come in the order of their
    hashes, so that those that are probed are a fair sample.

    Raises:
        EvalError, ServiceError: nothing that was found is lost.
    """
    if work.back is not None:
        _begin_anew_with(work.back, run)
    if work.probe is not None:
        work.probe.count(run.records.values())
    if work.solver is not None:
        _answer_anew_with(work.solver, run)
    if work.scoring is not None:
        run.info.caveats = without_scoring(run.info.caveats)
    await made_ready(work.measures, run.info)
    run.start()
    todo = sorted(run.translated, key=lambda record: record.provenance.source_sha256)
    progress(len(todo), None)

    async def done(record: ItemRecord) -> ItemRecord:
        return await measured(record, work.missing(record), run.info)

    async with aclosing(as_finished(todo, done, _WORKERS)) as records:
        async for _, record in records:
            run.keep(record)
            progress(len(todo), record)
    if work.scoring is not None:
        warned([work.scoring], run.info)
    run.info.probes = probes_of(run.records.values())
    caveat = memory_caveat(run.info.probes)
    if caveat and caveat not in run.info.caveats:  # who only solves has not dropped it
        run.info.caveats.append(caveat)
    run.finish()


def _begin_anew_with(back: BackTranslator, run: FinishedRun) -> None:
    """What another back-translator made is forgotten, and how it was scored."""
    _drop_caveats(run.info, WAY_BACK)
    if run.info.back_translator == back.signature:
        return
    run.info.back_translator = back.signature
    run.info.metrics = _not_of_the_way_back(run.info.metrics)
    for index, record in run.records.items():
        segments = [
            each.model_copy(
                update={"back_translation": None, "scores": _not_of_the_way_back(each.scores)}
            )
            for each in record.segments
        ]
        changed = {"segments": segments, "probe": None}
        run.records[index] = without_back(record.model_copy(update=changed))


def _not_of_the_way_back(by_score: Mapping[str, Kept]) -> dict[str, Kept]:
    before = score_key(Use.ROUND_TRIP, "")
    return {key: kept for key, kept in by_score.items() if not key.startswith(before)}


def _answer_anew_with(solver: AnswerInvariance, run: FinishedRun) -> None:
    """What another solver answered is forgotten."""
    _drop_caveats(run.info, SOLVER)
    if run.info.solver == solver.signature:
        return
    run.info.solver = solver.signature
    for index, record in run.records.items():
        if record.solved is not None:
            findings = [each for each in record.findings if each.check != ANSWER_INVARIANCE]
            verdict = verdict_of(findings, repaired=record.provenance.repaired)
            changed = {"solved": None, "findings": findings, "verdict": verdict}
            run.records[index] = record.model_copy(update=changed)


def _drop_caveats(info: RunInfo, about: str) -> None:
    info.caveats = [caveat for caveat in info.caveats if not caveat.startswith(about)]
