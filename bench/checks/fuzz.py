"""Look for texts on which a check fails itself: ``python -m bench.checks.fuzz --minutes 10``.

Every case is made from its own seed, so ``--seed N --cases 1`` repeats it. For all pairs of
languages and kinds of fields, over random Unicode, damaged translations and long repeats:

- no check raises; each takes less than a second for 40,000 characters;
- two runs find the same; every finding is of a known check, in a known segment, its spans in the
  texts;
- what no language writes differently (numbers, formulas, addresses) passes as a copy without a hard
  finding.

The first fault is made as small as possible, printed, and ends the run with status 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench.checks.data import ALL_PAIRS
from bench.checks.fuzz_texts import pair_of_texts, repeated, scrap, untranslatable
from eval.benchmarks.item import BenchmarkItem
from eval.checks.base import Finding, pair_up
from eval.checks.suite import CHECKS, check_item, load_check
from eval.segment import FieldKind, Segment
from glossary.language import Pair

_CATEGORIES = ("knowledge", "math", "reading", "code", "instruction", "dialogue")
_INSTRUCTIONS = ("change_case:english_capital", "keywords:letter_frequency", "startend:quotation")
_SLOWEST = 2.0
_SHRINKING = 30.0


@dataclass(frozen=True, slots=True)
class Case:
    """Texts with their translations, as an item."""

    pair: Pair
    category: str
    kinds: tuple[FieldKind, ...]
    texts: tuple[tuple[str, str], ...]
    literals: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    copy: bool = False
    """It must pass without a hard finding."""
    timed: bool = False

    def item(self) -> BenchmarkItem:
        segments = tuple(
            Segment(f"s{place}", source, kind, f"s{place}", self.literals)
            for place, (kind, (source, _)) in enumerate(zip(self.kinds, self.texts, strict=True))
        )
        data = {segment.id: segment.text for segment in segments}
        return BenchmarkItem(0, "0", data, "fuzz", segments, (), (), self.instructions)

    def targets(self) -> dict[str, str]:
        return {f"s{place}": target for place, (_, target) in enumerate(self.texts)}


def make(seed: int) -> Case:
    """The case of a seed."""
    rng = random.Random(seed)
    pair, category = rng.choice(ALL_PAIRS), rng.choice(_CATEGORIES)
    kinds = tuple(rng.choice(list(FieldKind)) for _ in range(rng.choice((1, 1, 2, 5))))
    if rng.random() < 0.2:
        kinds = (FieldKind.TEXT, *[FieldKind.OPTION] * 4)
    literals = (scrap(rng),) if rng.random() < 0.1 else ()
    match rng.choice(("any",) * 80 + ("copy",) * 18 + ("long",) * 2):
        case "any":
            texts = tuple(pair_of_texts(rng) for _ in kinds)
            instructions = (scrap(rng), rng.choice(_INSTRUCTIONS)) if rng.random() < 0.05 else ()
            return Case(pair, category, kinds, texts, literals, instructions)
        case "copy":
            kinds = (rng.choice((FieldKind.TEXT, FieldKind.OPTION)),)
            text = untranslatable(rng)
            return Case(pair, category, kinds, ((text, text),), copy=True)
    source = repeated(rng)
    target = rng.choice((source, repeated(rng), scrap(rng)))
    kind = (rng.choice(list(FieldKind)),)
    return Case(pair, category, kind, ((source, target),), timed=True)


def faults(case: Case) -> str | None:
    """What is wrong with how the checks judge a case, in the words that name it when it shrinks."""
    try:
        found, slow = _findings(case)
    except Exception as error:  # any error of a check is what is looked for
        return f"{type(error).__name__}: {error}"[:200]
    if slow:
        return slow
    return next(_wrong(case, found), None)


def _findings(case: Case) -> tuple[list[Finding], str | None]:
    if not case.timed:
        return check_item(case.item(), case.targets(), case.pair, case.category), None
    laid = pair_up(case.item(), case.targets(), case.pair, case.category)
    found: list[Finding] = []
    for name in CHECKS:
        start = time.process_time()
        found += load_check(name)(laid)
        if (took := time.process_time() - start) > _SLOWEST:
            return found, f"{name} is slow ({took:.1f} s)"
    return found, None


def _wrong(case: Case, found: list[Finding]) -> Iterator[str]:
    targets, sources = case.targets(), {s.id: s.text for s in case.item().segments}
    if not case.timed and found != _findings(case)[0]:
        yield "two runs differ"
    for finding in found:
        if finding.check not in CHECKS:
            yield f"unknown check {finding.check}"
        elif finding.segment not in sources:
            yield f"{finding.check}: unknown segment"
        elif not _inside(finding.source_span, sources[finding.segment]):
            yield f"{finding.check}: source span outside the text"
        elif not _inside(finding.target_span, targets[finding.segment]):
            yield f"{finding.check}: target span outside the text"
        elif case.copy and finding.hard:
            yield f"{finding.check}: hard finding on a copy of what is the same in every language"


def _inside(span: tuple[int, int] | None, text: str) -> bool:
    return span is None or 0 <= span[0] <= span[1] <= len(text)


def shrink(case: Case, fault: str) -> Case:
    """A smaller case with the same fault: texts lose pieces as long as it stays."""
    until = time.monotonic() + _SHRINKING
    smaller: Case | None = case
    while smaller is not None:
        case = smaller
        smaller = next(
            (each for each in _smaller(case) if time.monotonic() < until and _same(each, fault)),
            None,
        )
    return case


def _same(case: Case, fault: str) -> bool:
    return (faults(case) or "").split(" (")[0] == fault.split(" (")[0]


def _smaller(case: Case) -> Iterator[Case]:
    for place in range(len(case.texts)):
        if len(case.texts) > 1:
            kinds = case.kinds[:place] + case.kinds[place + 1 :]
            yield replace(case, kinds=kinds, texts=case.texts[:place] + case.texts[place + 1 :])
    if case.timed:
        return  # a slow text has to stay long
    for place, (source, target) in enumerate(case.texts):
        shorter: list[Callable[[str], tuple[str, str]]]
        if case.copy:
            shorter = [lambda text: (text, text)]
            sides = [source]
        else:
            shorter = [lambda text, t=target: (text, t), lambda text, s=source: (s, text)]  # type: ignore[misc]
            sides = [source, target]
        for build, text in zip(shorter, sides, strict=True):
            for cut in _cuts(text):
                texts = (*case.texts[:place], build(cut), *case.texts[place + 1 :])
                yield replace(case, texts=texts)


def _cuts(text: str) -> Iterator[str]:
    size = len(text)
    while size:
        for start in range(0, len(text), size):
            yield text[:start] + text[start + size :]
        size //= 2


def _show(seed: int, case: Case, fault: str) -> None:
    print(f"\nseed {seed}: {fault}")
    print(f"  {case.pair} {case.category} {case.literals or ''}")
    for kind, (source, target) in zip(case.kinds, case.texts, strict=True):
        print(f"  {kind}: {source[:300]!a} -> {target[:300]!a}")


def main() -> None:
    """Run until the time is over or a fault is found."""
    parser = argparse.ArgumentParser(description="Look for texts on which a check fails itself.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the first case")
    parser.add_argument("--cases", type=int, default=sys.maxsize)
    options = parser.parse_args()
    print(f"first seed: {options.seed}")
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        seconds = 60 * options.minutes
        task = progress.add_task("", total=seconds)
        start, done = time.monotonic(), 0
        while (passed := time.monotonic() - start) < seconds and done < options.cases:
            seed = options.seed + done
            progress.update(task, completed=passed, description=f"{done} cases, seed {seed}")
            case = make(seed)
            fault = faults(case)
            if fault:
                _show(seed, shrink(case, fault), fault)
                sys.exit(1)
            done += 1
    print(f"{done} cases in {time.monotonic() - start:.0f} s, no fault")


if __name__ == "__main__":
    main()
