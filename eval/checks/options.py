"""Answer options: as distinct as they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, Severity


def options(item: ItemPair) -> Iterator[Finding]:
    """No two options are equal unless they were equal in the source.

    Compared after NFKC, without white space at the edges and final stops.
    """
    first: dict[str, str] = {}
    for slot in item.item.slots:
        for source, target, segment in slot.options(item.translations):
            folded = _fold(target)
            if not folded:
                continue
            if folded not in first:
                first[folded] = source
            elif _fold(first[folded]) != _fold(source) and segment is not None:
                yield Finding(
                    check="options",
                    severity=Severity.CRITICAL,
                    hard=True,
                    segment=segment,
                    message=f"Two options became the same: {first[folded]!r} and {source!r}.",
                    target_span=(0, len(target)),
                    expected="an option of its own",
                    found=target,
                )


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().rstrip(".。").strip()
