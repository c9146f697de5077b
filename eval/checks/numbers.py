"""Numbers kept, by value: 35,000 is 3만 5천 and 3.5萬, but 24 is not 42."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator

from eval.checks.base import Finding, ItemPair, SegmentPair, Severity
from eval.checks.number_calendar import DAY, Name, changed_names, names
from eval.checks.number_order import Exchange, exchanges
from eval.checks.number_words import Number, Written
from eval.checks.numerals import numbers
from glossary.language import Pair

_GROUPS = re.compile(r"(?<![\d.,])\d{1,3}(?:(?:, ?|[ \u00a0\u2009\u202f])\d{3})++(?![\d.])")
"""Thousands with spaces (ISO 80000-1), or with a comma that a space follows."""

_ARTICLES = frozenset(["a", "an", "once", "single"])


def numbers_kept(item: ItemPair) -> Iterator[Finding]:
    """Every number of the source is in the translation by its value, and no other is added.

    Hard where a number was changed: one is missing, and one that the source does not have is there.
    A number that is only missing or only added is hard in mathematics, options, solutions and
    answers, and soft in other prose, where a good translation may say it differently. A minus sign
    that is lost or added and a morning that became an afternoon are hard.

    Numbers are read by value, in digits (full width, with 萬 億 兆, 만 억 조, million, powers of
    ten) and in words of all four languages. What is a number only perhaps (一, half, twice, 한)
    explains a number on the other side and is never required. Afternoon hours, months, decades,
    fractions and percent (1/5, 20 %, 五分之一) and discounts (8折) have all their readings, and
    5 000 is 5,000 where the other side says so. Numbers are counted: of `3, 3 and 5` a translation
    with `3, 5 and 5` changed one.

    Two numbers in digits that stand in the other order, while all others keep theirs, are soft:
    word order differs between the languages. Hard where nothing but a link (to, and, `:`, `×`)
    stands between them, where each has the unit of the other, and in mathematics where each is in
    the sentence of the other. Dates, times, a part beside its whole (*19 of 29*) and numbers that
    keep a unit of their own may change their order.

    Names that stand for a fact are compared by their meaning, as `eval/checks/lists/calendar.yaml`
    (which linguists can edit) tells it: weekdays, months, quarters, years BC (hard), seasons, parts
    of the day, holidays, rates (every day, 每週), round numbers (數萬) and figures with many sides
    (soft).

    Known limits:

    - A name that only got lost is passed, but for years BC.
    - A number in words is required only before what it counts (三個, 세 명), or in English.
    - The word for two that is alone missing or added is passed (her two parents, 兩人), unless the
      other side says one.
    - In prose a dropped number is not found where a loose word of the target may stand for it.
    - Two numbers that changed places are not found where one of them is a year, a date or a word,
      stands in the text twice, or where the translation puts more numbers in another order.
    - `N조` is 10^12 or the article of a law; in a text with `제5조` both are taken for right.
    - "Three times larger" and 大三倍 may mean three or four times.
    """
    for segment in item.segments:
        if segment.unchanged:
            continue
        exact = item.is_exact(segment)
        source = numbers(segment.source_prose, item.pair.source)
        target = numbers(segment.target_prose, item.pair.target)
        partners, lost, added = _partners(source, target)
        if lost and added:
            source, target = _regrouped(segment, item.pair, source, target)
            partners, lost, added = _partners(source, target)
        hours_told = False
        for one, two in partners:
            if {one.negative, two.negative} == {True, False}:
                yield _finding(segment, one, two, "has another sign in the target", hard=True)
            elif {one.half, two.half} == {"am", "pm"}:
                yield _finding(segment, one, two, "is at another time of day", hard=True)
                hours_told = True
        for exchange in exchanges(segment, item.pair, partners, (source, target), exact=exact):
            yield _exchanged(segment, exchange)
        yield from _lost_and_added(segment, source, target, lost, added, exact=exact)
        yield from _renamed(segment, item.pair, hours=not hours_told)


def _exchanged(segment: SegmentPair, exchange: Exchange) -> Finding:
    (one, there), (other, here) = exchange.one, exchange.other
    first, second = (segment.source[number.start : number.end] for number in (one, other))
    what = "changed places" if exchange.sure else "stand in the other order"
    return segment.finding(
        "numbers",
        Severity.CRITICAL if exchange.sure else Severity.MINOR,
        f"The numbers {first} and {second} {what} in the target.",
        hard=exchange.sure,
        source=(one.start, other.end),
        target=(here.start, there.end),
    )


def _renamed(segment: SegmentPair, pair: Pair, *, hours: bool) -> Iterator[Finding]:
    """A Monday became a Thursday, a morning an afternoon unless its hour is told already."""
    before = names(segment.source_prose, pair.source)
    after = names(segment.target_prose, pair.target)
    if not before and not after:
        return
    for name, other in changed_names(before, after):
        known = name or other
        if known and (hours or known.group != DAY):
            yield _finding(segment, name, other, "is another in the target", hard=known.sure)


def _regrouped(
    segment: SegmentPair, pair: Pair, source: list[Number], target: list[Number]
) -> tuple[list[Number], list[Number]]:
    """Both sides with ``5 000`` and ``40, 000`` as one number, if so more of them agree.

    Only where they do not agree as they are: ``100, 200, 300`` is a list as a rule.
    """
    joined = [_GROUPS.sub(_joined, text) for text in (segment.source_prose, segment.target_prose)]
    if joined == [segment.source_prose, segment.target_prose]:
        return source, target
    other = numbers(joined[0], pair.source), numbers(joined[1], pair.target)

    def apart(sides: tuple[list[Number], list[Number]]) -> int:
        _, lost, added = _partners(*sides)
        return len(lost) + len(added)

    return min((source, target), other, key=apart)


def _joined(match: re.Match[str]) -> str:
    """The digits alone, behind so many spaces that the text keeps its length."""
    return re.sub(r"\D", "", match.group()).rjust(len(match.group()))


def _lost_and_added(
    segment: SegmentPair,
    source: list[Number],
    target: list[Number],
    lost: list[Number],
    added: list[Number],
    *,
    exact: bool,
) -> Iterator[Finding]:
    """Numbers without a partner: hard where both sides have some, for then one was changed."""
    was, now = _unexplained(lost, target), _unexplained(added, source)
    if (was or now) and not (was and now):
        # 11 became 1, and an "a" or 一 explains the 1.
        was = was or _in_digits(lost, now)
        now = now or _in_digits(added, was)
    if was and now and len(was) == len(now):
        for before, after in zip(was, now, strict=True):
            yield _finding(segment, before, after, "is another number in the target", hard=True)
        return
    hard = exact or bool(was and now)
    if not hard:
        was, now = _absent(was, target), _absent(now, source)
    if exact and not (was and now):
        was, now = _alone(was), _alone(now)
    elif not (lost and added):
        one_is = [_says_one(source, segment.source), _says_one(target, segment.target)]
        was = was if one_is == [False, True] else _alone(was)
        now = now if one_is == [True, False] else _alone(now)
    for number in was:
        yield _finding(segment, number, None, "is missing in the target", hard=hard)
    for number in now:
        yield _finding(segment, None, number, "is not in the source", hard=hard)


def _in_digits(unpaired: list[Number], others: list[Number]) -> list[Number]:
    if all(other.written is Written.DIGITS for other in others):
        return [number for number in unpaired if number.written is Written.DIGITS]
    return []


def _partners(
    source: list[Number], target: list[Number]
) -> tuple[list[tuple[Number, Number]], list[Number], list[Number]]:
    """Pairs of the same value, and the numbers of each side without a partner.

    Numbers with the same sign and the same half of the day find each other first.
    """
    lost = [number for number in source if number.written]
    added = [number for number in target if number.written]
    found, lost, added = _matched(
        lost, added, lambda number: [(number.readings[0], number.negative, number.half)]
    )
    if lost and added:
        more, lost, added = _matched(lost, added, lambda number: number.readings)
        found += more
    return found, lost, added


def _matched(
    ones: list[Number], others: list[Number], keys: Callable[[Number], Iterable[Hashable]]
) -> tuple[list[tuple[Number, Number]], list[Number], list[Number]]:
    """Pairs that share a key, first come, first served, and who is left on each side."""
    waiting: dict[Hashable, deque[int]] = defaultdict(deque)
    for place, other in enumerate(others):
        for key in keys(other):
            waiting[key].append(place)
    taken: set[int] = set()
    pairs, left = [], []
    for one in ones:
        for key in keys(one):
            queue = waiting[key]
            while queue and queue[0] in taken:
                queue.popleft()
            if queue:
                taken.add(queue[0])
                pairs.append((one, others[queue[0]]))
                break
        else:
            left.append(one)
    return pairs, left, [other for place, other in enumerate(others) if place not in taken]


def _unexplained(numbers: list[Number], others: list[Number]) -> list[Number]:
    if not numbers:
        return []
    loose = {value for other in others if not other.written for value in other.readings}
    return [number for number in numbers if loose.isdisjoint(number.readings)]


def _absent(numbers: list[Number], others: list[Number]) -> list[Number]:
    """Those whose value the other side does not have at all."""
    if not numbers:
        return []
    there = {value for other in others for value in other.readings}
    return [number for number in numbers if there.isdisjoint(number.readings)]


def _alone(numbers: list[Number]) -> list[Number]:
    """Without the word for two: pairs are often counted in one language only (her two parents)."""
    return [n for n in numbers if n.written is Written.DIGITS or n.readings[0] != 2]


def _says_one(numbers: list[Number], text: str) -> bool:
    """Is there a one, other than an article?"""
    return any(
        number.readings[0] == 1 and text[number.start : number.end].lower() not in _ARTICLES
        for number in numbers
    )


def _finding(
    segment: SegmentPair,
    before: Number | Name | None,
    after: Number | Name | None,
    what: str,
    *,
    hard: bool,
) -> Finding:
    number, text = (before, segment.source) if before else (after, segment.target)
    assert number is not None
    kind = "name" if isinstance(number, Name) else "number"
    return segment.finding(
        "numbers",
        Severity.CRITICAL if hard else Severity.MINOR,
        f"The {kind} {text[number.start : number.end]} {what}.",
        hard=hard,
        source=(before.start, before.end) if before else None,
        target=(after.start, after.end) if after else None,
    )
