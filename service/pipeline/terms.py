"""The terms of an item: what the engine is told of them, and what became of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.protect import protected_spans, without_protected
from eval.checks.base import pair_up
from eval.checks.rules import Rules
from eval.checks.terms import outcomes
from eval.run_log import TermRecord
from eval.segment import Segment
from glossary.language import Pair
from glossary.terminology import TermEntry, Terminology

Told: TypeAlias = Mapping[str, Sequence[TermEntry]]
"""Terms by id of the segment that they occur in."""


def terms_of(item: BenchmarkItem, terminology: Terminology | None) -> Told:
    """The glossary's terms in each segment, outside of what is protected."""
    if terminology is None:
        return {}
    found = {segment.id: terminology.entries([_prose(segment)]) for segment in item.segments}
    return {id_: entries for id_, entries in found.items() if entries}


def _prose(segment: Segment) -> str:
    return without_protected(segment.text, protected_spans(segment.text, segment.literals))


def fingerprint_of(told: Told) -> str:
    """Changes when the glossary says anything else for this item; empty without terms."""
    if not told:
        return ""
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()[:16]


def term_records(
    item: BenchmarkItem, translations: Mapping[str, str], pair: Pair, rules: Rules
) -> list[TermRecord]:
    """What became of each term, for a record."""
    if rules.terminology is None:
        return []
    laid = pair_up(item, translations, pair, "", rules)
    return [
        TermRecord(
            segment=segment.segment.id,
            term=outcome.source,
            outcome=outcome.outcome,
            strength=outcome.strength,
            expected=list(outcome.expected),
            found=outcome.found,
            glossary=outcome.glossary,
            concept=outcome.concept_id,
            condition=outcome.condition,
            source_spans=list(outcome.source_spans),
            target_spans=list(outcome.target_spans),
        )
        for segment, outcome in outcomes(laid)
    ]
