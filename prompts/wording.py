"""What every prompt is made of: filled templates, material between marks, turns, and a schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from glossary.language import Language
from prompts.errors import LanguageNotOffered, OnlyMakersPrompt
from prompts.fence import fence_for, fenced, field_mark
from prompts.library import load_template
from prompts.mask import mask
from prompts.profile import Profile
from prompts.prompt import AnswerFormat, Message, RenderedPrompt


@dataclass(frozen=True, slots=True)
class Words:
    """Fills templates and remembers which."""

    used: dict[str, str] = field(default_factory=dict)

    def fill(self, name: str, **values: str) -> str:
        """Fill one template.

        Raises:
            TemplateError: there is no such template, or the values are not those that it needs.
        """
        template = load_template(name)
        self.used[name] = template.fingerprint
        return template.render(**values)


@dataclass(frozen=True, slots=True)
class Material:
    """Texts that are to be looked at and never obeyed, ready to stand in a prompt.

    Attributes:
        shown: key -> text without control tokens.
        tokens: placeholder -> control token that was taken out.
        fence: the code of the marks; it occurs in none of the texts.
    """

    shown: Mapping[str, str]
    tokens: Mapping[str, str]
    fence: str

    def block(self, keys: Iterable[str]) -> str:
        """Some of the texts between their marks."""
        return fenced(self.fence, {key: self.shown[key] for key in keys})

    def mark(self, key: str) -> str:
        """The line before a text."""
        return field_mark(self.fence, key)


def material(
    texts: Mapping[str, str],
    beside: Mapping[str, str] | None = None,
    control_tokens: Sequence[str] = (),
) -> Material:
    """Mask the control tokens of texts and find a code for their marks.

    The code is made of ``texts`` and only kept out of ``beside``: all prompts about one item have
    the same marks, whatever stands beside it, so that a server's prefix cache holds the item too.
    """
    beside = beside or {}
    masked = mask({**texts, **beside}, control_tokens)
    hidden = {f"{key}.masked": masked.texts[key] for key in texts}
    kept_out = (*beside.values(), *(masked.texts[key] for key in beside))
    return Material(masked.texts, masked.tokens, fence_for({**texts, **hidden}, kept_out))


def named(profile: Profile, language: Language) -> str:
    """How a language is called in our prompts.

    Raises:
        LanguageNotOffered: the profile has no name for it.
    """
    if language not in profile.names:
        raise LanguageNotOffered(profile.name, language)
    return profile.names[language]


def must_follow_instructions(profile: Profile) -> None:
    """Refuse a model that is trained on its makers' prompts for translation alone.

    Raises:
        OnlyMakersPrompt: it is one.
    """
    if profile.documented:
        raise OnlyMakersPrompt(profile.name)


def request(
    profile: Profile,
    turns: Sequence[Message],
    words: Words,
    *,
    answer_format: AnswerFormat = AnswerFormat.JSON,
    schema: Mapping[str, Any] | None = None,
    about: Material,
    texts: Mapping[str, str] | None = None,
    marked: bool = True,
) -> RenderedPrompt:
    """Put turns into the form of the profile's endpoint.

    Args:
        profile: the model family.
        turns: what is said.
        words: the templates that were filled.
        answer_format: the form of the answer.
        schema: JSON schema of the answer, for a server that obeys it.
        about: the material.
        texts: key -> text of the item, as given; empty where the prompt is not about one item.
        marked: whether the material stands between marks.
    """
    as_chat, texts = profile.endpoint == "chat", texts or {}
    return RenderedPrompt(
        endpoint=profile.endpoint,
        messages=tuple(turns) if as_chat else (),
        prompt=None if as_chat else "\n\n".join(turn.content for turn in turns),
        format=answer_format,
        schema=schema,
        keys=tuple(texts),
        fence=about.fence if marked else "",
        masked=about.tokens,
        stop=profile.stop,
        extra=profile.extra,
        templates=words.used,
        shown={key: about.shown[key] for key in texts},
        edges={key: _edges(text) for key, text in texts.items()},
        strip=profile.strip,
    )


def turns(profile: Profile, system: str, user: str) -> tuple[Message, ...]:
    """Two turns, or one where the model takes no system turn."""
    if profile.system_role:
        return (Message("system", system), Message("user", user))
    return (Message("user", f"{system}\n\n{user}"),)


def object_schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    """JSON schema of an object with exactly these properties.

    Properties have no lengths: they would differ from item to item, and the server would compile a
    new grammar for each instead of keeping one per shape.
    """
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def answer_schema(answer_format: AnswerFormat, keys: Iterable[str]) -> dict[str, Any] | None:
    """Schema of a translation by key; ``None`` unless the answer is JSON."""
    if answer_format is not AnswerFormat.JSON:
        return None
    return object_schema({key: {"type": "string"} for key in keys})


def _edges(text: str) -> tuple[str, str]:
    bare = text.strip()
    start = len(text) - len(text.lstrip())
    return text[:start], text[start + len(bare) :]
