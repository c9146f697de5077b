"""Asking a model for terms: what it is shown of candidates, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from glossary.concept import PartOfSpeech
from glossary.language import Language
from prompts.answer import bare_answer
from prompts.answer_errors import NotJson
from prompts.errors import NoFields
from prompts.json_answer import find_value
from prompts.mask import find_control_token
from prompts.profile import Profile
from prompts.prompt import RenderedPrompt
from prompts.wording import Words, material, named, object_schema, request, turns

DOMAINS = (
    "mathematics",
    "statistics",
    "physics",
    "chemistry",
    "biology",
    "medicine",
    "psychology",
    "computer science",
    "engineering",
    "earth science",
    "astronomy",
    "agriculture",
    "economics",
    "business",
    "law",
    "politics",
    "history",
    "geography",
    "philosophy",
    "religion",
    "language",
    "literature",
    "arts",
    "sports",
    "education",
    "society",
    "everyday life",
    "other",
)
"""Subjects that items are sorted by where they do not name one themselves."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A candidate as the model sees it: where it stands, and in which subjects."""

    text: str
    sentences: Sequence[str]
    domains: Sequence[str] = ()


class Proposed(BaseModel):
    """What a model says of one candidate; nothing of it is verified yet."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    number: int
    is_term: bool
    one_sense: bool = True
    domain: str = ""
    part_of_speech: str = "noun"
    keep: bool = False
    translations: Mapping[str, str] = {}


class _Sorted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    number: int
    domain: str


def render_proposal(
    profile: Profile,
    source: Language,
    targets: Sequence[Language],
    asked: Sequence[Asked],
    *,
    structured: bool,
) -> RenderedPrompt:
    """Word the question for a batch of candidates.

    Args:
        profile: the model family, one that follows instructions.
        source: the language of the candidates.
        targets: the languages to translate them into.
        asked: the candidates; at least one.
        structured: whether the server obeys a JSON schema.

    Raises:
        NoFields: there is no candidate.
        LanguageNotOffered: the profile has no name for a language.
    """
    about, words = material({f"t{n}": _shown(each) for n, each in _numbered(asked)}), Words()
    tags = ", ".join(f'"{target}"' for target in targets)
    system = "\n\n".join((words.fill("propose"), words.fill("propose.answer", tags=tags)))
    user = words.fill(
        "propose.terms",
        source=named(profile, source),
        targets=", ".join(f"{named(profile, target)}: {target}" for target in targets),
        candidates=about.block(about.shown),
        count=str(len(asked)),
        first=about.mark("t1"),
    )
    schema = _terms_schema(targets) if structured else None
    return request(profile, turns(profile, system, user), words, schema=schema, about=about)


def read_proposals(text: str, prompt: RenderedPrompt, count: int) -> list[Proposed | None]:
    """What was said of each candidate, in their order; ``None`` where nothing readable was.

    Raises:
        NotJson: there is no such object at all.
    """
    entries = _entries(text, prompt, "terms")
    return _by_number([_read(Proposed, entry) for entry in entries], count)


def render_sorting(profile: Profile, texts: Sequence[str], *, structured: bool) -> RenderedPrompt:
    """Word the question for the subjects of items.

    Raises:
        NoFields: there is no item.
    """
    about, words = material({f"t{n}": text for n, text in _numbered(texts)}), Words()
    system = words.fill("propose-domain", domains=", ".join(DOMAINS))
    user = words.fill(
        "propose-domain.items",
        items=about.block(about.shown),
        count=str(len(texts)),
        first=about.mark("t1"),
    )
    schema = _SORTING_SCHEMA if structured else None
    return request(profile, turns(profile, system, user), words, schema=schema, about=about)


def read_sorting(text: str, prompt: RenderedPrompt, count: int) -> list[str]:
    """The subject of each item, in their order; empty where none of ``DOMAINS`` was named.

    Raises:
        NotJson: there is no such object at all.
    """
    entries = _entries(text, prompt, "items")
    found = _by_number([_read(_Sorted, entry) for entry in entries], count)
    return [each.domain if each and each.domain in DOMAINS else "" for each in found]


def _numbered(given: Sequence[Any]) -> list[tuple[int, Any]]:
    if not given:
        raise NoFields
    return list(enumerate(given, start=1))


def _shown(asked: Asked) -> str:
    lines = [asked.text]
    if asked.domains:
        lines.append(f"Subjects: {', '.join(asked.domains)}")
    return "\n".join([*lines, *(f"- {sentence}" for sentence in asked.sentences)])


def _terms_schema(targets: Sequence[Language]) -> dict[str, Any]:
    """The same for every batch, so that a server compiles it once."""
    translations = object_schema({str(target): {"type": "string"} for target in targets})
    return _list_of(
        "terms",
        {
            "number": {"type": "integer"},
            "is_term": {"type": "boolean"},
            "one_sense": {"type": "boolean"},
            "domain": {"type": "string"},
            "part_of_speech": {"type": "string", "enum": [str(part) for part in PartOfSpeech]},
            "keep": {"type": "boolean"},
            "translations": translations,
        },
    )


def _list_of(name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return object_schema({name: {"type": "array", "items": object_schema(properties)}})


_SORTING_SCHEMA = _list_of(
    "items",
    {"number": {"type": "integer"}, "domain": {"type": "string", "enum": list(DOMAINS)}},
)


def _entries(text: str, prompt: RenderedPrompt, name: str) -> list[Any]:
    found = find_value(bare_answer(text, prompt), name)
    if not isinstance(found, list):
        raise NotJson(f"it has no list {name!r}", text)
    return found


def _read(model: type[Any], entry: Any) -> Any:
    try:
        read = model.model_validate(entry)
    except ValidationError:
        return None
    return None if find_control_token(repr(entry)) else read


def _by_number(entries: Sequence[Any], count: int) -> list[Any]:
    """Each entry at its number; of two with one number neither is believed."""
    found: dict[int, Any] = {}
    for entry in entries:
        if entry is not None:
            found[entry.number] = None if entry.number in found else entry
    return [found.get(number) for number in range(1, count + 1)]
