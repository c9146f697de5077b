"""``replay``: recorded outputs of real systems, keyed by their source text.

A recording is a line of JSON: ``{"pair": "en>ko", "source": "...", "hypotheses": ["...", ...]}``,
with ``system`` if one likes. Several hypotheses are candidates, in their order.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import FileError
from eval.segment import Segment
from glossary.errors import GlossaryError
from glossary.language import Pair, parse_pair
from service.engines.base import Candidate, EngineAnswer, TranslationRequest
from service.engines.direct import DirectEngine
from service.errors import NotRecorded
from service.settings import EngineSettings


class Recording(BaseModel):
    """One recorded text."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pair: str
    source: str
    hypotheses: tuple[str, ...] = Field(min_length=1)
    system: str = ""


class ReplayEngine(DirectEngine):
    """Answers with what was recorded, and never with anything else."""

    kind = "replay"

    def __init__(self, name: str, recordings: dict[tuple[Pair, str], tuple[str, ...]]) -> None:
        super().__init__(name)
        self._recordings = recordings
        self.pairs = frozenset(pair for pair, _ in recordings)

    async def translate(self, request: TranslationRequest) -> EngineAnswer:
        """As many candidates as were asked for and recorded for every segment.

        Raises:
            NotRecorded: a segment has no recording.
        """
        recorded = {segment.id: self._of(segment, request.pair) for segment in request.segments}
        depth = min((len(texts) for texts in recorded.values()), default=1)
        candidates: list[Candidate] = [
            {id_: texts[number] for id_, texts in recorded.items()}
            for number in range(min(depth, request.candidates))
        ]
        return EngineAnswer(tuple(candidates))

    def _of(self, segment: Segment, pair: Pair) -> tuple[str, ...]:
        texts = self._recordings.get((pair, segment.text))
        if texts is None:
            raise NotRecorded(segment.id, pair)
        return texts


def read_recordings(path: Path) -> dict[tuple[Pair, str], tuple[str, ...]]:
    """Read a file of recordings.

    Raises:
        FileError: it cannot be read, or a line of it cannot.
    """
    recordings = {}
    try:
        # Not splitlines(): U+2028 and others may stand inside a JSON string.
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(str(path), f"cannot be read: {error}", "Check the path.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            recording = Recording.model_validate_json(line)
            pair = parse_pair(recording.pair)
        except (ValidationError, GlossaryError) as error:
            why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise FileError(
                f"{path}, line {number}", why, "See docs/engines.md for the format."
            ) from error
        recordings[pair, recording.source] = recording.hypotheses
    return recordings


def create(name: str, settings: EngineSettings) -> ReplayEngine:
    """Make the engine from its settings."""
    assert settings.recordings is not None
    return ReplayEngine(name, read_recordings(settings.recordings))
