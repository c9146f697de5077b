"""The checks by name, and running them over an item."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from eval.benchmarks.beside import Difference
from eval.benchmarks.item import BenchmarkItem
from eval.benchmarks.recipe import Recipe
from eval.checks.base import Check, Finding, pair_up
from eval.checks.consistency import CONSISTENCY
from eval.checks.rules import DEFAULT_RULES, Level, Rules
from eval.checks.word_lists import PACKAGED, WordLists
from eval.errors import UnknownCheck
from glossary.language import Pair
from glossary.terminology import Terminology

CHECKS: dict[str, str] = {
    "structure": "eval.checks.structure:structure",
    "options": "eval.checks.options:options",
    "protected": "eval.checks.protected:protected",
    "numbers": "eval.checks.numbers:numbers_kept",
    "units": "eval.checks.units:units",
    "script": "eval.checks.script:script",
    "untranslated": "eval.checks.untranslated:untranslated",
    "wording": "eval.checks.wording:wording",
    "contrast": "eval.checks.contrast:contrast",
    "terms": "eval.checks.terms:terms",
    "references": "eval.checks.references:references",
    "answered": "eval.checks.answered:answered",
    "polarity": "eval.checks.polarity:polarity",
    "quantifiers": "eval.checks.quantifiers:quantifiers",
    "question": "eval.checks.question:question",
    "length": "eval.checks.length:length",
    "truncated": "eval.checks.truncated:truncated",
    "loops": "eval.checks.loops:loops",
    "chatter": "eval.checks.chatter:chatter",
    "characters": "eval.checks.characters:characters",
    "brackets": "eval.checks.brackets:brackets",
    "punctuation": "eval.checks.punctuation:punctuation",
    "comparable": "eval.checks.comparable:comparable",
}
NAMES = (*CHECKS, CONSISTENCY)
"""All names; the last check looks at all items of a run together."""


def rules_for(
    recipe: Recipe,
    levels: Mapping[str, Level],
    lists: WordLists = PACKAGED,
    terminology: Terminology | None = None,
) -> Rules:
    """How a run judges: the recipe's levels, and ``levels`` that a user chose instead of some.

    Raises:
        UnknownCheck: one of them names no check.
    """
    chosen = {name: Level(level) for name, level in recipe.checks.items()} | dict(levels)
    for name in chosen:
        if name not in NAMES:
            raise UnknownCheck(name, NAMES)
    return Rules(chosen, lists, terminology)


@cache
def load_check(name: str) -> Check:
    """The check of that name."""
    module, attribute = CHECKS[name].split(":")
    check: Check = getattr(importlib.import_module(module), attribute)
    return check


def check_item(
    item: BenchmarkItem,
    translations: Mapping[str, str],
    pair: Pair,
    category: str,
    rules: Rules = DEFAULT_RULES,
    differences: Sequence[Difference] = (),
) -> list[Finding]:
    """All findings of all checks over one item and the translations of its segments."""
    laid = pair_up(item, translations, pair, category, rules, differences)
    found: list[Finding] = []
    for name in CHECKS:
        level = rules.levels.get(name)
        if level is Level.OFF:
            continue
        findings = load_check(name)(laid)
        if level is not None:
            findings = [replace(finding, hard=level is Level.HARD) for finding in findings]
        found += findings
    return found
