"""Consistency: the same source text has the same translation across the whole benchmark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from eval.checks.base import Finding, Severity
from eval.checks.rules import DEFAULT_RULES, Level, Rules
from eval.segment import FieldKind

CONSISTENCY = "consistency"
_REFERS_TO_ALL = ("of the above", "of these", "以上", "上述", "위의", "위 모두", "이상 모두")
_LONGEST_REFERENCE = 40
_SHOWN = 200
_KEPT_WHOLE = 64
_SPACES_AND_STOPS = " .。．"


class Translated(Protocol):
    """A text and its translation, with the kind of field they are from."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def target(self) -> str: ...  # noqa: D102


@dataclass(slots=True)
class _Rendering:
    """One way in which a source text was translated, and where."""

    text: str
    option_for_all: bool
    places: list[tuple[int, str, int]] = field(default_factory=list)
    """Item, segment, length of the target."""

    @property
    def rank(self) -> tuple[int, tuple[int, str, int]]:
        """The most frequent first, of equally frequent ones that of the earliest item."""
        return -len(self.places), min(self.places)


class Consistency:
    """The same source text has the same translation in every item of the benchmark.

    Soft, and minor: a word may rightly be translated in two ways. Major at options such as "None
    of the above", of which a test has one wording only.

    Texts of one kind of field (options, questions, ...) are compared without regard to white space
    and a final stop. The rendering that most items have is taken for the right one, of equally
    frequent ones that of the earliest item; every other one is a finding at its place.

    This check looks at all items of a run together: at the end of a file, of a request answered as
    JSON, and in the last line of a stream.

    Known limits:

    - The most frequent rendering may be the wrong one.
    - Short answers such as "Yes", which Chinese renders by the verb of the question, are found in
      every rendering but one.
    - Upper and lower case are distinct: "None of the above" and "None of the Above" are two texts.
    """

    def __init__(self, rules: Rules = DEFAULT_RULES) -> None:
        self._level = rules.levels.get(CONSISTENCY)
        self._texts: dict[tuple[str, str | bytes], dict[str | bytes, _Rendering]] = {}

    def add(self, item: int, segments: Iterable[Translated]) -> None:
        """Take note of one item's texts; the order of the items does not matter.

        Of a long text only a digest and its beginning are kept, so memory is bounded.
        """
        if self._level is Level.OFF:
            return
        for segment in segments:
            source, target = _folded(segment.source), _folded(segment.target)
            renderings = self._texts.setdefault((segment.kind, _key(source)), {})
            rendering = renderings.get(_key(target))
            if rendering is None:
                shown = target[:_SHOWN]
                rendering = _Rendering(shown, _is_option_for_all(segment.kind, source))
                renderings[_key(target)] = rendering
            rendering.places.append((item, segment.id, len(segment.target)))

    def findings(self) -> dict[int, list[Finding]]:
        """Findings by item."""
        found: dict[int, list[Finding]] = {}
        for renderings in self._texts.values():
            if len(renderings) > 1:
                first, *others = sorted(renderings.values(), key=lambda each: each.rank)
                for other in others:
                    for item, segment, length in other.places:
                        finding = self._finding(first, other, segment, length)
                        found.setdefault(item, []).append(finding)
        return {
            item: sorted(findings, key=lambda each: each.segment)
            for item, findings in sorted(found.items())
        }

    def _finding(self, first: _Rendering, other: _Rendering, segment: str, length: int) -> Finding:
        there, here = len(first.places), len(other.places)
        return Finding(
            check=CONSISTENCY,
            severity=Severity.MAJOR if other.option_for_all else Severity.MINOR,
            hard=self._level is Level.HARD,
            segment=segment,
            message="The same source text is translated in another way elsewhere "
            f"({there}×; this way {here}×).",
            target_span=(0, length),
            expected=first.text,
            found=other.text,
        )


def _folded(text: str) -> str:
    return " ".join(text.split()).rstrip(_SPACES_AND_STOPS)


def _key(text: str) -> str | bytes:
    if len(text) <= _KEPT_WHOLE:
        return text
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _is_option_for_all(kind: str, source: str) -> bool:
    """Does the option speak of the others ("none of the above")?"""
    if kind != FieldKind.OPTION or len(source) > _LONGEST_REFERENCE:
        return False
    return any(words in source.lower() for words in _REFERS_TO_ALL)
