"""A judge that puts candidates in an order, asked once for each rotation of them."""

from __future__ import annotations

from collections.abc import Sequence

from eval.run_log import Step
from eval.selection.positions import firsts, mean_ranks, note_of, rotations
from prompts.profile import Profile
from prompts.prompt import RenderedPrompt
from prompts.rank import read_ranking, render_rank
from service.engines.base import Asking
from service.engines.calls import by_field, fields_of
from service.engines.together import together
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged

_RANKED = 4
_TOKENS = 128


async def judged_best(work: Work, judge: Asking, order: Sequence[Judged]) -> Judged:
    """The candidate with the best mean rank; of equals the one that comes first in ``order``.

    Only those with as few hard findings as the first are ranked, and where the budget is short,
    fewer of them. All rotations or none: with one missing, places would count.

    Args:
        work: the item.
        judge: who is asked; it is not told who made what.
        order: candidates with different texts, the best first.
    """
    best = order[0]
    order = [candidate for candidate in order if candidate.hard == best.hard]
    if len(order) < 2:
        return best
    with work.step(Step.RANK, best) as stage:
        spare = work.purse.calls_left - work.for_the_edit(best)
        count = max(2, min(_RANKED, len(order), int(min(spare, _RANKED))))
        orders = rotations(count)
        # All rounds can be paid, or none is.
        bounds = work.purse.grant([_TOKENS] * count, leave=work.for_the_edit(best)).bounds
        asked = [
            _ranking(work, judge, [order[number] for number in each], bound)
            for each, bound in zip(orders, bounds, strict=True)
        ]
        rankings = await together(asked)
        ranks = mean_ranks(orders, rankings)
        best = order[min(range(count), key=ranks.__getitem__)]
        stage.after = best
        stage.note = note_of(firsts(rankings))
    return best


async def _ranking(
    work: Work, judge: Asking, order: Sequence[Judged], most_tokens: int
) -> list[int]:
    """Places of the order, the best first."""
    request, fields = work.request, fields_of(work.item.segments)
    shown = [by_field(fields, candidate.translations) for candidate in order]

    def word(profile: Profile, structured: bool) -> RenderedPrompt:
        return render_rank(
            profile,
            request.pair,
            list(fields.values()),
            shown,
            structured=structured,
            category=request.category,
            terms=work.terms,
        )

    text, prompt, _ = await judge.ask(word, most_tokens, work.purse, request.seed)
    return read_ranking(text, prompt, len(order))
