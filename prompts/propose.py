"""Asking a model for terms: what it is shown of candidates, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from glossary.concept import PartOfSpeech
from glossary.language import Language
from prompts.answer import bare_answer
from prompts.errors import LanguageNotOffered, NoFields, NotJson
from prompts.fence import fence_for, fenced, field_mark
from prompts.library import load_template
from prompts.mask import Masked, find_control_token, mask
from prompts.profile import Profile
from prompts.prompt import AnswerFormat, Message, RenderedPrompt

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

TEMPLATES = ("propose", "propose.answer", "propose.terms")
SORTING_TEMPLATES = ("propose-domain", "propose-domain.items")


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
    masked, fence, marked = _marked({f"t{n}": _shown(each) for n, each in _numbered(asked)})
    tags = ", ".join(f'"{target}"' for target in targets)
    system = "\n\n".join((_fill("propose"), _fill("propose.answer", tags=tags)))
    user = _fill(
        "propose.terms",
        source=_name(profile, source),
        targets=", ".join(f"{_name(profile, target)}: {target}" for target in targets),
        candidates=marked,
        count=str(len(asked)),
        first=field_mark(fence, "t1"),
    )
    schema = _terms_schema(targets) if structured else None
    return _prompt(profile, system, user, schema, masked, fence, TEMPLATES)


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
    masked, fence, marked = _marked({f"t{n}": text for n, text in _numbered(texts)})
    system = _fill("propose-domain", domains=", ".join(DOMAINS))
    user = _fill(
        "propose-domain.items",
        items=marked,
        count=str(len(texts)),
        first=field_mark(fence, "t1"),
    )
    schema = _SORTING_SCHEMA if structured else None
    return _prompt(profile, system, user, schema, masked, fence, SORTING_TEMPLATES)


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


def _marked(texts: Mapping[str, str]) -> tuple[Masked, str, str]:
    masked = mask(texts)
    fence = fence_for({**texts, **{f"{key}.masked": text for key, text in masked.texts.items()}})
    return masked, fence, fenced(fence, masked.texts)


def _fill(name: str, **values: str) -> str:
    return load_template(name).render(**values)


def _name(profile: Profile, language: Language) -> str:
    if language not in profile.names:
        raise LanguageNotOffered(profile.name, language)
    return profile.names[language]


def _prompt(
    profile: Profile,
    system: str,
    user: str,
    schema: Mapping[str, Any] | None,
    masked: Masked,
    fence: str,
    used: Sequence[str],
) -> RenderedPrompt:
    turns = (
        (Message("system", system), Message("user", user))
        if profile.system_role
        else (Message("user", f"{system}\n\n{user}"),)
    )
    as_chat = profile.endpoint == "chat"
    return RenderedPrompt(
        endpoint=profile.endpoint,
        messages=turns if as_chat else (),
        prompt=None if as_chat else "\n\n".join(turn.content for turn in turns),
        format=AnswerFormat.JSON,
        schema=schema,
        keys=(),
        fence=fence,
        masked=masked.tokens,
        stop=profile.stop,
        extra=profile.extra,
        templates={name: load_template(name).fingerprint for name in used},
        strip=profile.strip,
    )


def _terms_schema(targets: Sequence[Language]) -> dict[str, Any]:
    """The same for every batch, so that a server compiles it once."""
    translations = _object({str(target): {"type": "string"} for target in targets})
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
    return _object({name: {"type": "array", "items": _object(properties)}})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


_SORTING_SCHEMA = _list_of(
    "items",
    {"number": {"type": "integer"}, "domain": {"type": "string", "enum": list(DOMAINS)}},
)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow")


def _entries(text: str, prompt: RenderedPrompt, name: str) -> list[Any]:
    bare = bare_answer(text, prompt)
    bare = bare[max(0, bare.find("{")) : bare.rfind("}") + 1]
    try:
        found = getattr(_Answer.model_validate_json(bare), name, None)
    except ValidationError as error:
        raise NotJson("no object in it", text) from error
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
