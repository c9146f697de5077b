"""The prose in a Python program's docstrings; everything else in the program is kept.

Code models are tested on exactly this text: the signature, the doctests and their expected output
must stay, and so must the indentation, while the description is what a translation changes.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

_QUOTES = re.compile(r"^[rRuU]*(\"\"\"|'''|\"|')")
# Lines of a docstring that are code rather than a sentence.
_CODE_LINE = re.compile(
    r"^(?:>>>|\.\.\.(?:\s|$)|@\w|def \w+\(|class \w+[:(]|import \w+$|from \w+ import |assert \S+\()"
    r"|^return [\w.]+(?:\s*[\[(+*/<>=-].*)?$"
    r"|^(?:if (?=[^=<>\[(]*[=<>\[(])|for \w+ in ).*:$"
    r"|^[\w.]++\(.*\)\s*+(?:(?:==|=>|->|=|➞|#|returns?\b|should).*)?$"
)
# Lines that show data: ``Input: [1, 2]``, ``- "YES"``. They are kept unless they are sentences.
_DATA_LINE = re.compile(
    r"^[\w\s:]{0,30}[=:]\s*[\[({\d'\"-]"
    r"|^[\[({\d'\"-].*[\])}\d'\"]$"
)
_DATA = re.compile(r"\[[^\[\]]*\]|\((?=['\"\d])[^()]*\)|(?<==\s)(?:\"[^\"]*\"|'[^']*')")
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'|\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
_WORD = re.compile(r"[^\W\d_]{2,}|[\u4e00-\u9fff\uac00-\ud7af]")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_HAN_OR_HANGUL = re.compile(r"[\u4e00-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of a docstring: range of code points, and what every further line begins with.

    ``literals`` are the values that it shows, such as ``[1, 2]``.
    """

    start: int
    end: int
    indent: str
    literals: tuple[str, ...] = ()


def docstring_prose(code: str) -> list[Prose]:
    """Paragraphs of prose in the docstrings of ``code``, in order.

    Doctests with their output, example calls and other code-like lines are left out. A program
    that does not parse has none: without a parse nobody can say what is prose.
    """
    return [
        prose for start, end in _docstring_bodies(code) for prose in _paragraphs(code, start, end)
    ]


def code_skeleton(code: str) -> str | None:
    """The program without its docstrings, normalised; ``None`` where it does not parse."""
    try:
        tree = _parsed(code)
        for constant in _docstrings(tree):
            constant.value = ""
        return ast.dump(tree)
    except _UNPARSABLE:
        return None


_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError)


def _parsed(code: str) -> ast.AST:
    """The syntax tree; odd escapes in a string are no concern of a translator's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code)


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Strings that stand alone as a statement, wherever they stand in a body."""
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value


def _docstring_bodies(code: str) -> list[tuple[int, int]]:
    """Ranges of the text between the quotes of every docstring."""
    if _LONE_RETURN.search(code):
        return []  # Python's parser ends a line there and its tokenizer does not
    try:
        docstrings = {(node.lineno, node.col_offset) for node in _docstrings(_parsed(code))}
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except _UNPARSABLE:
        return []
    lines = list(io.StringIO(code))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    bodies = []
    for token in tokens:
        row, column = token.start
        if token.type != tokenize.STRING or row > len(lines):
            continue
        # ast counts columns in UTF-8 bytes, tokenize in characters.
        byte_column = len(lines[row - 1][:column].encode("utf-8", "surrogatepass"))
        opening = _QUOTES.match(token.string)
        if opening is None or (row, byte_column) not in docstrings:
            continue
        last_row, last_column = token.end
        start = starts[row - 1] + column + opening.end()
        bodies.append((start, starts[last_row - 1] + last_column - len(opening.group(1))))
    return bodies


def _paragraphs(code: str, start: int, end: int) -> Iterator[Prose]:
    """Runs of prose lines between blank lines and code-like lines."""
    run: list[tuple[int, int]] = []
    in_doctest = False
    position = start
    for line in [*io.StringIO(code[start:end]), ""]:
        text = line.strip()
        in_doctest = bool(text) and (in_doctest or text.startswith(">>>"))
        if text and not in_doctest and _is_prose(text):
            run.append((position, position + len(line)))
        elif run:
            yield _prose(code, run)
            run = []
        position += len(line)


def _is_prose(line: str) -> bool:
    if _CODE_LINE.match(line) or not _WORD.search(line):
        return False
    return not _DATA_LINE.match(line) or _is_sentence(line)


def _is_sentence(line: str) -> bool:
    """More than three words, or five Chinese or Korean characters, outside quotes and brackets."""
    bare = _QUOTED.sub(" ", line)
    return len(_WORD.findall(bare)) > 3 or len(_HAN_OR_HANGUL.findall(bare)) > 4


def _prose(code: str, run: list[tuple[int, int]]) -> Prose:
    """One paragraph: from its first letter to its last, with the indentation its lines share."""
    start, end = run[0][0], run[-1][1]
    indents = [re.match(r"[ \t]*", code[low:high]) for low, high in run[1:]]
    widths = [indent.group() for indent in indents if indent]
    indent = min(widths, key=len, default="")
    if not all(width.startswith(indent) for width in widths):
        indent = ""
    lines = [code[low:high].strip() for low, high in run]
    data = [found for line in lines if _DATA_LINE.match(line) for found in _DATA.findall(line)]
    text = code[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    return Prose(start, end, indent, tuple(dict.fromkeys(data)))
