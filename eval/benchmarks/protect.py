"""Protected spans: the parts of a text that no translation may change.

An engine may leave them alone by itself (``opencc`` is never shown them) or be told to (a prompt);
either way the ``protected`` check proves afterwards that they are unchanged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """What a protected span is."""

    SPECIAL_TOKEN = "special_token"
    CODE = "code"
    LATEX = "latex"
    CALCULATOR = "calculator"
    ANSWER_MARK = "answer_mark"
    URL = "url"
    EMAIL = "email"
    PLACEHOLDER = "placeholder"
    BLANK = "blank"
    OPTION_LABEL = "option_label"
    LITERAL = "literal"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points ``[start, end)`` of the text it was found in."""

    start: int
    end: int
    kind: SpanKind
    text: str

    @property
    def canonical(self) -> str:
        """What must stay equal.

        The width of a bracket, the length of a blank, spaces that do not show in mathematics and
        comments in a block of code do not matter.
        """
        match self.kind:
            case SpanKind.OPTION_LABEL:
                return unicodedata.normalize("NFKC", self.text)
            case SpanKind.BLANK:
                return "()" if self.text[0] in "(（[【" else "___"
            case SpanKind.LATEX:
                return _LATEX_SPACE.sub(lambda m: f"{m[1]} " if m[1] else "", self.text)
            case SpanKind.CODE if self.text.startswith("```"):
                return _COMMENT.sub("", self.text)
            case _:
                return self.text.strip()


# A space ends a command's name where a letter follows, and is not seen elsewhere.
_LATEX_SPACE = re.compile(r"(\\[A-Za-z]++)\s++(?=[A-Za-z])|\s++")
_COMMENT = re.compile(r"(?m)(?:(?<=\s)|^)(?:#|//)[ \t][^\n]*")


CJK = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
"""Han, kana and Hangul syllables, as the inside of a regex character class."""

_URL_CHARS = r"[A-Za-z0-9!#$%&*+,./:;=?@\[\]_~'-]"
_ATTRIBUTE = r"\s+[\w:-]+=(?:\"[^\"<>\n]*\"|'[^'<>\n]*'|[^\s<>\"'=]+)"

# Ordered: the first alternative that matches at a place wins. Each is linear in the text: what is
# opened is closed before it is opened again, repeats are possessive or bounded, and a word starts
# only where a letter does not stand before it. ASCII word borders are spelled out because Han and
# Hangul count as word characters, and in these languages a URL has no space beside it.
_PATTERNS: tuple[tuple[SpanKind, str], ...] = (
    (
        SpanKind.SPECIAL_TOKEN,
        r"<[|｜][^|｜<>\s]{1,40}[|｜]>|<(?:start|end)_of_[a-z]{1,20}>"
        r"|\[(?:MASK|SEP|CLS|PAD|UNK|INST)\]|\[/INST\]",
    ),
    (
        SpanKind.CODE,
        r"```(?:(?!```)[\s\S])*+```|`[^`\n]++`"
        # A doctest with the lines behind it that are no prose.
        r"|>>> (?:(?<![^\n]>>> )|(?<=\n {4}>>> ))[^\n]++"
        r"(?:\n[ \t]*+(?:\.\.\. |[0-9'\"(\[{<-]|[A-Za-z_][\w.]*+[ \t]*+(?=\n|\Z))[^\n]*+){0,20}+",
    ),
    (SpanKind.CALCULATOR, r"<<[^<>\n]{1,120}>>"),
    (SpanKind.ANSWER_MARK, r"(?<!#)####(?!#)|(?<![A-Za-z])ANSWER: \$LETTER"),
    (
        SpanKind.LATEX,
        r"\$\$(?:(?!\$\$)[\s\S])++\$\$"
        r"|\\\((?:\\\\|(?!\\[()])[\s\S])++\\\)"
        r"|\\\[(?:\\\\|(?!\\[\[\]])[\s\S])++\\\]"
        r"|\\begin\{(?P<env>[a-z]{1,20}\*?)\}(?:(?!\\begin\{(?P=env)\}|\\end\{(?P=env)\})[\s\S])"
        r"{0,4000}+\\end\{(?P=env)\}"
        # Pandoc's rule tells `$x$` from prices: no space inside the marks, no digit behind. Nor do
        # the signs of "5$-6$" or of "NT$" open or close anything.
        r"|(?<![\\$])\$(?=[^\s$，。、；：！？）])(?!(?<=\d\$)[^A-Za-z\\])(?:[^$\n\\]|\\[^\n]){1,400}+"
        r"(?<!\s)(?<!US)(?<!NT)(?<!HK)\$(?![\d$])"
        r"|\\[a-zA-Z]{2,}+\*?(?:\[[^\]\n]{0,40}\])?(?:\{(?:[^{}\n]|\{[^{}\n]{0,200}\}){0,200}\})*",
    ),
    (
        SpanKind.URL,
        rf"(?:(?:https?|ftp)://|(?<![A-Za-z0-9])www\.)"
        rf"(?:{_URL_CHARS}|\([A-Za-z0-9_,.%-]{{0,80}}\))+(?<![!*+,.:;?'\[\]])",
    ),
    (
        SpanKind.EMAIL,
        r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
        r"(?![A-Za-z0-9])",
    ),
    (
        SpanKind.PLACEHOLDER,
        r"\{\{?[A-Za-z_][A-Za-z0-9_.]*+\}?\}|\$\{[A-Za-z_][A-Za-z0-9_]*+\}|%\([a-z_]++\)[sdif]"
        r"|(?<![A-Za-z0-9%])%(?:\d{0,3}\.\d{1,3})?[sdif](?![A-Za-z0-9])"
        rf"|</?[a-zA-Z][a-zA-Z0-9-]*+(?:{_ATTRIBUTE}){{0,12}}\s?/?>"
        r"|<[A-Z][A-Z _-]{1,40}>|\[(?:ctx|title|header|step|substeps|blank|sep)\]",
    ),
    (
        SpanKind.BLANK,
        r"_{2,}+|＿{2,}+|[(（][\s　]*+[)）]|【[\s　]*+】|(?<![A-Za-z0-9_])_(?![A-Za-z0-9_])",
    ),
    (SpanKind.OPTION_LABEL, r"[(（][A-JＡ-Ｊ][)）]"),
)
_ANY = re.compile("|".join(f"(?P<{kind.value}>{pattern})" for kind, pattern in _PATTERNS))
# Every protected span holds one of these; most texts hold none, and need no search.
_HINT = re.compile(r"[<>\[`#$\\@{%_＿(（【]|://|www\.")
_PROSE_IN_MATH = re.compile(
    rf"\\(?:text(?:bf|it|rm|sf|normal)?|[mh]box)\{{(?P<prose>[^{{}}]*)\}}|(?P<cjk>[{CJK}][{CJK}\s，。、]*)"
)
# A letter; \w also holds signs such as ②, ½, ⅣⅤ and ₂, which no language writes differently.
_WORDS = re.compile(
    r"[^\W\d_\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u218f\u2460-\u249b"
    r"\u24ea-\u24ff\u2776-\u2793\u3220-\u3229\u3280-\u3289]"
)


def protected_spans(text: str, literals: Iterable[str] = ()) -> tuple[Span, ...]:
    r"""Find what must stay unchanged in ``text``, in order and without overlaps.

    ``literals`` are further strings to protect wherever they occur (an IFEval keyword, say).
    Prose inside mathematics (``\text{...}`` and Chinese or Korean words) is not protected.
    """
    found = _ANY.finditer(text) if _HINT.search(text) else ()
    spans = [span for match in found for span in _split_math(match)]
    wanted = {literal for literal in literals if literal.strip()}
    if wanted:
        taken = bytearray(len(text))
        for span in spans:
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
        for literal in sorted(wanted, key=lambda literal: (-len(literal), literal)):
            spans.extend(_literal_spans(text, literal, taken))
    return tuple(sorted(spans, key=lambda span: span.start))


def _split_math(match: re.Match[str]) -> Iterator[Span]:
    kind = SpanKind.LATEX if match.lastgroup in (None, "env") else SpanKind(match.lastgroup)
    if kind is not SpanKind.LATEX:
        yield Span(match.start(), match.end(), kind, match.group())
        return
    start = match.start()
    for prose in _PROSE_IN_MATH.finditer(match.string, match.start(), match.end()):
        group = "cjk" if prose.group("cjk") else "prose"
        if not _WORDS.search(prose.group(group)):
            continue
        yield from _trimmed(match.string, start, prose.start(group))
        start = prose.end(group)
    yield from _trimmed(match.string, start, match.end())


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        yield Span(start, end, SpanKind.LATEX, text[start:end])


def _literal_spans(text: str, literal: str, taken: bytearray) -> Iterator[Span]:
    """Places of ``literal`` as a word of its own that are not taken yet; they are taken then."""
    before = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", literal) else ""
    after = r"(?![A-Za-z0-9])" if re.search(r"[A-Za-z0-9]\Z", literal) else ""
    for match in re.finditer(before + re.escape(literal) + after, text):
        start, end = match.span()
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            yield Span(start, end, SpanKind.LITERAL, literal)


def without_protected(text: str, spans: Iterable[Span]) -> str:
    """``text`` with every protected span replaced by as many spaces: offsets stay valid."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = " " * (span.end - span.start)
    return "".join(chars)


def has_prose(text: str, literals: Iterable[str] = ()) -> bool:
    """Is there anything to translate: a letter outside every protected span?"""
    if not _WORDS.search(text):
        return False
    return _WORDS.search(without_protected(text, protected_spans(text, literals))) is not None
