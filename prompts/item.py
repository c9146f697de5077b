"""An item as our own prompts tell it: what is said before it, and the item with its terms.

The parts come in the order of how seldom they change: role, rules and form of the answer (always
the same), languages and conventions (per pair), advice for the category (per benchmark), and at the
very end the item's terms and the item. So the server computes the long beginning once and keeps it
in its prefix cache.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from glossary.language import Pair
from glossary.terminology import TermEntry
from prompts.errors import (
    BadFieldKey,
    BlankField,
    FormatNotOffered,
    IncompleteTranslation,
    NoFields,
    TooFewCandidates,
    TooManyFields,
    UnknownCategory,
)
from prompts.library import template_names
from prompts.profile import Profile
from prompts.prompt import AnswerFormat, PromptField
from prompts.terms import term_lines
from prompts.wording import Material, Words, material, named

_KEY = re.compile(r"[A-Za-z0-9_]{1,64}")
# A label stands outside the marks, so it may only be a few plain words, wherever it comes from.
_NOT_IN_LABEL = re.compile(r"[^\w.,'-]+")
_LABEL_CHARS = 60
_CATEGORY = "category."
# No key of a field holds such a sign.
_TERMS = ":terms"


def categories() -> tuple[str, ...]:
    """Categories of items for which there is advice."""
    names = template_names()
    return tuple(name.removeprefix(_CATEGORY) for name in names if name.startswith(_CATEGORY))


def check_fields(fields: Sequence[PromptField], category: str = "") -> None:
    """Refuse an item that cannot be told.

    Raises:
        NoFields, BadFieldKey, BlankField, UnknownCategory: the error says why.
    """
    if not fields:
        raise NoFields
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


def check_format(
    profile: Profile, fields: Sequence[PromptField], answer_format: AnswerFormat
) -> None:
    """Refuse a form of the answer that does not fit.

    Raises:
        FormatNotOffered: the profile does not have it.
        TooManyFields: a plain answer to more than one field.
    """
    if answer_format not in profile.formats:
        raise FormatNotOffered(profile.name, answer_format, profile.formats)
    if answer_format is AnswerFormat.PLAIN and len(fields) > 1:
        raise TooManyFields(profile.name, len(fields))


def item_material(
    profile: Profile,
    fields: Sequence[PromptField],
    terms: Sequence[TermEntry] = (),
    beside: Mapping[str, str] | None = None,
) -> Material:
    """The item's texts and terms, and what else stands in the prompt."""
    texts = {part.key: part.text.strip() for part in fields}
    told = {_TERMS: term_lines(terms)} if terms else {}
    return material(texts | told, beside, profile.control_tokens)


def under(name: str, fields: Sequence[PromptField], texts: Mapping[str, str]) -> dict[str, str]:
    """A translation's texts under keys that no field can have: ``draft:question``.

    Raises:
        IncompleteTranslation: a field has no text.
    """
    if missing := [part.key for part in fields if not texts.get(part.key, "").strip()]:
        raise IncompleteTranslation(name, missing)
    return {f"{name}:{part.key}": texts[part.key].strip() for part in fields}


def under_numbers(
    fields: Sequence[PromptField], candidates: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:
    """Candidates' texts, each under its number.

    Raises:
        TooFewCandidates: there are less than two.
        IncompleteTranslation: a field of one has no text.
    """
    if len(candidates) < 2:
        raise TooFewCandidates(len(candidates))
    return [under(str(number), fields, texts) for number, texts in enumerate(candidates, start=1)]


def candidate_blocks(words: Words, about: Material, numbered: Sequence[Mapping[str, str]]) -> str:
    """Candidates one below the other, each with its number."""
    return "\n\n".join(
        words.fill("candidate", number=str(number), translation=about.block(texts))
        for number, texts in enumerate(numbered, start=1)
    )


def conventions(words: Words, pair: Pair, category: str) -> list[str]:
    """How to read the source, how to write the target, and what a kind of benchmark needs."""
    optional = f"pair.{pair.source}.{pair.target}"
    parts = [
        words.fill(optional if optional in template_names() else f"source.{pair.source}"),
        words.fill(f"locale.{pair.target}"),
    ]
    return [*parts, words.fill(f"{_CATEGORY}{category}")] if category else parts


def languages(profile: Profile, pair: Pair) -> dict[str, str]:
    """The names of both languages, as templates call them.

    Raises:
        LanguageNotOffered: the profile has no name for one.
    """
    return {"source": named(profile, pair.source), "target": named(profile, pair.target)}


def translator(
    words: Words, profile: Profile, pair: Pair, answer_format: AnswerFormat, category: str
) -> str:
    """What is said before an item that is to be translated, mended or put together."""
    rules = [words.fill("role"), words.fill(f"answer.{answer_format}")]
    about_pair = words.fill("pair", **languages(profile, pair))
    return "\n\n".join([*rules, about_pair, *conventions(words, pair, category)])


def reviewer(words: Words, profile: Profile, pair: Pair, category: str) -> str:
    """What is said before translations that are to be judged."""
    about_pair = words.fill("review.pair", **languages(profile, pair))
    return "\n\n".join([words.fill("review"), about_pair, *conventions(words, pair, category)])


def described(fields: Sequence[PromptField]) -> str:
    """The keys, each with what it is where the key alone does not say it."""
    return ", ".join(map(_described, fields))


def with_terms(words: Words, about: Material, asked: str) -> str:
    """The item's terms, if it has any, in front of what is asked."""
    if _TERMS not in about.shown:
        return asked
    return f"{words.fill('terms', terms=about.shown[_TERMS])}\n\n{asked}"


def told(words: Words, fields: Sequence[PromptField], about: Material) -> str:
    """Terms, names of the fields and the item, as they also open the request for a draft."""
    item = about.block(part.key for part in fields)
    return with_terms(words, about, words.fill("item", fields=described(fields), item=item))


def _described(part: PromptField) -> str:
    label = _NOT_IN_LABEL.sub(" ", part.label).strip()[:_LABEL_CHARS]
    plain = label.casefold().replace(" ", "_") == part.key.casefold()
    return part.key if plain or not label else f"{part.key} ({label})"
