"""The errors of a translation, named by a model that is shown what the checks found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from eval.run_log import Step
from prompts.critique import read_critique, render_critique
from prompts.problem import Problem
from prompts.profile import Profile
from prompts.prompt import RenderedPrompt
from service.engines.base import Asking
from service.engines.calls import by_field, fields_of
from service.engines.errors import EngineError
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged

_TOKENS = 1024
CRITIQUE_AND_EDIT = 2
"""Calls: without the edit a critique is of no use."""


async def criticised(
    work: Work,
    judge: Asking,
    best: Judged,
    problems: Sequence[Problem],
) -> list[Problem]:
    """The errors that can be found in the texts, as an edit is told of them; none if it failed.

    Args:
        work: the item.
        judge: who is asked.
        best: the translation.
        problems: what the checks found, their keys being segment ids.
    """
    request, fields = work.request, fields_of(work.item.segments)
    parts = list(fields.values())
    ids = {part.key: id_ for id_, part in fields.items()}
    source = {part.key: part.text for part in parts}
    shown = by_field(fields, best.translations)
    backs = await _translated_back(work, best)

    def word(profile: Profile, structured: bool) -> RenderedPrompt:
        return render_critique(
            profile,
            request.pair,
            parts,
            shown,
            structured=structured,
            back_translation=by_field(fields, backs) if backs else None,
            problems=[replace(each, key=fields[each.key].key) for each in problems],
            category=request.category,
            terms=work.terms,
        )

    errors: list[Problem] = []
    with work.step(Step.CRITIQUE, best) as stage:
        text, prompt, _ = await judge.ask(word, _TOKENS, work.purse, request.seed)
        critique = read_critique(text, prompt, source, shown)
        errors = [each.as_problem() for each in critique.errors]
        dropped = f", {critique.dropped} not believed" if critique.dropped else ""
        number = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        stage.note = f"{number} named{dropped}"
    return [replace(each, key=ids[each.key]) for each in errors]


async def _translated_back(work: Work, best: Judged) -> Mapping[str, str] | None:
    """What the translation says in the source's language, where the run has somebody to tell."""
    back = work.plan.way.back
    if back is None:
        return None
    texts = [replace(each, text=best.translations[each.id]) for each in work.item.segments]
    with work.step(Step.BACK_TRANSLATE, best) as stage:
        backs, _ = await back.translated(texts, work.purse, leave=CRITIQUE_AND_EDIT)
        if isinstance(backs, EngineError):
            raise backs
        stage.note = "for the critique"
        return backs
    return None
