"""Terms of an item, as a prompt tells them."""

from __future__ import annotations

from collections.abc import Sequence

from glossary.concept import Strength
from glossary.terminology import TermEntry


def term_lines(entries: Sequence[TermEntry]) -> str:
    """One line per term; see ``term_rule``."""
    return "\n".join(f"- {term_rule(entry)}" for entry in entries)


def told_pairs(entries: Sequence[TermEntry]) -> list[tuple[str, str]]:
    """Source and target for a prompt that knows nothing but pairs.

    A term with a condition is left out: the prompt could not say when it applies.
    """
    return [
        (entry.source, entry.source if entry.keep else entry.targets[0])
        for entry in entries
        if not entry.condition and (entry.keep or entry.targets)
    ]


def term_rule(entry: TermEntry) -> str:
    """One term: ``speed => 速率 | 速; never 速度 (condition)``."""
    if entry.keep:
        wanted = f"{entry.source} (keep it as it is)"
    else:
        wanted = " | ".join(entry.targets) or "(any translation)"
    never = f"; never {', '.join(entry.banned)}" if entry.banned else ""
    remarks = [entry.condition] if entry.condition else []
    if entry.strength is Strength.HINT:
        remarks.append("a suggestion")
    remark = f" ({'; '.join(remarks)})" if remarks else ""
    return f"{entry.source} => {wanted}{never}{remark}"
