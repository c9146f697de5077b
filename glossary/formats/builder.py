"""Collects what a file says into concepts; what cannot be one becomes a problem of its row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from glossary.concept import Concept, Glossary, Term
from glossary.formats.port import Imported, Problem, ReadOptions
from glossary.language import Language

_PLAIN = re.compile(r"[a-z0-9]+")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}")
_FULL_STAMP = re.compile(r"([a-z0-9][a-z0-9._-]{0,63})@([0-9]{1,9})")


class Builder:
    """One file's concepts and problems, in the order of its rows."""

    def __init__(self, format_name: str, options: ReadOptions) -> None:
        self.format = format_name
        self.options = options
        self.concepts: dict[str, Concept] = {}
        self.rows: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._invented: set[str] = set()

    def problem(self, row: int | None, column: str, text: str, remedy: str) -> None:
        """Note what a person must look at."""
        self.problems.append(Problem(row, column, text, remedy))

    def term(
        self, row: int, column: str, language: Language, text: str, **said: Any
    ) -> Term | None:
        """A term, or ``None`` and a problem."""
        try:
            return Term(language=language, text=text, **said)
        except ValidationError as error:
            self.invalid(row, column, error)
            return None

    def concept(self, row: int, id_: str, terms: Sequence[Term | None], **said: Any) -> None:
        """Add a concept, unless one of its terms or fields is wrong, or its id is taken."""
        if any(term is None for term in terms):
            return
        if id_ in self.concepts:
            first = self.rows[id_]
            self.problem(row, "id", f"{id_!r} is taken by row {first}", "Give it an id of its own.")
            return
        try:
            self.concepts[id_] = Concept(id=id_, terms=tuple(filter(None, terms)), **said)
        except ValidationError as error:
            self.invalid(row, "", error)
        else:
            self.rows[id_] = row

    def usable_id(self, id_: str, text: str) -> str:
        """The file's id where it can be one of ours, else one made from the term."""
        return id_ if _ID.fullmatch(id_) else self.invent_id(text)

    def invent_id(self, text: str) -> str:
        """A free id that tells its term: the same term in the same place has the same id."""
        words = "-".join(_PLAIN.findall(text.casefold()))[:60].strip("-")
        if not words or not text.isascii():
            digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:10]
            words = f"{words}-{digest}" if words else f"t-{digest}"
        id_, count = words, 1
        while id_ in self.concepts:
            count += 1
            id_ = f"{words}-{count}"
        self._invented.add(id_)
        return id_

    def finish(
        self,
        *,
        stamp: str = "",
        title: str = "",
        description: str = "",
        complete: bool = True,
        notes: Iterable[str] = (),
    ) -> Imported:
        """All of it; a readable ``stamp`` (``exams@12``) tells that the file is our own."""
        own = _FULL_STAMP.fullmatch(stamp.strip())
        name = own[1] if own else self.options.name
        concepts = tuple(self.concepts.values())
        try:
            glossary = Glossary(
                name=name,
                version=int(own[2]) if own else 0,
                title=title,
                description=description,
                concepts=concepts,
            )
        except ValidationError as error:
            self.invalid(None, "glossary", error)
            glossary = Glossary(name=name, concepts=concepts)
        if not concepts and not self.problems:
            self.notes.append("The file holds no terms.")
        return Imported(
            format=self.format,
            glossary=glossary,
            problems=tuple(self.problems),
            notes=(*notes, *self.notes),
            rows=self.rows,
            complete=complete,
            own=own is not None,
            invented=frozenset(self._invented),
        )

    def invalid(self, row: int | None, column: str, error: ValidationError) -> None:
        """Note what the model says of a term or a concept."""
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        where = f"{column} ({field})" if column and field not in ("", "text") else column or field
        text = first["msg"].removeprefix("Value error, ")
        if first["type"] in ("too_long", "string_too_long"):  # pydantic speaks of items
            text = f"it has more than {first['ctx']['max_length']} characters"
        self.problem(row, where, text, "Correct the cell and import the file again.")


def choice(value: str, known: Iterable[str]) -> str | None:
    """The known word that is meant: case, blanks, ``-`` and ``_`` do not matter."""
    folded = re.sub(r"[\s_-]+", "_", value.strip().casefold())
    return folded if folded in set(known) else None


def join(parts: Iterable[str]) -> str:
    """Texts below each other, without empty and repeated ones."""
    return "\n".join(dict.fromkeys(part for part in parts if part))
