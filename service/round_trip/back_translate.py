"""Translating back: another engine is shown the translation, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.benchmarks.recipe import Recipe
from eval.errors import EvalError
from eval.metrics.base import MetricInfo
from eval.round_trip.guards import is_copied, is_verbatim
from eval.run_log import ItemRecord, SegmentRecord, StageOutcome, Step
from eval.segment import Segment
from glossary.language import Pair
from prompts.errors import PromptError
from service.engines.base import Engine, EngineInfo, TranslationRequest
from service.engines.errors import EngineError
from service.engines.purse import Purse, Usage
from service.round_trip.family import family_of
from service.round_trip.sides import target_segments
from service.round_trip.stage import Bill

WAY_BACK = "The way back"
"""How caveats about it begin."""


class BackTranslator:
    """Translates finished items back to their source's language (a ``Measure``).

    One call per item, with neither the source nor a glossary in it; no check changes what comes.

    Args:
        engine: who translates back.
        recipe: reads the translated items.
        pair: that of the run; the way back is its reverse.
        forward: the engine that translated.
        known: what ``engine`` says of itself.
    """

    def __init__(
        self, engine: Engine, recipe: Recipe, pair: Pair, forward: EngineInfo, known: EngineInfo
    ) -> None:
        self.engine, self._recipe, self._pair = engine, recipe, pair
        self._forward, self._known = forward, known

    @property
    def related(self) -> bool:
        """Is it the model that translated, or one of its family?"""
        return family_of(self._known) == family_of(self._forward)

    @property
    def signature(self) -> str:
        """Kind, model and prompts of the engine, and whether it is related to the translator."""
        known = self._known
        model = f"{known.model}@{known.revision}" if known.model else None
        made = (known.kind, model, known.profile, known.answer_format)
        more = [value for name, value in known.signature.items() if name != "diverse"]
        named = [each for each in (*made, *more) if each]
        return "/".join(["back", *named, "same-family" if self.related else "other-family"])

    @property
    def caveats(self) -> Sequence[str]:
        """What to know of its texts."""
        known, found = self._known, []
        if self.related:
            found.append(
                f"{WAY_BACK} was translated by {known.model or known.name}, of the same family "
                f"({family_of(known)}) as the translator: an error that both make does not show. "
                "Configure an engine of another family."
            )
        if self._pair.source in known.caveats:
            found.append(f"{WAY_BACK}: {known.caveats[self._pair.source]}")
        return found

    async def info(self) -> Mapping[str, MetricInfo]:
        """No scores of its own; make the engine ready.

        Raises:
            EngineError: it cannot be made ready.
        """
        await self.engine.info()
        return {}

    async def measure(self, record: ItemRecord) -> ItemRecord:
        """The record with its back-translation, or with the reason why it has none."""
        if not record.segments:
            return record
        bill = Bill(Step.BACK_TRANSLATE)
        try:
            wanted = target_segments(record, self._recipe)
            backs, _ = await self.translated(wanted.values(), bill.purse)
        except (EvalError, PromptError, EngineError) as error:
            return _failed(record, bill, error)
        if isinstance(backs, EngineError):
            return _failed(record, bill, backs)
        segments = [_with_back(each, wanted, backs) for each in record.segments]
        record = record.model_copy(update={"segments": segments})
        return bill.added_to(record, note=_suspicions(segments, self._pair))

    async def translated(
        self, segments: Iterable[Segment], purse: Purse | None = None, leave: int = 0
    ) -> tuple[Mapping[str, str] | EngineError, Usage]:
        """Texts of the target language in the source's, by segment, or why there are none.

        ``leave``: calls that must be left in the purse.

        Raises:
            BudgetSpent: the purse, if one is given, does not suffice.
            EngineError: the engine failed.
            PromptError: the texts cannot be worded for its model.
        """
        distinct = list({segment.id: segment for segment in segments}.values())
        if not distinct:
            return {}, Usage()
        back = Pair(self._pair.target, self._pair.source)
        request = TranslationRequest(
            back, distinct, self._recipe.category, purse=purse or Purse(), leave=leave
        )
        answer = await self.engine.translate(request)
        return answer.candidates[0], answer.usage


def _failed(
    record: ItemRecord, bill: Bill, error: EvalError | PromptError | EngineError
) -> ItemRecord:
    without = [each.model_copy(update={"back_translation": None}) for each in record.segments]
    record = record.model_copy(update={"segments": without})
    return bill.added_to(record, StageOutcome.FAILED, note=str(error))


def _with_back(
    segment: SegmentRecord, wanted: Mapping[str, Segment], backs: Mapping[str, str]
) -> SegmentRecord:
    """A text without a word to translate comes back as it is; a missing one does not."""
    asked = wanted.get(segment.id)
    back = backs.get(asked.id) if asked else segment.target or None
    return segment.model_copy(update={"back_translation": back})


def _suspicions(segments: Sequence[SegmentRecord], pair: Pair) -> str:
    """What must not be taken for a good way back."""
    copied = [each.id for each in segments if is_copied(each.source, each.target, pair)]
    known = [
        each.id
        for each in segments
        if each.id not in copied and is_verbatim(each.source, each.back_translation or "")
    ]
    said = [f"copied, not translated: {', '.join(copied)}"] if copied else []
    if known and not pair.same_script_family:
        said.append(f"came back word for word, perhaps from memory: {', '.join(known)}")
    return "; ".join(said)
