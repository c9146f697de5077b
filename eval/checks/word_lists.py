"""Word lists that linguists edit: wording of Taiwan and the mainland, terms to keep apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from eval.errors import FileError
from glossary.language import Language
from glossary.terminology import Terminology

_WORDING, _CONTRASTS = "wording.yaml", "contrasts.yaml"
_FORMAT = "docs/word-lists.md shows the format."
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times as fast where PyYAML was built with libyaml: the lists are read at the start."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A word of ``language``'s neighbour; ``unless`` are longer words in which it is right."""

    language: Language
    avoid: str
    prefer: str
    unless: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Contrast:
    """Concepts that must stay distinct within an item: for each, its words in each language."""

    name: str
    concepts: tuple[Mapping[Language, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class WordLists:
    """All lists; two are equal if they are the same object, so that checks can keep patterns."""

    wording: tuple[Wording, ...] = ()
    contrasts: tuple[Contrast, ...] = ()


def alternation(words: Iterable[str]) -> str:
    """A regular expression for any of the words, of several at one place the longest.

    Hundreds of alternatives are tried only where the first two characters can begin one.
    """
    listed = sorted(words, key=lambda word: (-len(word), word))
    letters = _any_of(word for word in listed if len(word) == 1)
    longer = [word for word in listed if len(word) > 1]
    begin = _any_of(word[0] for word in longer) + _any_of(word[1] for word in longer)
    return f"(?:(?={begin})(?:{'|'.join(map(re.escape, longer))})|{letters})"


def _any_of(characters: Iterable[str]) -> str:
    listed = "".join(sorted(map(re.escape, set(characters))))
    return f"[{listed}]" if listed else "(?!)"


def read_word_lists(folder: Path | None) -> WordLists:
    """The packaged lists, and those of ``folder`` (``wording.yaml``, ``contrasts.yaml``) with them.

    An entry about the same word, or a set of the same name, takes the place of ours.

    Raises:
        FileError: the folder holds neither file, or an entry does not follow the format.
    """
    if folder is None:
        return PACKAGED
    if not any((folder / name).is_file() for name in (_WORDING, _CONTRASTS)):
        why = f"has neither {_WORDING} nor {_CONTRASTS}"
        raise FileError(str(folder), why, f"Name a folder that holds one of them. {_FORMAT}")
    return _read(folder, PACKAGED)


@lru_cache(maxsize=16)
def with_contrasts(lists: WordLists, terminology: Terminology) -> WordLists:
    """The lists with the contrasts of the glossaries; the same object each time."""
    sets = [Contrast(name, concepts) for name, concepts in terminology.contrasts.items()]
    return WordLists(lists.wording, (*lists.contrasts, *sets)) if sets else lists


def _read(folder: Traversable, base: WordLists) -> WordLists:
    wording = {(entry.language, entry.avoid): entry for entry in base.wording}
    contrasts = {entry.name: entry for entry in base.contrasts}
    for where, language, entry in _wording_entries(folder.joinpath(_WORDING)):
        read = _wording(where, language, entry)
        wording[read.language, read.avoid] = read
    for where, entry in _contrast_entries(folder.joinpath(_CONTRASTS)):
        contrast = _contrast(where, entry)
        contrasts[contrast.name] = contrast
    return WordLists(tuple(wording.values()), tuple(contrasts.values()))


def _wording_entries(file: Traversable) -> Iterator[tuple[str, Language, Any]]:
    for language, entries in _mapping(file).items():
        if not isinstance(entries, list) or language not in (Language.ZH_TW, Language.ZH_CN):
            raise _bad(f"{file}", "is not a list of entries for zh-TW and one for zh-CN")
        for number, entry in enumerate(entries, 1):
            yield f"{file}: {language} entry {number}", Language(language), entry


def _contrast_entries(file: Traversable) -> Iterator[tuple[str, tuple[str, Any]]]:
    for name, concepts in _mapping(file).items():
        yield f"{file}: {name}", (name, concepts)


def _mapping(file: Traversable) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        read = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _bad(f"{file}", f"cannot be read as YAML in UTF-8: {error}") from error
    if not isinstance(read, dict) or not all(isinstance(key, str) for key in read):
        raise _bad(f"{file}", "is not a mapping")
    return read


def _wording(where: str, language: Language, entry: Any) -> Wording:
    if not isinstance(entry, dict) or not {"avoid", "prefer"} <= entry.keys():
        raise _bad(where, "needs `avoid` and `prefer`")
    if unknown := entry.keys() - {"avoid", "prefer", "unless", "note"}:
        raise _bad(where, f"has unknown keys: {', '.join(map(str, unknown))}")
    texts = [entry["avoid"], entry["prefer"], entry.get("note", "")]
    if not all(isinstance(text, str) for text in texts) or not all(texts[:2]):
        raise _bad(where, "has an `avoid`, `prefer` or `note` that is not text")
    unless = _words(where, entry.get("unless", []))
    if astray := [word for word in unless if entry["avoid"] not in word]:
        raise _bad(where, f"{astray[0]!r} in `unless` does not hold {entry['avoid']!r}")
    return Wording(language, texts[0], texts[1], unless, texts[2])


def _contrast(where: str, entry: tuple[str, Any]) -> Contrast:
    name, concepts = entry
    if not isinstance(concepts, list) or len(concepts) < 2:
        raise _bad(where, "needs two concepts or more")
    read = []
    for concept in concepts:
        if not isinstance(concept, dict) or concept.keys() - set(Language):
            raise _bad(where, f"a concept has words for {', '.join(Language)}, nothing else")
        read.append({Language(code): _words(where, words) for code, words in concept.items()})
    return Contrast(name, tuple(read))


def _words(where: str, words: Any) -> tuple[str, ...]:
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise _bad(where, "has words that are not a list of texts")
    return tuple(words)


def _bad(where: str, why: str) -> FileError:
    return FileError(where, why, f"Correct the entry. {_FORMAT}")


PACKAGED = _read(files("eval.checks").joinpath("lists"), WordLists())
