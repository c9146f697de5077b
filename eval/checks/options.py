"""Answer options: as distinct as they were, each in its place, with nothing of the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.benchmarks.protect import SpanKind
from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.english import Sure, english

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LABEL = re.compile(
    r"\s*(?:[(（\[【](?P<bracketed>[A-Ja-jＡ-Ｊ1-9])[)）\]】]"
    r"|(?P<bare>[A-Ja-jＡ-Ｊ1-9](?=[.．、:：)）](?!\d))|[A-JＡ-Ｊ](?=、\d))[.．、:：)）]"
    r"(?![A-J]\b(?! [a-z])))\s*"
)
_GENUS = re.compile(r"[A-Z]\. [a-z]")
"""An abbreviated name of a species: E. coli."""
_DIGITS = re.compile(r"[0-9]++(?:\.[0-9]++)*+")
_SIGN = r"[(（]?[A-J2-9][.．、:：)）]\s*"
_SEPARATORS = re.compile(
    rf"[,，、;；/|\n]|\s{_SIGN}|[和與与及或]|\b(?:and|or)\b|[와과](?= )|및|또는"
)
_BEFORE = re.compile(rf"(?:[,，、;；/|\n]\s*|\s)(?:{_SIGN})\Z|[,，、;；/|\n]\s*\Z")
_AFTER = re.compile(r"\s*(?:[,，、;；/|]|\n)")


@dataclass(frozen=True, slots=True)
class _Option:
    """An answer option; ``segment`` is ``None`` where there was nothing to translate."""

    source: str
    target: str
    segment: str | None


def options(item: ItemPair) -> Iterator[Finding]:
    """Options are as distinct as in the source, in their order, and nothing is added to them.

    All findings are hard:

    - two options became equal. Compared without regard to full or half width, white space, a final
      stop and a letter that was put before. Superscripts are other characters: x² is not x2;
    - an option got a letter or number ("B. 速度") that its source does not have;
    - an option begins or ends with another one, behind a separator that its source does not have;
    - values changed places: each option's digits and formulas are those of another option.

    Known limit: options without digits and formulas that changed places are not found.
    """
    questions: dict[tuple[int, ...], list[_Option]] = {}
    for slot in item.item.slots:
        for source, target, segment in slot.options(item.translations):
            questions.setdefault(slot.question, []).append(_Option(source, target, segment))
    if not questions:
        return
    pairs = {segment.segment.id: segment for segment in item.segments}
    for beside in questions.values():
        yield from _equal(beside, pairs)
        yield from _labelled(beside, pairs)
        yield from _swallowed(beside, pairs)
        yield from _moved(beside, pairs)


def _equal(beside: Sequence[_Option], pairs: dict[str, SegmentPair]) -> Iterator[Finding]:
    first: dict[str, _Option] = {}
    for option in beside:
        folded = _fold(_bare(option))
        if not folded:
            continue
        earlier = first.setdefault(folded, option)
        place = option.segment or earlier.segment
        if place is not None and _fold(earlier.source) != _fold(option.source):
            message = f"Two options became the same: {earlier.source!r} and {option.source!r}."
            yield _finding(pairs[place], message, expected="an option of its own")


def _labelled(beside: Sequence[_Option], pairs: dict[str, SegmentPair]) -> Iterator[Finding]:
    """A letter is one where it is the option's own, or where several options have got one."""
    found = [
        (place, option, label)
        for place, option in enumerate(beside)
        if (label := _LABEL.match(option.target)) and not _LABEL.match(option.source)
    ]
    own = sum(_rank(label) == place for place, _, label in found)
    for place, option, label in found:
        sure = _rank(label) == place or len(found) > 1
        if option.segment and (own > 1 or (sure and not _is_species(option.target))):
            span = (label.start(), len(label.group().rstrip()))
            yield _finding(pairs[option.segment], "The option got a letter or number.", span)


def _is_species(text: str) -> bool:
    """E. coli and B. subtilis, but not "A. only one"."""
    return _GENUS.match(text) is not None and english(text) < Sure.YES


def _rank(label: re.Match[str]) -> int:
    sign = (label["bracketed"] or label["bare"]).translate(_WIDTH).upper()
    return ord(sign) - ord("1" if sign.isdigit() else "A")


def _swallowed(beside: Sequence[_Option], pairs: dict[str, SegmentPair]) -> Iterator[Finding]:
    """An option that ends, or begins, with another one."""
    for option in beside:
        if not option.segment or not _more_separators(option):
            continue
        for other in beside:
            span = None if other.source in option.source else _attached(option.target, _bare(other))
            if span:
                yield _finding(pairs[option.segment], "The option holds another option.", span)
                break


def _more_separators(option: _Option) -> bool:
    found = len(_SEPARATORS.findall(option.target.strip()))
    return found > 0 and found > len(_SEPARATORS.findall(option.source.strip()))


def _attached(text: str, other: str) -> tuple[int, int] | None:
    """Where ``other`` stands at an end of ``text``, behind or before a separator."""
    other = other.strip()
    kept = text.rstrip().removesuffix(other)
    if other and len(kept) < len(text.rstrip()) and _BEFORE.search(kept[-8:]):
        return len(kept), len(kept) + len(other)
    start = len(text) - len(text.lstrip())
    if other and text.startswith(other, start) and _AFTER.match(text, start + len(other)):
        return start, start + len(other)
    return None


def _moved(beside: Sequence[_Option], pairs: dict[str, SegmentPair]) -> Iterator[Finding]:
    """Options whose values are those of another option, where all values are still there."""
    before = [_values(option.source, pairs.get(option.segment or ""), 0) for option in beside]
    after = [_values(option.target, pairs.get(option.segment or ""), 1) for option in beside]
    if before == after or sorted(before) != sorted(after):
        return
    for option, wanted, found in zip(beside, before, after, strict=True):
        if wanted != found and option.segment:
            yield _finding(pairs[option.segment], "The values of another option stand here.")


def _values(text: str, pair: SegmentPair | None, side: int) -> tuple[str, ...]:
    spans = () if pair is None else (pair.source_spans, pair.target_spans)[side]
    formulas = [span.canonical for span in spans if span.kind is SpanKind.LATEX]
    digits = _DIGITS.findall(text.translate(_WIDTH).replace(",", ""))
    return (*sorted(digits), *sorted(formulas))


def _bare(option: _Option) -> str:
    """The option without a letter that its source does not have."""
    label = _LABEL.match(option.target)
    if label is None or _LABEL.match(option.source):
        return option.target
    return option.target[label.end() :]


def _fold(text: str) -> str:
    narrow = text.translate(_WIDTH)
    return re.sub(r"\s+", " ", narrow).strip().rstrip(".。").strip()


def _finding(
    segment: SegmentPair,
    message: str,
    place: tuple[int, int] | None = None,
    *,
    expected: str | None = None,
) -> Finding:
    span = place or (0, len(segment.target))
    return segment.finding(
        "options", Severity.CRITICAL, message, hard=True, target=span, expected=expected
    )
