"""The concept model: one meaning, its terms in several languages, and what is said of them."""

from __future__ import annotations

import hashlib
import unicodedata
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from glossary.language import Language


class Status(StrEnum):
    """How far a term may be used; all but ``PROPOSED`` are a linguist's decision."""

    PROPOSED = "proposed"
    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    FORBIDDEN = "forbidden"

    @property
    def usable(self) -> bool:
        """Fulfils the glossary when it stands in a translation."""
        return self in (Status.PROPOSED, Status.PREFERRED, Status.ADMITTED)

    @property
    def banned(self) -> bool:
        """Is a violation when it stands in a translation of the concept."""
        return self in (Status.DEPRECATED, Status.FORBIDDEN)


class Strength(StrEnum):
    """What happens where the term is missed: a repair, a soft finding, nothing."""

    HARD = "hard"
    PREFER = "prefer"
    HINT = "hint"


class PartOfSpeech(StrEnum):
    """As in TBX-Basic, with proper nouns apart."""

    NOUN = "noun"
    PROPER_NOUN = "proper_noun"
    VERB = "verb"
    ADJECTIVE = "adjective"
    ADVERB = "adverb"
    OTHER = "other"


def _one_line(text: str) -> str:
    text = _normal(text)
    if not text:
        raise ValueError("it is empty; write a word, or leave the term out")
    _refuse(text, ("Cc", "Cs", "Zl", "Zp"), "write it on one line without")
    return text


def _clean(text: str) -> str:
    # XML and spreadsheets hold no carriage return that would come back as one.
    text = _normal(text.replace("\r\n", "\n").replace("\r", "\n"))
    # No format and not every database can hold them.
    _refuse(text, ("Cc", "Cs"), "write it without", allowed="\t\n")
    return text


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip() if text else text


def _refuse(text: str, categories: tuple[str, ...], remedy: str, allowed: str = "") -> None:
    if text.isprintable():  # nearly always, and fast: glossaries hold 100,000 concepts
        return
    for char in text:
        refused = unicodedata.category(char) in categories or char in "\ufffe\uffff"
        if refused and char not in allowed:
            raise ValueError(f"it holds the control character U+{ord(char):04X}; {remedy}")


Line = Annotated[str, AfterValidator(_one_line), Field(max_length=500)]
"""One line of text in NFC, with something on it."""
Prose = Annotated[str, AfterValidator(_clean), Field(max_length=4_000)]
"""Any text in NFC, of several lines if need be; may be empty."""
ConceptId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
GlossaryName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Label = Annotated[str, AfterValidator(_one_line), Field(max_length=100)]


class Term(BaseModel):
    """A word or phrase of one language for a concept."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language
    text: Line
    status: Status = Status.PREFERRED
    strength: Strength = Field(
        Strength.HARD, description="Missed: hard = repair, prefer = soft finding, hint = nothing."
    )
    keep: bool = Field(
        False, description="Do not translate: it stands as it is in every target language."
    )
    case_sensitive: bool = Field(False, description="Matches only as it is written.")
    part_of_speech: PartOfSpeech | None = None
    condition: Prose = Field(
        "", description='When it applies, for example "only when it is an API object".'
    )
    note: Prose = Field("", description="For people; not told to the engine.")
    examples: tuple[Prose, ...] = Field((), max_length=50, description="Sentences that use it.")


class Concept(BaseModel):
    """One meaning with its terms; ``id`` is unique in a glossary and never changes.

    Concepts that share a label in ``contrasts`` must keep distinct terms in every language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ConceptId
    terms: tuple[Term, ...] = Field(min_length=1, max_length=200)
    domain: Annotated[Prose, Field(max_length=200)] = ""
    definition: Prose = ""
    benchmarks: tuple[Label, ...] = Field((), description="Applies only there; empty = everywhere.")
    contrasts: tuple[Label, ...] = Field((), description="Sets of concepts that stay distinct.")
    note: Prose = ""

    @model_validator(mode="after")
    def _distinct(self) -> Concept:
        seen = set()
        for term in self.terms:
            key = (term.language, term.text)
            if key in seen:
                raise ValueError(f"the {term.language} term {term.text!r} stands twice")
            seen.add(key)
        return self

    def in_language(self, language: Language) -> tuple[Term, ...]:
        """Its terms in a language, in the order in which they were written."""
        return tuple(term for term in self.terms if term.language == language)

    def applies_to(self, benchmark: str) -> bool:
        """Is it for this benchmark? One without a scope is for all."""
        return not self.benchmarks or benchmark in self.benchmarks


class Glossary(BaseModel):
    """A named set of concepts at one version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: GlossaryName
    version: int = Field(0, ge=0, description="Grows by one with every change.")
    title: Annotated[Prose, Field(max_length=200)] = ""
    description: Prose = ""
    concepts: tuple[Concept, ...] = ()

    @property
    def stamp(self) -> str:
        """Name and version, as provenance and cache keys tell them: ``exams@12``.

        One that has no version, because it comes from a file, is told by its content.
        """
        if self.version:
            return f"{self.name}@{self.version}"
        content = self.model_dump_json(include={"concepts"}).encode()
        return f"{self.name}@{hashlib.sha256(content).hexdigest()[:12]}"
