"""``replay``: recorded outputs of real systems, keyed by their source text.

A recording is a line of JSON: ``{"pair": "en>ko", "source": "...", "hypotheses": ["...", ...]}``,
with ``system`` if one likes. Several hypotheses are candidates, in their order; those of several
systems come one system after the other, as the file has them. ``scores`` (a person's, one per
hypothesis, higher being better) and ``item`` (what the text is part of) are for
``isogloss select``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from eval.errors import FileError
from glossary.errors import GlossaryError
from glossary.language import Pair, parse_pair
from service.engines.base import Candidate, EngineAnswer, TranslationRequest
from service.engines.direct import DirectEngine
from service.engines.errors import NotRecorded
from service.settings import EngineSettings


class Recording(BaseModel):
    """One recorded text: what one system made of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pair: Annotated[Pair, BeforeValidator(lambda text: parse_pair(str(text)))]
    source: str
    hypotheses: tuple[str, ...] = Field(min_length=1)
    system: str = ""
    scores: tuple[Annotated[float, Field(allow_inf_nan=False)] | None, ...] = ()
    item: str = ""

    @model_validator(mode="after")
    def _as_many_scores(self) -> Self:
        if self.scores and len(self.scores) != len(self.hypotheses):
            raise ValueError(
                f"{len(self.scores)} scores for {len(self.hypotheses)} hypotheses: give one each, "
                "null where there is none"
            )
        return self


class ReplayEngine(DirectEngine):
    """Answers with what was recorded, and never with anything else."""

    kind = "replay"

    def __init__(self, name: str, recordings: Iterable[Recording]) -> None:
        super().__init__(name)
        self._recordings: dict[str, dict[tuple[Pair, str], tuple[str, ...]]] = defaultdict(dict)
        for each in recordings:
            self._recordings[each.system][each.pair, each.source] = each.hypotheses
        self.pairs = frozenset(
            pair for recorded in self._recordings.values() for pair, _ in recorded
        )

    async def translate(self, request: TranslationRequest) -> EngineAnswer:
        """As many candidates as were asked for and recorded, each of one system throughout.

        Raises:
            NotRecorded: no system has recorded all segments.
        """
        found = [
            candidate for system in self._recordings for candidate in self._of(system, request)
        ]
        if not found:
            raise NotRecorded(self._missing(request), request.pair)
        return EngineAnswer(tuple(found[: request.candidates]))

    def _of(self, system: str, request: TranslationRequest) -> list[Candidate]:
        """A system's translations of the whole item, as many as it has of every segment."""
        known = self._recordings[system]
        texts = [known.get((request.pair, segment.text), ()) for segment in request.segments]
        ids = [segment.id for segment in request.segments]
        return [dict(zip(ids, each, strict=True)) for each in zip(*texts, strict=False)]

    def _missing(self, request: TranslationRequest) -> str:
        """The segment that the fewest systems have recorded."""

        def systems(text: str) -> int:
            return sum((request.pair, text) in known for known in self._recordings.values())

        return min(request.segments, key=lambda segment: systems(segment.text)).id


def read_lines(path: Path) -> list[Recording]:
    """Read a file of recordings, line by line.

    Raises:
        FileError: it cannot be read, or a line of it cannot.
    """
    recordings = []
    try:
        # Not splitlines(): U+2028 and others may stand inside a JSON string.
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(str(path), f"cannot be read: {error}", "Check the path.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            recordings.append(Recording.model_validate_json(line))
        except (ValidationError, GlossaryError) as error:
            why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise FileError(
                f"{path}, line {number}", why, "See docs/engines.md for the format."
            ) from error
    return recordings


def read_recordings(path: Path) -> dict[tuple[Pair, str], tuple[str, ...]]:
    """The hypotheses of each text, those of all its systems together.

    Raises:
        FileError: the file cannot be read, or a line of it cannot.
    """
    systems: dict[tuple[Pair, str], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for each in read_lines(path):
        systems[each.pair, each.source][each.system] = each.hypotheses
    return {text: sum(by_system.values(), ()) for text, by_system in systems.items()}


def create(name: str, settings: EngineSettings) -> ReplayEngine:
    """Make the engine from its settings."""
    assert settings.recordings is not None
    return ReplayEngine(name, read_lines(settings.recordings))
