"""How the occurrences of one term are rendered, found by how words occur together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from math import sqrt

from glossary.consistency.links import WordLinks
from glossary.consistency.spans import WIDEST, Key, Phrases, Span, ends, key_of, likeness, spans_of
from glossary.consistency.units import Unit

_SURE = 0.35
"""Score of a span from which it is taken for the rendering."""
_REPEATED = 0.2
"""A weaker score will do for a rendering that several rows have and hardly any other row."""
_EXCLUSIVE = 0.6
_ALIKE = 0.5
"""Share of equal characters from which a weak candidate counts as a form of a known rendering."""
_LEAST_ALIKE = 0.03
_TAKEN = 0.5
"""A target word that another source word accounts for so far is no part of the rendering."""
_NEARLY = 0.8
"""A longer form may have so much of the score of the shorter one."""
_HARDLY_EVER = 0.75
"""Share of a form's rows that have a longer one."""
_OFTEN = 3
"""Rows from which a rendering may hold a word such as 的."""
_KNOWN = 0.1
"""So little will do for a rendering that other rows have, against one that no other row has."""


class Occurrences:
    """The rows in which a term occurs, and what may be its rendering in each."""

    def __init__(
        self,
        term: Key,
        places: Mapping[int, Sequence[int]],
        rows: Sequence[tuple[Sequence[Unit], Sequence[Unit]]],
        links: WordLinks,
        phrases: Phrases,
    ) -> None:
        self._words = frozenset(term)
        self._rows = rows
        self._phrases = phrases
        self._places = places
        self._taken: dict[int, list[float]] = {}
        self._owned: dict[int, list[bool]] = {}
        self._spans: dict[int, list[Span]] = {}
        self._support: defaultdict[Key, float] = defaultdict(float)
        self._inside: Counter[Key] = Counter()
        for row, at in places.items():
            self._look(row, at, links)

    def renderings(self) -> dict[int, Span | None]:
        """For each row the rendering in it; ``None`` where none can be told."""
        sure = self._extended({row: self._surest(row) for row in self._places})
        sure = {row: span and self._unless_beside(span, sure) for row, span in sure.items()}
        count = Counter("".join(span.key) for span in sure.values() if span)
        forms = {text for text, rows in count.items() if rows > 1}
        found = {}
        for row, span in sure.items():
            if span is None:
                span = (
                    self._left_as_it_is(row)
                    or self._spelled(row, forms)
                    or self._like(row, forms)
                    or self._as_often(row)
                )
            elif "".join(span.key) not in forms:
                span = self._known(row, forms) or self._unless_a_part(row, span, forms)
            found[row] = self._whole(row, span)
        return found

    def _look(self, row: int, at: Sequence[int], links: WordLinks) -> None:
        source, target = self._rows[row]
        linked = links.row(row)
        words = range(len(target))
        ours = [max(linked.explained[i][j] for i in at) for j in words]
        back = [max(linked.explaining[i][j] for i in at) for j in words]
        others = [i for i, unit in enumerate(source) if i not in at and not unit.empty]
        taken = [max((linked.explained[i][j] for i in others), default=0.0) for j in words]
        names = {word for i in others for word in source[i].key.split()} - self._words
        term = source[at[0]].key
        owned = [owner >= 0 and source[owner].key == term for owner in linked.owner]
        belongs = [
            target[j].key not in names and (taken[j] <= max(ours[j], _TAKEN) or owned[j])
            for j in words
        ]
        self._taken[row], self._owned[row] = taken, owned
        best: dict[Key, Span] = {}
        for span in spans_of(target, ours, back, belongs):
            if span.key not in best or span.score > best[span.key].score:
                best[span.key] = span
        self._spans[row] = list(best.values())
        for span in best.values():
            self._support[span.key] += span.score
            self._inside[span.key] += span.score >= _KNOWN

    def _weight(self, row: int, span: Span) -> float:
        """Score with what the other rows say: often found there, and seldom without the term."""
        support, inside = self._support[span.key], self._inside[span.key]
        alone = inside / (self._phrases.rows[span.key] + 0.2)
        longer = 1 + 0.08 * (len(span.key) - 1)
        return (
            span.score * support / (support + 0.4) * sqrt(alone) * longer * self._often(row, span)
        )

    def _often(self, row: int, span: Span) -> float:
        """More where the rendering stands as often in the row as the term."""
        times = len(self._places[row])
        if times == 1:
            return 1.0
        found = len(self._found(row, span.key))
        return 2.0 if found == times else 1.0

    def _surest(self, row: int) -> Span | None:
        fitting = [span for span in self._spans[row] if self._is_sure(row, span)]
        if not fitting:
            return None
        best = max(fitting, key=lambda span: (self._weight(row, span), -span.start, span.key))
        if self._words.issuperset(best.key):  # a translation before its original in brackets
            others = [span for span in fitting if self._words.isdisjoint(span.key)]
            best = max(others, key=lambda span: self._weight(row, span), default=best)
        return best

    def _extended(self, sure: Mapping[int, Span | None]) -> dict[int, Span | None]:
        """Longer forms where they are the rendering: of 評分標準 and 評分準則 not 評分.

        A longer form is one that several rows have, and no text without the term. Two rows will do
        where the shorter form hardly ever stands without one, three where it does.
        """
        rows_of: defaultdict[Key, list[int]] = defaultdict(list)
        for row, span in sure.items():
            if span is not None:
                rows_of[span.key].append(row)
        found = dict(sure)
        for rows in rows_of.values():
            longer = {row: each for row in rows if (each := self._longer(row, sure[row], 2))}
            if len(longer) < _HARDLY_EVER * len(rows):
                longer = {row: each for row in rows if (each := self._longer(row, sure[row], 3))}
            found.update(longer)
        return found

    def _unless_beside(self, span: Span, sure: Mapping[int, Span | None]) -> Span | None:
        """Not what stands as often beside another rendering: the 呼叫 of 函數呼叫 is none."""
        rows = beside = 0
        for row, chosen in sure.items():
            if chosen is None:
                continue
            rows += chosen.key == span.key
            beside += any(
                end <= chosen.start or chosen.end <= start
                for start, end in self._found(row, span.key)
            )
        return span if rows > beside else None

    def _found(self, row: int, key: Key) -> list[tuple[int, int]]:
        """Where a phrase stands in the target."""
        target, width = self._rows[row][1], len(key)
        starts = [at for at, unit in enumerate(target) if unit.key == key[0]]
        return [(at, at + width) for at in starts if key_of(target[at : at + width]) == key]

    def _longer(self, row: int, best: Span | None, least: int) -> Span | None:
        fitting = [
            span
            for span in self._spans[row]
            if best is not None
            and span != best
            and span.start <= best.start < best.end <= span.end
            and self._phrases.rows[span.key] == self._inside[span.key] >= least
            and span.score > _NEARLY * best.score
        ]
        return max(fitting, key=lambda span: (span.end - span.start, span.score), default=None)

    def _is_sure(self, row: int, span: Span) -> bool:
        inside = self._inside[span.key]
        target = self._rows[row][1]
        words = range(span.start, span.end)
        if inside < _OFTEN and any(target[j].empty for j in words):
            return False
        if all(target[j].bracket and target[j].key in self._words for j in words):
            return False
        if inside == 1 and not all(self._owned[row][j] for j in words):
            return False
        score = span.score * (self._often(row, span) if len(self._places[row]) > 1 else 1)
        if score >= _SURE:
            return True
        exclusive = inside / self._phrases.rows[span.key]
        return score >= _REPEATED and inside > 1 and exclusive >= _EXCLUSIVE

    def _as_often(self, row: int) -> Span | None:
        """In a row that has the term several times what stands there as many times."""
        fitting = [
            span
            for span in self._spans[row]
            if span.score >= _LEAST_ALIKE and self._often(row, span) > 1
        ]
        return max(fitting, key=lambda span: self._weight(row, span), default=None)

    def _known(self, row: int, forms: Set[str]) -> Span | None:
        """A rendering that other rows have."""
        there = [
            span
            for span in self._spans[row]
            if "".join(span.key) in forms and span.score >= _KNOWN and self._free(row, span)
        ]
        return max(there, key=lambda span: self._weight(row, span), default=None)

    def _unless_a_part(self, row: int, span: Span, forms: Set[str]) -> Span | None:
        """Not a lone character of a rendering that other rows have, but this if it is there."""
        text = "".join(span.key)
        if len(text) > 1 or not any(text in form for form in forms):
            return span
        return self._spelled(row, forms)

    def _spelled(self, row: int, forms: Set[str]) -> Span | None:
        """A known rendering in words that were cut elsewhere: the 指令 of 多指令."""
        target = self._rows[row][1]
        for form in sorted(forms, key=lambda form: (-len(form), form)):
            for start in range(len(target)):
                for end in ends(target, start) if len(form) > 1 else ():
                    if form in "".join(key_of(target[start:end])):
                        narrow = form not in "".join(key_of(target[start + 1 : end]))
                        span = Span((form,), start, end, 0.0)
                        if narrow and self._free(row, span):
                            return span
                        break
        return None

    def _free(self, row: int, span: Span) -> bool:
        return max(self._taken[row][span.start : span.end]) <= _TAKEN

    def _left_as_it_is(self, row: int) -> Span | None:
        target = self._rows[row][1]
        found = [j for j, unit in enumerate(target) if self._is_left(unit)]
        if not found:
            return None
        start, end = found[0], found[-1] + 1
        if not all(unit.joined for unit in target[start + 1 : end]):
            end = start + 1
        return Span(key_of(target[start:end]), start, end, 0.0)

    def _is_left(self, unit: Unit) -> bool:
        """Does it stand as in the source? In brackets it only explains the rendering before."""
        return unit.key in self._words and not unit.bracket

    def _like(self, row: int, forms: Set[str]) -> Span | None:
        """A weak candidate that is written much like a known rendering."""
        alike = []
        for span in self._spans[row]:
            text = "".join(span.key)
            if span.score < _LEAST_ALIKE or len(text) < 2 or not self._free(row, span):
                continue
            similar = max((likeness(text, form) for form in forms), default=0.0)
            if similar >= _ALIKE:
                alike.append((similar * span.score, -span.start, span.key, span))
        return max(alike)[3] if alike else None

    def _whole(self, row: int, span: Span | None) -> Span | None:
        """The span with the words that always stand with it: of 語言模型 not 語言 alone."""
        if span is None:
            return None
        target = self._rows[row][1]
        for start, end in ((span.start, span.end + 1), (span.start - 1, span.end)):
            if start < 0 or end > len(target) or end - start > WIDEST:
                continue
            added = target[start] if start < span.start else target[end - 1]
            key = key_of(target[start:end])
            always = self._phrases.rows[key] == self._phrases.rows[span.key] > 1
            joined = target[start + 1].joined if start < span.start else added.joined
            place = start if start < span.start else end - 1
            if always and joined and not added.empty and self._taken[row][place] < _TAKEN:
                return self._whole(row, Span(key, start, end, span.score))
        return span
