"""Lists of candidates of which it is known which are better. Most are made up, and say so.

Nobody has scored several systems' outputs of one source here, so lists are built:

- `machine`: a machine's output and three copies of it with a planted fault each. Made up, and kind
  to consensus: what the copies have in common is right.
- `two people`: two people's translations of a sentence and a copy of one of them with a planted
  fault. Made up; hard for consensus: the broken one is as like a good one as can be.
- `wrong text`: two people's translations and that of another sentence. Made up.

The second person's Chinese is that of the other side of the strait, converted by OpenCC.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import opencc

from bench.checks.clean import SEED
from bench.checks.data import Half, TextPair, ntrex
from bench.checks.kinds import KINDS, Kind
from bench.checks.measure import judge
from bench.checks.written import single
from bench.selection_data import Output
from eval.run_log import penalty_of
from eval.selection.methods import Candidate
from glossary.language import Language, Pair

GROUPS = ("structural", "numbers", "negation", "shape", "signs")
"""Groups of planters that need nothing but a sentence."""
PAIRS = {
    Pair(Language.EN, Language.ZH_CN): (Pair(Language.EN, Language.ZH_TW), "tw2sp"),
    Pair(Language.EN, Language.ZH_TW): (Pair(Language.EN, Language.ZH_CN), "s2twp"),
}
"""A direction, the one whose human translations are converted, and OpenCC's configuration."""
_COPIES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates in random order, with what each is worth; whole ``item``s are drawn."""

    item: str
    text: TextPair
    candidates: Sequence[Candidate]
    values: Sequence[float]


def machine(outputs: Sequence[Output], group: str, half: Half, count: int) -> Iterator[Choice]:
    """Each output with three broken copies, where so many planters find a hold in it."""
    for output in outputs:
        if not count:
            return
        rng = random.Random(f"{SEED} machine {group} {output.id}")
        broken = _broken(output.text, group, half, rng, _COPIES)
        if len(broken) == _COPIES:
            worth = {output.target: 1.0} | dict.fromkeys(broken, 0.0)
            count -= 1
            yield _choice(output.document, output.text, worth, rng)


def two_people(pair: Pair, group: str, half: Half, count: int) -> Iterator[Choice]:
    """Two human translations and a broken copy of the first."""
    for text, other in _twice(pair, half)[:count]:
        rng = random.Random(f"{SEED} people {group} {pair} {text.id}")
        broken = _broken(text, group, half, rng, 1)
        if broken:
            worth = {text.target: 1.0, other: 1.0} | dict.fromkeys(broken, 0.0)
            yield _choice(text.id.partition(":")[0], text, worth, rng)


def wrong_text(pair: Pair, half: Half, count: int) -> Iterator[Choice]:
    """Two human translations and that of the sentence before."""
    for (before, _), (text, other) in pairwise(_twice(pair, half)[: count + 1]):
        rng = random.Random(f"{SEED} wrong {pair} {text.id}")
        worth = {text.target: 1.0, other: 1.0, before.target: 0.0}
        yield _choice(text.id.partition(":")[0], text, worth, rng)


def candidate(text: TextPair, target: str) -> Candidate:
    """A translation with what the checks say of it."""
    findings = judge(single(replace(text, target=target), "selection"))
    return Candidate([target], penalty_of(findings), sum(finding.hard for finding in findings))


def _choice(item: str, text: TextPair, worth: Mapping[str, float], rng: random.Random) -> Choice:
    targets = rng.sample(list(worth), len(worth))
    candidates = [candidate(text, each) for each in targets]
    return Choice(item, text, candidates, [worth[each] for each in targets])


def _broken(text: TextPair, group: str, half: Half, rng: random.Random, count: int) -> list[str]:
    """Up to ``count`` copies, each broken by another planter."""
    found: dict[str, None] = {}
    clean = replace(single(text, "selection"), half=half)
    kinds = _kinds(group)
    for kind in rng.sample(kinds, len(kinds)):
        if len(found) == count:
            break
        fault = kind.plant(clean, rng)
        if fault is not None and fault.targets["text"] != text.target:
            found.setdefault(fault.targets["text"])
    return list(found)


@cache
def _kinds(group: str) -> list[Kind]:
    return [kind for kind in KINDS if kind.group == group and "ntrex" in kind.origins]


@cache
def _twice(pair: Pair, half: Half) -> list[tuple[TextPair, str]]:
    """Sentences with both people's translations, where these differ."""
    other, config = PAIRS[pair]
    converter = opencc.OpenCC(config)
    theirs = {text.id: converter.convert(text.target) for text in ntrex(other, half)}
    both = [(text, theirs[text.id]) for text in ntrex(pair, half)]
    return [(text, second) for text, second in both if text.target != second]
