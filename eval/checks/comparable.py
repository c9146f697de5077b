"""Constraints on the answer that a program checks, and that a translation can make meaningless."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.phrases import word_list
from glossary.language import Language


@dataclass(frozen=True, slots=True)
class _Fate:
    """What becomes of a constraint in a language."""

    status: str
    why: str
    do: str


@dataclass(frozen=True, slots=True)
class _Instruction:
    """A constraint: the words that state it in English, and its fate where it does not survive."""

    words: tuple[str, ...]
    fates: dict[Language, _Fate]


def comparable(item: ItemPair) -> Iterator[Finding]:
    """Constraints that a program checks, as in IFEval, mean the same in the target language.

    The recipe says where an item has the ids of its constraints (`instructions`); the list
    `eval/checks/lists/instructions.yaml` says for each id and language what becomes of it, why,
    and what must be changed. There is one finding per id, in the item's first text.

    - not comparable (hard, major): the program measures something else or nothing at all, such as
      capital letters in Korean; the item's score must not be compared until that is changed;
    - to be localised (soft, minor): prompt, `kwargs` and program must be changed together;
    - unknown (soft, neutral): the list does not have the id.

    Between the two Chinese languages everything survives. Known limits:

    - this is a verdict about the benchmark, not about the translation: no wording avoids it;
    - what was localised cannot be seen; set the check to `soft` or `off` then;
    - the place in the source is that of a word that the constraint is usually said with.
    """
    if item.pair.same_script_family or item.pair.source == item.pair.target:
        return
    if not item.item.instructions or not item.segments:
        return
    first = item.segments[0]
    for id_ in item.item.instructions:
        # Copies of IFEval put a language before the id: en:punctuation:no_comma.
        name = ":".join(id_.split(":")[-2:])
        instruction = _instructions().get(name)
        if instruction is None:
            message = f"{name}: not known whether this constraint survives translation."
            yield first.finding("comparable", Severity.NEUTRAL, message, hard=False)
        elif fate := instruction.fates.get(item.pair.target):
            yield _finding(first, item.pair.target, name, instruction, fate)


def _finding(
    segment: SegmentPair, target: Language, name: str, instruction: _Instruction, fate: _Fate
) -> Finding:
    lost = fate.status == "not comparable"
    verdict = "is not comparable" if lost else "must be localised"
    return segment.finding(
        "comparable",
        Severity.MAJOR if lost else Severity.MINOR,
        f"{name} {verdict} in {target.english_name}: {fate.why} {fate.do}",
        hard=lost,
        source=_place(segment.source, instruction.words),
    )


def _place(text: str, words: tuple[str, ...]) -> tuple[int, int] | None:
    folded = text.lower()
    if len(folded) != len(text):  # a letter such as İ became two
        return None
    for word in words:
        start = folded.find(word)
        if start >= 0:
            return start, start + len(word)
    return None


@cache
def _instructions() -> dict[str, _Instruction]:
    return {
        name: _Instruction(
            tuple(entry.get("words", ())),
            {
                Language(language): _Fate(fate["status"], fate["why"], fate["do"])
                for fate in entry.get("targets", ())
                for language in fate["in"]
            },
        )
        for name, entry in word_list("instructions").items()
    }
