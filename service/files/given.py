"""Files of translations made elsewhere: each source beside its translation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eval.benchmarks.file import BenchmarkFile, Record
from eval.benchmarks.item import item_id
from eval.benchmarks.path import show
from eval.benchmarks.recipe import Recipe, read_recipe
from eval.errors import EvalError, FileError, MissingTranslation, SurplusTranslation
from glossary.errors import GlossaryError
from glossary.language import Language, Pair, parse_language


@dataclass(frozen=True, slots=True)
class Given:
    """A source and its translation, or why there are not both; a reference where one is known."""

    index: int
    id: str
    source: Any
    target: Any = None
    error: EvalError | None = None
    reference: Any = None


def aligned(
    source: BenchmarkFile,
    target: BenchmarkFile,
    recipe: Recipe,
    references: BenchmarkFile | None = None,
) -> Iterator[Given]:
    """Bring files of one benchmark together: by id where its items have ids, else by position.

    What only source or target has comes with an error; surplus translations come last. An item
    may lack a reference, and a reference its item.
    """
    known_references = references.records if references else []
    reference_of = {_id(each, recipe): each.data for each in known_references}
    by_id: dict[str, Record] = {}
    surplus = []
    for record in target.records:
        if by_id.setdefault(_id(record, recipe), record) is not record:
            surplus.append(record)
    for record in source.records:
        id_ = _id(record, recipe)
        found = by_id.get(id_)
        missing = MissingTranslation(id_, target.path.name) if found is None else found.error
        data = found.data if found else None
        reference = reference_of.get(id_)
        yield Given(record.index, id_, record.data, data, record.error or missing, reference)
    known = {_id(record, recipe) for record in source.records}
    surplus += [record for id_, record in by_id.items() if id_ not in known]
    for number, record in enumerate(sorted(surplus, key=lambda each: each.index)):
        id_ = _id(record, recipe)
        error = record.error or SurplusTranslation(id_, source.path.name)
        yield Given(len(source.records) + number, id_, record.data, error=error)


def _id(record: Record, recipe: Recipe) -> str:
    return item_id(record.data, recipe, record.index)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a parallel file has its sources and its translations, and in which languages."""

    source: str
    target: str
    pair: Pair
    reference: str | None = None


def find_columns(
    file: BenchmarkFile,
    columns: tuple[str | None, str | None],
    languages: tuple[Language | None, Language | None],
    reference: str | None = None,
) -> Columns:
    """The columns that are named; else ``source`` and ``target``; else those named by language.

    A column called ``reference`` is one if no other is named so.

    Raises:
        FileError: they cannot be found, or nothing says what languages they are in.
    """
    names = _names(file)
    tags = _by_language(names)
    found: list[str] = []
    for side, name in enumerate(columns):
        usual = ("source", "target")[side]
        wanted, other = languages[side], languages[1 - side]
        tagged = [
            each
            for each, tag in tags.items()
            if each not in found and (tag is wanted if wanted else tag is not other)
        ]
        choice = name or (usual if usual in names else next(iter(tagged), usual))
        found.append(_known(choice, names, file, ("--source-column", "--target-column")[side]))
    if reference is not None:
        _known(reference, names, file, "--reference-column")
    source, target = (languages[side] or tags.get(found[side]) for side in (0, 1))
    if source is None or target is None:
        raise FileError(
            str(file.path), "nothing says what languages it is in", "Give --from and --to."
        )
    if reference is None and "reference" in set(names) - set(found):
        reference = "reference"
    return Columns(found[0], found[1], Pair(source, target), reference)


def _known(name: str, names: Sequence[str], file: BenchmarkFile, option: str) -> str:
    if name not in names:
        why = f"no column {name!r}; there are: {', '.join(names)}"
        raise FileError(str(file.path), why, f"Name the column with {option}.")
    return name


def _names(file: BenchmarkFile) -> list[str]:
    """Of the columns, or of the fields of the first record that can be read."""
    records = (record.data for record in file.records if isinstance(record.data, dict))
    return list(next(records, {}))


def _by_language(names: Sequence[str]) -> dict[str, Language]:
    found = {}
    for name in names:
        try:
            found[name] = parse_language(name)
        except GlossaryError:
            continue
    return found


def parallel_recipe(file: BenchmarkFile, columns: Columns) -> Recipe:
    """A recipe for rows as items of one text."""
    recipe: dict[str, Any] = {"name": file.path.stem, "fields": {show((columns.source,)): "text"}}
    if "id" in _names(file):
        recipe["id"] = "id"
    return read_recipe(recipe, str(file.path))


def parallel(file: BenchmarkFile, columns: Columns, recipe: Recipe) -> Iterator[Given]:
    """The rows, each as an item with its translation."""
    for record in file.records:
        id_ = _id(record, recipe)
        row = record.data if isinstance(record.data, dict) else {}
        kept = {"id": row["id"]} if "id" in row else {}
        source = {**kept, columns.source: row.get(columns.source)}
        target = {**kept, columns.source: row.get(columns.target)}
        words = row.get(columns.reference) if columns.reference else None
        reference = None if words is None else {**kept, columns.source: words}
        yield Given(record.index, id_, source, target, record.error, reference)
