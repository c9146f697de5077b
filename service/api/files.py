"""``/glossaries/{name}/import`` and ``/export``: glossaries as files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from glossary.concept import Concept, GlossaryName
from glossary.exchange import Effect, Entry, Preview
from glossary.formats import FORMATS, load_format
from glossary.formats.columns import parse_columns
from glossary.formats.detect import read_glossary
from glossary.formats.port import ReadOptions, WriteOptions
from glossary.language import parse_pair
from service.api.conditions import User, etag
from service.api.glossaries import AtVersion, Name, store_of
from service.imports import compare, make_if_new

router = APIRouter(prefix="/glossaries", tags=["glossaries"])
_KNOWN = ", ".join(FORMATS)
PairText = Annotated[
    str | None, Query(description="For layouts of two languages, for example en>ko.")
]


class RowProblem(BaseModel):
    """A row that could not be used."""

    row: int | None
    column: str
    text: str
    remedy: str


class FieldChangeBody(BaseModel):
    """One field before and after; empty: not there."""

    where: str
    before: str
    after: str


class ImportEntry(BaseModel):
    """What the import does with one concept that is not as it was."""

    effect: Effect
    concept: Concept
    row: int | None
    changes: list[FieldChangeBody] = []
    why: str = Field("", description="Of a conflict: what stands against what.")


class ImportAnswer(BaseModel):
    """What an import did, or with `dry_run` would do."""

    format: str
    counts: dict[Effect, int]
    entries: list[ImportEntry] = Field(description="All but unchanged concepts.")
    problems: list[RowProblem] = []
    notes: list[str] = Field([], description="How the file was read, to be checked.")
    written: int = Field(description="Concepts written.")
    version: int | None = Field(description="The glossary's version now; `null`: not there.")


@router.post("/{name}/import")
async def import_glossary(
    name: Name,
    request: Request,
    user: User,
    file: Annotated[bytes, Body(media_type="application/octet-stream")],
    dry_run: Annotated[bool, Query(description="Show what would be done; do nothing.")] = False,
    format: Annotated[  # noqa: A002 (the name of the parameter in the address)
        str | None, Query(description=f"Default: by what is in the file. Known: {_KNOWN}.")
    ] = None,
    pair: PairText = None,
    columns: Annotated[
        str, Query(description="Which column is what: en=A,ko=B,condition=note.")
    ] = "",
    encoding: Annotated[str | None, Query(description="Of text files; default: by trial.")] = None,
    accept: Annotated[
        list[str] | None, Query(description="Ids of conflicts to take from the file, or `all`.")
    ] = None,
) -> ImportAnswer:
    """Import a file, sent as the body; makes the glossary if it is not there.

    Nothing is deleted. A term that the glossary translates otherwise is a conflict and is left as
    it is unless it is accepted. All is one change set.
    """
    options = ReadOptions(
        name=name,
        pair=parse_pair(pair) if pair else None,
        columns=parse_columns(columns),
        encoding=encoding,
    )

    def work() -> ImportAnswer:
        store = store_of(request)
        imported = read_glossary(file, options, format_name=format)
        shown, versions = compare(store, name, imported)
        conflicts = [each.concept.id for each in shown.of(Effect.CONFLICT)]
        wanted = [id_ for id_ in conflicts if {"all", id_} & set(accept or ())]
        edits = shown.edits(accept=wanted, versions=versions)
        version = _version(request, name)
        if edits and not dry_run:
            make_if_new(store, name, imported.glossary, user)
            version = store.apply(name, edits, user, comment="imported")
        return _answer(shown, 0 if dry_run else len(edits), version)

    return await run_in_threadpool(work)


def _version(request: Request, name: GlossaryName) -> int | None:
    known = {info.name: info.version for info in store_of(request).glossaries()}
    return known.get(name)


def _answer(shown: Preview, written: int, version: int | None) -> ImportAnswer:
    imported = shown.imported
    return ImportAnswer(
        format=imported.format,
        counts=dict(shown.counts),
        entries=[_entry(each) for each in shown.entries if each.effect is not Effect.UNCHANGED],
        problems=[
            RowProblem(row=each.row, column=each.column, text=each.text, remedy=each.remedy)
            for each in imported.problems
        ],
        notes=[*imported.notes, *shown.notes],
        written=written,
        version=version,
    )


def _entry(entry: Entry) -> ImportEntry:
    return ImportEntry(
        effect=entry.effect,
        concept=entry.concept,
        row=entry.row,
        changes=[
            FieldChangeBody(where=each.where, before=each.before, after=each.after)
            for each in entry.changes
        ],
        why=entry.why,
    )


@router.get(
    "/{name}/export",
    response_class=Response,
    responses={
        200: {
            "description": "The file. `X-Isogloss-Losses` counts what the format cannot hold.",
            "content": {"application/octet-stream": {}},
        }
    },
)
def export_glossary(
    name: Name,
    request: Request,
    format: Annotated[str, Query(description=f"One of: {_KNOWN}.")] = "xlsx",  # noqa: A002
    pair: PairText = None,
    version: AtVersion = None,
) -> Response:
    """A glossary as a file, now or at an earlier version.

    docs/glossary-formats.md says what each format cannot hold.
    """
    chosen = load_format(format)
    found = store_of(request).glossary(name, version)
    written = chosen.write(found, WriteOptions(parse_pair(pair) if pair else None))
    headers = {
        "Content-Disposition": f'attachment; filename="{name}{chosen.suffix}"',
        "ETag": etag(found.version),
        "X-Isogloss-Losses": str(len(written.losses)),
    }
    return Response(written.data, media_type=chosen.media_type, headers=headers)
