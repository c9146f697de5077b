"""Candidate terms of a benchmark, by counting: what belongs together, and what is special."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from glossary.extraction.passages import Passage, Unit, units
from glossary.extraction.termhood import Counts, Key, ranked
from glossary.extraction.words import Run, Word, WordReader
from glossary.language import Language

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Where a candidate stands; ``domain`` is the item's."""

    text: str
    domain: str
    item: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word or phrase that may be a term; ``score`` orders candidates of one extraction.

    ``items`` says in how many it stands, ``domains`` in how many of each subject, most first.
    """

    text: str
    score: float
    items: int
    is_name: bool
    domains: Mapping[str, int]
    sentences: tuple[Sentence, ...]


def candidates(
    passages: Sequence[Passage],
    language: Language,
    *,
    least: int = 3,
    most: int = 1000,
    progress: Progress = lambda done, total: None,
) -> list[Candidate]:
    """The best candidates, best first; the same passages give the same ones.

    Args:
        passages: all texts, those of one item one after the other.
        language: of the texts.
        least: a candidate stands in at least so many items.
        most: so many are given at most.
        progress: is called now and then.
    """
    if least < 1 or most < 0:
        raise ValueError(f"least is {least} and most {most}: at least 1 and 0 make sense")
    counting = _Counting(_reader(language), passages, least, progress)
    counting.learn()
    counting.count()
    counting.look_closer()
    found: dict[str, Candidate] = {}
    for key, score in counting.ranked():
        if len(found) == most:
            break
        # A Chinese term may have been cut into words in several ways; the best of them stays.
        each = counting.candidate(key, score)
        found.setdefault(each.text, each)
    return list(found.values())


def _reader(language: Language) -> WordReader:
    """The reader of a language, which has not seen any text yet; its dictionary is loaded now."""
    if language.is_chinese:
        from glossary.extraction.words_zh import ChineseWords

        return ChineseWords(language)
    if language is Language.KO:
        from glossary.extraction.words_ko import KoreanWords

        return KoreanWords()
    from glossary.extraction.words_en import EnglishWords

    return EnglishWords()


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence with the span of a candidate in it."""

    unit: int
    start: int
    end: int


@dataclass(slots=True)
class _Seen(Counts):
    """What else is known of one key."""

    named: int = 0
    last_item: int = -1
    spellings: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[_Place]] = field(default_factory=dict)
    """By subject, the first few of each."""

    @property
    def is_name(self) -> bool:
        return 2 * self.named > self.times


_STEP = 500
_NAME_FACTOR = 3.0
"""A name is to be the same everywhere, however well known it is."""
_PLACES = 4
_EXAMPLES = 5
_SHORT, _LONG = 25, 240


class _Counting:
    """Three readings of all texts: how words are written, what is frequent, where that stands."""

    def __init__(
        self, reader: WordReader, passages: Sequence[Passage], least: int, progress: Progress
    ) -> None:
        self._reader, self._least, self._progress = reader, least, progress
        self._units = list(units(passages))
        self._done = 0
        self._frequent: set[Key] = set()
        self.seen: dict[Key, _Seen] = {}
        items = {passage.item: passage.domain for passage in passages}
        self.items = Counter(items.values())

    def _readings(self) -> Iterator[tuple[int, Unit]]:
        total = 3 * len(self._units)
        for number, unit in enumerate(self._units):
            yield number, unit
            self._done += 1
            if self._done % _STEP == 0 or self._done == total:
                self._progress(self._done, total)

    def learn(self) -> None:
        for _, unit in self._readings():
            self._reader.learn(unit.text)

    def count(self) -> None:
        """In how many items each key stands; most stand in one and are forgotten."""
        last: dict[Key, int] = {}
        times: Counter[Key] = Counter()
        for _, unit in self._readings():
            for run in self._reader.runs(unit.text):
                for start, stop in _spans(run, self._reader.longest):
                    key = _key(run, start, stop)
                    if last.get(key) != unit.passage.item:
                        last[key] = unit.passage.item
                        times[key] += 1
        self._frequent = {key for key, count in times.items() if count >= self._least}

    def look_closer(self) -> None:
        """Subjects, spellings and places of the keys that are frequent enough."""
        for number, unit in self._readings():
            for run in self._reader.runs(unit.text):
                for start, stop in _spans(run, self._reader.longest):
                    key = _key(run, start, stop)
                    if key in self._frequent:
                        self._note(key, run, start, stop, number)

    def _note(self, key: Key, run: Run, start: int, stop: int, number: int) -> None:
        words = run[start:stop]
        seen = self.seen.get(key)
        if seen is None:
            seen = self.seen[key] = _Seen(sum(word.weight for word in words))
        unit = self._units[number]
        first, last = words[0].start, words[-1].end
        seen.times += 1
        seen.ends += stop == len(run) or not run[stop].ends
        seen.named += _is_name(words, unit.text)
        seen.spellings[unit.text[first:last]] += 1
        if seen.last_item != unit.passage.item:
            seen.last_item = unit.passage.item
            seen.items += 1
            seen.domains[unit.passage.domain] += 1
            places = seen.places.setdefault(unit.passage.domain, [])
            if len(places) < _PLACES:
                places.append(_Place(number, first, last))

    def ranked(self) -> list[tuple[Key, float]]:
        """The keys that may be terms, best first."""
        characters = sum(unit.end - unit.start for unit in self._units)

        def unusual(key: Key, items: int) -> float:
            factor = self._reader.unusual(key, items / characters)
            return max(factor, _NAME_FACTOR) if self.seen[key].is_name else factor

        return ranked(self.seen, self.items, unusual)

    def candidate(self, key: Key, score: float) -> Candidate:
        """What is told about a key."""
        seen = self.seen[key]
        return Candidate(
            text=self._spelling(key, seen),
            score=round(score, 3),
            items=seen.items,
            is_name=seen.is_name,
            domains=dict(seen.domains.most_common()),
            sentences=self._sentences(seen),
        )

    def _spelling(self, key: Key, seen: _Seen) -> str:
        """As it is written most often; in the singular and without a capital where that occurs."""
        folded = self._reader.joint.join(key)

        def preference(entry: tuple[str, int]) -> tuple[bool, bool, int, str]:
            spelling, count = entry
            plain = spelling.lower() == folded.lower()
            small = seen.is_name != spelling[0].islower()
            return plain, small, count, spelling

        return max(seen.spellings.items(), key=preference)[0]

    def _sentences(self, seen: _Seen) -> tuple[Sentence, ...]:
        """Of different items and subjects as far as possible, not too short, not too long."""
        chosen: list[Sentence] = []
        texts: set[str] = set()
        by_subject: Counter[str] = Counter()
        subjects = [subject for subject, _ in seen.domains.most_common(_EXAMPLES)]
        places = [self._shown(place) for each in subjects for place in seen.places[each]]
        while places and len(chosen) < _EXAMPLES:
            best = min(places, key=lambda each: (by_subject[each.domain], not _fits(each)))
            places.remove(best)
            if best.text not in texts:
                texts.add(best.text)
                by_subject[best.domain] += 1
                chosen.append(best)
        return tuple(chosen)

    def _shown(self, place: _Place) -> Sentence:
        unit = self._units[place.unit]
        text = unit.passage.shown[unit.start : unit.end]
        if len(text) > _LONG:
            start = max(0, place.start - _LONG // 2)
            end = min(len(text), place.end + _LONG // 2)
            text = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
        return Sentence(" ".join(text.split()), unit.passage.domain, unit.passage.item)


def _is_name(words: Sequence[Word], text: str) -> bool:
    """Made of words that are names by themselves, or of several with capitals: Supreme Court."""
    content = [word for word in words if word.begins]
    if all(word.name for word in content):
        return True
    return len(content) > 1 and all(text[word.start].isupper() for word in content)


def _fits(sentence: Sentence) -> bool:
    return _SHORT <= len(sentence.text) <= _LONG


def _spans(run: Run, longest: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of the words that may be a term; of plain words at most two."""
    count = len(run)
    for start in range(count):
        if not run[start].begins:
            continue
        weight = 0
        for stop in range(start + 1, min(count, start + longest) + 1):
            word = run[stop - 1]
            weight += word.weight
            if word.ends and (weight or stop - start < 3):
                yield start, stop


def _key(run: Run, start: int, stop: int) -> Key:
    """What the words from start to stop are counted as."""
    return (*(word.key for word in run[start : stop - 1]), run[stop - 1].last)
