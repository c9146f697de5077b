"""One source term rendered in several ways over parallel text, found without a model."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from glossary.concept import Glossary
from glossary.consistency.candidates import Key, candidate_terms, merged, merged_at
from glossary.consistency.links import WordLinks
from glossary.consistency.renderings import Occurrences
from glossary.consistency.spans import Phrases, Span
from glossary.consistency.units import Unit, units_of
from glossary.language import Pair
from glossary.matching.match import Matcher

_READ = 300
"""Words of a text that are read: time and memory grow with the product of both sides."""
_ONCE = 0.4
"""A rendering seen once counts so much: it is the least certain to be found right."""
_PART = 0.3
"""And so much one that holds the usual rendering, or is a part of it: 提示詞 for 提示."""
_NAME, _PHRASE = 2.0, 1.5
"""Names and phrases have one rendering more often than single words have."""


@dataclass(frozen=True, slots=True)
class Parallel:
    """A text and its translation; ``place`` says where it stands, for people."""

    place: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """One way in which a term is rendered; ``left`` when it stands as in the source."""

    text: str
    places: tuple[str, ...]
    left: bool = False

    @property
    def count(self) -> int:
        """How many texts render the term so."""
        return len(self.places)


@dataclass(frozen=True, slots=True)
class TermUse:
    """A term of the source with its renderings, the most frequent first.

    ``untold`` are the places at which the rendering could not be told: it may be left out, be a
    pronoun, or be lost in a free translation. ``score`` is the order: the worst has the highest.
    """

    term: str
    renderings: tuple[Rendering, ...]
    untold: tuple[str, ...]
    score: float

    @property
    def count(self) -> int:
        """In how many texts the term occurs."""
        return sum(each.count for each in self.renderings) + len(self.untold)

    @property
    def inconsistent(self) -> bool:
        """Has it renderings that are different words?"""
        return self.score > 0


def term_uses(
    texts: Iterable[Parallel], pair: Pair, *, glossary: Glossary | None = None, least: int = 3
) -> list[TermUse]:
    """The terms that occur in at least ``least`` texts with their renderings, the worst first.

    Without a glossary the terms are words and phrases of the source that come back and are no
    everyday words. A text that repeats the one before it, as subtitles do, counts once; of a long
    one the first 300 words are read.
    """
    rows = _without_repetition(texts)
    source = [units[:_READ] for units in units_of([row.source for row in rows], pair.source)]
    target = [units[:_READ] for units in units_of([row.target for row in rows], pair.target)]
    if glossary is None:
        keys = candidate_terms(source, pair.source, least)
        joined = [merged(units, keys) for units in source]
        known: list[dict[Key, str]] = [{} for _ in rows]
    else:
        joined, known = _by_glossary(rows, source, glossary, pair)
        keys = {(term,) for found in known for (term,) in found}
    search = _Search(rows, joined, target, known)
    names = {" ".join(key) for key in keys}
    return search.uses(names, least)


def _without_repetition(texts: Iterable[Parallel]) -> list[Parallel]:
    rows: list[Parallel] = []
    for text in texts:
        if not rows or (rows[-1].source, rows[-1].target) != (text.source, text.target):
            rows.append(text)
    return rows


def _by_glossary(
    rows: Sequence[Parallel], source: Sequence[Sequence[Unit]], glossary: Glossary, pair: Pair
) -> tuple[list[list[Unit]], list[dict[Key, str]]]:
    """The terms of a glossary as words of the source, and those of the target that stand there."""
    ours, theirs = Matcher([glossary], pair.source), Matcher([glossary], pair.target)
    joined: list[list[Unit]] = []
    known: list[dict[Key, str]] = []
    for row, units in zip(rows, source, strict=True):
        found = ours.find(row.source)
        there = {match.concept.id: match.term.text for match in reversed(theirs.find(row.target))}
        places = {(match.start, match.end): match.term.text.lower() for match in found}
        joined.append(merged_at(units, places))
        known.append({(m.term.text.lower(),): there.get(m.concept.id, "") for m in found})
    return joined, known


@dataclass(slots=True)
class _Group:
    """The places of one rendering, whichever way it is written."""

    written: Counter[str] = field(default_factory=Counter)
    rows: list[int] = field(default_factory=list)
    left: bool = False


class _Search:
    """The rows of a file with all that is counted over them once."""

    def __init__(
        self,
        rows: Sequence[Parallel],
        source: Sequence[Sequence[Unit]],
        target: Sequence[Sequence[Unit]],
        known: Sequence[Mapping[Key, str]],
    ) -> None:
        self._rows, self._known = rows, known
        self._pairs = list(zip(source, target, strict=True))
        self._links = WordLinks(self._pairs)
        self._phrases = Phrases(target)

    def uses(self, names: set[str], least: int) -> list[TermUse]:
        """The terms of these names, the worst first."""
        places: defaultdict[str, defaultdict[int, list[int]]]
        places = defaultdict(lambda: defaultdict(list))
        for row, (source, _) in enumerate(self._pairs):
            for at, unit in enumerate(source):
                if unit.key in names:
                    places[unit.key][row].append(at)
        uses = [
            use
            for name, found in places.items()
            if len(found) >= least
            for use in self._of_term(name, found, least)
        ]
        return sorted(uses, key=lambda use: (-use.score, -use.count, use.term))

    def _of_term(self, name: str, places: Mapping[int, Sequence[int]], least: int) -> list[TermUse]:
        key = tuple(name.split())
        spans = Occurrences(key, places, self._pairs, self._links, self._phrases).renderings()
        groups = [
            self._groups(name, [row for row in places if row in part], spans)
            for part in self._by_case(places)
        ]
        if len(groups) > 1 and not _other_words(*(_main(each) for each in groups)):
            groups = [self._groups(name, list(places), spans)]
        uses = [self._use(name, each, untold, places) for each, untold in groups]
        return [use for use in uses if use.count >= least]

    def _by_case(self, places: Mapping[int, Sequence[int]]) -> list[set[int]]:
        """Rows by how the term is written: a word with a capital may be a name (Waters, water).

        At the beginning of a text a capital says nothing: such rows go with the others.
        """
        parts: dict[bool, set[int]] = {True: set(), False: set()}
        open_: set[int] = set()
        for row, at in places.items():
            written = {self._written(row, i)[0].isupper() for i in at if i > 0}
            if len(written) == 1:
                parts[written.pop()].add(row)
            else:
                open_.add(row)
        smaller, larger = sorted(parts.values(), key=len)
        if len(smaller) < 2:
            return [smaller | larger | open_]
        return [smaller, larger | open_]

    def _written(self, row: int, at: int) -> str:
        unit = self._pairs[row][0][at]
        return self._rows[row].source[unit.start : unit.end]

    def _groups(
        self, name: str, rows: Sequence[int], spans: Mapping[int, Span | None]
    ) -> tuple[list[_Group], list[int]]:
        groups: defaultdict[str, _Group] = defaultdict(_Group)
        untold = []
        for row in rows:
            told, span = self._known[row].get((name,), ""), spans[row]
            if told:
                text, folded = told, told.lower()
            elif span is not None:
                target = self._pairs[row][1]
                text = self._rows[row].target[target[span.start].start : target[span.end - 1].end]
                folded = "".join(span.key)
            else:
                untold.append(row)
                continue
            group = groups[folded]
            group.written[text] += 1
            group.rows.append(row)
            group.left = set(folded.split()) <= {name.replace(" ", ""), *name.split()}
        return _gathered(groups), untold

    def _use(
        self,
        name: str,
        groups: Sequence[_Group],
        untold: Sequence[int],
        places: Mapping[int, Sequence[int]],
    ) -> TermUse:
        rows = [row for group in groups for row in group.rows] + list(untold)
        written = Counter(self._written(row, places[row][0]) for row in rows)
        shown = min(written, key=lambda text: (-written[text], text))
        renderings = tuple(
            Rendering(_most(group.written), self._named(group.rows), group.left) for group in groups
        )
        score = _score(renderings) * (_PHRASE if " " in name else 1.0)
        return TermUse(shown, renderings, self._named(untold), score * _weight(written))

    def _named(self, rows: Sequence[int]) -> tuple[str, ...]:
        return tuple(self._rows[row].place for row in sorted(rows))


def _gathered(groups: Mapping[str, _Group]) -> list[_Group]:
    """The most frequent first; a longer form seen once counts as the one that it holds."""
    ordered = sorted(groups.items(), key=lambda each: (-len(each[1].rows), each[1].rows[0]))
    kept: dict[str, _Group] = {}
    for text, group in ordered:
        held = [short for short, known in kept.items() if short in text and len(known.rows) > 1]
        if len(group.rows) == 1 and held:
            kept[held[0]].rows += group.rows
        else:
            kept[text] = group
    return list(kept.values())


def _main(found: tuple[Sequence[_Group], Sequence[int]]) -> str:
    groups, _ = found
    return _most(groups[0].written).lower() if groups else ""


def _most(written: Counter[str]) -> str:
    return min(written, key=lambda text: (-written[text], text))


def _other_words(one: str, other: str) -> bool:
    """Are they different words, neither of them a part of the other?"""
    return bool(one and other) and one not in other and other not in one


def _score(renderings: Sequence[Rendering]) -> float:
    """How far the renderings differ: what is not the usual one, by how sure it is another word."""
    if len(renderings) < 2:
        return 0.0
    usual = _folded(renderings[0].text)
    against = 0.0
    for each in renderings[1:]:
        weight = each.count if each.count > 1 else _ONCE
        against += weight * (1.0 if _other_words(usual, _folded(each.text)) else _PART)
    return against / sqrt(sum(each.count for each in renderings))


def _folded(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def _weight(written: Counter[str]) -> float:
    capital = sum(count for text, count in written.items() if text[0].isupper())
    return _NAME if capital > 0.8 * written.total() else 1.0
