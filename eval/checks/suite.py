"""The checks by name, and running them over an item."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from eval.benchmarks.item import BenchmarkItem
from eval.checks.base import Check, Finding, pair_up
from eval.checks.rules import DEFAULT_RULES, Level, Rules
from glossary.language import Pair

CHECKS: dict[str, str] = {
    "structure": "eval.checks.structure:structure",
    "options": "eval.checks.options:options",
    "protected": "eval.checks.protected:protected",
    "numbers": "eval.checks.numbers:numbers_kept",
    "script": "eval.checks.script:script",
}


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
) -> list[Finding]:
    """All findings of all checks over one item and the translations of its segments."""
    laid = pair_up(item, translations, pair, category, rules)
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
