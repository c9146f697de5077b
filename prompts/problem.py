"""A concrete fault of a translation, as a prompt tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from glossary.terminology import TermEntry
from prompts.terms import term_rule


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where.

    Attributes:
        key: the field; empty where it concerns the whole item.
        severity: in a word, such as ``major``.
        message: what is wrong, in a sentence.
        source: the words of the original that it is about.
        target: the words of the translation that are wrong.
        expected: what should stand there.
    """

    key: str
    severity: str
    message: str
    source: str = ""
    target: str = ""
    expected: str = ""


def missed_term(entry: TermEntry, key: str = "") -> Problem:
    """A term that a translation does not follow."""
    return Problem(key, "major", f"This term is not followed: {term_rule(entry)}")


def problem_texts(problems: Sequence[Problem]) -> dict[str, str]:
    """Text of each problem, under keys that no field can have: ``problem:1``."""
    return {f"problem:{n}": _told(problem) for n, problem in enumerate(problems, start=1)}


def _told(problem: Problem) -> str:
    said = (
        ("In the original", problem.source),
        ("In the translation", problem.target),
        ("Should be", problem.expected),
    )
    head = f"{problem.key or 'whole item'}, {problem.severity}: {problem.message}"
    return "\n".join([head, *(f"{what}: {text}" for what, text in said if text)])
