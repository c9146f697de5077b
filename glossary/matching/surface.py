"""The forms under which a term may stand in a text, and how each must be bounded there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from glossary.concept import PartOfSpeech, Term
from glossary.language import Language
from glossary.matching import english, korean
from glossary.matching.chinese import HAN
from glossary.matching.normalize import fold, key

_LATIN = re.compile(r"[0-9A-Za-z\u00aa-\u024f\u0370-\u03ff\u0400-\u04ff]")
_ALPHABET = re.compile("[0-9A-Za-z]")
_BORDER = re.compile(rf"(?<=[A-Za-z0-9]) ?(?=[{HAN}가-힣])|(?<=[{HAN}가-힣]) ?(?=[A-Za-z0-9])")
_VERBAL = ("하다", "되다", "시키다")
# Acronyms that are spelled like a word of every sentence match only as they are written.
_EVERYDAY_TEXT = (
    "a am an and any are as at be been but by can did do does for from get go had has have he her "
    "him his how i if in into is it its may me must my no nor not now of off old on one or our "
    "out per put see set she so than that the them then they this to too two up us use via was "
    "way we were what when who why will with you your aid aids all also both each few own same "
    "such"
)
_EVERYDAY = frozenset(_EVERYDAY_TEXT.split())


class Form(NamedTuple):
    """One form of a term: ``text`` as it would be written.

    ``key`` is looked for in folded text. ``cased``, where given, must stand there to the letter
    (hyphens apart). ``stem``: the beginning of a Korean verb, an ending follows.
    """

    key: str
    text: str
    cased: str | None = None
    exact: bool = False
    stem: bool = False


def forms_of(term: Term, *, lenient: bool = False) -> Iterator[Form]:
    """All forms of a term, each once; the term as it is written comes first.

    Args:
        term: The term.
        lenient: Where the part of speech is not known, inflect English as verbs too.
    """
    written = fold(term.text).cased.strip()
    sensitive = term.case_sensitive or _is_everyday_acronym(written)
    seen: set[str] = set()
    for text, exact, stem in _texts(written, term, lenient):
        folded = key(text)
        identity = text if sensitive else folded
        if not folded.strip() or identity in seen:
            continue
        seen.add(identity)
        cased = text.replace("-", " ") if sensitive else None
        yield Form(folded, text, cased, exact, stem)


def _texts(written: str, term: Term, lenient: bool) -> Iterator[tuple[str, bool, bool]]:
    if _is_korean_verb(written, term):
        for spelling in (written, *(korean.spacings(written) if " " in written else ())):
            for stem in korean.verb_stems(spelling):
                yield stem, True, True
        return
    yield written, True, False
    for text in _variants(written, term, lenient):
        yield text, False, False


def _variants(written: str, term: Term, lenient: bool) -> Iterator[str]:
    if not written.isascii() and _ALPHABET.search(written):
        yield from (_BORDER.sub(" ", written), _BORDER.sub("", written))
    if term.language is Language.KO:
        yield from korean.spacings(written)
    if _LATIN.match(written[-1]) or _LATIN.match(written[0]):
        yield from english.forms(written, term.part_of_speech)
        if lenient and term.part_of_speech is None:
            yield from english.forms(written, PartOfSpeech.VERB)


def _is_korean_verb(written: str, term: Term) -> bool:
    if term.part_of_speech is None:
        return written.endswith(_VERBAL)
    verbal = term.part_of_speech in (PartOfSpeech.VERB, PartOfSpeech.ADJECTIVE)
    return verbal and any(True for _ in korean.verb_stems(written))


def _is_everyday_acronym(written: str) -> bool:
    return len(written) > 1 and written.isupper() and written.lower() in _EVERYDAY
