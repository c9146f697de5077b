"""Wording: words of the other side of the strait in Taiwan's or the mainland's Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from eval.checks.base import Finding, ItemPair, Severity
from eval.checks.word_lists import Wording, WordLists, alternation
from glossary.language import Language


def wording(item: ItemPair) -> Iterator[Finding]:
    """No mainland words in zh-TW text and no Taiwan words in zh-CN text.

    Always soft and minor. The words, what to write instead, and the longer words in which they are
    right are in `eval/checks/lists/wording.yaml`; lists of your own are added to them
    ([word lists](../word-lists.md)). Nothing is ever converted: 發明了 stays 發明了.

    Known limits:

    - a word with a right sense as well is left out (質量 is mass, 文件 a document, 程序 a
      procedure) or listed within longer words only (產品質量);
    - no list is complete.
    """
    target = item.pair.target
    if not target.is_chinese:
        return
    pattern, entries = _finder(item.rules.lists, target)
    for segment in item.segments:
        for match in pattern.finditer(segment.target_prose):
            entry = entries.get(match.group())
            if entry is None:
                continue
            place = "Taiwan" if target is Language.ZH_TW else "Mainland China"
            message = f"{place} says {entry.prefer}. {entry.note}".rstrip()
            yield segment.finding(
                "wording",
                Severity.MINOR,
                message,
                hard=False,
                target=match.span(),
                expected=entry.prefer,
            )


@cache
def _finder(lists: WordLists, language: Language) -> tuple[re.Pattern[str], Mapping[str, Wording]]:
    """All words of the list with the longer ones that are right, and the entries by word."""
    entries = {entry.avoid: entry for entry in lists.wording if entry.language is language}
    right = {
        word
        for entry in entries.values()
        for word in (entry.prefer, *entry.unless)
        if entry.avoid in word
    }
    return re.compile(alternation(entries.keys() | right)), entries
