"""One item into one request, worded as the model family wants it.

The parts come in the order of how seldom they change: role, rules and form of the answer (always
the same), languages and conventions (per pair), advice for the category (per benchmark), and at the
very end the item's terms and the item. So the server computes the long beginning once and keeps it
in its prefix cache.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from glossary.language import Pair
from glossary.terminology import TermEntry
from prompts.errors import (
    BadFieldKey,
    BlankField,
    FormatNotOffered,
    LanguageNotOffered,
    NoFields,
    TooManyFields,
    UnknownCategory,
)
from prompts.fence import end_mark, fence_for, fenced, field_mark
from prompts.library import load_template, template_names
from prompts.mask import find_control_token, mask
from prompts.profile import DocumentedPrompt, Profile
from prompts.prompt import AnswerFormat, Message, PromptField, RenderedPrompt
from prompts.terms import term_lines, told_pairs

__all__ = ["AnswerFormat", "Message", "PromptField", "RenderedPrompt", "categories", "render"]

_KEY = re.compile(r"[A-Za-z0-9_]{1,64}")
# A label stands outside the marks, so it may only be a few plain words, wherever it comes from.
_NOT_IN_LABEL = re.compile(r"[^\w.,'-]+")
_LABEL_CHARS = 60
_CATEGORY = "category."
# No key of a field holds such a sign.
_DRAFT, _TERMS = "draft:", ":terms"


@dataclass(frozen=True, slots=True)
class _Words:
    """Fills templates and remembers which."""

    used: dict[str, str] = field(default_factory=dict)

    def fill(self, name: str, **values: str) -> str:
        template = load_template(name)
        self.used[name] = template.fingerprint
        return template.render(**values)


def categories() -> tuple[str, ...]:
    """Categories of items for which there is advice."""
    names = template_names()
    return tuple(name.removeprefix(_CATEGORY) for name in names if name.startswith(_CATEGORY))


def render(
    profile: Profile,
    pair: Pair,
    fields: Sequence[PromptField],
    *,
    answer_format: AnswerFormat,
    category: str = "",
    terms: Sequence[TermEntry] = (),
    draft: Mapping[str, str] | None = None,
) -> RenderedPrompt:
    """Word the request for one item.

    Args:
        profile: the model family; see ``profile_for_model``.
        pair: the languages.
        fields: the item's texts, in the order in which a reader meets them.
        answer_format: one of ``profile.formats``.
        category: kind of benchmark (``categories()``) for a sentence of advice; empty for none.
        terms: the glossary's terms that occur in the item. A prompt in the makers' own words tells
            them as far as the makers have words for it.
        draft: a translation by key that missed ``terms`` and is to be mended; a prompt in the
            makers' words asks anew instead.

    Raises:
        RenderError: a subclass says which argument cannot be used and why.
        TemplateError: a template does not fit; nothing has been sent.
    """
    _check(profile, fields, answer_format, category)
    texts = {part.key: part.text.strip() for part in fields}
    beside = _beside(terms, draft or {})
    masked = mask(texts | beside, profile.control_tokens)
    shown = {key: masked.texts[key] for key in texts}
    words = _Words()
    documented = profile.documented_prompt(pair, answer_format)
    if documented:
        fence = ""
        user = _documented(words, documented, pair, shown, terms)
        messages: tuple[Message, ...] = (Message("user", user),)
    else:
        hidden = {f"{key}.masked": text for key, text in masked.texts.items()}
        fence = fence_for(texts | beside | hidden)
        system = _system(words, profile, pair, answer_format, category)
        about = _About(fields, shown, {key: masked.texts[key] for key in beside}, fence)
        user = _item(words, answer_format, _name(profile, pair, 1), about)
        messages = _turns(profile, system, user)
    as_chat = profile.endpoint == "chat"
    return RenderedPrompt(
        endpoint=profile.endpoint,
        messages=messages if as_chat else (),
        prompt=None if as_chat else "\n\n".join(message.content for message in messages),
        format=answer_format,
        schema=_schema(tuple(texts)) if answer_format is AnswerFormat.JSON else None,
        keys=tuple(texts),
        fence=fence,
        masked=masked.tokens,
        stop=profile.stop,
        extra=profile.extra,
        templates=words.used,
        shown=shown,
        edges={part.key: _edges(part.text) for part in fields},
        strip=profile.strip,
    )


def _check(
    profile: Profile, fields: Sequence[PromptField], answer_format: AnswerFormat, category: str
) -> None:
    if not fields:
        raise NoFields
    if answer_format not in profile.formats:
        raise FormatNotOffered(profile.name, answer_format, profile.formats)
    if answer_format is AnswerFormat.PLAIN and len(fields) > 1:
        raise TooManyFields(profile.name, len(fields))
    if category and category not in categories():
        raise UnknownCategory(category, categories())
    seen: set[str] = set()
    for part in fields:
        if not _KEY.fullmatch(part.key):
            raise BadFieldKey(part.key, "cannot name a field")
        if part.key in seen:
            raise BadFieldKey(part.key, "stands twice")
        if not part.text.strip():
            raise BlankField(part.key)
        seen.add(part.key)


def _beside(terms: Sequence[TermEntry], draft: Mapping[str, str]) -> dict[str, str]:
    """What a prompt holds beside the item's texts, under names that no field can have."""
    beside = {f"{_DRAFT}{key}": text.strip() for key, text in draft.items()}
    return {_TERMS: term_lines(terms), **beside} if terms else beside


def _documented(
    words: _Words,
    prompt: DocumentedPrompt,
    pair: Pair,
    texts: Mapping[str, str],
    terms: Sequence[TermEntry],
) -> str:
    if prompt.format is AnswerFormat.JSON:
        text = json.dumps(dict(texts), ensure_ascii=False, indent=2)
    else:
        (text,) = texts.values()
    known = {"text": text}
    for side, language in (("source", pair.source), ("target", pair.target)):
        known[side] = prompt.names[language]
        if language in prompt.codes:
            known[f"{side}_code"] = prompt.codes[language]
    # Some makers' prompts name only the target, others both languages and their codes.
    wanted = load_template(prompt.template).variables
    asked = words.fill(
        prompt.template, **{name: value for name, value in known.items() if name in wanted}
    )
    told = [
        (source, target)
        for source, target in (told_pairs(terms) if prompt.terms else ())
        if not find_control_token(source + target)
    ]
    if not told:
        return asked
    lines = [
        words.fill(f"term.{prompt.terms}", source=source, target=target) for source, target in told
    ]
    return words.fill(f"terms.{prompt.terms}", terms="\n".join(lines)) + f"\n\n{asked}"


def _system(
    words: _Words, profile: Profile, pair: Pair, answer_format: AnswerFormat, category: str
) -> str:
    parts = [
        words.fill("role"),
        words.fill(f"answer.{answer_format}"),
        words.fill("pair", source=_name(profile, pair, 0), target=_name(profile, pair, 1)),
    ]
    optional = f"pair.{pair.source}.{pair.target}"
    parts.append(words.fill(optional if optional in template_names() else f"source.{pair.source}"))
    parts.append(words.fill(f"locale.{pair.target}"))
    if category:
        parts.append(words.fill(f"{_CATEGORY}{category}"))
    return "\n\n".join(parts)


@dataclass(frozen=True, slots=True)
class _About:
    """The item and what stands beside it, ready to be put into a template."""

    fields: Sequence[PromptField]
    texts: Mapping[str, str]
    beside: Mapping[str, str]
    fence: str

    @property
    def draft(self) -> dict[str, str]:
        return {key: text for key, text in self.beside.items() if key != _TERMS}


def _item(words: _Words, answer_format: AnswerFormat, target: str, about: _About) -> str:
    known = {
        "fields": ", ".join(_described(part) for part in about.fields),
        "item": fenced(about.fence, about.texts),
        "first": field_mark(about.fence, about.fields[0].key),
        "target": target,
    }
    terms = about.beside.get(_TERMS, "")
    if about.draft:
        known |= {"draft": fenced(about.fence, about.draft), "terms": terms}
        return words.fill(f"repair.{answer_format}", **known)
    asked = words.fill(f"item.{answer_format}", end=end_mark(about.fence), **known)
    return f"{words.fill('terms', terms=terms)}\n\n{asked}" if terms else asked


def _described(part: PromptField) -> str:
    """The key, with what it is where the key alone does not say it."""
    label = _NOT_IN_LABEL.sub(" ", part.label).strip()[:_LABEL_CHARS]
    plain = label.casefold().replace(" ", "_") == part.key.casefold()
    return part.key if plain or not label else f"{part.key} ({label})"


def _turns(profile: Profile, system: str, user: str) -> tuple[Message, ...]:
    if profile.system_role:
        return (Message("system", system), Message("user", user))
    return (Message("user", f"{system}\n\n{user}"),)


def _name(profile: Profile, pair: Pair, side: int) -> str:
    language = (pair.source, pair.target)[side]
    if language not in profile.names:
        raise LanguageNotOffered(profile.name, language)
    return profile.names[language]


def _schema(keys: tuple[str, ...]) -> dict[str, Any]:
    """JSON schema of the answer.

    Without lengths: they would differ from item to item, and the server would compile a new grammar
    for each instead of keeping one per shape.
    """
    return {
        "type": "object",
        "properties": {key: {"type": "string"} for key in keys},
        "required": list(keys),
        "additionalProperties": False,
    }


def _edges(text: str) -> tuple[str, str]:
    bare = text.strip()
    start = len(text) - len(text.lstrip())
    return text[:start], text[start + len(bare) :]
