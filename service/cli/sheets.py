"""Term sheets on the command line: what is known already, the bar, the table, the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from eval.benchmarks.file import read_file
from eval.errors import FileError
from glossary.concept import Glossary
from glossary.language import Pair
from glossary.store.port import Store
from service.cli.glossaries import read_glossaries
from service.cli.screen import console
from service.engines.base import Engine
from service.files.run_files import write_at_once, writing
from service.job import FileJob
from service.pipeline.passages import Benchmark
from service.pipeline.prepass import PrepassOptions, Progress, learn_terms
from service.pipeline.sheet import Known, Learned, edits_for
from service.settings import Settings
from service.wiring import make_store

WHO = "pre-pass"
"""Who proposes, in the history of a glossary."""
SHEET = "terms.json"
"""The sheet in the folder of a run."""
_SHOWN = 20


def known_of(given: Sequence[str], settings: Settings, pair: Pair, store: Store) -> Known:
    """What these glossaries say already, and what was rejected in those of the database.

    Raises:
        UnknownGlossary: neither a file nor in the database.
        FormatError, FileError: a file cannot be read.
    """
    return Known(
        read_glossaries(given, settings, pair),
        [concept for name in stored_names(given) for concept in store.rejected(name)],
    )


def stored_names(given: Sequence[str]) -> list[str]:
    """Of what ``--glossary`` was given, what is in the database."""
    return [text for text in dict.fromkeys(given) if not Path(text).is_file()]


def make_sure(store: Store, name: str) -> None:
    """Make a glossary if it is not there.

    Raises:
        GlossaryExists: it was deleted.
    """
    if name not in {info.name for info in store.glossaries()}:
        store.create(name, WHO)


def put_into(store: Store, name: str, sheet: Glossary) -> None:
    """Put a sheet's proposals into a stored glossary.

    Raises:
        UnknownGlossary: there is none.
        ConceptChanged: somebody changed a concept in this very moment.
    """
    edits = edits_for(store, name, sheet)
    if edits:
        store.apply(name, edits, WHO, comment=sheet.title)
    console.print(f"{len(edits):,} proposals put into glossary [bold]{escape(name)}[/]")


def write_sheet(path: Path, sheet: Glossary) -> None:
    """Write a sheet as JSON.

    Raises:
        FileError: it cannot be written.
    """
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_at_once(path, sheet.model_dump_json(indent=2, exclude_defaults=True) + "\n")


@contextmanager
def learning_bar() -> Iterator[Progress]:
    """A bar for each of the things that a pre-pass does, one below the other."""
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    )
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report


def show_learned(learned: Learned) -> None:
    """How many terms there are, why some have no proposal, and the first of those that have."""
    concepts = learned.glossary.concepts
    console.print(
        f"{len(learned.candidates):,} candidates, {learned.known:,} of them known, "
        f"{learned.asked:,} asked for in {learned.calls:,} calls ({learned.tokens:,} tokens), "
        f"{len(concepts):,} proposals",
        highlight=False,
    )
    if learned.dropped:
        reasons = ", ".join(f"{why} {count:,}" for why, count in learned.dropped.most_common())
        console.print(f"[dim]Without a proposal: {escape(reasons)}[/]", highlight=False)
    if learned.candidates and not (learned.asked or concepts):
        console.print("No model was asked: these are candidates without translations.")
    table = Table(title="Proposals" if concepts else "Candidates", title_justify="left")
    for column in ("term", "translation", "domain") if concepts else ("term", "items", "domain"):
        table.add_column(column)
    for concept in concepts[:_SHOWN]:
        first, *others = concept.terms
        shown = "(kept)" if first.keep else ", ".join(term.text for term in others)
        table.add_row(escape(first.text), escape(shown), escape(concept.domain))
    for candidate in [] if concepts else learned.candidates[:_SHOWN]:
        domain = next(iter(candidate.domains), "")
        table.add_row(escape(candidate.text), f"{candidate.items:,}", escape(domain))
    console.print(table)


@dataclass(frozen=True, slots=True)
class RunTerms:
    """The glossaries of a run that learns terms before it translates."""

    given: Sequence[str]
    settings: Settings
    pair: Pair

    async def learn(self, job: FileJob, engine: Engine) -> list[Glossary]:
        """The given glossaries, and last of all the proposals for what they do not say.

        The sheet lies in the run's folder and is used again when the run is resumed. The first
        given glossary that is in the database gets the proposals.

        Raises:
            EngineError: the model answered nothing at all.
            FileError: the sheet cannot be written or read.
        """
        store = make_store(self.settings)
        try:
            path = job.folder / SHEET
            if job.restart or not path.exists():
                await self._learn_anew(job, engine, store)
            sheet = read_sheet(path)
            known = known_of(self.given, self.settings, self.pair, store)
            return [*known.glossaries, known.without_known(sheet, self.pair, job.recipe.name)]
        finally:
            store.close()

    async def _learn_anew(self, job: FileJob, engine: Engine, store: Store) -> None:
        records = read_file(job.path, job.recipe).records[: job.limit]
        with learning_bar() as progress:
            learned = await learn_terms(
                Benchmark(
                    job.recipe,
                    [(entry.index, entry.data) for entry in records if entry.error is None],
                    self.pair.source,
                    (self.pair.target,),
                ),
                engine,
                known_of(self.given, self.settings, self.pair, store),
                PrepassOptions(max_item_characters=self.settings.max_item_characters),
                progress,
            )
        show_learned(learned)
        write_sheet(job.folder / SHEET, learned.glossary)
        for into in stored_names(self.given)[:1]:
            put_into(store, into, learned.glossary)


def read_sheet(path: Path) -> Glossary:
    """Read a sheet that was written.

    Raises:
        FileError: it is no sheet any more.
    """
    remedy = "Remove the file, or start over with --restart: the terms are learned again."
    try:
        return Glossary.model_validate_json(path.read_text("utf-8"))
    except OSError as error:
        raise FileError(str(path), error.strerror or "cannot be read", remedy) from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise FileError(str(path), "no term sheet", remedy) from error
