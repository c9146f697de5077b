"""Parallel text from files: subtitles, tables with language columns, and finished runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pysubs2
from pydantic import ValidationError
from pysubs2.exceptions import Pysubs2Error

from eval.benchmarks.file import BenchmarkFile, read_file
from eval.errors import FileError
from eval.run_log import ItemRecord
from glossary.consistency.term_uses import Parallel
from glossary.guess import language_of
from glossary.language import Language, Pair, parse_pair
from service.files.given import find_columns
from service.files.run_files import MANIFEST

SUBTITLES = frozenset({".srt", ".vtt"})


@dataclass(frozen=True, slots=True)
class ParallelTexts:
    """The texts of a file with their translations; ``skipped`` have none, or cannot be read."""

    pair: Pair
    texts: tuple[Parallel, ...]
    skipped: int = 0


def read_parallel(
    file: Path,
    columns: tuple[str | None, str | None] = (None, None),
    languages: tuple[Language | None, Language | None] = (None, None),
) -> ParallelTexts:
    """Read a file by what it is: .srt or .vtt, ``records.jsonl`` of a run, .tsv, .csv or JSON.

    Raises:
        FileError: it cannot be read, has no parallel text, or nothing says its languages.
    """
    if file.suffix.lower() in SUBTITLES:
        return _subtitles(file, languages)
    # In parallel TSV files a quote is what the sentence begins with, never what holds the cell.
    table = read_file(file, quoting=file.suffix.lower() != ".tsv")
    if _is_run(table):
        return _run(file, table, languages)
    found = find_columns(table, columns, languages)
    texts = list(_rows(table, found.source, found.target))
    return _some(file, ParallelTexts(found.pair, tuple(texts), len(table.records) - len(texts)))


def _rows(table: BenchmarkFile, source: str, target: str) -> Iterator[Parallel]:
    for record in table.records:
        row = record.data if isinstance(record.data, dict) else {}
        ours, theirs = row.get(source), row.get(target)
        if isinstance(ours, str) and isinstance(theirs, str) and ours.strip() and theirs.strip():
            yield Parallel(str(record.index + 1), ours, theirs)


def _is_run(table: BenchmarkFile) -> bool:
    first = table.records[0].data
    return isinstance(first, dict) and {"segments", "verdict", "provenance"} <= first.keys()


def _run(
    file: Path, table: BenchmarkFile, languages: tuple[Language | None, Language | None]
) -> ParallelTexts:
    texts, skipped = [], 0
    for line in table.records:
        try:
            record = ItemRecord.model_validate(line.data)
        except ValidationError:
            skipped += 1  # most often the last line of a run that was broken off
            continue
        skipped += not record.segments
        texts += [
            Parallel(f"{record.id}/{each.id}", each.source, each.target) for each in record.segments
        ]
    return _some(file, ParallelTexts(_pair_of_run(file, languages), tuple(texts), skipped))


def _pair_of_run(file: Path, languages: tuple[Language | None, Language | None]) -> Pair:
    manifest = file.with_name(MANIFEST)
    if languages[0] is None and languages[1] is None and manifest.exists():
        try:
            return parse_pair(str(json.loads(manifest.read_text("utf-8"))["pair"]))
        except (ValueError, KeyError, TypeError) as error:
            raise FileError(
                str(manifest), f"its pair cannot be read: {error}", "Give --from and --to."
            ) from error
    return _pair(file, languages)


def _subtitles(file: Path, languages: tuple[Language | None, Language | None]) -> ParallelTexts:
    """Cues with the same times belong together: the first is the source, the next its translation.

    A place is the number of the source cue, counted from 1.
    """
    try:
        cues = pysubs2.SSAFile.from_string(
            file.read_bytes().decode("utf-8-sig"), format_=file.suffix.lower().lstrip(".")
        ).events
    except OSError as error:
        raise FileError(str(file), error.strerror or "cannot be read", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise FileError(
            str(file), f"not UTF-8 at byte {error.start}", "Save the file as UTF-8."
        ) from error
    except Pysubs2Error as error:
        raise FileError(str(file), f"no subtitles: {error}", "Check the format.") from error
    texts, number, skipped = [], 0, 0
    while number < len(cues):
        cue, *after = cues[number : number + 2]
        if after and (cue.start, cue.end) == (after[0].start, after[0].end):
            source, target = (" ".join(each.plaintext.split()) for each in (cue, after[0]))
            texts.append(Parallel(str(number + 1), source, target))
            number += 2
        else:
            skipped += 1
            number += 1
    sides = [
        " ".join(sides)
        for sides in zip(*((each.source, each.target) for each in texts), strict=True)
    ]
    told = [given or language_of(side) for given, side in zip(languages, sides, strict=False)]
    pair = _pair(file, (told[0], told[1]) if told else languages)
    return _some(file, ParallelTexts(pair, tuple(texts), skipped))


def _pair(file: Path, languages: tuple[Language | None, Language | None]) -> Pair:
    source, target = languages
    if source is None or target is None:
        raise FileError(str(file), "nothing says what languages it is in", "Give --from and --to.")
    return Pair(source, target)


def _some(file: Path, read: ParallelTexts) -> ParallelTexts:
    if not read.texts:
        raise FileError(
            str(file),
            "no text stands beside its translation",
            "Subtitles need each cue followed by its translation with the same times; tables need "
            "two columns with text.",
        )
    return read
