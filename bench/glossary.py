"""Finding terms: how fast with a hundred thousand concepts, and how well in labelled sentences.

The matcher is measured beside what it is built on, the bare automaton (``ahocorasick_rs``: leftmost
longest, small letters, no word boundaries, no inflection), and beside ``flashtext2``, on the same
texts with the same terms. The three take turns in every round, and a share is that of one round;
the table has medians and the spread. Seconds are those of the processor: nothing here waits, and
a busy machine then changes less. Quality is counted in the labelled sentences and pairs of
``tests/glossary/data``, written by us; those under ``fresh`` were not used to change the code.

Run it: ``python -m bench.glossary``. The last line of output is one JSON object.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flashtext2
from ahocorasick_rs import AhoCorasick, MatchKind
from rich.console import Console
from rich.table import Table

from bench import glossary_made
from bench.glossary_labelled import LANGUAGES, Tally, alarms, judged, matched
from glossary.concept import Glossary
from glossary.language import Language, Pair
from glossary.matching.match import Matcher
from glossary.terminology import Terminology

SIDES = ("ours", "automaton", "flashtext2")


@dataclass(slots=True)
class Measured:
    """What one language gave; seconds per round over all of its texts."""

    language: Language
    patterns: int
    build_s: float
    memory_mib: float
    items: int
    characters: int
    size: int
    terms: int
    us_per_item: float
    adherence_us: float
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def share_of(self, other: str) -> list[float]:
        """Our speed over another's, round by round."""
        pairs = zip(self.seconds[other], self.seconds["ours"], strict=True)
        return [theirs / ours for theirs, ours in pairs]


def resident_mib() -> float:
    """Memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def timed(find: Callable[[str], object], items: list[str]) -> float:
    """Seconds to look through all texts."""
    start = time.thread_time()
    for item in items:
        find(item)
    return time.thread_time() - start


def others(terms: list[str]) -> dict[str, Callable[[str], object]]:
    """The bare automaton and flashtext2 over the same terms."""
    automaton = AhoCorasick([term.lower() for term in terms], MatchKind.LeftmostLongest, False)
    keywords = flashtext2.KeywordProcessor(case_sensitive=False)
    for term in terms:
        keywords.add_keyword(term, term)
    return {
        "automaton": lambda text: automaton.find_matches_as_indexes(text.lower()),
        "flashtext2": keywords.extract_keywords_with_span,
    }


def measure(made: Glossary, language: Language, size: int, rounds: int) -> Measured:
    """Build the matcher of one language and let it and the others look through ``size`` bytes."""
    terms = [concept.in_language(language)[0].text for concept in made.concepts]
    items = glossary_made.items(terms, language, size)
    gc.collect()
    before, start = resident_mib(), time.thread_time()
    matcher = Matcher([made], language)
    build_s = time.thread_time() - start
    gc.collect()
    measured = Measured(
        language,
        matcher.patterns,
        build_s,
        resident_mib() - before,
        len(items),
        sum(map(len, items)),
        sum(len(item.encode()) for item in items),
        sum(len(matcher.find(item)) for item in items),
        median_us(matcher.find, items),
        adherence_us(made, language, items),
    )
    finders = {"ours": matcher.find, **others(terms)}
    for number in range(rounds):
        for name in (*SIDES[number % 3 :], *SIDES[: number % 3]):
            measured.seconds.setdefault(name, []).append(timed(finders[name], items))
    return measured


def median_us(find: Callable[[str], object], items: list[str]) -> float:
    """Microseconds for the text in the middle: each is timed by itself, warm."""
    seconds = []
    for item in items[:2000]:
        start = time.thread_time()
        find(item)
        seconds.append(time.thread_time() - start)
    return statistics.median(seconds) * 1e6


def adherence_us(made: Glossary, language: Language, items: list[str]) -> float:
    """Microseconds to compare a text with a translation that has none of its terms."""
    small = made.model_copy(update={"concepts": made.concepts[:5000]})
    target = Language.KO if language is not Language.KO else Language.EN
    terminology = Terminology([small], Pair(language, target))
    terms = [concept.in_language(language)[0].text for concept in small.concepts]
    sources = glossary_made.items(terms, language, 150_000)
    for source in sources:
        terminology.adherence(source, items[0])
    return median_us(lambda source: terminology.adherence(source, items[0]), sources)


def spread(values: list[float], form: str) -> str:
    """Median, and from where to where."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:{form}} ({low:{form}} to {high:{form}})"


def show_speed(results: list[Measured], rounds: int) -> None:
    """The table of the large glossary."""
    table = Table(title=f"A large glossary: medians of {rounds} rounds, and their spread")
    for name in ("", *(result.language.value for result in results)):
        table.add_column(name, justify="right")
    rows: list[tuple[str, Callable[[Measured], str]]] = [
        ("forms", lambda m: f"{m.patterns}"),
        ("build, s", lambda m: f"{m.build_s:.1f}"),
        ("memory, MiB", lambda m: f"{m.memory_mib:.0f}"),
        ("texts", lambda m: f"{m.items} of {m.characters / m.items:.0f} characters"),
        ("terms found per text", lambda m: f"{m.terms / m.items:.1f}"),
        ("one text, µs", lambda m: f"{m.us_per_item:.0f}"),
        ("adherence of one text, µs", lambda m: f"{m.adherence_us:.0f}"),
    ]
    for side in SIDES:
        rows.append((f"{side}, MB/s", _rate(side)))
    rows.append(("of the automaton's speed", lambda m: spread(m.share_of("automaton"), ".1%")))
    rows.append(("of flashtext2's speed", lambda m: spread(m.share_of("flashtext2"), ".1%")))
    for name, cell in rows:
        table.add_row(name, *(cell(result) for result in results))
    Console(width=130).print(table)


def _rate(side: str) -> Callable[[Measured], str]:
    return lambda m: spread([m.size / 1e6 / seconds for seconds in m.seconds[side]], ".2f")


def show_quality() -> dict[str, float]:
    """The table of the labelled sentences, and the figures over all."""
    table = Table(title="Labelled sentences: terms found, and missed or banned terms told")
    for name in ("", "places", "precision", "recall"):
        table.add_column(name, justify="left" if not name else "right")

    def row(name: str, tally: Tally) -> None:
        figures = (f"{tally.expected}", f"{tally.precision:.3f}", f"{tally.recall:.3f}")
        table.add_row(name, *figures)

    total, fresh = Tally(), Tally()
    for language in LANGUAGES:
        for part in ("sentences", "fresh"):
            tally = matched(language, part)
            row(f"{language} {part}", tally)
            total += tally
            fresh += tally if part == "fresh" else Tally()
    pairs = judged()
    told, told_fresh = alarms(pairs), alarms([pair for pair in pairs if pair.fresh])
    row("all sentences", total)
    row("all fresh ones", fresh)
    row("adherence", told)
    row("adherence fresh", told_fresh)
    Console(width=130).print(table)
    return {
        "precision": round(total.precision, 4),
        "recall": round(total.recall, 4),
        "fresh_precision": round(fresh.precision, 4),
        "fresh_recall": round(fresh.recall, 4),
        "adherence_precision": round(told.precision, 4),
        "adherence_recall": round(told.recall, 4),
    }


def summary(results: list[Measured], concepts: int) -> dict[str, Any]:
    """The figures of the JSON line: the slowest language's, so that all are at least as good."""
    shares = [statistics.median(result.share_of("automaton")) for result in results]
    return {
        "bench": "glossary",
        "concepts": concepts,
        "build_s": round(max(result.build_s for result in results), 2),
        "memory_mib": round(max(result.memory_mib for result in results), 1),
        "us_per_item": round(max(result.us_per_item for result in results), 1),
        "share_of_automaton": round(min(shares), 4),
        "megabytes": round(sum(result.size for result in results) / 1e6, 1),
        "languages": {
            result.language.value: {
                "build_s": round(result.build_s, 2),
                "memory_mib": round(result.memory_mib, 1),
                "us_per_item": round(result.us_per_item, 1),
                "adherence_us": round(result.adherence_us, 1),
                "share_of_automaton": round(share, 4),
                "share_of_flashtext2": round(statistics.median(result.share_of("flashtext2")), 4),
            }
            for result, share in zip(results, shares, strict=True)
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="speed and quality of finding terms")
    parser.add_argument("--concepts", type=int, default=100_000)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    made = glossary_made.glossary(options.concepts)
    size = int(options.megabytes * 1e6 / len(glossary_made.LANGUAGES))
    results = []
    for language in glossary_made.LANGUAGES:
        results.append(measure(made, language, size, options.rounds))
        print(f"{language}: built in {results[-1].build_s:.1f} s", flush=True)
    show_speed(results, options.rounds)
    quality = show_quality()
    print(json.dumps(summary(results, options.concepts) | quality))


if __name__ == "__main__":
    main()
