"""English inflection: the forms under which a term may stand in a text.

Forms that are no words (``informations``) do no harm: they never occur. What must not be made is
another word (``goods`` → ``good``), hence the lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from glossary.concept import PartOfSpeech

_IRREGULAR_PLURALS = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet",
    "tooth": "teeth", "mouse": "mice", "goose": "geese", "ox": "oxen", "quiz": "quizzes",
    "leaf": "leaves", "half": "halves", "knife": "knives", "life": "lives", "shelf": "shelves",
    "wolf": "wolves", "thief": "thieves", "wife": "wives", "calf": "calves", "loaf": "loaves",
    "proof": "proofs", "datum": "data", "medium": "media", "bacterium": "bacteria",
    "spectrum": "spectra", "curriculum": "curricula", "stratum": "strata", "optimum": "optima",
    "maximum": "maxima", "minimum": "minima", "quantum": "quanta", "momentum": "momenta",
    "extremum": "extrema", "corpus": "corpora", "genus": "genera", "nucleus": "nuclei",
    "stimulus": "stimuli", "radius": "radii", "focus": "foci", "fungus": "fungi", "locus": "loci",
    "cactus": "cacti", "modulus": "moduli", "syllabus": "syllabi", "criterion": "criteria",
    "phenomenon": "phenomena", "polyhedron": "polyhedra", "vertex": "vertices",
    "index": "indices", "appendix": "appendices", "vortex": "vortices", "simplex": "simplices",
    "formula": "formulae", "larva": "larvae", "antenna": "antennae", "alga": "algae",
    "vertebra": "vertebrae", "nebula": "nebulae", "schema": "schemata", "stigma": "stigmata",
}  # fmt: skip
# Whose plural is far more often another word.
_NO_PLURAL = frozenset(["mean", "new", "good", "custom", "arm"])
_SINGULARS = {many: one for one, many in _IRREGULAR_PLURALS.items() if one != "medium"}
# Plurals whose singular is another word, and words that only look like plurals.
_NO_SINGULAR_TEXT = (
    "means goods customs arms glasses clothes news series species works savings odds lens bias "
    "always atlas canvas chaos ethos gas plus status virus campus census corpus focus bonus thus "
    "christmas apparatus consensus analysis basis thesis axis crisis hypothesis"
)
_NO_SINGULAR = frozenset(_NO_SINGULAR_TEXT.split())
_IRREGULAR_VERBS = {
    "become": "became", "begin": "began begun", "bind": "bound", "break": "broke broken",
    "bring": "brought", "build": "built", "buy": "bought", "catch": "caught",
    "choose": "chose chosen", "come": "came", "cut": "cut", "deal": "dealt", "do": "did done does",
    "draw": "drew drawn", "drive": "drove driven", "fall": "fell fallen", "feed": "fed",
    "find": "found", "fit": "fit", "fly": "flew flown", "forget": "forgot forgotten",
    "freeze": "froze frozen", "get": "got gotten", "give": "gave given", "go": "went gone goes",
    "grow": "grew grown", "hide": "hid hidden", "hit": "hit", "hold": "held", "keep": "kept",
    "know": "knew known", "lay": "laid", "lead": "led", "learn": "learnt", "leave": "left",
    "let": "let", "lose": "lost", "make": "made", "mean": "meant", "meet": "met", "pay": "paid",
    "put": "put", "read": "read", "ride": "rode ridden", "rise": "rose risen", "run": "ran run",
    "say": "said", "see": "saw seen", "seek": "sought", "sell": "sold", "send": "sent",
    "set": "set", "shake": "shook shaken", "shoot": "shot", "show": "shown", "shut": "shut",
    "sink": "sank sunk", "speak": "spoke spoken", "spell": "spelt", "spend": "spent",
    "spin": "spun", "split": "split", "spread": "spread", "stand": "stood", "steal": "stole stolen",
    "stick": "stuck", "swim": "swam swum", "take": "took taken", "teach": "taught",
    "tell": "told", "think": "thought", "throw": "threw thrown", "wear": "wore worn",
    "win": "won", "wind": "wound", "write": "wrote written",
}  # fmt: skip
_VERB_PREFIX = re.compile(r"^(?:re|un|over|under|out|mis|pre|with|fore)(?=[a-z]{3})")
_PARTICLES_TEXT = (
    "about across after against ahead along apart around aside at away back by down for forth "
    "from in into of off on out over through to together up upon with"
)
_PARTICLES = frozenset(_PARTICLES_TEXT.split())
_LINKED_WORD = re.compile(r"[A-Za-z]+(?=[ -](?:of|in|for|to|at|by|on|per|from|with)[ -])")
_LAST_WORD = re.compile(r"[A-Za-z]+$")
_WORD = re.compile(r"[A-Za-z]+")
_IZE = re.compile(r"(?<=[a-z]{3}i)([sz])(?=(?:e|er|ation|ing)\b)")
_HYPHEN = re.compile(r"(?<=[A-Za-z])-(?=[A-Za-z])")
_VOWELS = "aeiou"


def forms(term: str, part_of_speech: PartOfSpeech | None) -> set[str]:
    """Inflected forms and spellings of a term, in its own case; the term is not among them.

    Verbs inflect as verbs, adjectives and adverbs not at all, everything else as nouns.
    """
    spellings = {term, *_spellings(term)}
    inflected = set(spellings)
    for spelling in spellings:
        if part_of_speech is PartOfSpeech.VERB:
            inflected.update(_verb_phrases(spelling))
        elif part_of_speech not in (PartOfSpeech.ADJECTIVE, PartOfSpeech.ADVERB):
            inflected.update(_noun_phrases(spelling, part_of_speech))
    return inflected - {term}


def _spellings(term: str) -> Iterator[str]:
    """With -ize for -ise and the reverse, and written together where it has a hyphen."""
    if _IZE.search(term):
        yield _IZE.sub("s", term)
        yield _IZE.sub("z", term)
    if "-" in term:
        yield _HYPHEN.sub("", term)


def _noun_phrases(term: str, part_of_speech: PartOfSpeech | None) -> Iterator[str]:
    # The head: the last word, unless what follows it is no ending's place (C++, "top 1"), and
    # the word before a link (degrees of freedom, brothers-in-law).
    for head in (_LAST_WORD.search(term), _LINKED_WORD.search(term)):
        if head is None:
            continue
        before, noun, after = term[: head.start()], head[0], term[head.end() :]
        singulars: list[str] = []
        if part_of_speech is not PartOfSpeech.PROPER_NOUN and not noun.isupper():
            singulars = list(_singulars(noun, bool(before or after)))
        if noun.lower() in _NO_PLURAL and term == noun:
            continue
        for form in singulars or _plurals(noun):
            yield before + form + after


def _plurals(word: str) -> Iterator[str]:
    lower = word.lower()
    if word.isupper() and len(word) > 1:
        yield word + "s"
        return
    if lower in _IRREGULAR_PLURALS:
        yield _like(word, _IRREGULAR_PLURALS[lower])
    if lower in _SINGULARS:
        return
    if lower.endswith("is") and len(lower) > 4:
        yield word[:-2] + "es"
    elif lower.endswith(("ix", "trex")):
        yield word[:-2] + "ices"
        yield word + "es"
    elif lower.endswith(("s", "x", "z", "ch", "sh")):
        yield word + "es"
    elif lower.endswith("y") and len(lower) > 2 and lower[-2] not in _VOWELS:
        yield word[:-1] + "ies"
    else:
        yield word + "s"
        if lower.endswith("o"):
            yield word + "es"


def _singulars(word: str, phrase: bool) -> Iterator[str]:
    lower = word.lower()
    if lower in _SINGULARS:
        yield _like(word, _SINGULARS[lower])
        return
    known = lower in _NO_SINGULAR or lower.endswith(("ss", "us", "is", "ics", "ous"))
    if known or not lower.endswith("s") or len(lower) < (4 if phrase else 6):
        return
    if lower.endswith("ies") and len(lower) > 4:
        yield word[:-3] + "y"
    elif lower.endswith(("sses", "xes", "ches", "shes", "zes")):
        yield word[:-2]
    elif lower.endswith("ices") and phrase:
        yield word[:-4] + "ix"
    yield word[:-1]


def _verb_phrases(term: str) -> Iterator[str]:
    words = list(_WORD.finditer(term))
    if not words:
        return
    split = len(words) > 1 and words[-1][0].lower() in _PARTICLES
    head = words[0] if split else words[-1]
    for form in _verb_forms(head[0]):
        yield term[: head.start()] + form + term[head.end() :]


def _verb_forms(verb: str) -> Iterator[str]:
    lower = verb.lower()
    prefix = _VERB_PREFIX.match(lower)
    root = lower[prefix.end() :] if prefix else lower
    past = _IRREGULAR_VERBS.get(lower) or _IRREGULAR_VERBS.get(root)
    if past:
        start = verb[: prefix.end()] if prefix and lower not in _IRREGULAR_VERBS else ""
        yield from (_like(verb, start.lower() + form) for form in past.split())
    yield from _plurals(verb)  # the third person is spelled like a plural
    if lower.endswith("ie"):
        yield verb + "d"
        yield verb[:-2] + "ying"
    elif lower.endswith("e") and not lower.endswith(("ee", "oe", "ye")):
        yield verb + "d"
        yield verb[:-1] + "ing"
    elif lower.endswith("ee"):
        yield verb + "d"
        yield verb + "ing"
    elif lower.endswith("y") and len(lower) > 1 and lower[-2] not in _VOWELS:
        yield verb[:-1] + "ied"
        yield verb + "ing"
    else:
        doubled, single = _doubling(lower)
        stems = ([verb + verb[-1]] if doubled else []) + ([verb] if single else [])
        yield from (stem + ending for stem in stems for ending in ("ed", "ing"))


def _doubling(verb: str) -> tuple[bool, bool]:
    """May the last letter be doubled before an ending, and may it stay single?"""
    if not re.search(r"(?:^|[^aeiou])[aeiou][bdfgklmnprstvz]$", verb):
        return False, True
    return True, len(re.findall(r"[aeiouy]+", verb)) > 1  # mapping, but labeling and labelling


def _like(model: str, word: str) -> str:
    """The word with the case of the model."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return word[0].upper() + word[1:] if model[0].isupper() else word
