"""Units kept: 5 miles are 5 英里, not 5 公里 and not 8 公里."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.number_words import Number
from eval.checks.phrases import word_list
from glossary.language import Language

_SHORT = 2
"""Latin forms up to this length are units behind digits only."""
_MOST = 100
"""Faults told of one text, and mentions of one number that are compared."""
_ENGLISH_NUMBER = (
    r"(?:[0-9][\s-]?|(?<![A-Za-z])(?i:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundred|thousand|[mb]illion|trillion|dozen|half an?"
    r"|(?:one|an?)(?=[\s-](?:hour|week|fortnight|month|decade|centur)))[\s-])"
    r"(?:(?:hundred|thousand|[mb]illion|trillion|bn)\s)*"
)
_CJK_NUMBER = (
    r"(?:[0-9０-９一二两兩三四五六七八九十百千万萬亿億兆半多餘余십백천만억조]\s?"
    r"|每(?=[千毫])|[한두세네섯곱덟홉열반]\s)"
)
_DIGITS_BEFORE = re.compile(r"[0-9][0-9,.]{0,20}+(?=[\s-]?\Z)")
_DIGITS_BEHIND = re.compile(r"\s?([0-9][0-9,.]{0,20}+)")
_JOINT = re.compile(r"[\s-]?")
_TOKEN = re.compile(r"[A-Za-z]+|[%‰$€£¥₩¢°℃℉Ω]")


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Mention:
    """A unit at ``[start, end)``; several where its form is ambiguous."""

    units: frozenset[_Unit]
    start: int
    end: int
    loose: bool
    number: str
    """The digits that it stands with, or nothing."""

    def same_kind(self, other: _Mention) -> bool:
        kinds = {unit.kind for unit in self.units}
        return any(unit.kind in kinds for unit in other.units)


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms of all units: with a number, and anywhere in a text."""

    units: dict[str, frozenset[_Unit]]
    loose: frozenset[str]
    counted: dict[bool, re.Pattern[str]]
    anywhere: re.Pattern[str]
    heads: frozenset[str]

    def mentions(self, text: str, pattern: re.Pattern[str]) -> list[_Mention]:
        """The units of a text, in order."""
        found = []
        for match in pattern.finditer(text):
            group = match.lastgroup or ""
            start, end = match.span(group)
            form = match[group] if match[group] in self.units else match[group].removesuffix("s")
            if group == "behind":
                digits = _DIGITS_BEFORE.search(text[max(0, start - 24) : start])
                number = digits.group() if digits else ""
            else:
                after = _DIGITS_BEHIND.match(text, end)
                number = after[1] if after else ""
            number = number.rstrip(".,").replace(",", "")
            found.append(_Mention(self.units[form], start, end, form in self.loose, number))
        return found


def units(item: ItemPair) -> Iterator[Finding]:
    """Every unit that stands with a number is in the translation too; none is converted.

    Hard where another unit of the same kind took its place: 5 miles became 5 or 8 公里, $ became €.
    A unit that is only missing is soft in prose and hard in mathematics, options, solutions and
    answers, except for time (the second day, 第二天).

    Decided by the forms in `eval/checks/lists/units.yaml`, which linguists can edit. First, the
    same digits with another unit of the same kind are a fault. Then each unit of the source takes
    one of the target; one that gets none is looked for in the target without a number too.

    Known limits:

    - 元 is a dollar, a yuan or a New Taiwan dollar, $ may be any of the dollars and `pound` is a
      weight or money: a change between them is not seen.
    - Of a unit that stands in a text several times, one that is lost is found only for percent.
    - Forms with several meanings (年, 日, 분, 세) show that a unit is there and are not required.
    - A unit that both sides say in ambiguous words (분, 度, dozen) is not required.
    - Two units that only changed places are found where their numbers are written in digits.
    """
    forms = _forms()
    for segment in item.segments:
        if segment.unchanged:
            continue
        before = _counted(forms, segment.source_prose, item.pair.source)
        if not before:
            continue
        after = _counted(forms, segment.target_prose, item.pair.target)
        exact = item.is_exact(segment)
        swapped = list(_swapped(before, after))
        for one, other in swapped:
            yield _finding(segment, one, other, exact=exact)
        told = {mention for pair in swapped for mention in pair}
        before = [mention for mention in before if mention not in told]
        after = [mention for mention in after if mention not in told]
        yield from _lost(forms, segment, before, after, exact=exact)


def _counted(forms: _Forms, text: str, language: Language) -> list[_Mention]:
    """Units that stand with a number."""
    english = language is Language.EN
    if english and forms.heads.isdisjoint(_TOKEN.findall(text)):
        return []
    return forms.mentions(text, forms.counted[english])


def unit_names(text: str, language: Language, numbers: Iterable[Number]) -> list[frozenset[str]]:
    """The units that stand with each of the numbers; several where a form is ambiguous."""
    mentions = _counted(_forms(), text, language)
    return [
        frozenset(
            unit.name
            for mention in mentions
            if _JOINT.fullmatch(text, number.end, max(number.end, mention.start))
            and mention.start >= number.end
            for unit in mention.units
        )
        or frozenset(
            unit.name
            for mention in mentions
            if mention.end <= number.start and _JOINT.fullmatch(text, mention.end, number.start)
            for unit in mention.units
        )
        for number in numbers
    ]


def _swapped(before: list[_Mention], after: list[_Mention]) -> Iterator[tuple[_Mention, _Mention]]:
    """The same digits with another unit of the same kind, and with the old one nowhere."""
    was, now = _by_number(before), _by_number(after)
    for number in was:
        if number not in now:
            continue
        lost, added = _unmatched(was[number], now[number])
        kept = {unit for mention in was[number] for unit in mention.units}
        there = {unit for mention in now[number] for unit in mention.units}
        others = [mention for mention in added if kept.isdisjoint(mention.units)]
        for one in lost:
            other = _of_kind(one, others) if there.isdisjoint(one.units) else None
            if other and not (one.loose and other.loose):
                others.remove(other)
                yield one, other


def _by_number(mentions: list[_Mention]) -> dict[str, list[_Mention]]:
    found: dict[str, list[_Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.number and len(found[mention.number]) < _MOST:
            found[mention.number].append(mention)
    return found


def _of_kind(mention: _Mention, others: list[_Mention]) -> _Mention | None:
    return next((other for other in others if other.same_kind(mention)), None)


def _lost(
    forms: _Forms,
    segment: SegmentPair,
    before: list[_Mention],
    after: list[_Mention],
    *,
    exact: bool,
) -> Iterator[Finding]:
    """Units without a partner: hard beside one of their kind that the source does not have."""
    lost, added = _unmatched(before, after)
    lost = [mention for mention in lost if not mention.loose]
    if not lost:
        return
    lost, _ = _unmatched(lost, _others(forms, segment.target_prose, after))
    added, _ = _unmatched(
        [mention for mention in added if not mention.loose],
        _others(forms, segment.source_prose, before),
    )
    there = {unit for mention in after for unit in mention.units}
    for mention in lost[:_MOST]:
        other = _of_kind(mention, added)
        if other:
            added.remove(other)
        elsewhere = not there.isdisjoint(mention.units)
        if other or not elsewhere or any(unit.kind == "share" for unit in mention.units):
            yield _finding(segment, mention, other, exact=exact)


def _others(forms: _Forms, text: str, counted: list[_Mention]) -> list[_Mention]:
    """Units of a text besides those that stand with a number."""
    places = {mention.end for mention in counted}
    return [found for found in forms.mentions(text, forms.anywhere) if found.end not in places]


def _unmatched(
    ours: list[_Mention], theirs: list[_Mention]
) -> tuple[list[_Mention], list[_Mention]]:
    """Those of each side that have no partner of the same unit on the other."""
    waiting: dict[_Unit, deque[int]] = defaultdict(deque)
    for place, other in enumerate(theirs):
        for unit in other.units:
            waiting[unit].append(place)
    taken: set[int] = set()
    left = []
    for mention in ours:
        for unit in sorted(mention.units, key=lambda unit: unit.name):
            queue = waiting[unit]
            while queue and queue[0] in taken:
                queue.popleft()
            if queue:
                taken.add(queue[0])
                break
        else:
            left.append(mention)
    return left, [other for place, other in enumerate(theirs) if place not in taken]


def _finding(
    segment: SegmentPair, lost: _Mention, other: _Mention | None, *, exact: bool
) -> Finding:
    written = segment.source[lost.start : lost.end]
    if other is None:
        message = f"The unit {written} is missing in the target."
    else:
        message = f"The unit {written} is {segment.target[other.start : other.end]} in the target."
    hard = other is not None or (exact and all(unit.kind != "time" for unit in lost.units))
    return segment.finding(
        "units",
        Severity.CRITICAL if hard else Severity.MINOR,
        message,
        hard=hard,
        source=(lost.start, lost.end),
        target=(other.start, other.end) if other else None,
    )


@cache
def _forms() -> _Forms:
    """The list, read once."""
    units: dict[str, set[_Unit]] = defaultdict(set)
    written: set[str] = set()
    for unit, form in _listed():
        written.add(form)
        units[form.rstrip("#~")].add(unit)
    before = {form[:-1] for form in written if form.endswith("#")}
    behind = {form.rstrip("~") for form in written if not form.endswith("#")}
    loose = {form[:-1] for form in written if form.endswith("~")} - written
    long = {f for f in units if len(f) > _SHORT or not (f.isalpha() and f.isascii())}
    heads = {head for form in before | behind for head in _TOKEN.findall(form)}
    return _Forms(
        {form: frozenset(found) for form, found in units.items()},
        frozenset(loose),
        {
            english: re.compile(
                rf"(?P<before>{_any(before)})\s?(?=[0-9０-９一二两兩三四五六七八九十])"
                rf"|{number}(?P<behind>{_any(behind, spaced=english)})"
            )
            for english, number in ((True, _ENGLISH_NUMBER), (False, _CJK_NUMBER))
        },
        re.compile(rf"(?<![A-Za-z])(?P<form>{_any(long)})"),
        frozenset(heads | {head + "s" for head in heads if len(head) > _SHORT}),
    )


def _listed() -> Iterator[tuple[_Unit, str]]:
    """Every unit with each of its forms, with a prefix of SI too: kilogram, 毫克, 밀리그램."""
    kinds = dict(word_list("units"))
    prefixes, prefixed = kinds.pop("prefixes"), kinds.pop("prefixed")
    for kind, entries in kinds.items():
        for name, forms in entries.items():
            yield from ((_Unit(name, kind), form) for form in forms)
            for prefix in prefixed.get(name, "").split():
                unit = _Unit(prefix + name, kind)
                for form in (form.removesuffix("~") for form in forms):
                    yield from (
                        (unit, lead + form) for lead in prefixes[prefix] if _fit(lead, form)
                    )


def _fit(prefix: str, form: str) -> bool:
    """A sign with a sign, an English word with a word, Han with Han, Hangul with Hangul."""
    if form.isascii() and len(form) > _SHORT:
        return prefix.isascii() and len(prefix) > _SHORT and form.islower()
    if form[0] < "\u3000":
        return len(prefix) == 1 and prefix < "\u3000"
    return (prefix[0] >= "가") == (form[0] >= "가") and prefix >= "\u3000"


def _any(forms: set[str], *, spaced: bool = False) -> str:
    """By first letter, the longest first; a Latin form ends where its word does.

    ``spaced``: one letter must stand behind a space, because 5m is 5 million in English.
    """
    by_letter: dict[str, list[str]] = defaultdict(list)
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        latin = form.isascii() and form[-1].isalpha()
        plural = "s?" if latin and len(form) > _SHORT else ""
        single = r"(?<=\s.)" if spaced and latin and len(form) == 1 else ""
        rest = re.escape(form[1:]) + plural + ("(?![A-Za-z])" if latin else "")
        by_letter[form[0]].append(single + rest)
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in by_letter.items())
