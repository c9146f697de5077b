"""Options, references to them, and questions that were answered instead of translated."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from bench.checks.fault import Clean, Fault, Place, Planter
from bench.checks.written import flipped_fact, saying, table
from glossary.language import Language


def _whole(clean: Clean, segment: str, target: str) -> Fault:
    place = Place(segment, (0, len(target)), (0, len(clean.sources[segment])))
    return Fault({segment: target}, (place,))


def _two(clean: Clean, rng: random.Random) -> tuple[str, str] | None:
    options = clean.options
    if len(options) < 3:
        return None
    a, b = rng.sample(options, 2)
    return (a, b) if clean.targets[a] != clean.targets[b] else None


def equal(clean: Clean, rng: random.Random) -> Fault | None:
    """Two options became the same."""
    two = _two(clean, rng)
    if two is None:
        return None
    a, b = two
    target = clean.targets[a]
    places = [Place(name, (0, len(target)), (0, len(clean.sources[name]))) for name in two]
    return Fault({b: target}, tuple(places))


def swapped(clean: Clean, rng: random.Random) -> Fault | None:
    """Two options that hold a number or LaTeX changed places: the key is wrong now."""
    two = _two(clean, rng)
    if two is None:
        return None
    a, b = two
    if not all(re.search(r"\d|\$", clean.sources[name]) for name in two):
        return None
    new = {a: clean.targets[b], b: clean.targets[a]}
    places = [Place(n, (0, len(new[n])), (0, len(clean.sources[n]))) for n in two]
    return Fault(new, tuple(places))


def swallowed(clean: Clean, rng: random.Random) -> Fault | None:
    """An option holds the next one too."""
    options = clean.options
    if len(options) < 3:
        return None
    place = rng.randrange(len(options) - 1)
    a, b = clean.targets[options[place]], clean.targets[options[place + 1]]
    join = rng.choice(["\n", "; ", "\n" + "BCDE"[place] + ". "])
    target = a + join + b
    return Fault(
        {options[place]: target},
        (Place(options[place], (len(a), len(target)), (0, len(clean.sources[options[place]]))),),
    )


def lettered(clean: Clean, rng: random.Random) -> Fault | None:
    """An option carries its own letter."""
    options = clean.options
    if len(options) < 3:
        return None
    place = rng.randrange(len(options))
    mark = rng.choice(["{}. ", "({}) ", "{}) ", "{}、", "{}: "]).format("ABCD"[place])
    target = mark + clean.targets[options[place]]
    return Fault({options[place]: target}, (Place(options[place], (0, len(mark))),))


def emptied(clean: Clean, rng: random.Random) -> Fault:
    """A text has no translation."""
    name = rng.choice(list(clean.sources))
    return Fault({name: rng.choice(["", " ", "\n", "\u3000"])}, (Place(name, None),))


def letter_changed(clean: Clean, rng: random.Random) -> Fault | None:
    """A reference to another option names the wrong one."""
    for name in clean.options:
        target = clean.targets[name]
        if re.search(r"\b[AB]\b(?: and | or )\b[AB]\b", clean.sources[name]) or re.search(
            r"(?<![A-Za-z])[AB] ?(?:和|와|과|및|or) ?[AB](?![A-Za-z])", clean.sources[name]
        ):
            for old, new in (("B", "C"), ("A", "D")):
                match = re.search(rf"(?<![A-Za-z]){old}(?![A-Za-z])", target)
                if match:
                    changed = target[: match.start()] + new + target[match.end() :]
                    return Fault(
                        {name: changed}, (Place(name, match.span(), (0, len(clean.sources[name]))),)
                    )
    return None


def _reference(clean: Clean, kind: str) -> tuple[str, str] | None:
    """The option that is "all of the above" (or "none"), and the language's word for the other."""
    says = table("references.yaml")["references"]
    for name in clean.options:
        if clean.sources[name] in says[kind][str(clean.pair.source)]:
            return name, kind
    return None


def reference_swapped(clean: Clean, rng: random.Random) -> Fault | None:
    """All of the above became none of the above, or the other way round."""
    says = table("references.yaml")["references"]
    for kind, other in (("all", "none"), ("none", "all")):
        found = _reference(clean, kind)
        if found:
            return _whole(clean, found[0], rng.choice(says[other][str(clean.pair.target)]))
    return None


def reference_lost(clean: Clean, rng: random.Random) -> Fault | None:
    """The option that refers to the others says something else."""
    for kind in ("all", "none"):
        found = _reference(clean, kind)
        if found:
            vague = table("references.yaml")["vague"]
            return _whole(clean, found[0], vague[str(clean.pair.target)])
    return None


def answer_added(clean: Clean, rng: random.Random) -> Fault | None:
    """The question comes with its answer."""
    if "question" not in clean.sources or len(clean.options) < 3:
        return None
    stem = clean.targets["question"]
    form = saying("answer_added", clean, rng)
    letter = rng.choice("ABCD")
    new = form.format(letter=letter, option=clean.targets[letter])
    return Fault({"question": stem + new}, (Place("question", (len(stem), len(stem + new))),))


def answered(clean: Clean, rng: random.Random) -> Fault | None:
    """The question became its answer."""
    if "question" not in clean.sources or len(clean.options) < 3:
        return None
    form = saying("answered", clean, rng)
    letter = rng.choice("ABCD")
    new = form.format(letter=letter, option=clean.targets[letter])
    return _whole(clean, "question", new)


def option_marked(clean: Clean, rng: random.Random) -> Fault | None:
    """An option says that it is right."""
    if len(clean.options) < 3:
        return None
    name = rng.choice(clean.options)
    target = clean.targets[name]
    mark = saying("right_mark", clean, rng)
    return Fault({name: target + mark}, (Place(name, (len(target), len(target + mark))),))


def option_copied(clean: Clean, rng: random.Random) -> Fault | None:
    """One option was not translated."""
    if clean.pair.same_script_family:
        return None
    words = r"[a-z]{4,}" if clean.pair.source is Language.EN else r"[\u4e00-\u9fff가-힣]{2,}"
    names = [
        name
        for name in clean.options
        if re.search(words, re.sub(r"\$[^$]*\$", "", clean.sources[name]))
        and clean.targets[name] != clean.sources[name]
        and not re.fullmatch(r"[\d.]+ ?[a-z]+", clean.sources[name])
    ]
    return _whole(clean, (name := rng.choice(names)), clean.sources[name]) if names else None


def talked_about(clean: Clean, rng: random.Random) -> Fault | None:
    """An option is a sentence about its translation."""
    if len(clean.options) < 3:
        return None
    name = rng.choice(clean.options)
    form = saying("around", clean, rng)
    source, target = clean.sources[name], clean.targets[name]
    return _whole(clean, name, form.format(source=source, target=target))


def fact(group: str) -> Planter:
    """The planted form of one of our sentences."""

    def planter(clean: Clean, rng: random.Random) -> Fault | None:
        found = flipped_fact(clean, group)
        if found is None:
            return None
        target, place, lost = found
        name = next(iter(clean.sources))
        return Fault({name: target}, (Place(name, place, lost),))

    return planter


_FOR_ENGLISH_ONLY = (
    "change_case:english_capital",
    "change_case:english_lowercase",
    "change_case:capital_word_frequency",
    "keywords:letter_frequency",
)


def constrained(clean: Clean, rng: random.Random) -> Fault | None:
    """A program checks the answer for what the target language does not have: cases, letters."""
    if clean.pair.source is not Language.EN:
        return None
    item = replace(clean.item, instructions=(rng.choice(_FOR_ENGLISH_ONLY),))
    return Fault({}, (Place(clean.item.segments[0].id, None),), item)
