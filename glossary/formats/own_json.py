"""Our own JSON and YAML: the glossary as the API shows it, loss-free."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

import yaml
from pydantic import ValidationError

from glossary.concept import Concept, Glossary
from glossary.formats.builder import Builder
from glossary.formats.errors import BadFile, FileTooLarge
from glossary.formats.port import Imported, ReadOptions, WriteOptions, Written
from glossary.formats.text import decode

FORMAT = "isogloss-glossary/1"
_YAML_CHARACTERS = 1_000_000
_SHAPE = 'Write {"name": ..., "concepts": [{"id": ..., "terms": [...]}]}.'


class Json:
    """One JSON object: name, version, title, description, concepts."""

    name: ClassVar[str] = "json"
    title: ClassVar[str] = "JSON"
    suffix: ClassVar[str] = ".json"
    media_type: ClassVar[str] = "application/json"
    lossless: ClassVar[bool] = True

    def read(self, data: bytes, options: ReadOptions) -> Imported:
        """Read a glossary, or just a list of concepts."""
        if len(data) > options.limits.file_bytes:
            raise FileTooLarge("bytes", options.limits.file_bytes)
        document = self._document(decode(data, options.encoding).text)
        return _read(document, options, self.name)

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write all of a glossary; what has its default is left out."""
        text = json.dumps(_shown(glossary), ensure_ascii=False, indent=1)
        return Written(text.encode("utf-8") + b"\n")

    def _document(self, text: str) -> Mapping[str, Any]:
        try:
            return _as_object(json.loads(text))
        except ValueError as error:
            line = getattr(error, "lineno", None)
            raise BadFile(f"the JSON cannot be read ({error}).", _SHAPE, line) from None
        except RecursionError:
            raise BadFile("the JSON is nested too deeply.", _SHAPE) from None


class Yaml(Json):
    """The same as YAML, to be written by hand; small, because YAML is slow to read."""

    name = "yaml"
    title = "YAML"
    suffix = ".yaml"
    media_type = "application/yaml"

    def write(self, glossary: Glossary, options: WriteOptions) -> Written:
        """Write all of a glossary; what has its default is left out."""
        text = yaml.safe_dump(_shown(glossary), allow_unicode=True, sort_keys=False, width=100)
        return Written(text.encode("utf-8"))

    def _document(self, text: str) -> Mapping[str, Any]:
        if len(text) > _YAML_CHARACTERS:
            raise FileTooLarge("characters of YAML", _YAML_CHARACTERS, "Save it as JSON.")
        try:
            return _as_object(yaml.load(text, _PlainLoader))
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            raise BadFile(f"the YAML cannot be read ({error.problem}).", _SHAPE, line) from None
        except (yaml.YAMLError, ValueError) as error:
            raise BadFile(f"the YAML cannot be read ({error}).", _SHAPE) from None
        except RecursionError:
            raise BadFile("the YAML is nested too deeply.", _SHAPE) from None


class _PlainLoader(yaml.SafeLoader):
    """Without references, of which a few lines can unfold to gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            loader: Any = self
            mark = loader.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="it holds a reference (*)", problem_mark=mark)
        return super().compose_node(parent, index)


def _shown(glossary: Glossary) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": glossary.name,
        "version": glossary.version,
        "title": glossary.title,
        "description": glossary.description,
        "concepts": [
            concept.model_dump(mode="json", exclude_defaults=True) for concept in glossary.concepts
        ],
    }


def _read(document: Mapping[str, Any], options: ReadOptions, format_name: str) -> Imported:
    concepts = document.get("concepts")
    if not isinstance(concepts, list):
        raise BadFile("The file holds no list `concepts`.", _SHAPE)
    if len(concepts) > options.limits.rows:
        raise FileTooLarge("concepts", options.limits.rows)
    builder = Builder(format_name, options)
    for number, each in enumerate(concepts, start=1):
        _add(builder, number, each)
    name, version = document.get("name"), document.get("version")
    return builder.finish(
        stamp=f"{name}@{version}" if isinstance(version, int) else "",
        title=str(document.get("title", "")),
        description=str(document.get("description", "")),
    )


def _as_object(document: object) -> Mapping[str, Any]:
    if isinstance(document, list):
        return {"concepts": document}
    if not isinstance(document, dict):
        raise BadFile("The file holds no glossary.", _SHAPE)
    return document


def _add(builder: Builder, number: int, said: object) -> None:
    if isinstance(said, dict) and "id" not in said:
        texts = [term.get("text") for term in said.get("terms", ()) if isinstance(term, dict)]
        said = {**said, "id": builder.invent_id(str(texts[0]) if texts else "concept")}
    try:
        concept = Concept.model_validate(said)
    except ValidationError as error:
        builder.invalid(number, "", error)
        return
    builder.concept(
        number, concept.id, concept.terms, **concept.model_dump(exclude={"id", "terms"})
    )
