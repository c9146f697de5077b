"""Terms: what the glossaries settle is obeyed."""

from __future__ import annotations

from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from glossary.adherence import Outcome, TermOutcome
from glossary.concept import Strength


def terms(item: ItemPair) -> Iterator[Finding]:
    """A term of the glossary is translated as the glossary says, and never by a forbidden word.

    Only where the request names a glossary. A missed term of strength `hard` is hard, as is a
    forbidden word in its place; `prefer` is soft, `hint` is not reported. A term with a condition
    ("only when it is an API object") is soft: whether it applies is a matter of sense. Inflected
    forms, Korean particles behind the term, admitted alternatives, capitals and full-width letters
    are all right. Terms inside code, formulas and placeholders do not count.

    Known limits:

    - a term that the sentence says with a pronoun the second time is counted as missed there;
    - a word of the source that is not used as a term is taken for one, unless the term has a
      condition.
    """
    for segment, outcome in outcomes(item):
        if outcome.outcome is Outcome.APPLIED or outcome.strength is Strength.HINT:
            continue
        yield _finding(segment, outcome)


def outcomes(item: ItemPair) -> Iterator[tuple[SegmentPair, TermOutcome]]:
    """What became of each term in each segment; nothing without a glossary."""
    terminology = item.rules.terminology
    if terminology is None:
        return
    for segment in item.segments:
        for outcome in terminology.adherence(segment.source_prose, segment.target):
            yield segment, outcome


def is_binding(outcome: TermOutcome) -> bool:
    """Is it a term that must be obeyed, and was not?"""
    return (
        outcome.outcome is not Outcome.APPLIED
        and outcome.strength is Strength.HARD
        and not outcome.condition
    )


def _finding(segment: SegmentPair, outcome: TermOutcome) -> Finding:
    violated = outcome.outcome is Outcome.VIOLATED
    return segment.finding(
        "terms",
        Severity.MAJOR,
        f"A word stands here that the glossary forbids for {outcome.source!r}."
        if violated
        else f"The glossary's term for {outcome.source!r} is missing.",
        hard=is_binding(outcome),
        source=outcome.source_spans[0] if outcome.source_spans else None,
        target=outcome.target_spans[0] if violated and outcome.target_spans else None,
        expected=" | ".join(outcome.expected) or None,
        found=outcome.found,
    )
