"""Translations made elsewhere: laid beside their source, checked, judged."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from eval.benchmarks.beside import Laid, lay_beside
from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.recipe import Recipe
from eval.checks.rules import Rules
from eval.checks.suite import check_item
from eval.errors import EvalError, ItemTooLarge
from eval.run_log import (
    Counts,
    ItemRecord,
    Provenance,
    RunInfo,
    SegmentRecord,
    judged_together,
    verdict_of,
)
from glossary.language import Pair
from service.errors import InternalError
from service.pipeline.bounds import refuse_unknown_numbers
from service.pipeline.reader import ItemReader
from service.pipeline.record import failed_record, fingerprint
from service.pipeline.run import joined_signature
from service.pipeline.terms import term_records

_LOG = logging.getLogger("isogloss.pipeline")
_GIVEN = "given"
"""Stands where runs name their engine."""
_GROWTH = 4
"""Translations are hardly ever longer than this many times the longest source allowed."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What else is known of an item, each in the item's shape; ``None`` where it is not.

    ``reference``: a human translation. ``back_translation``: the translation, translated back.
    """

    reference: Any = None
    back_translation: Any = None


_ALONE = Beside()


class Judge:
    """Judges the items of one benchmark, or texts, in one direction; no engine is involved."""

    def __init__(
        self, recipe: Recipe, pair: Pair, rules: Rules, max_item_characters: int = 40_000
    ) -> None:
        self._recipe, self._pair, self._rules = recipe, pair, rules
        self._limit = _GROWTH * max_item_characters
        self._started = time.monotonic()
        self.reader = ItemReader(recipe, max_item_characters)
        self.info = RunInfo(
            run_id=uuid.uuid4().hex[:12],
            benchmark=recipe.name,
            pair=str(pair),
            engine=_GIVEN,
            signature=joined_signature(recipe, pair, {"engine": _GIVEN}, rules),
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def record(self, index: int, source: Any, target: Any, beside: Beside = _ALONE) -> ItemRecord:
        """The record of one item; one that cannot be read has failed."""
        started = time.monotonic()
        id_ = self.reader.id_of(index, source)
        signature = self.info.signature
        try:
            return self._judged(index, id_, source, target, beside, started)
        except EvalError as error:
            return failed_record(index, id_, source, error, signature)
        except Exception as error:
            # A fault of ours at one item must not cost the others, nor hide.
            _LOG.exception("unexpected error at item %s", id_)
            return failed_record(index, id_, source, InternalError(error), signature)

    def _judged(
        self, index: int, id_: str, source: Any, target: Any, beside: Beside, started: float
    ) -> ItemRecord:
        item = self.reader.read(index, source)
        laid = self._laid(item, target)
        refuse_unknown_numbers(target)
        references = self._texts(item, beside.reference)
        backs = self._texts(item, beside.back_translation)
        findings = check_item(
            item,
            laid.translations,
            self._pair,
            self._recipe.category,
            self._rules,
            laid.differences,
        )
        return ItemRecord(
            index=index,
            id=id_,
            verdict=verdict_of(findings),
            item=target,
            segments=[
                SegmentRecord(
                    id=segment.id,
                    kind=segment.kind,
                    source=segment.text,
                    target=laid.translations.get(segment.id, ""),
                    reference=references.get(segment.id),
                    back_translation=backs.get(segment.id),
                )
                for segment in item.segments
            ],
            findings=findings,
            terms=term_records(item, laid.translations, self._pair, self._rules),
            provenance=Provenance(
                signature=self.info.signature,
                source_sha256=fingerprint(source),
                seconds=round(time.monotonic() - started, 4),
            ),
        )

    def _texts(self, item: BenchmarkItem, other: Any) -> Mapping[str, str]:
        """Texts by segment of the item in other words; how else it differs is not looked at."""
        return {} if other is None else self._laid(item, other).translations

    def _laid(self, item: BenchmarkItem, other: Any) -> Laid:
        laid = lay_beside(item, other, self._recipe)
        length = sum(map(len, laid.translations.values()))
        if length > self._limit:
            raise ItemTooLarge(length, self._limit)
        return laid

    def all_together(self, records: Sequence[ItemRecord]) -> list[ItemRecord]:
        """All records with what shows only in all of them; ``info`` is settled with it."""
        judged = judged_together(records, self._rules)
        self.info.counts = Counts.of(judged)
        self.info.seconds = round(time.monotonic() - self._started, 3)
        return judged
