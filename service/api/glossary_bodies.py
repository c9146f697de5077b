"""Bodies of requests and answers under ``/glossaries``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from glossary.concept import Concept, ConceptId, GlossaryName, Label, Prose, Term
from glossary.language import Language
from glossary.store.port import Action, Edit, new_concept_id
from service.api.fields import CleanText, LanguageTag

Record = TypeVar("Record")
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
_CONCEPT: dict[str, Any] = {
    "id": "fraction",
    "domain": "mathematics",
    "terms": [
        {"language": "en", "text": "fraction"},
        {"language": "zh-TW", "text": "分數"},
        {"language": "zh-CN", "text": "分数"},
        {"language": "ko", "text": "분수"},
    ],
}


def _example(**example: Any) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


class _Record(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class NewGlossary(BaseModel):
    """A glossary to be made."""

    model_config = _example(name="exams", title="Terms of examinations")

    name: GlossaryName
    title: Annotated[Prose, Field(max_length=200)] = ""
    description: Prose = ""


class GlossaryPatch(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = _example(title="Terms of school examinations")

    title: Annotated[Prose, Field(max_length=200)] | None = None
    description: Prose | None = None


class GlossaryInfoBody(_Record):
    """A glossary without its concepts."""

    name: str
    version: int
    title: str
    description: str
    concepts: int = Field(description="How many there are.")
    proposals: int = Field(description="How many of them hold a proposed term.")
    changed_at: datetime
    changed_by: str
    deleted: bool


class NewConcept(Concept):
    """A concept to be added; without an ``id`` it is given one."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"example": _CONCEPT})

    id: ConceptId = Field(
        default_factory=new_concept_id, description="Unique in the glossary; never changes."
    )


class ConceptPatch(BaseModel):
    """What is to be changed; what is left out stays, a list is replaced as a whole."""

    model_config = _example(note="Agreed on with the mathematics group.")

    terms: tuple[Term, ...] = Field((), min_length=1, max_length=200)
    domain: Annotated[Prose, Field(max_length=200)] = ""
    definition: Prose = ""
    benchmarks: tuple[Label, ...] = ()
    contrasts: tuple[Label, ...] = ()
    note: Prose = ""


class StoredConceptBody(_Record):
    """A concept with its own version, which is its ETag."""

    concept: Concept
    version: int
    changed_in: int = Field(description="Version of the glossary that its last change made.")
    changed_at: datetime
    changed_by: str


class PageBody(_Record, Generic[Record]):
    """A part of a longer list; ``total`` counts the whole one."""

    records: list[Record]
    total: int
    offset: int


class AboutBody(_Record):
    """What a glossary says of itself."""

    title: str
    description: str


class ChangeBody(_Record):
    """One entry of the history: of a concept, or of the glossary itself (``concept_id`` empty)."""

    version: int = Field(description="Version of the glossary after it; before it was one less.")
    who: str
    at: datetime
    action: Action
    comment: str
    concept_id: str
    concept_version: int = Field(description="Version of the concept after it.")
    before: Concept | None
    after: Concept | None
    about_before: AboutBody | None
    about_after: AboutBody | None


class ChangeSetBody(_Record):
    """What was changed at one time, in numbers."""

    version: int
    who: str
    at: datetime
    comment: str
    actions: dict[Action, int]


class DifferenceBody(_Record):
    """A concept that two versions do not share; ``null`` where it does not exist."""

    id: str
    before: Concept | None
    after: Concept | None


class VersionBody(BaseModel):
    """The version that the glossary has now."""

    version: int


class RestoreRequest(BaseModel):
    """Which version is to be restored."""

    model_config = _example(version=3)

    version: Version


class EditBody(BaseModel):
    """Writes ``concept``, or deletes the concept whose id is ``delete``."""

    model_config = ConfigDict(extra="forbid")

    concept: Concept | None = None
    delete: ConceptId | None = None
    version: int | None = Field(
        ge=0,
        le=2**31 - 1,
        description="The concept's version that you saw: 0 = it must be new, null = any.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> EditBody:
        if (self.concept is None) == (self.delete is None):
            raise ValueError("give either `concept` or `delete`")
        return self

    def edit(self) -> Edit:
        """As the store takes it."""
        if self.concept is not None:
            return Edit.put(self.concept, self.version)
        return Edit.delete(str(self.delete), self.version)


class EditsRequest(BaseModel):
    """Edits that are made together, all or none."""

    model_config = _example(
        edits=[{"concept": _CONCEPT, "version": 0}, {"delete": "vulgar-fraction", "version": 2}],
        comment="One entry for both",
    )

    edits: list[EditBody] = Field(min_length=1)
    comment: Annotated[Prose, Field(max_length=500)] = ""


class Seen(BaseModel):
    """A concept and the version of it that was seen; ``null``: any."""

    model_config = ConfigDict(extra="forbid")

    id: ConceptId
    version: Version | None = None


class DecisionRequest(BaseModel):
    """Proposals on which the same is decided, for all or none."""

    model_config = _example(concepts=[{"id": "numerator", "version": 1}], languages=["ko"])

    concepts: list[Seen] = Field(min_length=1)
    languages: list[LanguageTag] = Field(
        [], description="Only terms of these languages; none: all."
    )


class MatchRequest(BaseModel):
    """A text whose terms are wanted."""

    model_config = _example(text="Add the fractions.", language="en", target="ko")

    text: CleanText = Field(max_length=100_000)
    language: LanguageTag
    target: LanguageTag | None = Field(
        None, description="Only terms that have something to say for this language."
    )
    benchmark: CleanText = Field("", description="Only concepts that apply to it; empty: all.")


class TermMatchBody(_Record):
    """A term in the text; ``start`` and ``end`` (exclusive) count code points."""

    start: int
    end: int
    term: Term
    concept: Concept


class MatchAnswer(BaseModel):
    """The terms of a text in order; they do not overlap."""

    glossary: str = Field(description="Name and version.", examples=["exams@12"])
    language: Language
    matches: list[TermMatchBody]


class ConflictBody(BaseModel):
    """An edit that was refused because the concept had changed."""

    id: str
    yours: Concept | None = Field(description="What you sent; null: you wanted to delete it.")
    your_version: int | None = Field(description="The version that you saw; 0: none.")
    current: StoredConceptBody | None = Field(description="What is there; null: it is deleted.")
