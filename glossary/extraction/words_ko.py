"""Korean words: particles and verb endings are cut where the texts show that they are ones."""

from __future__ import annotations

import re
from functools import lru_cache

from glossary.extraction.words import Run, Weight, Word, everyday
from glossary.matching.particles import allomorph, is_tail

_TOKEN = re.compile(r"[가-힣A-Za-z][가-힣A-Za-z0-9]*(?:-[가-힣A-Za-z0-9]+)*")
# Stand behind a noun and before its particle, and leave it what it is: 법률상의, 산업별로.
_SUFFIX = re.compile(r"[별상내간시]")
# Stand behind nouns and nothing else.
_NOUNS_ALONE = everyday("ko")["only_behind_nouns"]
_PREDICATE = re.compile(
    r"(?:하|한|할|함|해|했|되|된|될|됨|돼|됐|시키|시킨|시킬|시켜|시켰|당하|당한)"
    r"(?:는|여|여야|고|며|면|지|기|게|다|던|야|서|도록|므로|으며|지만|려고|려는|려면|였다|였던|였고|였으며|기도|기만|기에"
    r"|는데|니다|는지|면서|거나|지는|지도|기를|기가|는가|여도|는다|다는|다고|다면|에|에는|으로|을|이|은|의|과)?\Z"
)
_VERBAL = re.compile(
    r"(?:다|까|요|오|며|면|고|서|는|은|던|게|지|기|도록|므로|려고|거나|어야|아야|어|아|워|려|러|져|쳐|켜|여|진|된|긴|친|린|인)\Z"
)
_SHORT_VERBAL = re.compile(r"[는은던다며]\Z")
_ADJECTIVE = re.compile(r"(?P<stem>[가-힣]{1,6}적)(?:인|으로|이고|이며|이다|인지)?\Z")
_ACRONYM = re.compile(r"(?P<stem>[A-Z][A-Za-z0-9]{1,7})(?P<rest>[가-힣]{0,3})\Z")
_SOLE = 2


class KoreanWords:
    """Nouns that follow each other; only the last of them has a particle."""

    joint = " "
    longest = 4

    def __init__(self) -> None:
        self._lists = everyday("ko")
        self._titles = self._lists["titles"]
        self._tails: dict[str, dict[str, int]] = {}
        self._cut: dict[str, str] = {}

    def learn(self, text: str) -> None:
        """Count for each possible stem what stands behind it."""
        for match in _TOKEN.finditer(text):
            for stem, tail in _splits(match.group()):
                tails = self._tails.setdefault(stem, {})
                tails[tail] = tails.get(tail, 0) + 1

    def runs(self, text: str) -> list[Run]:
        """Nouns up to the next particle, mark or predicate."""
        runs: list[Run] = []
        run: Run = []
        at = 0
        for match in _TOKEN.finditer(text):
            if run and text[at : match.start()] != " ":
                runs.append(run)
                run = []
            at = match.end()
            if len(run) == 1 and _is_person(run[0].key) and self._is_title(match.group()):
                runs.append([_named(run[0])])
                run = []
                continue
            word = self._word(match.group(), match.start())
            if word is not None:
                run.append(word)
            if run and (word is None or word.end < match.end()):
                runs.append(run)
                run = []
        if run:
            runs.append(run)
        return runs

    def unusual(self, words: tuple[str, ...], share: float) -> float:
        """The same for all: nothing is known of other texts."""
        return 3.0

    def _is_title(self, token: str) -> bool:
        return any(
            token[:size] in self._titles and (size == len(token) or is_tail(token[size:]))
            for size in range(1, len(token) + 1)
        )

    def _word(self, token: str, start: int) -> Word | None:
        lists = self._lists
        if token in lists["between"]:
            return None
        if acronym := _ACRONYM.match(token):
            stem = acronym["stem"]
            return Word(stem, stem, start, start + len(stem))
        if adjective := _ADJECTIVE.match(token):
            stem = adjective["stem"]
            if stem == token and len(stem) > 2:
                return Word(token, token, start, start + len(token), ends=False, weight=Weight.PART)
            if len(stem) > 2:
                return None
        if token[:1] in lists["between"] and is_tail(token[1:]):
            return None
        stem = self._cut[token] if token in self._cut else self._cut_anew(token)
        if not stem or stem in lists["between"] or len(stem) < 2 or not re.match("[가-힣]", stem):
            return None
        weight = Weight.PLAIN if stem in lists["plain"] else Weight.TERM
        name = stem in lists["names"]
        end = start + len(stem)
        return Word(stem, stem, start, end, weight=weight, name=name)

    def _cut_anew(self, token: str) -> str:
        """The stem of which the texts show that it is a noun; empty if there is none."""
        stem, _ = max(_splits(token), key=lambda split: (self._nouns(split[0]), len(split[0])))
        self._cut[token] = cut = stem if self._nouns(stem) else ""
        return cut

    def _nouns(self, stem: str) -> int:
        """How many different particles of nouns stand behind a stem, and once more if none does."""
        tails = self._tails.get(stem, {})
        kinds = sum(tail in _NOUNS_ALONE for tail in tails)
        if kinds:
            return 1 + kinds + ("" in tails)
        verbal = _VERBAL if len(stem) > 2 else _SHORT_VERBAL
        sole = tails.get("", 0) >= _SOLE and not verbal.search(stem)
        return int(sole) + ("하" in tails and sole)


@lru_cache(maxsize=65_536)
def _splits(token: str) -> tuple[tuple[str, str], ...]:
    """Stems of two syllables or more with what may stand behind them; first the whole token."""
    found = [(token, "")]
    for size in range(2, len(token)):
        stem, tail = token[:size], token[size:]
        if not "가" <= stem[-1] <= "힣" or stem[-1] == "으":
            continue
        particle = tail[1:] if _SUFFIX.match(tail) else tail
        if not particle or (
            is_tail(particle) and allomorph(token[: -len(particle)], particle) == particle
        ):
            found.append((stem, tail))
        elif _PREDICATE.match(tail):
            found.append((stem, "하"))
    return tuple(found)


def _is_particle(token: str, particle: str) -> bool:
    return is_tail(particle) and allomorph(token.removesuffix(particle), particle) == particle


def _is_person(stem: str) -> bool:
    return 2 <= len(stem) <= 4 and stem[0] in everyday("ko")["surnames"]


def _named(word: Word) -> Word:
    return Word(word.key, word.last, word.start, word.end, name=True)
