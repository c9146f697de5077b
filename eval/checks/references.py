"""References to options and statements: still to the same ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.labels import Label, System, labels, numbers_as_labels
from eval.checks.labels import references as references_in
from eval.segment import FieldKind

_OF_THEM = (
    r"of (?:the )?(?:above|these|them|those|following)"
    r"(?: (?:answers|options|choices|statements))?(?: (?:are|is) (?:true|correct|right|valid))?"
)
_ABOVE = (
    r"(?:(?:以上|上述|前述|其他|其它)(?:各|三)?[項项個个]?"
    r"(?:選項|选项|答案|說法|说法|結論|结论|敘述|叙述)?)"
)
_WEI = r"(?:위|이상|보기|상기)(?:의|에)?\s*(?:것|내용|보기)?\s*"
_ALL = re.compile(
    rf"(?:all|both|each) {_OF_THEM}|(?:all|both) (?:are )?(?:true|correct)"
    rf"|{_ABOVE}?(?:皆|都|均|全都?|全部)(?:是|對|对|正確|正确|可以?|有|包括|包含|成立)"
    rf"|{_ABOVE}(?:皆|都|均|全部|所有)"
    rf"|{_WEI}(?:모두|전부)(?:이?다|\s*(?:해당|맞|옳|정답|참)\S{{0,5}})?"
    r"|(?:모두|전부)\s*(?:맞|옳|정답|참|해당)\S{0,5}",
    re.IGNORECASE,
)
_NONE = re.compile(
    rf"(?:none|neither) {_OF_THEM}|none is (?:true|correct)"
    rf"|{_ABOVE}?(?:皆|都|均|全都?|全部)"
    r"(?:非|不是|不對|不对|不正確|不正确|不可|不包括|不成立|錯誤?|错误?|無|无|沒有|没有)"
    rf"|{_ABOVE}?[無无]正[確确]答案"
    rf"|{_WEI}(?:모두|전부|어느 것도|아무것도|중)\s*"
    r"(?:아니|아님|없|틀|해당\s*(?:없|되지|하지))\S{0,5}"
    r"|(?:정답|해당(?:\s*사항)?)\s*없음|(?:모두|전부)\s*(?:아니|아님|틀)\S{0,5}",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:none|neither|not|no|nothing|nor)\b|n't\b|[非不沒没無无未錯错否]|없|아니|아닌|아님|않|틀|못",
    re.IGNORECASE,
)
_UNIVERSAL = re.compile(
    r"\b(?:all|every|each|both|any)\b|[都皆均全]|所有|每|任|모두|전부|모든|다(?!른)|둘",
    re.IGNORECASE,
)
_LIST = 3
"""Labels in a row that make a list; two change places when a language wants it."""
_LONGEST = 60
"""Characters of an option such as "All of the above are correct"."""


def references(item: ItemPair) -> Iterator[Finding]:
    """A reference to other options or statements still refers to the same ones.

    Hard:

    - "All of the above" that says none or nothing of the kind, and the reverse; an option that
      became "all" or "none of the above";
    - letters A to H that are lost, changed, added or written otherwise (甲, 가);
    - I, ②, 甲, ㄱ and (가) that are lost, changed or added. A translation may write them in its own
      system (ㄱ as 甲, I as 一), but in one system throughout an item;
    - the labels of a list of three or more (A ... B ... C) in another order.

    A letter is a reference in a row ("A and C"), beside a word such as "option" or "only", or
    alone; so initials and plans B are none. Soft: any other letter that an option lost (vitamin C),
    and a lost 甲 in prose, which may have got a name.

    Known limits:

    - a single letter in prose without such a word ("in B") is not looked at;
    - two labels that change places within one text are not found.
    """
    used: dict[System, System] = {}
    for segment in item.segments:
        if segment.unchanged:
            continue
        yield from _all_or_none(segment)
        yield from _labels(segment, used)


def _all_or_none(segment: SegmentPair) -> Iterator[Finding]:
    if len(segment.source) > _LONGEST and len(segment.target) > _LONGEST:
        return
    before, after = _meaning(segment.source), _meaning(segment.target)
    span = (0, len(segment.target))
    if before is not None and after is not before:
        negated = _NEGATION.search(segment.target) is not None
        kept = negated if before is _NONE else _UNIVERSAL.search(segment.target) and not negated
        if not kept:
            what = "None of the above" if before is _NONE else "All of the above"
            yield _finding(segment, f"“{what}” says something else now.", target=span)
    elif (
        after is not None
        and before is None
        and segment.segment.kind is FieldKind.OPTION
        and not (_NEGATION if after is _NONE else _UNIVERSAL).search(segment.source)
    ):
        yield _finding(segment, "An option became one about the other options.", target=span)


def _meaning(text: str) -> re.Pattern[str] | None:
    text = text.strip(" .。")
    if len(text) > _LONGEST:
        return None
    return next((meaning for meaning in (_NONE, _ALL) if meaning.fullmatch(text)), None)


def _labels(segment: SegmentPair, used: dict[System, System]) -> Iterator[Finding]:
    before, after = labels(segment.source), labels(segment.target)
    if not before and not after:
        return
    wanted, found = references_in(segment.source, before), references_in(segment.target, after)
    yield from _lost(segment, wanted, after, used)
    if segment.segment.kind is FieldKind.OPTION:
        sure = set(wanted)
        yield from _lost_letters(segment, [label for label in before if label not in sure], after)
    yield from _added(segment, found, before)
    yield from _reordered(segment, before, after)


def _lost(
    segment: SegmentPair, wanted: list[Label], after: list[Label], used: dict[System, System]
) -> Iterator[Finding]:
    there = _ranks(segment.target, after)
    for label in wanted:
        system = _system_of(label, there)
        if system is None:
            hard = label.system is not System.STEM or segment.segment.kind is FieldKind.OPTION
            name = segment.source[label.start : label.end]
            yield _finding(
                segment,
                f"The reference to {name} is missing.",
                hard=hard,
                source=(label.start, label.end),
            )
        elif used.setdefault(label.system, system) is not system:
            name = segment.source[label.start : label.end]
            yield _finding(
                segment,
                f"{name} is written in another way than elsewhere in this item.",
                source=(label.start, label.end),
            )


def _lost_letters(
    segment: SegmentPair, alone: list[Label], after: list[Label]
) -> Iterator[Finding]:
    """Letters of an option that may be a name: vitamin C, point B, type II."""
    there = _ranks(segment.target, after)
    for label in alone:
        name = segment.source[label.start : label.end]
        beside = segment.source[label.start - 1 : label.start], segment.source[label.end :][:1]
        known = any(label.rank in ranks for ranks in there.values())
        if not known and name not in ("A", "I") and beside[0] != "°" and beside[1] != ".":
            span = (label.start, label.end)
            yield _finding(segment, f"The letter {name} is missing.", hard=False, source=span)


def _system_of(label: Label, there: dict[System, set[int]]) -> System | None:
    """How the translation writes this label: as it is, or in another system.

    The letters of options stay letters.
    """
    if label.rank in there.get(label.system, ()):
        return label.system
    if label.system is System.LETTER:
        return None
    return next((system for system, ranks in there.items() if label.rank in ranks), None)


def _added(segment: SegmentPair, found: list[Label], before: list[Label]) -> Iterator[Finding]:
    there = _ranks(segment.source, before)
    for label in found:
        if any(label.rank in ranks for ranks in there.values()):
            continue
        name = segment.target[label.start : label.end]
        yield _finding(
            segment,
            f"A reference to {name} that the source does not have.",
            target=(label.start, label.end),
        )


def _reordered(segment: SegmentPair, before: list[Label], after: list[Label]) -> Iterator[Finding]:
    """A list (A ... B ... C) whose labels stand in another order."""
    for system in dict.fromkeys(label.system for label in before):
        wanted = [label.rank for label in before if label.system is system]
        listed = [label for label in after if label.system is system]
        ranks = [label.rank for label in listed]
        listing = len(wanted) >= _LIST and wanted == sorted(set(wanted))
        if listing and ranks != wanted and sorted(ranks) == wanted:
            yield _finding(
                segment,
                "The labels stand in another order.",
                target=(listed[0].start, listed[-1].end),
            )


def _ranks(text: str, found: list[Label]) -> dict[System, set[int]]:
    ranks: dict[System, set[int]] = {}
    for label in found:
        ranks.setdefault(label.system, set()).add(label.rank)
    ranks[System.NUMBER] = numbers_as_labels(text)
    return ranks


def _finding(
    segment: SegmentPair,
    message: str,
    *,
    hard: bool = True,
    source: tuple[int, int] | None = None,
    target: tuple[int, int] | None = None,
) -> Finding:
    severity = Severity.CRITICAL if hard else Severity.MAJOR
    return segment.finding("references", severity, message, hard=hard, source=source, target=target)
