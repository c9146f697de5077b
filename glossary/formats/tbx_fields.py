"""What TBX has words for, and what it has not: our own fields as notes that people can read.

TBX-Basic knows no "do not translate", no strength, no condition, and calls whatever is not
allowed deprecated. Each of these is a ``<note>`` of its own, ``Isogloss strength: prefer``, beside
the plain notes. Reading takes them back; a plain note that looks like one of them is written as
``Isogloss note: ...``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from glossary.concept import Concept, PartOfSpeech, Status, Strength, Term

_OWN = re.compile(r"Isogloss ([a-z][a-z -]*): ?(.*)", re.DOTALL)

STATUS_TO_TBX = {
    Status.PREFERRED: "preferredTerm-admn-sts",
    Status.ADMITTED: "admittedTerm-admn-sts",
    Status.DEPRECATED: "deprecatedTerm-admn-sts",
    Status.FORBIDDEN: "deprecatedTerm-admn-sts",
}
"""A proposed term has no status there yet."""
STATUS_FROM_TBX = {
    "preferredterm": Status.PREFERRED,
    "preferred": Status.PREFERRED,
    "admittedterm": Status.ADMITTED,
    "admitted": Status.ADMITTED,
    "deprecatedterm": Status.DEPRECATED,
    "deprecated": Status.DEPRECATED,
    "supersededterm": Status.DEPRECATED,
    "superseded": Status.DEPRECATED,
    "obsolete": Status.DEPRECATED,
    "forbidden": Status.FORBIDDEN,
    "notrecommended": Status.DEPRECATED,
    "proposed": Status.PROPOSED,
}
POS_TO_TBX = {each: each.value for each in PartOfSpeech} | {PartOfSpeech.PROPER_NOUN: "noun"}
POS_FROM_TBX = {each.value: each for each in PartOfSpeech} | {
    "propernoun": PartOfSpeech.PROPER_NOUN,
    "proper noun": PartOfSpeech.PROPER_NOUN,
}


def status_of(text: str) -> Status | None:
    """A status as TBX 2, TBX 3 and Weblate write it."""
    folded = re.sub(r"-?admn-?sts$", "", text.strip().casefold()).replace("-", "")
    return STATUS_FROM_TBX.get(folded)


def own_field(name: str, value: str) -> str:
    """A field of ours as a note."""
    return f"Isogloss {name}: {value}"


def plain_note(text: str) -> str:
    """A note of a person, marked as one where it looks like a field of ours."""
    return own_field("note", text) if _OWN.match(text) else text


def split_notes(notes: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Plain notes, and our own fields by name."""
    plain: list[str] = []
    fields: dict[str, list[str]] = {}
    for note in notes:
        found = _OWN.fullmatch(note)
        if not found:
            plain.append(note)
        elif found[1] == "note":
            plain.append(found[2])
        else:
            fields.setdefault(found[1], []).append(found[2])
    return plain, fields


def concept_notes(concept: Concept, shown_id: str) -> list[str]:
    """What a concept says beyond its domain and definition."""
    notes = [plain_note(concept.note)] if concept.note else []
    if shown_id != concept.id:
        notes.append(own_field("id", concept.id))
    notes += [own_field("benchmark", label) for label in concept.benchmarks]
    notes += [own_field("contrast", label) for label in concept.contrasts]
    return notes


def term_notes(term: Term, position: int | None, *, forbidden_known: bool) -> list[str]:
    """What a term says beyond its status, part of speech and examples."""
    notes = [plain_note(term.note)] if term.note else []
    if term.condition:
        notes.append(own_field("condition", term.condition))
    if term.keep:
        notes.append(own_field("keep", "yes"))
    if term.strength is not Strength.HARD:
        notes.append(own_field("strength", term.strength))
    if term.status is Status.PROPOSED or (term.status is Status.FORBIDDEN and not forbidden_known):
        notes.append(own_field("status", term.status))
    if term.case_sensitive:
        notes.append(own_field("case-sensitive", "yes"))
    if term.part_of_speech is PartOfSpeech.PROPER_NOUN:
        notes.append(own_field("part of speech", term.part_of_speech))
    if position is not None:
        notes.append(own_field("position", str(position)))
    return notes


def concept_fields(notes: Sequence[str]) -> dict[str, Any]:
    """What the notes of an entry say of its concept; ``id`` among it where it is told."""
    plain, own = split_notes(notes)
    return {
        "note": "\n".join(plain),
        "benchmarks": tuple(own.get("benchmark", ())),
        "contrasts": tuple(own.get("contrast", ())),
        **({"id": own["id"][0]} if "id" in own else {}),
    }


def term_fields(notes: Sequence[str]) -> dict[str, Any]:
    """What the notes of a term say of it; ``position`` among it where it is told."""
    plain, own = split_notes(notes)
    fields: dict[str, Any] = {"note": "\n".join(plain)}
    if "condition" in own:
        fields["condition"] = "\n".join(own["condition"])
    fields["keep"] = "yes" in own.get("keep", ())
    fields["case_sensitive"] = "yes" in own.get("case-sensitive", ())
    for name, field in (
        ("strength", "strength"),
        ("status", "status"),
        ("part of speech", "part_of_speech"),
        ("position", "position"),
    ):
        if name in own:
            fields[field] = own[name][0]
    return fields
