"""One item into one request for its translation, worded as the model family wants it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from glossary.language import Pair
from glossary.terminology import TermEntry
from prompts.edit import render_edit
from prompts.fence import end_mark
from prompts.item import (
    categories,
    check_fields,
    check_format,
    described,
    item_material,
    translator,
    with_terms,
)
from prompts.library import load_template
from prompts.mask import find_control_token
from prompts.problem import missed_term
from prompts.profile import DocumentedPrompt, Profile
from prompts.prompt import AnswerFormat, Message, PromptField, RenderedPrompt
from prompts.terms import told_pairs
from prompts.wording import Material, Words, answer_schema, named, request, turns

__all__ = ["AnswerFormat", "Message", "PromptField", "RenderedPrompt", "categories", "render"]


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
        draft: a translation by key that missed ``terms`` and is to be mended (``render_edit``); a
            prompt in the makers' words asks anew instead.

    Raises:
        RenderError: a subclass says which argument cannot be used and why.
        TemplateError: a template does not fit; nothing has been sent.
    """
    check_fields(fields, category)
    check_format(profile, fields, answer_format)
    documented = profile.documented_prompt(pair, answer_format)
    if draft and not documented:
        return render_edit(
            profile,
            pair,
            fields,
            draft,
            [missed_term(entry) for entry in terms],
            answer_format=answer_format,
            category=category,
        )
    words, texts = Words(), {part.key: part.text for part in fields}
    about = item_material(profile, fields, terms)
    if documented:
        shown = {key: about.shown[key] for key in texts}
        user = _documented(words, documented, pair, shown, terms)
        said: tuple[Message, ...] = (Message("user", user),)
    else:
        system = translator(words, profile, pair, answer_format, category)
        asked = _asked(words, answer_format, named(profile, pair.target), fields, about)
        said = turns(profile, system, asked)
    return request(
        profile,
        said,
        words,
        answer_format=answer_format,
        schema=answer_schema(answer_format, texts),
        about=about,
        texts=texts,
        marked=not documented,
    )


def _documented(
    words: Words,
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


def _asked(
    words: Words,
    answer_format: AnswerFormat,
    target: str,
    fields: Sequence[PromptField],
    about: Material,
) -> str:
    keys = [part.key for part in fields]
    asked = words.fill(
        f"item.{answer_format}",
        fields=described(fields),
        item=about.block(keys),
        first=about.mark(keys[0]),
        end=end_mark(about.fence),
        target=target,
    )
    return with_terms(words, about, asked)
