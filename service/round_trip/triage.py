"""Items whose answer flipped, with their texts side by side, for a person to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from eval.benchmarks.path import locate
from eval.benchmarks.recipe import Recipe
from eval.round_trip.invariance import most_given
from eval.round_trip.outcomes import Invariance
from eval.round_trip.question import Question, question_of
from eval.run_log import ItemRecord, RunInfo
from eval.segment import FieldKind
from service.files.run_files import write_at_once, writing
from service.round_trip.sides import back_item, source_item, target_item

TRIAGE, TRIAGE_PAGE = "triage.jsonl", "triage.md"
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|$~&]")


class Side(BaseModel):
    """An item in one language, and how often the solver gave each answer."""

    model_config = ConfigDict(frozen=True)

    texts: dict[str, str]
    options: dict[str, str] = Field({}, description="By letter; empty for an open question.")
    answers: dict[str, int]

    @property
    def answer(self) -> str:
        """The most frequent one."""
        return most_given(self.answers)


class TriageEntry(BaseModel):
    """One item to read."""

    model_config = ConfigDict(frozen=True)

    index: int
    id: str
    times: int
    key: list[Any] = Field(description="What the item's answer fields hold, as they stand there.")
    source: Side
    target: Side
    back: Side | None = Field(None, description="As it was translated back, if that was answered.")

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands in the cells of ``rows_of``."""
        return ("", "source", "translation", *(["back-translation"] if self.back else []))


def triage(records: Iterable[ItemRecord], recipe: Recipe) -> list[TriageEntry]:
    """The items whose answer flipped, in their order."""
    return [_entry(each, recipe) for each in records if _flipped(each)]


def _flipped(record: ItemRecord) -> bool:
    return record.solved is not None and record.solved.outcome is Invariance.FLIPPED


def _entry(record: ItemRecord, recipe: Recipe) -> TriageEntry:
    solved = record.solved
    assert solved is not None
    source, target = source_item(record, recipe), target_item(record, recipe)
    before, after = question_of(source, recipe), question_of(target, recipe)
    assert before is not None
    assert after is not None
    fields = recipe.layout_of(record.item).fields
    keys = [path for path, spec in fields.items() if spec.kind is FieldKind.ANSWER_LABEL]
    way_back = back_item(record, recipe) if solved.back is not None else None
    returned = question_of(way_back, recipe) if way_back else None
    return TriageEntry(
        index=record.index,
        id=record.id,
        times=solved.times,
        key=[value for path in keys for _, value in locate(path, record.item)],
        source=_side(before, solved.source),
        target=_side(after, solved.target),
        back=_side(returned, solved.back or {}) if returned else None,
    )


def _side(question: Question, answers: dict[str, int]) -> Side:
    options = dict(zip(question.labels, question.options, strict=True))
    return Side(texts=dict(question.texts), options=options, answers=answers)


def write_triage(folder: Path, info: RunInfo, entries: Sequence[TriageEntry]) -> None:
    """Write ``triage.jsonl`` and ``triage.md`` beside the run's other files.

    Raises:
        FileError: one of them cannot be written.
    """
    with writing(folder):
        lines = "".join(entry.model_dump_json() + "\n" for entry in entries)
        write_at_once(folder / TRIAGE, lines)
        write_at_once(folder / TRIAGE_PAGE, "\n".join(_page(info, entries)) + "\n")


def _page(info: RunInfo, entries: Sequence[TriageEntry]) -> Iterator[str]:
    yield f"# Flipped answers: {info.benchmark}, {info.pair}"
    yield ""
    yield (
        "The solver answers these items otherwise than their sources. Read both texts: is it the "
        "translation, or is the model weak in one of the languages?"
    )
    for entry in entries:
        yield f"\n## {_plain(entry.id)}\n"
        yield f"Key: {_plain(', '.join(map(str, entry.key)) or 'not in the item')}\n"
        yield _row(entry.headings)
        yield "|" + "---|" * len(entry.headings)
        for cells in rows_of(entry):
            yield _row(map(_plain, cells))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def rows_of(entry: TriageEntry) -> Iterator[tuple[str, ...]]:
    """Name of each text, each option, and the answers, with what each side has there."""
    sides = [entry.source, entry.target, *([entry.back] if entry.back else [])]
    for name in entry.source.texts:
        yield name, *(side.texts.get(name, "") for side in sides)
    for label in entry.source.options:
        yield label, *(side.options.get(label, "") for side in sides)
    yield "answers", *map(_counts, sides)


def _counts(side: Side) -> str:
    return ", ".join(f"{answer} ×{count}" for answer, count in side.answers.items())


def _plain(text: str) -> str:
    """Text in a cell of a table: no line ends, and nothing that Markdown or HTML would read."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
