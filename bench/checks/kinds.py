"""The kinds of faults: who plants them, which checks should find them, where they are planted."""

from __future__ import annotations

import random
from dataclasses import dataclass

from bench.checks import plant_numbers as numbers
from bench.checks import plant_options as options
from bench.checks import plant_polarity as polarity
from bench.checks import plant_protected as protected
from bench.checks import plant_signs as signs
from bench.checks import plant_text as texts
from bench.checks.fault import Clean, Fault, Planter, TextPlanter, on_text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault. ``group`` names the figure that it counts for."""

    group: str
    name: str
    plant: Planter
    checks: tuple[str, ...]
    origins: tuple[str, ...]


_PROSE = ("ntrex", "mgsm", "cmath")
_ITEMS = ("items", "stems", "exam")
_FIGURES = ("ntrex", "mgsm", "cmath", "exam")
_FACTS = {
    "unit changed": ("units",),
    "unit converted": ("units", "numbers"),
    "currency changed": ("units",),
    "unit dropped": ("units",),
    "percent lost": ("units", "numbers"),
    "scale word": ("numbers",),
    "fraction changed": ("numbers",),
    "minus lost": ("numbers",),
    "range end": ("numbers",),
    "date or month": ("numbers", "units"),
    "time of day": ("numbers",),
    "number word changed": ("numbers",),
    "decimals": ("numbers",),
}


def _text(
    group: str, name: str, plant: TextPlanter, checks: str, origins: tuple[str, ...] = _PROSE
) -> Kind:
    return Kind(group, name, on_text(plant), tuple(checks.split()), origins)


def _item(group: str, name: str, plant: Planter, checks: str) -> Kind:
    return Kind(group, name, plant, tuple(checks.split()), _ITEMS)


def _never(clean: Clean, rng: random.Random) -> Fault | None:
    return None


INCONSISTENT = Kind("run", "one rendering changed", _never, ("consistency",), ("items",))
"""Planted into a whole run, see ``plant_run``."""
KINDS = (
    _item("structural", "empty", options.emptied, "structure"),
    _item("structural", "two options equal", options.equal, "options"),
    _item("structural", "options swapped", options.swapped, "options numbers protected"),
    _item("structural", "option swallowed the next", options.swallowed, "options answered length"),
    _item("structural", "option with a letter", options.lettered, "options references"),
    _item("structural", "option copied", options.option_copied, "untranslated script"),
    _text("structural", "text copied", texts.copied, "untranslated script"),
    _text("structural", "last sentence copied", texts.last_sentence_copied, "untranslated script"),
    *(
        _text(
            "structural",
            f"{family} {change}",
            plant,
            "protected script chatter brackets",
            ("carrying",),
        )
        for family, change, plant in protected.breakers()
    ),
    *(
        _text("structural", f"{family} added", protected.added(family), "protected chatter")
        for family in ("latex", "code", "url", "placeholder", "blank")
    ),
    _text("structural", "blank doubled", protected.doubled, "protected", ("carrying",)),
    _text("structural", "one Chinese character", signs.other_variant, "script"),
    _text("structural", "all Chinese characters", signs.whole_variant, "script"),
    *(
        _text("structural", f"{script} word", signs.foreign_word(script), "script untranslated")
        for script in ("Hangul", "kana", "Cyrillic", "Han")
    ),
    _text("structural", "loop", texts.looped, "loops"),
    _text("structural", "sentence looped", texts.sentence_looped, "loops"),
    _text("structural", "doubled", texts.doubled, "loops length"),
    _text("structural", "chatter before", texts.said("intro", True), "chatter"),
    _text("structural", "note behind", texts.said("note", False), "chatter"),
    _text("structural", "refusal", texts.refused, "chatter"),
    _item("structural", "chatter in an option", options.talked_about, "chatter"),
    _text("structural", "token left", texts.token_left, "chatter protected"),
    _item("references", "letter changed", options.letter_changed, "references"),
    _item("references", "all and none swapped", options.reference_swapped, "references polarity"),
    _item("references", "reference lost", options.reference_lost, "references"),
    _item("answered", "answer added", options.answer_added, "answered"),
    _item("answered", "answered", options.answered, "answered"),
    _item("answered", "option marked as right", options.option_marked, "answered"),
    _text("numbers", "digit changed", numbers.digit_changed, "numbers", _FIGURES),
    _text("numbers", "digits swapped", numbers.digits_swapped, "numbers", _FIGURES),
    _text("numbers", "digit dropped", numbers.digit_dropped, "numbers", _FIGURES),
    _text("numbers", "ten times as much", numbers.times_ten, "numbers", _FIGURES),
    _text("numbers", "decimal point moved", numbers.point_moved, "numbers", _FIGURES),
    _text("numbers", "number dropped", numbers.dropped, "numbers", _FIGURES),
    _text("numbers", "number added", numbers.added, "numbers", _FIGURES),
    _text("order", "two numbers swapped", numbers.swapped_values, "numbers", _FIGURES),
    *(
        Kind("numbers", name, options.fact(name), checks, ("facts",))
        for name, checks in _FACTS.items()
    ),
    Kind(
        "negation",
        "negation lost in a question",
        polarity.stem("negative"),
        ("polarity",),
        ("stems",),
    ),
    Kind("negation", "question negated", polarity.stem("positive"), ("polarity",), ("stems",)),
    Kind(
        "words",
        "opposite asked",
        polarity.stem("opposite"),
        ("polarity", "quantifiers"),
        ("stems",),
    ),
    _text("negation", "negation lost in prose", polarity.lost, "polarity"),
    _text("negation", "prose negated", polarity.added, "polarity"),
    Kind(
        "words",
        "quantifier changed",
        options.fact("quantifier changed"),
        ("quantifiers",),
        ("facts",),
    ),
    Kind("words", "contrast lost", options.fact("contrast lost"), ("contrast",), ("facts",)),
    _item("comparable", "constraint for English only", options.constrained, "comparable"),
    _text("words", "mainland word", signs.mainland_word, "wording"),
    _text("shape", "second half cut", texts.half_cut, "length truncated"),
    _text("shape", "cut off", texts.cut_off, "truncated length"),
    _text("shape", "last sentence dropped", texts.sentence_dropped, "truncated length"),
    _text(
        "shape",
        "question made a statement",
        signs.question_lost,
        "question",
        ("stems", "mgsm", "ntrex"),
    ),
    _text("signs", "bracket lost", signs.bracket_lost, "brackets"),
    _text("signs", "punctuation width", signs.narrow, "punctuation"),
    _text("signs", "invisible sign", signs.invisible, "characters"),
    _text("signs", "mojibake", signs.mojibake, "characters script"),
    _text("signs", "Hangul taken apart", signs.decomposed, "characters script"),
    INCONSISTENT,
)
