"""From translations that exist to a better one: mending a draft, or putting candidates together.

Both begin like the request for a draft, down to the item, and are answered like it: with a
translation (``read_answer``). A server that has the draft's prompt in its cache has most of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from glossary.language import Pair
from glossary.terminology import TermEntry
from prompts.errors import NoProblems
from prompts.item import (
    candidate_blocks,
    check_fields,
    check_format,
    item_material,
    told,
    translator,
    under,
    under_numbers,
)
from prompts.problem import Problem, problem_texts
from prompts.profile import Profile
from prompts.prompt import AnswerFormat, PromptField, RenderedPrompt
from prompts.wording import (
    Material,
    Words,
    answer_schema,
    must_follow_instructions,
    named,
    request,
    turns,
)


def render_edit(
    profile: Profile,
    pair: Pair,
    fields: Sequence[PromptField],
    draft: Mapping[str, str],
    problems: Sequence[Problem],
    *,
    answer_format: AnswerFormat,
    category: str = "",
    terms: Sequence[TermEntry] = (),
) -> RenderedPrompt:
    """Word the request for a draft with named problems solved and all else letter by letter.

    Args:
        profile: the model family, one that follows instructions.
        pair: the languages.
        fields: the item's texts, in the order in which a reader meets them.
        draft: the translation, by key.
        problems: what is wrong with it; at least one.
        answer_format: one of ``profile.formats``.
        category: kind of benchmark, for a sentence of advice; empty for none.
        terms: the glossary's terms that occur in the item, which the edit must not break; with the
            same terms as the draft's request more of the prompt is the same.

    Raises:
        RenderError: a subclass says which argument cannot be used and why.
    """
    if not problems:
        raise NoProblems
    drafted, wrong = under("draft", fields, draft), problem_texts(problems)

    def stage(words: Words, about: Material) -> str:
        return words.fill("edit", draft=about.block(drafted), problems=about.block(wrong))

    beside = {**drafted, **wrong}
    return _again(profile, pair, fields, terms, beside, stage, answer_format, category)


def render_fuse(
    profile: Profile,
    pair: Pair,
    fields: Sequence[PromptField],
    candidates: Sequence[Mapping[str, str]],
    *,
    answer_format: AnswerFormat,
    category: str = "",
    terms: Sequence[TermEntry] = (),
) -> RenderedPrompt:
    """Word the request for one translation made of the best parts of several.

    The candidates are numbered as they are given; who made them is not said. The other arguments
    are those of ``render_edit``.

    Raises:
        RenderError: a subclass says which argument cannot be used and why.
    """
    numbered = under_numbers(fields, candidates)

    def stage(words: Words, about: Material) -> str:
        shown = candidate_blocks(words, about, numbered)
        return words.fill("fuse", candidates=shown, count=str(len(numbered)))

    beside = {key: text for texts in numbered for key, text in texts.items()}
    return _again(profile, pair, fields, terms, beside, stage, answer_format, category)


def _again(
    profile: Profile,
    pair: Pair,
    fields: Sequence[PromptField],
    terms: Sequence[TermEntry],
    beside: Mapping[str, str],
    stage: Callable[[Words, Material], str],
    answer_format: AnswerFormat,
    category: str,
) -> RenderedPrompt:
    """The request for a translation of an item beside which other texts stand."""
    must_follow_instructions(profile)
    check_fields(fields, category)
    check_format(profile, fields, answer_format)
    about, words = item_material(profile, fields, terms, beside), Words()
    system = translator(words, profile, pair, answer_format, category)
    closing = words.fill(
        f"again.{answer_format}",
        first=about.mark(fields[0].key),
        target=named(profile, pair.target),
    )
    user = "\n\n".join((told(words, fields, about), stage(words, about), closing))
    texts = {part.key: part.text for part in fields}
    return request(
        profile,
        turns(profile, system, user),
        words,
        answer_format=answer_format,
        schema=answer_schema(answer_format, texts),
        about=about,
        texts=texts,
    )
