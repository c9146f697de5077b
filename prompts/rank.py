"""Putting candidates in an order: what a judge is asked, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glossary.language import Pair
from glossary.terminology import TermEntry
from prompts.answer import bare_answer
from prompts.answer_errors import NoRanking
from prompts.item import (
    candidate_blocks,
    check_fields,
    item_material,
    reviewer,
    told,
    under_numbers,
)
from prompts.json_answer import find_value
from prompts.profile import Profile
from prompts.prompt import PromptField, RenderedPrompt
from prompts.wording import Words, must_follow_instructions, object_schema, request, turns


def render_rank(
    profile: Profile,
    pair: Pair,
    fields: Sequence[PromptField],
    candidates: Sequence[Mapping[str, str]],
    *,
    structured: bool,
    category: str = "",
    terms: Sequence[TermEntry] = (),
) -> RenderedPrompt:
    """Word the question which candidate is the best, the second best, and so on.

    Judges favour places. Ask in several rounds with the candidates rotated, and take the mean rank.

    Args:
        profile: the model family, one that follows instructions.
        pair: the languages.
        fields: the item's texts, in the order in which a reader meets them.
        candidates: translations by key, at least two; who made them is not said.
        structured: whether the server obeys a JSON schema.
        category: kind of benchmark, for a sentence of advice; empty for none.
        terms: the glossary's terms that occur in the item.

    Raises:
        RenderError: a subclass says which argument cannot be used and why.
    """
    must_follow_instructions(profile)
    check_fields(fields, category)
    numbered = under_numbers(fields, candidates)
    beside = {key: text for texts in numbered for key, text in texts.items()}
    about, words = item_material(profile, fields, terms, beside), Words()
    system = reviewer(words, profile, pair, category)
    user = "\n\n".join(
        (
            words.fill("rank"),
            told(words, fields, about),
            candidate_blocks(words, about, numbered),
            words.fill("rank.ask", count=str(len(numbered)), first=about.mark(fields[0].key)),
        )
    )
    return request(
        profile,
        turns(profile, system, user),
        words,
        schema=_schema(len(numbered)) if structured else None,
        about=about,
        texts={part.key: part.text for part in fields},
    )


def read_ranking(text: str, prompt: RenderedPrompt, count: int) -> list[int]:
    """The places of the candidates in the request, from 0, the best first.

    Raises:
        NotJson: there is no such object in the answer.
        NoRanking: it does not name each candidate once.
    """
    found = find_value(bare_answer(text, prompt), "ranking")
    if not isinstance(found, list) or any(type(each) is not int for each in found):
        raise NoRanking(count, found)
    if sorted(found) != list(range(1, count + 1)):
        raise NoRanking(count, found)
    return [each - 1 for each in found]


def _schema(count: int) -> dict[str, object]:
    numbers = {"type": "integer", "enum": list(range(1, count + 1))}
    ranking = {"type": "array", "items": numbers, "minItems": count, "maxItems": count}
    return object_schema({"ranking": ranking})
