"""Answer invariance: a solver answers an item in both languages, and should answer alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.benchmarks.recipe import Recipe
from eval.errors import EvalError
from eval.metrics.base import MetricInfo
from eval.round_trip.invariance import ANSWER_INVARIANCE, compared, finding_of, short_answer
from eval.round_trip.outcomes import Solved
from eval.round_trip.question import Question, question_of
from eval.run_log import ItemRecord, StageOutcome, Step, verdict_of
from glossary.language import Language, Pair
from prompts.errors import PromptError
from prompts.profile import Profile
from prompts.prompt import PromptField, RenderedPrompt
from prompts.solve import read_solution, render_solve
from service.engines.base import Asking, Engine, EngineInfo
from service.engines.errors import EngineError
from service.engines.purse import Purse
from service.errors import CannotSolve
from service.pipeline.translate import seed_of
from service.round_trip.sides import back_item, source_item, target_item
from service.round_trip.stage import Bill

SOLVER = "The solver"
"""How caveats about it begin."""
_ANSWER_TOKENS = 512
_LANGUAGES = 2
"""Sides that every item has; the third is its back-translation."""


class AnswerInvariance:
    """Has finished items answered in source and target (a ``Measure``).

    An item whose answer flips becomes ``flagged`` with a finding ``answer_invariance``. An item
    that was translated back is answered so too, and never flagged for it. The solver never sees
    the key. Each side is asked in one call where the server gives several answers at once.

    Args:
        engine: whose model answers.
        known: what ``engine`` says of itself.
        recipe: reads the items.
        pair: that of the run.
        times: answers to each side.
        seed: makes sampling repeatable where it can be.

    Raises:
        CannotSolve: the engine has no model that answers questions.
    """

    def __init__(
        self,
        engine: Engine,
        known: EngineInfo,
        recipe: Recipe,
        pair: Pair,
        times: int = 3,
        seed: int = 0,
    ) -> None:
        if not isinstance(engine, Asking) or not known.follows_instructions:
            raise CannotSolve(engine.name)
        self._engine, self._asking, self._known = engine, engine, known
        self._recipe, self._pair, self._times, self._seed = recipe, pair, times, seed

    @property
    def signature(self) -> str:
        """Who answers, and how often."""
        return f"solve/{self._known.model or self._known.name}/{self._times}"

    @property
    def caveats(self) -> Sequence[str]:
        """What a flipped answer does not say."""
        who = self._known.model or self._known.name
        return (
            f"{SOLVER}, {who}, answered the items in both languages: a flipped answer may be an "
            "error of the translation, or a weakness of this model in one of the languages.",
        )

    async def info(self) -> Mapping[str, MetricInfo]:
        """No scores; make the engine ready.

        Raises:
            EngineError: it cannot be made ready.
        """
        await self._engine.info()
        return {}

    async def measure(self, record: ItemRecord) -> ItemRecord:
        """The record with the answers to each side; flagged where they differ by more than chance.

        An item that a solver cannot be asked (several questions, code, essays) stays as it is, and
        so does one that had nothing to translate, or whose answers are all there. A
        back-translation that cannot be asked costs nothing but its own answers.
        """
        if not record.segments:
            return record
        bill = Bill(Step.SOLVE)
        try:
            sides = self._sides(record)
        except EvalError as error:
            return bill.added_to(record, StageOutcome.FAILED, str(error))
        if not sides or _is_answered(record.solved, len(sides)):
            return record
        seed = seed_of(self._seed, record.provenance.source_sha256)
        given, failure = await self._asked(sides, bill.purse, seed)
        if len(given) < _LANGUAGES:
            return bill.added_to(record, StageOutcome.FAILED, failure)
        solved = compared(*given, labelled=bool(sides[0].options))
        lost = f"The back-translation was not answered: {failure}" if failure else ""
        note = " ".join(filter(None, (solved.note, lost)))
        return _judged(bill.added_to(record, note=note), solved, sides[0].place)

    def _sides(self, record: ItemRecord) -> list[Question]:
        """The question in both languages, then as it came back, if it did with all options.

        Empty where there is not one question, or the languages have not as many options.

        Raises:
            EvalError: the translation left nothing that can be read.
        """
        source = question_of(source_item(record, self._recipe), self._recipe)
        target = question_of(target_item(record, self._recipe), self._recipe)
        if source is None or target is None or len(source.options) != len(target.options):
            return []
        back = self._back(record)
        if back is None or len(back.options) != len(source.options):
            return [source, target]
        return [source, target, back]

    def _back(self, record: ItemRecord) -> Question | None:
        """The question as it came back; ``None`` where nothing did that can be read."""
        try:
            item = back_item(record, self._recipe)
        except EvalError:
            return None
        return question_of(item, self._recipe) if item else None

    async def _asked(
        self, sides: Sequence[Question], purse: Purse, seed: int
    ) -> tuple[list[list[str | None]], str]:
        """Answers to the sides in their order, and why the others are not there."""
        languages = (self._pair.source, self._pair.target, self._pair.source)
        given: list[list[str | None]] = []
        for side, language in zip(sides, languages, strict=False):
            try:
                given.append(await self._answers(side, language, purse, seed))
            except (PromptError, EngineError) as error:
                return given, str(error)
        return given, ""

    async def _answers(
        self, question: Question, language: Language, purse: Purse, seed: int
    ) -> list[str | None]:
        """An answer for each try, ``None`` for one that cannot be read."""
        labels = question.labels or None
        fields = _fields(question)

        def word(profile: Profile, structured: bool) -> RenderedPrompt:
            return render_solve(profile, language, fields, labels, structured=structured)

        texts, prompt, _ = await self._asking.ask_often(
            word, _ANSWER_TOKENS, self._times, purse, seed
        )
        return [_read(text, prompt, labels, language) for text in texts]


def _is_answered(solved: Solved | None, sides: int) -> bool:
    """Have so many sides been answered? Earlier calls may have had no way back."""
    return solved is not None and (sides == _LANGUAGES or solved.back is not None)


def _fields(question: Question) -> list[PromptField]:
    texts = [
        PromptField(f"text_{number}", name, text)
        for number, (name, text) in enumerate(question.texts, start=1)
    ]
    options = zip(question.labels, question.options, strict=True)
    return texts + [
        PromptField(f"option_{label}", f"option {label}", text) for label, text in options
    ]


def _read(
    text: str | EngineError,
    prompt: RenderedPrompt,
    labels: Sequence[str] | None,
    language: Language,
) -> str | None:
    if isinstance(text, EngineError):
        return None
    try:
        answer = read_solution(text, prompt, labels)
    except PromptError:
        return None
    return answer if labels else short_answer(answer, language)


def without_back(record: ItemRecord) -> ItemRecord:
    """The record without what was answered on its back-translation."""
    if record.solved is None or record.solved.back is None:
        return record
    solved = record.solved.model_copy(update={"back": None, "back_outcome": None})
    place = next((each.segment for each in record.findings if each.check == ANSWER_INVARIANCE), "")
    return _judged(record, solved, place)


def _judged(record: ItemRecord, solved: Solved, place: str) -> ItemRecord:
    findings = [each for each in record.findings if each.check != ANSWER_INVARIANCE]
    if finding := finding_of(solved, place):
        findings.append(finding)
    verdict = verdict_of(findings, repaired=record.provenance.repaired)
    return record.model_copy(update={"solved": solved, "findings": findings, "verdict": verdict})
