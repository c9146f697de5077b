"""English words: plurals folded where the singular occurs, names told by their capitals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from glossary.extraction.words import Run, Weight, Word, everyday

_TOKEN = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W\d_][^\W_]*(?:[-'’][^\W_]+)*")
_ENDS_SENTENCE = re.compile(r"[.?!:;\n\"“”()\[\]|•]\s*[\"“'‘(\[]*\Z")
_ROMAN = re.compile(r"(?:II|III|IV|VI{0,3}|IX|XI{0,3})\Z")
_MOSTLY = 0.8
_SEEN_AS_NAME = 1


class EnglishWords:
    """Words up to the next mark, preposition, verb or adverb; ``of`` goes on."""

    joint = " "
    longest = 5

    def __init__(self) -> None:
        lists = everyday("en")
        self._between = lists["between"] | lists["titles"]
        self._plain, self._opening, self._verbs = lists["plain"], lists["opening"], lists["verbs"]
        self._before_verbs, self._name_openings = lists["before_verbs"], lists["name_openings"]
        self._small: dict[str, int] = {}
        self._capital: dict[str, int] = {}
        self._known: dict[str, _Kind] = {}

    def learn(self, text: str) -> None:
        """Count for each word how often it has a capital where no sentence begins."""
        for match in _TOKEN.finditer(text):
            token = match.group()
            lower = _bare(token.lower())
            if token[0].islower():
                self._small[lower] = self._small.get(lower, 0) + 1
            elif not token.isupper() and not _begins_sentence(text, match.start()):
                self._capital[lower] = self._capital.get(lower, 0) + 1

    def runs(self, text: str) -> list[Run]:
        """The words of a text in order."""
        runs: list[Run] = []
        run: Run = []
        before, at = "", 0
        for match in _TOKEN.finditer(text):
            token = match.group()
            if run and text[at : match.start()] not in (" ", "\u00a0"):
                runs.append(run)
                run = []
                before = ""
            at = match.end()
            kind = self._known.get(token) or self._kind(token)
            predicate = kind.verb and before in self._before_verbs
            word = None if predicate else kind.word(match.start(), match.end())
            before = token.lower()
            if word is None:
                if run:
                    runs.append(run)
                    run = []
                continue
            if run and token[0].isupper() and run[-1].key in self._name_openings:
                run[-1] = _opened(run[-1], text)
            run.append(word)
        if run:
            runs.append(run)
        return runs

    def unusual(self, words: tuple[str, ...], share: float) -> float:
        """The same for all: nothing is known of other texts."""
        return 3.0

    def _kind(self, token: str) -> _Kind:
        kind = self._judged(token)
        self._known[token] = kind
        return kind

    def _judged(self, token: str) -> _Kind:
        lower = token.lower().replace("’", "'")
        bare = _bare(lower)
        if lower == "of":
            return _Kind("of", "of", Weight.PLAIN, begins=False, ends=False)
        if bare in self._between or len(bare.strip(".")) < 2:
            return _NOTHING
        if _ROMAN.match(token):
            return _Kind(token, token, Weight.PLAIN, begins=False)
        if token.isupper() and len(token) <= 6:
            return _Kind(token, token)
        if len(token) > 2 and token[:-1].isupper() and token[-1] == "s":
            return _Kind(token[:-1], token[:-1])  # a plural: GPUs
        last = self._singular(bare)
        if bare in self._opening or last in self._opening:
            return _Kind(lower, last, Weight.PLAIN, begins=False)
        if self._is_name(token, bare):
            return _Kind(lower, bare, name=True)
        return self._common(lower, bare, last)

    def _common(self, lower: str, bare: str, last: str) -> _Kind:
        verbs, plain = self._verbs, self._plain
        if bare in plain or last in plain:
            return _Kind(lower, last, Weight.PLAIN, ends=not bare.endswith("ed"))
        if bare in verbs:
            return _Kind(lower, last, Weight.PLAIN, ends=False, verb=True)
        if bare.endswith("ly") or (bare.endswith("s") and _stems(bare, "s") & verbs):
            return _NOTHING
        if bare.endswith("ed"):
            known = _stems(bare, "ed") & verbs
            return _Kind(lower, lower, Weight.PLAIN if known else Weight.PART, ends=False)
        if bare.endswith("ing") and _stems(bare, "ing") & verbs:
            return _Kind(lower, last, Weight.PART)
        return _Kind(lower, last)

    def _is_name(self, token: str, bare: str) -> bool:
        if not (token[0].isupper() and _bare(token)[1:].replace("-", "").islower()):
            return False
        capital, small = self._capital.get(bare, 0), self._small.get(bare, 0)
        return capital >= _SEEN_AS_NAME and capital >= _MOSTLY * (capital + small)

    def _singular(self, word: str) -> str:
        for ending, instead in _PLURALS:
            if word.endswith(ending) and not word.endswith(("ss", "us", "is")):
                single = word.removesuffix(ending) + instead
                if len(single) > 2 and (single in self._small or single in self._plain):
                    return single
        return word


_PLURALS = (("ies", "y"), ("ses", "s"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a token is wherever it stands; one without a key ends a run."""

    key: str
    last: str
    weight: Weight = Weight.TERM
    begins: bool = True
    ends: bool = True
    name: bool = False
    verb: bool = False

    def word(self, start: int, end: int) -> Word | None:
        if not self.key:
            return None
        return Word(self.key, self.last, start, end, self.begins, self.ends, self.weight, self.name)


_NOTHING = _Kind("", "")


def _opened(word: Word, text: str) -> Word:
    """``New`` of ``New York`` begins a name, ``new`` begins nothing."""
    if not text[word.start].isupper():
        return word
    return Word(word.key, word.last, word.start, word.end, weight=Weight.TERM, name=True)


def _bare(lower: str) -> str:
    lower = lower.replace("’", "'")
    return lower.removesuffix("'s").removesuffix("'")


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start]
    return not text[:start].strip() or _ENDS_SENTENCE.search(before) is not None


def _stems(word: str, ending: str) -> set[str]:
    """What a verb may be without an ending: ``stopped``, ``moved`` and ``tried`` with ``ed``."""
    stem = word.removesuffix(ending)
    found = {stem, f"{stem}e"}
    if stem.endswith("i"):
        found.add(f"{stem[:-1]}y")
    if stem.endswith("e"):
        found.add(stem[:-1])
    if len(stem) > 2 and stem[-1] == stem[-2]:
        found.add(stem[:-1])
    if ending == "s" and stem.endswith("ie"):
        found.add(f"{stem[:-2]}y")
    return found
