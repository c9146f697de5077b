"""Recipes: which fields of a benchmark's items are what."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from eval.benchmarks.path import locate, parse_path
from eval.errors import BadPath, BadRecipe, MissingFields
from eval.segment import FieldKind
from glossary.errors import GlossaryError
from glossary.language import Language, parse_language

Category = Literal[
    "knowledge",
    "commonsense",
    "reasoning",
    "math",
    "code",
    "reading",
    "instruction",
    "dialogue",
    "truthfulness",
    "nli",
    "sentiment",
]
Scoring = Literal[
    "multiple_choice",
    "exact_match",
    "span",
    "classification",
    "code_execution",
    "instruction_check",
    "judge",
]


def _readable(path: str) -> str:
    try:
        parse_path(path)
    except BadPath as error:
        raise ValueError(str(error)) from error
    return path


def _language(tag: Any) -> Any:
    try:
        return parse_language(tag) if isinstance(tag, str) else tag
    except GlossaryError as error:
        raise ValueError(str(error)) from error


PathText = Annotated[str, AfterValidator(_readable)]


class _Border(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(_Border):
    """One field: its kind, and what that kind needs to know."""

    kind: FieldKind
    optional: bool = Field(False, description="Items without this field still fit the layout.")
    context: PathText | None = Field(None, description="Where the answer span must occur.")
    span: PathText | None = Field(None, description="The span whose offset this field holds.")
    separator: str | None = Field(None, min_length=1, description="Between texts of a text_list.")
    protect_from: tuple[PathText, ...] = Field(
        (), description="Strings found at these paths stay literally as they are in this text."
    )

    @model_validator(mode="after")
    def _complete(self) -> FieldSpec:
        needs = {
            FieldKind.ANSWER_SPAN: ("context",),
            FieldKind.ANSWER_START: ("context", "span"),
            FieldKind.TEXT_LIST: ("separator",),
        }
        for name in needs.get(self.kind, ()):
            if getattr(self, name) is None:
                raise ValueError(f"kind {self.kind} needs `{name}`")
        return self


def _from_kind(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def _level(value: Any) -> Any:
    """YAML reads a bare ``off`` as false."""
    return "off" if value is False else value


class Layout(_Border):
    """One shape in which the benchmark is published."""

    name: str
    where: str = Field("", description="Where data of this shape is found.")
    id: PathText | None = Field(None, description="Path of the item's id.")
    items: PathText | None = Field(
        None, description="Where the items lie in a file that is one JSON document."
    )
    instructions: PathText | None = Field(
        None, description="Where the ids of constraints that a program checks lie, as in IFEval."
    )
    fields: dict[PathText, Annotated[FieldSpec, BeforeValidator(_from_kind)]] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Layout:
        if self.items is not None and None not in parse_path(self.items):
            raise ValueError(f"`items` must name list elements, like {self.items}[*]")
        for path, spec in self.fields.items():
            for role, other in (("context", spec.context), ("span", spec.span)):
                if other is not None and other not in self.fields:
                    raise ValueError(f"{role} {other!r} of field {path} is not one of the fields")
        return self

    def missing(self, item: Any) -> list[str]:
        """Paths of the fields that the item lacks; optional and kept ones are never missed."""
        return [
            path
            for path, spec in self.fields.items()
            if not (spec.optional or spec.kind is FieldKind.KEEP) and not locate(path, item)
        ]


class Licence(_Border):
    """Terms of the data set, and what they mean for a translated copy."""

    name: str
    url: str = ""
    note: str = ""


class Recipe(_Border):
    """How the items of one benchmark are read, translated and put together again."""

    name: str = "inline"
    title: str = ""
    source_language: Annotated[Language, BeforeValidator(_language)] | None = None
    category: Category = "knowledge"
    scoring: Scoring = "exact_match"
    licence: Licence = Licence(name="not stated")
    homepage: str = ""
    paper: str = ""
    layouts: tuple[Layout, ...] = Field(min_length=1)
    traps: tuple[str, ...] = ()
    checks: dict[str, Annotated[Literal["hard", "soft", "off"], BeforeValidator(_level)]] = Field(
        default={}, description="Level of a check by its name; a check without one decides itself."
    )

    @property
    def fingerprint(self) -> str:
        """First 12 hex digits of the SHA-256 of the recipe as canonical JSON."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def layout_of(self, item: Any) -> Layout:
        """The first layout whose non-optional fields the item all has.

        Raises:
            MissingFields: none fits; the error names the nearest layout and what it misses.
        """
        misses: list[tuple[int, Layout, list[str]]] = []
        for layout in self.layouts:
            missing = layout.missing(item)
            if not missing:
                return layout
            misses.append((len(missing), layout, missing))
        _, layout, missing = min(misses, key=lambda miss: miss[0])
        present = list(item) if isinstance(item, dict) else []
        raise MissingFields(self.name, layout.name, missing, present)


_OF_LAYOUT = ("fields", "id", "items", "instructions")


def read_recipe(data: Any, where: str = "inline") -> Recipe:
    """Make a recipe from parsed YAML or JSON.

    A recipe with a single shape may write ``fields``, and what else a layout has, at the top.

    Raises:
        BadRecipe: with the place and the reason.
    """
    if isinstance(data, dict) and "fields" in data and "layouts" not in data:
        shape = {key: data[key] for key in _OF_LAYOUT if key in data}
        data = {key: value for key, value in data.items() if key not in shape}
        data["layouts"] = [{"name": "inline", **shape}]
    try:
        return Recipe.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRecipe(where, f"{place or 'recipe'}: {first['msg']}") from error
