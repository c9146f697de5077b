"""Answer options: as distinct as they were."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.checks.base import Finding, ItemPair, Severity

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def options(item: ItemPair) -> Iterator[Finding]:
    """No two options of a question are equal unless they were equal in the source.

    Compared without regard to full or half width, white space and a final stop. Superscripts are
    other characters: x² is not x2.
    """
    first: dict[tuple[tuple[int, ...], str], tuple[str, str | None]] = {}
    for slot in item.item.slots:
        for source, target, segment in slot.options(item.translations):
            folded = _fold(target)
            if not folded:
                continue
            earlier, its_segment = first.setdefault((slot.question, folded), (source, segment))
            place = segment or its_segment
            if _fold(earlier) != _fold(source) and place is not None:
                yield Finding(
                    check="options",
                    severity=Severity.CRITICAL,
                    hard=True,
                    segment=place,
                    message=f"Two options became the same: {earlier!r} and {source!r}.",
                    target_span=(0, len(item.translations.get(place, ""))),
                    expected="an option of its own",
                    found=target,
                )


def _fold(text: str) -> str:
    narrow = text.translate(_WIDTH)
    return re.sub(r"\s+", " ", narrow).strip().rstrip(".。").strip()
