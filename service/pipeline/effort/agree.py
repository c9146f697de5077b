"""Whether candidates agree so well that more of them would tell nothing new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from eval.checks.number_words import Written
from eval.checks.numerals import numbers
from eval.checks.terms import outcomes
from eval.selection.consensus import agreement
from service.engines.errors import EngineError
from service.pipeline.effort.stages import Work
from service.pipeline.judged import Judged, beside, missed

ALIKE = 0.5
"""ChrF, both ways, from which two texts say the same in mostly the same words.

Of a sentence in Chinese, with one word exchanged it is about 0.6, as a free paraphrase below 0.2.
"""


def agreed(work: Work, candidates: Sequence[Judged | EngineError]) -> bool:
    """Do at least two pass the checks, with the same numbers and terms and mostly the same words?

    The text in which they are least alike decides: candidates often differ in a single option. One
    that could not be read agrees with none.
    """
    readable = [each for each in candidates if isinstance(each, Judged)]
    if len(readable) < 2 or len(readable) < len(candidates):
        return False
    if any(each.hard or _missed(work, each) for each in readable):
        return False
    if any(_least_alike(a, b) < ALIKE for a, b in combinations(readable, 2)):
        return False
    first, *rest = ((_numbers(work, each), _terms(work, each)) for each in readable)
    return all(each == first for each in rest)


def _least_alike(a: Judged, b: Judged) -> float:
    return min(agreement([one], [other]) for one, other in zip(a.texts, b.texts, strict=True))


def _missed(work: Work, candidate: Judged) -> bool:
    return bool(missed(work.plan, work.item, candidate, work.request.terms))


def _numbers(work: Work, candidate: Judged) -> Counter[tuple[Decimal, ...]]:
    return Counter(
        number.readings
        for text in candidate.texts
        for number in numbers(text, work.plan.pair.target)
        if number.written is not Written.LOOSE
    )


def _terms(work: Work, candidate: Judged) -> set[tuple[str, str, str | None]]:
    return {
        (segment.segment.id, outcome.source, outcome.found)
        for segment, outcome in outcomes(beside(work.plan, work.item, candidate.translations))
    }
